//! The table of `rows`, run.

use std::path::Path;
use std::process::Command;

use fedgit_testbed::Scenario;

use super::rows::{OTHER_KEYS, Out, Row, rows};
use super::{peer, told, writing_git};
use crate::world::{self, Home};

const KEYS: &str = r#"{"Version": 1, "AccessKeyId": "ASIAPROGRAM", "SecretAccessKey": "s", "SessionToken": "token", "Expiration": "2999-01-01T00:00:00Z"}"#;

/// Prints new keys each time, which are due at once.
const MINTING: &str = r#"n=$(($(cat minted) + 1)); echo "$n" > minted
printf '{"Version": 1, "AccessKeyId": "ASIA%s", "SecretAccessKey": "s%s", "SessionToken": "T%s", "Expiration": "%s"}' \
    "$n" "$n" "$n" "$(date -u -d '+14 minutes' +%Y-%m-%dT%H:%M:%SZ)"
"#;

fn prepared(home: &Home, row: &Row, program: &Path, args: &[&str]) -> Command {
    home.write(".aws/config", row.config);
    home.write(".aws/credentials", OTHER_KEYS);
    home.write("keys.json", KEYS);
    home.write("minting.sh", MINTING);
    home.write("minted", "0");
    let fake = writing_git(home);
    let rest = world::path();
    let folders = std::iter::once(fake).chain(std::env::split_paths(&rest));
    let mut command = home.command(program);
    command
        .args(args)
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("GIT_CALL", home.file("call"))
        .env_remove("AWS_ENDPOINT_URL_STS");
    command.envs(row.env.iter().copied());
    command
}

/// What git was called with.
fn call(home: &Home) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(home.file("call")).ok()?;
    std::fs::remove_file(home.file("call")).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

/// `HOST/v1/repos/REPO`.
fn taken_apart(place: &str) -> (String, String) {
    let (host, repo) = place.split_once("/v1/repos/").unwrap();
    (host.to_owned(), repo.to_owned())
}

#[test]
fn fedgit_in_every_situation() {
    let home = Home::empty(Scenario::adfs());
    let program = Path::new(env!("CARGO_BIN_EXE_git-remote-codecommit"));
    let mut wrong = Vec::new();
    for row in rows() {
        let out = match row.ours {
            Some((out, why)) => {
                assert!(!why.is_empty() && out != row.rival, "{}", row.what);
                out
            }
            None => row.rival,
        };
        // Twice: the second time it is remembered.
        for _ in 0..2 {
            let said = home.run(&mut prepared(&home, row, program, &["origin", row.url]));
            if let Err(why) = does(&home, row, out, &said) {
                wrong.push(format!("{}: {why}: {}", row.what, said.err));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a call did what is expected of it.
fn does(home: &Home, row: &Row, out: Out, said: &world::Said) -> Result<(), String> {
    match (out, call(home)) {
        (Out::Serves(host, repo, key), Some(words)) => {
            let [.., git, remote, url] = words.as_slice() else {
                return Err(format!("{words:?}"));
            };
            let place = url.strip_prefix("https://").unwrap_or_default();
            let whole = (git.as_str(), remote.as_str()) == ("remote-https", "origin");
            if !whole || taken_apart(place) != (host.into(), repo.into()) {
                return Err(format!("{words:?}"));
            }
            let said = asked(home, row, &words, place);
            let username = format!("username={key}");
            match said.out.lines().any(|line| line == username) {
                true => Ok(()),
                false => Err(format!("{said:?}")),
            }
        }
        (Out::Says(text), call) => {
            // Keys are looked at when they are asked for.
            let said = match call {
                None => said.clone(),
                Some(words) => {
                    let url = words.last().map_or("", String::as_str);
                    asked(
                        home,
                        row,
                        &words,
                        url.strip_prefix("https://").unwrap_or_default(),
                    )
                }
            };
            match [1, 2, 4].contains(&said.code) && said.err.contains(text) {
                true => Ok(()),
                false => Err(format!("{said:?}")),
            }
        }
        (out, call) => Err(format!("{out:?}, {call:?}")),
    }
}

/// What the helper that git was given says.
fn asked(home: &Home, row: &Row, words: &[String], place: &str) -> world::Said {
    let helper = words
        .iter()
        .find_map(|word| word.split_once(".helper=!"))
        .unwrap_or_else(|| panic!("{words:?}"))
        .1;
    let (host, repo) = taken_apart(place);
    let line = format!("{helper} get # git-credential");
    let mut command = prepared(home, row, Path::new("sh"), &["-c", &line]);
    let question = format!("protocol=https\nhost={host}\npath=v1/repos/{repo}\n\n");
    told(home, &mut command, &question)
}

/// What it is measured by is what the Python program does today.
#[test]
#[ignore = "needs git-remote-codecommit: .ci/run installs it and runs this"]
fn the_rival_in_every_situation() {
    let rival = peer("git-remote-codecommit");
    let home = Home::empty(Scenario::adfs());
    let mut wrong = Vec::new();
    for row in rows() {
        let mut command = prepared(&home, row, &rival, &["origin", row.url]);
        let said = home.run(&mut command);
        let call = call(&home);
        let did = match (row.rival, &call) {
            (Out::Serves(host, repo, key), Some(words)) => {
                let (user, place) = words.last().unwrap().split_once('@').unwrap();
                let user = user.strip_prefix("https://").unwrap();
                let user = user.rsplit_once(':').unwrap().0;
                let place = taken_apart(place);
                place == (host.into(), repo.into()) && decoded(user) == key
            }
            (Out::Says(text), None) => {
                said.code == 1 && said.err.contains(text) && !said.err.contains("Traceback")
            }
            (Out::Traceback, None) => said.code == 1 && said.err.contains("Traceback"),
            _ => false,
        };
        if !did {
            wrong.push(format!("{}: {call:?} {}", row.what, said.err));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [a, b, behind @ ..]) = (first, tail) {
            let digits = [*a, *b];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            rest = behind;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// No argument too few or too many.
#[test]
fn the_number_of_arguments() {
    let home = Home::empty(Scenario::adfs());
    let program = env!("CARGO_BIN_EXE_git-remote-codecommit");
    for (args, text) in [
        (
            &[][..],
            "Too few arguments. This hook requires the git command and remote.",
        ),
        (&["origin"], "Too few arguments."),
        (
            &["origin", "url", "more"],
            "Too many arguments. Hook only accepts the git command and remote, but argv was: ",
        ),
    ] {
        let said = home.run(home.command(program).args(args)).exits(1);
        said.tells(&[text]);
    }
}

/// A folder for PATH with a `git` that says it is there, and then does this.
fn git_that(home: &Home, does: &str) -> std::ffi::OsString {
    home.program(
        "acting/git",
        format!("#!/bin/sh\necho there > there\n{does}\n"),
    );
    let rest = world::path();
    let folders = std::iter::once(home.file("acting")).chain(std::env::split_paths(&rest));
    std::env::join_paths(folders).unwrap()
}

fn started(home: &Home, program: &Path, path: std::ffi::OsString) -> Command {
    home.write(
        ".aws/config",
        "[default]\nregion = us-east-1\naws_access_key_id = A\naws_secret_access_key = s\n",
    );
    let mut command = home.command(program);
    command
        .args(["origin", "codecommit://repo"])
        .env("PATH", path);
    command
}

fn passes_gits_status_on(home: &Home, program: &Path) {
    for status in [0, 7, 128] {
        let path = git_that(home, &format!("exit {status}"));
        home.run(&mut started(home, program, path)).exits(status);
    }
}

#[test]
fn fedgit_passes_gits_status_on() {
    let home = Home::empty(Scenario::adfs());
    passes_gits_status_on(
        &home,
        Path::new(env!("CARGO_BIN_EXE_git-remote-codecommit")),
    );
}

#[test]
#[ignore = "needs git-remote-codecommit: .ci/run installs it and runs this"]
fn the_rival_passes_gits_status_on() {
    let rival = peer("git-remote-codecommit");
    passes_gits_status_on(&Home::empty(Scenario::adfs()), &rival);
}

/// What is said after a Ctrl-C, which the terminal sends to all that runs in front of it.
fn after_an_interrupt(home: &Home, program: &Path) -> String {
    let path = git_that(home, "sleep 3");
    let mut command = started(home, program, path);
    command.stderr(std::process::Stdio::piped());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let helper = command.spawn().unwrap();
    while !home.file("there").exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let group = format!("-{}", helper.id());
    let kill = Command::new("kill")
        .args(["-s", "INT", "--", &group])
        .status();
    assert!(kill.unwrap().success());
    let output = helper.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_interrupt_is_gits_business() {
    let home = Home::empty(Scenario::adfs());
    let fedgit = Path::new(env!("CARGO_BIN_EXE_git-remote-codecommit"));
    assert_eq!(after_an_interrupt(&home, fedgit), "");
}

#[test]
#[ignore = "needs git-remote-codecommit: .ci/run installs it and runs this"]
fn an_interrupt_of_the_rival_is_a_traceback() {
    let rival = peer("git-remote-codecommit");
    let said = after_an_interrupt(&Home::empty(Scenario::adfs()), &rival);
    assert!(said.contains("KeyboardInterrupt"), "{said}");
}
