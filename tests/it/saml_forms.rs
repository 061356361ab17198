//! `kind = "saml"` end to end: pages shaped as products have them, from the first GET to credentials.

use fedgit_testbed::{Page, Scenario, Service};

use crate::world::{Home, Said};

pub(crate) const AWS: &str = "<form method=post action='https://signin.aws.amazon.com/saml'>\
     <input type=hidden name=SAMLResponse value='{assertion}'></form>";

/// A home whose identity provider shows these pages, from `/start` on.
pub(crate) fn home(more: &str, pages: impl IntoIterator<Item = Page>) -> Home {
    let home = Home::empty(Scenario::adfs());
    let url = home.world.site_url("/start");
    home.write(".config/fedgit/fedgit.toml", declaration(&home, &url, more));
    for page in pages {
        home.world.shows(page);
    }
    home
}

pub(crate) fn declaration(home: &Home, url: &str, more: &str) -> String {
    format!(
        "[idp.corp]\nkind = \"saml\"\nurl = \"{url}\"\nusername = \"{}\"\nca_bundle = \"{}\"\n{more}\n\
         [role.developer]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/ADFS-Production\"\n",
        home.world.username(),
        home.world.ca_file().display(),
    )
}

/// `fedgit login corp` of a script that knows password and code.
pub(crate) fn login(home: &Home) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", home.world.password())
        .env("FEDGIT_MFA_CODE", home.world.site_code());
    home.run(&mut command)
}

/// Keycloak: user name and password, then a code of one of two devices.
fn keycloak() -> Vec<Page> {
    let sign_in = |error: &str| {
        format!(
            "<title>Sign in to corp</title><form id=kc-form-login action='/auth?session_code=x' method=post>\
             <input id=username name=username type=text autocomplete=username>\
             <input id=password name=password type=password>\
             <span id=input-error>{error}</span><input type=checkbox name=rememberMe>\
             <input type=hidden name=credentialId><input name=login type=submit value='Sign In'></form>"
        )
    };
    let code = |error: &str| {
        format!(
            "<title>Sign in to corp</title><form id=kc-otp-login-form action=/otp method=post>\
             <input id=d0 type=radio name=selectedCredentialId value=id-0 checked><label for=d0>Phone</label>\
             <input id=d1 type=radio name=selectedCredentialId value=id-1><label for=d1>Tablet</label>\
             <label for=otp>One-time code</label><input id=otp name=otp>\
             <span id=input-error-otp-code>{error}</span>\
             <input name=login type=submit value='Sign In'></form>\
             <form action=/auth method=post><input type=hidden name=tryAnotherWay value=on></form>"
        )
    };
    vec![
        Page::get("/start", AWS).needs_session(),
        Page::get("/start", sign_in("")),
        Page::post("/auth", code("")).wants(&[
            ("username", "{username}"),
            ("password", "{password}"),
            ("credentialId", ""),
            ("login", "Sign In"),
        ]),
        Page::post("/auth", sign_in("Invalid username or password.")),
        Page::post("/otp", AWS)
            .wants(&[
                ("selectedCredentialId", "id-1"),
                ("otp", "{code}"),
                ("login", "Sign In"),
            ])
            .begins_session(),
        Page::post("/otp", code("Invalid authenticator code.")),
    ]
}

#[test]
fn keycloak_with_a_code_of_the_second_device_and_then_by_its_session() {
    let home = home("mfa = \"Tablet\"\n", keycloak());
    login(&home).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    // Neither password nor code, since the session lives.
    home.fedgit(&["login", "corp"]).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    home.fedgit_as_script(&["whoami", "developer"]).exits(0);
}

#[test]
fn a_wrong_password_and_a_wrong_code_are_told_in_the_pages_words() {
    let home = home("mfa = \"Tablet\"\n", keycloak());
    let mut wrong = home.command(env!("CARGO_BIN_EXE_fedgit"));
    wrong
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", "wrong");
    home.run(&mut wrong)
        .exits(5)
        .tells(&["refused the user name or password: Invalid username or password."]);
    let posts = |home: &Home| {
        let ledger = home.world.ledger();
        ledger
            .of(Service::Site)
            .filter(|entry| entry.method == "POST")
            .count()
    };
    assert_eq!(posts(&home), 1, "the wrong password goes out once");

    let mut wrong = home.command(env!("CARGO_BIN_EXE_fedgit"));
    wrong
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", home.world.password())
        .env("FEDGIT_MFA_CODE", "000000");
    home.run(&mut wrong)
        .exits(5)
        .tells(&["refused the code: Invalid authenticator code.", "clocks"]);
    assert_eq!(posts(&home), 3, "and so does the wrong code");
}

#[test]
fn shibboleth_with_its_buttons_and_a_consent() {
    let consent = "<title>Information Release</title><form action=/consent method=post>\
         <input type=hidden name=csrf_token value=c2>\
         <input type=checkbox name=_shib_idp_consentIds value=mail checked>\
         <input type=radio name=_shib_idp_consentOptions value=again>\
         <input type=radio name=_shib_idp_consentOptions value=remember checked>\
         <input type=submit name=_eventId_AttributeReleaseRejected value=Reject>\
         <input type=submit name=_eventId_proceed value=Accept></form>";
    let storage = "<form name=form1 action=/login method=POST><input type=hidden name=csrf_token value=c0>\
         <input type=hidden name=shib_idp_ls_supported><input type=hidden name=_eventId_proceed value=''>\
         <noscript><input type=submit value=Continue></noscript></form>";
    let sign_in = "<form action=/login method=post><input type=hidden name=csrf_token value=c1>\
         <input name=j_username><input name=j_password type=password>\
         <input type=checkbox name=donotcache value=1>\
         <button type=submit name=_eventId_proceed>Login</button></form>";
    let pages = [
        Page::get("/start", storage),
        Page::post("/login", sign_in).wants(&[
            ("csrf_token", "c0"),
            ("shib_idp_ls_supported", ""),
            ("_eventId_proceed", ""),
        ]),
        Page::post("/login", consent).wants(&[
            ("csrf_token", "c1"),
            ("j_username", "{username}"),
            ("j_password", "{password}"),
            ("_eventId_proceed", ""),
        ]),
        Page::post("/consent", AWS).wants(&[
            ("csrf_token", "c2"),
            ("_shib_idp_consentIds", "mail"),
            ("_shib_idp_consentOptions", "remember"),
            ("_eventId_proceed", "Accept"),
        ]),
    ];
    let home = home("", pages);
    // What is handed over is the person's to say, once.
    login(&home)
        .exits(4)
        .tells(&["consent (Information Release)"]);
    let url = home.world.site_url("/start");
    let text = declaration(&home, &url, "mfa = \"accept\"\n");
    home.write(".config/fedgit/fedgit.toml", text);
    login(&home).exits(0);
}

#[test]
fn lemonldap_with_a_token_and_a_choice() {
    let sign_in = "<div class='message message-positive alert' role=alert>Authentication required</div>\
         <form action=/ method=post><input type=hidden name=url value=aHR0>\
         <input type=hidden name=token value=t1><input name=user><input name=password type=password>\
         <button type=submit>Connect</button></form>";
    let choice = "<form action=/2fchoice method=post><input type=hidden name=token value=t2>\
         <button type=submit name=sf value=totp>App</button>\
         <button type=submit name=sf value=mail>E-mail</button></form>";
    let code = "<form action=/totp2fcheck method=post><input type=hidden name=token value=t3>\
         <input name=code autocomplete=one-time-code><button type=submit>Verify</button></form>";
    let pages = [
        Page::get("/start", sign_in).status(401),
        Page::post("/", choice).wants(&[
            ("url", "aHR0"),
            ("token", "t1"),
            ("user", "{username}"),
            ("password", "{password}"),
        ]),
        Page::post("/2fchoice", code).wants(&[("token", "t2"), ("sf", "totp")]),
        Page::post("/totp2fcheck", AWS).wants(&[("token", "t3"), ("code", "{code}")]),
    ];
    let home = home("mfa = \"totp\"\n", pages);
    login(&home).exits(0);
}

#[test]
fn user_name_first_then_password_and_pages_that_lead_on() {
    let refresh = "<meta http-equiv=refresh content='0; url=/name'>";
    let name = "<form action=/name method=post><input name=identifier><button>Next</button></form>\
         <form action=/search role=search><input name=q><button>Find</button></form>";
    let password = "<form action=/password method=post><input type=hidden name=identifier value=x>\
         <input type=password name=secret><button name=back value=1>Back</button>\
         <button name=go value=1>Sign in</button></form>";
    let news = "<form method=post action=/news><input type=hidden name=seen value=1>\
         <button>Continue</button></form><form method=post action=/logout><button>Log out</button></form>";
    let pages = [
        Page::get("/start", refresh),
        Page::get("/name", name),
        Page::post("/name", password).wants(&[("identifier", "{username}")]),
        Page::post("/password", news).wants(&[
            ("identifier", "x"),
            ("secret", "{password}"),
            ("go", "1"),
        ]),
        Page::post("/news", AWS).wants(&[("seen", "1")]),
    ];
    let home = home("", pages);
    login(&home).exits(0);
}

/// The page looks by itself whether the push was answered: a script sends its form every few seconds.
#[test]
fn a_form_that_a_script_sends_again_is_waited_for() {
    let pushed = |state: u32| {
        format!(
            "<p>Confirm 42 on your phone</p><form method=post action=/look>\
             <input type=hidden name=state value={state}></form>\
             <script>setTimeout(() => document.forms[0].submit(), 3000)</script>"
        )
    };
    let looks =
        |state: &'static str, page: String| Page::post("/look", page).wants(&[("state", state)]);
    let pages = [
        Page::get("/start", SIGN_IN),
        Page::post("/in", pushed(1)),
        looks("1", pushed(2)),
        looks("2", pushed(3)),
        looks("3", AWS.to_owned()),
    ];
    let home = home("", pages);
    let said = login(&home).exits(0);
    assert_eq!(said.err.matches("Confirm 42 on your phone").count(), 1);
}

#[test]
fn odd_names_are_said_in_the_file() {
    let odd = "<form id=news method=post><input name=email><input type=password name=p></form>\
         <form id=real method=post action=/in><input name=a><input name=b><input name=c></form>";
    let pages = [
        Page::get("/start", odd),
        Page::post("/in", AWS).wants(&[("a", "{password}"), ("b", "{username}"), ("c", "{code}")]),
    ];
    let more =
        "form = \"real\"\nusername_field = \"b\"\npassword_field = \"a\"\ncode_field = \"c\"\n";
    let home = home(more, pages);
    login(&home).exits(0);
}

const SIGN_IN: &str =
    "<form method=post action=/in><input name=user><input type=password name=p></form>";

/// Page by page: who signs in for whom, in each kind that reads forms.
#[test]
fn another_identity_provider_signs_in_for_it() {
    let response = "<form method=post action=/acs><input type=hidden name=SAMLResponse value='QUJD'>\
         <input type=hidden name=RelayState value=r></form>";
    for (kind, start) in [("saml", SIGN_IN), ("adfs", response), ("okta", response)] {
        let pages = [
            Page::get("/start", start),
            Page::post("/in", response).wants(&[("user", "{username}"), ("p", "{password}")]),
            Page::post("/acs", "")
                .wants(&[("SAMLResponse", "QUJD"), ("RelayState", "r")])
                .redirects(303, "/done"),
            Page::get("/done", AWS),
        ];
        let home = home("", pages);
        let text = declaration(&home, &home.world.site_url("/start"), "");
        let text = text.replace("\"saml\"", &format!("{kind:?}"));
        home.write(".config/fedgit/fedgit.toml", text);
        login(&home).exits(0);
    }
}

/// However a page words it: what AWS is to get goes to STS and to nobody else.
#[test]
fn a_response_for_aws_is_posted_to_no_partner() {
    let pages = [
        Page::get(
            "/start",
            AWS.replace("https://signin.aws.amazon.com/saml", "/acs"),
        ),
        Page::post("/acs", AWS),
    ];
    let home = home("", pages);
    login(&home)
        .exits(1)
        .tells(&["the SAML response would be posted to", "allow_hosts"]);
    let ledger = home.world.ledger();
    let posts = ledger.of(Service::Site).filter(|e| e.method == "POST");
    assert_eq!(posts.count(), 0);
}

#[test]
fn what_follows_a_right_password_is_not_taken_for_a_refusal() {
    let profile = "<title>Update Account Information</title>\
         <div class=alert-warning>You need to update your user profile.</div>\
         <form method=post action=/profile><input name=email value=j@example.com>\
         <input name=firstName value=J><input type=submit></form>";
    let token = "<form method=post action=/radius><input type=password name=password></form>";
    let in_ = |page: &str| {
        [
            Page::get("/start", SIGN_IN),
            Page::post("/in", page).wants(&[("user", "{username}"), ("p", "{password}")]),
            Page::post("/radius", AWS).wants(&[("password", "{code}")]),
        ]
    };
    login(&home("", in_(profile)))
        .exits(1)
        .tells(&["is not one that fedgit knows", "kind = \"browser\""]);
    login(&home("", in_(token))).exits(0);
    // The same form again is one, without a word.
    login(&home("", in_(SIGN_IN)))
        .exits(5)
        .tells(&["refused the user name or password"]);
}

#[test]
fn a_password_is_not_sent_where_only_a_browser_helps() {
    let captcha = "<form method=post action=/in><input name=user><input type=password name=p>\
         <img src=/x.png><input name=captcha></form>";
    let widget = "<form method=post action=/in><input name=user><input type=password name=p>\
         <div class=h-captcha data-sitekey=k></div></form>";
    let portal = "<title>Login</title><noscript>You need to enable JavaScript to run this app.</noscript>\
         <div id=root></div><script type=module src=/app.js></script>";
    for (page, why) in [
        (captcha, "asks for a captcha"),
        (widget, "asks for a captcha"),
        (portal, "works with scripts alone"),
    ] {
        let home = home("", [Page::get("/start", page), Page::post("/in", SIGN_IN)]);
        login(&home).exits(1).tells(&[why, "kind = \"browser\""]);
        assert_eq!(home.world.ledger().login_attempts(), 0);
    }
}

/// An organization, a way, and whether to stay signed in: one list answers them all.
#[test]
fn several_choices_are_made_by_the_file() {
    let sign_in = "<form method=post action=/in><select name=organization><option value=a>Staff</option>\
         <option value=b>Guests</option></select><input name=user><input type=password name=p></form>";
    let ways = "<form method=post action=/way><button name=sf value=totp>App</button>\
         <button name=sf value=sms>A text message</button></form>";
    let stay = "<title>Stay signed in?</title><form method=post action=/stay>\
         <button name=yes value=1>Yes</button><button name=no value=0>No</button></form>";
    let pages = [
        Page::get("/start", sign_in),
        Page::post("/in", ways).wants(&[
            ("organization", "b"),
            ("user", "{username}"),
            ("p", "{password}"),
        ]),
        Page::post("/way", stay).wants(&[("sf", "totp")]),
        Page::post("/stay", AWS).wants(&[("no", "0")]),
    ];
    let home = home("mfa = [\"guests\", \"totp\", \"no\"]\n", pages);
    login(&home).exits(0);
    let url = home.world.site_url("/start");
    let text = declaration(&home, &url, "mfa = [\"guests\", \"totp\"]\n");
    home.write(".config/fedgit/fedgit.toml", text);
    login(&home).exits(4).tells(&["consent (Stay signed in?)"]);
}

#[test]
fn nobody_agrees_for_the_person_in_another_language() {
    for (page, what) in [
        (
            "<title>Nutzungsbedingungen</title><form method=post action=/ok>\
             <button name=weiter>Zustimmen</button></form>",
            "consent (Nutzungsbedingungen)",
        ),
        (
            "<title>Conditions d'utilisation</title><form method=post action=/ok>\
             <button name=a value=1>Refuser</button><button name=b value=1>Accepter</button></form>",
            "consent (Conditions d'utilisation)",
        ),
        (
            "<title>Information</title><p>By continuing you accept that your data is released</p>\
             <form method=post action=/ok><button name=go>Continue</button></form>",
            "consent (Information)",
        ),
    ] {
        let pages = [
            Page::get("/start", SIGN_IN),
            Page::post("/in", page),
            Page::post("/ok", AWS),
        ];
        let home = home("", pages);
        login(&home).exits(4).tells(&[what]);
    }
}

/// A person who is asked to choose, and is not asked again the next time.
#[test]
#[cfg(unix)]
fn a_choice_is_made_at_the_terminal_and_remembered() {
    let choice = "<title>Second step</title><form action=/how method=post>\
         <label><input type=radio name=how value=app>The app</label>\
         <label><input type=radio name=how value=sms>A text message</label><button>Go</button></form>";
    let code =
        "<form action=/code method=post><input name=otp aria-label='Code from the message'></form>";
    let pages = [
        Page::get(
            "/start",
            "<form method=post action=/in><input name=user><input type=password name=p></form>",
        ),
        Page::post("/in", choice).wants(&[("user", "{username}"), ("p", "{password}")]),
        Page::post("/how", code).wants(&[("how", "sms")]),
        Page::post("/code", AWS).wants(&[("otp", "{code}")]),
    ];
    let home = home("", pages);
    let line = format!(
        "{} login corp; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    for asked_to_choose in [true, false] {
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("password of ").unwrap();
        person.send_line(home.world.password()).unwrap();
        if asked_to_choose {
            person
                .exp_string("way to sign in (Second step) for corp:")
                .unwrap();
            person.exp_string("  2) A text message").unwrap();
            person.exp_string("1 to 2").unwrap();
            person.send_line("2").unwrap();
        }
        person.exp_string("Code from the message for corp").unwrap();
        person.send_line(home.world.site_code()).unwrap();
        person.exp_string("code 0").unwrap();
    }
}

/// Each partition is asked for by a request of its own, and `fedgit login` makes them all.
#[test]
fn a_login_for_each_partition() {
    let sign_in =
        "<form method=post action=/in><input name=user><input type=password name=p></form>";
    let pages = [
        Page::get("/start", sign_in),
        Page::post("/in", AWS).begins_session(),
    ];
    let more = "sp_initiated = true\n[role.elsewhere]\nidp = \"corp\"\n\
                arn = \"arn:aws-us-gov:iam::111122223333:role/There\"\nregion = \"us-gov-west-1\"\n";
    let home = home(more, pages);
    login(&home)
        .exits(5)
        .tells(&["developer: credentials until", "elsewhere"]);
    let ledger = home.world.ledger();
    let asked = ledger
        .of(Service::Site)
        .filter(|entry| entry.note == "page of GET /start");
    let mut requests: Vec<&str> = asked.map(|entry| entry.query.as_str()).collect();
    requests.dedup();
    assert_eq!(requests.len(), 2, "{requests:?}");
    // Both are told to whoever brings a response.
    let line = format!("{} login corp --paste", env!("CARGO_BIN_EXE_fedgit"));
    let mut person = crate::prompt::at_terminal(&home, &line);
    person.exp_string("aws: https://").unwrap();
    person.exp_string("aws-us-gov: https://").unwrap();
    person.send_control('c').unwrap();
    person.exp_eof().unwrap();
}
