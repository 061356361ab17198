//! `tests/cases/reconcile/NAME/`: `wanted.toml` and `before` (absent: no file) give `plan.txt` and
//! `after` (absent: no file, or nothing may be written). Adding a case is adding a folder with the
//! first two and running `FEDGIT_REGEN=1 cargo test --lib reconcile`.

use std::fs;
use std::path::Path;

use super::*;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    about: String,
    #[serde(default)]
    adopt: bool,
    #[serde(default)]
    prune: Vec<String>,
    #[serde(default)]
    profile: std::collections::BTreeMap<String, Profile>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    owner: String,
    keys: Vec<String>,
}

#[test]
fn every_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/reconcile");
    let mut folders: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 15, "{}", folders.len());
    for folder in folders {
        check(&folder);
    }
}

fn check(folder: &Path) {
    let name = folder.display();
    let text = fs::read_to_string(folder.join("wanted.toml")).unwrap();
    let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!case.about.is_empty(), "{name}");
    let all: Vec<_> = case
        .profile
        .iter()
        .map(|(profile, p)| {
            let keys: Vec<_> = p
                .keys
                .iter()
                .map(|key| key.split_once(" = ").unwrap())
                .collect();
            wanted(profile, &keys, &p.owner)
        })
        .collect();
    let prune: Vec<_> = case
        .prune
        .iter()
        .map(|owner| Owner::named(owner.as_str()))
        .collect();
    let before = fs::read(folder.join("before")).ok();
    let (shown, after) = match plan(&all, &prune, before.as_deref(), case.adopt) {
        Ok(plan) => {
            let warnings: String = plan
                .warnings
                .iter()
                .map(|w| format!("warning: {w}\n"))
                .collect();
            (
                format!("{warnings}{plan}\n"),
                plan.after().map(<[u8]>::to_vec),
            )
        }
        Err(error) => (format!("error: {error}\nhint: {}\n", error.hint()), None),
    };
    let (plan_file, after_file) = (folder.join("plan.txt"), folder.join("after"));
    if std::env::var_os("FEDGIT_REGEN").is_some() {
        fs::write(&plan_file, &shown).unwrap();
        match &after {
            Some(bytes) => fs::write(&after_file, bytes).unwrap(),
            None => drop(fs::remove_file(&after_file)),
        }
    }
    assert_eq!(shown, fs::read_to_string(&plan_file).unwrap(), "{name}");
    let expected = fs::read(&after_file).ok();
    let readable = |bytes: &Option<Vec<u8>>| {
        bytes
            .as_ref()
            .map(|b| String::from_utf8_lossy(b).into_owned())
    };
    assert_eq!(readable(&after), readable(&expected), "{name}");
}
