//! `fedgit git setup` and `fedgit git why`.

use fedgit_testbed::Scenario;

use crate::world::Home;

const REPOSITORY: &str = "ExampleCorpRepository";
const REAL: &str = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/ExampleCorpRepository";

/// The mission's home without a word about where CodeCommit is.
fn at_real_names() -> Home {
    let home = Home::new(Scenario::adfs());
    let example = home.example();
    let lines: String = example
        .lines()
        .filter(|line| !line.starts_with("endpoint"))
        .map(|line| format!("{line}\n"))
        .collect();
    home.write(".config/fedgit/fedgit.toml", lines);
    home.world.add_repository("us-east-1", REPOSITORY);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home
}

#[test]
fn plain_git_after_a_setup_and_not_after_its_undo() {
    let home = at_real_names();
    let before = home.read(".gitconfig");
    let listed = |git: &str| {
        let mut command = home.command(git);
        command
            .args(["ls-remote", REAL])
            .env("HTTPS_PROXY", home.world.proxy_url());
        // An old git shows the user name in its trace, and so the token.
        match git {
            "git" => home.run(home.trace(&mut command)),
            _ => home.run(&mut command),
        }
    };
    let gits = ["git", "/usr/bin/git"];
    for git in gits
        .iter()
        .filter(|git| !git.starts_with('/') || std::path::Path::new(git).exists())
    {
        assert_ne!(listed(git).code, 0);
        home.fedgit(&["git", "setup", "--global"])
            .exits(0)
            .tells(&["git asks fedgit for every CodeCommit host"]);
        let said = listed(git).exits(0);
        assert!(said.out.contains("refs/heads/main"), "{}", said.out);
        // Another helper that comes later is asked for nothing and told nothing.
        let text = home.read(".gitconfig");
        home.fedgit(&["git", "setup", "--global"])
            .exits(0)
            .tells(&["stays as it is"]);
        assert_eq!(home.read(".gitconfig"), text);
        home.fedgit(&["git", "setup", "--global", "--undo"])
            .exits(0);
        assert_eq!(home.read(".gitconfig"), before);
    }
    home.fedgit(&["git", "setup", "--global", "--undo"])
        .exits(0)
        .tells(&["not set up there"]);
    assert_eq!(home.read(".gitconfig"), before);
}

/// The user name in an https URL is a profile, for small pushes and big ones. (git before 2.46 sends it
/// by itself, without a password, and CodeCommit says no to that.)
#[test]
fn an_address_with_a_profile_in_it() {
    let home = at_real_names();
    let run = |args: &[&str]| {
        let mut command = home.command("git");
        command
            .args(args)
            .env("HTTPS_PROXY", home.world.proxy_url());
        home.run(&mut command).exits(0).out
    };
    if run(&["version"]).as_str() < "git version 2.46" {
        println!("not proven: this git is an old one");
        return;
    }
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    let url = REAL.replace("https://", "https://adfs@");
    run(&["clone", "--quiet", &url, "clone"]);
    for size in [1, 100_000] {
        let bytes = (0_u32..size).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
        home.write(&format!("clone/{size}"), bytes.collect::<Vec<u8>>());
        run(&["-C", "clone", "add", "."]);
        run(&["-C", "clone", "commit", "--quiet", "-m", "more"]);
        let big = ["-c", "http.postBuffer=4096"];
        run(&["-C", "clone", big[0], big[1], "push", "--quiet"]);
    }
    // Such an address needs a pair, which a helper behind ours is told.
    home.git("clone", &["config", "credential.helper", "store"])
        .exits(0);
    let mut why = home.command(env!("CARGO_BIN_EXE_fedgit"));
    why.args(["git", "why"]).current_dir(home.file("clone"));
    home.run(&mut why)
        .exits(0)
        .tells(&["\"store\"", "comes after fedgit's", "out of the URL"]);
}

#[test]
fn a_clone_alone_and_files_that_were_not_there() {
    let home = at_real_names();
    home.git(".", &["init", "--quiet", "clone"]).exits(0);
    let before = home.read("clone/.git/config");
    let in_clone = |args: &[&str]| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(args).current_dir(home.file("clone"));
        home.run(&mut command)
    };
    in_clone(&["git", "setup"]).exits(0);
    assert!(home.read("clone/.git/config").contains("git-credential"));
    let mut command = home.command("git");
    command
        .args(["fetch", REAL])
        .current_dir(home.file("clone"))
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut command).exits(0);
    in_clone(&["git", "setup", "--undo"]).exits(0);
    assert_eq!(home.read("clone/.git/config"), before);
    // In no clone.
    home.fedgit(&["git", "setup"])
        .tells(&["git setup --global"]);

    std::fs::remove_file(home.file(".gitconfig")).unwrap();
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    assert!(home.read(".gitconfig").contains("proactiveAuth"));
    home.fedgit(&["git", "setup", "--global", "--undo"])
        .exits(0);
    assert!(!home.file(".gitconfig").exists());
}

#[test]
fn why_explains_and_asks_nobody() {
    let home = at_real_names();
    let requests = home.world.ledger().entries().len();
    let why = |url: &str, env: &[(&str, &str)]| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(["git", "why", "--json", url]);
        command.envs(env.iter().copied());
        let said = home.run(&mut command).exits(0);
        let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        (
            answer["signer"].as_str().unwrap_or("nobody").to_owned(),
            answer["why"].as_str().unwrap().to_owned(),
        )
    };
    let declared = (
        "adfs".to_owned(),
        "fedgit.toml declares it in [repo.example]".to_owned(),
    );
    // fedgit.toml first, whatever the environment says.
    let named: &[(&str, &str)] = &[("AWS_PROFILE", "mine"), ("AWS_ACCESS_KEY_ID", "AKID")];
    for url in [
        REAL,
        "codecommit://ExampleCorpRepository",
        "us-east-1://ExampleCorpRepository",
    ] {
        assert_eq!(why(url, named), declared, "{url}");
    }
    // FIPS is another name of the same service.
    let fips = REAL.replace("git-codecommit.", "git-codecommit-fips.");
    assert_eq!(why(&fips, named), declared);
    // Then what the URL says.
    home.write(
        ".aws/config",
        "[profile mine]\nregion = eu-west-1\naws_access_key_id = AKIDMINE\naws_secret_access_key = s\n",
    );
    for url in [
        "codecommit://mine@Other",
        "https://mine@git-codecommit.eu-west-1.amazonaws.com/v1/repos/Other",
    ] {
        assert_eq!(
            why(url, &[]),
            ("mine".into(), "the URL names it".into()),
            "{url}"
        );
    }
    // Then what works: the environment, and the only profile that there is.
    let other = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/Other";
    assert_eq!(why(other, &named[1..]).0, "the keys in the environment");
    assert_eq!(
        why(other, &named[..1]),
        ("mine".into(), "AWS_PROFILE names it".into())
    );
    assert_eq!(why(other, &[]).0, "adfs");
    let said = home.fedgit(&["git", "why", REAL]).exits(0);
    for part in [
        "us-east-1 (by the host)",
        "profile adfs",
        "[role.developer]",
        "a login to corp",
        "cached until",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    for url in [
        "https://github.com/a/b",
        "https://git-codecommit.us-east-1.amazonaws.com.evil.example/v1/repos/R",
        "https://s3.us-east-1.amazonaws.com/v1/repos/R",
    ] {
        home.fedgit(&["git", "why", url])
            .exits(1)
            .tells(&["does not answer for"]);
    }
    assert_eq!(home.world.ledger().entries().len(), requests);
    // git's own commands are still git's.
    home.fedgit(&["git", "-C", ".", "setup"])
        .exits(1)
        .tells(&["'setup' is not a git command"]);
}

/// The host names a region, whoever signs or does not.
#[test]
fn why_tells_the_region_of_the_host_where_nobody_signs() {
    let home = Home::empty(Scenario::adfs());
    let said = home.fedgit(&["git", "why", REAL]).exits(0);
    assert!(said.out.contains("us-east-1 (by the host)"), "{}", said.out);
    assert!(said.out.contains("nobody"), "{}", said.out);
}

#[test]
fn a_line_of_the_users_own_between_the_marks_is_kept() {
    let home = at_real_names();
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    home.git(
        ".",
        &["config", "--global", "protocol.codecommit.mine", "s3cret"],
    )
    .exits(0);
    let text = home.read(".gitconfig");
    for args in [
        &["git", "setup", "--global"][..],
        &["git", "setup", "--global", "--undo"],
    ] {
        let said = home.fedgit(args).exits(1);
        assert!(!said.err.contains("s3cret"));
        said.tells(&["did not write: mine", "behind the second mark"]);
        assert_eq!(home.read(".gitconfig"), text);
    }
}

#[test]
fn why_shows_no_password() {
    let home = at_real_names();
    for url in [
        "https://me:s3cret@git-codecommit.us-east-1.amazonaws.com/v1/repos/R",
        "https://me:s3cret@bad host/v1/repos/R",
        "https://me:s3cret@example.com/x",
        "ssh://me:s3cret@example.com/x",
        "https://example.com/x?token=s3cret",
    ] {
        let said = home.fedgit(&["git", "why", url]);
        assert!(!said.out.contains("s3cret"), "{url}: {}", said.out);
        assert!(!said.err.contains("s3cret"), "{url}: {}", said.err);
    }
}
