//! `fedgit config`: every value knows where it came from; a change keeps everything else.

use fedgit_testbed::Scenario;

use crate::world::Home;

#[test]
fn values_tell_their_origin() {
    let home = Home::new(Scenario::adfs());
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["config", "show", "--origin"])
        .env("FEDGIT_DEFAULTS__REGION", "eu-west-1");
    let shown = home.run(&mut command).exits(0).out;
    let file = home.file(".config/fedgit/fedgit.toml");
    for line in [
        format!(
            "idp.corp.username = \"username@domain\"  # {}:4",
            file.display()
        ),
        "defaults.region = \"eu-west-1\"  # environment variable FEDGIT_DEFAULTS__REGION"
            .to_owned(),
        "defaults.session_duration = \"1h\"  # fedgit's built-in defaults\n".to_owned(),
    ] {
        assert!(shown.contains(&line), "{line} is not in\n{shown}");
    }
    // Without origins it is TOML that says the same.
    let plain = home.fedgit(&["config", "show"]).exits(0).out;
    home.write("again.toml", &plain);
    let again = home
        .fedgit(&["--config", "again.toml", "config", "show"])
        .exits(0)
        .out;
    assert_eq!(again, plain);

    let json = home.fedgit(&["config", "show", "--json"]).exits(0).out;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let kind = report["values"]
        .as_array()
        .unwrap()
        .iter()
        .find(|v| v["key"] == "idp.corp.kind");
    assert_eq!(kind.unwrap()["line"], 2);
    assert_eq!(
        home.fedgit(&["config", "get", "idp.corp.kind"])
            .exits(0)
            .out,
        "adfs\n"
    );
    home.fedgit(&["config", "get", "idp.corp.knd"])
        .exits(2)
        .tells(&["did you mean"]);
}

#[test]
fn a_change_keeps_comments_and_refuses_mistakes() {
    let home = Home::empty(Scenario::adfs());
    let name = ".config/fedgit/fedgit.toml";
    home.write(name, "# mine\n[idp.corp]\nkind = \"adfs\"  # ours\n");
    home.fedgit(&["config", "set", "idp.corp.username", "jane"])
        .exits(0);
    let expected = "# mine\n[idp.corp]\nkind = \"adfs\"  # ours\nusername = \"jane\"\n";
    assert_eq!(home.read(name), expected);
    home.fedgit(&["config", "set", "idp.corp.usrname", "x"])
        .exits(2)
        .tells(&["did you mean"]);
    home.fedgit(&["config", "set", "idp.corp.kind", "adsf"])
        .exits(2)
        .tells(&["did you mean"]);
    assert_eq!(home.read(name), expected, "nothing wrong was written");
    home.fedgit(&["config", "unset", "idp.corp.username"])
        .exits(0);
    home.fedgit(&["config", "unset", "idp.corp.username"])
        .exits(2)
        .tells(&["there is no key"]);
}

/// By a variable any key can be set, whatever its type, and an empty one sets nothing.
#[test]
fn a_variable_for_every_type() {
    let home = Home::empty(Scenario::adfs());
    let text = "[idp.corp]\nkind = \"saml\"\nurl = \"https://idp.example.com/\"\n\
                [role.a__b]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/R\"\n\
                [role.chained]\nsource = \"a__b\"\narn = \"arn:aws:iam::111122223333:role/S\"\n";
    home.write(".config/fedgit/fedgit.toml", text);
    let with = |set: &[(&str, &str)], args: &[&str]| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(args).envs(set.iter().copied());
        home.run(&mut command)
    };
    let set = [
        ("FEDGIT_IDP__CORP__SP_INITIATED", "true"),
        ("FEDGIT_SETTINGS__BROWSER_SECONDS", "100"),
        ("FEDGIT_SETTINGS__BROWSER", "/usr/bin/my browser"),
        ("FEDGIT_ROLE__CHAINED__SESSION_TAGS", "{ team = \"a\" }"),
        ("FEDGIT_ROLE__A__B__REGIONS", "[\"eu-west-1\"]"),
        ("FEDGIT_DEFAULTS__REGION", ""),
    ];
    let shown = with(&set, &["config", "show"]).exits(0).out;
    for line in [
        "idp.corp.sp_initiated = true\n",
        "settings.browser_seconds = 100\n",
        "settings.browser = \"/usr/bin/my browser\"\n",
        "role.chained.session_tags.team = \"a\"\n",
        "role.a__b.regions = [\"eu-west-1\"]\n",
    ] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
    assert!(!shown.contains("defaults.region"), "{shown}");
    with(&set, &["check"]).exits(0);
    with(&[("FEDGIT_IDP__CORP__SP_INITIATED", "maybe")], &["check"])
        .exits(2)
        .tells(&[
            "idp.corp.sp_initiated wants true or false, not the text \"maybe\"",
            "environment variable FEDGIT_IDP__CORP__SP_INITIATED",
        ]);
}

/// The file that names a bundle is right also on a machine that has not got it yet.
#[test]
fn a_bundle_that_is_not_there_is_told() {
    let home = Home::empty(Scenario::adfs());
    let text = "[idp.corp]\nkind = \"saml\"\nurl = \"https://idp.example.com/\"\n\
                ca_bundle = \"corp-ca.pem\"\n";
    home.write("fedgit.toml", text);
    let check = || home.fedgit(&["--config", "fedgit.toml", "check"]).exits(0);
    check().tells(&["[idp.corp]: its ca_bundle", "corp-ca.pem", "not there"]);
    home.write("corp-ca.pem", "");
    let said = check();
    assert!(!said.err.contains("ca_bundle"), "{}", said.err);
}
