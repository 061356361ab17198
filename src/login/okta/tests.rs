use secrecy::SecretString;

use super::*;
use crate::login::{Body, Method};

mod captured;
mod duo;
mod fastpass;
mod hostile;
mod once;
mod sent;
mod states;

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
    "classic-challenge-duo.json",
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
    "idx-poll-custom-uri.json",
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
        device: device.then(|| OktaDevice {
            client_id: "0oanative".to_owned(),
            app_id: "0oa1".to_owned(),
        }),
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
        Step::Open { page, told } => format!("open {}: {told}", page.path()),
        Step::Wait(time) => format!("wait: {}", time.as_secs()),
        Step::Local(local) => format!("local: {} for {}", local.places[0], local.origin),
        Step::Send(request) => {
            let kind = match request.method {
                Method::Get => "get",
                Method::Post => "post",
            };
            format!("{kind}: {}", request.url.path())
        }
        Step::Choose(choice) | Step::Prefer(choice) => {
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
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
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
