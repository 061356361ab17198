//! AWS CLI v1 through the profile that `apply` wrote.

use std::process::Command;

use fedgit_testbed::Scenario;
use serde_json::Value;

use super::{IDENTITY, Peers, link, logged_in, sts_calls, unwatched};
use crate::concurrent::twenty_profiles;
use crate::prompt::at_terminal_for;
use crate::world::{Home, Said};

/// `aws sts get-caller-identity --profile adfs`
fn who(command: &mut Command) -> &mut Command {
    command.args([
        "sts",
        "get-caller-identity",
        "--profile",
        "adfs",
        "--output",
        "json",
    ])
}

fn is_the_role(said: Said) {
    let answer: Value = serde_json::from_str(&said.exits(0).out).unwrap();
    assert_eq!(answer["Arn"], IDENTITY);
    assert_eq!(answer["Account"], "111122223333");
}

#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn twenty_calls_share_one_login() {
    let peers = Peers::find();
    let home = logged_in(Home::new(Scenario::adfs()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    is_the_role(home.run(who(&mut peers.command(&home, "aws"))));
                }
            });
        }
    });
    assert_eq!(home.world.ledger().logins(), 1);
    assert_eq!(sts_calls(&home, "AssumeRoleWithSAML"), 1);
    assert_eq!(sts_calls(&home, "GetCallerIdentity"), 20);
}

#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn the_first_callers_log_in_together() {
    let peers = Peers::find();
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut aws = peers.command(&home, "aws");
                aws.env("FEDGIT_PASSWORD", home.world.password());
                is_the_role(home.run(unwatched(who(&mut aws))));
            });
        }
    });
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// Milliseconds; twenty Pythons start on one machine.
const LIMIT: Option<u64> = Some(180_000);

/// As a tool does that works on twenty accounts at once.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn twenty_profiles_ask_for_one_password() {
    let peers = Peers::find();
    let home = twenty_profiles();
    home.fedgit(&["apply"]).exits(0);
    let aws = peers.bin.join("aws");
    let line = format!(
        "for n in $(seq 0 19); do
            {} sts get-caller-identity --profile p$n --output json >out$n 2>err$n &
         done; wait; echo over",
        aws.display()
    );
    let mut person = at_terminal_for(&home, &line, LIMIT);
    person.exp_string("password of username@domain").unwrap();
    person.send_line(home.world.password()).unwrap();
    let after = person.exp_string("over").unwrap();
    assert!(!after.contains("password of"), "asked again: {after}");
    for n in 0..20 {
        let (out, err) = (home.read(&format!("out{n}")), home.read(&format!("err{n}")));
        let answer: Value =
            serde_json::from_str(&out).unwrap_or_else(|e| panic!("p{n}: {e}: {err}"));
        let arn = format!("arn:aws:sts::111122223333:assumed-role/R{n}/username@domain");
        assert_eq!(answer["Arn"], arn);
    }
    assert_eq!(home.world.ledger().login_attempts(), 1);
    assert_eq!(sts_calls(&home, "AssumeRoleWithSAML"), 20);
}

/// The CLI captures stdout and stderr of fedgit; the question reaches the person all the same, and the
/// terminal is as it was, whether they answer or not.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn a_cold_call_asks_at_the_terminal() {
    let peers = Peers::find();
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    let line = format!(
        "trap : INT; stty -a >before; {} sts get-caller-identity --profile adfs --output json; \
         echo \"code $?\"; stty -a >after; echo over",
        peers.bin.join("aws").display()
    );
    let terminal_is_sane = || assert_eq!(home.read("before"), home.read("after"));

    let mut person = at_terminal_for(&home, &line, LIMIT);
    person.exp_string("password of").unwrap();
    person.send("half a pass").unwrap();
    person.flush().unwrap();
    person.send_control('c').unwrap();
    let shown = person.exp_string("over").unwrap();
    assert!(
        !shown.contains("half") && !shown.contains("code 0"),
        "{shown}"
    );
    terminal_is_sane();
    assert_eq!(home.world.ledger().login_attempts(), 0);

    let mut person = at_terminal_for(&home, &line, LIMIT);
    person.exp_string("password of").unwrap();
    person.send_line(home.world.password()).unwrap();
    let shown = person.exp_string("code 0").unwrap();
    assert!(shown.contains(IDENTITY), "{shown}");
    assert!(!shown.contains(home.world.password()), "it was echoed");
    person.exp_string("over").unwrap();
    terminal_is_sane();
}

#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn nobody_to_ask_names_the_command_to_run() {
    let peers = Peers::find();
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    let said = home.run(who(&mut peers.command(&home, "aws"))).exits(255);
    let said = said.tells(&[
        "Error when retrieving credentials from custom-process",
        "fedgit login corp",
    ]);
    assert_eq!(said.out, "");
    assert_eq!(home.world.ledger().login_attempts(), 0);
}

/// The CLI splits the credential_process line itself.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn a_program_in_a_folder_with_a_blank() {
    let peers = Peers::find();
    let home = Home::new(Scenario::adfs());
    let folder = tempfile::tempdir().unwrap();
    for name in ["dir with blank", "l'été (1) & ~*?;# =50%"] {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let fedgit = link(env!("CARGO_BIN_EXE_fedgit").as_ref(), folder.join("fedgit"));
        home.run(home.command(&fedgit).arg("apply")).exits(0);
        let line = format!("credential_process = \"{}\" ", fedgit.display());
        let config = home.read(".aws/config");
        assert!(config.contains(&line), "{line} is not in {config}");

        let mut login = home.command(&fedgit);
        login
            .args(["login", "corp"])
            .env("FEDGIT_PASSWORD", home.world.password());
        home.run(&mut login).exits(0);
        is_the_role(home.run(who(&mut peers.command(&home, "aws"))));
    }
}
