//! What is declared, as the text of a `fedgit.toml`: with a comment above each table that says
//! where it came from.

use toml_edit::{DocumentMut, InlineTable, Item, Key, Table, Value};

use super::found::{Extra, From, Idp, Kind, Place, Repo};
use super::merge::{Declared, DeclaredRole};
use crate::format::printable::printable;
use crate::model::{AccountId, SessionDuration, Target};

const TOP: &str = "\
#:schema fedgit.schema.json
#
# Written by `fedgit import` from what other tools had; above each table stands where it came from.
# It is yours now: change names and put in what is missing. For an editor that completes and checks
# it: fedgit schema > fedgit.schema.json, beside this file.
";

/// The text.
#[must_use]
pub fn write(declared: &Declared) -> String {
    let mut document = DocumentMut::new();
    for (name, idp) in &declared.idps {
        let comment = from(&idp.at, idp.tool);
        put(&mut document, "idp", name, of_idp(idp), &comment);
    }
    for (name, account) in &declared.accounts {
        put(&mut document, "account", name, of_account(account), "");
    }
    for role in &declared.roles {
        let comment = from(&role.role.at, role.role.tool);
        let table = of_role(role, &declared.accounts);
        put(&mut document, "role", &role.name, table, &comment);
    }
    for (alias, role, repo) in &declared.repos {
        let comment = from(&repo.at, "a clone");
        put(
            &mut document,
            "repo",
            alias,
            of_repo(repo, alias, role),
            &comment,
        );
    }
    format!("{TOP}{document}")
}

/// A comment cannot leave its line, whatever a file is called.
fn from(at: &Place, tool: &str) -> String {
    format!("# from {}: {tool}\n", printable(&at.to_string(), 500))
}

fn put(document: &mut DocumentMut, kind: &str, name: &str, mut table: Table, comment: &str) {
    table.decor_mut().set_prefix(format!("\n{comment}"));
    let group = document.entry(kind).or_insert_with(|| {
        let mut group = Table::new();
        group.set_implicit(true);
        Item::Table(group)
    });
    if let Some(group) = group.as_table_mut() {
        group.insert_formatted(&Key::new(name), Item::Table(table));
    }
}

fn set(table: &mut Table, key: &str, value: impl Into<Value>) {
    table.insert(key, Item::Value(value.into()));
}

fn of_idp(idp: &Idp) -> Table {
    let mut table = Table::new();
    set(&mut table, "kind", idp.kind.as_str());
    match &idp.kind {
        Kind::IdentityCenter { start_url, region } => {
            set(&mut table, "start_url", start_url.as_str());
            set(&mut table, "region", region.as_str());
            // As they are now: the SDKs' own login goes on to work.
            set(&mut table, "profiles", "native");
        }
        Kind::Adfs(url) | Kind::Okta(url) | Kind::Saml(url) | Kind::Browser(url) => {
            set(&mut table, "url", url.as_str());
        }
    }
    if let Some(username) = &idp.username {
        set(&mut table, "username", username.as_str());
    }
    if let Some(ca_bundle) = &idp.ca_bundle {
        set(&mut table, "ca_bundle", ca_bundle.as_str());
    }
    table
}

fn of_account(account: &AccountId) -> Table {
    let mut table = Table::new();
    set(&mut table, "id", account.as_str());
    table
}

fn of_role(declared: &DeclaredRole, accounts: &[(String, AccountId)]) -> Table {
    let role = &declared.role;
    let mut table = Table::new();
    let from = match role.from {
        From::Idp(_) => "idp",
        From::Profile(_) => "source",
    };
    set(&mut table, from, declared.from.as_str());
    match &role.target {
        Target::Role(arn) => set(&mut table, "arn", arn.as_str()),
        Target::PermissionSet { account, name } => {
            let named = accounts.iter().find(|(_, known)| known == account);
            let account = named.map_or(account.as_str(), |(name, _)| name);
            set(&mut table, "account", account);
            set(&mut table, "permission_set", name.as_str());
        }
    }
    set(&mut table, "profile", role.profile.as_str());
    if let Some(region) = &role.region {
        set(&mut table, "region", region.as_str());
    }
    if let Some(duration) = role.duration.filter(|d| *d != SessionDuration::DEFAULT) {
        set(&mut table, "session_duration", hours(duration));
    }
    for (key, value) in [
        ("external_id", &role.external_id),
        ("session_name", &role.session_name),
    ] {
        if let Some(value) = value {
            set(&mut table, key, value.as_str());
        }
    }
    if !role.extras.is_empty() {
        table.insert("aws", Item::Table(of_extras(&role.extras)));
    }
    table
}

/// `[role.NAME.aws]`, and a table of its own below it for lines below a key.
fn of_extras(extras: &[(String, Extra)]) -> Table {
    let mut table = Table::new();
    // Without keys of its own it needs no header.
    table.set_implicit(true);
    // TOML wants a table's own keys before its tables.
    for (key, extra) in extras {
        if let Extra::Value(value) = extra {
            set(&mut table, key, plain(value));
        }
    }
    for (key, extra) in extras {
        if let Extra::Table(pairs) = extra {
            let inner: InlineTable = pairs.iter().map(|(k, v)| (k.as_str(), plain(v))).collect();
            table.insert(key, Item::Table(inner.into_table()));
        }
    }
    table
}

/// A number or a switch where the text comes back as it is, else text.
fn plain(text: &str) -> Value {
    match (text, text.parse::<i64>()) {
        ("true", _) => true.into(),
        ("false", _) => false.into(),
        (_, Ok(number)) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}

fn of_repo(repo: &Repo, alias: &str, role: &str) -> Table {
    let mut table = Table::new();
    set(&mut table, "role", role);
    if repo.name.as_str() != alias {
        set(&mut table, "name", repo.name.as_str());
    }
    if let Some(region) = &repo.region {
        set(&mut table, "region", region.as_str());
    }
    if let Some(endpoint) = &repo.endpoint {
        set(&mut table, "endpoint", endpoint.as_str());
    }
    table
}

/// `8h`, `90m`, `5401s`.
fn hours(duration: SessionDuration) -> String {
    match duration.seconds() {
        seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

#[cfg(test)]
#[path = "write/tests.rs"]
mod tests;
