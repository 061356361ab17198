//! Duo at an org of the Classic engine: what goes where, and what is not believed.

use super::*;
use crate::login::Value;

const DUO: &str = "https://api-1a2b3c4d.duosecurity.com/frame/prompt?sid=S1";
const CALLBACK: &str = "https://example.okta.com/api/v1/authn/factors/dsf1/lifecycle/duoCallback";
const TRUSTED: &str = "<form><input type=hidden name=js_cookie value='AUTH|yes|1'></form>";

fn challenge() -> Event {
    page("classic-challenge-duo.json")
}

/// As far as the yes of a Duo that trusts this device already.
fn said_yes() -> Vec<Event> {
    vec![
        page("classic-mfa-required-duo.json"),
        Event::Chosen(0),
        challenge(),
        page_at(DUO, 200, TRUSTED),
    ]
}

fn then(more: Vec<Event>) -> Step {
    classic(said_yes().into_iter().chain(more).collect())
}

fn told() -> Event {
    page_at(CALLBACK, 200, "")
}

#[test]
fn duo_is_told_its_part_and_the_org_the_other() {
    let Step::Send(request) = classic(vec![challenge()]) else {
        panic!("nothing is sent")
    };
    assert_eq!(request.url.host_str(), Some("api-1a2b3c4d.duosecurity.com"));
    let pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    assert_eq!(pairs[0].1, "TX|amFuZQ==|1a2b");
    assert_eq!(pairs[1].1, "https://example.okta.com/signin/verify/duo/web");

    let step = then(vec![]);
    assert!(!format!("{step:?}").contains("AUTH"), "{step:?}");
    let Step::Send(request) = step else {
        panic!("nothing is sent")
    };
    assert_eq!(request.url.as_str(), CALLBACK);
    assert!(request.carries_secret);
    let fields: Vec<(&str, &str)> = request
        .fields()
        .iter()
        .map(|(name, value)| match value {
            Value::Plain(text) => (name.as_str(), text.as_str()),
            Value::Secret(text) => (name.as_str(), text.expose_secret()),
        })
        .collect();
    let expected = [
        ("id", "dsf1"),
        ("stateToken", "02s"),
        ("sig_response", "AUTH|yes|1:APP|amFuZQ==|3c4d"),
    ];
    assert_eq!(fields, expected);
}

#[test]
fn the_org_is_asked_until_it_knows() {
    let verify = "post: /api/v1/authn/factors/dsf1/verify";
    assert_eq!(shown(&then(vec![told()])), verify);
    let waits = || vec![told(), challenge()];
    assert_eq!(shown(&then(waits())), "wait: 2");
    let more = |event| {
        waits()
            .into_iter()
            .chain([Event::Continue, event])
            .collect()
    };
    let done = shown(&then(more(page("classic-success.json"))));
    assert_eq!(done, "get: /login/sessionCookieRedirect");
    // And Duo is asked once: not by the same challenge, nor by another choice of it.
    assert_eq!(shown(&then(more(challenge()))), "wait: 2");
    let mut events = more(page("classic-mfa-required-duo.json"));
    events.push(Event::Chosen(0));
    let step = then(events);
    assert!(
        matches!(&step, Step::Refuse(refusal) if refusal.what == Refused::Factor),
        "{step:?}"
    );
}

#[test]
fn an_org_that_does_not_take_the_answer() {
    let step = then(vec![page_at(
        CALLBACK,
        403,
        sample("classic-wrong-code.json"),
    )]);
    assert!(
        matches!(&step, Step::Refuse(refusal) if refusal.what == Refused::Factor),
        "{step:?}"
    );
    for (status, body) in [(500, "<html>"), (403, "{}"), (404, "[1]")] {
        let step = then(vec![page_at(CALLBACK, status, body)]);
        assert!(shown(&step).contains("not what Okta answers"), "{step:?}");
    }
}

#[test]
fn a_challenge_that_is_spoilt_asks_nobody() {
    let text = sample("classic-challenge-duo.json");
    for (part, other, words) in [
        (
            "api-1a2b3c4d.duosecurity.com",
            "evil.example",
            "evil.example",
        ),
        (
            "api-1a2b3c4d.duosecurity.com",
            "",
            "only a browser can give",
        ),
        ("TX|", "ERR|", "is not signed"),
        (":APP|", "", "is not signed"),
        ("\"signature\"", "\"x\"", "only a browser can give"),
        (
            "https://example.okta.com/api/v1/authn/factors/dsf1/lifecycle",
            "https://evil.example",
            "not on the Okta org",
        ),
    ] {
        let step = classic(vec![page_at(APP, 200, &text.replace(part, other))]);
        assert!(shown(&step).starts_with("fail:"), "{part}: {step:?}");
        assert!(shown(&step).contains(words), "{part}: {step:?}");
    }
    // The same words from another host, where a redirect may have led.
    let step = classic(vec![page_at("https://evil.example/", 200, text)]);
    assert!(shown(&step).starts_with("fail:"), "{step:?}");
}
