//! `fedgit login --capture FILE`: what the pages are made of, and nothing that anybody may not know.

use fedgit_testbed::{Page, Scenario};

use crate::okta;
use crate::saml_forms;
use crate::world::{Home, Said};

fn captured(home: &Home, password: &str) -> (Said, String) {
    captured_with(home, password, home.world.site_code())
}

fn captured_with(home: &Home, password: &str, code: &str) -> (Said, String) {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login", "corp", "--capture", "report.txt"])
        .env("FEDGIT_PASSWORD", password)
        .env("FEDGIT_MFA_CODE", code);
    let said = home.run(&mut command);
    let text = home.read("report.txt");
    for secret in home.world.secrets() {
        assert!(!text.contains(&secret), "a secret is in {text}");
    }
    for part in [home.world.username(), "username", "MARKER", password] {
        let inside = text.contains(part) && part != "username";
        assert!(!inside, "{part} is in {text}");
    }
    (said, text)
}

#[test]
fn a_login_at_an_ad_fs() {
    let home = Home::new(Scenario::adfs());
    let (said, text) = captured(&home, home.world.password());
    said.exits(0).tells(&["report.txt is written"]);
    for part in [
        "<form id=\"loginForm\" method=\"post\"",
        "name=\"UserName\"",
        "name=\"SAMLResponse\" type=\"hidden\" value=\"(removed)\"",
        "POST https://127.0.0.1",
        "with UserName, Password, AuthMethod",
        "ended with: an assertion",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(home.file("report.txt"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
    // Nothing is written over, and nobody is asked before that is known.
    let before = home.world.ledger().entries().len();
    home.fedgit_as_script(&["login", "corp", "--capture", "report.txt"])
        .exits(2)
        .tells(&["is there already"]);
    assert_eq!(home.world.ledger().entries().len(), before);
    assert_eq!(home.read("report.txt"), text);
}

/// What the person answers goes to Okta in JSON.
#[test]
fn a_login_at_okta() {
    for engine in okta::ENGINES {
        let home = okta::home(engine().okta_factors(&["totp"]), "");
        let code = home.world.okta_code().to_owned();
        let (said, text) = captured_with(&home, home.world.password(), &code);
        said.exits(0);
        assert!(!text.contains(&code), "{text}");
        for part in ["with JSON", "ended with: an assertion"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(
            text.contains("MFA_REQUIRED") || text.contains("challenge-authenticator"),
            "{text}"
        );
    }
}

/// A link that somebody has put there is not followed, wherever it leads.
#[cfg(unix)]
#[test]
fn a_planted_link_is_not_followed() {
    let home = Home::new(Scenario::adfs());
    std::os::unix::fs::symlink(home.file("elsewhere"), home.file("report.txt")).unwrap();
    home.fedgit_as_script(&["login", "corp", "--capture", "report.txt"])
        .exits(2)
        .tells(&["is there already"]);
    assert!(!home.file("elsewhere").exists());
    assert_eq!(home.world.ledger().logins(), 0);
}

#[test]
fn a_login_that_fails() {
    let home = Home::new(Scenario::adfs());
    let (said, text) = captured(&home, "Wrong-Passw0rd");
    said.exits(5);
    assert!(text.contains("Incorrect user ID or password"), "{text}");
    assert!(text.contains("ended with: "), "{text}");
}

#[test]
fn a_page_full_of_secrets() {
    let page = "<title>Odd for {username}</title><!-- MARKER --><script>x='MARKER{code}'</script>\
         <p>Hello {username}, your code {code} and MARKER0123456789abcdef</p>\
         <form id=odd method=post action='/in?ticket=MARKER#MARKER' data-x=MARKER onsubmit='MARKER'>\
         <input name=user value='{username}'><input name=pw type=password value='{password}'>\
         <input type=hidden name=state value='MARKER {code}'><textarea name=t>MARKER</textarea></form>";
    let odd = "<p>{password} is wrong, {username}: {code}</p><form method=post action=/x?MARKER>\
         <input name=stars type=range value=MARKER><select name=s><option value=MARKER>One</select></form>";
    let pages = [
        Page::get("/start", page),
        Page::post("/in", odd).begins_session(),
    ];
    let home = saml_forms::home("", pages);
    let (said, text) = captured(&home, home.world.password());
    said.exits(1);
    for part in [
        "<form id=\"odd\"",
        "name=\"state\"",
        "<textarea name=\"t\">",
        "Hello",
        "One",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
