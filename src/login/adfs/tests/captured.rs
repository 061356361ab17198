//! Pages that other programs' authors captured, read in place where somebody has them: the variable
//! `FEDGIT_CAPTURED_PAGES` names the folder. They are nobody's to ship.

use std::path::{Path, PathBuf};

use super::*;
use crate::format::saml;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test of outside data"
)]
#[test]
fn captured_pages_are_what_they_are() {
    let Some(folder) = std::env::var_os("FEDGIT_CAPTURED_PAGES").map(PathBuf::from) else {
        eprintln!("left out: FEDGIT_CAPTURED_PAGES names no folder of captured pages");
        return;
    };
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let adfs = "aws-adfs/inline/test__test_assertion_extractor.py";
    let okta = "gimme/inline";
    for (path, expected) in [
        (
            "crowbar/tests/fixtures/adfs/initial_login_form.html",
            "SignIn",
        ),
        (
            "crowbar/tests/fixtures/adfs/login_form_submission_response.html",
            "Options",
        ),
        (
            "awsprocesscreds/inline/tests__unit__test_saml.py/L0429-adfs_login_form.html",
            "SignIn",
        ),
        (
            "awsprocesscreds/inline/tests__unit__test_saml.py/L0232-saml_form.html",
            "SignIn",
        ),
        (
            &format!("{adfs}/L0085-a_page_of_allowed_beer_roles.html"),
            "Assertion",
        ),
        (
            &format!("{adfs}/L0119-a_page_with_saml_without_session_duration.html"),
            "Assertion",
        ),
        (
            &format!("{adfs}/L0156-a_page_with_saml_containing_session_duration.html"),
            "Assertion",
        ),
        (
            &format!("{adfs}/L0174-_a_page_of_expired_login.html"),
            "Assertion",
        ),
        (
            &format!("{adfs}/L0201-_a_page_of_authentication_failure.html"),
            "Refused",
        ),
        // The last page is every identity provider's.
        (
            &format!("{okta}/tests__test_okta_classic_client.py/L0204-login_saml.html"),
            "Assertion",
        ),
        (
            &format!("{okta}/tests__test_okta_identity_engine_client.py/L0077-saml_response.html"),
            "Assertion",
        ),
        // Pages of AWS are none of AD FS's.
        ("gimme/tests/fixtures/aws_legacy.html", "Assertion"),
        ("gimme/tests/fixtures/aws_nextjs.html", "NoForm"),
    ] {
        let page = html::read(&read(path)).unwrap();
        let kind = format!("{:?}", classify(&page, 200, &[]));
        assert!(kind.starts_with(expected), "{path}: {kind}");
    }
    for (name, roles) in [
        ("idp-before-role", 1),
        ("single-arn-response", 1),
        ("valid-response", 3),
        ("invalid-response", 0),
        ("malformed-components", 0),
        ("no-arn-value-response", 0),
        ("no-arns-response", 0),
        ("too-many-components", 0),
    ] {
        let assertion = Assertion::new(read(&format!("clisso/saml/testdata/{name}")));
        let found = saml::read(&assertion).map_or(0, |response| response.roles.len());
        assert_eq!(found, roles, "{name}");
    }
    let mut count = 0;
    every_file(&folder, &mut |path| {
        let Ok(text) = std::fs::read_to_string(path) else {
            return;
        };
        count += 1;
        if let Ok(page) = html::read(&text) {
            let _ = classify(&page, 200, &[]);
        }
        let _ = saml::read(&Assertion::new(text));
    });
    eprintln!("{count} captured files were read");
    assert!(count > 0);
}

fn every_file(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_file(&path, visit)
        } else {
            visit(&path)
        }
    }
}
