//! Every state has a sample, and leads to one step.

use super::*;

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
        ("classic-mfa-required-duo.json", 200, "choose: duo"),
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
            "refuse: the identity provider refused the second factor: the push was refused",
        ),
        (
            "classic-push-timeout.json",
            200,
            "refuse: the identity provider refused the second factor: nobody answered the push in time",
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

/// What has no name is not called an unknown step of no name.
#[test]
fn an_answer_without_a_status_is_none_of_oktas() {
    for body in ["{}", "{\"status\":null}", "{\"status\":\"\"}"] {
        let shown = shown(&classic(vec![page_at(APP, 200, body)]));
        let expected = "fail: the answer of https://example.okta.com";
        assert!(shown.starts_with(expected), "{shown}");
        assert!(shown.contains("neither a status nor an error"), "{shown}");
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
            "local: http://localhost:8769/ for https://example.okta.com",
        ),
        (
            "idx-poll-custom-uri.json",
            200,
            "post: /idp/idx/authenticators/poll/cancel",
        ),
        (
            "idx-select.json",
            200,
            "choose: fastpass push totp sms call google",
        ),
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
        first.starts_with(
            "open /activate: open https://example.okta.com/activate?user_code=ABCD-EFGH"
        ),
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
