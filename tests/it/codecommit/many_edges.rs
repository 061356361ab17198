//! Many repositories at once, where something is not as usual.

use std::fs;

use super::many::{REPOSITORY, fedgit, run, with_group};

/// What `repo sync` takes for a clone `clone --all` takes too: by whichever form of the address, and
/// of this region.
#[test]
fn a_clone_by_another_form_of_the_address_is_one() {
    let home = with_group("team-*");
    let names = ["team-a", "team-b", "team-c"].map(str::to_owned);
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    run(&home, &["clone", "--all", "work"]).exits(0);
    let remote = |name: &str, url: &str| {
        home.git(
            &format!("work/{name}"),
            &["remote", "set-url", "origin", url],
        )
        .exits(0);
    };
    remote(REPOSITORY, "codecommit://ExampleCorpRepository");
    remote("team-a", "codecommit::us-east-1://adfs@team-a");
    run(&home, &["clone", "--all", "work"])
        .exits(0)
        .tells(&["0 cloned, 4 there already, 0 failed"]);
    run(&home, &["repo", "sync", "work"]).exits(0);
    // The same name elsewhere.
    remote("team-b", "https://127.0.0.1:9/v1/repos/team-b");
    remote("team-c", "codecommit::eu-west-1://adfs@team-c");
    for args in [&["clone", "--all", "work"][..], &["repo", "sync", "work"]] {
        run(&home, args).exits(1).tells(&[
            "work/team-b: it is there, and is no clone of this",
            "work/team-c: it is there, and is no clone of this",
            "2 failed",
        ]);
    }
}

/// git's words are read in English, whoever speaks what.
#[test]
fn a_no_is_a_no_in_every_language() {
    let home = with_group("team-*");
    home.world
        .copy_repository("us-east-1", REPOSITORY, &["team-a".to_owned()]);
    run(&home, &["clone", "--all", "work"]).exits(0);
    // A git that speaks German where it is not told to speak English.
    let real = which_git();
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = config ] || [ \"$1\" = version ]; then exec {} \"$@\"; fi\n\
         echo run >> \"$HOME/runs\"\n\
         if [ \"$LC_ALL\" = C ] && [ -z \"$LANGUAGE\" ]; then echo 'fatal: repository not found' >&2\n\
         else echo 'Schwerwiegend: Repository nicht gefunden' >&2; fi\nexit 128\n",
        real.display()
    );
    home.program("german/git", script);
    let path = std::env::var_os("PATH").unwrap();
    let folders = std::iter::once(home.file("german")).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).unwrap();
    for args in [&["repo", "sync", "work"][..], &["clone", "--all", "new"]] {
        let _ = fs::remove_file(home.file("runs"));
        let mut command = fedgit(&home, args);
        command
            .env("PATH", &path)
            .env("LC_ALL", "de_DE.UTF-8")
            .env("LANGUAGE", "de");
        let said = home.run(&mut command).exits(1);
        said.tells(&["not found (profile adfs)", "2 failed"]);
        // Each once: a no is not tried again.
        assert_eq!(home.read("runs").lines().count(), 2);
    }
}

fn which_git() -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut programs = std::env::split_paths(&path).map(|folder| folder.join("git"));
    programs.find(|program| program.is_file()).unwrap()
}

/// A name that git would take for an option is not taken, and that is said.
#[test]
fn a_name_that_is_not_taken_is_told() {
    let home = with_group("*");
    let names = ["-u", "team-a"].map(str::to_owned);
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    for args in [&["repo", "list", "--remote"][..], &["clone", "--all", "w"]] {
        run(&home, args)
            .exits(0)
            .tells(&["\"-u\" in us-east-1 (profile adfs) is left out"]);
    }
    assert!(home.file("w/team-a/README.md").is_file());
}

/// One login for all roles; where it comes to nothing that is said once, and nobody is asked again.
#[test]
fn a_login_for_many_roles_fails_once() {
    let home = with_group("team-*");
    let mut config = home.read(".config/fedgit/fedgit.toml");
    for n in 0..6 {
        config += &format!(
            "\n[role.more{n}]\nidp = \"corp\"\n\
             arn = \"arn:aws:iam::111122223333:role/ADFS-Production\"\nsession_duration = \"{}m\"\n",
            20 + n
        );
    }
    home.write(".config/fedgit/fedgit.toml", config);
    let mut wrong = fedgit(&home, &["repo", "list", "--remote"]);
    wrong.env("FEDGIT_PASSWORD", "not-it");
    // It was refused, and nothing else went wrong.
    let said = home.run(&mut wrong).exits(5);
    assert_eq!(said.err.matches("error:").count(), 1, "{}", said.err);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    run(&home, &["login"]).exits(0);
    home.fedgit(&["logout"]).exits(0);
    let before = home.world.ledger().login_attempts();
    run(&home, &["repo", "list", "--remote"]).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), before + 1);
}

/// A script is told that a person is needed, whatever the number of repositories.
#[test]
fn nobody_to_ask_is_told_by_the_exit_code() {
    let home = with_group("team-*");
    let names = ["team-a", "team-b"].map(str::to_owned);
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    run(&home, &["clone", "--all", "work"]).exits(0);
    home.fedgit(&["logout"]).exits(0);
    let silent = |args: &[&str]| {
        let mut command = fedgit(&home, args);
        command.arg("--no-input").env_remove("FEDGIT_PASSWORD");
        home.run(&mut command)
    };
    for args in [
        &["clone", "--all", "work"][..],
        &["clone", "--all", "elsewhere"],
        &["repo", "list", "--remote"],
        &["repo", "sync", "work"],
    ] {
        silent(args).exits(4).tells(&["fedgit login corp"]);
    }
    // Something else is wrong besides.
    home.git(
        &format!("work/{REPOSITORY}"),
        &[
            "remote",
            "set-url",
            "origin",
            "https://127.0.0.1:9/v1/repos/x",
        ],
    )
    .exits(0);
    let config = home.read(".config/fedgit/fedgit.toml");
    let other = "\n[role.keys]\nsource_profile = \"mine\"\nregion = \"us-east-1\"\n\
                 arn = \"arn:aws:iam::444455556666:role/Deploy\"\n";
    home.write(".config/fedgit/fedgit.toml", config + other);
    silent(&["repo", "list", "--remote"]).exits(1);
}

/// Ctrl-C at one question is meant for all of them, and for what was to come after.
#[test]
fn ctrl_c_at_a_question_ends_it_all() {
    let home = with_group("team-*");
    let text = home.read(".config/fedgit/fedgit.toml");
    let (idp, _) = text.split_once("\n\n").unwrap();
    let other = idp
        .replace("corp", "other")
        .replace("username@domain", "other@domain");
    let second = "[role.second]\nidp = \"other\"\n\
                  arn = \"arn:aws:iam::111122223333:role/Second\"\n\
                  [repo.second]\nrole = \"second\"\nname = \"Second\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{text}\n{other}\n\n{second}"),
    );
    for args in ["clone --all work", "repo list --remote"] {
        let line = format!("{} {args}; echo \"code $?\"", env!("CARGO_BIN_EXE_fedgit"));
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("password of").unwrap();
        person.send_control('c').unwrap();
        let shown = person.exp_string("code 130").unwrap();
        assert!(!shown.contains("password of"), "asked again: {shown}");
    }
}
