//! What git cannot tell where CodeCommit says no: whose credentials were used. And what was wrong
//! besides.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use fedgit_testbed::{Scenario, Service};

use super::told;
use crate::world::{Home, Said};

const REPOSITORY: &str = "ExampleCorpRepository";
const REAL: &str = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos";
const ROLE: &str = "arn:aws:iam::111122223333:role/ADFS-Production";

/// A home that knows CodeCommit by its real names, signed in.
fn at_real_names() -> Home {
    let home = Home::new(Scenario::adfs());
    let example = home.example();
    let lines = example.lines().filter(|line| !line.starts_with("endpoint"));
    let lines: Vec<&str> = lines.collect();
    let more = "\n\n[repo.missing]\nrole = \"developer\"\nname = \"NotThere\"\n";
    home.write(".config/fedgit/fedgit.toml", lines.join("\n") + more);
    home.world.add_repository("us-east-1", REPOSITORY);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home
}

fn run(home: &Home, folder: &str, program: &str, args: &[&str]) -> Said {
    let mut command = home.command(program);
    command
        .current_dir(home.file(folder))
        .args(args)
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut command)
}

const FEDGIT: &str = env!("CARGO_BIN_EXE_fedgit");

/// 404 and 403, by every way that fedgit has a hand in to the end.
#[test]
fn who_asked_is_told_where_codecommit_says_no() {
    let home = at_real_names();
    let url = format!("{REAL}/NotThere");
    let by_remote = "codecommit://adfs@NotThere";
    let who = format!("profile adfs ({ROLE}) was to sign for NotThere in us-east-1");
    let ways: [(&str, &[&str]); 4] = [
        ("git", &["ls-remote", by_remote]),
        (FEDGIT, &["clone", "missing"]),
        (FEDGIT, &["git", "ls-remote", &url]),
        (FEDGIT, &["git", "clone", by_remote]),
    ];
    for (program, args) in ways {
        let said = run(&home, ".", program, args).exits(128);
        said.tells(&["not found", &who]);
    }
    home.world.revoke_keys();
    let said = run(&home, ".", "git", &["ls-remote", by_remote]).exits(128);
    said.tells(&["403", &who, "to have new ones: fedgit logout adfs"]);
    // Where there are no credentials none were refused: what git says is another matter.
    home.fedgit(&["logout"]).exits(0);
    let said = run(&home, ".", "git", &["ls-remote", by_remote]).exits(128);
    said.clone().tells(&[&who, "fedgit whoami adfs"]);
    assert!(!said.err.contains("403"), "{said:?}");
    // Nothing of it where git did what it was to do, and where it asked nobody.
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let there = format!("codecommit://adfs@{REPOSITORY}");
    for (program, args) in [
        ("git", &["clone", "--quiet", &there, "one"][..]),
        (FEDGIT, &["git", "-C", "one", "fetch", "--quiet"]),
        (FEDGIT, &["git", "-C", "one", "status", "--short"]),
    ] {
        let said = run(&home, ".", program, args).exits(0);
        assert_eq!(said.err, "", "{args:?}");
    }
    let said = run(&home, "one", FEDGIT, &["git", "rev-parse", "--verify", "x"]);
    assert!(!said.err.contains("was to sign"), "{said:?}");
}

/// What the help names is what helps: a key that was revoked is in the cache still.
#[test]
fn a_logout_gets_rid_of_a_revoked_key() {
    let home = at_real_names();
    home.world.revoke_keys();
    let there = format!("codecommit://adfs@{REPOSITORY}");
    let listed = || {
        let mut git = home.command("git");
        git.args(["ls-remote", &there])
            .env("HTTPS_PROXY", home.world.proxy_url());
        home.run(&mut git)
    };
    for _ in 0..2 {
        listed().exits(128).tells(&["403", "fedgit logout adfs"]);
    }
    home.fedgit(&["logout", "adfs"]).exits(0);
    home.fedgit_as_script(&["whoami", "adfs"]).exits(0);
    listed().exits(0);
}

/// As git writes hosts and ports in its questions: as they stand in the address.
#[test]
fn an_address_in_other_letters_and_with_its_port() {
    let home = at_real_names();
    for host in [
        "git-codecommit.us-east-1.amazonaws.com:443",
        "Git-CodeCommit.us-east-1.amazonaws.com",
    ] {
        let url = format!("https://{host}/v1/repos/{REPOSITORY}");
        let said = run(&home, ".", FEDGIT, &["git", "ls-remote", &url]).exits(0);
        assert!(said.out.contains("refs/heads/main"), "{said:?}");
    }
}

/// What ends git ends the helper that waits, and what that waits for.
#[test]
fn a_signal_reaches_what_the_remote_helper_waits_for() {
    let home = at_real_names();
    // A git that says that it runs, and then waits to be told to end.
    home.program(
        "fake/git",
        "#!/bin/sh\ntrap 'echo ended > \"$HOME/ended\"; exit 7' TERM\necho > \"$HOME/runs\"\n\
         while :; do sleep 0.05; done\n",
    );
    let path = std::env::var_os("PATH").unwrap();
    let folders = std::iter::once(home.file("fake")).chain(std::env::split_paths(&path));
    let mut child = home
        .command(env!("CARGO_BIN_EXE_git-remote-codecommit"))
        .args(["origin", &format!("codecommit://adfs@{REPOSITORY}")])
        .env("PATH", std::env::join_paths(folders).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    waits_for(&home.file("runs"));
    let mut kill = home.command("kill");
    home.run(kill.args(["-TERM", &child.id().to_string()]))
        .exits(0);
    assert_eq!(child.wait().unwrap().code(), Some(7));
    assert_eq!(home.read("ended"), "ended\n");
}

fn waits_for(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "{path:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// git takes a pair once for each command. One that is too old before the second request of a push
/// is refused (403), on which git asks nobody again; the same again has a new one.
#[test]
fn a_pair_that_ends_within_a_push_is_told_and_the_next_push_works() {
    let home = at_real_names();
    let remote = format!("codecommit://adfs@{REPOSITORY}");
    run(&home, ".", "git", &["clone", "--quiet", &remote, "one"]).exits(0);
    home.write("one/new", "new\n");
    run(&home, "one", "git", &["add", "new"]).exits(0);
    run(&home, "one", "git", &["commit", "--quiet", "-m", "new"]).exits(0);
    // git runs it between the two requests.
    home.program(
        "one/.git/hooks/pre-push",
        "#!/bin/sh\ntouch \"$HOME/between\"\nwhile [ ! -e \"$HOME/go\" ]; do sleep 0.05; done\n",
    );
    let said = std::thread::scope(|scope| {
        let push = scope.spawn(|| run(&home, "one", "git", &["push", "--quiet"]));
        waits_for(&home.file("between"));
        home.world.set_clock_offset(16 * 60);
        home.write("go", "");
        push.join().unwrap()
    });
    assert_ne!(said.code, 0, "{said:?}");
    said.tells(&["403", "note: profile adfs", "ended meanwhile"]);
    home.world.set_clock_offset(0);
    run(&home, "one", "git", &["push", "--quiet"]).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// git-lfs asks git's helpers too.
#[test]
fn lfs_is_told_that_codecommit_has_none() {
    let home = at_real_names();
    let requests = home.world.ledger().entries().len();
    let mut command = home.command(FEDGIT);
    command.args(["git-credential", "--profile=adfs", "get"]);
    let question = "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\n\
                    path=v1/repos/R.git/info/lfs\n";
    let said = told(&home, &mut command, question);
    assert_eq!(said.out, "quit=1\n");
    said.tells(&["CodeCommit has no Git LFS", "files of R", "lfs.url"]);
    assert_eq!(home.world.ledger().entries().len(), requests);
}

/// `fedgit git` with a password for scripts, with several repositories, and without a fedgit.toml.
#[test]
fn fedgit_git_for_any_codecommit_url() {
    let home = at_real_names();
    home.fedgit(&["logout"]).exits(0);
    let logins = home.world.ledger().login_attempts();
    let listed = |folder: &str, args: &[&str]| {
        let mut command = home.command(FEDGIT);
        command
            .arg("git")
            .args(args)
            .current_dir(home.file(folder))
            .env("HTTPS_PROXY", home.world.proxy_url())
            .env("FEDGIT_PASSWORD", home.world.password());
        home.run(&mut command)
    };
    // Two are declared.
    let declared = format!("{REAL}/{REPOSITORY}");
    let said = listed(".", &["ls-remote", &declared]).exits(0);
    assert!(said.out.contains("refs/heads/main"), "{said:?}");
    assert_eq!(home.world.ledger().login_attempts(), logins + 1);
    // One that nobody declared, in a region that nobody named; and by the remote of a clone.
    home.world.add_repository("eu-west-1", "Undeclared");
    let undeclared = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/Undeclared";
    listed(".", &["clone", "--quiet", undeclared, "u"]).exits(0);
    home.fedgit(&["logout"]).exits(0);
    listed(".", &["-C", "u", "fetch", "--quiet"]).exits(0);
    listed("u", &["fetch", "--quiet"]).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), logins + 2);
    // No fedgit.toml, and keys of one's own.
    let (id, secret) = home.world.add_static_key();
    std::fs::remove_file(home.file(".config/fedgit/fedgit.toml")).unwrap();
    let keys = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    home.write(".aws/credentials", keys);
    listed(".", &["ls-remote", undeclared]).exits(0);
    let counted = home.world.ledger().count(Service::CodeCommit);
    assert!(counted > 0);
}
