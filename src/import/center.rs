//! What an Identity Center offers, as roles of a `fedgit.toml` that is there: one for each permission set,
//! with the accounts that it is in. Everything else of the text stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Array, DocumentMut, Item, Key, Table, Value};

use crate::config::discovered::label;

/// Where a profile's name has the permission set's.
pub const PERMISSION_SET: &str = "{permission_set}";

/// A permission set in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The account's twelve digits.
    pub account: String,
    /// What its owner calls it.
    pub account_name: String,
    /// The permission set.
    pub permission_set: String,
}

/// Why the text cannot be added to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file is not TOML: {0}")]
pub struct NotToml(String);

/// The text with roles for all of these; `template` names their profiles.
///
/// # Errors
/// [`NotToml`].
pub fn add(text: &str, idp: &str, offered: &[Offered], template: &str) -> Result<String, NotToml> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|e: toml_edit::TomlError| NotToml(e.message().to_owned()))?;
    let mut accounts = Accounts::of(&document);
    let mut roles = names(&document, "role");
    let mut by_set: BTreeMap<&str, Vec<&Offered>> = BTreeMap::new();
    for one in offered {
        by_set.entry(&one.permission_set).or_default().push(one);
    }
    let mut parts: BTreeSet<String> = by_set.keys().map(|set| (*set).to_owned()).collect();
    let mut new = Vec::new();
    for (set, offered) in by_set {
        let mut named: Vec<String> = offered.iter().map(|one| accounts.name(one)).collect();
        named.sort();
        let mut table = Table::new();
        let mut put = |key: &str, value: Value| table.insert(key, Item::Value(value));
        put("idp", idp.into());
        put("permission_set", set.into());
        match named.as_slice() {
            [one] => put("account", one.as_str().into()),
            several => {
                let mut list: Array = several.iter().map(String::as_str).collect();
                // One a line, so that a list can be read and compared.
                for item in list.iter_mut() {
                    item.decor_mut().set_prefix("\n    ");
                }
                list.set_trailing("\n");
                list.set_trailing_comma(true);
                put("accounts", Value::Array(list))
            }
        };
        // A permission set may have an `=` or a comma, and a profile may not.
        let part = match set.contains(['=', ',']) {
            true => unique(&label(set), &mut parts),
            false => set.to_owned(),
        };
        put("profile", template.replace(PERMISSION_SET, &part).into());
        new.push((unique(&label(set), &mut roles), table));
    }
    for (name, id) in accounts.new {
        let mut table = Table::new();
        table.insert("id", Item::Value(id.into()));
        insert(&mut document, "account", &name, table);
    }
    for (name, table) in new {
        insert(&mut document, "role", &name, table);
    }
    Ok(document.to_string())
}

/// The accounts of a file, and the ones to be added.
struct Accounts {
    by_id: BTreeMap<String, String>,
    names: BTreeSet<String>,
    new: Vec<(String, String)>,
}

impl Accounts {
    fn of(document: &DocumentMut) -> Self {
        let tables = document.get("account").and_then(Item::as_table_like);
        let ids = tables.into_iter().flat_map(|tables| tables.iter());
        let id = |item: &Item| Some(item.get("id")?.as_str()?.to_owned());
        Self {
            by_id: ids
                .filter_map(|(name, item)| Some((id(item)?, name.to_owned())))
                .collect(),
            names: names(document, "account"),
            new: Vec::new(),
        }
    }

    fn name(&mut self, one: &Offered) -> String {
        if let Some(known) = self.by_id.get(&one.account) {
            return known.clone();
        }
        let mut wanted = label(&one.account_name);
        // Digits alone would read as another account's id.
        if wanted.bytes().all(|b| b.is_ascii_digit()) {
            wanted = format!("account-{}", one.account);
        }
        let name = unique(&wanted, &mut self.names);
        self.by_id.insert(one.account.clone(), name.clone());
        self.new.push((name.clone(), one.account.clone()));
        name
    }
}

fn names(document: &DocumentMut, table: &str) -> BTreeSet<String> {
    let tables = document.get(table).and_then(Item::as_table_like);
    let names = tables.into_iter().flat_map(|tables| tables.iter());
    names.map(|(name, _)| name.to_owned()).collect()
}

/// `name`, or `name-2` and so on.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}-{number}");
        number += 1;
    }
    candidate
}

fn insert(document: &mut DocumentMut, kind: &str, name: &str, mut table: Table) {
    table.decor_mut().set_prefix("\n");
    let group = document.entry(kind).or_insert_with(|| {
        let mut group = Table::new();
        group.set_implicit(true);
        Item::Table(group)
    });
    if let Some(group) = group.as_table_mut() {
        group.insert_formatted(&Key::new(name), Item::Table(table));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(account: &str, name: &str, set: &str) -> Offered {
        Offered {
            account: account.to_owned(),
            account_name: name.to_owned(),
            permission_set: set.to_owned(),
        }
    }

    #[test]
    fn what_is_there_stays_and_its_names_are_used() {
        let text = "# mine\n[idp.cloud]  # work\nkind = 'identity-center'\n\n[account.prod]\nid = \"111122223333\"\n\n[role.Admin]\nidp = \"cloud\"\n";
        let offered = [
            one("111122223333", "Production", "Admin"),
            one("444455556666", "Prod (2)", "Admin"),
            one("444455556666", "Prod (2)", "Read=Only"),
            one("777788889999", "777788889999", "Read=Only"),
            one("444455556666", "Prod (2)", "Data,Sci"),
            one("444455556666", "Prod (2)", "Data-Sci"),
        ];
        let after = add(text, "cloud", &offered, "{account}-{permission_set}").unwrap();
        for part in [
            "# mine\n[idp.cloud]  # work\n",
            "[account.Prod-2]\nid = \"444455556666\"\n",
            "[account.account-777788889999]\n",
            "[role.Admin-2]\nidp = \"cloud\"\npermission_set = \"Admin\"\naccounts = [\n    \"Prod-2\",\n    \"prod\",\n]\nprofile = \"{account}-Admin\"\n",
            "[role.Read-Only]\n",
            "profile = \"{account}-Read-Only\"\n",
            "permission_set = \"Data,Sci\"\naccount = \"Prod-2\"\nprofile = \"{account}-Data-Sci-2\"\n",
            "permission_set = \"Data-Sci\"\naccount = \"Prod-2\"\nprofile = \"{account}-Data-Sci\"\n",
        ] {
            assert!(after.contains(part), "{part} is not in: {after}");
        }
        assert!(add("[x", "cloud", &[], "").is_err());
        assert_eq!(add(text, "cloud", &[], "").unwrap(), text);
    }
}
