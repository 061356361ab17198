//! Credentials as the environment variables that AWS programs read, and the variables that would
//! lead such a program to other ones.

use secrecy::ExposeSecret;

use crate::model::{Credentials, Region};

/// Those that say whose credentials to use, in some SDK or in one that is still about: with one of
/// them a program may pass by the keys beside it, or mix them.
pub const CONFLICTING: &[&str] = &[
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_FILE",
    "AWS_ACCOUNT_ID",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// Those that hold credentials.
pub const HELD: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
];

/// [`HELD`] with their values. The values are wiped when dropped.
#[must_use]
pub fn held(
    credentials: &Credentials,
    region: &Region,
) -> Vec<(&'static str, zeroize::Zeroizing<String>)> {
    let values = [
        credentials.access_key_id.clone(),
        credentials.secret_access_key.expose_secret().to_owned(),
        credentials.session_token.expose_secret().to_owned(),
        credentials.expiration.to_string(),
        region.to_string(),
        region.to_string(),
    ];
    HELD.iter()
        .copied()
        .zip(values.map(zeroize::Zeroizing::new))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_both_set_and_unset() {
        assert!(HELD.iter().all(|name| !CONFLICTING.contains(name)));
    }
}
