//! Keys of a profile that are neither fedgit's business nor secret: they are passed on to the AWS
//! tools as they are.

use super::found::{Extra, Notes};
use super::{aws_adfs, facts};
use crate::config::merge;
use crate::format::ini::{Entry, Section};
use crate::format::printable::printable;
use crate::model::MARKER;

/// Keys that say where credentials come from, or that another key of `fedgit.toml` stands for.
const NOT_EXTRA: &[&str] = &[
    "region",
    "credential_process",
    "role_arn",
    "source_profile",
    "credential_source",
    "role_session_name",
    "duration_seconds",
    "external_id",
    "mfa_serial",
    "web_identity_token_file",
    "login_session",
    MARKER,
];

/// Beginnings of such keys; aws-adfs also keeps its own settings in the profile.
const NOT_EXTRA_PREFIXES: &[&str] = &[
    "sso_",
    "aws_access_key",
    "aws_secret",
    "aws_session_token",
    "aws_security_token",
    aws_adfs::PREFIX,
];

/// What the names of keys with secrets hold, as other tools call them.
const SECRET: &[&str] = &[
    "pwd", "apikey", "auth", "cookie", "sig", "private", "bearer",
];

/// The same as they stand in values: `https://host/?token=…`, `Bearer …`.
const SECRET_VALUES: &[&str] = &["password", "secret", "token=", "token ", "sig=", "bearer "];

/// The keys that fedgit only passes on.
pub(super) fn of(section: &Section, notes: &mut Notes) -> Vec<(String, Extra)> {
    let mut extras = Vec::new();
    for entry in &section.entries {
        let key = entry.key.as_str();
        let told = NOT_EXTRA_PREFIXES
            .iter()
            .any(|prefix| key.starts_with(prefix));
        if told || NOT_EXTRA.contains(&key) {
            continue;
        }
        let Some(extra) = extra(entry) else {
            notes.part(shown(key), "it is empty, or goes on over several lines");
            continue;
        };
        let below = match &extra {
            Extra::Table(pairs) => pairs.iter().any(|(key, _)| is_secret(key)),
            Extra::Value(_) => false,
        };
        if is_secret(key) || below || holds_secret(&entry.value) {
            notes.part(shown(key), "fedgit.toml holds no secret");
        } else {
            extras.push((entry.key.clone(), extra));
        }
    }
    extras
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    merge::is_secret(&key) || SECRET.iter().any(|part| key.contains(part))
}

fn holds_secret(value: &str) -> bool {
    // `user:password@host`, as a proxy is written.
    let pair = value
        .split_once('@')
        .is_some_and(|(before, _)| before.contains(':'));
    let lower = value.to_ascii_lowercase();
    pair || facts::holds_secret(value) || SECRET_VALUES.iter().any(|part| lower.contains(part))
}

/// A value, or the lines below an empty one. A value that goes on over several lines is read in as
/// many ways as there are SDKs, and
/// is none.
fn extra(entry: &Entry) -> Option<Extra> {
    let Some(lines) = entry.value.strip_prefix('\n') else {
        let plain = !entry.value.is_empty() && !entry.value.contains('\n');
        return plain.then(|| Extra::Value(entry.value.clone()));
    };
    let pairs = lines.lines().filter_map(|line| line.split_once('='));
    let trimmed = |(key, value): (&str, &str)| (key.trim().to_owned(), value.trim().to_owned());
    Some(Extra::Table(pairs.map(trimmed).collect()))
}

/// How a key is told, which may be anything.
pub(super) fn shown(key: &str) -> String {
    printable(key, 60)
}
