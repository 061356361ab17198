//! `fedgit login --capture FILE`: what the pages are made of, and nothing that anybody may not know.

use fedgit_testbed::{Page, Scenario, Service};

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

/// A program of its own, a browser and IAM Identity Center show fedgit no page.
#[test]
fn a_login_without_pages_is_refused_before_it_begins() {
    let declared = [
        "kind = \"command\"\ncommand = [\"touch\", \"ran\"]",
        "kind = \"browser\"\nurl = \"https://idp.example.com/\"",
        "kind = \"identity-center\"\nstart_url = \"https://d-1.awsapps.com/start\"\nregion = \"eu-west-1\"",
    ];
    for declared in declared {
        let home = Home::empty(Scenario::adfs());
        home.write(
            ".config/fedgit/fedgit.toml",
            format!("[idp.corp]\n{declared}\n"),
        );
        home.fedgit(&["login", "corp", "--capture", "report.txt"])
            .exits(2)
            .tells(&["corp is signed in to", "--capture has no page of it"]);
        assert!(!home.file("report.txt").exists() && !home.file("ran").exists());
    }
}

/// What is set going is known to be set going, with a transcript as without: an odd page after a push
/// within a session is not followed by another login, and another push.
#[test]
fn a_push_is_sent_once() {
    let sign_in = "<form method=post id=loginForm action=/in><input name=UserName>\
         <input type=password name=Password><input type=hidden name=AuthMethod value=FormsAuthentication></form>";
    let push = "<form method=post id=loginForm action=/push>\
         <input type=hidden name=AuthMethod value=AzureMfaAuthentication>\
         <input type=hidden name=Context value=c></form>";
    let pages = [
        Page::get("/start", push).needs_session(),
        Page::get("/start", sign_in),
        Page::post("/in", saml_forms::AWS).begins_session(),
        Page::post(
            "/push",
            "<title>Odd</title><form method=get><input name=q></form>",
        ),
    ];
    let home = saml_forms::home("", pages);
    let text = home.read(".config/fedgit/fedgit.toml");
    let text = text.replace("kind = \"saml\"", "kind = \"adfs\"");
    home.write(".config/fedgit/fedgit.toml", text);
    let password = home.world.password().to_owned();
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let (said, _) = captured(&home, &password);
    said.exits(1);
    let pushes = home
        .world
        .ledger()
        .of(Service::Site)
        .filter(|entry| entry.note == "page of POST /push")
        .count();
    assert_eq!(pushes, 1);
}

/// Codes in groups, app passwords and tokens, addresses of people in names, and what was answered as a
/// link or a script has it.
#[test]
fn what_a_page_says_in_other_forms() {
    let password = "pa&ss w0rd!";
    let page = "<title>Hi</title><p>Your code is 123 456 or 98 76 54, user bob@example.org</p>\
         <b id='bob@example.org'>x</b><label for=z>Mrs Doe, pin 12 34</label>\
         <p>app password: abcdefghijklmnop</p><p>token tok_abcDEFghiJKL</p>\
         <p>bad pa&amp;ss w0rd! and pa&amp;amp;ss w0rd! <a href='/x/pa%26ss%20w0rd!'>l</a> PA&amp;SS W0RD!\
         cGEmc3MgdzByZCE=</p><template><p>kept for later: fjord</p></template>\
         <form method=post action=/on><input name=odd type=range></form>";
    let sign_in = "<form method=post action=/in><input name=username>\
         <input type=password name=password></form>";
    let pages = [Page::get("/start", sign_in), Page::post("/in", page)];
    let home = saml_forms::home("", pages);
    let (said, text) = captured(&home, password);
    said.exits(1);
    for part in [
        "123", "456", "98", "76 54", "bob", "12 34", "abcd", "tok_", "pa&", "pa%", "PA&", "w0rd",
        "W0RD", "cGEm", "fjord",
    ] {
        let pages = text.split_once("HTTP 200").unwrap().1;
        let pages = pages.replace(home.world.site_url("").as_str(), "");
        assert!(!pages.contains(part), "{part} is in {pages}");
    }
    assert!(text.contains("Your code is (removed)"), "{text}");
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
