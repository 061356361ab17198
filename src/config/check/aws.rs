//! `[role.NAME.aws]` and `[defaults.aws]`: further keys for the profiles of `~/.aws/config`.

use std::collections::BTreeMap;

use super::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::merge::is_secret;
use crate::config::wire;
use crate::model::{AwsKey, AwsText, AwsValue, MARKER, SESSION_MARKER};

/// The checked keys.
pub(super) type Settings = BTreeMap<AwsKey, AwsValue>;

impl Checker<'_> {
    /// The keys of a table, each checked; `table` is its path.
    pub(super) fn aws(&mut self, table: &[&str], wire: Option<&wire::AwsKeys>) -> Settings {
        let mut settings = Settings::new();
        for (key, value) in wire.into_iter().flat_map(|keys| &keys.0) {
            let path = [table, &[key.as_str()]].concat();
            if let Some(hint) = reserved(key) {
                self.report(
                    Code::ReservedKey,
                    &path,
                    Part::Key,
                    format!("{key} is not for [{}]", table.join(".")),
                    Some(hint.to_owned()),
                );
                if let (true, Some(told)) = (is_secret(key), self.diagnostics.last_mut()) {
                    told.secret = true;
                }
                continue;
            }
            let name: Option<AwsKey> = self.name(key, &path);
            let value = self.aws_value(value, &path);
            settings.extend(name.zip(value));
        }
        settings
    }

    fn aws_value(&mut self, wire: &wire::AwsValue, path: &[&str]) -> Option<AwsValue> {
        let keys = match wire {
            wire::AwsValue::Text(text) => {
                return self.parse::<AwsText>(text, path).map(AwsValue::Text);
            }
            wire::AwsValue::Nested(keys) => keys,
        };
        let mut nested = BTreeMap::new();
        for (key, value) in keys {
            let path = [path, &[key.as_str()]].concat();
            let name: Option<AwsKey> = self.name(key, &path);
            let value: Option<AwsText> = self.parse(&value.0, &path);
            nested.extend(name.zip(value));
        }
        // An empty block is a key without a value, which one SDK reads and the other refuses.
        (!nested.is_empty()).then_some(AwsValue::Nested(nested))
    }
}

/// A role's own keys over the default ones, nested blocks key by key.
pub(super) fn over(defaults: &Settings, own: Settings) -> Settings {
    let mut settings = defaults.clone();
    for (key, value) in own {
        match (settings.get_mut(&key), value) {
            (Some(AwsValue::Nested(below)), AwsValue::Nested(own)) => below.extend(own),
            (_, value) => drop(settings.insert(key, value)),
        }
    }
    settings
}

/// Why a key is fedgit's to write, and what to do instead.
fn reserved(key: &str) -> Option<&'static str> {
    if wire::SOURCES.contains(&key) || key.starts_with("sso_") {
        return Some("where credentials come from is what idp and source say; leave it out");
    }
    match key {
        "region" => Some("write it a level up: the role's own region, or [defaults] region"),
        MARKER | SESSION_MARKER => {
            Some("it is how fedgit knows its own profiles again; leave it out")
        }
        _ => None,
    }
}
