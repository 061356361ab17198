//! The one JSON object of `credential_process`, version 1, as botocore and the AWS SDK for Rust
//! both read it.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>

use secrecy::ExposeSecret;
use serde::Serialize;

use crate::model::Credentials;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
}

/// The answer with its line end.
#[must_use]
pub fn render(credentials: &Credentials) -> zeroize::Zeroizing<String> {
    let answer = Answer {
        version: 1,
        access_key_id: &credentials.access_key_id,
        secret_access_key: credentials.secret_access_key.expose_secret(),
        session_token: credentials.session_token.expose_secret(),
        expiration: credentials.expiration.to_string(),
        account_id: credentials
            .account
            .as_ref()
            .map(crate::model::AccountId::as_str),
    };
    // Strings and a number: serializing cannot fail.
    let mut text = serde_json::to_string(&answer).unwrap_or_default();
    text.push('\n');
    zeroize::Zeroizing::new(text)
}
