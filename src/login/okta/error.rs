//! Why a login at Okta cannot go on. What Okta says no to is a [`crate::login::Refusal`] instead.

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OktaError {
    /// `/.well-known/okta-organization` says nothing.
    #[error("{host} does not say that it is an Okta org (HTTP {status})")]
    NoOrg {
        /// Who was asked.
        host: String,
        /// The HTTP status of its answer.
        status: u16,
    },
    /// No JSON, or none of Okta's.
    #[error("the answer of {place} (HTTP {status}) is not what Okta answers: {why}")]
    NotOkta {
        /// Who answered.
        place: String,
        /// The HTTP status.
        status: u16,
        /// What is wrong with it, without a word of its own.
        why: String,
    },
    /// A state or step that came after this was written.
    #[error("Okta wants a step that fedgit does not know: {step}")]
    UnknownStep {
        /// Its name, fit to print.
        step: String,
    },
    /// A link in an answer leads where nothing of a login may go.
    #[error("an answer of {page} leads to {link:?}, which is not on the Okta org")]
    Elsewhere {
        /// Who answered.
        page: String,
        /// The link, fit to print.
        link: String,
    },
    /// What only a browser, or a device beside it, can answer.
    #[error("Okta asks for {factor}, which only a browser can give")]
    Browser {
        /// Of what kind.
        factor: String,
    },
    /// The person has no second factor yet.
    #[error("Okta wants a second factor set up first ({offered})")]
    Enroll {
        /// Which ones it takes, fit to print.
        offered: String,
    },
    /// The login is over and the application's page holds no response.
    #[error("the login succeeded, but {page} ({title:?}, HTTP {status}) holds no SAML response")]
    NoResponse {
        /// The page.
        page: String,
        /// Its title, fit to print.
        title: String,
        /// Its HTTP status.
        status: u16,
    },
    /// The application's page is one of another identity provider.
    #[error("Okta hands the login over to {host}, another identity provider")]
    HandedOver {
        /// Which.
        host: String,
    },
    /// The token exchange was refused.
    #[error("Okta gives no SAML response for this application: {text}")]
    Exchange {
        /// Its own words, fit to print.
        text: String,
    },
}

impl OktaError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoOrg { .. } => {
                "`url` of [idp.NAME] must be on the Okta org, as in \
                 https://example.okta.com/home/amazon_aws/0oa.../272"
            }
            Self::NotOkta { .. } => "check `url` of [idp.NAME]; open it in a browser and compare",
            Self::UnknownStep { .. } => {
                "sign in once with a browser, which may be all it takes; where it is asked each time, \
                 use kind = \"browser\""
            }
            Self::Elsewhere { .. } => {
                "if that host belongs to your Okta org, name it in allow_hosts of [idp.NAME]; \
                 otherwise tell your administrators"
            }
            Self::Browser { .. } => {
                "use another factor (`mfa` in [idp.NAME]), or kind = \"browser\", which signs in with \
                 your own browser"
            }
            Self::Enroll { .. } => "sign in with a browser and set one up, then try again",
            Self::NoResponse { .. } => {
                "`url` of [idp.NAME] must be the embed link of the AWS application, and the application \
                 must be assigned to you"
            }
            Self::HandedOver { .. } => {
                "declare that identity provider with its own kind, or use kind = \"browser\""
            }
            Self::Exchange { .. } => {
                "ask the administrators: the AWS application must name client_id as its Allowed Web SSO \
                 Client, be assigned to you, and have no stricter sign-on policy than the native \
                 application"
            }
        }
    }
}
