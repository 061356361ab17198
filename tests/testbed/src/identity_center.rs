//! IAM Identity Center: an OpenID Connect service that signs people in, and a portal that gives
//! credentials for the token that comes of it.
//!
//! Follows the IAM Identity Center OIDC API reference and the IAM Identity Center portal API
//! reference, and RFC 6749, 7636 and 8628 beneath. Whoever opens its pages is taken for signed in
//! to the portal; what is left is to allow it. Stricter than the real ones in this: a member that the
//! reference does not know is refused, and so is a parameter that stands there twice.

mod answers;
mod between;
mod grants;
mod oidc;
mod pages;
mod portal;
mod state;

pub use between::Failing;
pub(crate) use oidc::service as oidc;
pub(crate) use portal::service as portal;
pub(crate) use state::State;

use time::OffsetDateTime;

/// The portals of the one instance: its own name, and the one that its owner chose.
pub(crate) const START_URLS: [&str; 2] = [
    "https://d-1234567890.awsapps.com/start",
    "https://example.awsapps.com/start",
];
/// Where the instance is.
pub(crate) const REGION: &str = "eu-west-1";
/// What a client needs to ask for, to list accounts and to get credentials.
pub(crate) const SCOPE: &str = "sso:account:access";

/// What grew of `POST /client/register`.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    /// Empty where it did not say: then it has the device grant.
    pub(crate) grants: Vec<String>,
    pub(crate) redirects: Vec<String>,
    pub(crate) expires: OffsetDateTime,
}

/// What a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Open,
    Allowed,
    Denied,
}

/// A device authorization.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) client: String,
    pub(crate) user_code: String,
    pub(crate) decision: Decision,
    pub(crate) expires: OffsetDateTime,
    pub(crate) polls: usize,
    pub(crate) last_poll: Option<std::time::Instant>,
}

/// An authorization request, and the code that it got.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) challenge: String,
    pub(crate) state: String,
}

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) expires: OffsetDateTime,
    pub(crate) client: String,
}
