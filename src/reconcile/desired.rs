//! What a declaration wants in `~/.aws/config`. The checked constructor is the only way in, so a
//! name from a matrix or a value from a project's file can never break out of its line.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::owned;
use crate::model::ProfileName;

/// One profile as it shall stand in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    // Private: a struct literal would go around the checks of `new`.
    name: ProfileName,
    keys: Vec<(String, String)>,
    owner: Owner,
}

/// The declaration that a section comes from: the display form of a `fedgit.toml`'s path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Owner(String);

/// Why a key or value cannot be written so that every SDK reads it back as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profile {profile}: {key:?} {why}")]
pub struct BadWanted {
    /// The profile it was meant for.
    pub profile: ProfileName,
    /// The key.
    pub key: String,
    /// What is wrong with it or with its value.
    pub why: String,
}

impl Wanted {
    /// A profile with its keys in the order to write them.
    ///
    /// # Errors
    /// Where a key or value is outside the subset that botocore, the AWS CLI and the AWS SDK for
    /// Rust read alike, or a key stands twice.
    pub fn new(
        name: ProfileName,
        keys: Vec<(String, String)>,
        owner: Owner,
    ) -> Result<Self, BadWanted> {
        for (i, (key, value)) in keys.iter().enumerate() {
            let twice = keys[..i].iter().any(|(earlier, _)| earlier == key);
            let checked = check_key(key).and_then(|()| check_value(value));
            let why = match checked {
                Ok(()) if twice => "stands twice".to_owned(),
                Ok(()) => continue,
                Err(why) => why,
            };
            return Err(BadWanted {
                profile: name,
                key: key.clone(),
                why,
            });
        }
        Ok(Self { name, keys, owner })
    }

    /// The profile's name.
    #[must_use]
    pub fn name(&self) -> &ProfileName {
        &self.name
    }

    /// Its keys and values, fedgit's own marker apart.
    #[must_use]
    pub fn keys(&self) -> &[(String, String)] {
        &self.keys
    }

    /// The declaration it comes from.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// What stands between the brackets of its header.
    #[must_use]
    pub fn section_name(&self) -> String {
        match self.name.as_str() {
            "default" => "default".to_owned(),
            name => format!("profile {name}"),
        }
    }

    /// Whether a section's name is the one that fedgit writes for it.
    #[must_use]
    pub fn is_section(&self, name: &str) -> bool {
        match self.name.as_str() {
            "default" => name == "default",
            own => name.strip_prefix("profile ") == Some(own),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.keys
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| value.as_str())
    }
}

impl Owner {
    /// The owner of what the file at `path` declares.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        Self(path.display().to_string())
    }

    /// An owner that is no file, such as the environment; or one read back from a marker.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_key(key: &str) -> Result<(), String> {
    if key == owned::MARKER {
        return Err("is fedgit's own".to_owned());
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if key.is_empty() || !key.chars().all(plain) {
        return Err("is not a key of a-z 0-9 _ -".to_owned());
    }
    Ok(())
}

fn check_value(value: &str) -> Result<(), String> {
    let refuse = |what: &str| Err(format!("has a value {what}"));
    if value.is_empty() {
        return refuse("that is empty");
    }
    if let Some(c) = value
        .chars()
        .find(|c| c.is_control() || ('\u{2028}'..='\u{2029}').contains(c))
    {
        return refuse(&format!("with the control character {:?}", c));
    }
    if value.trim() != value {
        return refuse("with a blank at its start or end");
    }
    // No SDK takes it for a header here; simpler tools that edit this file do.
    if value.contains(']') {
        return refuse("with a ]");
    }
    // The AWS SDK for Rust cuts a value there, botocore does not.
    let mut after_blank = true;
    for c in value.chars() {
        if after_blank && (c == '#' || c == ';') {
            return refuse(&format!(
                "with a {c} after a blank, where some SDKs see a comment"
            ));
        }
        after_blank = c.is_whitespace();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(key: &str, value: &str) -> Result<Wanted, BadWanted> {
        let keys = vec![(key.to_owned(), value.to_owned())];
        Wanted::new("x".parse().unwrap(), keys, Owner::named("f"))
    }

    #[test]
    fn nothing_breaks_out_of_its_line() {
        assert!(wanted("region", "us-east-1").is_ok());
        assert!(wanted("credential_process", r#""/a b/fedgit" x --profile "J#;ö""#).is_ok());
        for value in [
            "",
            " a",
            "a ",
            "a\u{a0}",
            "a\nb",
            "a\r[profile evil]",
            "a\r\ncredential_process = evil",
            "a\u{b}b",
            "a\u{c}b",
            "a\u{1c}b",
            "a\u{85}b",
            "a\u{2028}b",
            "a\0b",
            "a\u{1b}[2Jb",
            "a]b",
            "a # b",
            "a\u{a0};b",
            "# a",
            ";",
        ] {
            assert!(wanted("region", value).is_err(), "{value:?}");
        }
        for key in [
            "",
            "Region",
            "a b",
            "a=b",
            "a:b",
            "[x",
            "#x",
            " x",
            "x\n",
            "é",
            owned::MARKER,
        ] {
            assert!(wanted(key, "v").is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_key_stands_once() {
        let keys = vec![
            ("a".to_owned(), "1".to_owned()),
            ("a".to_owned(), "1".to_owned()),
        ];
        assert!(Wanted::new("x".parse().unwrap(), keys, Owner::named("f")).is_err());
    }
}
