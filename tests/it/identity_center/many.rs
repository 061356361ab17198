//! Many accounts, many callers, and a portal that allows so much and no more.

use fedgit_testbed::{Scenario, Service};
use serde_json::Value;

use super::Center;
use super::center::start;

#[test]
fn a_hundred_cold_callers_open_one_window() {
    let center = Center::new(Scenario::adfs());
    let mut callers = Vec::new();
    for n in 0..100 {
        let profile = ["prod-admin", "staging-admin", "reader", "deployer"][n % 4];
        let mut command = center.on_desktop(&["credential-process", "--profile", profile]);
        let child = start(&mut command);
        callers.push((command, child));
    }
    let window = center.window(0);
    center.home.world.browse(&window, "allow");
    for (command, child) in callers {
        center.end(&command, child).exits(0);
    }
    assert_eq!((center.sign_ins(), center.windows().len()), (1, 1));
    // And one question for each permission set.
    assert_eq!(center.noted(Service::Portal, "credentials of"), 3);
}

/// Those who waited for somebody who said no do not ask them again.
#[test]
fn a_no_counts_for_everybody_who_waited() {
    let center = Center::new(Scenario::adfs());
    let mut callers = Vec::new();
    for _ in 0..8 {
        let mut command = center.on_desktop(&["credential-process", "--profile", "reader"]);
        let child = start(&mut command);
        callers.push((command, child));
    }
    let window = center.window(0);
    // Until all of them stand in line.
    std::thread::sleep(std::time::Duration::from_secs(3));
    center.home.world.browse(&window, "deny");
    let codes: Vec<i32> = callers
        .into_iter()
        .map(|(command, child)| center.end(&command, child).code)
        .collect();
    assert_eq!(
        codes.iter().filter(|code| **code == 5).count(),
        1,
        "{codes:?}"
    );
    assert_eq!(
        codes.iter().filter(|code| **code == 4).count(),
        7,
        "{codes:?}"
    );
    assert_eq!(center.windows().len(), 1);
}

#[test]
fn lists_are_paged_and_the_portal_is_not_outrun() {
    let sets: Vec<String> = (0..130).map(|n| format!("Set{n}")).collect();
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let center = Center::new(Scenario::adfs().assignments(3, &sets));
    let mut roles = center.on_desktop(&["roles", "cloud", "--json"]);
    let (said, _) = center.by_browser(&mut roles, "allow");
    let report: Value = serde_json::from_str(&said.exits(0).out).unwrap();
    assert_eq!(report["roles"].as_array().unwrap().len(), 390);
    // Two pages for each account.
    assert_eq!(center.noted(Service::Portal, "roleList"), 6);

    let center = Center::new(
        Scenario::adfs()
            .assignments(110, &["A", "B"])
            .throttles_every(7),
    );
    let mut roles = center.on_desktop(&["roles", "cloud", "--json"]);
    let (said, _) = center.by_browser(&mut roles, "allow");
    let report: Value = serde_json::from_str(&said.exits(0).out).unwrap();
    assert_eq!(report["roles"].as_array().unwrap().len(), 220);
    assert_eq!(center.noted(Service::Portal, "accountList"), 2);
    let refused = center.noted(Service::Portal, "TooManyRequests");
    assert!(refused > 10, "{refused} refusals");
}

/// `fedgit login` with a portal that throttles: every role is there in the end.
#[test]
fn a_throttled_login_gets_every_role() {
    let center = Center::new(Scenario::adfs().assignments(60, &["A"]).throttles_every(7));
    let accounts: Vec<String> = (0..60)
        .map(|n| format!("\"{:012}\"", 100_000_000_000_u64 + n))
        .collect();
    let text = format!(
        "[idp.cloud]\nkind = \"identity-center\"\nstart_url = \"{}\"\nregion = \"eu-west-1\"\n\
         [role.a]\nidp = \"cloud\"\naccounts = [{}]\npermission_set = \"A\"\n",
        center.home.world.start_url(),
        accounts.join(", ")
    );
    center.home.write(".config/fedgit/fedgit.toml", text);
    let mut login = center.on_desktop(&["login", "cloud"]);
    let (said, _) = center.by_browser(&mut login, "allow");
    let said = said.exits(0);
    assert_eq!(said.err.matches(": credentials until ").count(), 60);
    assert!(center.noted(Service::Portal, "TooManyRequests") > 0);
    assert_eq!(center.sign_ins(), 1);
}
