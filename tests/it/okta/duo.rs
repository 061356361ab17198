//! Duo behind an org of the Classic engine. It has no name but its own, so all of it goes by the proxy.

use fedgit_testbed::{AtPhone, Scenario, Service};

use super::{LOUD, notes};
use crate::world::{Home, Said};

/// A user of the org by its name.
pub(crate) fn home(scenario: Scenario, mfa: &str) -> Home {
    let home = super::home(scenario, &format!("mfa = \"{mfa}\"\n"));
    let text = home.read(".config/fedgit/fedgit.toml");
    let text = text.replace(&home.world.okta_url(), &home.world.okta_named_url());
    home.write(".config/fedgit/fedgit.toml", text);
    home
}

fn log_in(home: &Home, code: &str) -> Said {
    let (password, proxy) = (home.world.password(), home.world.proxy_url());
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(LOUD)
        .env("FEDGIT_PASSWORD", password)
        .env("FEDGIT_MFA_CODE", code)
        .env("HTTPS_PROXY", proxy);
    home.run(&mut command)
}

fn duo() -> Scenario {
    Scenario::okta_classic().okta_factors(&["duo"])
}

fn posts(home: &Home) -> usize {
    let ledger = home.world.ledger();
    let posts = ledger.of(Service::Okta);
    posts.filter(|entry| entry.method == "POST").count()
}

#[test]
fn duo_says_yes() {
    for (scenario, mfa, words) in [
        (duo(), "Duo Push phone1", "the number to enter is"),
        (duo(), "Phone Call phone2", "login request"),
        (duo().at_phone(AtPhone::Ignores), "Passcode", ""),
        // Asked for by the application, and where a device is remembered.
        (duo().okta_step_up(), "Passcode", ""),
        (duo().okta_remembers_devices(), "Passcode", ""),
    ] {
        let home = home(scenario, mfa);
        log_in(&home, home.world.mfa_code())
            .exits(0)
            .tells(&[words]);
        let notes = notes(&home);
        let count = |wanted: &str| notes.iter().filter(|note| note.contains(wanted)).count();
        assert_eq!(count("refused"), 0, "{notes:?}");
        assert_eq!(count("Duo's answer taken"), 1, "{notes:?}");
        assert_eq!(count("factor accepted"), 1, "{notes:?}");
        let ledger = home.world.ledger();
        assert_eq!((ledger.logins(), ledger.login_attempts()), (1, 1));
        // The password and the state token are no business of Duo's.
        let mut told = ledger.of(Service::Duo).flat_map(|entry| &entry.form);
        assert!(told.all(|(name, _)| name != "password" && name != "stateToken"));
    }
}

#[test]
fn duo_says_no() {
    for (does, words) in [
        (AtPhone::Denies, "Login request denied."),
        (AtPhone::Ignores, "Login timed out."),
    ] {
        let home = home(duo().at_phone(does), "Duo Push phone1");
        log_in(&home, "")
            .exits(5)
            .tells(&["refused the second factor", words, "help:"]);
        assert!(!notes(&home).iter().any(|note| note.contains("accepted")));
        // The password, and the wish for Duo; nothing was told to the org after that.
        assert_eq!(posts(&home), 2);
    }
    let home = home(duo(), "Passcode");
    log_in(&home, "00000000")
        .exits(5)
        .tells(&["refused the code", "Incorrect passcode"]);
    assert_eq!(posts(&home), 2);
}

#[test]
fn it_is_chosen_among_others() {
    let scenario = Scenario::okta_classic().okta_factors(&["push", "duo", "totp"]);
    let home = home(scenario, "duo");
    // Which way, Duo asks; nobody is there to say it.
    log_in(&home, home.world.mfa_code())
        .exits(4)
        .tells(&["way to confirm to Duo"]);
    assert!(home.world.ledger().count(Service::Duo) > 0);
    assert!(!notes(&home).iter().any(|note| note.contains("push")));
}

#[test]
fn an_org_that_lies_about_duo_is_not_believed() {
    for (scenario, word) in [
        (duo().okta_duo_at("evil.example"), "evil.example"),
        (
            duo().okta_duo_at("api-1a2b3c4d.duosecurity.com.evil.example"),
            "evil.example",
        ),
        (
            duo().okta_duo_at("api-1a2b3c4d.duosecurity.com@evil.example"),
            "evil.example",
        ),
        (
            duo().okta_duo_answers_to("https://evil.example/collect"),
            "not on the Okta org",
        ),
        (
            duo().okta_duo_answers_to("http://example.okta.com/collect"),
            "not on the Okta org",
        ),
        (
            duo().okta_duo_answers_to("https://api-1a2b3c4d.duosecurity.com/collect"),
            "not on the Okta org",
        ),
    ] {
        let shown = format!("{scenario:?}");
        let home = home(scenario, "Duo Push phone1");
        let said = log_in(&home, home.world.mfa_code());
        assert_eq!(said.code, 1, "{shown}: {}", said.err);
        assert!(said.err.contains(word), "{shown}: {}", said.err);
        assert_eq!(home.world.ledger().count(Service::Duo), 0, "{shown}");
        assert_eq!(posts(&home), 2, "{shown}");
    }
}
