//! The JSON Schema in other hands: Python's jsonschema, and taplo, which editors use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fedgit_testbed::Scenario;

use super::Peers;
use crate::generated::{bad, good};
use crate::world::{Home, Said};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
#[ignore = "needs jsonschema and taplo: .ci/run installs them and runs these"]
fn python_judges_the_samples_as_the_program_does() {
    let peers = Peers::find();
    let home = Home::empty(Scenario::adfs());
    let mut python = peers.command(&home, "python");
    python
        .arg(root().join("tests/it/interop/schema.py"))
        .arg(root().join("schemas/fedgit.schema.json"))
        .args(good())
        .args(bad());
    let said = home.run(&mut python).exits(0);
    let told: BTreeMap<PathBuf, Vec<String>> = serde_json::from_str(&said.out).unwrap();
    for file in good() {
        assert_eq!(told[&file], [""; 0], "{}", file.display());
    }
    for file in bad() {
        assert!(!told[&file].is_empty(), "{} passes", file.display());
    }
}

/// `taplo lint`, by a schema or by the one that the file's first line names.
fn taplo(peers: &Peers, home: &Home, schema: Option<&Path>, file: &Path) -> Said {
    let mut taplo = peers.command(home, "taplo");
    taplo.args(["lint", "--colors", "never", "--no-auto-config"]);
    if let Some(schema) = schema {
        taplo.args(["--schema", &format!("file://{}", schema.display())]);
    }
    home.run(taplo.arg(file))
}

#[test]
#[ignore = "needs jsonschema and taplo: .ci/run installs them and runs these"]
fn taplo_judges_the_samples_as_the_program_does() {
    let peers = Peers::find();
    let home = Home::empty(Scenario::adfs());
    let schema = root().join("schemas/fedgit.schema.json");
    for file in good() {
        taplo(&peers, &home, Some(&schema), &file).exits(0);
    }
    for file in bad() {
        // Refused by the schema, and not for another reason.
        let said = taplo(&peers, &home, Some(&schema), &file);
        assert_ne!(said.code, 0, "{} passes", file.display());
        said.tells(&["error: "]);
        taplo(&peers, &home, None, &file).exits(0);
    }
}

#[test]
#[ignore = "needs jsonschema and taplo: .ci/run installs them and runs these"]
fn an_editor_finds_the_schema_by_the_first_line() {
    let peers = Peers::find();
    let home = Home::empty(Scenario::adfs());
    let arn = "arn:aws:iam::111122223333:role/ADFS-Production";
    let flags = ["--url", "adfs.example.com", "--role-arn", arn];
    home.fedgit(&[&["init", "--output", "fedgit.toml"][..], &flags].concat())
        .exits(0);
    let schema = home.fedgit(&["schema"]).exits(0).out;
    home.write("fedgit.schema.json", schema);
    taplo(&peers, &home, None, &home.file("fedgit.toml")).exits(0);
    let wrong = home.read("fedgit.toml").replace("arn = ", "arm = ");
    home.write("fedgit.toml", wrong);
    let said = taplo(&peers, &home, None, &home.file("fedgit.toml"));
    assert_ne!(said.code, 0, "{}", said.err);
    for example in crate::generated::files("examples") {
        taplo(&peers, &home, None, &example).exits(0);
    }
}
