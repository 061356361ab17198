//! IAM Identity Center beside the AWS CLI, boto3 and aws-sso-util's library, as their makers ship
//! them: one token, whoever signed in.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fedgit_testbed::{Scenario, Service};
use serde_json::Value;

use super::Peers;
use crate::world::Home;

/// AWS CLI v2 as Debian packages it; PyPI has only v1, which cannot sign in.
const AWS_CLI: &str = "/usr/bin/aws";

const ARN: &str = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_";

/// A home with a native profile, written by fedgit.
fn native(scenario: Scenario) -> Home {
    let home = Home::empty(scenario);
    home.write(
        ".config/fedgit/fedgit.toml",
        format!(
            "[idp.cloud]\nkind = \"identity-center\"\nprofiles = \"native\"\n\
             start_url = \"{}\"\nregion = \"{}\"\n\
             [role.admin]\nidp = \"cloud\"\naccount = \"111122223333\"\n\
             permission_set = \"AdministratorAccess\"\nregion = \"us-east-1\"\n\
             [role.served]\nsource = \"admin\"\narn = \"arn:aws:iam::444455556666:role/Deploy\"\n",
            home.world.start_url(),
            home.world.center_region(),
        ),
    );
    home.fedgit(&["apply"]).exits(0);
    home
}

/// The AWS CLI, by the real names, which the test-bed's proxy takes to it: its version knows no
/// `AWS_ENDPOINT_URL_…` yet.
fn aws(home: &Home) -> Command {
    let mut aws = home.command(AWS_CLI);
    aws.env("HTTPS_PROXY", home.world.proxy_url())
        .env("AWS_PAGER", "");
    for service in ["STS", "SSO", "SSO_OIDC"] {
        aws.env_remove(format!("AWS_ENDPOINT_URL_{service}"));
    }
    aws
}

/// Somebody allows the device that is being signed in by this child.
fn allow(home: &Home, child: Child) {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if let Some(code) = home.world.user_codes().first() {
            home.world.allow_device(code);
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{said}");
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nobody asked for a device code: {:?}", home.world.ledger());
}

/// `aws sso login`, allowed by somebody.
fn aws_sso_login(home: &Home) {
    let mut login = aws(home);
    login
        .args(["sso", "login", "--no-browser", "--profile", "admin"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    allow(home, login.spawn().unwrap());
}

/// Who the AWS CLI is by a profile.
fn who(home: &Home, profile: &str) -> String {
    let mut aws = aws(home);
    let asked = aws.args(["sts", "get-caller-identity", "--profile", profile]);
    let said = home.run(asked).exits(0);
    let identity: Value = serde_json::from_str(&said.out).unwrap();
    identity["Arn"].as_str().unwrap().to_owned()
}

fn sign_ins(home: &Home) -> usize {
    home.world.ledger().logins()
}

/// The judge is honest: the unmodified AWS CLI signs in to it, lists and gets credentials.
#[test]
#[ignore = "needs Debian's AWS CLI: .ci/run installs it and runs this"]
fn the_test_bed_is_one_to_the_aws_cli() {
    let home = native(Scenario::adfs());
    aws_sso_login(&home);
    assert!(who(&home, "admin").starts_with(ARN));
    assert_eq!(sign_ins(&home), 1);
    let cache = std::fs::read_dir(home.file(".aws/sso/cache")).unwrap();
    let token = cache
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .map(|text| serde_json::from_str::<Value>(&text).unwrap())
        .find(|token| token.get("accessToken").is_some())
        .expect("a token");
    let token = token["accessToken"].as_str().unwrap();
    let region = home.world.center_region();
    for (operation, key, more) in [
        ("list-accounts", "accountList", vec![]),
        (
            "list-account-roles",
            "roleList",
            vec!["--account-id", "111122223333"],
        ),
    ] {
        let mut aws = aws(&home);
        // The token is in the arguments because the AWS CLI wants it there.
        super::unwatched(&mut aws)
            .args([
                "sso",
                operation,
                "--region",
                region,
                "--access-token",
                token,
            ])
            .args(more);
        let output = aws.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let list: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(list[key].as_array().unwrap().len(), 2, "{list}");
    }
    let refused = |entry: &&fedgit_testbed::Entry| entry.note.starts_with("refused");
    let ledger = home.world.ledger();
    let oidc: Vec<_> = ledger.of(Service::Oidc).filter(refused).collect();
    let waits = ["AuthorizationPending", "SlowDown"];
    let waiting =
        |entry: &&fedgit_testbed::Entry| waits.iter().any(|wait| entry.note.contains(wait));
    assert!(oidc.iter().all(waiting), "{oidc:?}");
    assert_eq!(ledger.of(Service::Portal).filter(refused).count(), 0);
}

/// boto3 by its own SSO provider, with the AWS CLI's token, which it refreshes.
#[test]
#[ignore = "needs the AWS CLI, boto3 and aws-sso-lib: .ci/run installs them and runs this"]
fn the_test_bed_is_one_to_boto3() {
    let peers = Peers::find();
    // Inside of botocore's refresh window from the start.
    let home = native(Scenario::adfs().token_lifetime(600));
    aws_sso_login(&home);
    let script = "import boto3\n\
                  s = boto3.Session(profile_name='admin')\n\
                  print(s.client('sts').get_caller_identity()['Arn'])\n";
    let mut python = peers.command(&home, "python");
    let said = home.run(python.args(["-c", script])).exits(0);
    assert!(said.out.starts_with(ARN), "{}", said.out);
    let ledger = home.world.ledger();
    let refreshed = |entry: &&fedgit_testbed::Entry| entry.note == "a token for a refresh token";
    assert!(ledger.of(Service::Oidc).filter(refreshed).count() >= 1);
    assert_eq!(sign_ins(&home), 1);
}

/// `aws sso login` serves fedgit, through the cache that they share.
#[test]
#[ignore = "needs Debian's AWS CLI: .ci/run installs it and runs this"]
fn the_aws_clis_sign_in_serves_fedgit() {
    let home = native(Scenario::adfs());
    home.fedgit(&["credential-process", "--profile", "admin"])
        .exits(4);
    aws_sso_login(&home);
    home.fedgit(&["credential-process", "--profile", "admin"])
        .exits(0);
    let said = home.fedgit(&["whoami", "served"]).exits(0);
    assert!(said.out.contains("assumed-role/Deploy/"), "{}", said.out);
    assert_eq!(sign_ins(&home), 1);
    home.fedgit(&["logout", "cloud"]).exits(0);
    let mut aws = aws(&home);
    let said = home.run(aws.args(["sts", "get-caller-identity", "--profile", "served"]));
    assert_ne!(said.code, 0);
}

/// `fedgit login` serves the AWS CLI's and boto3's own providers, which refresh the token in turn, and
/// fedgit goes on with what they leave.
#[test]
#[ignore = "needs the AWS CLI and boto3: .ci/run installs them and runs this"]
fn fedgits_sign_in_serves_the_aws_cli_and_boto3() {
    let peers = Peers::find();
    let home = native(Scenario::adfs().token_lifetime(600));
    let mut login = home.command(env!("CARGO_BIN_EXE_fedgit"));
    login
        .args(["login", "cloud", "--device-code"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    allow(&home, login.spawn().unwrap());
    // Native profiles: fedgit has no part in these.
    assert!(who(&home, "admin").starts_with(ARN));
    let script = "import boto3\n\
                  s = boto3.Session(profile_name='admin')\n\
                  print(s.client('sts').get_caller_identity()['Arn'])\n";
    let mut python = peers.command(&home, "python");
    let said = home.run(python.args(["-c", script])).exits(0);
    assert!(said.out.starts_with(ARN), "{}", said.out);
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    home.fedgit(&["credential-process", "--profile", "admin"])
        .exits(0);
    assert!(who(&home, "admin").starts_with(ARN));
    assert_eq!(sign_ins(&home), 1);
    let ledger = home.world.ledger();
    let refused = |entry: &&fedgit_testbed::Entry| entry.note.contains("Invalid refresh token");
    assert_eq!(ledger.of(Service::Oidc).filter(refused).count(), 0);

    // `aws sso logout` ends it for fedgit.
    let mut aws = aws(&home);
    home.run(aws.args(["sso", "logout"])).exits(0);
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    home.fedgit(&["credential-process", "--profile", "admin"])
        .exits(4);
}

/// The library of aws-sso-util: it keeps its token by the start URL, and its registration elsewhere.
#[test]
#[ignore = "needs aws-sso-lib: .ci/run installs it and runs this"]
fn the_token_of_aws_sso_lib_serves_fedgit() {
    let peers = Peers::find();
    let home = native(Scenario::adfs());
    let script = format!(
        "import aws_sso_lib\n\
         aws_sso_lib.login('{}', '{}', disable_browser=True)\n",
        home.world.start_url(),
        home.world.center_region()
    );
    let mut python = peers.command(&home, "python");
    python
        .args(["-c", &script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    allow(&home, python.spawn().unwrap());
    home.fedgit(&["credential-process", "--profile", "admin"])
        .exits(0);
    assert_eq!(sign_ins(&home), 1);
}
