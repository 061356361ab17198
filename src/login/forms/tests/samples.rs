//! What each page is: those of ours, of which none is forgotten, and those that others captured.

use super::*;
use crate::format::html::FormMethod;

/// A sample, its HTTP status, whether the password was given before, and its kind.
macro_rules! samples {
    ($(($name:literal, $status:literal, $signed_in:literal, $kind:pat $(if $guard:expr)? $(,)?)),* $(,)?) => {
        const NAMES: &[&str] = &[$($name),*];

        #[test]
        fn every_sample_is_what_its_name_says() {
            $(
                let page = html::read(sample($name)).unwrap();
                let www = if $status == 401 { vec!["Negotiate".into()] } else { vec![] };
                let seen = Seen { status: $status, www_authenticate: &www, named: false, signed_in: $signed_in };
                let kind = classify(&page, &FormFields::default(), &seen);
                assert!(matches!(&kind, $kind $(if $guard)?), "{}: {kind:?}", $name);
            )*
        }

        pub(super) fn sample(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../../../../tests/cases/pages/saml/", $name, ".html")),)*
                _ => panic!("no sample {name}"),
            }
        }
    };
}

use PageKind::{Choice as Ways, Continue, Fill};

fn is(sheet: &Sheet, username: bool, password: bool, code: bool) -> bool {
    (
        sheet.username.is_some(),
        sheet.password.is_some(),
        sheet.code.is_some(),
    ) == (username, password, code)
}

/// Whether user name and password are these controls, and there is no code.
fn at(sheet: &Sheet, username: usize, password: usize) -> bool {
    (sheet.username, sheet.password, sheet.code) == (Some(username), Some(password), None)
}

fn named(ways: &[Way<'_>], expected: &[(&str, &str)]) -> bool {
    let found: Vec<_> = ways
        .iter()
        .map(|w| (w.id.as_str(), w.label.as_str()))
        .collect();
    found == expected
}

samples![
    (
        "simplesamlphp-sign-in",
        200,
        false,
        Fill { form, sheet } if form.id == "f" && is(sheet, true, true, false),
    ),
    ("simplesamlphp-wrong-password", 200, true, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "simplesamlphp-consent",
        200,
        true,
        Ways { what, ways } if what.starts_with("consent (Consent about")
        && named(ways, &[("yes", "Yes, continue"), ("no", "No, cancel")]),
    ),
    (
        "simplesamlphp-choice",
        200,
        false,
        Ways { what, ways } if what.starts_with("way to sign in (")
        && named(ways, &[("source_c3RhZmY=", "Staff"), ("source_Z3Vlc3Q=", "Guests")]),
    ),
    (
        "keycloak-sign-in",
        200,
        false,
        Fill { form, sheet } if form.id == "kc-form-login" && is(sheet, true, true, false),
    ),
    ("keycloak-wrong-password", 200, true, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "keycloak-code",
        200,
        true,
        Fill { form, sheet } if form.id == "kc-otp-login-form" && is(sheet, false, false, true),
    ),
    (
        "keycloak-code-devices",
        200,
        true,
        Fill { sheet, .. } if sheet.devices.len() == 2 && is(sheet, false, false, true),
    ),
    ("keycloak-wrong-code", 200, true, Fill { sheet, .. } if is(sheet, false, false, true)),
    (
        "keycloak-choice",
        200,
        true,
        Ways { ways, .. } if named(ways, &[
        ("e-1", "Authenticator Application Enter a code from the app."), ("e-2", "Recovery Codes")]),
    ),
    (
        "keycloak-change-password",
        200,
        true,
        PageKind::ChangePassword
    ),
    ("keycloak-set-up", 200, true, PageKind::SetUp),
    ("keycloak-security-key", 200, true, PageKind::SecurityKey),
    ("shibboleth-sign-in", 200, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    ("shibboleth-wrong-password", 200, true, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "shibboleth-consent",
        200,
        true,
        Ways { what, ways } if what.starts_with("consent (")
        && named(ways, &[("_eventId_AttributeReleaseRejected", "Reject"), ("_eventId_proceed", "Accept")]),
    ),
    ("shibboleth-storage", 200, false, Continue { form } if form.name == "form1"),
    ("lemonldap-sign-in", 200, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "lemonldap-choice",
        200,
        true,
        Ways { ways, .. } if named(ways, &[("totp", "Authenticator app"), ("mail", "E-mail")]),
    ),
    ("lemonldap-code", 200, true, Fill { sheet, .. } if is(sheet, false, false, true)),
    (
        "authelia-user-name",
        200,
        false,
        Fill { form, sheet } if form.id == "first" && is(sheet, true, false, false),
    ),
    ("authelia-password", 200, false, Fill { sheet, .. } if is(sheet, false, true, false)),
    ("authelia-code", 200, true, Fill { sheet, .. } if is(sheet, false, false, true)),
    ("password-and-code", 200, false, Fill { sheet, .. } if is(sheet, true, true, true)),
    (
        "choice-radio",
        200,
        true,
        Ways { ways, .. } if named(ways, &[("app", "The app"), ("sms", "A text message")]),
    ),
    ("continue", 200, true, Continue { form } if form.action == "/next"),
    ("auto-post", 200, false, Continue { form } if form.control("SAMLRequest").is_some()),
    ("refresh", 200, false, PageKind::Refresh { url, .. } if url == "/next?a=1&b=2"),
    ("unauthorized-sign-in", 401, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "windows-integrated",
        401,
        false,
        PageKind::WindowsIntegrated { schemes } if schemes == "Negotiate",
    ),
    ("assertion", 200, true, PageKind::Assertion { .. }),
    ("error", 403, true, PageKind::Refused { text } if text == "Your account is locked."),
    ("no-form", 404, false, PageKind::NoForm),
    ("unknown", 200, false, PageKind::Unknown),
    ("openam-sign-in", 200, false, Fill { sheet, .. } if at(sheet, 0, 1)),
    ("wso2-sign-in", 200, false, Fill { sheet, .. } if at(sheet, 0, 2)),
    ("trap", 200, false, Fill { sheet, .. } if at(sheet, 2, 3)),
    (
        "simplesamlphp-organization",
        200,
        false,
        Fill { sheet, .. } if sheet.selects == [2] && is(sheet, true, true, false),
    ),
    (
        "discovery",
        200,
        false,
        Ways { what, ways } if what.starts_with("way to sign in (")
        && named(ways, &[
            ("https://a.example.org/idp", "Example A"), ("https://b.example.org/idp", "Example B")]),
    ),
    ("button-with-action", 200, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    ("keycloak-update-profile", 200, true, Fill { sheet, .. } if is(sheet, true, false, false)),
    ("code-typed-unseen", 200, true, Fill { sheet, .. } if is(sheet, false, true, false)),
    ("telephone", 200, true, PageKind::Unknown),
    ("terms-german", 200, true, Ways { what, .. } if what == "consent (Nutzungsbedingungen)"),
    ("terms-french", 200, true, Ways { what, .. } if what == "consent (Conditions d'utilisation)"),
    ("terms-in-text", 200, true, Ways { what, .. } if what == "consent (Information)"),
    ("partner-response", 200, true, PageKind::Assertion { .. }),
    ("captcha", 200, false, Fill { sheet, .. } if sheet.captcha && is(sheet, true, true, false)),
    ("authelia-portal", 200, false, PageKind::NeedsScripts),
    ("authentik-portal", 200, false, PageKind::NeedsScripts),
    ("response-in-script", 200, true, PageKind::NeedsScripts),
    ("no-scripts", 200, false, PageKind::NeedsScripts),
    ("refresh-beside-search", 200, false, PageKind::Refresh { url, .. } if url == "/next"),
    ("auto-get", 200, false, Continue { form } if form.method == FormMethod::Get),
];

#[test]
fn no_sample_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/pages/saml");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".html");
        assert!(NAMES.contains(&name), "{name} is not in the list");
    }
}

/// Pages that other programs' authors captured.
#[test]
fn captured_pages_are_what_they_are() {
    use crate::login::captured::{Is, files};
    for (path, text, file) in files("any site") {
        let expected = match file {
            Is::AdfsAndForms(_, kind) => kind,
            Is::Response(_) => "Assertion",
            _ => continue,
        };
        let page = html::read(&text).unwrap();
        let seen = Seen {
            status: 200,
            www_authenticate: &[],
            named: false,
            signed_in: false,
        };
        let kind = format!("{:?}", classify(&page, &FormFields::default(), &seen));
        assert!(kind.starts_with(expected), "{path}: {kind}");
        if let ("Fill", Some(form)) = (expected, page.forms.first()) {
            let sheet = fields::sheet(form, &FormFields::default(), false).unwrap();
            assert!(is(&sheet, true, true, false), "{path}: {sheet:?}");
        }
        if path.contains("failure") {
            assert!(complaint(&page).is_some(), "{path}");
        }
    }
}
