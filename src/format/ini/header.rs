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
    let mut subjects: Vec<Subject> = botocore(name).into_iter().collect();
    subjects.extend(rust_sdk(line).filter(|other| !subjects.contains(other)));
    subjects
}

/// `build_profile_map` of `configloader.py`: the prefix test is `startswith`, so `[profiles x]` is
/// the profile `x` as well.
pub(super) fn botocore(name: &str) -> Option<Subject> {
    if name == "default" {
        return Some(Subject::Profile(name.to_owned()));
    }
    let subject: fn(String) -> Subject = if name.starts_with("profile") {
        Subject::Profile
    } else if name.starts_with("sso-session") {
        Subject::SsoSession
    } else {
        return None;
    };
    match shlex::split(name)?.as_mut_slice() {
        [_, named] => Some(subject(std::mem::take(named))),
        _ => None,
    }
}

/// `env_config/{parse,normalize}.rs` of aws-runtime: comments end a header line, blanks around the
/// name do not matter, quotes are not understood.
fn rust_sdk(line: &str) -> Option<Subject> {
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
        return Some(Subject::Profile(name.to_owned()));
    }
    let (prefix, named) = name.split_once(BLANK)?;
    let named = named.trim();
    let identifier = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    if !named.chars().all(identifier) {
        return None;
    }
    match prefix {
        "profile" => Some(Subject::Profile(named.to_owned())),
        "sso-session" => Some(Subject::SsoSession(named.to_owned())),
        _ => None,
    }
}
