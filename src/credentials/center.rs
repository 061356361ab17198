//! The token of an IAM Identity Center session: the one that is kept, else a new one for its refresh
//! token, else a sign-in by the person; one process at a time.

mod error;
mod files;
mod held;
mod oidc;
mod portal;
mod renewal;
mod sign_in;
mod tokens;

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;

use crate::format::sso_cache::{Client, Token};
use crate::model::{IdentityCenter, IdpName, Timestamp};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::http::Http;

use super::CredentialError;
use super::entries::{Entries, EntryError};
use super::exchange::LONGEST_CALL;
use super::failures::{Failures, Outcome};
use super::key::Key;
use super::manner::{By, Heed, Patience};
use super::reach::Reach;
use super::route::CenterPlace;
use super::turn::{Turn, turn};

pub use error::CenterError;
pub(super) use portal::Portal;
pub use portal::{Account, Assignment};
pub(super) use tokens::{Tokens, shared_sessions};

/// As long as a device code is waited for at most, and a little.
const SIGN_IN_WAIT: Duration = Duration::from_secs(930);

/// One session of one instance.
pub(super) struct Center<'a> {
    pub(super) env: &'a Env,
    pub(super) root: &'a Path,
    pub(super) idp: &'a IdpName,
    pub(super) center: &'a IdentityCenter,
    pub(super) place: &'a CenterPlace,
    pub(super) entries: &'a Entries<'a>,
    pub(super) may_ask: bool,
    /// Whether the person who typed the command reads its stderr.
    pub(super) is_watched: bool,
    pub(super) by: By,
    /// The program that opens pages for the person, where they chose one.
    pub(super) browser: Option<&'a [String]>,
    pub(super) notes: &'a dyn Fn(&str),
    pub(super) say: &'a dyn Fn(&str),
    pub(super) http: &'a Http,
}

impl Center<'_> {
    /// A token that needs no renewal, and is none of those that were refused: the session's own, else
    /// whosever lasts longest.
    pub(super) fn kept(&self, refused: &[SecretString]) -> Option<SecretString> {
        let now = clock::now();
        let mut all = self.tokens().all().into_iter();
        let held = all.find(|held| held.serves(now) && held.is_new(refused))?;
        Some(held.token.access)
    }

    /// Whether a token is to be had without the person. Asks nobody.
    pub(super) fn needs_nobody(&self) -> bool {
        let now = clock::now();
        let is_good = |held: &held::Held| held.serves(now) || held.renews(now).is_some();
        self.tokens().all().iter().any(is_good)
    }

    /// What is to be had for a token: for the one that is kept, else for a new one. `done` gives what
    /// another process has got meanwhile.
    pub(super) fn with_token<T>(
        &self,
        patience: Patience,
        done: impl Fn() -> Option<T>,
        ask: impl Fn(&SecretString) -> Result<T, CredentialError>,
    ) -> Result<T, CredentialError> {
        // What the portal refused once it refuses again.
        let mut refused: Vec<SecretString> = Vec::new();
        loop {
            while let Some(token) = self.kept(&refused) {
                match ask(&token) {
                    Err(error) if error.is_of_the_token() => refused.push(token),
                    done => return done,
                }
            }
            let turn = self.turn(patience)?;
            if let Some(found) = done() {
                return Ok(found);
            }
            if self.kept(&refused).is_none() {
                let token = self.run(&turn, patience, Heed::Failures, &refused)?;
                drop(turn);
                return ask(&token);
            }
        }
    }

    /// Ends the session, here and for the AWS CLI; whether there was one.
    pub(super) fn sign_out(&self) -> Result<bool, EntryError> {
        let gone = self.tokens().forget()?;
        let region = &self.center.region;
        for token in &gone {
            // It is gone from here; that it cannot be ended there is told.
            let place = self.place.portal.as_ref();
            let ended = Portal::new(self.http, region, place, LONGEST_CALL)
                .and_then(|portal| self.http.block_on(portal.log_out(&token.access))?);
            match ended {
                Ok(()) => {}
                // It had ended.
                Err(error) if error.is_of_the_token() => {}
                Err(error) => (self.notes)(&format!(
                    "the session of {} is forgotten here, but lasts until {}: {error}",
                    self.idp, token.expires
                )),
            }
        }
        Ok(!gone.is_empty())
    }

    /// Waits for the turn, and says so once where another process has it.
    pub(super) fn turn(&self, patience: Patience) -> Result<Turn, CredentialError> {
        let wait = match patience {
            Patience::None => Duration::ZERO,
            Patience::UntilDone => SIGN_IN_WAIT,
        };
        let turn = turn(&self.reach(), &self.key(), self.idp, wait);
        let turn = turn.map_err(|source| CredentialError::Locked {
            idp: self.idp.clone(),
            source,
        })?;
        self.entries.begin();
        Ok(turn)
    }

    /// A new token, in the turn: without the person where that can be.
    pub(super) fn run(
        &self,
        turn: &Turn,
        patience: Patience,
        heed: Heed,
        refused: &[SecretString],
    ) -> Result<SecretString, CredentialError> {
        let failures = Failures::of(self.root, &self.key());
        self.not_again(turn, patience, heed, &failures)?;
        let made = match heed {
            // A person said `fedgit login`, and means a session that lasts from now on.
            Heed::Nothing if self.may_ask => self.sign_in(),
            // A script says it where there is nobody to sign in: somebody did before, or did not.
            Heed::Nothing => match self.kept(refused) {
                Some(token) => Ok(token),
                None => self.renewed(refused, false, patience.longest_call()),
            },
            // Nobody is asked for what is not needed yet.
            Heed::Failures => {
                let by_person = patience == Patience::UntilDone;
                self.renewed(refused, by_person, patience.longest_call())
            }
        };
        match made {
            Ok(token) => {
                failures.forget();
                Ok(token)
            }
            Err(source) => {
                if let Some(outcome) = source.lesson() {
                    failures.remember(outcome, &source.to_string(), clock::now());
                }
                Err(self.failed(source))
            }
        }
    }

    pub(super) fn failed(&self, source: CenterError) -> CredentialError {
        CredentialError::Center {
            idp: self.idp.clone(),
            source: Box::new(source),
        }
    }

    /// Keeps a token where the AWS CLI looks for it.
    fn keep(&self, token: Token, client: &Client) -> SecretString {
        let what = format!("session of {}", self.idp);
        match self.tokens().put(&token, client, &what) {
            Ok(()) if self.entries.is_logged_out() => {
                let _ = self.tokens().forget();
            }
            Ok(()) => {}
            Err(error) => (self.notes)(&format!("cannot keep the {what}: {error}")),
        }
        token.access
    }

    /// Stops where a renewal failed a moment ago and there is something valid in hand; and where
    /// somebody said no, or nobody came, while this process waited.
    fn not_again(
        &self,
        turn: &Turn,
        patience: Patience,
        heed: Heed,
        failures: &Failures,
    ) -> Result<(), CredentialError> {
        let now = clock::now();
        let Some(last) = failures.last(now) else {
            return Ok(());
        };
        let waited_since = turn.waited_since.filter(|_| heed == Heed::Failures);
        if !last.settles(now, waited_since, patience == Patience::None) {
            return Ok(());
        }
        Err(CredentialError::FailedBefore {
            idp: self.idp.clone(),
            outcome: match last.outcome {
                // There is no password in it.
                Outcome::Refused => Outcome::Unanswered,
                other => other,
            },
            seconds: now.since(last.at),
            text: last.text,
        })
    }

    pub(super) fn tokens(&self) -> Tokens<'_> {
        Tokens::of(self.env, self.entries, self.idp, self.center, &self.key())
    }

    fn oidc(&self, limit: Duration) -> Result<oidc::Oidc<'_>, CenterError> {
        let place = self.place.oidc.as_ref();
        oidc::Oidc::new(self.http, &self.center.region, place, limit)
    }

    fn reach(&self) -> Reach<'_> {
        Reach {
            env: self.env,
            needs: self.idp.as_str(),
            askpass: None,
            may_ask: self.may_ask,
            root: self.root,
            notes: self.notes,
            wait: SIGN_IN_WAIT,
        }
    }

    fn key(&self) -> Key {
        key(self.idp, self.center)
    }
}

/// The session: which one, and where.
pub(super) fn key(idp: &IdpName, center: &IdentityCenter) -> Key {
    Key::of(
        "identity center",
        &[
            idp.as_str().as_bytes(),
            center.start_url.as_str().as_bytes(),
            center.region.as_str().as_bytes(),
        ],
    )
}

/// When something ends that lasts so many seconds from now.
fn end(now: Timestamp, seconds: i32) -> Timestamp {
    now.plus(i64::from(seconds))
}
