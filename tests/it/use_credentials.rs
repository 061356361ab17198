//! What credentials are for: `exec`, `env` and `whoami`. The console has a file of its own.

mod console;

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use fedgit_testbed::{Scenario, Service};

use crate::prompt::at_terminal;
use crate::world::{Home, Said};

/// Variables that lead AWS programs elsewhere.
const ELSEWHERE: &[&str] = &[
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
];

/// A role that is assumed from the first one, and one in two regions.
const MORE: &str = r#"
[role.deployer]
source = "developer"
arn = "arn:aws:iam::444455556666:role/Deploy"
region = "eu-west-1"

[role.auditor]
idp = "corp"
arn = "arn:aws:iam::111122223333:role/ADFS-Production"
regions = ["us-east-1", "eu-west-1"]
"#;

/// Somebody who has logged in.
fn logged_in() -> Home {
    let home = Home::new(Scenario::adfs());
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{}{MORE}", home.example()),
    );
    home.fedgit_as_script(&["login"]).exits(0);
    home
}

fn fedgit(home: &Home, args: &[&str]) -> Command {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command.args(args);
    command
}

/// The credentials of a profile, as the SDKs get them.
fn credentials(home: &Home, profile: &str) -> serde_json::Value {
    let said = home.fedgit(&["credential-process", "--profile", profile]);
    serde_json::from_str(&said.exits(0).out).unwrap()
}

/// The value of a variable in the output of `env`.
fn value<'a>(said: &'a Said, name: &str) -> Option<&'a str> {
    said.out
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

/// That these are the profile's credentials and nothing leads elsewhere.
#[track_caller]
fn assert_holds(said: &Said, expected: &serde_json::Value, region: &str) {
    for (name, expected) in [
        ("AWS_ACCESS_KEY_ID", &expected["AccessKeyId"]),
        ("AWS_SECRET_ACCESS_KEY", &expected["SecretAccessKey"]),
        ("AWS_SESSION_TOKEN", &expected["SessionToken"]),
        ("AWS_CREDENTIAL_EXPIRATION", &expected["Expiration"]),
        ("AWS_REGION", &region.into()),
        ("AWS_DEFAULT_REGION", &region.into()),
    ] {
        assert_eq!(value(said, name), expected.as_str(), "{name}");
    }
    for name in ELSEWHERE {
        assert_eq!(value(said, name), None, "{name}");
    }
}

#[test]
fn a_command_gets_the_credentials_and_nothing_that_leads_elsewhere() {
    let home = logged_in();
    let adfs = credentials(&home, "adfs");
    let deployer = credentials(&home, "deployer");
    assert_ne!(adfs["AccessKeyId"], deployer["AccessKeyId"]);
    for (role, expected, region) in [
        ("adfs", &adfs, "us-east-1"),
        ("developer", &adfs, "us-east-1"),
        ("deployer", &deployer, "eu-west-1"),
    ] {
        let mut command = fedgit(&home, &["exec", role, "--", "env"]);
        command
            .env("FEDGIT_PASSWORD", home.world.password())
            .env("FEDGIT_MFA_CODE", home.world.password())
            .env("AWS_REGION", "mars-north-1")
            .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .env("KEPT", "as it was");
        for name in ELSEWHERE {
            command.env(name, "elsewhere");
        }
        let said = home.run_for_credentials(&mut command).exits(0);
        assert_holds(&said, expected, region);
        assert_eq!(value(&said, "KEPT"), Some("as it was"));
        assert!(!said.out.contains("FEDGIT_PASSWORD"));
        assert!(!said.out.contains("FEDGIT_MFA_CODE"));
        assert_eq!(said.err, "");
    }
    // Also where fedgit had to log in for it.
    home.fedgit(&["logout"]).exits(0);
    let mut command = fedgit(&home, &["exec", "adfs", "--", "env"]);
    command.env("FEDGIT_PASSWORD", home.world.password());
    let said = home.run_for_credentials(&mut command).exits(0);
    assert_holds(&said, &credentials(&home, "adfs"), "us-east-1");
}

#[test]
fn the_command_stands_in_the_place_of_fedgit() {
    let home = logged_in();
    let sh = |script: &str| {
        let mut command = fedgit(&home, &["exec", "adfs", "--", "sh", "-c", script]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env("FEDGIT_IT_GIVEN", "1");
        command.spawn().unwrap()
    };
    let child = sh("echo $$; exit 7");
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        id.to_string()
    );
    assert_eq!(output.status.code(), Some(7));

    let output = sh("kill -TERM $$").wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(15));

    let mut child = sh("cat");
    child.stdin.take().unwrap().write_all(b"through").unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, b"through");

    // What comes after the dashes is the command's, flags and all.
    let args = [
        "exec",
        "adfs",
        "--",
        "printf",
        "%s|",
        "--no-input",
        "-q",
        "a b",
    ];
    let said = home.run_for_credentials(&mut fedgit(&home, &args));
    assert_eq!(said.exits(0).out, "--no-input|-q|a b|");
}

#[test]
fn what_cannot_be_run_ends_as_in_a_shell() {
    let home = logged_in();
    home.fedgit(&["exec", "adfs", "--", "no-such-command"])
        .exits(127)
        .tells(&["cannot start no-such-command", "put it on PATH"]);
    home.write("text", "no program");
    home.fedgit(&["exec", "adfs", "--", "./text"])
        .exits(126)
        .tells(&["cannot start ./text"]);
    home.fedgit(&["exec", "adfs"]).exits(2);
}

#[test]
fn names_that_lead_to_no_credentials() {
    let home = logged_in();
    for command in [
        &["exec", "ROLE", "--", "touch", "ran"][..],
        &["env", "ROLE"],
        &["whoami", "ROLE"],
        &["console", "ROLE", "--print"],
    ] {
        let with = |role: &str| -> Vec<String> {
            command
                .iter()
                .map(|arg| arg.replace("ROLE", role))
                .collect()
        };
        let run = |role: &str| {
            let args = with(role);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            home.fedgit(&args)
        };
        run("develper").exits(2).tells(&[
            "no role or profile is named \"develper\"",
            "did you mean",
            "developer",
        ]);
        run("auditor").exits(2).tells(&[
            "the role \"auditor\" has several profiles",
            "auditor-eu-west-1, auditor-us-east-1",
        ]);
    }
    home.fedgit(&["logout"]).exits(0);
    for args in [
        &["exec", "adfs", "--", "touch", "ran"][..],
        &["env", "adfs"],
        &["whoami", "adfs"],
        &["console", "adfs", "--print"],
        &["--no-input", "exec", "adfs", "--", "touch", "ran"],
    ] {
        let said = home.fedgit(args).exits(4).tells(&["fedgit login corp"]);
        assert_eq!(said.out.lines().count(), 0, "{args:?}: {}", said.out);
    }
    assert!(!home.file("ran").exists());
}

#[test]
fn a_shell_takes_the_assignments() {
    let home = logged_in();
    let expected = credentials(&home, "adfs");
    for shell in ["sh", "bash", "zsh", "fish"] {
        if Command::new(shell).args(["-c", "exit"]).output().is_err() {
            eprintln!("skipped: {shell} is not installed");
            continue;
        }
        let program = env!("CARGO_BIN_EXE_fedgit");
        let take = |args: &str| match shell {
            "fish" => format!("{program} env {args} | source"),
            _ => format!("eval \"$({program} env {args})\""),
        };
        let run = |script: String| {
            let mut command = home.command(shell);
            // By SHELL; what it is in real life is a path.
            command
                .args(["-c", &script])
                .env("SHELL", format!("/usr/bin/{shell}"));
            for name in ELSEWHERE {
                command.env(name, "elsewhere");
            }
            home.run_for_credentials(&mut command).exits(0)
        };
        let said = run(format!("{}; env", take("adfs")));
        assert_holds(&said, &expected, "us-east-1");
        assert_eq!(said.err, "", "{shell}");
        let said = run(format!("{}; {}; env", take("adfs"), take("--unset")));
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_REGION"] {
            assert_eq!(value(&said, name), None, "{shell}: {name}");
        }
    }
}

#[test]
fn forms_that_are_no_shell() {
    let home = logged_in();
    let expected = credentials(&home, "adfs");
    let env = |args: &[&str]| {
        let args = [&["env", "adfs", "--shell"], args].concat();
        home.run_for_credentials(&mut fedgit(&home, &args))
    };
    // As it is, the output of `env`.
    let said = env(&["dotenv"]).exits(0);
    assert_holds(&said, &expected, "us-east-1");
    assert_eq!(said.out.lines().count(), 6);

    let said = env(&["json"]).exits(0);
    let read: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(read["AWS_SESSION_TOKEN"], expected["SessionToken"]);
    assert_eq!(read.as_object().unwrap().len(), 6);
    let said = env(&["json", "--unset"]).exits(0);
    let read: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(read["AWS_SESSION_TOKEN"].is_null());

    env(&["dotenv", "--unset"])
        .exits(2)
        .tells(&["cannot unset", "--shell"]);
    let said = env(&["powershell"]).exits(0);
    assert!(said.out.contains("$env:AWS_REGION = 'us-east-1'\n"));
    // A shell that sets variables in a way of its own.
    let mut command = fedgit(&home, &["env", "adfs"]);
    let said = home.run(command.env("SHELL", "/bin/tcsh"));
    said.exits(2).tells(&["/bin/tcsh", "--shell bash"]);
    // To take them away needs no configuration and no role.
    let mut command = fedgit(&home, &["--config", "gone.toml", "env", "--unset"]);
    let said = home.run(&mut command).exits(0);
    assert!(said.out.contains("unset AWS_SESSION_TOKEN\n"));
    home.fedgit(&["env"]).exits(2);
}

#[test]
fn secrets_on_a_terminal_are_shown_with_a_word_about_it() {
    let home = logged_in();
    let line = format!(
        "{} env adfs --shell bash 2>err; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = at_terminal(&home, &line);
    person.exp_string("export AWS_SESSION_TOKEN=").unwrap();
    person.exp_string("code 0").unwrap();
    let said = home.read("err");
    assert!(said.contains("eval \"$(fedgit env adfs)\""), "{said}");
}

#[test]
fn who_the_credentials_are() {
    let home = logged_in();
    let arn = "arn:aws:sts::111122223333:assumed-role/ADFS-Production/username@domain";
    let said = home.fedgit(&["whoami", "developer"]).exits(0);
    assert!(
        said.out
            .starts_with(&format!("adfs  111122223333  {arn}  AROA"))
    );

    let said = home.fedgit(&["whoami", "adfs", "--json"]).exits(0);
    let read: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let identity = &read["identities"][0];
    assert_eq!(identity["profile"], "adfs");
    assert_eq!(identity["account"], "111122223333");
    assert_eq!(identity["arn"], arn);
    assert!(identity["user_id"].as_str().unwrap().starts_with("AROA"));
    assert!(identity["error"].is_null());

    // Nobody named: AWS_PROFILE, else everybody.
    let mut command = fedgit(&home, &["whoami"]);
    let said = home.run(command.env("AWS_PROFILE", "deployer")).exits(0);
    assert!(said.out.starts_with("deployer  444455556666  "));
    assert_eq!(said.out.lines().count(), 1);
    let mut command = fedgit(&home, &["whoami"]);
    let said = home.run(command.env("AWS_PROFILE", "deplyer"));
    said.exits(2)
        .tells(&["deplyer", "did you mean", "AWS_PROFILE"]);
    let said = home.fedgit(&["whoami"]).exits(0);
    assert_eq!(said.out.lines().count(), 4);
}

#[test]
fn sts_does_not_know_them_any_more() {
    let home = logged_in();
    home.world.set_clock_offset(2 * 3600);
    let said = home.fedgit(&["whoami", "adfs", "--json"]).exits(5).tells(&[
        "STS does not say who profile adfs is",
        "ExpiredToken",
        "fedgit logout adfs",
    ]);
    let read: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(read["identities"][0]["arn"].is_null());
    assert!(read["identities"][0]["error"].is_string());
    assert!(home.world.ledger().count(Service::Sts) > 0);
}
