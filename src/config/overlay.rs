//! `FEDGIT_<TABLE>__<NAME>__<KEY>` variables as the layer above the files.
//!
//! Values stay text (figment's own provider turns an account id into a number), except that a list
//! may be written as a TOML array. A NAME is matched to a declared one whatever its case and
//! punctuation, since a shell variable can hold neither dashes nor lower case by custom.

use figment::value::{Dict, Value};

use super::diagnostic::variable_name;
use super::env::KEY_PREFIX;
use super::layer::{Layer, Origin};

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
            [table, name, keys @ ..] if !name.is_empty() && is_path(keys) => {
                let table = lower(table);
                let name = declared(below, &table, name).unwrap_or_else(|| lower(name));
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

/// The declared name that a variable's upper-case NAME stands for.
fn declared(below: &[Layer], table: &str, name: &str) -> Option<String> {
    below
        .iter()
        .filter_map(|layer| layer.values.get(table).and_then(Value::as_dict))
        .flat_map(Dict::keys)
        .find(|declared| {
            variable_name(std::slice::from_ref(declared)).strip_prefix(KEY_PREFIX) == Some(name)
        })
        .cloned()
}

fn insert(values: &mut Dict, path: &[String], text: &str) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        values.insert(first.clone(), value(text));
        return;
    }
    let inner = values
        .entry(first.clone())
        .or_insert_with(|| Value::from(Dict::new()));
    if let Value::Dict(_, inner) = inner {
        insert(inner, rest, text);
    }
}

fn value(text: &str) -> Value {
    if !text.trim_start().starts_with('[') {
        return Value::from(text);
    }
    let array = Layer::parse(Origin::Environment, format!("v = {text}"));
    array
        .ok()
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
}
