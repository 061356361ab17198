//! Many repositories at once.

use std::fs;
use std::process::Command;

use fedgit_testbed::{Scenario, Service};

use crate::world::{Home, Said};

pub(super) const REPOSITORY: &str = "ExampleCorpRepository";

/// A home with a group of repositories by pattern, and one by name.
pub(super) fn with_group(pattern: &str) -> Home {
    let home = Home::new(Scenario::adfs());
    let group = format!(
        "\n[repo.team]\nrole = \"developer\"\nnames = [\"{pattern}\"]\nendpoint = \"{}\"\n",
        home.world.codecommit_url()
    );
    home.write(".config/fedgit/fedgit.toml", home.example() + &group);
    home.world.add_repository("us-east-1", REPOSITORY);
    home
}

pub(super) fn fedgit(home: &Home, args: &[&str]) -> Command {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(args)
        .env("FEDGIT_PASSWORD", home.world.password())
        .env("AWS_ENDPOINT_URL_CODECOMMIT", home.world.codecommit_url());
    command
}

pub(super) fn run(home: &Home, args: &[&str]) -> Said {
    home.run(&mut fedgit(home, args))
}

#[test]
fn many_clones_by_one_login_and_none_is_lost() {
    clones(24);
}

#[test]
#[ignore = "takes a minute or three: .ci/run runs this"]
fn two_hundred_clones_by_one_login_and_none_is_lost() {
    clones(200);
}

fn clones(count: usize) {
    let home = with_group("team-*");
    let names: Vec<String> = (1..count).map(|n| format!("team-{n:03}")).collect();
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    home.world.fail_once(3);
    let said = run(&home, &["clone", "--all", "--jobs", "8", "work"]).exits(0);
    let all = format!("{count} repositories: {count} cloned, 0 there already, 0 failed");
    said.tells(&[&all]);
    for name in names.iter().map(String::as_str).chain([REPOSITORY]) {
        assert!(
            home.file(&format!("work/{name}/README.md")).is_file(),
            "{name}"
        );
    }
    assert_eq!(fs::read_dir(home.file("work")).unwrap().count(), count);
    let ledger = home.world.ledger();
    assert_eq!(ledger.login_attempts(), 1);
    assert_eq!(ledger.count(Service::Sts), 1);
    let flawed = ledger
        .entries()
        .iter()
        .filter(|entry| entry.note == "a flaw")
        .count();
    assert!(flawed > count / 2, "{flawed}");
    // Again: nothing is left to do, and nothing is done.
    let requests = home.world.ledger().count(Service::CodeCommit);
    run(&home, &["clone", "--all", "work"])
        .exits(0)
        .tells(&[&format!(
            "{count} repositories: 0 cloned, {count} there already, 0 failed"
        )]);
    assert_eq!(home.world.ledger().count(Service::CodeCommit), requests);
}

#[test]
fn what_is_in_the_way_fails_alone() {
    let home = with_group("team-*");
    let names = ["team-a".to_owned(), "team-b".to_owned()];
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    home.write("work/team-a/precious", "mine\n");
    let said = run(&home, &["clone", "--all", "work"]).exits(1);
    said.tells(&[
        "work/team-a",
        "is no clone of this",
        "3 repositories: 2 cloned",
        "1 failed",
    ]);
    assert_eq!(home.read("work/team-a/precious"), "mine\n");
    assert!(home.file("work/team-b/README.md").is_file());
    // One that is not there, or not permitted: the profile is named, and it is not tried again.
    let config = home.read(".config/fedgit/fedgit.toml");
    let missing = format!(
        "{config}\n[repo.missing]\nrole = \"developer\"\nendpoint = \"{}\"\n",
        home.world.codecommit_url()
    );
    home.write(".config/fedgit/fedgit.toml", missing);
    let said = run(&home, &["clone", "--all", "work"]).exits(1);
    said.tells(&[
        "work/missing",
        "(profile adfs)",
        "2 there already, 2 failed",
    ]);
    // A single one by a name that fits, and one that fits nothing.
    run(&home, &["clone", "team-b", "single"]).exits(0);
    assert!(home.file("single/README.md").is_file());
    run(&home, &["clone", "exampel"])
        .exits(2)
        .tells(&["did you mean", "example"]);
    run(&home, &["clone", "example", "work/team-a"]).exits(128);
}

#[test]
fn ctrl_c_leaves_no_half_clone() {
    let home = with_group("team-*");
    let names: Vec<String> = (0..120).map(|n| format!("team-{n:03}")).collect();
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    run(&home, &["login"]).exits(0);
    // A person's shell ignores no signal, whatever the runner of these tests does.
    let mut command = home.command("env");
    command
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_fedgit")])
        .args(["clone", "--all", "--jobs", "2", "work"])
        .env("AWS_ENDPOINT_URL_CODECOMMIT", home.world.codecommit_url());
    command.stderr(fs::File::create(home.file("said")).unwrap());
    let mut child = command.spawn().unwrap();
    // Once some are there.
    let cloned = || fs::read_dir(home.file("work")).map_or(0, Iterator::count);
    while cloned() < 5 {
        assert!(child.try_wait().unwrap().is_none(), "{}", home.read("said"));
        std::thread::yield_now();
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{}", home.read("said"));
    assert!(home.read("said").contains("run the same again for them"));
    for entry in fs::read_dir(home.file("work")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        assert!(!name.contains("fedgit-part"), "{name}");
        assert!(entry.path().join("README.md").is_file(), "{name}");
    }
    // And the same again.
    run(&home, &["clone", "--all", "work"])
        .exits(0)
        .tells(&["121 repositories: "]);
    assert_eq!(cloned(), 121);
}

#[test]
fn what_the_service_has_in_every_role_and_region() {
    let home = with_group("team-*");
    let names: Vec<String> = (0..70).map(|n| format!("team-{n:03}")).collect();
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    home.world.add_repository("eu-west-1", "elsewhere");
    let config = home.read(".config/fedgit/fedgit.toml");
    let more = "\n[role.abroad]\nidp = \"corp\"\n\
                arn = \"arn:aws:iam::111122223333:role/ADFS-Production\"\nregion = \"eu-west-1\"\n";
    home.write(".config/fedgit/fedgit.toml", config + more);
    home.world.fail_once(2);
    let said = run(&home, &["repo", "list", "--remote", "--json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let rows = report["repositories"].as_array().unwrap();
    assert_eq!(rows.len(), 72);
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(row("elsewhere")["region"], "eu-west-1");
    assert_eq!(row("elsewhere")["profile"], "abroad");
    assert_eq!(row("elsewhere")["declared"], serde_json::Value::Null);
    assert_eq!(row("team-069")["declared"], "team");
    assert_eq!(row(REPOSITORY)["declared"], "example");
    assert_eq!(home.world.ledger().login_attempts(), 1);
    let said = run(&home, &["repo", "list", "--remote"]).exits(0);
    assert!(said.out.contains("team-001"), "{}", said.out);
    // The declaration alone asks nobody.
    let requests = home.world.ledger().entries().len();
    let said = run(&home, &["repo", "list"]).exits(0);
    assert!(said.out.contains("team-*"), "{}", said.out);
    assert_eq!(home.world.ledger().entries().len(), requests);
    // What it refuses is told, and the rest is there.
    home.world.fail_once(0);
    home.world.revoke_keys();
    run(&home, &["repo", "list", "--remote"])
        .exits(5)
        .tells(&["refused ListRepositories"]);
}

/// What is declared by a pattern is wired too, for one run.
#[test]
fn one_run_of_git_knows_what_fits_a_pattern() {
    let home = with_group("team-*");
    let names = ["team-a".to_owned(), "other".to_owned()];
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    run(&home, &["login"]).exits(0);
    let url = |name: &str| format!("{}/v1/repos/{name}", home.world.codecommit_url());
    for name in ["team-a", REPOSITORY] {
        run(&home, &["git", "ls-remote", &url(name)]).exits(0);
    }
    let said = run(&home, &["git", "why", &url("team-a")]).exits(0);
    assert!(said.out.contains("[repo.team]"), "{}", said.out);
    // A name that fits nothing: the only profile there is.
    run(&home, &["git", "ls-remote", &url("other")]).exits(0);
}

#[test]
fn add_declares_one() {
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["repo", "add", "Other.Repo"]).exits(0);
    home.fedgit(&[
        "repo",
        "add",
        "Third",
        "--alias",
        "t",
        "--profile",
        "adfs",
        "--region",
        "eu-west-1",
    ])
    .exits(0);
    home.fedgit(&["check"]).exits(0).tells(&["3 repositories"]);
    let said = home.fedgit(&["repo", "list"]).exits(0);
    assert!(
        said.out
            .contains("git-codecommit.eu-west-1.amazonaws.com/v1/repos/Third"),
        "{}",
        said.out
    );
    home.fedgit(&["repo", "add", "Third", "--alias", "t"])
        .exits(2)
        .tells(&["there already", "--alias"]);
    home.fedgit(&["repo", "add", "R", "--role", "develpoer"])
        .exits(2)
        .tells(&["did you mean", "developer"]);
    home.fedgit(&["repo", "add", "a/b"]).exits(2);
}

#[test]
fn sync_forwards_what_it_may_and_touches_nothing_else() {
    let home = with_group("team-*");
    let names: Vec<String> = ["a", "b", "c", "d", "e"]
        .map(|n| format!("team-{n}"))
        .to_vec();
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    run(&home, &["clone", "--all", "work"]).exits(0);
    // Somebody else pushes to all of them.
    run(&home, &["clone", "example", "other"]).exits(0);
    home.write("other/new.txt", "new\n");
    home.git("other", &["add", "new.txt"]).exits(0);
    home.git("other", &["commit", "--quiet", "-m", "new"])
        .exits(0);
    home.git("other", &["push", "--quiet"]).exits(0);
    for name in &names {
        let bare = home.world.repository_path("us-east-1", name);
        let from = home.world.repository_path("us-east-1", REPOSITORY);
        let bare = bare.to_str().unwrap();
        home.git(
            ".",
            &[
                "-C",
                bare,
                "fetch",
                "--quiet",
                from.to_str().unwrap(),
                "main:main",
            ],
        )
        .exits(0);
    }
    home.write("work/team-a/README.md", "edited\n");
    home.write("work/team-b/new.txt", "in the way\n");
    home.git("work/team-c", &["checkout", "--quiet", "--detach"])
        .exits(0);
    home.write("work/team-d/own.txt", "own\n");
    home.git("work/team-d", &["add", "own.txt"]).exits(0);
    home.git("work/team-d", &["commit", "--quiet", "-m", "own"])
        .exits(0);
    fs::remove_dir_all(home.file("work/team-e")).unwrap();
    home.world.fail_once(3);
    let said = run(&home, &["repo", "sync", "work"]).exits(0);
    said.clone().tells(&[
        "work/ExampleCorpRepository: fast-forwarded",
        "work/team-a: fetched, and left as it is: its tree has changes",
        "work/team-b: fetched, and left as it is: its tree has changes",
        "work/team-c: fetched, and left as it is: no branch is checked out",
        "work/team-d: fetched, and left as it is: it and what it follows have gone different ways",
        "6 repositories: 0 up to date, 1 fast-forwarded, 4 left as they are, 0 failed, 1 not cloned",
    ]);
    assert_eq!(home.read("work/team-a/README.md"), "edited\n");
    assert!(!home.file("work/team-a/new.txt").exists());
    assert_eq!(home.read("work/team-b/new.txt"), "in the way\n");
    assert_eq!(home.read(&format!("work/{REPOSITORY}/new.txt")), "new\n");
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn open_leads_to_the_repository() {
    let home = Home::new(Scenario::adfs());
    let mut command = fedgit(&home, &["open", "example", "--print"]);
    command.env("AWS_ENDPOINT_URL_SIGNIN", home.world.sign_in_url());
    let said = home.run_for_credentials(&mut command).exits(0);
    let page = "codesuite%2Fcodecommit%2Frepositories%2FExampleCorpRepository%2Fbrowse";
    assert!(said.out.contains(page), "{}", said.out);
    run(&home, &["open", "exampel"])
        .exits(2)
        .tells(&["did you mean"]);
}

#[test]
fn a_pattern_means_no_hidden_folders() {
    let home = with_group("*");
    let names = [".cargo", "team-a"].map(str::to_owned);
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    let said = run(&home, &["clone", "--all", "work"]).exits(0);
    said.tells(&[
        ".cargo is left out",
        "[repo.team]",
        "2 repositories: 2 cloned",
    ]);
    let mut there: Vec<_> = fs::read_dir(home.file("work"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    there.sort();
    assert_eq!(there, [REPOSITORY, "team-a"]);
}

#[test]
fn sync_keeps_to_the_clones() {
    let home = with_group("team-*");
    let names = ["team-a".to_owned(), "team-b".to_owned()];
    home.world.copy_repository("us-east-1", REPOSITORY, &names);
    run(&home, &["login"]).exits(0);
    // Around the clones is another repository, which is behind; in the place of a clone is a folder
    // of it, and one more is a clone of something else.
    run(&home, &["clone", "example", "outer"]).exits(0);
    run(&home, &["clone", "example", "theirs"]).exits(0);
    home.write("theirs/.gitignore", ".env\n");
    home.git("theirs", &["add", ".gitignore"]).exits(0);
    home.git("theirs", &["commit", "--quiet", "-m", "ignore"])
        .exits(0);
    home.git("theirs", &["push", "--quiet"]).exits(0);
    let in_outer = |args: &[&str]| {
        let mut command = fedgit(&home, args);
        command.current_dir(home.file("outer/work"));
        home.run(&mut command)
    };
    home.write("outer/work/team-a/file", "mine\n");
    home.git(".", &["init", "--quiet", "outer/work/team-b"])
        .exits(0);
    let mut command = fedgit(
        &home,
        &["clone", "example", "outer/work/ExampleCorpRepository"],
    );
    home.run(&mut command).exits(0);
    home.write("outer/work/ExampleCorpRepository/.env", "mine\n");
    home.write("theirs/.env", "theirs\n");
    home.git("theirs", &["add", "--force", ".env"]).exits(0);
    home.git("theirs", &["commit", "--quiet", "-m", "env"])
        .exits(0);
    home.git("theirs", &["push", "--quiet"]).exits(0);
    let head = |folder: &str| home.git(folder, &["rev-parse", "HEAD", "@{upstream}"]).out;
    let before = head("outer");
    let said = in_outer(&["repo", "sync"]).exits(1);
    said.tells(&[
        "team-a: it is there, and is no clone of this",
        "team-b: it is there, and is no clone of this",
        "3 failed",
    ]);
    let mut command = fedgit(&home, &["repo", "sync"]);
    command
        .current_dir(home.file("outer/work"))
        .env("GIT_DIR", home.file("outer/.git"))
        .env("GIT_WORK_TREE", home.file("outer"));
    home.run(&mut command).exits(1);
    assert_eq!(head("outer"), before);
    // git knows it as one to ignore, and would write over it without a word.
    assert_eq!(home.read("outer/work/ExampleCorpRepository/.env"), "mine\n");
}
