//! What an Identity Center was seen to offer, as it is kept beside the configuration: what
//! `accounts = "*"` is expanded from. `fedgit roles` writes it and nothing else does, so that a plan
//! shows what came and went, and asks no network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::AccountId;

/// 100,000 accounts with a few permission sets each.
pub const LARGEST: u64 = 64 << 20;

/// What each identity provider offers, by its name.
pub type Discovered = BTreeMap<String, Offer>;

/// What one offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The portal that it is of: a list of another one counts for nothing.
    pub start_url: String,
    /// In the order of their ids.
    #[serde(default)]
    pub account: Vec<Account>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The twelve digits.
    pub id: String,
    /// What its owner calls it.
    #[serde(default)]
    pub name: String,
    /// What is offered in it.
    pub permission_sets: BTreeSet<String>,
}

/// The file for an identity provider, beside `config`.
#[must_use]
pub fn file(config: &Path, idp: &str) -> PathBuf {
    let folder = config.parent().unwrap_or(Path::new(""));
    // Names may hold slashes and dots; the file's may not.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: String = idp
        .chars()
        .map(|c| match plain(c) {
            true => c.to_string(),
            false => format!("%{:02x}", u32::from(c)),
        })
        .collect();
    folder.join("discovered").join(format!("{name}.toml"))
}

/// Reads a file's text; nothing where it is none of ours.
#[must_use]
pub fn read(text: &str) -> Option<Offer> {
    toml::from_str(text).ok()
}

/// A file's text.
#[must_use]
pub fn write(idp: &str, offer: &Offer) -> String {
    // Text in tables: it always has a form in TOML.
    let body = toml::to_string(offer).unwrap_or_default();
    format!(
        "# What {idp} offered when fedgit last asked: fedgit roles {idp} asks again.\n\
         # accounts = \"*\" is expanded from it.\n{body}"
    )
}

impl Offer {
    /// The accounts with a permission set, each with a name that can stand in a profile's: what its
    /// owner calls it, or its digits where that is no name or not its alone.
    #[must_use]
    pub fn with(&self, permission_set: &str) -> Vec<(String, AccountId)> {
        let mut uses: BTreeMap<String, usize> = BTreeMap::new();
        for account in &self.account {
            *uses.entry(label(&account.name)).or_default() += 1;
        }
        let named = |account: &Account| {
            let id: AccountId = account.id.parse().ok()?;
            let label = label(&account.name);
            let is_name = !label.is_empty() && uses.get(&label) == Some(&1);
            let label = match is_name && label.parse::<AccountId>().is_err() {
                true => label,
                false => id.to_string(),
            };
            Some((label, id))
        };
        self.account
            .iter()
            .filter(|account| account.permission_sets.contains(permission_set))
            .filter_map(named)
            .collect()
    }
}

/// What a profile's name can hold of an account's.
#[must_use]
pub fn label(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    let words: Vec<&str> = name
        .split(|c: char| !plain(c))
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, name: &str, sets: &[&str]) -> Account {
        Account {
            id: id.to_owned(),
            name: name.to_owned(),
            permission_sets: sets.iter().map(|set| (*set).to_owned()).collect(),
        }
    }

    #[test]
    fn names_are_fit_for_profiles_and_each_ones_own() {
        let offer = Offer {
            start_url: "https://x/".to_owned(),
            account: vec![
                account("111122223333", "Prod (EU)", &["A"]),
                account("111122223334", "Twin one", &["A", "B"]),
                account("111122223335", "Twin/one", &["A"]),
                account("111122223336", "\u{1b}]0;", &["A"]),
                account("111122223337", "999988887777", &["A"]),
                account("1", "none", &["A"]),
            ],
        };
        let names = |set| {
            let found = offer.with(set).into_iter();
            found.map(|(name, _)| name).collect::<Vec<_>>()
        };
        let all = [
            "Prod-EU",
            "111122223334",
            "111122223335",
            "0",
            "111122223337",
        ];
        assert_eq!(names("A"), all);
        assert_eq!(names("B"), ["111122223334"]);
        assert!(names("C").is_empty());
        assert_eq!(read(&write("x", &offer)), Some(offer));
        assert_eq!(read("x"), None);
    }

    #[test]
    fn an_idps_name_leads_nowhere_else() {
        let at = |idp: &str| file(Path::new("/c/fedgit.toml"), idp);
        assert_eq!(at("cloud"), Path::new("/c/discovered/cloud.toml"));
        assert_eq!(at("../x"), Path::new("/c/discovered/%2e%2e%2fx.toml"));
    }
}
