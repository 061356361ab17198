//! The one JSON object of `credential_process`, version 1, as botocore and the AWS SDK for Rust
//! both read it.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>

use secrecy::ExposeSecret;
use serde::Serialize;
use zeroize::Zeroizing;

use super::secret_json;
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
pub fn render(credentials: &Credentials) -> Zeroizing<String> {
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
    let mut bytes = secret_json::render(&answer).unwrap_or_default();
    bytes.push(b'\n');
    // The same buffer, moved; serde_json writes nothing but UTF-8.
    let text = String::from_utf8(std::mem::take(&mut *bytes));
    Zeroizing::new(text.unwrap_or_default())
}
