//! What goes out, and how often.

use std::time::Duration;

use super::*;

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
        r#"{"identifier":"jane","credentials":{"passcode":"hunter2"},"rememberMe":true,"stateHandle":"02s"}"#
    );
    let step = idx(vec![
        page("idx-challenge-question.json"),
        Event::Answer("Rex".into()),
    ]);
    assert_eq!(
        body(&step),
        r#"{"credentials":{"questionKey":"pet","answer":"Rex"},"stateHandle":"02s"}"#
    );
    let step = idx(vec![page("idx-select.json"), Event::Chosen(3)]);
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
