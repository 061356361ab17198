//! What is generated from the types is what stands in the tree; every example is right.

use std::path::{Path, PathBuf};
use std::{env, fs};

use fedgit_testbed::Scenario;

use crate::world::Home;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares, or writes with `FEDGIT_REGEN=1`.
fn current(file: &str, text: &str) {
    let path = root().join(file);
    if env::var_os("FEDGIT_REGEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{file} is not current; run: FEDGIT_REGEN=1 cargo test generated"
    );
}

#[test]
fn schema_and_completions_are_current() {
    let home = Home::empty(Scenario::adfs());
    current(
        "schemas/fedgit.schema.json",
        &home.fedgit(&["schema"]).exits(0).out,
    );
    for (shell, file) in [
        ("bash", "fedgit.bash"),
        ("zsh", "_fedgit"),
        ("fish", "fedgit.fish"),
        ("powershell", "_fedgit.ps1"),
        ("elvish", "fedgit.elv"),
    ] {
        let script = home.fedgit(&["completions", shell]).exits(0).out;
        current(&format!("completions/{file}"), &script);
    }
}

/// The TOML files of a folder.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// What is right: the examples, and samples of what is unusual.
pub(crate) fn good() -> Vec<PathBuf> {
    [files("examples"), files("tests/cases/schema/good")].concat()
}

/// What the schema can see to be wrong.
pub(crate) fn bad() -> Vec<PathBuf> {
    files("tests/cases/schema/bad")
}

fn schema() -> serde_json::Value {
    let text = fs::read_to_string(root().join("schemas/fedgit.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A TOML file as the JSON that a schema judges.
fn json(path: &Path) -> serde_json::Value {
    let text = fs::read_to_string(path).unwrap();
    serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap()
}

#[test]
fn every_example_is_right_by_the_program_and_by_the_schema() {
    let home = Home::empty(Scenario::adfs());
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for example in good() {
        home.fedgit(&["--config", example.to_str().unwrap(), "check"])
            .exits(0);
        let mistakes: Vec<String> = schema
            .iter_errors(&json(&example))
            .map(|e| e.to_string())
            .collect();
        assert!(mistakes.is_empty(), "{}: {mistakes:?}", example.display());
    }
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let home = Home::empty(Scenario::adfs());
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for sample in bad() {
        home.fedgit(&["--config", sample.to_str().unwrap(), "check"])
            .exits(2);
        let passes = schema.is_valid(&json(&sample));
        assert!(!passes, "{} passes the schema", sample.display());
    }
}

/// Calls `see` with every object of a JSON value.
fn walk(
    value: &serde_json::Value,
    see: &mut dyn FnMut(&serde_json::Map<String, serde_json::Value>),
) {
    match value {
        serde_json::Value::Object(object) => {
            see(object);
            object.values().for_each(|inner| walk(inner, see));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|inner| walk(inner, see)),
        _ => {}
    }
}

#[test]
fn an_editor_finds_in_the_schema_what_it_shows() {
    let schema = schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let mut patterns = Vec::new();
    walk(&schema, &mut |object| {
        let properties = object.get("properties").and_then(|p| p.as_object());
        for (key, property) in properties.into_iter().flatten() {
            assert!(
                property.get("description").is_some(),
                "{key} has no description"
            );
        }
        // TOML has no null.
        let text = serde_json::to_string(object).unwrap();
        assert!(!text.contains("\"null\""), "{text}");
        let pattern = object.get("pattern").and_then(|p| p.as_str());
        patterns.extend(pattern.map(str::to_owned));
    });
    let duration = &schema["$defs"]["Defaults"]["properties"]["session_duration"];
    assert_eq!(duration["default"], "1h");
    let kinds = schema["$defs"]["IdpKind"]["oneOf"].as_array().unwrap();
    assert!(kinds.iter().all(|kind| kind.get("description").is_some()));
    assert!(patterns.len() > 10, "{patterns:?}");
    // ECMA 262 and Python mean other things by classes like \w and by most groups with a question
    // mark, and neither knows all of the other's escapes.
    for pattern in patterns {
        let plain = pattern.replace(r"\[", "").replace(r"\]", "");
        assert!(
            pattern.starts_with('^') && !plain.contains('\\') && !plain.contains("(?"),
            "{pattern}"
        );
    }
}
