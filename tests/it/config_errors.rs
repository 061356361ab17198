//! Every mistake with its message: a folder a case under `tests/cases/config`, holding `fedgit.toml`
//! and what `fedgit check` says of it. A case of two files has `user.toml`, the user's own, and
//! `project/fedgit.toml`, where `check` is then run. `FEDGIT_REGEN=1` writes the messages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

/// `fedgit check` of a case.
fn check(home: &Home, case: &Path, args: &[&str]) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    if case.join("user.toml").exists() {
        let (user, project) = (".config/fedgit/fedgit.toml", "project/fedgit.toml");
        home.write(user, fs::read(case.join("user.toml")).unwrap());
        home.write(project, fs::read(case.join(project)).unwrap());
        command.current_dir(home.file("project"));
    } else {
        home.write("fedgit.toml", fs::read(case.join("fedgit.toml")).unwrap());
        command.args(["--config", "fedgit.toml"]);
    }
    home.run(command.arg("check").args(args)).exits(2)
}

/// The codes that the program knows, as its source spells them.
fn every_code() -> BTreeSet<String> {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/config/diagnostic.rs");
    let text = fs::read_to_string(source).unwrap();
    let codes: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""))
        .map(|(_, code)| code.trim_end_matches("\",").to_owned())
        .collect();
    assert!(codes.contains("syntax") && codes.len() > 12, "{codes:?}");
    codes
}

#[test]
fn each_mistake_is_told_as_its_case_says() {
    let home = Home::empty(Scenario::adfs());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/config");
    let mut codes = BTreeSet::new();
    for case in fs::read_dir(folder).unwrap() {
        let case = case.unwrap().path();
        let said = check(&home, &case, &[]);
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

        let json = check(&home, &case, &["--json"]).out;
        assert!(!json.contains("hunter2"), "a secret is shown: {json}");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        for diagnostic in report["diagnostics"].as_array().unwrap() {
            assert!(diagnostic["line"].as_u64().is_some(), "{diagnostic}");
            codes.insert(diagnostic["code"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(codes, every_code(), "a code has no case, or is not known");
}

#[test]
fn the_readme_lists_every_code() {
    let readme = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(readme).unwrap();
    let (_, rest) = text.split_once("\nCodes: ").unwrap();
    let (list, _) = rest.split_once(".\n").unwrap();
    let listed = list.split(',').map(|code| code.trim().trim_matches('`'));
    assert_eq!(
        listed.map(str::to_owned).collect::<BTreeSet<_>>(),
        every_code()
    );
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

/// A file with ten mistakes of each of ten sorts.
fn a_hundred() -> String {
    let mut text = "[idp.corp]\nkind = \"adfs\"\nurl = \"https://adfs.example.com/\"\n".to_owned();
    for i in 0..10 {
        let arn = |name: &str| format!("arn = \"arn:aws:iam::111122223333:role/{name}\"");
        let role = |name: &str, keys: &str| format!("[role.{name}{i}]\n{keys}\n");
        for table in [
            role("unknown", &format!("idp = \"corp\"\n{}\nfoo = 1", arn("A"))),
            role(
                "wrong",
                &format!("idp = \"corp\"\n{}\nprofile = 1", arn("B")),
            ),
            role("bad", "idp = \"corp\"\narn = \"arn:aws:s3:::bucket\""),
            format!("[role.\"two words {i}\"]\nidp = \"corp\"\n{}\n", arn("C")),
            role("missing", &arn("D")),
            role(
                "both",
                &format!("idp = \"corp\"\nsource = \"fine{i}\"\n{}", arn("E")),
            ),
            role("nobody", &format!("idp = \"crop\"\n{}", arn("F"))),
            role("fine", &format!("idp = \"corp\"\n{}", arn("G"))),
            role(
                "twice",
                &format!("idp = \"corp\"\n{}\nprofile = \"fine{i}\"", arn("H")),
            ),
            role("loop", &format!("source = \"loop{i}\"\n{}", arn("I"))),
            role(
                "china",
                &format!("idp = \"corp\"\n{}\nregion = \"cn-north-1\"", arn("J")),
            ),
        ] {
            text += &table;
        }
    }
    text
}

#[test]
fn a_hundred_mistakes_of_all_sorts_give_a_hundred_messages() {
    let home = Home::empty(Scenario::adfs());
    home.write("fedgit.toml", a_hundred());
    let args = ["--config", "fedgit.toml", "check"];
    let said = home.fedgit(&args).exits(2).tells(&["100 mistakes"]);
    assert_eq!(said.err.matches("error[").count(), 100);
    let json = home.fedgit(&[&args[..], &["--json"]].concat()).exits(2).out;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        *counts
            .entry(diagnostic["code"].as_str().unwrap())
            .or_default() += 1;
    }
    assert_eq!(counts.len(), 10, "{counts:?}");
    assert!(counts.values().all(|count| *count == 10), "{counts:?}");
}

#[test]
fn a_hundred_lines_that_are_no_toml_give_a_hundred_messages() {
    let home = Home::empty(Scenario::adfs());
    let text: String = (0..100).map(|i| format!("k{i} = \n")).collect();
    home.write("fedgit.toml", text);
    let said = home.fedgit(&["--config", "fedgit.toml", "check"]).exits(2);
    assert_eq!(
        said.err.matches("error[syntax]").count(),
        100,
        "{}",
        said.err
    );
}
