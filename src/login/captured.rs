//! Pages and answers that other programs' authors captured, read in place where somebody has them: in the
//! folder that `FEDGIT_CAPTURED_PAGES` names, else in `../shared/research/pages`. They are nobody's to ship.
//! Every file there stands in one list with what it is, so that a new one is not passed over.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::format::saml;
use crate::model::Assertion;

/// What a file is, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// A page that AD FS's reader calls so.
    Adfs(&'static str),
    /// The same, and a sign-in form to the reader of any site.
    AdfsAndForms(&'static str, &'static str),
    /// A page of an Okta org: the kind, and the state token in it.
    OktaPage(&'static str, Option<&'static str>),
    /// A page that is a response to AD FS's reader and to Okta's, and what comes of it there.
    Response(&'static str),
    /// An answer of Okta's Classic engine, and the step after it.
    Classic(&'static str),
    /// One factor of such an answer.
    Factor(&'static str),
    /// An answer of the Identity Engine, and the step after it.
    Idx(&'static str),
    /// Duo's prompt: the first thing that it offers.
    DuoPrompt(&'static str),
    /// Duo's page before it, by the number of its fields.
    DuoForm(usize),
    /// A SAML response in base64, by the number of its roles; `None` where it is broken.
    Base64(Option<usize>),
    /// The same in clear.
    Xml(Option<usize>),
    /// Nothing that a login reads.
    Nothing,
}

use Is::*;

/// Every file, by folder and name.
pub(super) const FILES: &[(&str, &[(&str, Is)])] = &[
    (
        "",
        &[
            ("INDEX.md", Nothing),
            ("aws-adfs/LICENSE-NOTE.txt", Nothing),
            ("awsprocesscreds/LICENSE-NOTE.txt", Nothing),
            ("clisso/LICENSE-NOTE.txt", Nothing),
            ("crowbar/LICENSE-NOTE.txt", Nothing),
            ("ellosoft-aws-cred-mgr/LICENSE-NOTE.txt", Nothing),
            ("gimme/LICENSE-NOTE.txt", Nothing),
        ],
    ),
    (
        // AWS's own page of roles, where no assertion is sent.
        "aws-adfs/inline/test__test_account_aliases_fetcher.py/",
        &[
            ("L0026-_account_page_response.html", Nothing),
            ("L0164-_response_with_expected_aliases.html", Nothing),
            ("L0253-_response_with_two_expected_aliases.html", Nothing),
        ],
    ),
    (
        "aws-adfs/inline/test__test_assertion_extractor.py/",
        &[
            ("L0068-assertion.xml", Xml(Some(2))),
            (
                "L0085-a_page_of_allowed_beer_roles.html",
                AdfsAndForms("Assertion", "Assertion"),
            ),
            ("L0102-assertion.xml", Xml(Some(2))),
            (
                "L0119-a_page_with_saml_without_session_duration.html",
                Adfs("Assertion"),
            ),
            (
                "L0136-a_page_with_saml_containing_session_duration.xml",
                Xml(Some(2)),
            ),
            (
                "L0156-a_page_with_saml_containing_session_duration.html",
                Adfs("Assertion"),
            ),
            ("L0174-_a_page_of_expired_login.html", Adfs("Assertion")),
            (
                "L0201-_a_page_of_authentication_failure.html",
                AdfsAndForms("Refused", "Fill"),
            ),
        ],
    ),
    (
        "awsprocesscreds/inline/tests__unit__test_saml.py/",
        &[
            ("L0232-saml_form.html", AdfsAndForms("SignIn", "Fill")),
            ("L0429-adfs_login_form.html", AdfsAndForms("SignIn", "Fill")),
            ("L0552-saml_assertion.xml", Xml(None)),
        ],
    ),
    (
        "clisso/saml/testdata/",
        &[
            ("idp-before-role", Base64(Some(1))),
            ("invalid-response", Base64(None)),
            ("malformed-components", Base64(None)),
            ("no-arn-value-response", Base64(None)),
            ("no-arns-response", Base64(None)),
            ("single-arn-response", Base64(Some(1))),
            ("too-many-components", Base64(None)),
            ("valid-response", Base64(Some(3))),
        ],
    ),
    (
        "crowbar/tests/fixtures/",
        &[
            (
                "adfs/initial_login_form.html",
                AdfsAndForms("SignIn", "Fill"),
            ),
            ("adfs/login_form_submission_response.html", Adfs("Options")),
            (
                "okta/challenge_response_push.json",
                Classic("show: Okta Verify push (PHONE): choose 44"),
            ),
            (
                "okta/challenge_response_webauthn.json",
                Classic("fail: Okta asks for security key"),
            ),
            (
                "okta/login_response_mfa_required.json",
                Classic("choose: google sms push totp"),
            ),
        ],
    ),
    (
        "ellosoft-aws-cred-mgr/idx/",
        &[
            ("challenge-password.json", Idx("ask: the password of jane")),
            (
                "challenge-poll-loopback.json",
                Idx("local: http://localhost:8769/ for https://example.okta.com"),
            ),
            (
                "device-challenge-poll-custom-uri.json",
                Idx("post: /idp/idx/authenticators/poll/cancel"),
            ),
            (
                "error-invalid-credentials.json",
                Idx("refuse: the identity provider refused the login: Authentication failed"),
            ),
            (
                "identify-with-password.json",
                Idx("ask: the password of jane"),
            ),
            (
                "identify-without-password.json",
                Idx("post: /idp/idx/identify"),
            ),
            // The password first.
            ("select-authenticator.json", Idx("post: /idp/idx/challenge")),
            ("success.json", Idx("get: /login/token/redirect")),
        ],
    ),
    (
        "ellosoft-aws-cred-mgr/state-token-pages/",
        &[
            ("classic-empty.html", OktaPage("SignIn", None)),
            ("js-escaped.html", OktaPage("SignIn", Some("02abc-def_xyz"))),
            ("json-config.html", OktaPage("SignIn", Some("02json-token"))),
            (
                "script-variable.html",
                OktaPage("SignIn", Some("02vQULJDA20fnlkloDn2swWJkaxVTPQ10lyJH6I5c")),
            ),
        ],
    ),
    (
        "gimme/inline/tests__test_aws_resolver.py/",
        &[("L0037-saml.b64", Base64(Some(5)))],
    ),
    (
        "gimme/inline/tests__test_okta_classic_client.py/",
        &[
            ("L0044-sms_factor.json", Factor("choose: sms")),
            ("L0064-email_factor.json", Factor("choose: email")),
            ("L0084-push_factor.json", Factor("choose: push")),
            ("L0118-totp_factor.json", Factor("choose: totp")),
            ("L0138-hardware_factor.json", Factor("choose: token")),
            (
                "L0165-webauthn_factor.json",
                Factor("fail: Okta asks for security key"),
            ),
            (
                // For another service: nothing that AWS would take.
                "L0204-login_saml.html",
                Response("would be posted to https://localhost:8443"),
            ),
            (
                "L0233-auth_response.json",
                Classic("get: /login/step-up/redirect"),
            ),
            (
                "L0309-auth_response.json",
                Classic("get: /login/step-up/redirect"),
            ),
            (
                "L0359-verify_response.json",
                Classic("ask: the one-time code (code sent by SMS"),
            ),
            (
                "L0450-verify_response.json",
                Classic("ask: the one-time code (code sent by e-mail"),
            ),
            (
                "L0541-verify_response.json",
                Classic("show: Okta Verify push (Jane.Doe iPhone): approve"),
            ),
            (
                "L0648-verify_response.json",
                Classic("get: /login/step-up/redirect"),
            ),
            (
                "L0698-verify_response.json",
                Classic("show: Okta Verify push (Jane.Doe iPhone): approve"),
            ),
            (
                "L0813-setup_factors_response.html",
                OktaPage("SignIn", None),
            ),
            (
                "L0833-second_factor_response.html",
                OktaPage("SignIn", Some("00Xg1Ci6KEli1338pWmP2gHUuYe0c_F4Nwd3fmoK9")),
            ),
            (
                "L0848-auth_response.json",
                Classic("get: /login/step-up/redirect"),
            ),
            (
                "L0890-setup_factor_response.html",
                OktaPage("SignIn", Some("13371Ci6KEli4Kopasten2gHUuYe0c_F4Nwd3fmoK9")),
            ),
            (
                "L0905-introspect_response.json",
                Classic("fail: Okta wants a second factor set up"),
            ),
            (
                "L0941-enrollment_response.json",
                Classic("fail: Okta wants a second factor set up"),
            ),
            (
                "L1007-mfa_activation_response.json",
                Classic("get: /login/sessionCookieRedirect"),
            ),
        ],
    ),
    (
        "gimme/inline/tests__test_okta_identity_engine_client.py/",
        &[
            // A token, and a form's data that a program made of a page.
            ("L0060-token_response.b64", Nothing),
            ("L0077-saml_response.html", Response("done")),
            ("L0086-saml_data.json", Nothing),
            ("L0087-saml_data.b64", Base64(Some(2))),
        ],
    ),
    (
        "gimme/tests/fixtures/",
        &[
            // AWS's own, which is none of AD FS's.
            ("aws_legacy.html", Adfs("Assertion")),
            ("aws_nextjs.html", Adfs("NoForm")),
            (
                "duo_universal_login_form.html",
                DuoPrompt("Duo Push phone1"),
            ),
            (
                "duo_universal_login_form_without_preferred_device.html",
                DuoPrompt("Duo Push phone1"),
            ),
            ("duo_universal_plugin_form.html", DuoForm(18)),
        ],
    ),
];

/// The captured files, each with its text and with what it is; says so where there are none.
pub(super) fn files(of: &str) -> Vec<(String, String, Is)> {
    let Some(folder) = folder() else {
        // Not by a macro, whose words are kept from whoever runs the tests.
        let _ = writeln!(
            std::io::stderr(),
            "left out: the captured pages of {of}, for want of a folder of them \
             (FEDGIT_CAPTURED_PAGES, or ../shared/research/pages)"
        );
        return Vec::new();
    };
    let listed = FILES.iter().flat_map(|(prefix, files)| {
        let whole = move |(name, is): &(&str, Is)| (format!("{prefix}{name}"), *is);
        files.iter().map(whole)
    });
    listed
        .map(|(path, is)| (path.clone(), read(&folder.join(&path)), is))
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "a test of outside data")]
fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("FEDGIT_CAPTURED_PAGES") {
        return Some(PathBuf::from(folder));
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/research/pages");
    beside.is_dir().then_some(beside)
}

#[expect(clippy::disallowed_methods, reason = "a test of outside data")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn every_file(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => every_file(root, &path, found),
            false => {
                let name = path.strip_prefix(root).unwrap();
                found.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
}

#[test]
fn every_captured_file_is_listed() {
    let listed: Vec<String> = files("every kind").into_iter().map(|file| file.0).collect();
    if let Some(folder) = folder() {
        let mut found = Vec::new();
        every_file(&folder, &folder, &mut found);
        found.retain(|name| !listed.contains(name));
        assert!(found.is_empty(), "nobody says what these are: {found:?}");
    }
}

#[test]
fn captured_responses_are_what_they_are() {
    for (path, text, is) in files("SAML responses") {
        let (text, expected) = match is {
            Base64(roles) => (text, roles),
            Xml(roles) => (STANDARD.encode(text.trim()), roles),
            _ => continue,
        };
        let found = saml::read(&Assertion::new(text)).ok();
        let found = found.map(|response| response.roles.len());
        assert_eq!(found.filter(|roles| *roles > 0), expected, "{path}");
    }
}
