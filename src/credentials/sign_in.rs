//! One login at one identity provider: one at a time across processes, and no refused password
//! twice.

use std::path::Path;
use std::time::Duration;

use crate::config::env as names;
use crate::login::{self, Adfs, Limits, LoginError, Refused};
use crate::model::{Assertion, IdpName, SamlForms, Timestamp};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::http::Http;
use crate::sys::lock::Lock;

use super::CredentialError;
use super::answers::Answers;
use super::key::Key;
use super::refusal::Refusals;

/// How long a process waits for another one's login: as long as a person may take for a password
/// and a code.
const LOGIN_WAIT: Duration = Duration::from_secs(300);

/// A login that may be made.
pub(super) struct SignIn<'a> {
    pub(super) env: &'a Env,
    pub(super) root: &'a Path,
    pub(super) idp: &'a IdpName,
    pub(super) forms: &'a SamlForms,
    pub(super) may_ask: bool,
    pub(super) notes: &'a dyn Fn(&str),
}

/// The turn to log in, held until dropped. The kernel gives it back when its holder dies.
pub(super) struct Turn {
    _lock: Lock,
    /// Since when this process waited for another one's login.
    waited_since: Option<Timestamp>,
}

/// How long to wait for another process's login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Not at all.
    None,
    /// Until it is done, within reason.
    UntilDone,
}

/// What refusals mean to a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heed {
    /// A password that was refused lately is not sent again unasked.
    Refusals,
    /// A person said `fedgit login`.
    Nothing,
}

impl SignIn<'_> {
    /// Waits for the turn, and says so once where another process has it.
    pub(super) fn turn(&self, patience: Patience) -> Result<Turn, CredentialError> {
        let path = self.root.join("locks").join(self.key().as_str());
        let mut waited_since = None;
        let wait = match patience {
            Patience::None => Duration::ZERO,
            Patience::UntilDone => LOGIN_WAIT,
        };
        let lock = Lock::acquire(&path, wait, |_| {
            waited_since = Some(clock::now());
            let idp = self.idp;
            (self.notes)(&format!(
                "another fedgit is logging in to {idp}; waiting for it"
            ));
        })
        .map_err(|source| CredentialError::Locked {
            idp: self.idp.clone(),
            source,
        })?;
        Ok(Turn {
            _lock: lock,
            waited_since,
        })
    }

    /// Logs in, in the turn.
    pub(super) fn run(
        &self,
        turn: &Turn,
        heed: Heed,
        http: &mut Http,
    ) -> Result<Assertion, CredentialError> {
        let refusals = Refusals::of(self.root, &self.key());
        self.not_again(turn, heed, &refusals)?;
        let mut flow = Adfs::new(self.forms.url.clone(), self.forms.username.clone());
        let (env, idp, forms, may_ask) = (self.env, self.idp, self.forms, self.may_ask);
        let mut person = Answers {
            env,
            idp,
            forms,
            may_ask,
            root: self.root,
            gave_password: false,
        };
        // Nothing is sent for a login that must end at its first question.
        let answered = match person.foreseen() {
            Ok(()) => login::drive(&mut flow, http, &mut person, Limits::default()),
            Err(nobody) => Err(nobody.into()),
        };
        match answered {
            Ok(assertion) => {
                refusals.forget();
                Ok(assertion)
            }
            Err(source) => {
                match &source {
                    LoginError::Refused(refusal) if refusal.what != Refused::Other => {
                        refusals.remember(&refusal.text, clock::now());
                    }
                    // A page that nobody knows may be a refusal in a form of its own.
                    LoginError::Flow(error) if person.gave_password => {
                        refusals.remember(&error.to_string(), clock::now());
                    }
                    _ => {}
                }
                Err(CredentialError::Login {
                    idp: self.idp.clone(),
                    source,
                })
            }
        }
    }

    /// Stops before a password goes out that was refused: one that a program or the environment
    /// would give again, and any while the process waited for somebody else's try.
    fn not_again(
        &self,
        turn: &Turn,
        heed: Heed,
        refusals: &Refusals,
    ) -> Result<(), CredentialError> {
        let now = clock::now();
        let Some(last) = refusals.last(now) else {
            return Ok(());
        };
        let given =
            self.env.os(names::FEDGIT_PASSWORD).is_some() || self.forms.password_command.is_some();
        let unasked = heed == Heed::Refusals && given;
        let meanwhile = turn.waited_since.is_some_and(|since| last.at >= since);
        if !unasked && !meanwhile {
            return Ok(());
        }
        Err(CredentialError::RefusedBefore {
            idp: self.idp.clone(),
            seconds: now.since(last.at),
            text: last.text,
        })
    }

    /// The login: who, and where.
    fn key(&self) -> Key {
        let username = self.forms.username.as_deref().unwrap_or_default();
        Key::of(
            "login",
            &[self.forms.url.as_str().as_bytes(), username.as_bytes()],
        )
    }
}
