//! Another STS than the test-bed's, by other people: moto's.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use fedgit_testbed::{Scenario, Service};
use serde_json::Value;

use super::Peers;
use crate::world::Home;

/// Serves on a free port until its stdin ends, so that it does not outlive this test either.
const SERVE: &str = r#"
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
print("http://%s:%d" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"#;

struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    fn start(peers: &Peers, home: &Home) -> Self {
        let mut python = peers.command(home, "python");
        python
            .args(["-c", SERVE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = python.stderr(Stdio::null()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut moto = Self {
            process,
            url: String::new(),
        };
        let mut lines = output.lines().map_while(Result::ok);
        moto.url = lines
            .find(|line| line.starts_with("http://127.0.0.1:"))
            .expect("moto starts");
        moto
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// moto knows the assumed role again in its own account only.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn an_assertion_for_credentials_of_moto() {
    let peers = Peers::find();
    let role = "arn:aws:iam::123456789012:role/ADFS-Production";
    let provider = "arn:aws:iam::123456789012:saml-provider/ADFS";
    let home = Home::new(Scenario::adfs().roles(&[(role, provider)]));
    let text = home.example().replace("111122223333", "123456789012");
    home.write(".config/fedgit/fedgit.toml", text);
    home.fedgit(&["apply"]).exits(0);
    let moto = Moto::start(&peers, &home);
    let fedgit = |args: &[&str]| {
        let mut fedgit = home.command(env!("CARGO_BIN_EXE_fedgit"));
        fedgit.args(args).env("AWS_ENDPOINT_URL_STS", &moto.url);
        home.run(fedgit.env("FEDGIT_PASSWORD", home.world.password()))
            .exits(0)
    };
    fedgit(&["login", "corp"]);
    let answer = fedgit(&["credential-process", "--profile", "adfs"]).out;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["Version"], 1);
    assert_eq!(answer["AccountId"], "123456789012");
    for key in [
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    ] {
        assert!(
            answer[key].as_str().is_some_and(|text| !text.is_empty()),
            "{key}"
        );
    }

    let mut aws = peers.command(&home, "aws");
    aws.args([
        "sts",
        "get-caller-identity",
        "--profile",
        "adfs",
        "--output",
        "json",
    ]);
    let said = home
        .run(aws.env("AWS_ENDPOINT_URL_STS", &moto.url))
        .exits(0);
    let identity: Value = serde_json::from_str(&said.out).unwrap();
    let arn = "arn:aws:sts::123456789012:assumed-role/ADFS-Production/username@domain";
    assert_eq!(identity["Arn"], arn);
    assert_eq!(home.world.ledger().logins(), 1);
    assert_eq!(home.world.ledger().count(Service::Sts), 0);
}
