//! A plan for people and for scripts.
//!
//! People read a diff by profile. Scripts read, from `--json`, an object that is stable:
//!
//! ```json
//! {
//!   "add": [{
//!     "profile": "prod", "owner": "/home/jane/fedgit.toml",
//!     "keys": [{"key": "region", "before": null, "after": "us-east-1"}]
//!   }],
//!   "change": [], "remove": [], "adopt": [],
//!   "kept": 7,
//!   "warnings": [{"kind": "default_leaks", "line": 1, "keys": ["output"]}]
//! }
//! ```
//!
//! Each list is sorted by profile and always there; `keys` holds what differs, `null` is no such key.
//! Values of keys that hold secrets are never shown, not even those of a profile to be taken over.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::owned::MARKER;
use super::plan::{Action, Change, KeyChange, Plan};

const HIDDEN: &str = "(hidden)";

impl KeyChange {
    pub(super) fn new(key: &str, before: Option<&str>, after: Option<&str>) -> Self {
        let show = |value: &str| {
            let shown = is_harmless(key) || is_own_line(key, value);
            if shown { value } else { HIDDEN }.to_owned()
        };
        Self {
            key: key.to_owned(),
            before: before.map(show),
            after: after.map(show),
        }
    }
}

/// What a section that is taken over may hold is anybody's guess: command lines with passwords,
/// proxies with credentials. Only the values of keys that hold none are shown.
fn is_harmless(key: &str) -> bool {
    let known = [
        "region",
        "output",
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
        "sts_regional_endpoints",
        "cli_pager",
        MARKER,
    ];
    known.contains(&key)
}

/// fedgit's own line, which holds no secret.
fn is_own_line(key: &str, value: &str) -> bool {
    key == "credential_process" && value.contains(" credential-process --profile ")
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        let count = |action| self.count(action);
        let (add, change, remove) = (
            count(Action::Add),
            count(Action::Change),
            count(Action::Remove),
        );
        write!(f, "{add} to add, {change} to change, {remove} to remove, ")?;
        match count(Action::Adopt) {
            0 => {}
            adopt => write!(f, "{adopt} to take over, ")?,
        }
        write!(f, "{} kept", self.kept)
    }
}

/// The profile's header and its differing keys, a line each, every line with its newline.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, note) = match self.action {
            Action::Add => ('+', ""),
            Action::Change => ('~', ""),
            Action::Remove => ('-', ""),
            Action::Adopt => ('~', " (taken over)"),
        };
        let profile = Plain(&self.profile);
        match self.profile.as_str() {
            "default" => writeln!(f, "{sign} [default]{note}")?,
            _ => writeln!(f, "{sign} [profile {profile}]{note}")?,
        }
        self.keys
            .iter()
            .try_for_each(|change| writeln!(f, "{change}"))
    }
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

/// Text of the file on a terminal: what stands there must not move the cursor.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use std::fmt::Write as _;
        self.0.chars().try_for_each(|c| match c {
            c if c.is_control() => write!(f, "{}", c.escape_default()),
            c => f.write_char(c),
        })
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = |action| -> Vec<Item<'_>> {
            let matching = self.changes.iter().filter(|change| change.action == action);
            matching.map(Item::from).collect()
        };
        let mut plan = serializer.serialize_struct("Plan", 6)?;
        plan.serialize_field("add", &list(Action::Add))?;
        plan.serialize_field("change", &list(Action::Change))?;
        plan.serialize_field("remove", &list(Action::Remove))?;
        plan.serialize_field("adopt", &list(Action::Adopt))?;
        plan.serialize_field("kept", &self.kept)?;
        plan.serialize_field("warnings", &self.warnings)?;
        plan.end()
    }
}

#[derive(serde::Serialize)]
struct Item<'a> {
    profile: &'a str,
    owner: &'a str,
    keys: &'a [KeyChange],
}

impl<'a> From<&'a Change> for Item<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            profile: &change.profile,
            owner: change.owner.as_str(),
            keys: &change.keys,
        }
    }
}
