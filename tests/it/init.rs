//! From nothing to a `fedgit.toml` that is right: by flags and at a terminal.

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

const FILE: &str = ".config/fedgit/fedgit.toml";
const ARN: &str = "arn:aws:iam::111122223333:role/ADFS-Production";

fn init(home: &Home, args: &[&str]) -> Said {
    let mut all = vec!["init"];
    all.extend(args);
    home.fedgit(&all)
}

#[test]
fn a_newcomer_gets_from_nothing_to_credentials() {
    let home = Home::empty(Scenario::adfs());
    home.fedgit(&["check"]).exits(2).tells(&["fedgit init"]);
    let url = home.world.adfs_url().to_string();
    let (user, repo) = (home.world.username(), "ExampleCorpRepository");
    let flags = ["--url", &url, "--username", user, "--role-arn", ARN];
    init(
        &home,
        &[&flags[..], &["--profile", "adfs", "--repo", repo]].concat(),
    )
    .exits(0)
    .tells(&[
        "fedgit check",
        "fedgit plan",
        "fedgit apply",
        "fedgit login corp",
    ]);
    home.fedgit(&["check"])
        .exits(0)
        .tells(&["1 identity provider, 1 profile, 1 repository"]);
    home.fedgit(&["plan"]).exits(3);
    home.fedgit(&["apply"]).exits(0);
    home.fedgit_as_script(&["login", "corp"])
        .exits(0)
        .tells(&["adfs: credentials until"]);
    let repos = home.fedgit(&["repo", "list"]).exits(0).out;
    assert!(repos.contains(repo), "{repos}");
}

#[test]
fn the_file_is_private_and_explained() {
    let home = Home::empty(Scenario::adfs());
    let flags = ["--url", "adfs.example.com", "--role-arn", ARN];
    init(&home, &flags).exits(0);
    let text = home.read(FILE);
    assert!(text.starts_with("#:schema "), "{text}");
    for part in [
        "url = \"https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices\"",
        "[role.ADFS-Production]",
        "region = \"us-east-1\"",
        "#password_command =",
        "#username =",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(home.file(FILE)).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}

#[test]
fn every_kind_by_flags_is_right() {
    let role = ["--role-arn", ARN];
    let url = ["--url", "https://signin.example.com/app"];
    let user = ["--username", "EXAMPLE\\jane"];
    let cloud = [
        ["--start-url", "https://d-1234567890.awsapps.com/start"],
        ["--idp-region", "eu-west-1"],
        ["--account", "012345678901"],
        ["--permission-set", "AdministratorAccess"],
    ];
    for (kind, flags) in [
        ("adfs", [url, user, role].concat()),
        ("okta", [url, user, role].concat()),
        ("saml", [url, user, role].concat()),
        ("browser", [url, role].concat()),
        (
            "command",
            [&["--command", "my-login --for 'two words'"], &role[..]].concat(),
        ),
        ("identity-center", cloud.concat()),
    ] {
        let home = Home::empty(Scenario::adfs());
        let file = format!("{kind}.toml");
        let common = [
            "--kind",
            kind,
            "--name",
            "work",
            "--profile",
            "p/1",
            "--region",
            "eu-central-1",
            "--repo",
            "My.Repo",
            "--output",
            &file,
        ];
        init(&home, &[&common[..], &flags].concat())
            .exits(0)
            .tells(&[&format!("fedgit --config {file} check"), "login work"]);
        home.fedgit(&["--config", &file, "check"])
            .exits(0)
            .tells(&["1 identity provider, 1 profile, 1 repository"]);
        let plan = home.fedgit(&["--config", &file, "plan"]).exits(3).out;
        assert!(plan.contains("[profile p/1]"), "{plan}");
        assert!(plan.contains("region = eu-central-1"), "{plan}");
    }
}

#[test]
fn what_is_there_is_never_touched() {
    let home = Home::new(Scenario::adfs());
    let before = home.read(FILE);
    let flags = ["--url", "adfs.example.com", "--role-arn", ARN];
    init(&home, &flags)
        .exits(2)
        .tells(&["is there already", "--output FILE"]);
    assert_eq!(home.read(FILE), before);
    // A folder, too.
    init(&home, &[&flags[..], &["--output", ".config"]].concat())
        .exits(2)
        .tells(&["is there already"]);
    init(&home, &[&flags[..], &["--output", "second.toml"]].concat()).exits(0);
    home.fedgit(&["--config", "second.toml", "check"]).exits(0);
    // `--config` names the place too.
    let mut all = vec!["--config", "third.toml", "init"];
    all.extend(flags);
    home.fedgit(&all).exits(0);
    home.fedgit(&["--config", "third.toml", "check"]).exits(0);
}

#[test]
fn a_file_for_the_project_is_trusted_before_it_speaks() {
    let home = Home::empty(Scenario::adfs());
    let flags = ["--here", "--url", "adfs.example.com", "--role-arn", ARN];
    init(&home, &flags).exits(0).tells(&["fedgit trust"]);
    home.fedgit(&["check"]).exits(2).tells(&["untrusted"]);
    home.fedgit(&["trust"]).exits(0);
    home.fedgit(&["check"]).exits(0);
}

#[test]
fn with_nobody_to_ask_the_missing_flags_are_named() {
    let home = Home::empty(Scenario::adfs());
    init(&home, &[]).exits(4).tells(&["--url, --role-arn"]);
    init(&home, &["--no-input", "--kind", "identity-center"])
        .exits(4)
        .tells(&["--start-url, --idp-region, --account, --permission-set"]);
    assert!(!home.file(FILE).exists());
}

#[test]
fn wrong_flags_are_told_without_secrets() {
    let home = Home::empty(Scenario::adfs());
    let role = ["--role-arn", ARN];
    for (flags, told) in [
        (["--kind", "adsf"], "did you mean \"adfs\"?"),
        (["--url", "http://adfs.example.com/"], "plain http"),
        (["--url", "https://jane:hunter2@adfs.example.com/"], "--url"),
        (["--url", "jane:hunter2@adfs.example.com"], "--url"),
        (["--username", "jane:hunter2"], "--username"),
        (["--region", "cn-north-1"], "partition"),
        (["--start-url", "https://x/"], "--kind identity-center"),
        (["--repo", "a/b"], "repository name"),
    ] {
        let said = init(&home, &[&role[..], &flags].concat())
            .exits(2)
            .tells(&[told]);
        assert!(!said.err.contains("hunter2"), "{}", said.err);
    }
    assert!(!home.file(FILE).exists());
}

#[cfg(unix)]
mod at_a_terminal {
    use super::*;
    use crate::prompt::at_terminal;

    fn line(args: &str) -> String {
        let fedgit = env!("CARGO_BIN_EXE_fedgit");
        format!("stty -a >before; {fedgit} init {args}; echo \"code $?\"; stty -a >after")
    }

    #[test]
    fn it_asks_and_asks_again() {
        let home = Home::empty(Scenario::adfs());
        let mut person = at_terminal(&home, &line(""));
        // What is asked, what is typed, and what is said of it.
        for (question, typed, told) in [
            (" command) [adfs]: ", "adsf", "did you mean \"adfs\"?"),
            (" command) [adfs]: ", "", ""),
            ("a name for it in the file [corp]: ", "my corp", "A-Z a-z"),
            ("a name for it in the file [corp]: ", "", ""),
            ("or the AD FS's host alone: ", "", "not a URL"),
            (
                "or the AD FS's host alone: ",
                "https://jane:x@adfs.example.com/",
                "no user name or password",
            ),
            ("or the AD FS's host alone: ", "adfs.example.com", ""),
            ("asked for at each login): ", "jane@example.com", ""),
            (
                "ARN of the role: ",
                "arn:aws:s3:::bucket",
                "a role ARN looks like",
            ),
            ("ARN of the role: ", ARN, ""),
            ("in ~/.aws/config [ADFS-Production]: ", "adfs", ""),
            ("region [us-east-1]: ", "cn-north-1", "partition"),
            ("region [us-east-1]: ", "eu-west-1", ""),
            ("repository (empty: none): ", "", ""),
        ] {
            person.exp_string(question).unwrap();
            person.send_line(typed).unwrap();
            person.exp_string(told).unwrap();
        }
        person.exp_string("fedgit login corp").unwrap();
        person.exp_string("code 0").unwrap();
        person.exp_eof().unwrap();
        home.fedgit(&["check"])
            .exits(0)
            .tells(&["1 profile, 0 repositories"]);
        let text = home.read(FILE);
        assert!(text.contains("username = \"jane@example.com\""), "{text}");
        assert!(text.contains("region = \"eu-west-1\""), "{text}");
        assert!(!text.contains("jane:x"), "{text}");
        assert_eq!(home.read("before"), home.read("after"));
    }

    #[test]
    fn it_asks_only_for_what_no_flag_says() {
        let home = Home::empty(Scenario::adfs());
        let flags = format!(
            "--kind adfs --url adfs.example.com --role-arn {ARN} --repo '' --region us-west-2"
        );
        let mut person = at_terminal(&home, &line(&flags));
        let before = person
            .exp_string("a name for it in the file [corp]: ")
            .unwrap();
        assert_eq!(before.matches("fedgit:").count(), 1, "{before}");
        person.send_line("work").unwrap();
        person.exp_string("user name").unwrap();
        person.send_line("").unwrap();
        person.exp_string("[ADFS-Production]: ").unwrap();
        person.send_line("").unwrap();
        person.exp_string("fedgit login work").unwrap();
        person.exp_string("code 0").unwrap();
        person.exp_eof().unwrap();
        home.fedgit(&["check"]).exits(0);
    }

    #[test]
    fn ctrl_c_writes_nothing() {
        let home = Home::empty(Scenario::adfs());
        let mut person = at_terminal(&home, &line("--kind okta"));
        person.exp_string("a name for it").unwrap();
        person.send_line("staff").unwrap();
        person.exp_string("AWS application in Okta").unwrap();
        person.send_control('c').unwrap();
        person.exp_string("nothing was written").unwrap();
        person.exp_string("code 130").unwrap();
        person.exp_eof().unwrap();
        assert!(!home.file(".config").exists());
        assert_eq!(home.read("before"), home.read("after"));
    }

    #[test]
    fn no_input_is_no_input_at_a_terminal_too() {
        let home = Home::empty(Scenario::adfs());
        let mut person = at_terminal(&home, &line("--no-input"));
        person.exp_string("--url, --role-arn").unwrap();
        person.exp_string("code 4").unwrap();
    }
}
