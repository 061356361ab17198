//! Why there are no credentials, as text: what to do next is mostly to log in, and the exit code says
//! whether a person is needed for it.

use super::Failure;
use crate::cli::exit::Exit;
use crate::config::env as names;
use crate::credentials::route::NoRoute;
use crate::credentials::users::BadKeys;
use crate::credentials::{
    CenterError, ConsoleError, CredentialError, EntryError, ForgetError, Outcome, StsError,
};
use crate::login::{LoginError, NoAnswer};
use crate::sys::lock::LockError;

impl From<BadKeys> for Failure {
    fn from(error: BadKeys) -> Self {
        let why = error.to_string();
        match error {
            BadKeys::NoSecret => Self::variable(names::AWS_SECRET_ACCESS_KEY, &why),
            BadKeys::Expiration => Self::variable(names::AWS_CREDENTIAL_EXPIRATION, &why),
            BadKeys::Ended(_) => Self::new(
                Exit::PersonNeeded,
                format!("{why}, as AWS_CREDENTIAL_EXPIRATION says"),
            )
            .hint("set new ones, or unset AWS_ACCESS_KEY_ID to have a profile sign"),
        }
    }
}

impl From<CredentialError> for Failure {
    fn from(error: CredentialError) -> Self {
        let message = error.to_string();
        match &error {
            CredentialError::NoRoute(NoRoute::UnknownProfile { hint, .. }) => {
                Self::new(Exit::Usage, message).hint(hint)
            }
            CredentialError::NoRoute(NoRoute::NoRole { .. }) => Self::new(Exit::Usage, message),
            CredentialError::NoRoute(NoRoute::Existing { source, .. }) => {
                Self::new(Exit::Usage, message).hint(source.hint())
            }
            CredentialError::NoKeys { .. } => Self::new(Exit::Failed, message)
                .hint("run the program by hand to see what is wrong with it"),
            CredentialError::Code { profile, source } => {
                let failure = Self::new(no_answer_exit(source), message);
                match source.wants_a_person() {
                    true => failure.hint(format!(
                        "run this in a terminal, then try again: fedgit whoami {profile}; or set \
                         FEDGIT_MFA_CODE"
                    )),
                    false => failure,
                }
            }
            CredentialError::Login { idp, source } => {
                let failure = Self::new(login_exit(source), message).hints(source.hint());
                match source {
                    LoginError::NoAnswer(none) if none.wants_a_person() => failure.hint(format!(
                        "run this in a terminal, then try again: fedgit login {idp}"
                    )),
                    LoginError::Browser(error) => failure.hints(error.instead(idp)),
                    _ => failure,
                }
            }
            CredentialError::FailedBefore { idp, outcome, .. } => match outcome {
                Outcome::Refused => Self::new(Exit::Refused, message)
                    .hint(format!("with the right password: fedgit login {idp}")),
                Outcome::Unanswered | Outcome::NotYet => Self::new(Exit::PersonNeeded, message)
                    .hint(format!(
                        "run this in a terminal, then try again: fedgit login {idp}"
                    )),
                Outcome::Lacking => Self::new(Exit::Refused, message)
                    .hint(format!("see what it offers now: fedgit roles {idp}")),
                Outcome::Failed => Self::new(Exit::Failed, message).hint(format!(
                    "try again, or see what it says: fedgit login {idp}"
                )),
            },
            CredentialError::NotAgain {
                profile, outcome, ..
            } => match outcome {
                Outcome::Refused => Self::new(Exit::Refused, message)
                    .hint(format!("see what it says now: fedgit whoami {profile}")),
                Outcome::Unanswered | Outcome::NotYet => Self::new(Exit::PersonNeeded, message)
                    .hint(format!(
                        "run this in a terminal, then try again: fedgit whoami {profile}"
                    )),
                Outcome::Lacking => Self::new(Exit::Refused, message),
                Outcome::Failed => Self::new(Exit::Failed, message).hint("try again in a minute"),
            },
            CredentialError::Underway { .. } => {
                Self::new(Exit::Failed, message).hint("try again in a minute")
            }
            CredentialError::Saml { source, .. } => {
                Self::new(Exit::Failed, message).hint(source.hint())
            }
            CredentialError::NotOffered { source, .. } => {
                Self::new(Exit::Refused, message).hint(source.hint())
            }
            CredentialError::Sts { source, clock, .. } => {
                // A wrong clock explains what STS says.
                Self::new(sts_exit(source), message).hints(clock.clone().or_else(|| source.hint()))
            }
            CredentialError::Identity { profile, source } => {
                let failure = Self::new(sts_exit(source), message);
                match **source {
                    // They were good when they were kept.
                    StsError::Refused { .. } => failure.hint(format!(
                        "the credentials in the cache may have been revoked; for new ones: fedgit \
                         logout {profile}, then try again"
                    )),
                    _ => failure.hints(source.hint()),
                }
            }
            CredentialError::SourceFailed { .. } => Self::new(Exit::Failed, message),
            CredentialError::Endpoint { .. } => Self::new(Exit::Usage, message),
            CredentialError::Locked {
                source: LockError::Busy { .. },
                ..
            } => Self::new(Exit::Failed, message).hint("finish or end that login, then try again"),
            CredentialError::Locked { .. } => Self::new(Exit::Failed, message).hint(
                "make that folder one that you can write in, or name another: FEDGIT_CACHE_DIR",
            ),
            CredentialError::Center { idp, source } => {
                let failure = Self::new(center_exit(source), message)
                    .hints(source.hint().map(|hint| hint.replace("NAME", idp.as_str())));
                match **source {
                    CenterError::NoAnswer(NoAnswer::Nobody(_)) | CenterError::Denied(_) => {
                        failure.hint(format!("sign in, then try again: fedgit login {idp}"))
                    }
                    _ => failure,
                }
            }
            CredentialError::SignedOut { profile } => Self::new(Exit::PersonNeeded, message).hint(
                format!("sign in, then try again: aws sso login --profile {profile}"),
            ),
            CredentialError::Permission { source, idp, .. }
            | CredentialError::Directory { source, idp } => Self::new(center_exit(source), message)
                .hints(source.hint().map(|hint| hint.replace("NAME", idp.as_str()))),
            CredentialError::NotSaved { source, .. } => {
                Self::new(Exit::Failed, message).hints(hint_of(source))
            }
            CredentialError::NothingToSave { .. } => {
                Self::new(Exit::Usage, message).hint("leave out --save-password")
            }
            CredentialError::Stale { .. } => Self::new(Exit::Failed, message)
                .hint("check this machine's clock; it may be ahead of AWS's"),
        }
    }
}

fn hint_of(error: &EntryError) -> Option<&'static str> {
    match error {
        EntryError::File(_) => None,
        EntryError::Keyring(error) => Some(error.hint()),
    }
}

fn sts_exit(error: &StsError) -> Exit {
    match error {
        StsError::Refused { .. } => Exit::Refused,
        StsError::Busy { .. } | StsError::Unreachable { .. } | StsError::Web(_) => Exit::Failed,
    }
}

fn center_exit(error: &CenterError) -> Exit {
    match error {
        CenterError::Refused { .. } | CenterError::Denied(_) => Exit::Refused,
        CenterError::NoAnswer(source) => no_answer_exit(source),
        CenterError::Busy { .. }
        | CenterError::Unreachable { .. }
        | CenterError::Web(_)
        | CenterError::CodeExpired
        | CenterError::Callback(_) => Exit::Failed,
    }
}

fn login_exit(error: &LoginError) -> Exit {
    match error {
        LoginError::NoAnswer(source) => no_answer_exit(source),
        LoginError::Refused(_) | LoginError::NotOffered(_) => Exit::Refused,
        LoginError::Flow(error) if error.is_refusal() => Exit::Refused,
        LoginError::Browser(error) if error.is_of_the_person() => Exit::PersonNeeded,
        LoginError::Browser(_)
        | LoginError::Flow(_)
        | LoginError::Web(_)
        | LoginError::Response(_)
        | LoginError::Unanswered { .. }
        | LoginError::TooLong { .. } => Exit::Failed,
    }
}

fn no_answer_exit(source: &NoAnswer) -> Exit {
    match source {
        // Nobody interrupted, and nobody refused: the person's choice is what is missing.
        NoAnswer::Nobody(_)
        | NoAnswer::NoSuch(_)
        | NoAnswer::TimedOut { .. }
        | NoAnswer::Engaged(_) => Exit::PersonNeeded,
        NoAnswer::Interrupted => Exit::CtrlC,
        NoAnswer::Declined(_) => Exit::Interrupted,
        NoAnswer::Failed(_) => Exit::Failed,
    }
}

impl From<ConsoleError> for Failure {
    fn from(error: ConsoleError) -> Self {
        let message = error.to_string();
        match error {
            ConsoleError::Credentials(inner) => inner.into(),
            ConsoleError::Service(_) => Self::new(Exit::Usage, message)
                .hint("a service's name as in its console's address, such as s3 or codecommit"),
            ConsoleError::Web(inner) => Self::new(Exit::Failed, message).hints(inner.hint()),
            ConsoleError::Refused { profile, .. } => {
                Self::new(Exit::Refused, message).hint(format!(
                    "the credentials in the cache may have been revoked; for new ones: fedgit \
                     logout {profile}, then try again"
                ))
            }
            ConsoleError::Unreadable { .. } => {
                Self::new(Exit::Failed, message).hint("try again in a minute")
            }
        }
    }
}

impl From<ForgetError> for Failure {
    fn from(error: ForgetError) -> Self {
        match error {
            ForgetError::Route(inner) => inner.into(),
            ForgetError::Remove(ref why) => Self::message(&error.to_string()).hints(hint_of(why)),
        }
    }
}
