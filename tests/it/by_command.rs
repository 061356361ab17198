//! `kind = "command"`: a program of the user's own signs in.

use std::path::Path;

use fedgit_testbed::{Scenario, Service};

use crate::world::{Home, write_program};

/// A home whose identity provider is this script. What it needs lies beside it, outside of the home:
/// an assertion in the home would be a leak.
fn home(script: &str, more: &str) -> (Home, tempfile::TempDir) {
    let home = Home::empty(Scenario::adfs());
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("my-login");
    write_program(&program, &format!("#!/bin/sh\n{script}\n"));
    std::fs::write(folder.path().join("response"), home.world.issue_assertion()).unwrap();
    home.write(".config/fedgit/fedgit.toml", declaration(&program, more));
    (home, folder)
}

fn declaration(program: &Path, more: &str) -> String {
    format!(
        "[idp.corp]\nkind = \"command\"\ncommand = [\"{}\", \"$(touch shell)\", \"; touch shell\"]\n{more}\n\
         [role.developer]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/ADFS-Production\"\n",
        program.display()
    )
}

#[test]
fn it_is_told_by_its_environment_and_prints_the_response() {
    let said = "url = \"https://idp.example.com/x?y=z\"\nusername = \"jane@example.com\"\n\
                ca_bundle = \"ca.pem\"\n";
    let (home, folder) = home(
        "env > \"$(dirname \"$0\")/env\"; printf '%s\\n' \"$@\" > \"$(dirname \"$0\")/args\"\n\
         [ \"$(cat)\" = '' ] && fold -w 76 \"$(dirname \"$0\")/response\"; echo talking >&2",
        said,
    );
    home.fedgit(&["check"]).exits(0);
    let login = home.fedgit_as_script(&["login", "corp"]).exits(0);
    assert!(login.err.contains("talking"), "{}", login.err);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let env = read("env");
    let ca_bundle = home.file(".config/fedgit/ca.pem").display().to_string();
    for line in [
        &format!("FEDGIT_IDP_CA_BUNDLE={ca_bundle}"),
        "FEDGIT_IDP_NAME=corp",
        "FEDGIT_IDP_URL=https://idp.example.com/x?y=z",
        "FEDGIT_IDP_USERNAME=jane@example.com",
    ] {
        assert!(
            env.lines().any(|have| have == line),
            "{line} is not in {env}"
        );
    }
    assert!(
        !env.contains("FEDGIT_PASSWORD"),
        "the password is none of its business"
    );
    assert_eq!(read("args"), "$(touch shell)\n; touch shell\n");
    assert!(!home.file("shell").exists());
    // From the cache, without the program.
    std::fs::remove_file(folder.path().join("my-login")).unwrap();
    home.fedgit(&["whoami", "developer"]).exits(0);
    assert_eq!(home.world.ledger().count(Service::Adfs), 0);
}

#[test]
fn what_it_does_wrong_is_told() {
    for (script, expected) in [
        ("exit 3", "my-login ended with exit status: 3"),
        ("true", "printed nothing"),
        ("echo 'please sign in'", "not base64"),
        (
            "head -c 200000 /dev/zero | tr '\\0' A",
            "more than any SAML response",
        ),
        ("echo QUJD", "cannot read the SAML response of corp"),
        ("printf '\\377\\376'", "not base64"),
    ] {
        let (home, _folder) = home(script, "");
        home.fedgit(&["login", "corp"]).exits(1).tells(&[expected]);
        assert_eq!(home.world.ledger().count(Service::Sts), 0);
    }
    let (home, folder) = home("true", "");
    std::fs::remove_file(folder.path().join("my-login")).unwrap();
    home.fedgit(&["login", "corp"])
        .exits(1)
        .tells(&["cannot start"]);
}

/// It signs in for many roles at once, and for many processes.
#[test]
fn it_runs_once_for_all_roles() {
    let (home, folder) = home(
        "echo x >> \"$(dirname \"$0\")/runs\"; cat \"$(dirname \"$0\")/response\"",
        "",
    );
    home.fedgit(&["apply"]).exits(0);
    let mut calls: Vec<_> = (0..4)
        .map(|_| {
            let mut fedgit = home.command(env!("CARGO_BIN_EXE_fedgit"));
            fedgit.args(["credential-process", "--profile", "developer"]);
            fedgit.stdout(std::process::Stdio::null());
            fedgit.spawn().unwrap()
        })
        .collect();
    assert!(calls.iter_mut().all(|call| call.wait().unwrap().success()));
    let runs = std::fs::read_to_string(folder.path().join("runs")).unwrap();
    assert_eq!(runs, "x\n");
}

#[test]
fn the_program_must_be_named() {
    let home = Home::empty(Scenario::adfs());
    home.write(
        ".config/fedgit/fedgit.toml",
        "[idp.corp]\nkind = \"command\"\nusername = \"jane\"\n",
    );
    home.fedgit(&["check"]).exits(2).tells(&[
        "[idp.corp] does not say which program signs in",
        "command = ",
    ]);
    let (home, _folder) = self::home("true", "");
    home.fedgit(&["login", "--save-password", "corp"])
        .exits(2)
        .tells(&["its command signs in by itself"]);
}

/// The person is at its terminal, not at fedgit's.
#[test]
fn it_may_talk_to_the_person() {
    let (home, _folder) = home(
        "printf 'your badge: ' >/dev/tty; read -r badge </dev/tty\n\
         [ \"$badge\" = 42 ] && cat \"$(dirname \"$0\")/response\"",
        "",
    );
    let line = format!(
        "{} login corp </dev/null; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = crate::prompt::at_terminal(&home, &line);
    person.exp_string("your badge: ").unwrap();
    person.send_line("42").unwrap();
    person.exp_string("code 0").unwrap();
}
