//! Answers and pages that other programs' authors captured, read in place where somebody has them: the
//! variable `FEDGIT_CAPTURED_PAGES` names the folder. They are nobody's to ship.

use std::path::PathBuf;

use super::*;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test of outside data"
)]
#[test]
fn captured_answers_are_what_they_are() {
    let Some(folder) = std::env::var_os("FEDGIT_CAPTURED_PAGES").map(PathBuf::from) else {
        eprintln!("left out: FEDGIT_CAPTURED_PAGES names no folder of captured pages");
        return;
    };
    // Each on the org that it was captured at, which is ours here.
    let read = |path: &str| {
        let text = std::fs::read_to_string(folder.join(path)).unwrap();
        ["xyz.okta.com", "thoughtworks.okta.com", "datto.okta.com"]
            .iter()
            .fold(text, |text, host| text.replace(host, "example.okta.com"))
    };
    let gimme = "gimme/inline/tests__test_okta_classic_client.py";
    let crowbar = "crowbar/tests/fixtures/okta";
    for (path, expected) in [
        (
            format!("{gimme}/L0233-auth_response.json"),
            "get: /login/step-up/redirect",
        ),
        (
            format!("{gimme}/L0309-auth_response.json"),
            "get: /login/step-up/redirect",
        ),
        (
            format!("{gimme}/L0848-auth_response.json"),
            "get: /login/step-up/redirect",
        ),
        (
            format!("{gimme}/L0648-verify_response.json"),
            "get: /login/step-up/redirect",
        ),
        (
            format!("{gimme}/L0359-verify_response.json"),
            "ask: the one-time code (code sent by SMS",
        ),
        (
            format!("{gimme}/L0450-verify_response.json"),
            "ask: the one-time code (code sent by e-mail",
        ),
        (
            format!("{gimme}/L0541-verify_response.json"),
            "show: Okta Verify push (Jane.Doe iPhone): approve",
        ),
        (
            format!("{gimme}/L0698-verify_response.json"),
            "show: Okta Verify push (Jane.Doe iPhone): approve",
        ),
        (
            format!("{gimme}/L0905-introspect_response.json"),
            "fail: Okta wants a second factor set up",
        ),
        (
            format!("{crowbar}/challenge_response_push.json"),
            "show: Okta Verify push (PHONE): choose 44",
        ),
        (
            format!("{crowbar}/challenge_response_webauthn.json"),
            "fail: Okta asks for security key",
        ),
        (
            format!("{crowbar}/login_response_mfa_required.json"),
            "choose: google sms push totp",
        ),
    ] {
        let step = classic(vec![page_at(APP, 200, &read(&path))]);
        let shown = shown(&step);
        assert!(shown.starts_with(expected), "{path}: {shown}");
    }
    // Single factors, each in a list of its own.
    for (path, expected) in [
        ("L0044-sms_factor", "choose: sms"),
        ("L0064-email_factor", "choose: email"),
        ("L0084-push_factor", "choose: push"),
        ("L0118-totp_factor", "choose: totp"),
        ("L0138-hardware_factor", "choose: token"),
        ("L0165-webauthn_factor", "fail: Okta asks for security key"),
    ] {
        let factor = read(&format!("{gimme}/{path}.json"));
        let text = format!(
            r#"{{"status":"MFA_REQUIRED","stateToken":"02s","_embedded":{{"factors":[{factor}]}}}}"#
        );
        let step = classic(vec![page_at(APP, 200, &text)]);
        let shown = shown(&step);
        assert!(shown.starts_with(expected), "{path}: {shown}");
    }
    let ellosoft = "ellosoft-aws-cred-mgr";
    for (name, expected) in [
        ("challenge-password", "ask: the password of jane"),
        (
            "challenge-poll-loopback",
            "post: /idp/idx/authenticators/poll/cancel",
        ),
        (
            "device-challenge-poll-custom-uri",
            "post: /idp/idx/authenticators/poll/cancel",
        ),
        (
            "error-invalid-credentials",
            "refuse: the identity provider refused the login: Authentication failed",
        ),
        ("identify-with-password", "ask: the password of jane"),
        ("identify-without-password", "post: /idp/idx/identify"),
        // The password first.
        ("select-authenticator", "post: /idp/idx/challenge"),
        ("success", "get: /login/token/redirect"),
    ] {
        let text = read(&format!("{ellosoft}/idx/{name}.json"));
        let step = idx(vec![page_at(APP, 200, &text)]);
        let shown = shown(&step);
        assert!(shown.starts_with(expected), "{name}: {shown}");
    }
    for (path, token) in [
        (
            format!("{ellosoft}/state-token-pages/js-escaped.html"),
            Some("02abc-def_xyz"),
        ),
        (
            format!("{ellosoft}/state-token-pages/json-config.html"),
            Some("02json-token"),
        ),
        (
            format!("{ellosoft}/state-token-pages/script-variable.html"),
            Some("02vQULJDA20fnlkloDn2swWJkaxVTPQ10lyJH6I5c"),
        ),
        (
            format!("{ellosoft}/state-token-pages/classic-empty.html"),
            None,
        ),
        (
            format!("{gimme}/L0833-second_factor_response.html"),
            Some("00Xg1Ci6KEli1338pWmP2gHUuYe0c_F4Nwd3fmoK9"),
        ),
        (
            format!("{gimme}/L0890-setup_factor_response.html"),
            Some("13371Ci6KEli4Kopasten2gHUuYe0c_F4Nwd3fmoK9"),
        ),
        (format!("{gimme}/L0813-setup_factors_response.html"), None),
    ] {
        let found = page::state_token(&read(&path)).map(|token| token.0);
        assert_eq!(found.as_deref(), token, "{path}");
    }
    let response =
        read("gimme/inline/tests__test_okta_identity_engine_client.py/L0077-saml_response.html");
    let step = after(flow(None, false), vec![page_at(APP, 200, &response)]).1;
    assert_eq!(shown(&step), "done");
    // For another service: nothing that AWS would take.
    let other = read(&format!("{gimme}/L0204-login_saml.html"));
    let step = after(flow(None, false), vec![page_at(APP, 200, &other)]).1;
    assert!(
        shown(&step).contains("would be posted to https://localhost:8443"),
        "{step:?}"
    );
    eprintln!("the captured answers of Okta were read");
}
