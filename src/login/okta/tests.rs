use std::time::Duration;

use proptest::prelude::*;
use secrecy::SecretString;

use super::*;
use crate::login::{Body, Method};

mod captured;

const APP: &str = "https://example.okta.com/home/amazon_aws/0oa1/272";

/// The samples, so that none is forgotten.
macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        const NAMES: &[&str] = &[$($name),*];

        fn sample(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../../../tests/cases/pages/okta/", $name)),)*
                _ => panic!("no sample {name}"),
            }
        }
    };
}

samples![
    "app-form.html",
    "classic-challenge-email.json",
    "classic-challenge-push-number.json",
    "classic-challenge-push.json",
    "classic-challenge-sms.json",
    "classic-challenge-webauthn.json",
    "classic-invalid-token.json",
    "classic-locked-out.json",
    "classic-mfa-enroll.json",
    "classic-mfa-required-duo.json",
    "classic-mfa-required.json",
    "classic-password-expired.json",
    "classic-password-warn.json",
    "classic-push-rejected.json",
    "classic-push-timeout.json",
    "classic-step-up-done.json",
    "classic-success.json",
    "classic-unknown-state.json",
    "classic-wrong-code.json",
    "classic-wrong-password.json",
    "dashboard.html",
    "device-authorize.json",
    "device-denied.json",
    "device-exchange-refused.json",
    "device-exchanged.json",
    "device-expired.json",
    "device-pending.json",
    "device-slow-down.json",
    "device-tokens.json",
    "hop.html",
    "idx-challenge-email.json",
    "idx-challenge-password.json",
    "idx-challenge-question.json",
    "idx-challenge-totp.json",
    "idx-enroll.json",
    "idx-expired-password.json",
    "idx-identify-password.json",
    "idx-identify.json",
    "idx-info.json",
    "idx-locked.json",
    "idx-password-warning.json",
    "idx-poll-loopback.json",
    "idx-poll-push-number.json",
    "idx-poll-push.json",
    "idx-redirect-idp.json",
    "idx-select-password.json",
    "idx-select-webauthn.json",
    "idx-select.json",
    "idx-success.json",
    "idx-unknown-step.json",
    "idx-verification-data.json",
    "idx-wrong-code.json",
    "idx-wrong-password.json",
    "organization-classic.json",
    "organization-identity-engine.json",
    "sign-in-classic.html",
    "sign-in.html",
];

fn page_at(url: &str, status: u16, body: &str) -> Event {
    Event::Page(PageEvent {
        url: url.parse().unwrap(),
        status,
        www_authenticate: Vec::new(),
        body: SecretString::from(body),
    })
}

fn page(name: &str) -> Event {
    page_at(APP, 200, sample(name))
}

fn flow(username: Option<&str>, device: bool) -> Okta {
    let url: Url = APP.parse().unwrap();
    let origins = Origins::new(&url, &[]);
    let okta = model::Okta {
        url,
        client_id: device.then(|| "0oanative".to_owned()),
        app_id: device.then(|| "0oa1".to_owned()),
    };
    Okta::new(&okta, origins, username.map(str::to_owned))
}

/// The flow after these events, and its last step.
fn after(mut flow: Okta, events: Vec<Event>) -> (Okta, Step) {
    let mut step = flow.next(Event::Start);
    for event in events {
        assert!(
            !matches!(step, Step::Done(_) | Step::Refuse(_) | Step::Fail(_)),
            "it ended before: {step:?}"
        );
        step = flow.next(event);
    }
    (flow, step)
}

fn password() -> Event {
    Event::Answer("hunter2".into())
}

/// A Classic org's answers after the password.
fn classic(answers: Vec<Event>) -> Step {
    let mut events = vec![
        page("sign-in-classic.html"),
        page("organization-classic.json"),
        password(),
    ];
    events.extend(answers);
    after(flow(Some("jane"), false), events).1
}

/// An Identity Engine org's answers after the page.
fn idx(answers: Vec<Event>) -> Step {
    let mut events = vec![
        page("sign-in.html"),
        page("organization-identity-engine.json"),
    ];
    events.extend(answers);
    after(flow(Some("jane"), false), events).1
}

fn device(answers: Vec<Event>) -> Step {
    let mut events = vec![page("sign-in.html")];
    events.extend(answers);
    after(flow(None, true), events).1
}

fn shown(step: &Step) -> String {
    match step {
        Step::Refuse(refusal) => format!("refuse: {refusal}"),
        Step::Fail(error) => format!("fail: {error}"),
        Step::Done(_) => "done".to_owned(),
        Step::Ask(question) => format!("ask: {question}"),
        Step::Show(text) => format!("show: {text}"),
        Step::Wait(time) => format!("wait: {}", time.as_secs()),
        Step::Send(request) => {
            let kind = match request.method {
                Method::Get => "get",
                Method::Post => "post",
            };
            format!("{kind}: {}", request.url.path())
        }
        Step::Choose(choice) => {
            let ids: Vec<&str> = choice
                .options
                .iter()
                .map(|offer| offer.id.as_str())
                .collect();
            format!("choose: {}", ids.join(" "))
        }
    }
}

fn body(step: &Step) -> String {
    let Step::Send(request) = step else {
        panic!("{step:?}")
    };
    match &request.body {
        Body::Json(text) => text.expose_secret().to_owned(),
        Body::Form(_) => panic!("a form"),
    }
}

#[test]
fn no_sample_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/pages/okta");
    #[expect(clippy::disallowed_methods, reason = "a test of the folder itself")]
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
}

#[test]
fn classic_states() {
    for (name, status, expected) in [
        (
            "classic-success.json",
            200,
            "get: /login/sessionCookieRedirect",
        ),
        (
            "classic-step-up-done.json",
            200,
            "get: /login/step-up/redirect",
        ),
        (
            "classic-mfa-required.json",
            200,
            "choose: push totp google sms call email question token",
        ),
        (
            "classic-mfa-required-duo.json",
            200,
            "fail: Okta asks for Duo or claims_provider CUSTOM",
        ),
        (
            "classic-challenge-sms.json",
            200,
            "ask: the one-time code (code sent by SMS to +1 XXX",
        ),
        (
            "classic-challenge-email.json",
            200,
            "ask: the one-time code (code sent by e-mail to j...e@",
        ),
        (
            "classic-challenge-push.json",
            200,
            "show: Okta Verify push (Jane's phone): approve it",
        ),
        (
            "classic-challenge-push-number.json",
            200,
            "show: Okta Verify push (Jane's phone): choose 44",
        ),
        (
            "classic-push-rejected.json",
            200,
            "refuse: the identity provider refused the login: the push was refused",
        ),
        (
            "classic-push-timeout.json",
            200,
            "refuse: the identity provider refused the login: nobody answered the push in time",
        ),
        (
            "classic-challenge-webauthn.json",
            200,
            "fail: Okta asks for security key (WebAuthn) (Key)",
        ),
        (
            "classic-password-expired.json",
            200,
            "fail: example.okta.com wants the password changed",
        ),
        (
            "classic-password-warn.json",
            200,
            "post: /api/v1/authn/skip",
        ),
        (
            "classic-mfa-enroll.json",
            200,
            "fail: Okta wants a second factor set up first (Okta Verify push, SMS)",
        ),
        (
            "classic-locked-out.json",
            200,
            "refuse: the identity provider refused the login: the account is locked",
        ),
        (
            "classic-wrong-password.json",
            401,
            "refuse: the identity provider refused the user name or password: Authentication failed",
        ),
        (
            "classic-invalid-token.json",
            401,
            "refuse: the identity provider refused the login: Invalid token provided (E0000011)",
        ),
        (
            "classic-invalid-token.json",
            500,
            "fail: the answer of https://example.okta.com/",
        ),
        (
            "classic-unknown-state.json",
            200,
            "fail: Okta wants a step that fedgit does not know: TELEPATHY_REQUIRED",
        ),
    ] {
        let step = classic(vec![page_at(APP, status, sample(name))]);
        let shown = shown(&step);
        assert!(shown.starts_with(expected), "{name}: {shown}");
    }
}

#[test]
fn identity_engine_states() {
    for (name, status, expected) in [
        ("idx-identify.json", 200, "post: /idp/idx/identify"),
        ("idx-info.json", 200, "post: /idp/idx/identify"),
        (
            "idx-identify-password.json",
            200,
            "ask: the password of jane",
        ),
        (
            "idx-challenge-password.json",
            200,
            "ask: the password of jane",
        ),
        (
            "idx-challenge-totp.json",
            200,
            "ask: the one-time code (code (Okta Verify))",
        ),
        (
            "idx-challenge-email.json",
            200,
            "ask: the one-time code (code sent to j***e@example.com",
        ),
        (
            "idx-challenge-question.json",
            200,
            "ask: the one-time code (answer to \"Which pet",
        ),
        (
            "idx-poll-push.json",
            200,
            "show: Okta Verify: approve it on the device",
        ),
        (
            "idx-poll-push-number.json",
            200,
            "show: Okta Verify: choose 44 on the device",
        ),
        (
            "idx-poll-loopback.json",
            200,
            "post: /idp/idx/authenticators/poll/cancel",
        ),
        ("idx-select.json", 200, "choose: push totp sms call google"),
        ("idx-select-password.json", 200, "post: /idp/idx/challenge"),
        (
            "idx-select-webauthn.json",
            200,
            "fail: Okta asks for Security Key",
        ),
        ("idx-verification-data.json", 200, "choose: sms call"),
        (
            "idx-wrong-password.json",
            401,
            "refuse: the identity provider refused the login: Authentication failed (errors.E0000004)",
        ),
        (
            "idx-locked.json",
            403,
            "refuse: the identity provider refused the login: Your account is locked.",
        ),
        (
            "idx-expired-password.json",
            200,
            "fail: example.okta.com wants the password changed",
        ),
        ("idx-password-warning.json", 200, "post: /idp/idx/skip"),
        (
            "idx-enroll.json",
            200,
            "fail: Okta wants a second factor set up first",
        ),
        (
            "idx-redirect-idp.json",
            200,
            "fail: Okta hands the login over to another",
        ),
        (
            "idx-unknown-step.json",
            200,
            "fail: Okta wants a step that fedgit does not know: challenge-telepathy",
        ),
        ("idx-success.json", 200, "get: /login/token/redirect"),
    ] {
        let step = idx(vec![page_at(APP, status, sample(name))]);
        let shown = shown(&step);
        assert!(shown.starts_with(expected), "{name}: {shown}");
    }
}

#[test]
fn device_states() {
    let asked = || {
        vec![
            page("device-authorize.json"),
            Event::Continue,
            Event::Continue,
        ]
    };
    let then = |name: &str| {
        let mut events = asked();
        events.push(page_at(APP, 400, sample(name)));
        shown(&device(events))
    };
    let first = shown(&device(vec![page("device-authorize.json")]));
    assert!(
        first.starts_with("show: open https://example.okta.com/activate?user_code=ABCD-EFGH"),
        "{first}"
    );
    assert!(
        first.contains("confirm the code ABCD-EFGH\n") && first.contains('█'),
        "{first}"
    );
    assert_eq!(then("device-pending.json"), "wait: 5");
    assert_eq!(then("device-slow-down.json"), "wait: 10");
    assert!(then("device-denied.json").contains("refused in the browser"));
    assert!(then("device-expired.json").contains("nobody confirmed the code in time"));
    assert_eq!(then("device-tokens.json"), "post: /oauth2/v1/token");
    let exchange = |name: &str| {
        let mut events = asked();
        events.extend([page("device-tokens.json"), page_at(APP, 400, sample(name))]);
        shown(&device(events))
    };
    assert_eq!(exchange("device-exchanged.json"), "post: /login/token/sso");
    assert!(exchange("device-exchange-refused.json").contains("assurance requirements"));
    // Nobody is sent to a place that is not the org's.
    for link in [
        "https://evil.example/activate",
        "javascript:x",
        "http://example.okta.com/activate",
    ] {
        let text =
            sample("device-authorize.json").replace("https://example.okta.com/activate", link);
        let step = device(vec![page_at(APP, 200, &text)]);
        assert!(shown(&step).contains("is not on the Okta org"), "{step:?}");
    }
}

#[test]
fn pages() {
    let first = |name: &str| shown(&after(flow(None, false), vec![page(name)]).1);
    assert_eq!(first("app-form.html"), "done");
    assert_eq!(first("hop.html"), "post: /sso/saml");
    for name in ["sign-in.html", "sign-in-classic.html", "dashboard.html"] {
        assert_eq!(first(name), "get: /.well-known/okta-organization", "{name}");
    }
    // Another host's sign-in page gets nothing.
    let other = page_at("https://sso.example.net/", 200, sample("sign-in.html"));
    let step = after(flow(None, false), vec![other]).1;
    assert!(
        shown(&step).contains("hands the login over to sso.example.net"),
        "{step:?}"
    );
    // Signed in, and no response.
    let step = classic(vec![page("classic-success.json"), page("dashboard.html")]);
    assert!(shown(&step).contains("holds no SAML response"), "{step:?}");
    let step = classic(vec![page("classic-success.json"), page("app-form.html")]);
    assert_eq!(shown(&step), "done");
    for odd in ["organization-classic.json", "sign-in.html"] {
        let text = sample(odd).replace("v1", "v9");
        let events = vec![page("sign-in.html"), page_at(APP, 404, &text)];
        let step = after(flow(None, false), events).1;
        assert!(
            shown(&step).contains("does not say that it is an Okta org"),
            "{step:?}"
        );
    }
}

#[test]
fn what_is_sent() {
    let events = vec![
        page("sign-in-classic.html"),
        page("organization-classic.json"),
        password(),
    ];
    let (_, step) = after(flow(Some("jane"), false), events);
    assert_eq!(body(&step), r#"{"username":"jane","password":"hunter2"}"#);
    let chosen = |at| classic(vec![page("classic-mfa-required.json"), Event::Chosen(at)]);
    // The push and the message are sent for first; a code that is there already is not.
    for (at, expected) in [
        (0, "post: /api/v1/authn/factors/opf1/verify"),
        (1, "ask: the one-time code (code of Okta Verify)"),
        (2, "ask: the one-time code (code of Google Authenticator)"),
        (3, "post: /api/v1/authn/factors/sms1/verify"),
        (
            6,
            "ask: the one-time code (answer to \"Which pet was your first?\")",
        ),
        (7, "ask: the one-time code (code of the YUBICO token)"),
    ] {
        assert_eq!(shown(&chosen(at)), expected);
    }
    let Step::Send(request) = chosen(0) else {
        panic!()
    };
    assert_eq!(request.url.query(), Some("rememberDevice=true"));
    let answered = |at| {
        classic(vec![
            page("classic-mfa-required.json"),
            Event::Chosen(at),
            Event::Answer(" 123456 \n".into()),
        ])
    };
    assert_eq!(
        body(&answered(1)),
        r#"{"stateToken":"02s","passCode":"123456"}"#
    );
    assert_eq!(
        body(&answered(6)),
        r#"{"stateToken":"02s","answer":"123456"}"#
    );
    let step = idx(vec![page("idx-identify-password.json"), password()]);
    assert_eq!(
        body(&step),
        r#"{"identifier":"jane","credentials":{"passcode":"hunter2"},"stateHandle":"02s"}"#
    );
    let step = idx(vec![
        page("idx-challenge-question.json"),
        Event::Answer("Rex".into()),
    ]);
    assert_eq!(
        body(&step),
        r#"{"credentials":{"questionKey":"pet","answer":"Rex"},"stateHandle":"02s"}"#
    );
    let step = idx(vec![page("idx-select.json"), Event::Chosen(2)]);
    assert_eq!(
        body(&step),
        r#"{"authenticator":{"id":"aut-ph","methodType":"sms","enrollmentId":"pae1"},"stateHandle":"02s"}"#
    );
}

#[test]
fn a_wrong_code_is_one() {
    let step = classic(vec![
        page("classic-mfa-required.json"),
        Event::Chosen(1),
        Event::Answer("1".into()),
        page_at(APP, 403, sample("classic-wrong-code.json")),
    ]);
    assert!(
        shown(&step).contains("refused the code: Your token doesn't match"),
        "{step:?}"
    );
    let step = idx(vec![
        page("idx-challenge-totp.json"),
        Event::Answer("1".into()),
        page_at(APP, 400, sample("idx-wrong-code.json")),
    ]);
    assert!(
        shown(&step).contains("refused the code: Your code doesn't match"),
        "{step:?}"
    );
}

/// However the org asks again.
#[test]
fn a_password_goes_out_once() {
    let again = |name: &str| {
        idx(vec![
            page("idx-challenge-password.json"),
            password(),
            page(name),
        ])
    };
    for name in ["idx-challenge-password.json", "idx-identify-password.json"] {
        assert!(shown(&again(name)).starts_with("refuse: "), "{name}");
    }
    let step = again("idx-wrong-password.json");
    assert!(
        shown(&step).contains("refused the user name or password"),
        "{step:?}"
    );
    // A new login on the page after it, without end.
    let step = classic(vec![
        page("classic-success.json"),
        page("sign-in-classic.html"),
    ]);
    assert!(shown(&step).contains("holds no SAML response"), "{step:?}");
}

#[test]
fn the_number_is_shown_once_and_the_waiting_ends() {
    let events = vec![
        page("classic-challenge-push-number.json"),
        Event::Continue,
        Event::Continue,
    ];
    assert_eq!(
        shown(&classic(events)),
        "post: /api/v1/authn/factors/opf1/verify"
    );
    let events = vec![
        page("classic-challenge-push-number.json"),
        Event::Continue,
        Event::Continue,
        page("classic-challenge-push.json"),
    ];
    assert_eq!(shown(&classic(events)), "wait: 2");
    let mut flow = flow(Some("jane"), false);
    flow.next(Event::Start);
    flow.next(page("sign-in.html"));
    flow.next(page("organization-identity-engine.json"));
    let mut step = flow.next(page("idx-poll-push-number.json"));
    let mut waited = Duration::ZERO;
    loop {
        step = match step {
            Step::Show(_) => flow.next(Event::Continue),
            Step::Wait(time) => {
                waited += time;
                flow.next(Event::Continue)
            }
            Step::Send(_) => flow.next(page("idx-poll-push.json")),
            _ => break,
        };
    }
    assert!(
        shown(&step).contains("nobody answered the push within 180 seconds"),
        "{step:?}"
    );
    assert_eq!(waited, Duration::from_secs(180));
}

#[test]
fn links_stay_on_the_org() {
    let home = "https://example.okta.com";
    for other in [
        "https://evil.example",
        "https://example.okta.com.evil.example",
        "https://example.okta.com@evil.example",
        "http://example.okta.com",
        "https://example.okta.com:8443",
        "javascript:alert(1)//",
        "file://example.okta.com",
        "//evil.example",
    ] {
        let text = |name: &str| page_at(APP, 200, &sample(name).replace(home, other));
        for answers in [
            vec![text("classic-mfa-required.json"), Event::Chosen(0)],
            vec![text("classic-step-up-done.json")],
            vec![text("classic-password-warn.json")],
            vec![text("classic-challenge-sms.json")],
            vec![text("classic-challenge-push.json")],
        ] {
            let step = classic(answers);
            assert!(
                shown(&step).contains("not on the Okta org"),
                "{other}: {step:?}"
            );
        }
        for answers in [
            vec![text("idx-identify.json")],
            vec![text("idx-challenge-totp.json"), Event::Answer("1".into())],
            vec![text("idx-challenge-password.json"), password()],
            vec![text("idx-poll-push.json")],
            vec![text("idx-poll-loopback.json")],
            vec![text("idx-select-password.json")],
            vec![text("idx-password-warning.json")],
            vec![text("idx-success.json")],
        ] {
            let step = idx(answers);
            assert!(
                shown(&step).contains("not on the Okta org"),
                "{other}: {step:?}"
            );
        }
    }
}

/// A host that the configuration names may be led to, and no other.
#[test]
fn allowed_hosts_may_know() {
    let url: Url = APP.parse().unwrap();
    let origins = Origins::new(&url, &["sso.example.net".to_owned()]);
    let okta = model::Okta {
        url,
        client_id: None,
        app_id: None,
    };
    for (host, expected) in [
        ("https://sso.example.net", "post: /idp/idx/identify"),
        ("https://other.example.net", "fail: an answer of"),
    ] {
        let flow = Okta::new(&okta, origins.clone(), Some("jane".to_owned()));
        let text = sample("idx-identify.json").replace("https://example.okta.com", host);
        let events = vec![
            page("sign-in.html"),
            page("organization-identity-engine.json"),
            page_at(APP, 200, &text),
        ];
        let shown = shown(&after(flow, events).1);
        assert!(shown.starts_with(expected), "{host}: {shown}");
    }
}

#[test]
fn debug_of_what_waits_shows_no_secret() {
    let step = classic(vec![page("classic-mfa-required.json"), Event::Chosen(0)]);
    assert!(!format!("{step:?}").contains("02s"));
    let step = classic(vec![page("classic-success.json")]);
    assert!(!format!("{step:?}").contains("20111abc"));
}

/// JSON as the API has it, with one thing anywhere that should not be.
fn spoilt() -> impl Strategy<Value = (usize, String)> {
    let names: Vec<usize> = (0..NAMES.len())
        .filter(|at| NAMES[*at].ends_with(".json"))
        .collect();
    let odd = prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("-1e400".to_owned()),
        Just("18446744073709551615".to_owned()),
        Just("\"\\u0000\\u001b[31m\\u202e\"".to_owned()),
        Just(format!("{}1{}", "[".repeat(100), "]".repeat(100))),
        any::<u64>().prop_map(|n| n.to_string()),
        ".*".prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    (
        proptest::sample::select(names),
        any::<prop::sample::Index>(),
        odd,
        any::<bool>(),
    )
        .prop_map(|(at, place, odd, cut)| {
            let text = sample(NAMES[at]);
            // After a colon there is a value.
            let places: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let start = *place.get(&places);
            let end = text[start..]
                .find([',', '\n'])
                .map_or(text.len(), |n| start + n);
            let text = match cut {
                true => text[..start].to_owned(),
                false => format!("{}{odd}{}", &text[..start], &text[end..]),
            };
            (at, text)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is answered, there is a next step, and no terminal's control sequence in it.
    #[test]
    fn any_answer_leads_to_a_step((_, text) in spoilt(), status in 100_u16..600) {
        let here = || page_at(APP, status, &text);
        for step in [
            classic(vec![here()]),
            idx(vec![here()]),
            device(vec![here()]),
            after(flow(None, false), vec![page("sign-in.html"), here()]).1,
            after(flow(None, false), vec![here()]).1,
        ] {
            let shown = shown(&step);
            let is_control = |c: char| c.is_control() && c != '\n';
            prop_assert!(!shown.chars().any(is_control), "{:?}", shown);
            if let Step::Send(request) = &step {
                prop_assert!(request.url.as_str().starts_with("https://example.okta.com/"), "{}", request.url);
            }
        }
    }
}

/// More where a longer search is wanted.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn cases() -> u32 {
    let asked = std::env::var("FEDGIT_FUZZ_CASES").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(256)
}
