//! `fedgit roles` for a SAML login, and which role is meant where several fit.

use fedgit_testbed::Scenario;
use serde_json::Value;

use crate::world::Home;

const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/ADFS";
const DECLARED: &str = "arn:aws:iam::111122223333:role/ADFS-Production";
const OTHER: &str = "arn:aws:iam::444455556666:role/Auditor";

fn home() -> Home {
    let home = Home::new(Scenario::adfs().roles(&[(DECLARED, PROVIDER), (OTHER, PROVIDER)]));
    let more = "\n[account.prod]\nid = \"111122223333\"\n";
    home.write(".config/fedgit/fedgit.toml", home.example() + more);
    home
}

#[test]
fn every_role_that_is_offered_with_its_profiles() {
    let home = home();
    let said = home.fedgit_as_script(&["roles"]).exits(0);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(
        lines,
        [
            "111122223333  prod  ADFS-Production  adfs",
            "444455556666        Auditor"
        ]
    );
    // The assertion that the login left says it again, without a password.
    let said = home.fedgit(&["roles", "corp", "--json"]).exits(0);
    let said: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said["idp"], "corp");
    assert_eq!(said["roles"][0]["arn"], DECLARED);
    assert_eq!(said["roles"][0]["account_name"], "prod");
    assert_eq!(said["roles"][0]["declared"][0], "adfs");
    assert_eq!(said["roles"][1]["arn"], OTHER);
    assert_eq!(said["roles"][1]["account_name"], Value::Null);
    assert_eq!(said["roles"][1]["declared"], serde_json::json!([]));
    assert_eq!(home.world.ledger().login_attempts(), 1);

    home.fedgit(&["roles", "corq"]).exits(2).tells(&["corp"]);
    home.fedgit(&["logout"]).exits(0);
    home.world.end_sessions();
    home.fedgit(&["roles"])
        .exits(4)
        .tells(&["fedgit login corp"]);
}

/// Two profiles of one role.
#[cfg(unix)]
fn of_two() -> Home {
    let home = Home::new(Scenario::adfs());
    let text = home.example().replace(
        "profile = \"adfs\"\n",
        "regions = [\"us-east-1\", \"eu-west-1\"]\nprofile = \"adfs-{region}\"\n",
    );
    let text = text.split("[repo.").next().unwrap().to_owned();
    home.write(".config/fedgit/fedgit.toml", text);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home
}

#[test]
#[cfg(unix)]
fn the_person_picks_one_of_several() {
    let home = of_two();
    for name in ["", "developer "] {
        let line = format!(
            "unset FEDGIT_IT_HOME; {} exec {name}-- sh -c 'echo region $AWS_REGION'; echo \"code $?\"",
            env!("CARGO_BIN_EXE_fedgit")
        );
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("which profile?").unwrap();
        person.send("east").unwrap();
        person.send("\r").unwrap();
        person.flush().unwrap();
        person.exp_string("region us-east-1").unwrap();
        person.exp_string("code 0").unwrap();
    }
    // Escape is a no; so is Ctrl-C, and the cursor is back after either.
    for (key, code) in [("\u{1b}", "code 130"), ("\u{3}", "code 130")] {
        let line = format!(
            "{} exec -- true; echo \"code $?\"",
            env!("CARGO_BIN_EXE_fedgit")
        );
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("which profile?").unwrap();
        person.send(key).unwrap();
        person.flush().unwrap();
        let shown = person.exp_string(code).unwrap();
        assert!(shown.contains("\u{1b}[?25h"), "{shown:?}");
    }
}

#[test]
#[cfg(unix)]
fn nobody_is_asked_without_a_terminal_or_where_it_is_forbidden() {
    let home = of_two();
    home.fedgit(&["exec", "developer", "--", "true"])
        .exits(2)
        .tells(&["has several profiles", "adfs-us-east-1"]);
    home.fedgit(&["exec", "--", "true"])
        .exits(2)
        .tells(&["no role is named"]);
    let line = format!(
        "{} --no-input exec developer -- true; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = crate::prompt::at_terminal(&home, &line);
    let shown = person.exp_string("code 2").unwrap();
    assert!(!shown.contains("which profile?"), "{shown}");
}
