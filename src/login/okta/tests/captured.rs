//! Answers and pages that other programs' authors captured.

use super::*;
use crate::format::html;
use crate::login::captured::{Is, files};

#[test]
fn captured_answers_are_what_they_are() {
    for (path, text, is) in files("Okta") {
        // Each on the org that it was captured at, which is ours here.
        let text = ["xyz.okta.com", "thoughtworks.okta.com", "datto.okta.com"]
            .iter()
            .fold(text, |text, host| text.replace(host, "example.okta.com"));
        let (step, expected) = match is {
            Is::Classic(expected) => (classic(vec![page_at(APP, 200, &text)]), expected),
            Is::Idx(expected) => (idx(vec![page_at(APP, 200, &text)]), expected),
            // A single factor, in a list of its own.
            Is::Factor(expected) => {
                let text = format!(
                    r#"{{"status":"MFA_REQUIRED","stateToken":"02s","_embedded":{{"factors":[{text}]}}}}"#
                );
                (classic(vec![page_at(APP, 200, &text)]), expected)
            }
            Is::Response(expected) => {
                let events = vec![page_at(APP, 200, &text)];
                (after(flow(None, false), events).1, expected)
            }
            Is::OktaPage(kind, token) => {
                let page = html::read(&text).unwrap();
                let found = page::classify(&page, &text);
                assert!(format!("{found:?}").starts_with(kind), "{path}: {found:?}");
                let page::PageKind::SignIn { token: found } = found else {
                    panic!("{path} holds no state token");
                };
                assert_eq!(found.map(|token| token.0).as_deref(), token, "{path}");
                continue;
            }
            _ => continue,
        };
        let shown = shown(&step);
        assert!(shown.contains(expected), "{path}: {shown}");
    }
}
