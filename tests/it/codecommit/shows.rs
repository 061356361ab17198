//! An unmodified git against CodeCommit: all that people do with it.

use fedgit_testbed::{Scenario, Service};

use super::told;
use crate::world::{Home, Said};

const REPOSITORY: &str = "ExampleCorpRepository";

/// A home that knows CodeCommit by its real names and by `codecommit://`, signed in.
fn at_real_names() -> Home {
    let home = Home::new(Scenario::adfs());
    let example = home.example();
    let lines = example.lines().filter(|line| !line.starts_with("endpoint"));
    let lines: Vec<&str> = lines.collect();
    home.write(".config/fedgit/fedgit.toml", lines.join("\n"));
    home.world.add_repository("us-east-1", REPOSITORY);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home
}

fn git(home: &Home, folder: &str, args: &[&str]) -> Said {
    let mut command = home.command("git");
    command
        .current_dir(home.file(folder))
        .args(args)
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut command)
}

#[test]
#[ignore = "takes a minute: .ci/run runs this"]
fn a_push_of_fifty_megabytes() {
    let home = at_real_names();
    let url = format!("codecommit://adfs@{REPOSITORY}");
    git(&home, ".", &["clone", "--quiet", &url, "one"]).exits(0);
    // Not compressible.
    let mut noise = 7_u64;
    let mut bytes = Vec::with_capacity(50 << 20);
    while bytes.len() < 50 << 20 {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        bytes.extend_from_slice(&noise.to_le_bytes());
    }
    home.write("one/noise", &bytes);
    git(&home, "one", &["add", "noise"]).exits(0);
    git(&home, "one", &["commit", "--quiet", "-m", "noise"]).exits(0);
    git(&home, "one", &["push", "--quiet"]).exits(0);
    git(&home, ".", &["clone", "--quiet", &url, "two"]).exits(0);
    assert!(std::fs::read(home.file("two/noise")).unwrap() == bytes);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn shallow_partial_worktree_bundle_and_the_rest() {
    let home = at_real_names();
    let url = format!("codecommit::us-east-1://adfs@{REPOSITORY}");
    git(
        &home,
        ".",
        &["clone", "--quiet", "--depth", "1", &url, "shallow"],
    )
    .exits(0);
    git(&home, "shallow", &["fetch", "--quiet", "--unshallow"]);
    git(
        &home,
        ".",
        &["clone", "--quiet", "--filter=blob:none", &url, "partial"],
    )
    .exits(0);
    git(
        &home,
        "partial",
        &["worktree", "add", "--quiet", "../tree", "-b", "side"],
    )
    .exits(0);
    home.write("tree/side.txt", "side\n");
    git(&home, "tree", &["add", "side.txt"]).exits(0);
    git(&home, "tree", &["commit", "--quiet", "-m", "side"]).exits(0);
    git(&home, "tree", &["push", "--quiet", "-u", "origin", "side"]).exits(0);
    let listed = git(&home, ".", &["ls-remote", &url]).exits(0);
    assert!(listed.out.contains("refs/heads/side"), "{}", listed.out);
    git(
        &home,
        "shallow",
        &["bundle", "create", "--quiet", "../all.bundle", "--all"],
    )
    .exits(0);
    git(
        &home,
        ".",
        &["clone", "--quiet", "all.bundle", "from-bundle"],
    )
    .exits(0);
    // What needs no answer of the server asks for no credentials.
    home.fedgit(&["logout"]).exits(0);
    let requests = home.world.ledger().entries().len();
    git(&home, "shallow", &["remote", "show", "-n", "origin"]).exits(0);
    git(&home, "shallow", &["remote", "get-url", "origin"]).exits(0);
    git(&home, "shallow", &["remote", "-v"]).exits(0);
    assert_eq!(home.world.ledger().entries().len(), requests);
}

#[test]
fn a_submodule_where_it_is_allowed() {
    let home = at_real_names();
    home.world.add_repository("us-east-1", "Inner");
    let url = format!("codecommit://adfs@{REPOSITORY}");
    git(&home, ".", &["clone", "--quiet", &url, "outer"]).exits(0);
    let inner = "codecommit://adfs@Inner";
    git(
        &home,
        "outer",
        &["submodule", "--quiet", "add", inner, "inner"],
    )
    .exits(128)
    .tells(&["transport 'codecommit' not allowed"]);
    // Which is part of the setup.
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    git(
        &home,
        "outer",
        &["submodule", "--quiet", "add", inner, "inner"],
    )
    .exits(0);
    git(&home, "outer", &["commit", "--quiet", "-m", "inner"]).exits(0);
    git(&home, "outer", &["push", "--quiet"]).exits(0);
    git(
        &home,
        ".",
        &["clone", "--quiet", "--recurse-submodules", &url, "again"],
    )
    .exits(0);
    assert!(home.file("again/inner/README.md").is_file());
}

/// Static keys, as a profile of the user's own, in four partitions.
#[test]
fn twelve_regions_by_remote_and_credential_helper() {
    let home = Home::empty(Scenario::adfs());
    let (id, secret) = home.world.add_static_key();
    let keys = format!("[mine]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    home.write(".aws/credentials", keys);
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    for region in [
        "us-east-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-1",
        "ap-south-1",
        "ap-northeast-1",
        "sa-east-1",
        "af-south-1",
        "me-south-1",
        "cn-north-1",
        "cn-northwest-1",
        "us-gov-west-1",
        "us-gov-east-1",
        "eusc-de-east-1",
    ] {
        home.world.add_repository(region, "R");
        let suffix = match region.split('-').next() {
            Some("cn") => "com.cn",
            Some("eusc") => "eu",
            _ => "com",
        };
        let https = format!("https://git-codecommit.{region}.amazonaws.{suffix}/v1/repos/R");
        let fips = https.replace("git-codecommit.", "git-codecommit-fips.");
        let remote = format!("codecommit::{region}://mine@R");
        // Hosts with validated cryptography are America's.
        let fips = if suffix == "com" { &fips } else { &https };
        for url in [&remote, &https, fips] {
            let mut command = home.command("git");
            command
                .args(["ls-remote", url])
                .env("HTTPS_PROXY", home.world.proxy_url())
                .env("AWS_PROFILE", "mine");
            let said = home.run(home.trace(&mut command)).exits(0);
            assert!(said.out.contains("refs/heads/main"), "{url}: {}", said.out);
        }
    }
    let ledger = home.world.ledger();
    let refused = ledger
        .of(Service::CodeCommit)
        .filter(|entry| entry.status >= 400);
    assert_eq!(refused.count(), 0, "sent at once, and right");
}

/// A role of the user's own, by `source_profile`.
#[test]
fn a_role_that_starts_from_keys() {
    let home = Home::empty(Scenario::adfs());
    home.world.add_repository("us-east-1", REPOSITORY);
    let (id, secret) = home.world.add_static_key();
    let keys = format!("[mine]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    home.write(".aws/credentials", keys);
    home.write(
        ".aws/config",
        "[profile hub]\nregion = us-east-1\nsource_profile = mine\n\
         role_arn = arn:aws:iam::111122223333:role/Hub\n",
    );
    let url = format!("codecommit://hub@{REPOSITORY}");
    for _ in 0..3 {
        let mut command = home.command("git");
        command
            .args(["ls-remote", &url])
            .env("HTTPS_PROXY", home.world.proxy_url());
        home.run(home.trace(&mut command)).exits(0);
    }
    // Its session is kept, as every role's is.
    assert_eq!(home.world.ledger().count(Service::Sts), 1);
    // A profile that a clone's own fedgit.toml declares does not take its place.
    home.write(
        "clone/fedgit.toml",
        "[role.hub]\nsource_profile = \"mine\"\narn = \"arn:aws:iam::111122223333:role/Evil\"\n",
    );
    let mut command = home.command("git");
    command
        .args(["ls-remote", &url])
        .current_dir(home.file("clone"))
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut command).exits(0);
    assert_eq!(home.world.ledger().count(Service::Sts), 1);
}

/// A profile that fedgit wrote for another file: its own line is run, as every SDK runs it.
#[test]
fn a_profile_that_another_file_declares() {
    let home = at_real_names();
    let config = home.read(".config/fedgit/fedgit.toml");
    home.write("elsewhere.toml", &config);
    let elsewhere = home.file("elsewhere.toml");
    let elsewhere = elsewhere.to_str().unwrap();
    home.fedgit(&["--config", elsewhere, "apply"]).exits(0);
    std::fs::remove_file(home.file(".config/fedgit/fedgit.toml")).unwrap();
    home.fedgit_as_script(&["--config", elsewhere, "login"])
        .exits(0);
    let url = format!("codecommit://adfs@{REPOSITORY}");
    git(&home, ".", &["ls-remote", &url]).exits(0);
}

/// What a host, a path or a repository may not be, wherever it comes from.
#[test]
fn bad_names_go_nowhere() {
    let home = at_real_names();
    let host = "git-codecommit.us-east-1.amazonaws.com";
    let requests = home.world.ledger().entries().len();
    for path in [
        "v1/repos/my repo",
        "v1/repos/my%20repo",
        "v1/repos/..",
        "v1/repos/-u",
        "v1/repos/a/../b",
        "v1/repos/a\u{1b}[31m",
        "v1/repos/a\u{7f}",
        "v1/repos/%2e%2e",
        "v1/repos/",
        "",
    ] {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(["git-credential", "--profile=adfs", "get"]);
        let said = told(
            &home,
            &mut command,
            &format!("protocol=https\nhost={host}\npath={path}\n"),
        );
        assert_eq!(
            (said.code, said.out.as_str()),
            (1, "quit=1\n"),
            "{path:?}: {}",
            said.err
        );
        assert!(!said.err.contains('\u{1b}'), "{path:?}");
    }
    for url in [
        "codecommit://adfs@my repo",
        "codecommit://adfs@a%2fb",
        "codecommit://adfs@..",
        "codecommit://adfs@-u",
        "codecommit://adfs@a\nhost=evil.example",
        "codecommit://adfs@a\u{1b}[31m",
        "codecommit://adfs@a/../b",
    ] {
        let mut command = home.command(env!("CARGO_BIN_EXE_git-remote-codecommit"));
        let said = home.run(command.args(["origin", url])).exits(1);
        assert!(!said.err.contains('\u{1b}'), "{url:?}");
    }
    assert_eq!(home.world.ledger().entries().len(), requests);
}

/// The repository that is not there: git says so, and `why` says who was asked.
#[test]
fn a_repository_that_is_not_there_and_no_git() {
    let home = at_real_names();
    git(&home, ".", &["ls-remote", "codecommit://adfs@NotThere"])
        .exits(128)
        .tells(&["not found"]);
    let fedgit = env!("CARGO_BIN_EXE_fedgit");
    let empty = home.file("empty");
    std::fs::create_dir(&empty).unwrap();
    for (program, args) in [
        (fedgit, &["clone", "example"][..]),
        (fedgit, &["git", "status"]),
        (
            env!("CARGO_BIN_EXE_git-remote-codecommit"),
            &["origin", "codecommit://adfs@R"],
        ),
    ] {
        let mut command = home.command(program);
        home.run(command.args(args).env("PATH", &empty))
            .exits(1)
            .tells(&["cannot start git", "install git"]);
    }
    // Into a folder that is not empty: git's own words and code.
    home.write("full/file", "x");
    let mut command = home.command(fedgit);
    command
        .args(["clone", "example", "full"])
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut command)
        .exits(128)
        .tells(&["not an empty directory"]);
}

/// A pair that some other helper stored, long ended: 403, on which git gives up. Where fedgit is wired
/// it is never offered.
#[test]
fn a_stale_pair_of_another_helper_is_not_offered() {
    let home = at_real_names();
    let host = "git-codecommit.us-east-1.amazonaws.com";
    let stale = format!(
        "https://AKIDSTALE:20200101T000000Z{}@{host}\n",
        "0".repeat(64)
    );
    home.write(".git-credentials", &stale);
    home.git(".", &["config", "--global", "credential.helper", "store"])
        .exits(0);
    let url = format!("https://{host}/v1/repos/{REPOSITORY}");
    git(&home, ".", &["ls-remote", &url])
        .exits(128)
        .tells(&["403"]);
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    git(&home, ".", &["ls-remote", &url]).exits(0);
    git(
        &home,
        ".",
        &["ls-remote", &format!("codecommit://adfs@{REPOSITORY}")],
    )
    .exits(0);
    // Nothing was added either. (The bed took what stands there for a signature.)
    assert_eq!(home.read(".git-credentials"), stale);
    std::fs::remove_file(home.file(".git-credentials")).unwrap();
}

/// A host that git was sent to in the middle of a fetch: nothing of ours goes there.
#[test]
fn another_host_gets_nothing() {
    let home = at_real_names();
    for host in [
        "evil.example",
        "git-codecommit.us-east-1.amazonaws.com.evil.example",
        "127.0.0.1:10",
    ] {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        // As a repository with an endpoint of its own is wired.
        command.args(["git-credential", "--profile=adfs", "--region=us-east-1"]);
        command.args(["--host=127.0.0.1:9", "get"]);
        let question = format!("protocol=https\nhost={host}\npath=v1/repos/{REPOSITORY}\n");
        let said = told(&home, &mut command, &question).exits(0);
        assert_eq!(said.out, "");
    }
}
