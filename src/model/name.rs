//! Names that people choose: parsed or refused, never cleaned up in silence.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

/// Why a text is not a name of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}: {why}")]
pub struct BadName {
    /// What was wanted, with its article: "a profile name".
    pub what: &'static str,
    /// The refused text.
    pub text: String,
    /// What is wrong with it and what would be right.
    pub why: String,
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadName;

            fn from_str(text: &str) -> Result<Self, BadName> {
                match $check(text) {
                    Ok(()) => Ok(Self(text.to_owned())),
                    Err(why) => Err(BadName { what: $what, text: text.to_owned(), why }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name_type!(
    /// A profile of `~/.aws/config`, in the alphabet that every AWS SDK reads: the Rust SDK drops
    /// a section with any other character, botocore splits it like a shell would.
    ProfileName,
    "a profile name",
    every_sdk_reads
);
name_type!(
    /// An identity provider: the NAME of `[idp.NAME]`.
    IdpName,
    "an identity provider name",
    every_sdk_reads
);
name_type!(
    /// A declared role: the NAME of `[role.NAME]`.
    RoleName,
    "a role name",
    every_sdk_reads
);
name_type!(
    /// The alias of a repository: the NAME of `[repo.NAME]`.
    RepoAlias,
    "a repository alias",
    every_sdk_reads
);
name_type!(
    /// A CodeCommit repository, as its API defines the name: 1 to 100 of `A-Z a-z 0-9 . _ -`.
    RepoName,
    "a CodeCommit repository name",
    codecommit_takes
);

name_type!(
    /// Repository names by a pattern: `*` stands for any characters, `?` for one.
    RepoPattern,
    "a pattern of CodeCommit repository names",
    pattern_of_names
);

impl RepoPattern {
    /// Whether a name fits.
    #[must_use]
    pub fn fits(&self, name: &RepoName) -> bool {
        fits(self.0.as_bytes(), name.as_str().as_bytes())
    }
}

/// Goes back to the last asterisk only: linear in practice, and never exponential.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut here, mut again) = (0, 0, None);
    while let Some(byte) = name.get(here) {
        match pattern.get(at) {
            Some(b'*') => {
                again = Some((at + 1, here));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted == byte => {
                at += 1;
                here += 1;
            }
            _ => {
                let Some((after, from)) = again else {
                    return false;
                };
                again = Some((after, from + 1));
                (at, here) = (after, from + 1);
            }
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == b'*')
}

fn pattern_of_names(text: &str) -> Result<(), String> {
    if text.is_empty() || text.len() > 100 {
        return Err("a pattern has 1 to 100 characters".to_owned());
    }
    match text
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "._-*?".contains(*c)))
    {
        Some(bad) => Err(format!("{bad:?} is outside A-Z a-z 0-9 . _ - * ?")),
        None => Ok(()),
    }
}

fn every_sdk_reads(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.starts_with('-') {
        return Err("it starts with a dash, so commands would take it for an option".to_owned());
    }
    match text
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "_-/.%@:+".contains(*c)))
    {
        Some(bad) => Err(format!(
            "{bad:?} is outside A-Z a-z 0-9 _ - / . % @ : +, the characters that every AWS SDK reads"
        )),
        None => Ok(()),
    }
}

/// CodeCommit API reference, type RepositoryName: `[\w\.-]+`, 1 to 100 characters. A name that ends
/// in `.git` is refused by the service too, and `.` or `..` would climb in the URL path.
fn codecommit_takes(text: &str) -> Result<(), String> {
    if text.is_empty() || text.len() > 100 {
        return Err("a repository name has 1 to 100 characters".to_owned());
    }
    if text == "." || text == ".." {
        return Err("it would climb in the URL's path".to_owned());
    }
    if text.starts_with('-') {
        return Err("it starts with a dash, so git would take it for an option".to_owned());
    }
    // A clone in a folder `.git` would make the one above it a repository, with settings that name
    // programs, by whoever wrote what is in it. Some file systems take `.GIT` for the same.
    let end = text.len().checked_sub(4).and_then(|at| text.get(at..));
    if end.is_some_and(|end| end.eq_ignore_ascii_case(".git")) {
        return Err("it ends in .git, which CodeCommit does not take".to_owned());
    }
    match text
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c)))
    {
        Some(bad) => Err(format!("{bad:?} is outside A-Z a-z 0-9 . _ -")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, does) in [
            ("*", "a", true),
            ("team-*", "team-a.b", true),
            ("team-*", "a-team-b", false),
            ("*-api", "team-api", true),
            ("*-api", "team-api-2", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXcYb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("a**", "a", true),
        ] {
            let pattern: RepoPattern = pattern.parse().unwrap();
            assert_eq!(
                pattern.fits(&name.parse().unwrap()),
                does,
                "{pattern} {name}"
            );
        }
        for bad in ["", "a/b", "a b", "[ab]", "a\n"] {
            assert!(bad.parse::<RepoPattern>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn profile_names_keep_to_the_alphabet_of_every_sdk() {
        for good in ["adfs", "prod-auditor-us-east-1", "a@b:c+d%e/f.g_h", "0"] {
            assert_eq!(good.parse::<ProfileName>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "two words",
            "a]b",
            "a\nb",
            "münchen",
            "a#b",
            "\"a\"",
            "-p",
        ] {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn repository_names_are_what_codecommit_takes() {
        for good in ["MyDemoRepo", "a.b_c-D", "1.2.3.4", &"x".repeat(100)] {
            assert!(good.parse::<RepoName>().is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "..",
            "a/b",
            "-x",
            "a b",
            "a%20b",
            "a\0",
            ".git",
            ".GIT",
            "a.git",
            "..git",
            &"x".repeat(101),
        ] {
            assert!(bad.parse::<RepoName>().is_err(), "{bad:?}");
        }
    }
}
