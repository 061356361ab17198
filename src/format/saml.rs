//! What a SAML response says to AWS: the roles on offer and how long it is good for. Pure.
//!
//! Nothing here is trusted. No signature is checked, because STS checks it; what is read serves to
//! choose a role and to word messages. But what is read must be what STS reads, so everything that
//! makes two readers of one XML text disagree is refused: a DTD, a second assertion, a second root, a
//! doubled attribute, a comment inside a value. Comments between elements are passed over.
//!
//! <https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::printable::printable;
use crate::model::{Assertion, RoleArn, Timestamp};

mod walk;

/// Bytes of XML. STS takes an assertion of 100,000 characters.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Elements within elements; a signed response has some ten.
pub const MAX_DEPTH: usize = 64;
/// Attributes of one element: each is compared with all before it.
pub const MAX_ATTRIBUTES: usize = 64;

/// What a response says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// Roles with the provider through which each is assumed, in the response's order, each pair once.
    pub roles: Vec<(RoleArn, String)>,
    /// Role values that are no role and provider of a partition that fedgit knows; fit to print.
    pub unread_roles: Vec<String>,
    /// The name that the session gets in AWS's logs.
    pub session_name: Option<String>,
    /// Seconds that the identity provider suggests; it binds the console, not STS.
    pub session_duration: Option<u32>,
    /// Whom it is for: `urn:amazon:webservices`, or the ACS address.
    pub audience: Option<String>,
    /// Where it may be delivered.
    pub recipient: Option<String>,
    /// Where it is to be posted.
    pub destination: Option<String>,
    /// The earliest end of what limits it.
    pub not_on_or_after: Option<Timestamp>,
    /// The status codes, from the outer to the inner one.
    pub status: Vec<String>,
    /// What the identity provider adds to its status.
    pub status_message: Option<String>,
}

/// Why a response is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamlError {
    /// The field does not hold base64, or not of UTF-8 text.
    #[error("the SAML response is not base64 of an XML text")]
    NotBase64,
    /// Larger than any assertion that STS takes.
    #[error("the SAML response is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// Not well-formed.
    #[error("the SAML response is not well-formed XML: {0}")]
    NotXml(String),
    /// A DTD could define what a reader makes of the rest.
    #[error("the SAML response holds a document type definition, which SAML forbids")]
    DocType,
    /// An entity that XML does not define itself.
    #[error("the SAML response refers to the entity {0:?}, which it cannot define")]
    Entity(String),
    /// Deeper than any response.
    #[error("the SAML response nests elements more than {MAX_DEPTH} deep")]
    TooDeep,
    /// The root is something else.
    #[error("the SAML response is not a samlp:Response but {0:?}")]
    NotAResponse(String),
    /// An assertion beside or inside the assertion: readers could differ in which they take.
    #[error("the SAML response holds more than one assertion")]
    TwoAssertions,
    /// An assertion somewhere else than directly in the response.
    #[error("the SAML response holds an assertion where none belongs")]
    MisplacedAssertion,
    /// A comment or processing instruction inside a value, where readers could differ in what they read.
    #[error(
        "the SAML response holds a comment or a processing instruction inside a value that AWS reads"
    )]
    Divided,
    /// An attribute of AWS's, twice.
    #[error("the SAML response holds the attribute {0} more than once")]
    TwoAttributes(&'static str),
    /// Only AWS could read it.
    #[error("the assertion in the SAML response is encrypted, so fedgit cannot read its roles")]
    Encrypted,
    /// The identity provider answers with an error instead of an assertion.
    #[error("the identity provider refused to assert: {0}")]
    Status(String),
    /// A success without content.
    #[error("the SAML response holds no assertion")]
    NoAssertion,
    /// Signed in, but to nothing.
    #[error("the SAML response offers no AWS role{}", unread_note(.unread))]
    NoRoles {
        /// Values that are not a role and a provider.
        unread: Vec<String>,
    },
}

impl SamlError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotBase64
            | Self::TooLarge
            | Self::NotXml(_)
            | Self::DocType
            | Self::Entity(_)
            | Self::TooDeep
            | Self::NotAResponse(_)
            | Self::TwoAssertions
            | Self::MisplacedAssertion
            | Self::Divided => {
                "the identity provider's answer is damaged or was tampered with; check that `url` is \
                 its sign-on page and, where a browser works with it, report this as a bug"
            }
            Self::TwoAttributes(_) => {
                "ask the identity provider's administrators to send each attribute of AWS once, with all \
                 roles as values of the one Role"
            }
            Self::Encrypted => {
                "ask the identity provider's administrators to turn assertion encryption off for AWS"
            }
            Self::Status(_) | Self::NoAssertion => {
                "sign in with a browser at the same address: what it shows is the identity provider's \
                 to explain"
            }
            Self::NoRoles { .. } => {
                "ask the identity provider's administrators for a group that maps to an AWS role"
            }
        }
    }
}

fn unread_note(unread: &[String]) -> String {
    match unread.first() {
        Some(first) => format!(" that fedgit can read, but {} like {first:?}", unread.len()),
        None => String::new(),
    }
}

/// Reads a response.
///
/// # Errors
/// Where it is not one, or offers nothing.
pub fn read(assertion: &Assertion) -> Result<Response, SamlError> {
    let xml = decode(assertion.expose())?;
    let response = walk::walk(&xml)?;
    if response.roles.is_empty() {
        let unread = response.unread_roles;
        return Err(SamlError::NoRoles { unread });
    }
    Ok(response)
}

/// Base64 as forms hold it: with line breaks, with or without padding.
fn decode(text: &str) -> Result<Zeroizing<String>, SamlError> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    // A line break per 64 characters makes it some percent more; twice is generous.
    if text.len() > MAX_BYTES / 3 * 4 * 2 {
        return Err(SamlError::TooLarge);
    }
    // Both with room for all of it: a buffer that grows leaves a copy in freed memory.
    let mut dense = Zeroizing::new(Vec::with_capacity(text.len()));
    dense.extend(text.bytes().filter(|b| !b.is_ascii_whitespace()));
    let mut bytes = Zeroizing::new(Vec::with_capacity(dense.len()));
    ENGINE
        .decode_vec(&*dense, &mut bytes)
        .map_err(|_| SamlError::NotBase64)?;
    if bytes.len() > MAX_BYTES {
        return Err(SamlError::TooLarge);
    }
    // The same buffer, moved. What is not UTF-8 is no response, and so no secret.
    let text = String::from_utf8(std::mem::take(&mut *bytes));
    text.map(Zeroizing::new).map_err(|_| SamlError::NotBase64)
}

/// `role,provider` in either order: AD FS writes the provider first, most others the role.
fn role_pair(value: &str) -> Option<(RoleArn, String)> {
    let mut parts = value.split(',').map(str::trim);
    let (first, second) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let is_provider = |arn: &str| arn.starts_with("arn:") && arn.contains(":saml-provider/");
    let (role, provider) = match (is_provider(first), is_provider(second)) {
        (true, false) => (second, first),
        (false, true) => (first, second),
        _ => return None,
    };
    // It goes into a request to STS and into messages.
    let plain = provider.len() <= 2048 && provider.bytes().all(|b| b.is_ascii_graphic());
    Some((role.parse().ok().filter(|_| plain)?, provider.to_owned()))
}

impl Response {
    fn add_role(&mut self, value: &str) {
        match role_pair(value) {
            Some(pair) if self.roles.contains(&pair) => {}
            Some(pair) => self.roles.push(pair),
            None if self.unread_roles.len() < 20 => self.unread_roles.push(printable(value, 200)),
            None => {}
        }
    }

    fn limit(&mut self, stamp: &str) {
        if let Some(end) = Timestamp::parse_rfc3339(stamp) {
            self.not_on_or_after = Some(self.not_on_or_after.map_or(end, |now| now.min(end)));
        }
    }
}

#[cfg(test)]
mod tests;
