#![expect(clippy::disallowed_methods, reason = "the corpus is a folder of files")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

/// Files whose recorded error is in the credentials file beside them, which is not read here.
const ERROR_IS_ELSEWHERE: &[&str] = &["114-cred-duplicate-section"];
/// Files whose recorded profiles have keys of the credentials file merged in.
const MERGED: &str = "-cred-";

fn corpus() -> Vec<(String, Vec<u8>, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/aws-config-corpus");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "config"));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let recorded = std::fs::read(path.with_extension("botocore.json")).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                std::fs::read(&path).unwrap(),
                serde_json::from_slice(&recorded).unwrap(),
            )
        })
        .collect()
}

#[test]
fn refuses_what_botocore_refuses_and_nothing_else() {
    let corpus = corpus();
    assert_eq!(corpus.len(), 115);
    for (name, bytes, recorded) in corpus {
        let good = recorded["ok"] == true || ERROR_IS_ELSEWHERE.contains(&name.as_str());
        match Document::parse(&bytes) {
            Ok(document) => {
                assert!(good, "{name}: botocore refuses it");
                assert_eq!(document.to_bytes(), bytes, "{name}");
            }
            Err(error) => {
                assert!(!good, "{name}: {error}");
                assert!(!error.hint.is_empty());
            }
        }
    }
}

/// Errors name the line that botocore names.
#[test]
fn errors_name_the_line() {
    for (name, bytes, recorded) in corpus() {
        let cause = recorded["cause"].as_str().unwrap_or_default();
        let at = cause
            .split_once("[line ")
            .or_else(|| cause.split_once("line: "));
        let Some((_, rest)) = at.filter(|_| !ERROR_IS_ELSEWHERE.contains(&name.as_str())) else {
            continue;
        };
        let digits = rest
            .trim_start()
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap();
        let error = Document::parse(&bytes).unwrap_err();
        assert_eq!(
            error.line,
            digits.parse::<usize>().unwrap(),
            "{name}: {error}"
        );
    }
    let error = Document::parse(b"[default]\r\nregion = a\r# Zo\xeb\n").unwrap_err();
    assert_eq!(error.line, 3);
}

/// botocore's nested reading of a value, to compare with what it recorded.
fn as_botocore(value: &str) -> Value {
    if !value.starts_with('\n') {
        return Value::String(value.to_owned());
    }
    let pairs = value
        .split(['\n', '\u{2028}'])
        .filter_map(|line| line.split_once('='))
        .map(|(k, v)| (k.trim().to_owned(), Value::String(v.trim().to_owned())));
    Value::Object(pairs.collect())
}

fn keys(section: &Section) -> Map<String, Value> {
    section
        .entries
        .iter()
        .map(|e| (e.key.clone(), as_botocore(&e.value)))
        .collect()
}

#[test]
fn profiles_and_values_are_botocores() {
    let mut compared = 0;
    for (name, bytes, recorded) in corpus() {
        let Ok(document) = Document::parse(&bytes) else {
            continue;
        };
        if name.contains(MERGED) {
            continue;
        }
        let defaults: Map<String, Value> = document
            .sections()
            .iter()
            .filter(|section| section.is_python_default())
            .flat_map(keys)
            .collect();
        // Where two sections are one profile, the later replaces the earlier.
        let mut profiles = BTreeMap::new();
        let mut others = BTreeMap::new();
        for section in document
            .sections()
            .iter()
            .filter(|s| !s.is_python_default())
        {
            let mut all = defaults.clone();
            all.extend(keys(section));
            match header::botocore(&section.name) {
                Some(Subject::Profile(profile)) => {
                    profiles.insert(profile, all);
                }
                _ => {
                    others.insert(section.name.clone(), all);
                }
            }
        }
        assert_eq!(
            serde_json::to_value(profiles).unwrap(),
            recorded["profiles"],
            "{name}"
        );
        for (section, keys) in recorded["other_sections"].as_object().unwrap() {
            assert_eq!(
                &serde_json::to_value(&others[section]).unwrap(),
                keys,
                "{name}"
            );
        }
        compared += 1;
    }
    assert!(compared > 90, "{compared}");
}

/// The AWS SDK for Rust's profiles are all found, by its own reading of the header.
#[test]
fn profiles_of_the_rust_sdk_are_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/aws-config-corpus");
    for (name, bytes, _) in corpus() {
        let Ok(document) = Document::parse(&bytes) else {
            continue;
        };
        let recorded = std::fs::read(folder.join(format!("{name}.rust-sdk.json"))).unwrap();
        let recorded: Value = serde_json::from_slice(&recorded).unwrap();
        let Some(expected) = recorded["profiles"]
            .as_object()
            .filter(|_| !name.contains(MERGED))
        else {
            continue;
        };
        for profile in expected.keys() {
            let found = document.sections().iter().any(|s| s.is_profile(profile));
            assert!(found, "{name}: {profile}");
        }
    }
}

#[test]
fn a_profile_is_seen_in_every_spelling() {
    for (header, expected) in [
        ("[profile x]", &["x"][..]),
        ("[profile  \t x ]", &["x"]),
        ("[profile \"x\"]", &["x"]),
        ("[profile 'x']", &["x"]),
        ("[profile \\x]", &["x"]),
        ("[profiles x]", &["x"]),
        ("[ profile x ]", &["x"]),
        ("[profile x] # see [1]", &["x"]),
        ("[profile x]]", &["x]"]),
        ("[default]", &["default"]),
        ("[ default ]", &["default"]),
        ("[profile default]", &["default"]),
        ("[Default]", &[]),
        ("[DEFAULT]", &[]),
        ("[profilex]", &[]),
        ("[profile x y]", &[]),
        ("[services x]", &[]),
        // Each SDK sees a profile of its own.
        ("[profile x#] ]", &["x#]"]),
    ] {
        let document = Document::parse(header.as_bytes()).unwrap();
        let expected: Vec<_> = expected
            .iter()
            .map(|name| Subject::Profile((*name).to_owned()))
            .collect();
        assert_eq!(document.sections()[0].subjects(), expected, "{header}");
    }
}

#[test]
fn an_sso_session_is_seen_in_every_spelling() {
    for header in [
        "[sso-session x]",
        "[sso-session \"x\"]",
        "[ sso-session  x ]",
        "[sso-sessions x]",
    ] {
        let document = Document::parse(header.as_bytes()).unwrap();
        let expected = [Subject::SsoSession("x".to_owned())];
        assert_eq!(document.sections()[0].subjects(), expected, "{header}");
    }
    let document = Document::parse(b"[sso-session x y]").unwrap();
    assert!(document.sections()[0].subjects().is_empty());
}

#[test]
fn python_s_default_section_may_stand_twice_its_keys_may_not() {
    let twice = "[DEFAULT]\na = 1\n[x]\na = 2\n[DEFAULT]\nb = 1\n";
    assert!(Document::parse(twice.as_bytes()).is_ok());
    let error = Document::parse(format!("{twice}a = 3\n").as_bytes()).unwrap_err();
    assert_eq!(error.line, 7);
}

/// A half-written line may hold a secret.
#[test]
fn errors_do_not_quote_lines() {
    for text in [
        "MARKER\n",
        "[x]\nMARKER\n",
        "[x]\na =\n MARKER\n",
        "[x]\n= MARKER\n",
    ] {
        let error = Document::parse(text.as_bytes()).unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("MARKER"),
            "{error:?}"
        );
    }
}

#[test]
fn edits_leave_other_lines_alone() {
    let document = Document::parse(b"[a]\r\nk = 1\r# c\n[b]").unwrap();
    let mut draft = Draft::new(&document);
    draft.replace_line(1, "k = 2".to_owned());
    draft.insert_before(1, "j = 0\n");
    draft.insert_after(1, "l = 3\n");
    draft.end_line(3, Ending::CrLf);
    draft.append("[c]\n");
    assert_eq!(
        draft.to_bytes(),
        b"[a]\r\nj = 0\nk = 2\rl = 3\n# c\n[b]\r\n[c]\n"
    );
    draft.drop_line(1);
    draft.drop_line(3);
    assert_eq!(draft.to_bytes(), b"[a]\r\nj = 0\nl = 3\n# c\n[c]\n");
}

#[test]
fn a_huge_file_takes_linear_time() {
    let text: String = (0..100_000)
        .map(|n| format!("[profile p{n}]\nregion = us-east-1\ncredential_process = /usr/bin/fedgit credential-process --profile p{n}\n\n"))
        .collect();
    let document = Document::parse(text.as_bytes()).unwrap();
    assert_eq!(document.sections().len(), 100_000);
    assert_eq!(document.to_bytes(), text.as_bytes());
    // One value over very many lines, blank ones among them.
    let text = format!("[x]\nk = 1\n{}", "  v\n\n".repeat(200_000));
    let document = Document::parse(text.as_bytes()).unwrap();
    assert_eq!(document.sections()[0].entries[0].continued.len(), 399_999);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_is_the_inverse_of_reading(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(document) = Document::parse(&bytes) {
            prop_assert_eq!(document.to_bytes(), bytes);
        }
    }

    #[test]
    fn also_for_what_looks_like_a_file(text in "([a-c \\[\\]=:#;\"'\\\\\t\u{a0}\u{85}\u{c}é]{0,9}(\n|\r\n|\r)){0,9}[a=\\[\\] ]{0,3}") {
        if let Ok(document) = Document::parse(text.as_bytes()) {
            prop_assert_eq!(document.to_bytes(), text.as_bytes());
        }
    }
}
