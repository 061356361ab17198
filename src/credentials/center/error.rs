//! Why IAM Identity Center gave nothing.

use crate::credentials::failures::Outcome;
use crate::credentials::pace;
use crate::login::NoAnswer;
use crate::model::Region;
use crate::sys::callback::CallbackError;
use crate::sys::http::WebError;

/// Why IAM Identity Center gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum CenterError {
    /// It answered, and said no.
    #[error("IAM Identity Center refused to {what}: {code}: {message}")]
    Refused {
        /// What it was asked for.
        what: &'static str,
        /// Its error code.
        code: String,
        /// Its own words.
        message: String,
    },
    /// It answered that it cannot now.
    #[error("IAM Identity Center could not {what}: {code}: {message}")]
    Busy {
        /// What it was asked for.
        what: &'static str,
        /// Its error code.
        code: String,
        /// Its own words.
        message: String,
        /// Whether it was asked too often.
        throttled: bool,
    },
    /// No answer, or none that could be read.
    #[error("no answer from IAM Identity Center in {region}: {why}")]
    Unreachable {
        /// The region.
        region: Region,
        /// The chain of causes.
        why: String,
        /// Whether the next try may get through.
        passing: bool,
    },
    /// Nothing can be sent at all.
    #[error(transparent)]
    Web(#[from] WebError),
    /// The person said no, or somebody for them.
    #[error("the sign-in was refused in the browser: {0}")]
    Denied(String),
    /// Nobody typed the code in time.
    #[error("nobody allowed the sign-in within the time that its code is good for")]
    CodeExpired,
    /// Nobody came back from the browser, or there is no place to come back to.
    #[error(transparent)]
    Callback(#[from] CallbackError),
    /// There is no way to the person.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
}

impl CenterError {
    /// Whether it says that the token opens nothing any more.
    pub(in crate::credentials) fn is_of_the_token(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "UnauthorizedException")
    }

    /// Whether the token is good, and what was asked for is not to be had with it.
    #[must_use]
    pub fn is_of_the_role(&self) -> bool {
        let codes = ["ForbiddenException", "ResourceNotFoundException"];
        matches!(self, Self::Refused { code, .. } if codes.contains(&code.as_str()))
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => match code.as_str() {
                "InvalidRequestException" => Some(
                    "check start_url and region of [idp.NAME]: the region is that of the Identity \
                     Center instance, which need not be the one that you work in",
                ),
                "ForbiddenException" | "ResourceNotFoundException" => Some(
                    "the account may be closed, or the permission set no longer be yours: see what \
                     is, with fedgit roles",
                ),
                _ => None,
            },
            Self::Busy { .. } => Some("try again in a minute"),
            Self::Unreachable { .. } => Some(
                "check region of [idp.NAME], the network, HTTPS_PROXY and, where a proxy inspects \
                 TLS, AWS_CA_BUNDLE",
            ),
            Self::Web(web) => web.hint(),
            Self::Denied(_) => None,
            Self::CodeExpired => Some("log in again, and allow it within ten minutes"),
            Self::Callback(_) => Some(
                "sign in on another device or in another browser instead: fedgit login NAME \
                 --device-code",
            ),
            Self::NoAnswer(_) => None,
        }
    }

    /// What other processes should know of it: nothing where this one could not ask, for another one
    /// may.
    pub(super) fn lesson(&self) -> Option<Outcome> {
        match self {
            Self::NoAnswer(_) => None,
            Self::Denied(_) | Self::CodeExpired | Self::Callback(_) => Some(Outcome::Unanswered),
            _ => Some(Outcome::Failed),
        }
    }
}

impl pace::Failure for CenterError {
    fn is_throttling(&self) -> bool {
        matches!(
            self,
            Self::Busy {
                throttled: true,
                ..
            }
        )
    }

    /// Whether it is the network or the service that failed.
    fn is_passing(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Unreachable { passing, .. } => *passing,
            Self::Web(web) => web.is_passing(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::pace::Failure as _;

    #[test]
    fn a_browser_that_never_comes_back_leads_to_a_code() {
        let nobody = CallbackError::NobodyCame(std::time::Duration::from_secs(600));
        let error = CenterError::from(nobody);
        assert!(error.hint().unwrap().contains("--device-code"));
        // Whoever waited for the same person need not ask them again.
        assert_eq!(error.lesson(), Some(Outcome::Unanswered));
        assert!(!error.is_passing());
    }

    #[test]
    fn what_is_asked_again_is_what_may_be_had_a_moment_later() {
        let busy = CenterError::Busy {
            what: "list accounts",
            code: "HTTP 503".to_owned(),
            message: "no message".to_owned(),
            throttled: false,
        };
        assert!(busy.is_passing());
        assert!(!busy.hint().unwrap().contains("region"));
        let unreadable = CenterError::Unreachable {
            region: "eu-west-1".parse().unwrap(),
            why: "the answer holds no token".to_owned(),
            passing: false,
        };
        assert!(!unreadable.is_passing());
    }
}
