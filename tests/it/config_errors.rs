//! Every mistake with its message: a folder a case under `tests/cases/config`, holding `fedgit.toml`
//! and what `fedgit check` says of it. `FEDGIT_REGEN=1` writes the latter anew.

use std::path::PathBuf;
use std::{env, fs};

use fedgit_testbed::Scenario;

use crate::world::Home;

#[test]
fn each_mistake_is_told_as_its_case_says() {
    let home = Home::empty(Scenario::adfs());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/config");
    let mut codes = std::collections::BTreeSet::new();
    for case in fs::read_dir(folder).unwrap() {
        let case = case.unwrap().path();
        home.write("fedgit.toml", fs::read(case.join("fedgit.toml")).unwrap());
        let said = home.fedgit(&["--config", "fedgit.toml", "check"]).exits(2);
        assert!(
            !said.err.contains("hunter2"),
            "a secret is shown: {}",
            said.err
        );
        assert!(
            !said.err.contains('\u{1b}'),
            "an escape reaches the terminal: {}",
            said.err
        );
        let message = said.err.replace(&home.path().display().to_string(), "HOME");
        let expected = case.join("message.txt");
        if env::var_os("FEDGIT_REGEN").is_some() {
            fs::write(&expected, &message).unwrap();
        }
        let expected = fs::read_to_string(expected).unwrap_or_default();
        assert_eq!(
            message,
            expected,
            "{}; FEDGIT_REGEN=1 accepts it",
            case.display()
        );

        let json = home
            .fedgit(&["--config", "fedgit.toml", "check", "--json"])
            .exits(2)
            .out;
        assert!(!json.contains("hunter2"), "a secret is shown: {json}");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        for diagnostic in report["diagnostics"].as_array().unwrap() {
            assert!(diagnostic["line"].as_u64().is_some(), "{diagnostic}");
            codes.insert(diagnostic["code"].as_str().unwrap().to_owned());
        }
    }
    // `untrusted` needs a project: `trust.rs`.
    let all = [
        "bad-name",
        "bad-value",
        "duplicate-profile",
        "exclusive",
        "missing",
        "reserved-key",
        "source-loop",
        "syntax",
        "unknown-key",
        "unknown-name",
        "wrong-partition",
        "wrong-type",
    ];
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn a_hundred_mistakes_give_a_hundred_messages() {
    let home = Home::empty(Scenario::adfs());
    let text: String = (0..100)
        .map(|i| {
            format!(
                "[role.r{i}]\nidp = \"nobody{i}\"\narn = \"arn:aws:iam::111122223333:role/R\"\n"
            )
        })
        .collect();
    home.write("fedgit.toml", text);
    let said = home
        .fedgit(&["--config", "fedgit.toml", "check"])
        .exits(2)
        .tells(&["100 mistakes"]);
    assert_eq!(
        said.err.matches("no identity provider is named").count(),
        100
    );
}
