//! One profile's credentials, hop by hop: the cache, else whatever the hop before gives for it, or
//! what the way starts with.
//!
//! A login is one process's at a time, after which the others find its assertion; and STS is asked for
//! a role by one process at a time, after which the others find the credentials, or that there are none.
//! Whoever holds the one lock may wait for the other, and never the other way round.

use std::time::Duration;

use secrecy::SecretString;

use crate::model::{Assertion, Credentials, IdpName, Keys, Target};
use crate::sys::clock;
use crate::sys::http::Http;
use crate::sys::lock::{Lock, LockError};

use super::asking::{Asking, read};
use super::cache::Entry;
use super::center::{CenterError, Portal};
use super::error::CredentialError;
use super::exchange::LONGEST_CALL;
use super::existing;
use super::failures::Failures;
use super::fresh::{Freshness, freshness};
use super::manner::{Heed, Patience, RENEWAL_WAIT};
use super::pace::Pace;
use super::route::{CenterLogin, CenterPlace, Hop, Login, NoRoute, Route, Start, StsPlace};
use super::sign_in::SignIn;
use super::{Broker, Found, Watched};

/// As long as STS may take with its repetitions. Whoever waits longer asks for itself.
const EXCHANGE_WAIT: Duration = LONGEST_CALL;

/// The same where a person or a program of theirs is asked first.
pub(super) const PERSON_WAIT: Duration = Duration::from_secs(300);

/// The way to one profile's credentials.
pub(super) struct Obtain<'a> {
    pub(super) broker: &'a Broker<'a>,
    pub(super) route: &'a Route<'a>,
    pub(super) sts: &'a StsPlace,
    pub(super) patience: Patience,
}

impl Obtain<'_> {
    /// The credentials at the end of a chain that starts at the route's first role: new ones where
    /// they are due, and where these cannot be had, the old ones as long as they hold, with a note.
    pub(super) fn end_of_or_valid(&self, chain: &[Hop]) -> Result<Found, CredentialError> {
        let hop = chain.last().unwrap_or(&self.route.first);
        // With something valid in hand nobody need stand in line behind a login, nor be asked.
        let patience = match self.broker.usable(hop) {
            Some(_) => Patience::None,
            None => self.patience,
        };
        let obtain = Obtain { patience, ..*self };
        obtain.end_of(chain).or_else(|error| {
            let Some(found) = self.broker.usable(hop) else {
                return Err(error);
            };
            let (profile, until) = (&hop.profile, found.credentials.expiration);
            let by_person = error.by_person().filter(|_| self.broker.may_ask);
            (self.broker.notes)(&match by_person {
                Some(how) => format!(
                    "the credentials of {profile} end at {until}, and nobody is asked for new ones \
                     before; for new ones now: {how}"
                ),
                None => format!(
                    "could not renew the credentials of {profile}, so these are used until {until}: \
                     {error}"
                ),
            });
            Ok(found)
        })
    }

    /// Whether a person may be asked: for nothing that is not needed yet.
    fn may_ask(&self) -> bool {
        self.broker.may_ask && self.patience == Patience::UntilDone
    }

    /// The credentials at the end of a chain that starts at the route's first role.
    fn end_of(&self, chain: &[Hop]) -> Result<Found, CredentialError> {
        let hop = chain.last().unwrap_or(&self.route.first);
        if let Some(found) = self.broker.fresh(hop) {
            return Ok(found);
        }
        let [before @ .., hop] = chain else {
            return match &self.route.start {
                Start::Login(login) => self.by_login(*login, hop),
                Start::Center(login) => self.by_center(*login, hop),
                Start::Existing(start) => self.by_keys(start, hop),
            };
        };
        let from = before.last().unwrap_or(&self.route.first);
        let kept = self.broker.usable(from);
        let source = self.end_of_or_valid(before)?;
        match self.assume(hop, &source) {
            // Revoked, or the clock is wrong: the cache cannot know. What was got a moment ago would
            // be refused again.
            Err(error)
                if error.is_of_the_keys() && kept.is_some_and(|kept| kept.is_same(&source)) =>
            {
                (self.broker.notes)(&format!(
                    "AWS takes the credentials of {} in the cache no more; getting new ones",
                    from.profile
                ));
                self.broker.forget_refused(from, &source);
                self.assume(hop, &self.end_of(before)?)
            }
            done => done,
        }
    }

    /// A role by the credentials of the one before it.
    fn assume(&self, hop: &Hop, source: &Found) -> Result<Found, CredentialError> {
        let source = Keys::from(&source.credentials);
        self.once(hop, &self.broker.http(), async |asking| {
            let code = self.broker.code(hop, self.may_ask())?;
            asking.with_keys(hop, &source, code.as_ref()).await
        })
    }

    /// The first role, by a profile of the user's own.
    fn by_keys(&self, start: &existing::Start, hop: &Hop) -> Result<Found, CredentialError> {
        let of_start = || {
            let credentials = self.broker.of_start(&hop.profile, start, self.patience)?;
            Ok(Keys::from(&credentials))
        };
        self.once_with(hop, &self.broker.http(), of_start, async |asking, keys| {
            let code = self.broker.code(hop, self.may_ask())?;
            asking.with_keys(hop, &keys, code.as_ref()).await
        })
    }

    /// The first role: by the assertion of a login that was made a moment ago, else by a login.
    fn by_login(&self, login: Login<'_>, hop: &Hop) -> Result<Found, CredentialError> {
        let ca_bundle = login.saml.ca_bundle.as_deref();
        let client = |cookies| self.broker.browser(ca_bundle, cookies);
        let sign_in = SignIn {
            may_ask: self.may_ask(),
            ..self.broker.sign_in(login, &client)
        };
        // What STS refused once it refuses again; whoever logs in next replaces it.
        let mut refused: Option<Assertion> = None;
        let kept = |refused: &Option<Assertion>| {
            let is_it = |kept: &Assertion| {
                let refused = refused.as_ref().map(Assertion::expose);
                refused != Some(kept.expose())
            };
            sign_in.kept().filter(is_it)
        };
        loop {
            if let Some(assertion) = kept(&refused) {
                match self.redeem(login, hop, &self.broker.http(), &assertion) {
                    Err(error) if error.is_of_the_assertion() => refused = Some(assertion),
                    done => return done,
                }
            }
            let turn = sign_in.turn(self.patience)?;
            // Another process may have logged in while this one waited. What is then left to do
            // needs no turn, and nobody is to wait for it.
            if let Some(found) = self.broker.fresh(hop) {
                return Ok(found);
            }
            if kept(&refused).is_none() {
                let (assertion, http) = sign_in.run(&turn, self.patience, Heed::Failures)?;
                // Where it is kept, nobody need wait for STS as well.
                let turn = Some(turn).filter(|_| sign_in.kept().is_none());
                let found = self.redeem(login, hop, &http, &assertion);
                drop(turn);
                return found;
            }
        }
    }

    /// The first role, which is a permission set: by the token that is kept, else by a new one.
    fn by_center(&self, login: CenterLogin<'_>, hop: &Hop) -> Result<Found, CredentialError> {
        let http = self.broker.http_of(login.center);
        let place = self.broker.center_place()?;
        let center = self.broker.center(login, &place, &http, Watched::No);
        center.with_token(
            self.patience,
            || self.broker.fresh(hop),
            |token| self.by_token(login, hop, &http, &place, token),
        )
    }

    fn by_token(
        &self,
        login: CenterLogin<'_>,
        hop: &Hop,
        http: &Http,
        place: &CenterPlace,
        token: &SecretString,
    ) -> Result<Found, CredentialError> {
        let region = &login.center.region;
        let limit = self.patience.longest_call();
        let portal = Portal::new(http, region, place.portal.as_ref(), limit);
        let portal = portal.map_err(|source| of_permission(login.idp, hop, source))?;
        let pace = Pace::within(limit);
        self.once(hop, http, async |_| {
            with_token(login.idp, &portal, &pace, token, hop).await
        })
    }

    /// The assertion for the credentials of the first role.
    fn redeem(
        &self,
        login: Login<'_>,
        hop: &Hop,
        http: &Http,
        assertion: &Assertion,
    ) -> Result<Found, CredentialError> {
        let response = read(login, assertion)?;
        self.once(hop, http, async |asking| {
            asking
                .with_assertion(login, hop, assertion, &response)
                .await
        })
    }

    /// Asks STS unless another process has just done so.
    fn once(
        &self,
        hop: &Hop,
        http: &Http,
        ask: impl AsyncFnOnce(Asking<'_>) -> Result<Credentials, CredentialError>,
    ) -> Result<Found, CredentialError> {
        self.once_with(hop, http, || Ok(()), async |asking, ()| ask(asking).await)
    }

    /// The same with something to be had first, which may take a call of its own: none runs in another
    /// one.
    fn once_with<T>(
        &self,
        hop: &Hop,
        http: &Http,
        first: impl FnOnce() -> Result<T, CredentialError>,
        ask: impl AsyncFnOnce(Asking<'_>, T) -> Result<Credentials, CredentialError>,
    ) -> Result<Found, CredentialError> {
        let path = self.broker.root.join("locks").join(hop.key.as_str());
        let (mut waited_since, mut told) = (None, None);
        let lock = Lock::acquire(&path, self.wait(hop), |holder| {
            waited_since = Some(clock::now());
            if self.wait(hop) == PERSON_WAIT {
                let profile = &hop.profile;
                let text = format!("{holder} is getting credentials of {profile}; waiting for it");
                told = self
                    .broker
                    .reach(hop, self.may_ask())
                    .tell_of(holder, &text);
            }
        });
        drop(told);
        if let Some(found) = self.broker.fresh(hop) {
            return Ok(found);
        }
        if waited_since.is_some() {
            self.broker.entries.begin();
        }
        let valid_in_hand = self.patience == Patience::None;
        if valid_in_hand && matches!(lock, Err(LockError::Busy { .. })) {
            let profile = hop.profile.clone();
            return Err(CredentialError::Underway { profile });
        }
        // Else without the lock it is one question too many, and no harm.
        let failures = Failures::of(&self.broker.root, &hop.key);
        let now = clock::now();
        if let Some(last) = failures.last(now)
            && last.settles(now, waited_since, valid_in_hand)
        {
            return Err(CredentialError::NotAgain {
                profile: hop.profile.clone(),
                outcome: last.outcome,
                seconds: now.since(last.at),
                text: last.text,
            });
        }
        let asking = Asking {
            broker: self.broker,
            http,
            sts: self.sts,
            anew: false,
            limit: self.patience.longest_call(),
            pace: None,
        };
        let asked = first().and_then(|had| {
            tell(hop, self.route.center());
            let asked = http.block_on(ask(asking, had));
            asked
                .map_err(|web| CredentialError::of_web(&hop.profile, web))
                .flatten()
        });
        match asked.and_then(|new| self.broker.keep(hop, new)) {
            Ok(found) => {
                failures.forget();
                Ok(found)
            }
            Err(error) => {
                if let Some((outcome, words)) = error.lesson() {
                    failures.remember(outcome, &words, clock::now());
                }
                Err(error)
            }
        }
    }

    /// How long to wait for another process that gets the same.
    fn wait(&self, hop: &Hop) -> Duration {
        let program = is_program(&self.route.start);
        let asks_nobody = !program && hop.assume.mfa_serial.is_none();
        match (self.patience, asks_nobody) {
            (Patience::None, true) => RENEWAL_WAIT,
            // A person takes longer than anybody should wait for what is not needed yet.
            (Patience::None, false) => Duration::ZERO,
            (Patience::UntilDone, true) => EXCHANGE_WAIT,
            (Patience::UntilDone, false) => PERSON_WAIT,
        }
    }
}

/// Whether a way starts with a program of the user's own, which may ask them anything.
fn is_program(start: &Start<'_>) -> bool {
    matches!(start, Start::Existing(existing::Start::Process { .. }))
}

impl Found {
    fn is_same(&self, other: &Self) -> bool {
        self.credentials.access_key_id == other.credentials.access_key_id
    }
}

/// Tells who is asked for a role: the portal is that of the instance's region, and STS that of the
/// profile's.
pub(super) fn tell(hop: &Hop, login: Option<CenterLogin<'_>>) {
    let role = &hop.role;
    match (role, login) {
        (Target::PermissionSet { .. }, Some(login)) => {
            let region = &login.center.region;
            log::info!("asking the portal of IAM Identity Center in {region} for {role}");
        }
        _ => log::info!("asking STS in {} for {role}", hop.region),
    }
}

/// A permission set's credentials, for a token.
pub(super) async fn with_token(
    idp: &IdpName,
    portal: &Portal,
    pace: &Pace,
    token: &SecretString,
    hop: &Hop,
) -> Result<Credentials, CredentialError> {
    let Target::PermissionSet { account, name } = &hop.role else {
        let profile = hop.profile.clone();
        return Err(NoRoute::NoRole { profile }.into());
    };
    pace.ask(async || portal.credentials(token, account, name).await)
        .await
        .map_err(|source| of_permission(idp, hop, source))
}

fn of_permission(idp: &IdpName, hop: &Hop, source: CenterError) -> CredentialError {
    CredentialError::Permission {
        idp: idp.clone(),
        profile: hop.profile.clone(),
        what: hop.role.to_string(),
        source: Box::new(source),
    }
}

impl Broker<'_> {
    /// Cached credentials that need no renewal.
    pub(super) fn fresh(&self, hop: &Hop) -> Option<Found> {
        self.cached_while(hop, |freshness| freshness == Freshness::Fresh)
    }

    /// Cached credentials that AWS still takes.
    pub(super) fn usable(&self, hop: &Hop) -> Option<Found> {
        self.cached_while(hop, |freshness| freshness != Freshness::Expired)
    }

    fn cached_while(&self, hop: &Hop, serves: impl Fn(Freshness) -> bool) -> Option<Found> {
        let Entry {
            credentials,
            issued,
        } = self.cache().get(&hop.key)?;
        let freshness = freshness(issued, credentials.expiration, clock::now());
        serves(freshness).then(|| Found {
            credentials,
            key: hop.key.clone(),
            issued,
        })
    }

    /// Forgets what AWS takes no more, unless another process has put others in its place.
    fn forget_refused(&self, hop: &Hop, refused: &Found) {
        let is_it = |found: Found| found.is_same(refused);
        if self.cached_while(hop, |_| true).is_some_and(is_it) {
            // Then they are refused once more, and that is told.
            let _ = self.cache().forget(&hop.key);
        }
    }

    /// Keeps what STS gave.
    pub(super) fn keep(
        &self,
        hop: &Hop,
        credentials: Credentials,
    ) -> Result<Found, CredentialError> {
        let now = clock::now();
        if freshness(now, credentials.expiration, now) == Freshness::Expired {
            return Err(CredentialError::Stale {
                profile: hop.profile.clone(),
                expiration: credentials.expiration,
                now,
            });
        }
        let entry = Entry {
            credentials,
            issued: now,
        };
        // The caller gets its credentials all the same.
        let what = format!("credentials of {}", hop.role);
        self.cache().put(&hop.key, &what, &entry);
        Ok(Found {
            credentials: entry.credentials,
            key: hop.key.clone(),
            issued: entry.issued,
        })
    }
}
