//! Everything that a working day has, with fedgit as talkative as it gets: what leaks is found by the
//! search that ends every test (`world.rs`), here with more to search.

use fedgit_testbed::Scenario;

use crate::prompt::at_terminal;
use crate::world::{Home, Said};

const LOUD: [&str; 4] = ["-vvv", "credential-process", "--profile", "adfs"];

/// `fedgit -vvv ARGS`, with every switch that makes libraries talk.
fn loud(home: &Home, args: &[&str]) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .arg("-vvv")
        .args(args)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("FEDGIT_PASSWORD", home.world.password());
    home.run(&mut command)
}

#[test]
fn the_mission_at_vvv_tells_no_secret() {
    let home = Home::new(Scenario::adfs());
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    for args in [
        &["check"][..],
        &["apply"],
        &["login", "corp"],
        &["credential-process", "--profile", "adfs"],
        &["status"],
        &["status", "--json"],
        &["whoami", "adfs"],
        &["clone", "example"],
    ] {
        loud(&home, args).exits(0);
    }
    home.write("ExampleCorpRepository/more.txt", "more\n");
    home.git("ExampleCorpRepository", &["add", "more.txt"])
        .exits(0);
    home.git("ExampleCorpRepository", &["commit", "-m", "Add more"])
        .exits(0);
    // git's own questions to fedgit, as loud.
    let config = home.read("ExampleCorpRepository/.git/config");
    let louder = config.replace("fedgit git-credential", "fedgit -vvv git-credential");
    assert_ne!(config, louder);
    home.write("ExampleCorpRepository/.git/config", louder);
    home.git("ExampleCorpRepository", &["push"])
        .exits(0)
        .tells(&["info: git asks for ExampleCorpRepository at 127.0.0.1:"]);
    loud(&home, &["logout"]).exits(0);
    // Errors are where most programs say too much.
    home.world.set_clock_offset(900);
    loud(&home, &["login", "corp"]);
    home.world.set_clock_offset(0);
    home.world.revoke_keys();
    loud(&home, &["whoami", "adfs"]);
    for scenario in [
        Scenario::sts_expired_token(),
        Scenario::sts_access_denied(),
        Scenario::response_not_xml(),
        Scenario::password_to_other_host(),
    ] {
        let home = Home::new(scenario);
        assert_ne!(loud(&home, &["login", "corp"]).code, 0);
    }
}

#[test]
fn each_v_tells_more() {
    let home = Home::new(Scenario::adfs());
    let ask = |how: &[&str]| {
        home.fedgit(&["logout"]).exits(0);
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args([how, &LOUD[1..]].concat())
            // Not where the profile's STS is.
            .env("AWS_REGION", "eu-west-1")
            .env("FEDGIT_PASSWORD", home.world.password());
        home.run(&mut command).exits(0).err
    };
    assert_eq!(ask(&[]), "");
    let done = [
        "info: read /",
        "info: logging in to corp at https://",
        "info: asking STS in us-east-1 for arn:",
    ];
    let why = [
        "are not in the cache",
        "debug: POST 127.0.0.1:",
        "/adfs/ls/",
        ": 200 after ",
    ];
    let every = [
        "trace: took the lock ",
        "trace: keeping credentials of arn:",
    ];
    for (how, tells, not) in [
        ("-v", &done[..], &[&why[..], &every].concat()),
        ("-vv", &[&done[..], &why].concat(), &every.to_vec()),
        ("-vvv", &[&done[..], &why, &every].concat(), &Vec::new()),
    ] {
        let told = ask(&[how]);
        for part in tells {
            assert!(told.contains(part), "{how}: {part:?} is not in: {told}");
        }
        for part in not {
            assert!(!told.contains(part), "{how}: {part:?} is in: {told}");
        }
        // No query, and nothing of the libraries'.
        assert!(!told.contains('?'), "{told}");
        assert!(!told.contains("hyper"), "{told}");
    }
}

#[test]
fn a_terminal_at_vvv_shows_no_secret() {
    let home = Home::new(Scenario::adfs());
    let line = format!(
        "{} {} >out; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit"),
        LOUD.join(" ")
    );
    let mut person = at_terminal(&home, &line);
    let mut shown = person.exp_string("password of").unwrap();
    person.send_line(home.world.password()).unwrap();
    shown += &person.exp_string("code 0").unwrap();
    for secret in home.world.secrets() {
        assert!(!shown.contains(&secret), "{shown}");
    }
    std::fs::remove_file(home.file("out")).unwrap();
}
