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

fn examples() -> Vec<PathBuf> {
    let mut examples: Vec<PathBuf> = fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    examples.sort();
    assert!(!examples.is_empty());
    examples
}

/// A TOML file as the JSON that a schema judges.
fn json(path: &Path) -> serde_json::Value {
    let text = fs::read_to_string(path).unwrap();
    serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap()
}

#[test]
fn every_example_is_right_by_the_program_and_by_the_schema() {
    let home = Home::empty(Scenario::adfs());
    let text = fs::read_to_string(root().join("schemas/fedgit.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    for example in examples() {
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
    let text = fs::read_to_string(root().join("schemas/fedgit.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    for (name, bad) in [
        (
            "unknown-key",
            "[idp.a]\nkind = \"adfs\"\nurl = \"https://x\"\npassword = \"x\"\n",
        ),
        ("unknown-table", "[rolle.a]\n"),
        (
            "unknown-kind",
            "[idp.a]\nkind = \"adsf\"\nurl = \"https://x\"\n",
        ),
        ("wrong-type", "[defaults]\nregion = 1\n"),
        ("bad-region", "[defaults]\nregion = \"us-east\"\n"),
        ("bad-account", "[account.a]\nid = \"1234\"\n"),
        ("no-account", "[account.a]\n"),
        (
            "bad-arn",
            "[role.a]\nidp = \"b\"\narn = \"arn:aws:s3:::bucket\"\n",
        ),
        (
            "bad-duration",
            "[defaults]\nsession_duration = \"1 hour\"\n",
        ),
        ("short-duration", "[defaults]\nsession_duration = 60\n"),
    ] {
        let file = format!("{name}.toml");
        home.write(&file, bad);
        home.fedgit(&["--config", &file, "check"]).exits(2);
        assert!(
            !schema.is_valid(&json(&home.file(&file))),
            "{name} passes the schema"
        );
    }
}
