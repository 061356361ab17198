//! Many accounts, many callers, and a portal that allows so much and no more.

use fedgit_testbed::{Failing, Scenario, Service};
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
        let child = center.start_telling(&mut command, "said");
        callers.push((command, child));
    }
    let window = center.window(0);
    // Until all of them stand in line.
    center.until("seven wait", || {
        let said = center.home.read("said");
        said.matches("is logging in to cloud; waiting for it")
            .count()
            == 7
    });
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

/// What was read of it would be kept for the whole, and profiles go by it.
#[test]
fn a_list_without_an_end_is_none() {
    let center = Center::new(Scenario::adfs().endless_lists());
    let mut roles = center.on_desktop(&["roles", "cloud"]);
    let (said, _) = center.by_browser(&mut roles, "allow");
    said.exits(1)
        .tells(&["cannot list what cloud offers", "its list does not end"]);
    let list = center.home.file(".config/fedgit/discovered/cloud.toml");
    assert!(!list.exists());
}

/// A load balancer that answers for the portal, or a connection that ends, is not the end of a list.
#[test]
fn a_list_outlives_what_fails_on_its_way() {
    for how in [Failing::Unavailable, Failing::Broken] {
        let center = Center::new(Scenario::adfs().assignments(120, &["A", "B"]));
        center.home.world.portal_fails_once(5, how);
        let mut roles = center.on_desktop(&["roles", "cloud", "--json"]);
        let (said, _) = center.by_browser(&mut roles, "allow");
        let report: Value = serde_json::from_str(&said.exits(0).out).unwrap();
        assert_eq!(report["roles"].as_array().unwrap().len(), 240, "{how:?}");
        assert!(center.noted(Service::Portal, "a flaw") > 10, "{how:?}");
    }
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
    let mut login = center.on_desktop(&["-v", "login", "cloud"]);
    let (said, _) = center.by_browser(&mut login, "allow");
    let said = said.exits(0).tells(&[ASKED]);
    assert_eq!(said.err.matches(": credentials until ").count(), 60);
    assert!(center.noted(Service::Portal, "TooManyRequests") > 0);
    assert_eq!(center.sign_ins(), 1);

    // One alone, by the same session.
    std::fs::remove_dir_all(center.home.file(".cache/fedgit/credentials")).unwrap();
    let one = ["-v", "credential-process", "--profile", "100000000000-a"];
    center.home.fedgit(&one).exits(0).tells(&[ASKED]);
}

/// Who is asked is the portal, in the region of the instance and not of the profile.
const ASKED: &str =
    "info: asking the portal of IAM Identity Center in eu-west-1 for A in 100000000000";

/// Memory that grows with what is asked, and not with how often the portal says no; the time is told,
/// and judged by nobody. `FEDGIT_IT_RATE` is what the portal allows a second.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "takes a minute: .ci/run runs this"]
fn five_thousand_accounts() {
    let rate = std::env::var("FEDGIT_IT_RATE").ok();
    let rate: u32 = rate.and_then(|rate| rate.parse().ok()).unwrap_or(150);
    let sets = ["Admin", "Billing", "Operator", "ReadOnly"];
    let scenario = Scenario::adfs()
        .assignments(5000, &sets)
        .requests_per_second(rate);
    let center = Center::new(scenario);
    let mut login = center.on_desktop(&["login", "cloud"]);
    let text = center.home.read(".config/fedgit/fedgit.toml");
    let idp = text.split("[account.prod]").next().unwrap().to_owned();
    center.home.write(".config/fedgit/fedgit.toml", idp);
    center.by_browser(&mut login, "allow").0.exits(0);

    let list = center.home.file("roles.json");
    let mut roles = center.fedgit(&["roles", "cloud", "--json"]);
    roles.stdout(std::fs::File::create(&list).unwrap());
    let (began, mut most) = (std::time::Instant::now(), 0_u64);
    let mut child = roles.spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        let line = status.unwrap_or_default();
        let line = line.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        most = most.max(kib.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(child.wait().unwrap().success());
    let report: Value = serde_json::from_slice(&std::fs::read(&list).unwrap()).unwrap();
    assert_eq!(report["roles"].as_array().unwrap().len(), 20_000);
    let refused = center.noted(Service::Portal, "TooManyRequests");
    println!(
        "5000 accounts at {rate} requests a second: {:.0} s (the portal allows {:.0} s), \
         {refused} refusals, {} MiB",
        began.elapsed().as_secs_f64(),
        5050.0 / f64::from(rate),
        most >> 10
    );
    assert!(most < 100 << 10, "{most} KiB");
}
