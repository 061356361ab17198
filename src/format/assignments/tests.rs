//! Every installed shell is asked what it makes of the text.

use std::ffi::OsStr;
use std::process::Command;

use super::*;

const HOSTILE: &[&str] = &[
    "plain",
    "a b  c",
    "it's",
    "'",
    "''",
    "'a''b'",
    r"\",
    r"a\'b",
    r"a\\b\n",
    "\"$(touch pwned)\"`id`",
    "$HOME %PATH% !! {a,b} * ? ~ #x ;exit 1",
    "line\nline\n\nend",
    "tab\tcr\rend",
    "ü “quotes” ‘single’ ‚low‛",
    "-n",
    "=",
];

#[expect(clippy::print_stderr, reason = "a test says what it leaves out")]
fn skipped(program: &str) {
    eprintln!("skipped: {program} is not installed");
}

/// Has a shell read the assignments and then print the variable, and compares.
fn judge(program: &str, dialect: Dialect, arguments: &[&str], print: &str) {
    if !installed(program) {
        return skipped(program);
    }
    for value in HOSTILE {
        let text = render(dialect, &[Assignment::Set("V", value)]).unwrap();
        let script = format!("{}{print}\n", *text);
        assert_eq!(
            &run(program, arguments, &script),
            value,
            "{program}: {script}"
        );
    }
    let both = [Assignment::Set("V", "x"), Assignment::Unset("V")];
    let text = render(dialect, &both).unwrap();
    let script = format!("{}{print}\n", *text);
    assert_eq!(run(program, arguments, &script), "", "{program}: {script}");
}

#[expect(clippy::disallowed_methods, reason = "a test asks real shells")]
fn run(program: &str, arguments: &[&str], script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    let output = command.args(arguments).arg(script).current_dir(&folder);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
    assert!(!folder.path().join("pwned").exists(), "{program}: {script}");
    String::from_utf8(output.stdout).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test asks real shells")]
fn installed(program: impl AsRef<OsStr>) -> bool {
    Command::new(program).args(["-c", "exit"]).output().is_ok()
}

#[test]
fn shells_read_back_what_was_meant() {
    let print = "printf %s \"$V\"";
    for shell in ["sh", "dash", "bash", "ksh", "mksh"] {
        judge(shell, Dialect::Posix, &["-c"], print);
    }
    judge("zsh", Dialect::Posix, &["-f", "-c"], print);
    // An option by which '' within quotes is a quote.
    judge(
        "zsh",
        Dialect::Posix,
        &["-f", "-o", "rcquotes", "-c"],
        print,
    );
    judge("fish", Dialect::Fish, &["--no-config", "-c"], print);
    judge(
        "pwsh",
        Dialect::Powershell,
        &["-NoProfile", "-NonInteractive", "-Command"],
        "[Console]::Out.Write($env:V)",
    );
}

#[test]
fn quotes_of_the_shells_that_are_not_installed_here() {
    let text = |dialect| render(dialect, &[Assignment::Set("V", r"a'b\c‘d")]).unwrap();
    assert_eq!(*text(Dialect::Fish), "set -gx V 'a\\'b\\\\c‘d'\n");
    assert_eq!(*text(Dialect::Powershell), "$env:V = 'a''b\\c‘‘d'\n");
}

#[test]
fn json_holds_anything() {
    for value in HOSTILE {
        let text = render(
            Dialect::Json,
            &[Assignment::Set("V", value), Assignment::Unset("W")],
        );
        let read: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        assert_eq!(read["V"], *value);
        assert!(read["W"].is_null());
    }
}

#[test]
fn a_dotenv_file_holds_only_what_all_readers_take_alike() {
    let token = "IQoJb3JpZ2luX2VjEA/+w==";
    let text = render(Dialect::Dotenv, &[Assignment::Set("V", token)]).unwrap();
    assert_eq!(*text, format!("V={token}\n"));
    for value in ["a b", "it's", "a\nW=x", r"\", "$x", "#", "\""] {
        assert!(
            render(Dialect::Dotenv, &[Assignment::Set("V", value)]).is_err(),
            "{value}"
        );
    }
    assert!(render(Dialect::Dotenv, &[Assignment::Unset("V")]).is_err());
}

#[test]
fn nothing_is_copied_while_it_grows() {
    for dialect in [
        Dialect::Posix,
        Dialect::Fish,
        Dialect::Powershell,
        Dialect::Json,
    ] {
        let value = "'\\\u{1}‘".repeat(1000);
        let text = render(dialect, &[Assignment::Set("V", &value)]).unwrap();
        let most = 8 + 32 + 1 + 6 * value.len();
        assert!(text.len() <= most, "{dialect:?}");
    }
}
