//! `kind = "command"`: a program of the user's signs in, and prints the SAML response.

use std::path::Path;
use std::time::Duration;

use crate::config::env as names;
use crate::login::NoAnswer;
use crate::model::{Assertion, IdpName, SamlLogin};

use super::reach::Reach;

/// How long it may take: it may be asking a person for a password and a code.
pub(super) const LIMIT: Duration = Duration::from_secs(300);

/// Characters of a SAML response that STS takes.
const MAX_ASSERTION: usize = 100_000;

/// Runs the program. It is told whom and what to sign in to by its environment; the response is all
/// that it may print.
///
/// # Errors
/// [`NoAnswer::Failed`], which quotes nothing of the output.
pub(super) fn assertion(
    program: &[String],
    idp: &IdpName,
    saml: &SamlLogin,
    reach: &Reach<'_>,
) -> Result<Assertion, NoAnswer> {
    let url = saml.url().map(ToString::to_string).unwrap_or_default();
    let username = saml.username.as_deref().unwrap_or_default();
    let mut env = vec![
        (names::FEDGIT_IDP_NAME, idp.as_str()),
        (names::FEDGIT_IDP_URL, url.as_str()),
        (names::FEDGIT_IDP_USERNAME, username),
    ];
    if let Some(ca_bundle) = saml.ca_bundle.as_deref().and_then(Path::to_str) {
        env.push((names::FEDGIT_IDP_CA_BUNDLE, ca_bundle));
    }
    if !reach.may_ask {
        env.push((names::FEDGIT_NO_INPUT, "1"));
    }
    let printed = reach.run(program, &env, LIMIT)?;
    let name = program.first().map(String::as_str).unwrap_or_default();
    let failed = |why: &str| {
        NoAnswer::Failed(format!(
            "{name} {why}; it must print the base64 SAMLResponse, and nothing else, on stdout"
        ))
    };
    // Base64 is often broken into lines.
    let text: String = printed
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| char::from(*byte))
        .collect();
    let text = zeroize::Zeroizing::new(text);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    if text.is_empty() {
        return Err(failed("printed nothing"));
    }
    if text.chars().count() > MAX_ASSERTION {
        return Err(failed("printed more than any SAML response has"));
    }
    if !text.chars().all(is_base64) {
        return Err(failed("printed something that is not base64"));
    }
    Ok(Assertion::new(text.as_str().to_owned()))
}
