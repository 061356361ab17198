//! What goes out once: a password, a code and a push, within one login and over many processes.

use fedgit_testbed::{Page, Push, Service};

use crate::okta::{ENGINES, forget, with_code};
use crate::saml_forms::{AWS, home};
use crate::world::{Home, Said};

const PROFILE: [&str; 3] = ["credential-process", "--profile", "developer"];
const SIGN_IN: &str =
    "<form method=post action=/in><input name=user><input type=password name=p></form>";

fn script(home: &Home, args: &[&str]) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(args)
        .env("FEDGIT_PASSWORD", home.world.password())
        .env("FEDGIT_MFA_CODE", home.world.site_code());
    home.run(&mut command)
}

fn asked(home: &Home, note: &str) -> usize {
    let ledger = home.world.ledger();
    ledger
        .of(Service::Site)
        .filter(|entry| entry.note == note)
        .count()
}

/// A page without a form says no in words of its own, or says nothing; or no page comes at all.
#[test]
fn a_script_sends_its_password_once_whatever_comes_back() {
    let refusal = "<div class=error>Wrong user name or password.</div>";
    let hop = "<form method=post action=/in><input type=hidden name=n value=1></form>";
    for (answer, status) in [(refusal, 200), (refusal, 403), ("", 500), (hop, 200)] {
        let pages = [
            Page::get("/start", SIGN_IN),
            Page::post("/in", answer).status(status),
        ];
        let home = home("", pages);
        let first = script(&home, &PROFILE);
        assert_ne!(first.code, 0, "{}", first.err);
        for _ in 0..2 {
            script(&home, &PROFILE).exits(5).tells(&["corp"]);
        }
        assert_eq!(home.world.ledger().login_attempts(), 1, "{answer} {status}");
        // Whoever says so tries again.
        script(&home, &["login", "corp"]);
        assert_eq!(home.world.ledger().login_attempts(), 2);
    }
}

/// The session knows the password: a push that was refused is not followed by a whole new login, nor by
/// the next process's.
#[test]
fn a_refused_push_within_a_session_is_the_last_at_okta() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["push", "totp"]).okta_step_up();
        let home = crate::okta::home(scenario.okta_push(Push::Refused), "mfa = \"totp\"\n");
        let profile = ["credential-process", "--profile", "adfs"];
        with_code(&home, &profile, home.world.okta_code()).exits(0);
        forget(&home);
        home.world.forget_second_factors();
        let text = home.read(".config/fedgit/fedgit.toml");
        home.write(
            ".config/fedgit/fedgit.toml",
            text.replace("\"totp\"", "\"push\""),
        );
        with_code(&home, &profile, "")
            .exits(5)
            .tells(&["refused the second factor"]);
        let before = home.world.ledger().count(Service::Okta);
        with_code(&home, &profile, "").exits(5);
        // Nor where there is no password to be given.
        home.fedgit(&profile).exits(5);
        assert_eq!(home.world.ledger().count(Service::Okta), before);
        assert_eq!(home.world.ledger().login_attempts(), 1);
    }
}

/// The same of pages that send a push where a button is pressed.
#[test]
fn a_refused_push_within_a_session_is_the_last_at_forms() {
    let push = "<form action=/push method=post><button name=how value=push>Push</button>\
         <button name=how value=call>Call</button></form>";
    let pages = [
        Page::get("/start", push).needs_session(),
        Page::get("/start", SIGN_IN),
        Page::post("/in", AWS).begins_session(),
        Page::post("/push", "<div class=error>Refused on the device.</div>"),
    ];
    let home = home("mfa = \"push\"", pages);
    script(&home, &PROFILE).exits(0);
    forget(&home);
    script(&home, &PROFILE)
        .exits(5)
        .tells(&["Refused on the device."]);
    script(&home, &PROFILE).exits(5);
    assert_eq!(asked(&home, "page of POST /push"), 1);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// An AD FS made of such pages, behind its sign-in form.
fn adfs(more: &str, pages: impl IntoIterator<Item = Page>) -> Home {
    let sign_in = "<form method=post id=loginForm action=/in><input name=UserName>\
         <input type=password name=Password><input type=hidden name=AuthMethod value=FormsAuthentication></form>";
    let home = home(
        more,
        [Page::get("/start", sign_in)].into_iter().chain(pages),
    );
    let text = home.read(".config/fedgit/fedgit.toml");
    let text = text.replace("kind = \"saml\"", "kind = \"adfs\"");
    home.write(".config/fedgit/fedgit.toml", text);
    home
}

fn method(adapter: &str, to: &str, more: &str) -> String {
    format!(
        "<form method=post id=loginForm action={to}><input type=hidden name=AuthMethod value={adapter}>\
         <input type=hidden name=Context value=c>{more}</form>"
    )
}

/// Each time that the form of a method which nobody knows is sent it may telephone somebody.
#[test]
fn an_unknown_method_is_not_sent_on_and_on() {
    let page = method("Acme.Push", "/push", "<input type=submit name=go value=Go>");
    let home = adfs(
        "",
        [Page::post("/in", page.clone()), Page::post("/push", page)],
    );
    script(&home, &["login", "corp"])
        .exits(1)
        .tells(&["Acme.Push", "kind = \"browser\""]);
    assert_eq!(asked(&home, "page of POST /push"), 2);
}

/// The default method of an AD FS sends a push; whoever has said `mfa = "rsa"` is to get none.
#[test]
fn the_method_that_is_meant_is_the_one_that_is_begun() {
    let links = "<form id=options method=post action=/how><input type=hidden name=AuthMethod>\
         <a class=actionLink id=SecurIDAuthentication href=# \
         onclick=\"return SelectOption('SecurIDAuthentication')\">RSA</a></form>";
    let push = method(
        "AzureMfaAuthentication",
        "/push",
        "<p id=validEntropyNumber>44</p>",
    ) + links;
    let code = method("SecurIDAuthentication", "/code", "<input name=Passcode>");
    let pages = || {
        [
            Page::post("/in", push.clone()),
            Page::post("/how", code.clone()).wants(&[("AuthMethod", "SecurIDAuthentication")]),
            Page::post("/code", AWS),
            Page::post("/push", AWS),
        ]
    };
    for (mfa, pushes) in [("mfa = \"rsa\"", 0), ("", 1), ("mfa = \"azure\"", 1)] {
        let home = adfs(mfa, pages());
        script(&home, &["login", "corp"]).exits(0);
        assert_eq!(asked(&home, "page of POST /push"), pushes, "{mfa}");
        assert_eq!(asked(&home, "page of POST /code"), 1 - pushes, "{mfa}");
    }
}

#[test]
fn two_fields_that_take_turns_get_a_code_once() {
    let field =
        |name: &str, to: &str| format!("<form method=post action={to}><input name={name}></form>");
    let pages = [
        Page::get("/start", SIGN_IN),
        Page::post("/in", field("otp0", "/one")),
        Page::post("/one", field("otp1", "/two")),
        Page::post("/two", field("otp0", "/one")),
    ];
    let home = home("", pages);
    script(&home, &PROFILE)
        .exits(5)
        .tells(&["refused the code"]);
    assert_eq!(
        (
            asked(&home, "page of POST /one"),
            asked(&home, "page of POST /two")
        ),
        (1, 0)
    );
}

/// A response that cannot be read is not kept for as long as STS would take it.
#[test]
fn an_unreadable_response_is_not_read_again() {
    let unreadable = "<form method=post action='https://signin.aws.amazon.com/saml'>\
         <input type=hidden name=SAMLResponse value=bm90IFhNTA==></form>";
    let home = home("", [Page::get("/start", unreadable)]);
    for runs in 1..=2 {
        let said = script(&home, &["roles", "corp"]);
        assert_ne!(said.code, 0, "{}", said.out);
        assert_eq!(asked(&home, "page of GET /start"), runs);
    }
}

/// The one's assertion and credentials are not the other's, who is another user.
#[cfg(unix)]
#[test]
fn two_programs_told_one_address_are_two_logins() {
    let home = home("", []);
    // Beside the home: an assertion in it would be a leak.
    let beside = tempfile::tempdir().unwrap();
    let response = beside.path().join("response");
    std::fs::write(&response, home.world.issue_assertion()).unwrap();
    let text = ["one", "two"].map(|name| {
        format!(
            "[idp.{name}]\nkind = \"command\"\nurl = \"https://idp.example.com/\"\n\
             command = [\"sh\", \"-c\", \"echo {name} >> {0}.calls; cat {0}\"]\n\
             [role.{name}]\nidp = \"{name}\"\narn = \"arn:aws:iam::111122223333:role/ADFS-Production\"\n",
            response.display()
        )
    });
    home.write(".config/fedgit/fedgit.toml", text.concat());
    for name in ["one", "two", "one"] {
        home.fedgit(&["credential-process", "--profile", name])
            .exits(0);
    }
    let calls = std::fs::read_to_string(beside.path().join("response.calls")).unwrap();
    assert_eq!(calls, "one\ntwo\n");
}

/// A person who says what is not on offer has neither interrupted nor been refused; what was chosen in a
/// login that failed is asked for again, and a consent each time.
#[cfg(unix)]
#[test]
fn wrong_numbers_failed_choices_and_consents_at_the_terminal() {
    let choice = "<title>How</title><form action=/how method=post>\
         <button name=how value=app>App</button><button name=how value=sms>SMS</button></form>";
    let consent = "<title>Terms</title><form action=/agreed method=post>\
         <button name=go value=1>Accept</button></form>";
    let pages = [
        Page::get("/start", SIGN_IN),
        Page::post("/in", choice),
        Page::post("/how", "<div class=error>No such telephone.</div>").wants(&[("how", "sms")]),
        Page::post("/how", consent).wants(&[("how", "app")]),
        Page::post("/agreed", AWS),
    ];
    let home = home("", pages);
    let line = format!(
        "{} login corp; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let begun = || {
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("password of ").unwrap();
        person.send_line(home.world.password()).unwrap();
        person
    };
    let mut person = begun();
    for _ in 0..2 {
        person.exp_string("1 to 2").unwrap();
        person.send_line("7").unwrap();
    }
    person.exp_string("code 4").unwrap();
    drop(person);

    let mut person = begun();
    person.exp_string("1 to 2").unwrap();
    person.send_line("2").unwrap();
    person.exp_string("No such telephone.").unwrap();
    person.exp_string("code 5").unwrap();
    drop(person);

    for asked_to_choose in [true, false] {
        let mut person = begun();
        if asked_to_choose {
            person.exp_string("1 to 2").unwrap();
            person.send_line("1").unwrap();
        }
        person.exp_string("consent (Terms) for corp").unwrap();
        person.exp_string("1) Accept").unwrap();
        person.send_line("1").unwrap();
        person.exp_string("code 0").unwrap();
    }
}
