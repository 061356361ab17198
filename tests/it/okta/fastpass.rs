//! FastPass: Okta Verify on the person's own machine answers for them.

use fedgit_testbed::{Scenario, Service, Verify};

use super::{LOUD, PROFILE, home, notes, with_code};
use crate::world::Home;

fn at_verify(home: &Home) -> Vec<String> {
    let ledger = home.world.ledger();
    let of = ledger.of(Service::OktaVerify);
    of.map(|entry| format!("{} {}: {}", entry.method, entry.path, entry.note))
        .collect()
}

/// The org asks for it before anything else: neither a name nor a password goes out.
#[test]
fn it_signs_in_without_a_password() {
    let scenario = Scenario::okta_identity_engine().okta_asks_fastpass();
    let home = home(scenario.okta_verify(Verify::Confirms), "");
    home.fedgit_as_script(&LOUD)
        .exits(0)
        .tells(&["Okta Verify on this computer: confirm it there"]);
    assert_eq!(home.world.ledger().login_attempts(), 0);
    // Somebody else's is asked first, and passed over.
    let expected = [
        "GET /probe: ",
        "POST /challenge: not the one who is meant",
        "GET /probe: probed",
        "POST /challenge: challenge answered",
    ];
    assert_eq!(at_verify(&home), expected);
}

#[test]
fn it_is_one_of_several_factors() {
    let factors = ["totp", "fastpass"];
    let scenario = Scenario::okta_identity_engine().okta_factors(&factors);
    let home = home(
        scenario.okta_verify(Verify::Confirms),
        "mfa = \"fastpass\"\n",
    );
    home.fedgit_as_script(&PROFILE)
        .exits(0)
        .tells(&["confirm it there"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    assert!(notes(&home).iter().any(|note| note == "factor accepted"));
}

/// As a browser does, which asks for the password then.
#[test]
fn it_is_given_up_where_it_is_not_there() {
    for (verify, reason) in [
        (None, "OV_UNREACHABLE_BY_LOOPBACK"),
        (Some(Verify::Fails), "OV_RETURNED_ERROR"),
    ] {
        let mut scenario = Scenario::okta_identity_engine().okta_asks_fastpass();
        if let Some(verify) = verify {
            scenario = scenario.okta_verify(verify);
        }
        let home = home(scenario, "");
        home.fedgit_as_script(&PROFILE).exits(0);
        let given_up = format!("given up: {reason}");
        assert!(notes(&home).contains(&given_up), "{:?}", notes(&home));
        let ledger = home.world.ledger();
        assert_eq!((ledger.logins(), ledger.login_attempts()), (1, 1));
    }
}

#[test]
fn where_it_was_the_only_factor_the_login_ends() {
    let scenario = Scenario::okta_identity_engine().okta_factors(&["fastpass"]);
    let home = home(scenario, "");
    home.fedgit_as_script(&PROFILE).exits(1).tells(&[
        "Okta asks for Okta Verify FastPass",
        "only a browser can give",
    ]);
}

#[test]
fn a_no_is_a_no() {
    let factors = ["totp", "fastpass"];
    let scenario = Scenario::okta_identity_engine().okta_factors(&factors);
    let home = home(scenario.okta_verify(Verify::Denies), "mfa = \"fastpass\"\n");
    home.fedgit_as_script(&PROFILE)
        .exits(5)
        .tells(&["refused the second factor", "chosen to reject"]);
    // Nobody is asked again in the background, nor is another factor tried.
    let before = at_verify(&home).len();
    with_code(&home, &PROFILE, "12345678").exits(5);
    assert_eq!(at_verify(&home).len(), before);
}
