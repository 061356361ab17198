//! `FEDGIT_<TABLE>__<NAME>__<KEY>` variables as the layer above the files.
//!
//! Values stay text (figment's own provider turns an account id into a number), except that a list
//! or a table may be written as TOML has it, and that the keys which want no text are read as TOML. A
//! NAME is matched to a declared one whatever its case and punctuation, since a shell variable can hold
//! neither dashes nor lower case by custom.

use figment::value::{Dict, Value};

use super::diagnostic::variable_name;
use super::env::KEY_PREFIX;
use super::layer::{Layer, Origin};

/// The keys that want neither text nor a list nor a table.
const BARE: [&str; 2] = ["browser_seconds", "sp_initiated"];

/// The layer that the environment makes over `below`, or `None` where it sets nothing.
#[must_use]
pub fn layer(variables: &[(String, String)], below: &[Layer]) -> Option<Layer> {
    let mut values = Dict::new();
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix(KEY_PREFIX) else {
            continue;
        };
        let parts: Vec<&str> = rest.split("__").collect();
        let lower = |part: &str| part.to_ascii_lowercase();
        match parts.as_slice() {
            // The tables without a NAME.
            [table @ ("DEFAULTS" | "SETTINGS"), keys @ ..] if is_path(keys) => {
                let path = [table].into_iter().chain(keys).map(|part| lower(part));
                insert(&mut values, &path.collect::<Vec<_>>(), value);
            }
            [table, rest @ ..] => {
                let table = lower(table);
                let Some((name, keys)) = named(below, &table, rest) else {
                    continue;
                };
                let keys = keys.iter().map(|part| lower(part));
                let path: Vec<String> = [table, name].into_iter().chain(keys).collect();
                insert(&mut values, &path, value);
            }
            // FEDGIT_CONFIG, FEDGIT_NO_INPUT and the like are no keys of the file.
            _ => {}
        }
    }
    if values.is_empty() {
        return None;
    }
    Some(Layer::of_values(Origin::Environment, String::new(), values))
}

/// A key, or one within tables: `AWS__S3__ADDRESSING_STYLE`.
fn is_path(keys: &[&str]) -> bool {
    !keys.is_empty() && keys.iter().all(|key| !key.is_empty())
}

/// The NAME that the rest of a variable begins with, and the path that follows it. A declared name may
/// hold the underscores that else part a name from a key; the longest one counts.
fn named<'a>(below: &[Layer], table: &str, rest: &'a [&'a str]) -> Option<(String, &'a [&'a str])> {
    let mut splits = (1..rest.len()).rev().map(|length| rest.split_at(length));
    let known = splits.find_map(|(name, keys)| {
        let declared = declared(below, table, &name.join("__"))?;
        is_path(keys).then_some((declared, keys))
    });
    let (name, keys) = rest.split_first()?;
    let new = !name.is_empty() && is_path(keys);
    known.or_else(|| new.then(|| (name.to_ascii_lowercase(), keys)))
}

/// The declared name that a variable's upper-case NAME stands for; the one that it spells rather than
/// one that it only resembles.
fn declared(below: &[Layer], table: &str, name: &str) -> Option<String> {
    let declared = || {
        below
            .iter()
            .filter_map(|layer| layer.values.get(table).and_then(Value::as_dict))
            .flat_map(Dict::keys)
    };
    let spelt = |declared: &&String| declared.eq_ignore_ascii_case(name);
    let stands = |declared: &&String| {
        variable_name(std::slice::from_ref(*declared)).strip_prefix(KEY_PREFIX) == Some(name)
    };
    declared()
        .find(spelt)
        .or_else(|| declared().find(stands))
        .cloned()
}

fn insert(values: &mut Dict, path: &[String], text: &str) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        values.insert(first.clone(), value(first, text));
        return;
    }
    let inner = values
        .entry(first.clone())
        .or_insert_with(|| Value::from(Dict::new()));
    if let Value::Dict(_, inner) = inner {
        insert(inner, rest, text);
    }
}

fn value(key: &str, text: &str) -> Value {
    if !text.trim_start().starts_with(['[', '{']) && !BARE.contains(&key) {
        return Value::from(text);
    }
    let read = Layer::parse(Origin::Environment, format!("v = {text}"));
    // What is not TOML either is a mistake of its type, told where all of them are.
    read.ok()
        .and_then(|layer| layer.values.get("v").cloned())
        .unwrap_or_else(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keys_and_lists() {
        let below = Layer::parse(Origin::Builtin, "[idp.my-corp]\nkind = 'adfs'".into()).unwrap();
        let set = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        let layer = layer(
            &[
                set("FEDGIT_CONFIG", "/x"),
                set("FEDGIT_DEFAULTS__REGION", "eu-west-1"),
                set("FEDGIT_SETTINGS__ASKPASS", "[\"/x/ask\"]"),
                set("FEDGIT_IDP__MY_CORP__USERNAME", "jane"),
                set("FEDGIT_ACCOUNT__PROD__ID", "012345678901"),
                set("FEDGIT_ROLE__A__REGIONS", "[\"x\", \"y\"]"),
            ],
            &[below],
        )
        .unwrap();
        let get = |path: &str| layer.values.get(path.split('.').next().unwrap()).cloned();
        assert_eq!(layer.values.len(), 5);
        let askpass = get("settings").unwrap();
        assert!(askpass.find_ref("askpass").unwrap().as_array().is_some());
        let idp = get("idp").unwrap();
        assert_eq!(
            idp.find_ref("my-corp.username").unwrap().as_str(),
            Some("jane")
        );
        let account = get("account").unwrap();
        assert_eq!(
            account.find_ref("prod.id").unwrap().as_str(),
            Some("012345678901")
        );
        let role = get("role").unwrap();
        assert_eq!(
            role.find_ref("a.regions")
                .unwrap()
                .as_array()
                .unwrap()
                .len(),
            2
        );
    }
    #[test]
    fn a_name_is_the_one_that_is_spelt_even_with_two_underscores() {
        let text = "[role.a-b]\n[role.a_b]\n[role.a__b]\n[role.c-d]";
        let below = [Layer::parse(Origin::Builtin, text.into()).unwrap()];
        for (rest, expected) in [
            ("A_B__REGION", Some(("a_b", 1))),
            ("A__B__REGION", Some(("a__b", 1))),
            ("A__B__AWS__S3__USE", Some(("a__b", 3))),
            ("C_D__REGION", Some(("c-d", 1))),
            ("NEW_ONE__REGION", Some(("new_one", 1))),
            ("NEW__AWS__OUTPUT", Some(("new", 2))),
            ("A_B", None),
            ("__REGION", None),
        ] {
            let parts: Vec<&str> = rest.split("__").collect();
            let found = named(&below, "role", &parts);
            let found = found
                .as_ref()
                .map(|(name, keys)| (name.as_str(), keys.len()));
            assert_eq!(found, expected, "{rest}");
        }
    }

    /// Every key of the schema can be set, whatever its type.
    #[test]
    fn keys_that_want_no_text_are_known() {
        let schema: serde_json::Value =
            serde_json::from_str(&crate::config::schema::text()).unwrap();
        let mut bare = Vec::new();
        for table in schema["$defs"].as_object().unwrap().values() {
            for (key, wants) in table["properties"].as_object().into_iter().flatten() {
                if ["boolean", "integer", "number"]
                    .iter()
                    .any(|t| wants["type"] == *t)
                {
                    bare.push(key.clone());
                }
            }
        }
        bare.sort();
        assert_eq!(bare, BARE);
    }
}
