//! What a login is for: the assertion that comes out of it and the credentials that STS gives for it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::{AccountId, Timestamp};

/// Temporary AWS credentials. Debug shows the key id and the expiry, never a secret.
#[derive(Clone)]
pub struct Credentials {
    /// Names the credentials; not a secret by itself.
    pub access_key_id: String,
    /// Signs requests; wiped on drop.
    pub secret_access_key: SecretString,
    /// Goes with every request; wiped on drop.
    pub session_token: SecretString,
    /// From then on AWS refuses them.
    pub expiration: Timestamp,
    /// The account of the assumed role.
    pub account: Option<AccountId>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("expiration", &self.expiration)
            .finish_non_exhaustive()
    }
}

/// What signs a request: the keys of an IAM user, or of a session. Debug shows the key id alone.
#[derive(Clone)]
pub struct Keys {
    /// Names the keys; not a secret by itself.
    pub access_key_id: String,
    /// Wiped on drop.
    pub secret_access_key: SecretString,
    /// A session's; wiped on drop.
    pub session_token: Option<SecretString>,
}

impl From<&Credentials> for Keys {
    fn from(credentials: &Credentials) -> Self {
        let token = &credentials.session_token;
        Self {
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            // Those of an IAM user have none.
            session_token: (!token.expose_secret().is_empty()).then(|| token.clone()),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// A SAML response as the identity provider posted it: base64 of the XML. Whoever holds it can
/// assume every role in it for some minutes, so it is a secret.
#[derive(Clone)]
pub struct Assertion(SecretString);

impl Assertion {
    /// Wraps the base64 text of a `SAMLResponse` field.
    #[must_use]
    pub fn new(base64: String) -> Self {
        Self(SecretString::from(base64))
    }

    /// The base64 text: for STS, and for the reader in `format/saml`.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: SecretString::from("MARKER-SECRET"),
            session_token: SecretString::from("MARKER-TOKEN"),
            expiration: Timestamp::from_unix(0),
            account: None,
        };
        let shown = format!(
            "{credentials:?} {:?} {:?}",
            Keys::from(&credentials),
            Assertion::new("MARKER-ASSERTION".into())
        );
        assert!(shown.contains("ASIAEXAMPLE"));
        assert!(!shown.contains("MARKER"), "{shown}");
    }
}
