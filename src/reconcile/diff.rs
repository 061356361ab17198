//! What changes within a section, key by key, as it may be shown.

use std::fmt;

use super::desired::Wanted;
use super::owned::{is_marker, marker};
use crate::format::ini::{Entry, Section};
use crate::format::printable::Plain;
use crate::model::{AwsKey, AwsValue, HARMLESS, MARKER, SESSION_MARKER};

const HIDDEN: &str = "(hidden)";

/// One key before and after; a missing side is no such key. A key of a nested block is
/// `s3.addressing_style`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyChange {
    /// The key.
    pub key: String,
    /// What stands in the file; hidden where it may be a secret.
    pub before: Option<String>,
    /// What will stand there. It is from `fedgit.toml`, and no secret.
    pub after: Option<String>,
}

/// A section that stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing<'a> {
    pub(super) section: &'a Section,
    /// Whether it is as fedgit wrote it: then nothing in it is a secret.
    pub(super) ours: bool,
}

/// From the sections that stand in the file, the surviving one first, to what is wanted.
pub(super) fn diff(standing: &[Standing<'_>], wanted: Option<&Wanted>) -> Vec<KeyChange> {
    let mut after: Vec<(String, &str)> = Vec::new();
    for (key, value) in wanted.map(Wanted::keys).unwrap_or_default() {
        flatten(key, value, &mut after);
    }
    let is_own = |key: &str| match wanted {
        Some(wanted) => key == marker(wanted.subject()),
        None => is_marker(key),
    };
    let mut changes = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for Standing { section, ours } in standing {
        for (key, value) in section.entries.iter().flat_map(keys_of) {
            let wanted = after.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
            if wanted != Some(value) && !is_own(&key) {
                let shown = if *ours || is_harmless(&key) || is_own_line(&key, value) {
                    value
                } else {
                    HIDDEN
                };
                changes.push(KeyChange {
                    key: key.clone(),
                    before: Some(shown.to_owned()),
                    after: wanted.map(str::to_owned),
                });
            }
            before.push(key);
        }
    }
    let new = after.into_iter().filter(|(key, _)| !before.contains(key));
    changes.extend(new.map(|(key, value)| KeyChange {
        key,
        before: None,
        after: Some(value.to_owned()),
    }));
    changes
}

fn flatten<'a>(key: &AwsKey, value: &'a AwsValue, into: &mut Vec<(String, &'a str)>) {
    match value {
        AwsValue::Text(text) => into.push((key.to_string(), text.as_str())),
        AwsValue::Nested(keys) => {
            let inner = keys.iter();
            into.extend(inner.map(|(inner, text)| (format!("{key}.{inner}"), text.as_str())));
        }
    }
}

fn keys_of(entry: &Entry) -> Vec<(String, &str)> {
    match entry.nested() {
        Some(pairs) => pairs
            .into_iter()
            .map(|(key, value)| (format!("{}.{key}", entry.key), value))
            .collect(),
        None => vec![(entry.key.clone(), entry.value.as_str())],
    }
}

/// What a section that is not ours may hold is anybody's guess: command lines with passwords,
/// proxies with credentials. Only the values of keys that hold none are shown.
fn is_harmless(key: &str) -> bool {
    let known = [
        "region",
        "role_arn",
        "role_session_name",
        "source_profile",
        "credential_source",
        "duration_seconds",
        "sso_session",
        "sso_start_url",
        "sso_region",
        "sso_account_id",
        "sso_role_name",
        "sso_registration_scopes",
        "cli_pager",
        MARKER,
        SESSION_MARKER,
    ];
    known.contains(&key) || HARMLESS.contains(&key)
}

/// fedgit's own line, which holds no secret.
fn is_own_line(key: &str, value: &str) -> bool {
    key == "credential_process" && value.contains(" credential-process --profile ")
}

/// `- key = value` and `+ key = value`.
impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = Plain(&self.key);
        if let Some(before) = &self.before {
            write!(f, "-   {key} = {}", Plain(before))?;
            if self.after.is_some() {
                writeln!(f)?;
            }
        }
        match &self.after {
            Some(after) => write!(f, "+   {key} = {}", Plain(after)),
            None => Ok(()),
        }
    }
}
