//! The map of the source holds: files import their own floor or a lower one, never upward, and a
//! room's inside only through its front file.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Modules from the ground up; what stands in one row may use each other.
const FLOORS: &[&[&str]] = &[
    &["model"],
    &["format"],
    &["sys"],
    // The rooms: what fedgit does.
    &["config", "login", "reconcile"],
    &["credentials", "git", "import", "init"],
    &["commands", "cli"],
];

/// Files of a room that must stay pure: they may not touch the doors.
const PURE: &[&str] = &[
    "config/check",
    "config/diagnostic",
    "config/discovered",
    "config/edit",
    "config/layer",
    "config/merge",
    "config/overlay",
    "config/schema",
    "config/trust",
    "config/view",
    "config/wire",
    "credentials/aliases/iam",
    "credentials/askers",
    "credentials/caller",
    "credentials/console/address",
    "credentials/existing",
    "credentials/fresh",
    "credentials/key",
    "credentials/route",
    "credentials/variables",
    "format",
    "git/api",
    "git/behind",
    "git/choice",
    "git/helper",
    "git/origin",
    "git/place",
    "git/remote",
    "git/setup",
    "git/sign",
    "git/wiring",
    "import",
    "init",
    "login/adfs",
    "login/authn_request",
    "login/duo",
    "login/failure",
    "login/capture",
    "login/form",
    "login/okta",
    "login/forms",
    "login/identity_center",
    "login/browser/catch",
    "login/browser/cookies",
    "login/pasted",
    "login/role",
    "model",
    "reconcile/change",
    "reconcile/conflict",
    "reconcile/decide",
    "reconcile/desired",
    "reconcile/diff",
    "reconcile/found",
    "reconcile/hash",
    "reconcile/observed",
    "reconcile/owned",
    "reconcile/owner",
    "reconcile/plan",
    "reconcile/quote",
    "reconcile/rewrite",
    "reconcile/show",
    "reconcile/stale",
    "reconcile/terms",
    "reconcile/verify",
];

fn sources() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).unwrap().with_extension("");
                let name = name
                    .components()
                    .map(|c| c.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>();
                found.push((name.join("/"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 60);
    found
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|row| row.contains(&module))
}

/// The modules that a file uses by `crate::`, with their lines; doc comments aside.
fn uses(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .flat_map(|(number, line)| {
            line.match_indices("crate::").map(move |(at, _)| {
                let rest = &line[at + "crate::".len()..];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                (number + 1, &rest[..end.unwrap_or(rest.len())])
            })
        })
}

#[test]
fn nothing_reaches_upward() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = file.split('/').next().unwrap();
        let Some(own) = floor(own) else { continue };
        for (line, module) in uses(&text) {
            match floor(module) {
                Some(other) if other <= own => {}
                other => wrong.push(format!(
                    "src/{file}.rs:{line}: crate::{module} ({other:?} from {own})"
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn decisions_touch_no_door() {
    let mut wrong = Vec::new();
    for pure in PURE {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(pure);
        assert!(
            root.with_extension("rs").exists(),
            "{pure} is gone: mend the list"
        );
    }
    for (file, text) in sources() {
        let is_pure = PURE
            .iter()
            .any(|pure| file == *pure || file.starts_with(&format!("{pure}/")));
        if !is_pure {
            continue;
        }
        for (line, module) in uses(&text) {
            if module == "sys" {
                wrong.push(format!("src/{file}.rs:{line} uses crate::sys"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_test_file_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_file() && name != "main" {
            assert!(
                main.contains(&format!("mod {name};")),
                "tests/it/main.rs leaves out {name}"
            );
        }
    }
}
