//! botocore: what it reads from `~/.aws/config`, and credentials in a process that lives on.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;

use fedgit_testbed::Scenario;
use serde_json::Value;

use super::{IDENTITY, Peers, logged_in};
use crate::world::Home;

/// Says what it finds in the profile, waits for a line, and says it again.
const LONG_LIVED: &str = include_str!("long_lived.py");
/// Compares two folders of files, as botocore reads them.
const UNCHANGED: &str = include_str!("unchanged.py");

/// Fourteen minutes are inside botocore's refresh window: it asks the process again for each
/// attribute that is read. Whoever makes new keys each time ends with the id of one and the secret
/// of another.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn a_process_that_lives_on_gets_new_credentials() {
    let peers = Peers::find();
    let home = logged_in(Home::new(Scenario::adfs().credential_lifetime(840)));
    let mut python = peers.command(&home, "python");
    python
        .args(["-c", LONG_LIVED])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut look = || -> Value {
        let line = lines.next().expect("Python says why on stderr").unwrap();
        let found: Value = serde_json::from_str(&line).unwrap();
        let credentials = home
            .fedgit(&["credential-process", "--profile", "adfs"])
            .exits(0)
            .out;
        let ours: Value = serde_json::from_str(&credentials).unwrap();
        assert_eq!(found["key"], ours["AccessKeyId"]);
        assert_eq!(found["expires"], ours["Expiration"]);
        assert_eq!(found["account"], "111122223333");
        assert_eq!(found["arn"], IDENTITY);
        found["key"].clone()
    };
    let first = look();
    assert_eq!(home.world.ledger().logins(), 1);

    home.world.end_sessions();
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert_ne!(look(), first);
    assert!(child.wait().unwrap().success());
    assert_eq!(home.world.ledger().logins(), 2);
}

/// The whole corpus: whatever else is in the file is read afterwards as it was before.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn other_profiles_are_read_as_before() {
    let peers = Peers::find();
    let home = Home::new(Scenario::adfs());
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/aws-config-corpus");
    let (mut applied, mut refused) = (0, 0);
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_none_or(|extension| extension != "config")
        {
            continue;
        }
        let (name, bytes) = (
            path.file_name().unwrap().to_str().unwrap(),
            fs::read(&path).unwrap(),
        );
        let after = format!("after/{name}");
        home.write(&format!("before/{name}"), &bytes);
        home.write(&after, &bytes);
        let mut fedgit = home.command(env!("CARGO_BIN_EXE_fedgit"));
        let said = home.run(
            fedgit
                .arg("apply")
                .env("AWS_CONFIG_FILE", home.file(&after)),
        );
        if said.code == 0 {
            applied += 1;
        } else {
            assert_eq!(
                fs::read(home.file(&after)).unwrap(),
                bytes,
                "{name}: {}",
                said.err
            );
            refused += 1;
        }
    }
    assert_eq!(applied + refused, 115);

    let mut python = peers.command(&home, "python");
    let said = home
        .run(python.args(["-c", UNCHANGED, "before", "after", "adfs"]))
        .exits(0);
    let counts: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(counts["same"], applied, "{counts}");
    assert_eq!(counts["unreadable"], refused, "{counts}");
}

/// What fedgit writes means to botocore what fedgit.toml says, in sections of both sorts.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn ours_are_read_as_they_are_meant() {
    let peers = Peers::find();
    let home = Home::empty(Scenario::adfs());
    let more = "[defaults.aws]\noutput = \"json\"\ncli_pager = \"\"\n\
                [role.developer.aws]\nmax_attempts = 5\nuse_fips_endpoint = true\n\
                [role.developer.aws.s3]\naddressing_style = \"path\"\nmax_queue_size = 9\n\
                [idp.cloud]\nkind = \"identity-center\"\nprofiles = \"native\"\n\
                start_url = \"https://d-1234567890.awsapps.com/start\"\nregion = \"eu-west-1\"\n\
                [role.admin]\nidp = \"cloud\"\naccount = \"111122223333\"\n\
                permission_set = \"AdministratorAccess\"\nregion = \"eu-west-1\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{}{more}", home.example()),
    );
    home.fedgit(&["apply"]).exits(0);
    let script = "import json, sys\n\
                  from botocore.configloader import load_config\n\
                  print(json.dumps(load_config(sys.argv[1])))\n";
    let file = home.file(".aws/config");
    let mut python = peers.command(&home, "python");
    let said = home.run(python.args(["-c", script]).arg(&file)).exits(0);
    let mut read: Value = serde_json::from_str(&said.out).unwrap();
    let sections = ["profiles", "sso_sessions"].iter();
    let keep = |key: &str| !key.starts_with("fedgit_managed") && key != "credential_process";
    for section in sections {
        for keys in read[section].as_object_mut().unwrap().values_mut() {
            keys.as_object_mut().unwrap().retain(|key, _| keep(key));
        }
    }
    let expected = serde_json::json!({
        "profiles": {
            "adfs": {
                "region": "us-east-1", "output": "json", "cli_pager": "", "max_attempts": "5",
                "use_fips_endpoint": "true",
                "s3": { "addressing_style": "path", "max_queue_size": "9" },
            },
            "admin": {
                "region": "eu-west-1", "output": "json", "cli_pager": "",
                "sso_session": "cloud", "sso_account_id": "111122223333",
                "sso_role_name": "AdministratorAccess",
            },
        },
        "sso_sessions": { "cloud": {
            "sso_start_url": "https://d-1234567890.awsapps.com/start",
            "sso_region": "eu-west-1",
            "sso_registration_scopes": "sso:account:access",
        }},
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&read[key], value, "{read}");
    }
}

/// Where the path of the file has variables in it.
#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn variables_in_the_path_lead_both_to_one_file() {
    let peers = Peers::find();
    let script = "import botocore.session\n\
                  print('adfs' in botocore.session.Session().available_profiles)\n";
    for (path, file) in [
        ("$HOME/a/config", "a/config"),
        (
            "${SUB}/$EMPTY/${UNSET}$UNSET/config",
            "b/${UNSET}$UNSET/config",
        ),
        ("~/c$UNSET/${NAME}$NAME.config", "c$UNSET/namename.config"),
    ] {
        let home = Home::new(Scenario::adfs());
        home.write(file, "");
        let mut both = [
            home.command(env!("CARGO_BIN_EXE_fedgit")),
            peers.command(&home, "python"),
        ];
        for command in &mut both {
            command.env("AWS_CONFIG_FILE", path).env("SUB", "~/b");
            command.env("EMPTY", "").env("NAME", "name");
        }
        let [fedgit, python] = &mut both;
        home.run(fedgit.arg("apply")).exits(0);
        assert!(home.read(file).contains("[profile adfs]"), "{path}");
        let said = home.run(python.args(["-c", script])).exits(0);
        assert_eq!(said.out.trim(), "True", "{path}");
    }
}
