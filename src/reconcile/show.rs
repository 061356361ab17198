//! A plan for people and for scripts.
//!
//! People read a diff by section. Scripts read, from `--json`, an object that is stable:
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
//! Each list is always there, and sorted: sections of IAM Identity Center, which have a `sso_session`
//! instead of a `profile`, then profiles. `keys` holds what differs, `null` is no such key.
//! Values of keys that hold secrets are never shown, not even those of a profile to be taken over.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::change::{Action, Change};
use super::diff::KeyChange;
use super::plan::Plan;
use crate::format::ini::Subject;
use crate::format::printable::Plain;

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

/// The section's header and its differing keys, a line each, every line with its newline.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, note) = match self.action {
            Action::Add => ('+', ""),
            Action::Change => ('~', ""),
            Action::Remove => ('-', ""),
            Action::Adopt => ('~', " (taken over)"),
        };
        let section = self.subject.section_name();
        writeln!(f, "{sign} [{}]{note}", Plain(&section))?;
        self.keys
            .iter()
            .try_for_each(|change| writeln!(f, "{change}"))
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
    #[serde(flatten)]
    subject: &'a Subject,
    owner: &'a str,
    keys: &'a [KeyChange],
}

impl<'a> From<&'a Change> for Item<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            subject: &change.subject,
            owner: change.owner.as_str(),
            keys: &change.keys,
        }
    }
}
