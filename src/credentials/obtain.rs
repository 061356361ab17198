//! One profile's credentials, hop by hop: the cache, else whatever the hop before gives for it.
//!
//! A login is one process's at a time, after which the others find its assertion; and STS is asked for
//! a role by one process at a time, after which the others find the credentials. Whoever holds the one
//! lock may wait for the other, and never the other way round.

use std::time::Duration;

use crate::format::saml;
use crate::login;
use crate::model::{Assertion, Credentials, ProfileName, RoleArn};
use crate::sys::clock;
use crate::sys::http::Http;
use crate::sys::lock::Lock;

use super::cache::Entry;
use super::error::CredentialError;
use super::exchange::{Sts, StsError};
use super::fresh::{Freshness, freshness};
use super::route::{Hop, Route, StsPlace};
use super::sign_in::{Heed, Patience};
use super::{Broker, Found};

/// As long as STS may take with its repetitions. Whoever waits longer asks for itself.
const EXCHANGE_WAIT: Duration = Duration::from_secs(60);

/// The way to one profile's credentials.
pub(super) struct Obtain<'a> {
    pub(super) broker: &'a Broker<'a>,
    pub(super) route: &'a Route<'a>,
    pub(super) sts: &'a StsPlace,
    pub(super) patience: Patience,
}

impl Obtain<'_> {
    /// The credentials at the end of a chain that starts at the route's first role.
    pub(super) fn end_of(&self, chain: &[Hop<'_>]) -> Result<Found, CredentialError> {
        let hop = chain.last().unwrap_or(&self.route.first);
        if let Some(found) = self.broker.fresh(hop) {
            return Ok(found);
        }
        let [before @ .., hop] = chain else {
            return self.by_login(hop);
        };
        let source = self.end_of(before)?;
        self.once(hop, || {
            let http = self.broker.http();
            let credentials = Sts::new(&http, hop.region, self.sts).and_then(|sts| {
                let session = session_name(hop.profile);
                http.block_on(sts.assume(&source.credentials, hop.role, &session, hop.duration))?
            });
            credentials.map_err(|source| sts_error(hop, source))
        })
    }

    /// The first role: by the assertion of a login that was made a moment ago, else by a login.
    fn by_login(&self, hop: &Hop<'_>) -> Result<Found, CredentialError> {
        let ca_bundle = self.route.forms.ca_bundle.as_deref();
        let client = |cookies| self.broker.browser(ca_bundle, cookies);
        let sign_in = self.broker.sign_in(self.route, &client);
        loop {
            if let Some(assertion) = sign_in.kept() {
                match self.redeem(hop, &self.broker.http(), &assertion) {
                    Err(error) if error.is_of_the_assertion() => sign_in.forget_kept(),
                    done => return done,
                }
            }
            let turn = sign_in.turn(self.patience)?;
            // Another process may have logged in while this one waited. What is then left to do
            // needs no turn, and nobody is to wait for it.
            if let Some(found) = self.broker.fresh(hop) {
                return Ok(found);
            }
            if sign_in.kept().is_none() {
                let (assertion, http) = sign_in.run(&turn, self.patience, Heed::Failures)?;
                return self.redeem(hop, &http, &assertion);
            }
        }
    }

    /// The assertion for the credentials of the first role.
    fn redeem(
        &self,
        hop: &Hop<'_>,
        http: &Http,
        assertion: &Assertion,
    ) -> Result<Found, CredentialError> {
        let response = read(self.route, assertion)?;
        let (role, provider) = offered(self.route, hop, &response)?;
        self.once(hop, || {
            let credentials = Sts::new(http, hop.region, self.sts).and_then(|sts| {
                http.block_on(sts.assume_with_saml(assertion, &role, &provider, hop.duration))?
            });
            credentials.map_err(|source| sts_error(hop, source))
        })
    }

    /// Asks STS unless another process has just done so.
    fn once(
        &self,
        hop: &Hop<'_>,
        ask: impl FnOnce() -> Result<Credentials, CredentialError>,
    ) -> Result<Found, CredentialError> {
        let path = self.broker.root.join("locks").join(hop.key.as_str());
        // Without the lock it is one question too many, and no harm.
        let _lock = Lock::acquire(&path, EXCHANGE_WAIT, |_| {}).ok();
        match self.broker.fresh(hop) {
            Some(found) => Ok(found),
            None => self.broker.keep(hop, ask()?),
        }
    }
}

impl Broker<'_> {
    /// Cached credentials that need no renewal.
    pub(super) fn fresh(&self, hop: &Hop<'_>) -> Option<Found> {
        self.cached_while(hop, |freshness| freshness == Freshness::Fresh)
    }

    /// Cached credentials that AWS still takes.
    pub(super) fn usable(&self, hop: &Hop<'_>) -> Option<Found> {
        self.cached_while(hop, |freshness| freshness != Freshness::Expired)
    }

    fn cached_while(&self, hop: &Hop<'_>, serves: impl Fn(Freshness) -> bool) -> Option<Found> {
        let Entry {
            credentials,
            issued,
        } = self.cache().get(&hop.key)?;
        let freshness = freshness(issued, credentials.expiration, clock::now());
        serves(freshness).then(|| Found {
            credentials,
            key: hop.key.clone(),
        })
    }

    /// Keeps what STS gave.
    pub(super) fn keep(
        &self,
        hop: &Hop<'_>,
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
        })
    }
}

/// What an assertion says.
pub(super) fn read(
    route: &Route<'_>,
    assertion: &Assertion,
) -> Result<saml::Response, CredentialError> {
    saml::read(assertion).map_err(|source| CredentialError::Saml {
        idp: route.idp.name.clone(),
        source,
    })
}

/// The role that is offered for a hop, and its provider.
pub(super) fn offered(
    route: &Route<'_>,
    hop: &Hop<'_>,
    response: &saml::Response,
) -> Result<(RoleArn, String), CredentialError> {
    login::choose(&response.roles, hop.role).map_err(|source| CredentialError::NotOffered {
        idp: route.idp.name.clone(),
        profile: hop.profile.clone(),
        source: Box::new(source),
    })
}

pub(super) fn sts_error(hop: &Hop<'_>, source: StsError) -> CredentialError {
    CredentialError::Sts {
        profile: hop.profile.clone(),
        source: Box::new(source),
    }
}

/// STS takes 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -` as a session name.
pub(super) fn session_name(profile: &ProfileName) -> String {
    let name: String = profile
        .as_str()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(57)
        .collect();
    format!("fedgit-{name}")
}
