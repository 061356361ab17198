//! What goes wrong, and what the person reads of it.

use fedgit_testbed::{Failing, Scenario, Service};

use super::Center;
use super::center::start;

#[test]
fn nobody_to_ask_is_told_with_the_command() {
    let center = Center::new(Scenario::adfs());
    let command = "fedgit login cloud";
    center
        .credentials("reader")
        .exits(4)
        .tells(&["nobody is there", command]);
    for args in [
        &["--no-input", "login", "cloud"][..],
        &["--no-input", "whoami", "reader"],
        &["--no-input", "roles", "cloud"],
    ] {
        let said = center.home.run(&mut center.on_desktop(args));
        said.exits(4).tells(&[command]);
    }
    // git's background fetch on a desktop.
    let mut process = center.on_desktop(&["credential-process", "--profile", "reader"]);
    process.env("GIT_TERMINAL_PROMPT", "0");
    let said = center.home.run(&mut process);
    assert_eq!(said.out, "");
    said.exits(4).tells(&[command]);
    assert!(center.windows().is_empty());
    assert_eq!(center.home.world.ledger().count(Service::Oidc), 0);
}

#[test]
fn the_person_says_no() {
    let center = Center::new(Scenario::adfs());
    let (said, pages) = center.by_browser(&mut center.on_desktop(&["login", "cloud"]), "deny");
    said.exits(5)
        .tells(&["refused in the browser: User denied access"]);
    assert!(
        pages
            .last()
            .unwrap()
            .body
            .contains("The sign-in was refused")
    );
    let denied = Center::new(Scenario::adfs().device_decides(0, false));
    let mut login = denied.fedgit(&["login", "cloud"]);
    denied
        .home
        .run(&mut login)
        .exits(5)
        .tells(&["access denied"]);
}

/// RFC 8628, section 3.5: a question that came to nothing is not the end of it.
#[test]
fn the_service_is_away_while_the_person_types_the_code() {
    let center = Center::new(Scenario::adfs());
    let mut login = center.fedgit(&["login", "cloud"]);
    let child = start(&mut login);
    let code = center.user_code();
    // As many as one question is repeated by itself.
    center.home.world.no_tokens(3);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while center.noted(Service::Oidc, "a flaw") < 3 && std::time::Instant::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let page = format!("{}/device?user_code={code}", center.home.world.oidc_url());
    center.home.world.browse(&page, "allow");
    center.end(&login, child).exits(0);
    assert_eq!(center.sign_ins(), 1);
}

#[test]
fn what_cannot_be_listed_is_not_called_a_sign_in() {
    let center = Center::signed_in(Scenario::adfs());
    let mut roles = center.fedgit(&["roles", "cloud"]);
    // Nobody listens there.
    roles.env("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1");
    let said = center.home.run(&mut roles).exits(1);
    let said = said.tells(&["cannot list what cloud offers"]);
    assert!(!said.err.contains("cannot sign in"), "{}", said.err);
}

/// Whoever asks waits with a `git push` for what is not needed yet.
#[test]
fn a_service_that_hangs_is_not_waited_for_with_credentials_in_hand() {
    let center = Center::signed_in(Scenario::adfs().credential_lifetime(14 * 60));
    age(&center);
    center.home.world.portal_fails_once(1, Failing::Hangs);
    let said = center.credentials("reader").exits(0);
    said.tells(&["could not renew the credentials of reader", "10s"]);
}

/// Nor behind a role of the user's own, whose portal is asked first; and not by each call anew.
#[test]
fn a_portal_that_hangs_behind_a_role_is_asked_once() {
    let center = Center::signed_in(Scenario::adfs().credential_lifetime(14 * 60));
    let home = &center.home;
    center.writes_own_profile();
    home.write(
        ".config/fedgit/fedgit.toml",
        "[role.deployer]\nsource_profile = \"mine\"\nregion = \"us-east-1\"\n\
         arn = \"arn:aws:iam::444455556666:role/Declared\"\n",
    );
    center.credentials("deployer").exits(0);
    age(&center);
    home.world.portal_fails_once(1, Failing::Hangs);
    let said = center.credentials("deployer").exits(0);
    said.tells(&["could not renew the credentials of deployer", "10s"]);
    let asked = home.world.ledger().count(Service::Portal);
    let said = center.credentials("deployer").exits(0);
    said.tells(&["it was not tried again"]);
    assert_eq!(home.world.ledger().count(Service::Portal), asked);
}

/// What is kept is old, and so due.
fn age(center: &Center) {
    let kept = center.home.file(".cache/fedgit/credentials");
    for entry in std::fs::read_dir(kept).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut kept: serde_json::Value = serde_json::from_str(&text).unwrap();
        kept["issued"] = "2020-01-01T00:00:00Z".into();
        std::fs::write(&path, kept.to_string()).unwrap();
    }
}

#[test]
fn nobody_types_the_code() {
    let center = Center::new(Scenario::adfs().device_lifetime(3));
    let said = center.home.run(&mut center.fedgit(&["login", "cloud"]));
    said.exits(1)
        .tells(&["within the time that its code is good for"]);
}

/// RFC 8628 wants five seconds more for each.
#[test]
fn the_service_wants_to_be_asked_less_often() {
    let center = Center::new(Scenario::adfs().slow_down(1).device_decides(0, true));
    let said = center.home.run(&mut center.fedgit(&["login", "cloud"]));
    said.exits(0);
    assert_eq!(center.noted(Service::Oidc, "SlowDown"), 1);
    assert_eq!(center.noted(Service::Oidc, "a token for a device code"), 1);
}

#[test]
fn a_token_that_was_revoked_is_not_sent_twice() {
    let center = Center::signed_in(Scenario::adfs());
    center.forget_credentials();
    center.home.world.revoke_tokens();
    center
        .credentials("reader")
        .exits(4)
        .tells(&["fedgit login cloud"]);
    assert_eq!(center.noted(Service::Portal, "Unauthorized"), 1);
    // Whoever is there signs in anew, in the same command.
    let mut whoami = center.on_desktop(&["whoami", "reader"]);
    let (said, _) = center.by_browser(&mut whoami, "allow");
    said.exits(0);
    assert_eq!(center.sign_ins(), 2);
}

#[test]
fn a_refresh_that_is_refused_asks_the_person() {
    let center = Center::signed_in(Scenario::adfs());
    center.forget_credentials();
    let mut token = center.token();
    token["expiresAt"] = "2020-01-02T03:04:05Z".into();
    std::fs::write(center.token_file(), token.to_string()).unwrap();
    center.home.world.revoke_tokens();
    center.credentials("reader").exits(4);
    assert_eq!(center.noted(Service::Oidc, "Invalid refresh token"), 1);
    // The service has forgotten the client as well.
    center.home.world.forget_clients();
    let said = center.by_code(&mut center.fedgit(&["login", "cloud", "--device-code"]));
    said.exits(0);
}

/// A code's registration that the service has forgotten is made anew in the same sign-in.
#[test]
fn a_forgotten_registration_is_made_anew() {
    let center = Center::new(Scenario::adfs());
    center
        .by_code(&mut center.fedgit(&["login", "cloud"]))
        .exits(0);
    center.home.world.forget_clients();
    center
        .by_code(&mut center.fedgit(&["login", "cloud"]))
        .exits(0);
    assert_eq!(center.noted(Service::Oidc, "registered"), 2);
    // One that ends within the hour is not begun with.
    let center = Center::new(Scenario::adfs().client_lifetime(1800));
    for _ in 0..2 {
        center
            .by_code(&mut center.fedgit(&["login", "cloud"]))
            .exits(0);
    }
    assert_eq!(center.noted(Service::Oidc, "registered"), 2);
}

/// In a browser that is seen by the person alone, who then ends it, however they do.
#[test]
fn a_browsers_registration_that_is_forgotten_does_not_stick() {
    let center = Center::signed_in(Scenario::adfs());
    center.home.world.forget_clients();
    let mut login = center.on_desktop(&["login", "cloud"]);
    let mut child = start(&mut login);
    let pages = center.home.world.browse(&center.window(1), "allow");
    assert!(pages.last().unwrap().status >= 400);
    child.kill().unwrap();
    center.end(&login, child);
    let (said, _) = center.by_browser(&mut center.on_desktop(&["login", "cloud"]), "allow");
    said.exits(0);
    assert_eq!(center.noted(Service::Oidc, "registered"), 2);
    assert_eq!(center.sign_ins(), 2);
}

#[test]
fn a_permission_set_or_an_account_that_is_gone() {
    let center = Center::signed_in(Scenario::adfs());
    center.forget_credentials();
    center.home.world.unassign("111122223333/ReadOnly");
    center.credentials("reader").exits(5).tells(&[
        "ReadOnly in 111122223333",
        "ForbiddenException: No access",
        "fedgit roles",
    ]);
    center.credentials("prod-admin").exits(0);
    center.home.world.unassign("444455556666");
    center.credentials("staging-admin").exits(5);
    // The others of a login are not lost with it.
    let mut login = center.on_desktop(&["login", "cloud"]);
    let (said, _) = center.by_browser(&mut login, "allow");
    assert_ne!(said.code, 0);
    said.tells(&[
        "prod-admin: credentials until",
        "no credentials for profile reader",
    ]);
    assert_eq!(center.sign_ins(), 2);
}

#[test]
fn the_wrong_region_or_portal() {
    let center = Center::new(Scenario::adfs());
    let mut login = center.fedgit(&["login", "cloud"]);
    // By the real names, where each region is a service of its own.
    login
        .env("HTTPS_PROXY", center.home.world.proxy_url())
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("FEDGIT_IDP__CLOUD__REGION", "us-east-1");
    let said = center.home.run(&mut login);
    said.exits(5).tells(&[
        "InvalidRequestException",
        "check start_url and region of [idp.cloud]",
    ]);
    let mut login = center.fedgit(&["login", "cloud"]);
    login.env(
        "FEDGIT_IDP__CLOUD__START_URL",
        "https://other.awsapps.com/start",
    );
    let said = center.home.run(&mut login);
    said.exits(5).tells(&["Invalid start url provided"]);
}

/// A vanity host and what the portal's own page shows in the address bar are taken as they are meant.
#[test]
fn start_urls_as_people_copy_them() {
    for url in [
        "https://d-1234567890.awsapps.com/start/#/",
        "https://d-1234567890.awsapps.com/start#/",
        "https://example.awsapps.com/start",
    ] {
        let center = Center::new(Scenario::adfs());
        let mut login = center.on_desktop(&["login", "cloud"]);
        login.env("FEDGIT_IDP__CLOUD__START_URL", url);
        let (said, _) = center.by_browser(&mut login, "allow");
        said.exits(0);
        assert!(!center.token()["startUrl"].as_str().unwrap().contains('#'));
    }
}

#[test]
fn half_a_file_of_the_aws_clis_is_passed_over() {
    let center = Center::signed_in(Scenario::adfs());
    let whole = std::fs::read(center.token_file()).unwrap();
    center.forget_credentials();
    for half in [&b""[..], b"{", &whole[..whole.len() / 2], b"[]", b"\xff"] {
        std::fs::write(center.token_file(), half).unwrap();
        center.credentials("reader").exits(4);
    }
    std::fs::write(center.token_file(), &whole).unwrap();
    center.credentials("reader").exits(0);
    // Others could have put it there.
    center.forget_credentials();
    use std::os::unix::fs::PermissionsExt;
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(center.token_file(), mode(0o666)).unwrap();
    center.credentials("reader").exits(4);
    std::fs::set_permissions(center.token_file(), mode(0o644)).unwrap();
    center.credentials("reader").exits(0);
}

/// Any page of the web can send a browser to the listener; it neither ends the sign-in nor becomes it.
#[test]
fn another_answer_than_its_own_is_not_taken() {
    let center = Center::new(Scenario::adfs());
    let mut login = center.on_desktop(&["login", "cloud"]);
    let child = start(&mut login);
    let window = center.window(0);
    let (place, _) = window.rsplit_once('/').unwrap();
    for (path, status) in [
        ("/oauth/callback?code=evil&state=evil", 400),
        ("/oauth/callback?code=evil", 400),
        ("/oauth/callback", 404),
        ("/favicon.ico", 404),
        ("/", 404),
    ] {
        let pages = center.home.world.browse(&format!("{place}{path}"), "allow");
        assert_eq!(pages.last().unwrap().status, status, "{path}");
    }
    center.home.world.browse(&window, "allow");
    center.end(&login, child).exits(0);
    assert_eq!(center.sign_ins(), 1);
    // Nobody listens any more.
    let rest = place.strip_prefix("http://").unwrap();
    assert!(std::net::TcpStream::connect(rest).is_err());
}

#[test]
fn a_browser_that_does_not_start_is_told_with_the_address() {
    let center = Center::new(Scenario::adfs());
    let mut login = center.on_desktop(&["login", "cloud"]);
    // The opener fails: it cannot write there.
    login.env("FEDGIT_IT_OPENED", "/nonexistent/x");
    let mut child = center.start_telling(&mut login, "said");
    center.until_told("said", "the browser was not opened");
    center.until_told("said", "where none opens, open this: https://127.0.0.1:");
    child.kill().unwrap();
    center.end(&login, child);
}

/// Where nothing may be kept, the session is not either.
#[test]
fn a_store_that_keeps_nothing_keeps_no_token() {
    let center = Center::new(Scenario::adfs());
    let mut login = center.on_desktop(&["login", "cloud"]);
    login.env("FEDGIT_SETTINGS__STORE", "none");
    let (said, _) = center.by_browser(&mut login, "allow");
    said.exits(0);
    assert!(!center.home.file(".aws/sso/cache").exists());
}
