use proptest::prelude::*;

use super::*;
use crate::format::shlex;

/// botocore's splitter for Windows (`compat.py`, `_windows_shell_split`), judged below by what
/// botocore itself answered.
fn windows_split(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let (mut quoted, mut backslashes) = (false, 0);
    for c in text.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                let word = word.get_or_insert_default();
                word.push_str(&"\\".repeat(backslashes / 2));
                if backslashes % 2 == 1 {
                    word.push('"');
                } else {
                    quoted = !quoted;
                }
                backslashes = 0;
            }
            ' ' | '\t' if !quoted => {
                if backslashes > 0 {
                    word.get_or_insert_default()
                        .push_str(&"\\".repeat(backslashes));
                    backslashes = 0;
                }
                words.extend(word.take());
            }
            other => {
                let word = word.get_or_insert_default();
                word.push_str(&"\\".repeat(backslashes));
                word.push(other);
                backslashes = 0;
            }
        }
    }
    if backslashes > 0 {
        word.get_or_insert_default()
            .push_str(&"\\".repeat(backslashes));
    }
    words.extend(word);
    (!quoted).then_some(words)
}

fn recorded() -> Vec<serde_json::Value> {
    let text = include_str!("../../../tests/cases/credential-process-quoting.json");
    serde_json::from_str(text).unwrap()
}

fn words(value: &serde_json::Value) -> Option<Vec<String>> {
    let words = value.as_array()?;
    Some(
        words
            .iter()
            .map(|w| w.as_str().unwrap().to_owned())
            .collect(),
    )
}

#[test]
fn the_splitter_of_this_test_is_botocores() {
    for case in recorded() {
        let input = case["input"].as_str().unwrap();
        assert_eq!(windows_split(input), words(&case["win32"]), "{input:?}");
    }
}

/// Every word that botocore ever answered, on either platform, is refused or comes back.
#[test]
fn recorded_words_come_back_or_are_refused() {
    let mut carried = 0;
    for word in recorded()
        .iter()
        .flat_map(|case| [words(&case["linux"]), words(&case["win32"])])
    {
        for word in word.into_iter().flatten() {
            if let Ok(quoted) = quote_word(&word, false) {
                assert_eq!(shlex::split(&quoted), Some(vec![word.clone()]));
                assert_eq!(sh(&[quoted]), std::slice::from_ref(&word));
                carried += 1;
            }
            if let Ok(quoted) = quote_word(&word, true) {
                assert_eq!(windows_split(&quoted), Some(vec![word.clone()]));
            }
        }
    }
    assert!(carried > 40, "{carried}");
}

#[test]
fn plain_words_stay_bare() {
    for word in [
        "/usr/local/bin/fedgit",
        "--profile=a",
        "a@b:c+d%e/f.g_h,i-j",
    ] {
        assert_eq!(quote_word(word, false).unwrap(), word);
        assert_eq!(quote_word(word, true).unwrap(), word);
    }
    assert_eq!(
        quote_word(r"C:\fedgit\fedgit.exe", true).unwrap(),
        r"C:\fedgit\fedgit.exe"
    );
}

#[test]
fn others_are_quoted() {
    assert_eq!(
        quote_word("/Program Files/it's ~*?(x)", false).unwrap(),
        "\"/Program Files/it's ~*?(x)\""
    );
    assert_eq!(quote_word("", false).unwrap(), "\"\"");
    // `sh` would set a variable.
    assert_eq!(quote_word("A=b", false).unwrap(), "\"A=b\"");
    assert_eq!(
        quote_word(r"C:\Program Files (x86)\fedgit\", true).unwrap(),
        r#""C:\Program Files (x86)\fedgit\\""#
    );
}

#[test]
fn what_no_spelling_carries_is_refused() {
    for word in [
        "$HOME/x", r"a\b", "a\"b", "`x`", "wow!", "a\nb", "a\u{1b}b", "a #b", "a ;b", "a]",
    ] {
        let refused = quote_word(word, false).unwrap_err();
        assert!(refused.hint().contains("move or rename"), "{word:?}");
    }
    for word in ["a\"b", "%PATH%", "a&b", "a|b", "a>b", "a^b", "a\nb"] {
        assert!(quote_word(word, true).is_err(), "{word:?}");
    }
}

/// What the shell itself makes of the words.
#[expect(clippy::disallowed_methods, reason = "the shell is the judge here")]
fn sh(quoted: &[String]) -> Vec<String> {
    let script = format!("printf '%s\\0' {}", quoted.join(" "));
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shell_and_botocore_agree(list in prop::collection::vec("[ -~é\u{a0}]{0,12}", 1..6)) {
        let kept: Vec<String> = list.into_iter().filter(|w| quote_word(w, false).is_ok()).collect();
        let quoted: Vec<String> = kept.iter().map(|w| quote_word(w, false).unwrap()).collect();
        prop_assert_eq!(shlex::split(&quoted.join(" ")), Some(kept.clone()));
        if !kept.is_empty() {
            prop_assert_eq!(sh(&quoted), kept);
        }
    }

    #[test]
    fn windows_words_come_back(word in "[ -~é]{0,12}") {
        if let Ok(quoted) = quote_word(&word, true) {
            prop_assert_eq!(windows_split(&quoted), Some(vec![word]));
        }
    }
}
