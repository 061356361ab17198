//! More than a `credential_process` in a profile: further keys for the SDKs, and profiles of IAM
//! Identity Center in the form that every SDK logs in to by itself.

use fedgit_testbed::Scenario;

use crate::world::Home;

const CONFIG: &str = ".config/fedgit/fedgit.toml";

const CENTER: &str = r#"
[idp.cloud]
kind = "identity-center"
start_url = "https://d-1234567890.awsapps.com/start"
region = "eu-west-1"
profiles = "native"

[role.admin]
idp = "cloud"
account = "111122223333"
permission_set = "AdministratorAccess"
region = "eu-west-1"
"#;

/// Our marker's line differs from file to file.
fn without_marks(text: &str) -> String {
    text.lines()
        .filter(|line| !line.starts_with("fedgit_managed"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn further_keys_stand_in_the_profile_and_come_and_go() {
    let home = Home::empty(Scenario::adfs());
    let keys = "[defaults.aws]\noutput = \"json\"\nmax_attempts = 5\n\
                [defaults.aws.s3]\naddressing_style = \"path\"\n\
                [role.developer.aws]\noutput = \"table\"\ncli_pager = \"\"\nuse_fips_endpoint = true\n\
                [role.developer.aws.s3]\nmax_concurrent_requests = 20\n";
    home.write(CONFIG, format!("{}{keys}", home.example()));
    home.write(".aws/config", "# mine\n[default]\nregion = us-east-1\n");
    let plan = home.fedgit(&["plan"]).exits(3).out;
    for line in [
        "+   output = table\n",
        "+   s3.addressing_style = path\n",
        "+   s3.max_concurrent_requests = 20\n",
    ] {
        assert!(plan.contains(line), "{line} is not in\n{plan}");
    }
    home.fedgit(&["apply"]).exits(0);
    let text = home.read(".aws/config");
    let expected = "cli_pager =\nmax_attempts = 5\noutput = table\ns3 =\n  addressing_style = path\n  \
                    max_concurrent_requests = 20\nuse_fips_endpoint = true\nfedgit_managed = ";
    assert!(text.contains(expected), "{text}");
    home.fedgit(&["plan"]).exits(0);

    // Another tool's layout of the same values is no edit; a comment in between stays.
    let odd = text
        .replace(
            "s3 =\n  addressing_style = path\n",
            "# styles\ns3=\n    max_concurrent_requests=20\n",
        )
        .replace(
            "\n  max_concurrent_requests = 20\n",
            "\n    addressing_style=path\n",
        );
    assert_ne!(odd, text);
    home.write(".aws/config", &odd);
    home.fedgit(&["plan"]).exits(0);
    let fewer = keys.replace("max_concurrent_requests = 20", "max_queue_size = 9");
    home.write(CONFIG, format!("{}{fewer}", home.example()));
    home.fedgit(&["apply"]).exits(0).tells(&["1 changed"]);
    let text = home.read(".aws/config");
    let expected = "# styles\ns3 =\n  addressing_style = path\n  max_queue_size = 9\n";
    assert!(text.contains(expected), "{text}");

    // A human's edit of one nested key is told apart from that.
    home.write(
        ".aws/config",
        text.replace("queue_size = 9", "queue_size = 10"),
    );
    home.fedgit(&["apply"])
        .exits(6)
        .tells(&["edited since", "-   s3.max_queue_size = 10"]);
    home.write(".aws/config", &text);
    home.write(CONFIG, "# nothing\n");
    home.fedgit(&["apply"]).exits(0);
    assert_eq!(
        home.read(".aws/config"),
        "# mine\n[default]\nregion = us-east-1\n# styles\n"
    );
}

#[test]
fn keys_that_say_where_credentials_come_from_are_refused() {
    let home = Home::empty(Scenario::adfs());
    let keys = "[role.developer.aws]\ncredential_process = \"evil\"\nsso_session = \"x\"\n\
                region = \"eu-west-1\"\naws_secret_access_key = \"PLANTED\"\n\
                Output = \"json\"\nendpoint_url = \"a]b\"\n";
    home.write(CONFIG, format!("{}{keys}", home.example()));
    let said = home.fedgit(&["check"]).exits(2).tells(&[
        "reserved-key",
        "credential_process",
        "sso_session",
        "[defaults] region",
        "\"Output\"",
        "it holds a ]",
        "6 mistakes",
    ]);
    assert!(!said.err.contains("PLANTED"), "{}", said.err);
    // Every mistake of a nested table is told, not only the first.
    let keys = "[role.developer.aws]\noutput = 1.5\n[role.developer.aws.s3]\na = [1]\nb = \" x\"\n\
                [role.developer.aws.s3.deep]\nc = 1\n";
    home.write(CONFIG, format!("{}{keys}", home.example()));
    home.fedgit(&["check"]).exits(2).tells(&[
        "the number 1.5",
        "aws.s3.a",
        "aws.s3.deep",
        "4 mistakes",
    ]);
}

#[test]
fn keys_by_variables() {
    let home = Home::new(Scenario::adfs());
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .arg("plan")
        .env("FEDGIT_DEFAULTS__AWS__OUTPUT", "yaml")
        .env("FEDGIT_ROLE__DEVELOPER__AWS__S3__ADDRESSING_STYLE", "path");
    let said = home.run(&mut command).exits(3);
    let plan = &said.out;
    assert!(plan.contains("+   output = yaml\n"), "{plan}");
    assert!(plan.contains("+   s3.addressing_style = path\n"), "{plan}");
    // What decides on profiles may not be set where they are used.
    said.tells(&["rely on FEDGIT_ROLE__DEVELOPER__AWS__S3__ADDRESSING_STYLE: where"]);
}

#[test]
fn a_project_that_is_not_trusted_sets_harmless_keys_only() {
    let home = Home::new(Scenario::adfs());
    let role = "[role.more]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/More\"\n\
                [role.more.aws]\noutput = \"json\"\n[role.more.aws.s3]\naddressing_style = \"path\"\n";
    let check = |text: &str| {
        home.write("project/fedgit.toml", text);
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        home.run(command.arg("check").current_dir(home.file("project")))
    };
    check(role).exits(0);
    for evil in [
        "[role.more.aws]\ncli_pager = \"sh -c evil\"\n",
        "[role.more.aws]\nendpoint_url = \"https://evil.example\"\n",
        "[role.more.aws]\nca_bundle = \"evil.pem\"\n",
        "[role.more.aws]\nservices = \"evil\"\n",
        "[role.more.aws.s3]\nendpoint_url = \"https://evil.example\"\n",
    ] {
        let role = role.split("[role.more.aws]").next().unwrap();
        check(&format!("{role}{evil}"))
            .exits(2)
            .tells(&["not trusted", "fedgit trust"]);
    }
}

#[test]
fn native_profiles_of_identity_center() {
    let home = Home::empty(Scenario::adfs());
    home.write(CONFIG, CENTER);
    home.fedgit(&["apply"]).exits(0).tells(&["2 added"]);
    let expected = "[sso-session cloud]\n\
                    sso_start_url = https://d-1234567890.awsapps.com/start\n\
                    sso_region = eu-west-1\n\
                    sso_registration_scopes = sso:account:access\n\n\
                    [profile admin]\nregion = eu-west-1\nsso_session = cloud\n\
                    sso_account_id = 111122223333\nsso_role_name = AdministratorAccess\n";
    assert_eq!(without_marks(&home.read(".aws/config")), expected);
    home.fedgit(&["plan"]).exits(0);
    // The other form and back.
    home.write(CONFIG, CENTER.replace("native", "process"));
    home.fedgit(&["apply"])
        .exits(0)
        .tells(&["1 changed, 1 removed"]);
    assert!(home.read(".aws/config").contains("credential_process = "));
    home.write(CONFIG, "# nothing\n");
    home.fedgit(&["apply"]).exits(0);
    assert!(!home.file(".aws/config").exists());
}

#[test]
fn a_session_of_the_users_own_serves_where_it_says_the_same() {
    let home = Home::empty(Scenario::adfs());
    home.write(CONFIG, CENTER);
    let own = "[sso-session cloud]\nsso_start_url = https://d-1234567890.awsapps.com/start/\n\
               sso_region = eu-west-1\nsso_registration_scopes = mine\n";
    home.write(".aws/config", own);
    home.fedgit(&["apply"])
        .exits(0)
        .tells(&["1 added", "1 kept"]);
    assert!(home.read(".aws/config").starts_with(own));
    home.write(CONFIG, "# nothing\n");
    home.fedgit(&["apply"]).exits(0);
    assert_eq!(home.read(".aws/config"), own);
    // Elsewhere it leads somewhere else.
    home.write(CONFIG, CENTER);
    home.write(".aws/config", own.replace("eu-west-1", "eu-west-2"));
    home.fedgit(&["apply"])
        .exits(6)
        .tells(&["sso-session \"cloud\" is not fedgit's"]);
    let json = home.fedgit(&["plan", "--json"]).exits(6).out;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["conflicts"][0]["sso_session"], "cloud", "{json}");
}
