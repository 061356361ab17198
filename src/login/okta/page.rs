//! The pages between the JSON: the application's, which is the response or a sign-in page that holds
//! a state token.

use crate::format::html::{Form, Page};
use crate::format::script;
use crate::login::acs;

/// What the application's page is.
#[derive(Debug)]
pub(super) enum PageKind<'p> {
    /// It holds the response.
    Assertion(&'p Form),
    /// On to another page: a SAML request.
    Hop(&'p Form),
    /// Somebody has to sign in, or to confirm it.
    SignIn {
        /// Names this login in the API. Without Debug it would be a secret in a message: it is not
        /// shown.
        token: Option<StateToken>,
    },
}

/// What names a login in the API.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct StateToken(pub(super) String);

impl std::fmt::Debug for StateToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StateToken")
    }
}

/// The kind of a page, by its structure.
pub(super) fn classify<'p>(page: &'p Page, body: &str) -> PageKind<'p> {
    if let Some(form) = acs::response_form(page) {
        return PageKind::Assertion(form);
    }
    let hop = |form: &&Form| form.control("SAMLRequest").is_some();
    if let Some(form) = page.forms.iter().find(hop) {
        return PageKind::Hop(form);
    }
    PageKind::SignIn {
        token: state_token(body),
    }
}

/// `var stateToken = '…'` or `"stateToken":"…"`. A Classic org has an empty one where nobody is signed in.
pub(super) fn state_token(body: &str) -> Option<StateToken> {
    script::values_of(body, "stateToken")
        // A JWE of some kilobytes.
        .find(|token| token.len() <= LONGEST)
        .map(StateToken)
}

/// The longest state token that is believed.
const LONGEST: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_as_pages_write_them() {
        for (page, expected) in [
            ("<script>var stateToken = '00abc';</script>", Some("00abc")),
            (
                r"var stateToken = '02a\x2Db\x5Fc\u002Dd';",
                Some("02a-b_c-d"),
            ),
            (r#"{"signIn":{"stateToken":"02json"}}"#, Some("02json")),
            (r#"{"stateToken" : "eyJ.x-y.z"}"#, Some("eyJ.x-y.z")),
            (
                "var stateToken = ''; f(stateToken); stateToken='02'",
                Some("02"),
            ),
            ("var stateToken = '';", None),
            ("var stateToken = 'a b'", None),
            ("var stateToken = 'unfinished", None),
            (r"var stateToken = '\x2", None),
            ("stateToken", None),
        ] {
            let found = state_token(page).map(|token| token.0);
            assert_eq!(found.as_deref(), expected, "{page}");
        }
        let long = format!("stateToken='{}'", "a".repeat(LONGEST + 1));
        assert_eq!(state_token(&long), None);
    }
}
