//! Why a flow cannot go on, and what to do about it. Nothing here is the identity provider's no: that
//! is a [`super::Refusal`].

use crate::format::html::TooMuch;

/// The page was not understood, or leads where a login must not go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// The sign-in form would post to another origin than the configured one.
    #[error(
        "the sign-in form at {page} would send the password or code to {to}, but `url` is on {expected}"
    )]
    PasswordElsewhere {
        /// The page with the form.
        page: String,
        /// The origin it posts to, or is on.
        to: String,
        /// The origin of the sign-on URL.
        expected: String,
    },
    /// The SAML response is addressed to somebody else.
    #[error("the SAML response would be posted to {to}, which is not an AWS sign-in address")]
    AssertionElsewhere {
        /// The form's target without its query.
        to: String,
    },
    /// It is for another page of AWS's than the one that takes roles.
    #[error("the SAML response would be posted to {to}, where AWS takes none for roles")]
    OtherPage {
        /// The form's target without its query.
        to: String,
    },
    /// `SAMLResponse` is there and empty.
    #[error("the page {page} has a SAMLResponse field with nothing in it")]
    EmptyAssertion {
        /// Which page.
        page: String,
    },
    /// The SAML response says itself that it is for somebody else.
    #[error("the SAML response is for {party}, not for AWS")]
    OtherParty {
        /// Its audience, or where it may be delivered; fit to print.
        party: String,
    },
    /// It is for an AWS in which none of the declared roles is.
    #[error("the SAML response is for the partition {partition}, but the roles are in {wanted}")]
    OtherPartition {
        /// Where it may be delivered.
        partition: &'static str,
        /// Where the declared roles are.
        wanted: String,
    },
    /// A form's action is a script, a file or no URL.
    #[error("the form at {page} leads to {action:?}, which is not a web address")]
    BadAction {
        /// The page with the form.
        page: String,
        /// The action as written, fit to print.
        action: String,
    },
    /// From https to http: what the form carries would be readable on the way.
    #[error("the form at {page} leads to {to}, which is not encrypted")]
    Downgrade {
        /// The page with the form.
        page: String,
        /// Where it leads.
        to: String,
    },
    /// A second factor is wanted.
    #[error(
        "the identity provider asks for a second factor ({method}) that only a browser can answer"
    )]
    Mfa {
        /// The method's own name and, where known, the product's.
        method: String,
    },
    /// A choice of second factors is wanted.
    #[error(
        "the identity provider offers no second factor that a program can answer, but {}",
        .methods.join(", ")
    )]
    MfaOptions {
        /// What is on offer, fit to print.
        methods: Vec<String>,
    },
    /// HTTP 401: no form at all.
    #[error("{host} wants Windows Integrated Authentication ({schemes}), not a form")]
    WindowsIntegrated {
        /// The identity provider.
        host: String,
        /// The schemes it offers.
        schemes: String,
    },
    /// The password must be changed first.
    #[error("{host} wants the password changed before it signs anybody in")]
    PasswordExpired {
        /// The identity provider.
        host: String,
    },
    /// A second factor must be set up first.
    #[error("{host} wants a second factor set up before it signs anybody in")]
    SetUp {
        /// The identity provider.
        host: String,
    },
    /// A security key or passkey is wanted.
    #[error("{host} asks for a security key or passkey, which only a browser can use")]
    SecurityKey {
        /// The identity provider.
        host: String,
    },
    /// The user's organization is asked for.
    #[error("{host} asks which organization to sign in with (home realm discovery)")]
    HomeRealm {
        /// The identity provider.
        host: String,
    },
    /// A page that goes nowhere.
    #[error("the page {page} ({title:?}, HTTP {status}) {}", or_down(*.status, "holds no form"))]
    NoForm {
        /// Which page.
        page: String,
        /// Its title, fit to print.
        title: String,
        /// Its HTTP status.
        status: u16,
    },
    /// A page with forms that fit nothing known.
    #[error("the page {page} ({title:?}, HTTP {status}) {}", or_down(*.status, "is not one that fedgit knows"))]
    Unknown {
        /// Which page.
        page: String,
        /// Its title, fit to print.
        title: String,
        /// Its HTTP status.
        status: u16,
    },
    /// A page without a form, whose scripts would make one.
    #[error("the page {page} ({title:?}) works with scripts alone, and fedgit runs none")]
    NeedsScripts {
        /// Which page.
        page: String,
        /// Its title, fit to print.
        title: String,
    },
    /// A picture is to be read.
    #[error("{host} asks for a captcha, which only a person can read")]
    Captcha {
        /// The identity provider.
        host: String,
    },
    /// Not a sign-in page by its sheer size.
    #[error("the page {page} was not read: {cause}")]
    TooMuch {
        /// Which page.
        page: String,
        /// Of what.
        cause: TooMuch,
    },
    /// A request of ours needs a name that nobody can guess.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// What stands in the way at Okta.
    #[error(transparent)]
    Okta(#[from] super::OktaError),
    /// The driver broke the contract of [`super::Flow`].
    #[error("the login got an answer that it had not asked for")]
    OutOfTurn,
}

impl FlowError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::PasswordElsewhere { .. } => {
                "if that host is your organization's sign-in page, set `url` in [idp.NAME] to an \
                 address on it, or name the host in `allow_hosts`; otherwise tell your administrators"
            }
            Self::AssertionElsewhere { .. } => {
                "`url` must be the sign-on address for AWS: the one at which a browser ends in the AWS \
                 console. Where another identity provider signs in for yours, name its host in \
                 `allow_hosts`"
            }
            Self::OtherPage { .. } => {
                "choose the application whose response holds roles; for IAM Identity Center, which has \
                 one of its own, set kind = \"identity-center\""
            }
            Self::OtherParty { .. } => {
                "`url` must be the sign-on address of the AWS application, not of another one; in a \
                 browser, choose AWS"
            }
            Self::OtherPartition { .. } => {
                "the identity provider has another application for each partition: set `url` to the \
                 address of the one whose roles are declared"
            }
            Self::BadAction { .. } | Self::Downgrade { .. } | Self::TooMuch { .. } => {
                "this is no sign-in page that fedgit knows; check `url` in [idp.NAME]"
            }
            Self::EmptyAssertion { .. } => "sign in with a browser at the same address and compare",
            Self::Mfa { .. } | Self::MfaOptions { .. } => {
                "set kind = \"browser\" in [idp.NAME], and your browser signs in; or choose another method there"
            }
            Self::WindowsIntegrated { .. } => {
                "fedgit signs in with forms: ask the administrators to enable forms authentication for \
                 programs that are not in WIASupportedUserAgents, or use the address that is reached \
                 from outside the company network"
            }
            Self::SetUp { .. } => "set it up in a browser, then try again",
            Self::SecurityKey { .. } => {
                "choose another second factor, or sign in with your browser: kind = \"browser\" in \
                 [idp.NAME]"
            }
            Self::PasswordExpired { .. } => "change the password in a browser, then try again",
            Self::HomeRealm { .. } => {
                "add `&whr=` with your organization's identifier to `url` in [idp.NAME], as a browser \
                 shows it once you have chosen"
            }
            Self::NoForm { status, .. } | Self::Unknown { status, .. } if is_down(*status) => {
                "try again in a few minutes; if it stays so, tell your administrators"
            }
            Self::NoForm { .. } => {
                "open `url` of [idp.NAME] in a browser and compare; it must be the address at which \
                 signing in ends in the AWS console. Where it does there, set kind = \"browser\", and \
                 your browser signs in"
            }
            Self::Unknown { .. } => {
                "open `url` of [idp.NAME] in a browser and compare; it must be the address at which \
                 signing in ends in the AWS console. Where it asks for something by an odd name, \
                 `username_field`, `code_field` and `form` say which it is, for kind = \"saml\"; else set \
                 kind = \"browser\", and your browser signs in"
            }
            Self::NeedsScripts { .. } | Self::Captcha { .. } => {
                "set kind = \"browser\" in [idp.NAME], and your browser signs in"
            }
            Self::NoRandom => "there is something wrong with this machine",
            Self::Okta(error) => error.hint(),
            Self::OutOfTurn => "this is a bug in fedgit",
        }
    }

    /// Whether the identity provider understood who signs in, and lets nobody in yet: with a password
    /// that is no longer good, or without a second factor.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::PasswordExpired { .. } | Self::SetUp { .. } => true,
            Self::Okta(error) => matches!(error, super::OktaError::Enroll { .. }),
            _ => false,
        }
    }
}

/// Whether the server itself says that it cannot now.
fn is_down(status: u16) -> bool {
    status >= 500
}

/// What is wrong with a page that leads nowhere.
fn or_down(status: u16, otherwise: &'static str) -> &'static str {
    match is_down(status) {
        true => "says that the identity provider cannot answer now",
        false => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_down_is_not_a_wrong_address() {
        let page = |status| FlowError::NoForm {
            page: "https://idp.example/".into(),
            title: "Service Unavailable".into(),
            status,
        };
        for (status, said, hint) in [
            (404, "holds no form", "open `url`"),
            (503, "cannot answer now", "try again in a few minutes"),
        ] {
            let error = page(status);
            assert!(error.to_string().contains(said), "{error}");
            assert!(error.hint().contains(hint), "{}", error.hint());
        }
    }
}
