//! The JSON Schema of `fedgit.toml`, from the types that read it.

use std::collections::BTreeSet;

use schemars::Schema;
use schemars::transform::transform_subschemas;
use serde_json::Value;

use super::wire;

/// The schema as text, as it stands in `schemas/fedgit.schema.json`.
#[must_use]
pub fn text() -> String {
    let mut schema = schemars::schema_for!(wire::File);
    without_null(&mut schema);
    // Serializing a JSON value cannot fail.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The name of every key of the file, in whatever table.
#[must_use]
pub fn keys() -> BTreeSet<String> {
    let schema = schemars::schema_for!(wire::File);
    let mut keys = BTreeSet::new();
    collect(schema.as_value(), &mut keys);
    keys
}

fn collect(schema: &Value, keys: &mut BTreeSet<String>) {
    let Some(schema) = schema.as_object() else {
        return;
    };
    if let Some(Value::Object(properties)) = schema.get("properties") {
        keys.extend(properties.keys().cloned());
    }
    for inner in schema.values() {
        collect(inner, keys);
    }
}

/// A key that may be left out is an `Option` here and so "or null" to schemars; TOML has no null,
/// and an editor would offer it.
fn without_null(schema: &mut Schema) {
    transform_subschemas(&mut without_null, schema);
    let null = Value::from("null");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| *name != null);
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else {
        return;
    };
    choices.retain(|choice| choice.get("type") != Some(&null));
    if let [Value::Object(only)] = choices.as_slice() {
        let only = only.clone();
        schema.remove("anyOf");
        for (key, value) in only {
            schema.insert(key, value);
        }
    }
}
