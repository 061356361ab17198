//! The sign-in walked page by page.

use std::time::Duration;

use base64::Engine as _;
use fedgit_testbed::{AtPhone, Factor, Scenario, Service, World};

use crate::client::{Client, Response, split};

const WRONG: &str =
    "Incorrect user ID or password. Type the correct user ID and password, and try again.";

fn start(scenario: Scenario) -> (World, Client) {
    let world = World::start(scenario);
    let client = Client::of(&world);
    (world, client)
}

/// What a browser would post from the page of AD FS 3.0 and later.
fn post(world: &World, client: &Client, password: &str) -> Response {
    let page = client.get(&world.adfs_url(), &[]);
    let action = page.between("id=\"loginForm\"", "</form>");
    let action = action
        .split("action=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let url = world.adfs_url();
    let url = format!("https://{}{}", split(&url).0, action.expect("an action"));
    let form = [
        ("UserName", world.username()),
        ("Password", password),
        ("AuthMethod", "FormsAuthentication"),
    ];
    client.post(&url, &form)
}

fn error_text(page: &Response) -> String {
    page.between("id=\"errorText\"", "</span>")
        .split('>')
        .nth(1)
        .expect("a text")
        .to_owned()
}

fn decoded(page: &Response) -> String {
    let response = page.between("name=\"SAMLResponse\" value=\"", "\"");
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(response)
        .expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_password_opens_a_session_and_the_session_gives_assertions() {
    let (world, client) = start(Scenario::adfs());
    let page = client.get(&world.adfs_url(), &[]);
    assert_eq!(page.status, 200);
    assert!(
        page.body
            .contains("loginToRp=urn:amazon:webservices&client-request-id=")
    );
    assert_eq!(page.body.matches("<form").count(), 2);
    assert_eq!(error_text(&page), "");

    let accepted = post(&world, &client, world.password());
    assert_eq!(accepted.status, 302);
    let location = accepted.header("location").to_owned();
    assert!(location.starts_with(&world.adfs_url()), "{location}");

    let lost = client.get(&location, &[]);
    assert!(
        lost.body.contains("loginForm"),
        "without the cookie there is no session"
    );
    let forged = client.get(&location, &[("Cookie", "MSISAuth=AAAA")]);
    assert!(forged.body.contains("loginForm"));

    let cookie = accepted.cookie("MSISAuth");
    let mut assertions = Vec::new();
    for url in [&location, &world.adfs_url()] {
        let page = client.get(url, &[("Cookie", &format!("x=1; {cookie}"))]);
        assert!(page.body.contains("<title>Working...</title>"));
        assert!(
            page.body
                .contains("action=\"https://signin.aws.amazon.com:443/saml\"")
        );
        assert!(!page.body.contains("RelayState"));
        assertions.push(decoded(&page));
    }
    assert_ne!(assertions[0], assertions[1]);
    let pair = "arn:aws:iam::111122223333:saml-provider/ADFS,\
                arn:aws:iam::111122223333:role/ADFS-Production";
    assert!(assertions[0].contains(&format!("<AttributeValue>{pair}</AttributeValue>")));
    assert!(assertions[0].contains("<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">"));

    let ledger = world.ledger();
    assert_eq!((ledger.logins(), ledger.login_attempts()), (1, 1));
    let notes: Vec<&str> = ledger
        .of(Service::Adfs)
        .map(|entry| entry.note.as_str())
        .collect();
    assert!(notes.contains(&"password accepted"), "{notes:?}");
    assert_eq!(ledger.entries()[0].user_agent, "test-client");
}

#[test]
fn a_session_ends_with_its_time() {
    let (world, client) = start(Scenario::adfs());
    let cookie = post(&world, &client, world.password()).cookie("MSISAuth");
    let get = || client.get(&world.adfs_url(), &[("Cookie", &cookie)]).body;
    assert!(get().contains("hiddenform"));
    world.set_clock_offset(9 * 3600);
    assert!(get().contains("loginForm"));
}

#[test]
fn a_wrong_password_is_a_page_and_three_lock_the_account() {
    for scenario in [Scenario::adfs(), Scenario::sts_access_denied()] {
        let (world, client) = start(scenario);
        for _ in 0..3 {
            let page = post(&world, &client, "wrong");
            assert_eq!((page.status, error_text(&page).as_str()), (200, WRONG));
            assert!(
                page.body
                    .contains(&format!("value=\"{}\"", world.username()))
            );
        }
        let page = post(&world, &client, world.password());
        assert_eq!(page.status, 200);
        assert!(
            error_text(&page).contains("account is locked"),
            "{}",
            error_text(&page)
        );
        let ledger = world.ledger();
        assert_eq!((ledger.logins(), ledger.login_attempts()), (0, 4));
    }
}

#[test]
fn a_right_password_forgives_the_wrong_ones_before() {
    let (world, client) = start(Scenario::adfs());
    for password in [
        "wrong",
        "wrong",
        world.password(),
        "wrong",
        "wrong",
        world.password(),
    ] {
        let status = post(&world, &client, password).status;
        assert_eq!(status, if password == "wrong" { 200 } else { 302 });
    }
}

#[test]
fn only_the_right_fields_of_the_right_form_count() {
    let (world, client) = start(Scenario::adfs());
    let (url, user, password) = (world.adfs_url(), world.username(), world.password());
    let forms: [&[(&str, &str)]; 5] = [
        &[
            ("username", user),
            ("password", password),
            ("AuthMethod", "FormsAuthentication"),
        ],
        &[("UserName", user), ("Password", password)],
        &[
            ("UserName", user),
            ("Password", password),
            ("AuthMethod", ""),
        ],
        &[
            ("UserName", user),
            ("Password", password),
            ("AuthMethod", "FormsAuthentication"),
            ("AuthMethod", ""),
            ("UserName", ""),
        ],
        &[
            ("UserName", "username"),
            ("Password", password),
            ("AuthMethod", "FormsAuthentication"),
        ],
    ];
    for form in forms {
        let page = client.post(&url, form);
        assert_eq!(page.status, 200, "{form:?}");
        assert!(page.body.contains("loginForm"));
    }
    let form = [
        ("UserName", "DOMAIN\\username"),
        ("Password", password),
        ("AuthMethod", "FormsAuthentication"),
    ];
    assert_eq!(client.post(&url, &form).status, 302);
    assert_eq!(
        client
            .post(url.split('?').next().expect("a URL"), &form)
            .status,
        200
    );
}

#[test]
fn adfs_2_0_wants_its_view_state_back() {
    let (world, client) = start(Scenario::adfs_2_0());
    let page = client.get(&world.adfs_url(), &[]);
    let view_state = page.between("id=\"__VIEWSTATE\" value=\"", "\"");
    let validation = page.between("id=\"__EVENTVALIDATION\" value=\"", "\"");
    let changed = format!("{view_state} ");
    let with = |view_state, button: &'static str, password| {
        let mut form = vec![
            ("__VIEWSTATE", view_state),
            ("__EVENTVALIDATION", &*validation),
            (
                "ctl00$ContentPlaceHolder1$UsernameTextBox",
                world.username(),
            ),
            ("ctl00$ContentPlaceHolder1$PasswordTextBox", password),
        ];
        if !button.is_empty() {
            form.push(("ctl00$ContentPlaceHolder1$SubmitButton", button));
        }
        client.post(&world.adfs_url(), &form)
    };
    assert_eq!(with("", "Sign In", world.password()).status, 500);
    assert_eq!(with(&changed, "Sign In", world.password()).status, 500);
    assert_eq!(with(&view_state, "", world.password()).status, 200);
    assert_eq!(error_text(&with(&view_state, "Sign In", "wrong")), WRONG);
    let accepted = with(&view_state, "Sign In", world.password());
    assert_eq!(accepted.status, 302);
    let cookie = accepted.cookie("MSISAuth");
    let page = client.get(accepted.header("location"), &[("Cookie", &cookie)]);
    assert!(decoded(&page).contains("saml-provider/ADFS"));
}

#[test]
fn scenarios_that_are_not_a_sign_in() {
    let (world, client) = start(Scenario::no_form());
    assert!(!client.get(&world.adfs_url(), &[]).body.contains("<form"));

    let (world, client) = start(Scenario::windows_integrated());
    let refused = client.get(&world.adfs_url(), &[]);
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, "Negotiate")
    );

    let (world, client) = start(Scenario::form_loop());
    let first = client.get(&world.adfs_url(), &[]);
    let round = first.between("name=\"round\" value=\"", "\"");
    let second = client.post(&world.adfs_url(), &[("round", &round)]);
    assert_ne!(second.between("name=\"round\" value=\"", "\""), round);
    assert!(!second.body.contains("password"));

    let (world, client) = start(Scenario::password_to_other_host());
    let page = client.get(&world.adfs_url(), &[]);
    let action = page.between("action=\"", "\"");
    assert!(action.starts_with("https://localhost:"), "{action}");
    client.post(&action, &[("UserName", "u"), ("Password", "p")]);
    assert_eq!(world.ledger().login_attempts(), 1);
}

#[test]
fn responses_that_are_none() {
    let value = |scenario| {
        let (world, client) = start(scenario);
        let cookie = post(&world, &client, world.password()).cookie("MSISAuth");
        let page = client.get(&world.adfs_url(), &[("Cookie", &cookie)]);
        page.between("name=\"SAMLResponse\" value=\"", "\"")
    };
    let decode = |text| base64::engine::general_purpose::STANDARD.decode(text);
    assert!(decode(value(Scenario::response_not_base64())).is_err());
    let text = String::from_utf8(decode(value(Scenario::response_not_xml())).expect("base64"));
    assert!(text.expect("UTF-8").starts_with("This is not XML"));
    let text = String::from_utf8(decode(value(Scenario::response_with_dtd())).expect("base64"));
    assert!(text.expect("UTF-8").starts_with("<!DOCTYPE"));
}

#[test]
fn a_held_login_waits_and_one_whose_client_left_is_forgotten() {
    let (world, client) = start(Scenario::adfs());
    let gate = world.hold_logins();
    let url = world.adfs_url();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| post(&world, &client, world.password()).status);
        assert!(gate.wait_for(1, Duration::from_secs(10)));
        // A second client comes and goes away again.
        let (host, path) = split(&url);
        let socket = std::net::TcpStream::connect(host).expect("a connection");
        let closer = socket.try_clone().expect("a second handle");
        let (leaver, form) = (client.clone(), "AuthMethod=FormsAuthentication&Password=p");
        let content = ("Content-Type", "application/x-www-form-urlencoded");
        let left = scope.spawn(move || {
            let go = || leaver.exchange(socket, host, host, path, "POST", &[content], form);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(go)).is_err()
        });
        assert!(gate.wait_for(2, Duration::from_secs(10)));
        assert_eq!(world.ledger().login_attempts(), 2);
        assert_eq!(world.ledger().logins(), 0);
        closer.shutdown(std::net::Shutdown::Both).expect("closed");
        assert!(left.join().expect("a thread"));
        for _ in 0..1000 {
            if gate.waiting() == 1 {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(gate.waiting(), 1);
        gate.release();
        assert_eq!(waiting.join().expect("a thread"), 302);
    });
    assert_eq!(world.ledger().logins(), 1);
}

#[test]
fn secrets_are_known_and_the_ledger_tells_none() {
    let (world, client) = start(Scenario::adfs());
    let found = crate::client::assume(&world, &client);
    let assertion = crate::client::sign_in(&world, &client);
    let secrets = world.secrets();
    let token = found.token.expect("a token");
    for secret in [world.password(), &found.secret, &token, &assertion] {
        assert!(secrets.iter().any(|known| known == secret), "{secret}");
    }
    let encoded = world
        .password()
        .replace('&', "%26")
        .replace("%+ one ü", "%25%2B+one+%C3%BC");
    assert!(secrets.contains(&encoded), "{encoded}: {secrets:?}");
    let ledger = format!("{:?}", world.ledger());
    assert!(ledger.contains("(\"Password\", \"[secret]\")"));
    for secret in secrets {
        assert!(!ledger.contains(&secret), "{secret}");
    }
    let other = World::start(Scenario::adfs());
    assert_ne!(other.password(), world.password());
}

/// A browser whose password was right, at a page of a second factor.
fn after_the_password(scenario: Scenario) -> (World, Client, String) {
    let (world, client) = start(scenario);
    let cookie = post(&world, &client, world.password()).cookie("MSISAuth");
    (world, client, cookie)
}

#[test]
fn a_second_factor_wants_its_own_page_back_and_nothing_else() {
    let scenario = Scenario::adfs().second_factors(&[Factor::SecurId]);
    let (world, client, cookie) = after_the_password(scenario);
    let headers = [("Cookie", cookie.as_str())];
    let url = world.adfs_url();
    let context = || {
        let page = client.get(&url, &headers);
        assert!(!page.body.contains("SAMLResponse"));
        let context = page.between("name=\"Context\" value=\"", "\"");
        context.replace("&lt;", "<").replace("&gt;", ">")
    };
    let method = ("AuthMethod", "SecurIDAuthentication");
    let code = ("Passcode", world.mfa_code());
    let button = ("Submit", "Sign in");
    let old = context();
    for (what, form) in [
        (
            "an old Context",
            vec![method, ("Context", &*old), code, button],
        ),
        ("no Context", vec![method, code, button]),
        ("no button", vec![method, ("Context", "NEW"), code]),
        (
            "a field more",
            vec![method, ("Context", "NEW"), code, button, ("Kmsi", "true")],
        ),
        (
            "a field twice",
            vec![method, ("Context", "NEW"), code, code, button],
        ),
        (
            "another method",
            vec![
                ("AuthMethod", "FormsAuthentication"),
                ("Context", "NEW"),
                code,
                button,
            ],
        ),
        (
            "a wrong code",
            vec![method, ("Context", "NEW"), ("Passcode", "1"), button],
        ),
    ] {
        let new = context();
        let form: Vec<(&str, &str)> = form
            .into_iter()
            .map(|(name, value)| (name, if value == "NEW" { &*new } else { value }))
            .collect();
        assert_eq!(
            client.post_with(&url, &headers, &form).status,
            200,
            "{what}"
        );
        let ledger = world.ledger();
        let note = &ledger.entries().last().expect("an entry").note;
        assert!(note.contains("refused"), "{what}: {note}");
    }
    let new = context();
    let form = [method, ("Context", &*new), code, button];
    let accepted = client.post_with(&url, &headers, &form);
    assert_eq!(accepted.status, 302);
    assert!(client.get(&url, &headers).body.contains("SAMLResponse"));
}

#[test]
fn a_push_is_no_yes_before_somebody_says_it() {
    let scenario = Scenario::adfs()
        .second_factors(&[Factor::EntraPush])
        .at_phone(AtPhone::Denies);
    let (world, client, cookie) = after_the_password(scenario);
    let headers = [("Cookie", cookie.as_str())];
    let url = world.adfs_url();
    let mut page = client.get(&url, &headers);
    for round in 0..4 {
        let context = page.between("name=\"Context\" value=\"", "\"");
        let context = context.replace("&lt;", "<").replace("&gt;", ">");
        let form = [
            ("AuthMethod", "AzureMfaAuthentication"),
            ("Context", &*context),
            ("__EVENTTARGET", ""),
        ];
        page = client.post_with(&url, &headers, &form);
        assert_eq!(page.status, 200);
        assert_eq!(page.body.contains("was denied"), round >= 2, "{round}");
        assert!(page.body.contains(world.number()));
    }
    assert!(!client.get(&url, &headers).body.contains("SAMLResponse"));
}

#[test]
fn the_service_takes_a_request_and_nothing_else() {
    let (world, client) = start(Scenario::adfs_sp_only());
    assert_eq!(client.get(&world.adfs_url(), &[]).status, 503);
    let service = world.adfs_service_url();
    let now = time::OffsetDateTime::now_utc();
    let stamp = |at: time::OffsetDateTime| {
        at.format(&time::format_description::well_known::Rfc3339)
            .expect("a time")
    };
    let request = |from: &str, to: &str| {
        let xml = format!(
            "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_0123456789abcdef\" \
             Version=\"2.0\" IssueInstant=\"{}\" Destination=\"{service}\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
             AssertionConsumerServiceURL=\"https://signin.aws.amazon.com/saml\">\
             <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">urn:amazon:webservices</Issuer>\
             </p:AuthnRequest>",
            stamp(now.replace_nanosecond(0).expect("a time"))
        );
        let packed = miniz_oxide::deflate::compress_to_vec(xml.replace(from, to).as_bytes(), 6);
        let text = base64::engine::general_purpose::STANDARD.encode(packed);
        let text = text
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        client
            .get(&format!("{service}?SAMLRequest={text}"), &[])
            .body
    };
    assert!(request("", "").contains("loginForm"));
    let early = stamp(now.replace_nanosecond(0).expect("a time") - time::Duration::hours(1));
    let late = stamp(now.replace_nanosecond(0).expect("a time"));
    for (from, to) in [
        ("AuthnRequest", "Response"),
        ("_0123456789abcdef", "0123456789abcdef0"),
        ("signin.aws.amazon.com", "evil.example"),
        ("urn:amazon:webservices", "urn:somebody:else"),
        ("HTTP-POST", "HTTP-Artifact"),
        (service.as_str(), "https://other.example/adfs/ls/"),
        (late.as_str(), early.as_str()),
    ] {
        assert!(!request(from, to).contains("loginForm"), "{from} {to}");
    }
}
