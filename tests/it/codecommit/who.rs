//! Who signs, as git comes to ask: what is not needed does no harm, and what was found is remembered.

use std::process::Command;

use fedgit_testbed::Scenario;

use super::told;
use crate::world::{Home, Said};

const HOST: &str = "git-codecommit.us-east-1.amazonaws.com";
const DECLARED: &str = "codecommit://ExampleCorpRepository";

const SECOND: &str = "[role.second]\nsource = \"developer\"\n\
    arn = \"arn:aws:iam::444455556666:role/Deploy\"\n";

/// Signed in, with a `fedgit.toml` of more lines and CodeCommit's real names.
fn home(more: &str) -> Home {
    let home = Home::new(Scenario::adfs());
    let example = home.example();
    let lines = example.lines().filter(|line| !line.starts_with("endpoint"));
    let lines: Vec<&str> = lines.collect();
    let text = format!("{}\n{more}", lines.join("\n"));
    home.write(".config/fedgit/fedgit.toml", text);
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home
}

fn question(host: &str, repo: &str) -> String {
    format!("protocol=https\nhost={host}\npath=v1/repos/{repo}\n")
}

/// The helper as `git setup` wires it.
fn helper(home: &Home, question: &str, prepare: impl Fn(&mut Command)) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command.args(["-v", "git-credential", "get"]);
    prepare(&mut command);
    told(home, &mut command, question)
}

fn username(said: &Said) -> &str {
    let name = said.out.lines().find_map(|l| l.strip_prefix("username="));
    name.unwrap_or_default().split('%').next().unwrap()
}

fn why(home: &Home, folder: &str, url: &str) -> serde_json::Value {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["git", "why", "--json", url])
        .current_dir(home.file(folder));
    serde_json::from_str(&home.run(&mut command).exits(0).out).unwrap()
}

fn ls_remote(home: &Home, url: &str, env: &[(&str, &str)]) -> Said {
    let mut command = home.command("git");
    command
        .args(["ls-remote", url])
        .env("HTTPS_PROXY", home.world.proxy_url())
        .envs(env.iter().copied());
    home.run(&mut command)
}

#[test]
fn a_variable_that_is_not_needed_does_no_harm() {
    let home = home("");
    let declared = question(HOST, "ExampleCorpRepository");
    for (name, value) in [
        ("AWS_PROFILE", "My Profile"),
        ("AWS_DEFAULT_PROFILE", "My Profile"),
        ("AWS_REGION", "junk"),
        ("AWS_DEFAULT_REGION", "junk"),
    ] {
        ls_remote(&home, DECLARED, &[(name, value)]).exits(0);
        let said = helper(&home, &declared, |command| {
            command.env(name, value);
        });
        assert!(!username(&said.exits(0)).is_empty(), "{name}");
    }
    // Where it has a say it is named.
    let said = ls_remote(
        &home,
        "codecommit://Other",
        &[("AWS_PROFILE", "My Profile")],
    );
    said.exits(128).tells(&["AWS_PROFILE is not usable"]);
}

#[test]
fn what_the_helper_chose_is_remembered_while_nothing_changes() {
    let home = home(SECOND);
    home.write(
        ".aws/config",
        "[profile mine]\nregion = us-east-1\naws_access_key_id = AKIDMINE\naws_secret_access_key = s\n",
    );
    let declared = question(HOST, "ExampleCorpRepository");
    let read = |said: &Said| said.err.contains("fedgit.toml");
    let get = || helper(&home, &declared, |_| {}).exits(0);
    let first = get();
    assert!(read(&first), "{}", first.err);
    let second = get();
    assert!(!read(&second), "{}", second.err);
    assert_eq!(username(&second), username(&first));
    // Keys in the environment, and a profile of the user's own: nothing is declared for this one.
    let other = question(HOST, "Other");
    for (variables, name) in [
        (
            &[
                ("AWS_ACCESS_KEY_ID", "AKIDENV"),
                ("AWS_SECRET_ACCESS_KEY", "s"),
            ][..],
            "AKIDENV",
        ),
        (&[("AWS_PROFILE", "mine")], "AKIDMINE"),
    ] {
        for again in [false, true] {
            let said = helper(&home, &other, |command| {
                command.envs(variables.iter().copied());
            });
            assert_eq!(username(&said), name);
            assert_eq!(read(&said), !again, "{name}: {}", said.err);
        }
    }
    // Another folder may have a project's file, and this one gets one.
    std::fs::create_dir(home.file("else")).unwrap();
    let elsewhere = helper(&home, &declared, |command| {
        command.current_dir(home.file("else"));
    });
    assert!(read(&elsewhere));
    home.write("fedgit.toml", "[account.x]\nid = \"111122223333\"\n");
    assert!(read(&get()));
    std::fs::remove_file(home.file("fedgit.toml")).unwrap();
    // Another declaration.
    let config = home.read(".config/fedgit/fedgit.toml");
    let config = config.replace("role = \"developer\"\nname", "role = \"second\"\nname");
    home.write(".config/fedgit/fedgit.toml", config);
    assert_ne!(username(&get()), username(&first));
}

#[test]
fn a_projects_file_that_is_wrong_does_not_keep_its_correction_away() {
    let home = home("");
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    let https = format!("https://{HOST}/v1/repos/ExampleCorpRepository");
    for (folder, url) in [("by-name", DECLARED), ("by-host", &https)] {
        let git = |args: &[&str]| {
            let mut command = home.command("git");
            command
                .args(["-C", folder])
                .args(args)
                .env("HTTPS_PROXY", home.world.proxy_url());
            home.run(&mut command)
        };
        std::fs::create_dir(home.file(folder)).unwrap();
        git(&["init", "--quiet"]).exits(0);
        for text in [
            "[role\n",
            "[role.x]\nnonsense = 1\n",
            "[idp.corp]\nurl = \"https://evil.example\"\n",
            "[repo.mine]\nrole = \"developer\"\nname = \"ExampleCorpRepository\"\n",
        ] {
            home.write(&format!("{folder}/fedgit.toml"), text);
            let said = git(&["fetch", url]).exits(0);
            assert_eq!(said.err.matches("is left out").count(), 1, "{}", said.err);
            said.tells(&[
                "warning: ",
                &format!("{folder}/fedgit.toml is left out"),
                "fedgit check",
            ]);
        }
    }
    // The user's own is not.
    home.write(".config/fedgit/fedgit.toml", "[role\n");
    ls_remote(&home, DECLARED, &[])
        .exits(128)
        .tells(&[".config/fedgit/fedgit.toml"]);
}

#[test]
fn a_misspelt_repository_is_told_with_the_one_that_is_meant() {
    let home = home(SECOND);
    ls_remote(&home, "codecommit://ExampelCorpRepository", &[])
        .exits(128)
        .tells(&[
            "nothing says who signs for the repository ExampelCorpRepository",
            "did you mean \"ExampleCorpRepository\"?",
        ]);
    let said = helper(&home, &question(HOST, "ExampelCorpRepository"), |_| {});
    said.exits(1)
        .tells(&["did you mean \"ExampleCorpRepository\"?"]);
}

#[test]
fn a_repository_that_is_declared_for_elsewhere_is_told_with_where() {
    let home = home(SECOND);
    let other = "git-codecommit.eu-west-1.amazonaws.com";
    let said = helper(&home, &question(other, "ExampleCorpRepository"), |_| {});
    let said = said.exits(1).tells(&[
        &format!("who signs for the repository ExampleCorpRepository at {other}"),
        &format!("[repo.example] is for {HOST} (us-east-1)"),
    ]);
    assert!(!said.err.contains("did you mean"), "{}", said.err);
    let said = ls_remote(&home, "codecommit::eu-west-1://ExampleCorpRepository", &[]);
    let said = said.exits(128).tells(&[
        "who signs for the repository ExampleCorpRepository in eu-west-1",
        "[repo.example] is for us-east-1",
    ]);
    assert!(!said.err.contains("did you mean"), "{}", said.err);
}

#[test]
fn why_reads_the_line_that_git_asks_by() {
    let home = home(SECOND);
    let https = format!("https://{HOST}/v1/repos/ExampleCorpRepository");
    let nobody = why(&home, ".", &https);
    assert_eq!(nobody["helper"], "none");
    let said = home.fedgit(&["git", "why", &https]).exits(0);
    assert!(said.out.contains("none of fedgit's"), "{}", said.out);
    let mut clone = home.command(env!("CARGO_BIN_EXE_fedgit"));
    clone
        .args(["clone", "example", "clone"])
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut clone).exits(0);
    let config = home.read(".config/fedgit/fedgit.toml");
    let config = config.replace("role = \"developer\"\nname", "role = \"second\"\nname");
    home.write(".config/fedgit/fedgit.toml", config);
    // The clone's line names who signs there, and nowhere else.
    for url in ["origin", &https] {
        let line = why(&home, "clone", url);
        assert_eq!(line["signer"], "adfs", "{line}");
        assert_eq!(line["helper"], "fedgit");
        assert_eq!(
            line["why"],
            "the helper's line in git's configuration says so"
        );
    }
    assert_eq!(why(&home, ".", &https)["signer"], "second");
    home.fedgit(&["git", "setup", "--global"]).exits(0);
    let bare = why(&home, ".", &https);
    assert_eq!(
        (&bare["signer"], &bare["helper"]),
        (&"second".into(), &"fedgit".into())
    );
    // Another program that git asks before.
    home.fedgit(&["git", "setup", "--global", "--undo"])
        .exits(0);
    let key = format!("credential.{https}.helper");
    let git = |args: &[&str]| home.git("clone", args).exits(0);
    git(&["config", "--replace-all", &key, "store", "^$"]);
    assert_eq!(why(&home, "clone", "origin")["helper"], "behind");
}

#[test]
fn why_tells_the_region_of_an_endpoint() {
    let home = Home::new(Scenario::adfs());
    let url = format!(
        "{}/v1/repos/ExampleCorpRepository",
        home.world.codecommit_url()
    );
    let config = home.read(".config/fedgit/fedgit.toml") + "region = \"us-west-2\"\n";
    home.write(".config/fedgit/fedgit.toml", config);
    let answer = why(&home, ".", &url);
    assert_eq!(answer["region"], "us-west-2", "{answer}");
    assert_eq!(answer["region_by"], "[repo.example]");
}

/// CodeCommit answers a pair that it does not take with 403, and git asks its helpers to forget one
/// only after 401: until the credentials end, whoever revoked them has to say so.
#[test]
fn revoked_credentials_are_forgotten_by_a_logout() {
    let home = home("");
    ls_remote(&home, DECLARED, &[]).exits(0);
    home.world.revoke_keys();
    for _ in 0..2 {
        ls_remote(&home, DECLARED, &[]).exits(128).tells(&["403"]);
    }
    home.fedgit(&["logout", "adfs"])
        .exits(0)
        .tells(&["adfs: forgotten"]);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    ls_remote(&home, DECLARED, &[]).exits(0);
}

#[test]
fn hosts_with_validated_cryptography_wherever_a_repository_is_named() {
    let home = home("");
    let fips = "https://git-codecommit-fips.us-east-1.amazonaws.com/v1/repos/ExampleCorpRepository";
    let run = |args: &[&str]| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(args)
            .env("AWS_USE_FIPS_ENDPOINT", "true")
            .env("HTTPS_PROXY", home.world.proxy_url());
        home.run(&mut command).exits(0).out
    };
    assert!(run(&["repo", "list"]).contains(fips));
    assert!(run(&["git", "why", DECLARED]).contains(fips));
    run(&["clone", "example", "clone"]);
    let origin = home.git("clone", &["remote", "get-url", "origin"]).exits(0);
    assert_eq!(origin.out.trim(), fips);
    // It is wired for that host, whatever the variable says later.
    let mut fetch = home.command("git");
    fetch
        .args(["-C", "clone", "fetch"])
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut fetch).exits(0);
}

/// `fedgit git` wires every host of CodeCommit for its run. What a clone says of its own repository is more
/// special, and stays: with keys in the environment, too.
#[test]
fn a_clones_own_line_stands_under_fedgit_git() {
    let home = home(SECOND);
    let mut clone = home.command(env!("CARGO_BIN_EXE_fedgit"));
    clone
        .args(["clone", "example", "one"])
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut clone).exits(0);
    // Nothing declares the repository any more, and two profiles could sign.
    let text = home.read(".config/fedgit/fedgit.toml");
    let text = text.split("[repo.").next().unwrap().to_owned();
    home.write(".config/fedgit/fedgit.toml", format!("{text}\n{SECOND}"));
    for keys in [false, true] {
        let mut git = home.command(env!("CARGO_BIN_EXE_fedgit"));
        git.args(["git", "-C", "one", "fetch"])
            .env("HTTPS_PROXY", home.world.proxy_url());
        if keys {
            git.env("AWS_ACCESS_KEY_ID", "AKIAOTHER")
                .env("AWS_SECRET_ACCESS_KEY", "x");
        }
        home.run(&mut git).exits(0);
    }
}

/// The remote helper, which git starts, reads the file that `fedgit git` was given.
#[test]
fn the_file_that_is_named_is_the_remote_helpers_too() {
    let home = home("");
    let text = home.read(".config/fedgit/fedgit.toml");
    home.write(
        "two.toml",
        text.replace("profile = \"adfs\"", "profile = \"r1\""),
    );
    let mut git = home.command(env!("CARGO_BIN_EXE_fedgit"));
    git.args(["--config", "two.toml", "git", "ls-remote"])
        .arg("codecommit://r1@ExampleCorpRepository")
        .env("HTTPS_PROXY", home.world.proxy_url());
    home.run(&mut git).exits(0);
}
