//! `fedgit roles` for a SAML login, and which role is meant where several fit.

use fedgit_testbed::{Scenario, Service};
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

/// What IAM calls an account, asked once by the roles that the login offers.
#[test]
fn accounts_by_their_aliases() {
    let third = "arn:aws:iam::777788889999:role/Guest";
    let scenario = Scenario::adfs()
        .roles(&[
            (DECLARED, PROVIDER),
            ("arn:aws:iam::444455556666:role/Admin", PROVIDER),
            (OTHER, PROVIDER),
            (third, PROVIDER),
        ])
        .account_alias("111122223333", "acme-prod")
        .account_alias("444455556666", "acme-staging")
        .account_alias("777788889999", "acme-guests")
        .may_not_know_aliases("Admin")
        .may_not_know_aliases("Guest");
    let home = Home::new(scenario);
    let more = "\n[account.prod]\nid = \"111122223333\"\n";
    home.write(".config/fedgit/fedgit.toml", home.example() + more);
    let lines = [
        "111122223333  prod (acme-prod)  ADFS-Production  adfs",
        "444455556666  acme-staging      Admin",
        "444455556666  acme-staging      Auditor",
        "777788889999                    Guest",
    ];
    let asked = || home.world.ledger().of(Service::Iam).count();
    for _ in 0..2 {
        let said = home.fedgit_as_script(&["roles"]).exits(0);
        assert_eq!(said.out.lines().collect::<Vec<_>>(), lines);
        assert_eq!(said.err, "");
        // One may not know, and the other role of that account may; nor is a no asked for again.
        assert_eq!(asked(), 4);
    }
    let said = home.fedgit(&["roles", "--json"]).exits(0);
    let said: Value = serde_json::from_str(&said.out).unwrap();
    let alias = |at: usize| said["roles"][at]["account_alias"].clone();
    assert_eq!(alias(0), "acme-prod");
    assert_eq!(said["roles"][0]["account_name"], "prod");
    assert_eq!(alias(3), Value::Null);
    let refused = |entry: &fedgit_testbed::Entry| entry.note.starts_with("refused: ");
    let ledger = home.world.ledger();
    let notes: Vec<_> = ledger.of(Service::Iam).filter(|e| refused(e)).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
}

/// With the credentials that a login left nobody is asked for others; and a service that is not there,
/// or no address, costs nothing but the names.
#[test]
fn aliases_cost_nothing_but_themselves() {
    let home = Home::new(Scenario::adfs().account_alias("111122223333", "acme-prod"));
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let asked = || home.world.ledger().count(Service::Sts);
    let before = asked();
    for endpoint in [
        "https://127.0.0.1:9",
        "http://iam.example.com",
        "no address",
    ] {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(["roles"])
            .env("AWS_ENDPOINT_URL_IAM", endpoint);
        let said = home.run(&mut command).exits(0);
        assert_eq!(said.out, "111122223333    ADFS-Production  adfs\n");
    }
    // AWS's own is not shown what an STS on this machine hands out.
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["roles"])
        .env_remove("AWS_ENDPOINT_URL_IAM")
        .env("HTTPS_PROXY", home.world.proxy_url());
    let said = home.run(&mut command).exits(0);
    assert_eq!(said.out, "111122223333    ADFS-Production  adfs\n");
    assert_eq!(home.world.ledger().count(Service::Proxy), 0);
    let said = home.fedgit(&["roles"]).exits(0);
    assert_eq!(said.out, "111122223333  acme-prod  ADFS-Production  adfs\n");
    assert_eq!(asked(), before);
}

/// Two profiles of one role.
#[cfg(unix)]
fn of_two() -> Home {
    let home = Home::new(Scenario::adfs().account_alias("111122223333", "acme-prod"));
    let text = home.example().replace(
        "profile = \"adfs\"\n",
        "regions = [\"us-east-1\", \"eu-west-1\"]\nprofile = \"adfs-{region}\"\n",
    );
    let text = text.split("[repo.").next().unwrap().to_owned();
    home.write(".config/fedgit/fedgit.toml", text);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home.fedgit(&["roles"]).exits(0);
    home
}

/// Waits until Ctrl-C at the terminal that `tty` names is a key: the list is shown a moment before.
#[cfg(unix)]
fn keys_are_read(home: &Home) {
    let terminal = home.read("tty");
    for _ in 0..6000 {
        let mode = home.run(home.command("stty").args(["-F", terminal.trim(), "-a"]));
        if mode.exits(0).out.contains("-isig") {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the keys are not read");
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
        let shown = person
            .exp_string("role/ADFS-Production (acme-prod)")
            .unwrap();
        assert!(shown.contains("which profile?"), "{shown}");
        person.send("east").unwrap();
        person.send("\r").unwrap();
        person.flush().unwrap();
        person.exp_string("region us-east-1").unwrap();
        person.exp_string("code 0").unwrap();
    }
    // Escape is a no; so is Ctrl-C, and the cursor is back after either.
    for (key, code) in [("\u{1b}", "code 130"), ("\u{3}", "code 130")] {
        let line = format!(
            "tty >tty; {} exec -- true; echo \"code $?\"",
            env!("CARGO_BIN_EXE_fedgit")
        );
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("which profile?").unwrap();
        keys_are_read(&home);
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

/// One signs in also before any role is declared: that is how one finds out which there are.
#[test]
fn a_login_needs_no_role() {
    let home = Home::empty(Scenario::adfs());
    let example = home.example();
    let (idp, _) = example.split_once("\n[role.").unwrap();
    home.write(".config/fedgit/fedgit.toml", idp);
    for login in [&["login", "corp"][..], &["login"]] {
        let said = home.fedgit_as_script(login).exits(0);
        said.tells(&[
            "signed in to corp; no role of it is declared; those that it offers: fedgit roles corp",
        ]);
    }
    assert_eq!(home.world.ledger().logins(), 1);
    let roles = home.fedgit(&["roles"]).exits(0);
    assert!(roles.out.contains("ADFS-Production"), "{}", roles.out);
    // What was said once serves all of them.
    assert_eq!(home.world.ledger().logins(), 1);
}
