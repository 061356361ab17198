//! What a section header is about. botocore and the AWS SDK for Rust disagree on odd spellings; a
//! collision must be seen in either reading.

use std::fmt;

use crate::format::shlex;

/// What a section is about, to an SDK.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// `[sso-session NAME]`: where profiles of IAM Identity Center log in.
    SsoSession(String),
    /// `[profile NAME]`, or `[default]`.
    Profile(String),
}

impl Subject {
    /// The NAME.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::SsoSession(name) | Self::Profile(name) => name,
        }
    }

    /// What stands between the brackets of its plain header.
    #[must_use]
    pub fn section_name(&self) -> String {
        match self {
            Self::Profile(name) if name == "default" => name.clone(),
            Self::Profile(name) => format!("profile {name}"),
            Self::SsoSession(name) => format!("sso-session {name}"),
        }
    }
}

impl Subject {
    /// Whether a section's name is the plain one for it. There may be a hundred thousand of each.
    #[must_use]
    pub fn is_section(&self, name: &str) -> bool {
        match self {
            Self::Profile(own) if own == "default" => name == "default",
            Self::Profile(own) => name.strip_prefix("profile ") == Some(own),
            Self::SsoSession(own) => name.strip_prefix("sso-session ") == Some(own),
        }
    }

    fn is(&self, kind: Kind, name: &str) -> bool {
        match (self, kind) {
            (Self::Profile(own), Kind::Profile) | (Self::SsoSession(own), Kind::SsoSession) => {
                own == name
            }
            _ => false,
        }
    }
}

/// The sorts of [`Subject`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    SsoSession,
    Profile,
}

impl Kind {
    fn named(self, name: String) -> Subject {
        match self {
            Self::SsoSession => Subject::SsoSession(name),
            Self::Profile => Subject::Profile(name),
        }
    }
}

/// As talk names it: `profile "prod"`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(name) => write!(f, "profile {name:?}"),
            Self::SsoSession(name) => write!(f, "sso-session {name:?}"),
        }
    }
}

/// What a header means, without repeats. `name` is botocore's cut of the header, `line` the whole
/// line.
pub(super) fn subjects(name: &str, line: &str) -> Vec<Subject> {
    let botocore = botocore(name);
    let rust_sdk = rust_sdk(line)
        .filter(|(kind, named)| !botocore.as_ref().is_some_and(|b| b.is(*kind, named)))
        .map(|(kind, named)| kind.named(named.to_owned()));
    botocore.into_iter().chain(rust_sdk).collect()
}

/// `build_profile_map` of `configloader.py`: the prefix test is `startswith`, so `[profiles x]` is
/// the profile `x` as well.
pub(super) fn botocore(name: &str) -> Option<Subject> {
    if name == "default" {
        return Some(Subject::Profile(name.to_owned()));
    }
    // Nearly every header: two words in which a shell finds nothing to do.
    if let Some(profile) = name.strip_prefix("profile ")
        && !profile.is_empty()
        && !profile.contains(shlex::ACTS)
    {
        return Some(Subject::Profile(profile.to_owned()));
    }
    let kind = if name.starts_with("profile") {
        Kind::Profile
    } else if name.starts_with("sso-session") {
        Kind::SsoSession
    } else {
        return None;
    };
    match shlex::split(name)?.as_mut_slice() {
        [_, named] => Some(kind.named(std::mem::take(named))),
        _ => None,
    }
}

/// `env_config/{parse,normalize}.rs` of aws-runtime: comments end a header line, blanks around the
/// name do not matter, quotes are not understood.
fn rust_sdk(line: &str) -> Option<(Kind, &str)> {
    const BLANK: &[char] = &[' ', '\t'];
    if !line.starts_with('[') {
        return None;
    }
    let header = line.split(['#', ';']).next()?.trim_matches(BLANK);
    let name = header
        .strip_prefix('[')?
        .strip_suffix(']')?
        .trim_matches(BLANK);
    if name == "default" {
        return Some((Kind::Profile, name));
    }
    let (prefix, named) = name.split_once(BLANK)?;
    let named = named.trim();
    let identifier = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    let kind = match prefix {
        "profile" => Kind::Profile,
        "sso-session" => Kind::SsoSession,
        _ => return None,
    };
    named.chars().all(identifier).then_some((kind, named))
}
