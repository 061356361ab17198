//! A new token without the person: for a refresh token of this portal, whoever left it. Such a token
//! serves once, so the one that comes for it goes back to where it was found: its owner would be
//! signed out else.

use std::time::Duration;

use secrecy::SecretString;

use super::Center;
use super::error::CenterError;
use super::held::Held;
use crate::sys::clock;
use crate::sys::lock::LockError;

/// How long half of a token's file may be all that there is: the AWS CLI writes in place.
const HALF_WRITTEN: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(50);

impl Center<'_> {
    /// By a refresh token; where all are refused, by the person, if they are to be asked.
    pub(super) fn renewed(
        &self,
        refused: &[SecretString],
        by_person: bool,
        limit: Duration,
    ) -> Result<SecretString, CenterError> {
        let now = clock::now();
        let mut failed = None;
        for held in self.tokens().all() {
            if held.renews(now).is_none() {
                continue;
            }
            match self.renew(&held, refused, limit) {
                Ok(Some(token)) => return Ok(token),
                Ok(None) => {}
                Err(error @ CenterError::Refused { .. }) => failed = Some(error),
                // Another one would meet the same.
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        // Somebody else may have renewed or signed in a moment ago.
        if let Some(token) = self.kept(refused) {
            return Ok(token);
        }
        // What is due still opens the portal for a while.
        let now = clock::now();
        let usable = |held: &Held| held.opens(now) && held.is_new(refused);
        if let Some(held) = self.tokens().all().into_iter().find(usable) {
            if let Some(error) = &failed {
                (self.notes)(&format!(
                    "could not renew the session of {}, which ends at {}: {error}",
                    self.idp, held.token.expires
                ));
            }
            return Ok(held.token.access);
        }
        if let Some(token) = self.once_it_is_whole(refused) {
            return Ok(token);
        }
        match failed {
            None | Some(CenterError::Refused { .. }) if by_person => self.sign_in(),
            None | Some(CenterError::Refused { .. }) => Err(self.nobody()),
            Some(other) => Err(other),
        }
    }

    /// One token by its refresh token; nothing where that is not to be used.
    fn renew(
        &self,
        held: &Held,
        refused: &[SecretString],
        limit: Duration,
    ) -> Result<Option<SecretString>, CenterError> {
        let tokens = self.tokens();
        let not_kept = |why: &dyn std::fmt::Display| {
            (self.notes)(&format!(
                "a session at {} is not renewed, since the new token could not be kept: {why}",
                self.center.start_url
            ));
        };
        // Also against a fedgit of another cache folder, or of another name for this portal.
        let _lock = match tokens.lock(&held.place, limit, self.notes) {
            Ok(lock) => lock,
            // It is being renewed, or was.
            Err(LockError::Busy { .. }) => return Ok(None),
            Err(error) => {
                not_kept(&error);
                return Ok(None);
            }
        };
        // What it is by now: whoever held the lock has used up what was there.
        let now = clock::now();
        let Some(held) = tokens.at(&held.place) else {
            return Ok(None);
        };
        if held.serves(now) && held.is_new(refused) {
            return Ok(Some(held.token.access));
        }
        let Some(refresh) = held.renews(now) else {
            return Ok(None);
        };
        if let Err(error) = tokens.may_put_back(&held.place) {
            not_kept(&error);
            return Ok(None);
        }
        let grant = self.oidc(limit)?.refresh(refresh)?;
        let token = grant.token(self.center, Some(refresh), now);
        let what = format!("session of {}", self.idp);
        match tokens.put_back(&held, refresh, &token, &what) {
            Ok(()) if self.entries.is_logged_out() => {
                let _ = tokens.forget();
            }
            Ok(()) => {}
            Err(error) => (self.notes)(&format!("cannot keep the {what}: {error}")),
        }
        Ok(Some(token.access))
    }

    /// A token that is being written as this process looks: nobody need be asked for it.
    fn once_it_is_whole(&self, refused: &[SecretString]) -> Option<SecretString> {
        let began = clock::start();
        while self.tokens().is_half_written() && began.elapsed() < HALF_WRITTEN {
            std::thread::sleep(STEP);
        }
        self.kept(refused)
    }
}
