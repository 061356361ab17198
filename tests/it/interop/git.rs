//! git with CodeCommit, by AWS's own helpers and by ours under the same conditions.

use std::process::Command;

use fedgit_testbed::{Entry, Scenario, Service};

use super::{Peers, commit, logged_in, served, signatures, unwatched};
use crate::world::Home;

const REPOSITORY: &str = "ExampleCorpRepository";
const REAL_URL: &str =
    "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/ExampleCorpRepository";

/// The mission's home without a word about where CodeCommit is.
fn without_endpoint() -> Home {
    let home = Home::new(Scenario::adfs());
    let text = home.example();
    let lines = text.lines().filter(|line| !line.starts_with("endpoint = "));
    home.write(
        ".config/fedgit/fedgit.toml",
        lines.collect::<Vec<_>>().join("\n"),
    );
    home.world.add_repository("us-east-1", REPOSITORY);
    home
}

/// Clones, commits and pushes, and finds the commit on the server. `on` prepares each git that
/// talks to it. With the peers git runs without traces: they show the user name, and so the token,
/// that those helpers give.
fn clone_and_push(home: &Home, url: &str, on: impl Fn(&mut Command) -> &mut Command) {
    let git = |folder: &str, args: &[&str]| {
        let mut git = home.command("git");
        git.current_dir(home.file(folder)).args(args);
        home.run(on(&mut git)).exits(0);
    };
    git("", &["clone", "--quiet", url, "clone"]);
    assert!(home.file("clone/README.md").is_file());
    commit(home, "clone", "hello.txt");
    git("clone", &["push", "--quiet"]);
    assert_eq!(served(home, REPOSITORY), ["README.md", "hello.txt"]);
}

/// As the AWS documentation has it: for every host.
fn set_helper(home: &Home, helper: &str) {
    for (key, value) in [("helper", helper), ("UseHttpPath", "true")] {
        let key = format!("credential.{key}");
        home.git("", &["config", "--global", &key, value]).exits(0);
    }
}

/// Everything that went through the proxy, each name once.
fn through_the_proxy(home: &Home) -> Vec<String> {
    let ledger = home.world.ledger();
    assert!(
        ledger
            .of(Service::Proxy)
            .all(|entry: &Entry| entry.status == 200)
    );
    let mut names: Vec<String> = ledger.of(Service::Proxy).map(|e| e.host.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// Nobody has logged in before: fedgit does it under a helper whose stdin is git's own protocol, and
/// one line read from there would hang git for ever. Only the Python helper signs the port with the
/// host.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn the_python_remote_helper_takes_our_credentials() {
    let peers = Peers::find();
    let home = without_endpoint();
    home.fedgit(&["apply"]).exits(0);
    clone_and_push(&home, "codecommit://adfs@ExampleCorpRepository", |git| {
        git.env("PATH", peers.before_ours())
            .env("FEDGIT_PASSWORD", home.world.password())
            .env("CODE_COMMIT_ENDPOINT", home.world.codecommit_host());
        unwatched(git)
    });
    assert_eq!(signatures(&home), ["signature ok (host with port)"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn the_aws_credential_helper_takes_our_credentials() {
    let peers = Peers::find();
    let home = logged_in(without_endpoint());
    let helper = "!aws --profile adfs codecommit credential-helper $@";
    set_helper(&home, helper);
    clone_and_push(&home, REAL_URL, |git| {
        git.env("PATH", peers.behind_ours())
            .env("HTTPS_PROXY", home.world.proxy_url())
    });
    assert_eq!(signatures(&home), ["signature ok (host)"]);
    assert_eq!(
        through_the_proxy(&home),
        ["git-codecommit.us-east-1.amazonaws.com:443"]
    );
}

/// It knows `--ignore-host-check` with `get` alone.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn the_aws_credential_helper_without_its_host_check() {
    let peers = Peers::find();
    let home = logged_in(without_endpoint());
    let helper = "!get() { aws --profile adfs codecommit credential-helper --ignore-host-check get; }; \
                  only() { test \"$1\" != get || get; }; only";
    set_helper(&home, helper);
    let url = format!("{}/v1/repos/{REPOSITORY}", home.world.codecommit_url());
    clone_and_push(&home, &url, |git| git.env("PATH", peers.behind_ours()));
    assert_eq!(signatures(&home), ["signature ok (host without port)"]);
}

/// With our program's name where the AWS documentation has its own.
#[test]
fn our_credential_helper_in_its_place() {
    let home = logged_in(without_endpoint());
    let helper = "!fedgit git-credential --profile adfs $@";
    set_helper(&home, helper);
    clone_and_push(&home, REAL_URL, |git| {
        home.trace(git.env("HTTPS_PROXY", home.world.proxy_url()))
    });
    assert_eq!(signatures(&home), ["signature ok (host)"]);
    assert_eq!(
        through_the_proxy(&home),
        ["git-codecommit.us-east-1.amazonaws.com:443"]
    );
}

#[test]
fn our_remote_helper_where_the_environment_names_the_host() {
    for host in ["127.0.0.1", "localhost"] {
        let home = logged_in(without_endpoint());
        let endpoint = home.world.codecommit_host().replace("127.0.0.1", host);
        clone_and_push(&home, "codecommit://adfs@ExampleCorpRepository", |git| {
            home.trace(git.env("CODE_COMMIT_ENDPOINT", &endpoint))
        });
        assert_eq!(
            signatures(&home),
            ["signature ok (host without port)"],
            "{host}"
        );
    }
}

/// Nothing names an endpoint: the real names of STS and CodeCommit, through the proxy, for every
/// way to a clone. The identity provider is on this machine and is reached without it.
#[test]
fn the_real_names_through_a_proxy() {
    let home = without_endpoint();
    let behind_proxy = |program: &str, folder: &str, args: &[&str]| {
        let mut command = home.command(program);
        command.current_dir(home.file(folder)).args(args);
        command
            .env_remove("AWS_ENDPOINT_URL_STS")
            .env("HTTPS_PROXY", home.world.proxy_url());
        command
    };
    let fedgit = env!("CARGO_BIN_EXE_fedgit");
    home.fedgit(&["apply"]).exits(0);
    let mut login = behind_proxy(fedgit, "", &["login", "corp"]);
    home.run(login.env("FEDGIT_PASSWORD", home.world.password()))
        .exits(0);

    let run = |program: &str, folder: &str, args: &[&str]| {
        home.run(home.trace(&mut behind_proxy(program, folder, args)))
            .exits(0);
    };
    run(fedgit, "", &["clone", "example", "one"]);
    commit(&home, "one", "one.txt");
    run("git", "one", &["push"]);
    run(
        "git",
        "",
        &["clone", "codecommit://adfs@ExampleCorpRepository", "two"],
    );
    commit(&home, "two", "two.txt");
    run("git", "two", &["push"]);
    run(
        "git",
        "",
        &[
            "clone",
            "codecommit::us-east-1://ExampleCorpRepository",
            "three",
        ],
    );
    run(fedgit, "", &["git", "clone", REAL_URL, "four"]);
    for clone in ["three", "four"] {
        assert!(home.file(clone).join("two.txt").is_file(), "{clone}");
    }
    assert_eq!(
        served(&home, REPOSITORY),
        ["README.md", "one.txt", "two.txt"]
    );
    assert_eq!(home.world.ledger().logins(), 1);
    assert_eq!(signatures(&home), ["signature ok (host)"]);
    assert_eq!(
        through_the_proxy(&home),
        [
            "git-codecommit.us-east-1.amazonaws.com:443",
            "sts.us-east-1.amazonaws.com:443"
        ]
    );
}
