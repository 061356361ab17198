//! Why there are no credentials.

use crate::format::saml;
use crate::login::browser::BrowserError;
use crate::login::{LoginError, NoAnswer, RoleRefusal};
use crate::model::{IdpName, ProfileName, Timestamp};
use crate::sys::http::WebError;
use crate::sys::lock::LockError;

use super::center::CenterError;
use super::entries::EntryError;
use super::exchange::StsError;
use super::failures::Outcome;
use super::own::NoKeys;
use super::route::NoRoute;

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The profile leads nowhere.
    #[error(transparent)]
    NoRoute(#[from] NoRoute),
    /// The login came to nothing.
    #[error("cannot log in to {idp}: {source}")]
    Login {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        source: LoginError,
    },
    /// A login came to nothing a moment ago, and the same again would.
    #[error(
        "a login to {idp} failed {seconds} s ago, so {}: {text}",
        match .outcome {
            Outcome::Refused => "the password was not sent again",
            Outcome::Unanswered => "nobody was asked again",
            Outcome::NotYet => "nobody was asked yet",
            Outcome::Lacking | Outcome::Failed => "it was not tried again",
        },
        text = if .text.is_empty() { "(no reason given)" } else { .text }
    )]
    FailedBefore {
        /// The identity provider.
        idp: IdpName,
        /// What it came to.
        outcome: Outcome,
        /// How long ago.
        seconds: i64,
        /// Why; the identity provider's own words where it said no.
        text: String,
    },
    /// A role's credentials were not to be had a moment ago, and the same again would fail.
    #[error(
        "no credentials for profile {profile}: that failed {seconds} s ago, so {}: {text}",
        match .outcome {
            Outcome::Refused => "the answer was not sent again",
            Outcome::Unanswered => "nobody was asked again",
            Outcome::NotYet => "nobody was asked yet",
            Outcome::Lacking | Outcome::Failed => "it was not tried again",
        }
    )]
    NotAgain {
        /// The profile.
        profile: ProfileName,
        /// What it came to.
        outcome: Outcome,
        /// How long ago.
        seconds: i64,
        /// Why; STS's own words where it said no.
        text: String,
    },
    /// Another process gets them, and there are valid ones that need not wait for it.
    #[error("another fedgit is getting new credentials of profile {profile}")]
    Underway {
        /// The profile.
        profile: ProfileName,
    },
    /// The identity provider's answer could not be read.
    #[error("cannot read the SAML response of {idp}: {source}")]
    Saml {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        source: saml::SamlError,
    },
    /// The identity provider does not offer the role.
    #[error("{idp} does not offer the role of profile {profile}: {source}")]
    NotOffered {
        /// The identity provider.
        idp: IdpName,
        /// The profile.
        profile: ProfileName,
        /// What it offers.
        source: Box<RoleRefusal>,
    },
    /// STS gave none.
    #[error("no credentials for profile {profile}: {source}")]
    Sts {
        /// The profile.
        profile: ProfileName,
        /// Why.
        source: Box<StsError>,
        /// What is wrong with this machine's clock, where anything is.
        clock: Option<String>,
    },
    /// The role that a chain starts from was not to be had.
    #[error(
        "no credentials for profile {profile}: it is assumed from {source_profile}, which has none"
    )]
    SourceFailed {
        /// The profile.
        profile: ProfileName,
        /// Where it starts.
        source_profile: ProfileName,
    },
    /// The program of a profile of the user's own gave no keys.
    #[error(
        "no credentials for profile {profile}: the credential_process of the profile \
         {source_profile} failed: {source}"
    )]
    NoKeys {
        /// The profile.
        profile: ProfileName,
        /// Whose program it is.
        source_profile: ProfileName,
        /// Why.
        source: NoKeys,
    },
    /// There is no code of the MFA device.
    #[error("no credentials for profile {profile}: {source}")]
    Code {
        /// The profile.
        profile: ProfileName,
        /// Why.
        source: NoAnswer,
    },
    /// STS did not tell whose credentials they are.
    #[error("STS does not say who profile {profile} is: {source}")]
    Identity {
        /// The profile.
        profile: ProfileName,
        /// Why.
        source: Box<StsError>,
    },
    /// An endpoint, as the user named it, cannot be used.
    #[error("{variable} is not usable: {why}")]
    Endpoint {
        /// The environment variable.
        variable: &'static str,
        /// Why.
        why: String,
    },
    /// Another process holds the login for too long.
    #[error("cannot log in to {idp}: {source}")]
    Locked {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        source: LockError,
    },
    /// IAM Identity Center let nobody in.
    #[error("cannot sign in to {idp}: {source}")]
    Center {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        source: Box<CenterError>,
    },
    /// It let somebody in, and does not tell what there is.
    #[error("cannot list what {idp} offers: {source}")]
    Directory {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        source: Box<CenterError>,
    },
    /// IAM Identity Center gave none.
    #[error("no credentials for profile {profile} ({what}): {source}")]
    Permission {
        /// The profile.
        profile: ProfileName,
        /// The identity provider.
        idp: IdpName,
        /// The permission set and its account.
        what: String,
        /// Why.
        source: Box<CenterError>,
    },
    /// A profile of the user's own whose session has ended, or never was.
    #[error(
        "no credentials for profile {profile}: it is one of IAM Identity Center, and nobody is signed \
         in there"
    )]
    SignedOut {
        /// The profile.
        profile: ProfileName,
    },
    /// The password is not saved.
    #[error("cannot save the password for {idp}: {source}")]
    NotSaved {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        source: EntryError,
    },
    /// There is no password to be saved.
    #[error("no password is to be saved for {idp}: {why}")]
    NothingToSave {
        /// The identity provider.
        idp: IdpName,
        /// Why.
        why: &'static str,
    },
    /// STS gave credentials that have ended already.
    #[error("STS gave profile {profile} credentials that ended at {expiration}, and it is {now}")]
    Stale {
        /// The profile.
        profile: ProfileName,
        /// When they ended.
        expiration: Timestamp,
        /// This machine's time.
        now: Timestamp,
    },
}

impl CredentialError {
    /// Nothing could be sent for a profile at all.
    pub(super) fn of_web(profile: &ProfileName, web: WebError) -> Self {
        Self::Sts {
            profile: profile.clone(),
            source: Box::new(web.into()),
            clock: None,
        }
    }

    /// Whether only a person's sign-in to IAM Identity Center would help.
    pub(super) fn is_for_a_person(&self) -> bool {
        let nobody = |source: &CenterError| matches!(source, CenterError::NoAnswer(_));
        match self {
            Self::Center { source, .. } => nobody(source) || source.is_of_the_token(),
            _ => self.is_of_the_token(),
        }
    }

    /// Whether nobody is logged in: it would be the same for every other role of this identity provider.
    #[must_use]
    pub fn is_of_the_login(&self) -> bool {
        matches!(
            self,
            Self::Login { .. }
                | Self::FailedBefore { .. }
                | Self::Saml { .. }
                | Self::Locked { .. }
                | Self::Center { .. }
        )
    }

    /// Whether IAM Identity Center takes the token no more.
    pub(super) fn is_of_the_token(&self) -> bool {
        match self {
            Self::Permission { source, .. }
            | Self::Center { source, .. }
            | Self::Directory { source, .. } => source.is_of_the_token(),
            _ => false,
        }
    }

    /// What other processes that want the same should know. Nothing where another try may do
    /// better: with another assertion, with other keys, or by a process that can ask.
    pub(super) fn lesson(&self) -> Option<(Outcome, String)> {
        if self.is_of_the_assertion() || self.is_of_the_keys() || self.is_of_the_token() {
            return None;
        }
        Some(match self {
            Self::Code { source, .. } if source.was_not_asked() => return None,
            Self::Code { source, .. } => (Outcome::Unanswered, source.to_string()),
            Self::Sts { source, .. } if matches!(**source, StsError::Refused { .. }) => {
                (Outcome::Refused, source.to_string())
            }
            Self::Sts { source, .. } => (Outcome::Failed, source.to_string()),
            Self::Permission { source, .. } if source.is_of_the_role() => {
                (Outcome::Refused, source.to_string())
            }
            other => (Outcome::Failed, other.to_string()),
        })
    }

    /// What gets new credentials where a person is needed for them.
    pub(super) fn by_person(&self) -> Option<String> {
        let asked = |idp: &IdpName| Some(format!("fedgit login {idp}"));
        match self {
            Self::Login {
                idp,
                source: LoginError::NoAnswer(NoAnswer::Nobody(_)),
            }
            | Self::Login {
                idp,
                source: LoginError::Browser(BrowserError::NoDisplay | BrowserError::Forbidden),
            }
            | Self::FailedBefore {
                idp,
                outcome: Outcome::NotYet,
                ..
            } => asked(idp),
            Self::Center { idp, source }
                if matches!(**source, CenterError::NoAnswer(NoAnswer::Nobody(_))) =>
            {
                asked(idp)
            }
            Self::Code {
                profile,
                source: NoAnswer::Nobody(_),
            } => Some(format!("fedgit logout {profile}, then try again")),
            _ => None,
        }
    }

    /// Whether the person wants no more of it.
    pub(super) fn is_interruption(&self) -> bool {
        let Self::Login { source, .. } = self else {
            return false;
        };
        matches!(source, LoginError::NoAnswer(NoAnswer::Interrupted))
    }

    /// Whether STS refused the assertion itself, and might take another one.
    pub(super) fn is_of_the_assertion(&self) -> bool {
        self.is_refusal_by(&[
            "ExpiredToken",
            "ExpiredTokenException",
            "IDPRejectedClaim",
            "InvalidIdentityToken",
        ])
    }

    /// Whether STS refused the keys that signed the question, and might take other ones.
    pub(super) fn is_of_the_keys(&self) -> bool {
        self.is_refusal_by(&[
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
        ])
    }

    fn is_refusal_by(&self, codes: &[&str]) -> bool {
        let Self::Sts { source, .. } = self else {
            return false;
        };
        matches!(&**source, StsError::Refused { code, .. } if codes.contains(&code.as_str()))
    }
}

/// Why credentials were not forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// The profile leads nowhere.
    #[error(transparent)]
    Route(#[from] CredentialError),
    /// The file system or the keychain said no.
    #[error("cannot remove what is kept: {0}")]
    Remove(#[from] EntryError),
}
