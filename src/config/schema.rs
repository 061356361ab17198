//! The JSON Schema of `fedgit.toml`, from the types that read it.

use super::wire;

/// The schema as text, as it stands in `schemas/fedgit.schema.json`.
#[must_use]
pub fn text() -> String {
    let schema = schemars::schema_for!(wire::File);
    // Serializing a JSON value cannot fail.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
