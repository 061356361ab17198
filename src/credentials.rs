//! From a profile's name to credentials: the cache, else the login, STS and the chain of roles.

mod answers;
pub mod cache;
mod connector;
mod error;
mod exchange;
pub mod fresh;
pub mod key;
mod refusal;
pub mod route;
mod sign_in;
pub mod warm;

use std::path::{Path, PathBuf};

use url::Url;

use crate::config::env as names;
use crate::format::saml;
use crate::login;
use crate::model::{Assertion, Credentials, IdpName, Model, ProfileName, RoleArn};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::http::{Http, HttpSettings, Timeouts};

use cache::{Cache, Entry};
pub use error::{CredentialError, ForgetError};
use exchange::Sts;
pub use exchange::StsError;
use fresh::{Freshness, freshness};
use key::Key;
use route::{Hop, Route, StsPlace, route};
use sign_in::{Heed, Patience, SignIn};

/// Gets credentials.
pub struct Broker<'a> {
    /// The declaration.
    pub model: &'a Model,
    /// The environment.
    pub env: &'a Env,
    /// The cache folder.
    pub root: PathBuf,
    /// Whether a person may be asked.
    pub may_ask: bool,
    /// Where to say what the caller should know but need not act on.
    pub notes: &'a dyn Fn(&str),
}

/// Credentials with the entry that holds them.
#[derive(Debug)]
pub struct Found {
    /// The credentials.
    pub credentials: Credentials,
    /// Their entry in the cache.
    pub key: Key,
}

/// What became of each profile of a login.
pub type LoginResults = Vec<(ProfileName, Result<Found, CredentialError>)>;

impl Broker<'_> {
    /// A profile's credentials: cached ones while they are fresh, else new ones; where new ones
    /// cannot be had, the old ones as long as they hold, with a note.
    ///
    /// # Errors
    /// [`CredentialError`], where there is nothing valid to hand out.
    pub fn get(&self, profile: &str) -> Result<Found, CredentialError> {
        let sts = self.sts_place()?;
        let route = route(self.model, profile, &sts)?;
        match self.walk(&route, &sts) {
            Ok(found) => Ok(found),
            Err(error) => {
                let Some(found) = route.hops.last().and_then(|hop| self.usable(hop)) else {
                    return Err(error);
                };
                (self.notes)(&format!(
                    "could not renew the credentials of {profile}, so these are used until {}: \
                     {error}",
                    found.credentials.expiration
                ));
                Ok(found)
            }
        }
    }

    /// Logs in whatever the cache holds, and gets credentials of every profile whose way starts at
    /// this identity provider.
    ///
    /// # Errors
    /// [`CredentialError`] where the login fails; what single profiles came to is in the list.
    pub fn login(&self, idp: &IdpName) -> Result<LoginResults, CredentialError> {
        let sts = self.sts_place()?;
        let mut routes: Vec<Route<'_>> = Vec::new();
        for profile in self.model.profiles.values() {
            if self.model.idp_of(profile) == Some(idp) {
                routes.push(route(self.model, profile.name.as_str(), &sts)?);
            }
        }
        // A role before those that are assumed from it.
        routes.sort_by_key(|route| route.hops.len());
        let Some(first) = routes.first() else {
            return Ok(Vec::new());
        };
        let sign_in = self.sign_in(first);
        let turn = sign_in.turn(Patience::UntilDone)?;
        let mut http = self.http(first.forms.ca_bundle.as_deref());
        let assertion = sign_in.run(&turn, Heed::Nothing, &mut http)?;
        // The turn is held to the end: whoever waits for it is to find the credentials.
        let mut results = LoginResults::new();
        for route in &routes {
            let Some((login, chain)) = route.hops.split_first() else {
                continue;
            };
            let profile = chain.last().unwrap_or(login).profile.clone();
            let found = match chain {
                [] => self.redeem(route, login, &http, &assertion, &sts),
                // The login for it is behind us: what it did not give, no second one would. Not by
                // the cache, which may be full.
                _ => match given(&results, &login.key) {
                    Some(found) => self.assume_on(found, chain, &sts),
                    None => Err(CredentialError::SourceFailed {
                        profile: profile.clone(),
                        source_profile: login.profile.clone(),
                    }),
                },
            };
            results.push((profile, found));
        }
        Ok(results)
    }

    /// What the cache holds for a profile, however old.
    ///
    /// # Errors
    /// [`CredentialError::NoRoute`].
    pub fn cached(&self, profile: &str) -> Result<Option<Entry>, CredentialError> {
        let route = route(self.model, profile, &self.sts_place()?)?;
        Ok(route.hops.last().and_then(|hop| self.cache().get(&hop.key)))
    }

    /// Forgets a profile's credentials; whether there were any.
    ///
    /// # Errors
    /// What the file system says.
    pub fn forget(&self, profile: &str) -> Result<bool, ForgetError> {
        let route =
            route(self.model, profile, &self.sts_place()?).map_err(CredentialError::from)?;
        match route.hops.last() {
            Some(hop) => Ok(self.cache().forget(&hop.key)?),
            None => Ok(false),
        }
    }

    /// The credentials at the end of a route: from the last hop that the cache still serves, else
    /// from a login.
    fn walk(&self, route: &Route<'_>, sts: &StsPlace) -> Result<Found, CredentialError> {
        let cached = route.hops.iter().enumerate().rev();
        let cached = cached
            .filter_map(|(at, hop)| Some((at, self.fresh(hop)?)))
            .next();
        let (at, found) = match cached {
            Some(cached) => cached,
            None => (0, self.log_in(route, sts)?),
        };
        self.assume_on(found, &route.hops[at + 1..], sts)
    }

    /// A route's first role, by a login.
    fn log_in(&self, route: &Route<'_>, sts: &StsPlace) -> Result<Found, CredentialError> {
        let hop = &route.hops[0];
        let sign_in = self.sign_in(route);
        // With something valid in hand nobody need stand in line behind a login.
        let patience = match route.hops.last().and_then(|hop| self.usable(hop)) {
            Some(_) => Patience::None,
            None => Patience::UntilDone,
        };
        let turn = sign_in.turn(patience)?;
        // Another process may have logged in while this one waited.
        if let Some(found) = self.fresh(hop) {
            return Ok(found);
        }
        let mut http = self.http(route.forms.ca_bundle.as_deref());
        let assertion = sign_in.run(&turn, Heed::Refusals, &mut http)?;
        self.redeem(route, hop, &http, &assertion, sts)
    }

    /// From one role's credentials along a chain of roles.
    fn assume_on(
        &self,
        from: Found,
        chain: &[Hop<'_>],
        sts: &StsPlace,
    ) -> Result<Found, CredentialError> {
        let mut found = from;
        for hop in chain {
            let http = self.http(None);
            let session = session_name(hop.profile);
            let credentials = Sts::new(&http, hop.region, sts)
                .and_then(|sts| sts.assume(&found.credentials, hop.role, &session, hop.duration))
                .map_err(|source| sts_error(hop, source))?;
            found = self.keep(hop, credentials)?;
        }
        Ok(found)
    }

    /// The assertion for the credentials of a route's first role.
    fn redeem(
        &self,
        route: &Route<'_>,
        hop: &Hop<'_>,
        http: &Http,
        assertion: &Assertion,
        sts: &StsPlace,
    ) -> Result<Found, CredentialError> {
        let idp = &route.idp.name;
        let response = saml::read(assertion).map_err(|source| CredentialError::Saml {
            idp: idp.clone(),
            source,
        })?;
        let (role, provider): (RoleArn, String) = login::choose(&response.roles, hop.role)
            .map_err(|source| CredentialError::NotOffered {
                idp: idp.clone(),
                profile: hop.profile.clone(),
                source: Box::new(source),
            })?;
        let credentials = Sts::new(http, hop.region, sts)
            .and_then(|client| client.assume_with_saml(assertion, &role, &provider, hop.duration))
            .map_err(|source| sts_error(hop, source))?;
        self.keep(hop, credentials)
    }

    fn keep(&self, hop: &Hop<'_>, credentials: Credentials) -> Result<Found, CredentialError> {
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
        if let Err(e) = self.cache().put(&hop.key, &entry) {
            // The caller still gets its credentials.
            (self.notes)(&format!(
                "cannot keep credentials in {}: {e}",
                self.root.display()
            ));
        }
        Ok(Found {
            credentials: entry.credentials,
            key: hop.key.clone(),
        })
    }

    /// Cached credentials that need no renewal.
    fn fresh(&self, hop: &Hop<'_>) -> Option<Found> {
        self.cached_while(hop, |freshness| freshness == Freshness::Fresh)
    }

    /// Cached credentials that AWS still takes.
    fn usable(&self, hop: &Hop<'_>) -> Option<Found> {
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

    fn cache(&self) -> Cache {
        Cache::new(&self.root)
    }

    fn sign_in<'b>(&'b self, route: &'b Route<'_>) -> SignIn<'b> {
        SignIn {
            env: self.env,
            root: &self.root,
            idp: &route.idp.name,
            forms: route.forms,
            may_ask: self.may_ask,
            notes: self.notes,
        }
    }

    fn http(&self, ca_bundle: Option<&Path>) -> Http {
        Http::new(HttpSettings {
            ca_bundle: ca_bundle.map(Path::to_owned),
            aws_ca_bundle: self.env.path(names::AWS_CA_BUNDLE),
            user_agent: concat!("fedgit/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeouts: Timeouts::default(),
        })
    }

    fn sts_place(&self) -> Result<StsPlace, CredentialError> {
        for variable in [names::AWS_ENDPOINT_URL_STS, names::AWS_ENDPOINT_URL] {
            let Some(text) = self.env.text(variable) else {
                continue;
            };
            let url = Url::parse(&text).map_err(|e| CredentialError::Endpoint {
                variable,
                why: e.to_string(),
            })?;
            return Ok(StsPlace(Some(url)));
        }
        Ok(StsPlace(None))
    }
}

/// What a login gave for an entry.
fn given(results: &LoginResults, key: &Key) -> Option<Found> {
    let mut found = results.iter().filter_map(|(_, found)| found.as_ref().ok());
    let found = found.find(|found| found.key == *key)?;
    Some(Found {
        credentials: found.credentials.clone(),
        key: key.clone(),
    })
}

fn sts_error(hop: &Hop<'_>, source: StsError) -> CredentialError {
    CredentialError::Sts {
        profile: hop.profile.clone(),
        source: Box::new(source),
    }
}

/// STS takes 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -` as a session name.
fn session_name(profile: &ProfileName) -> String {
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
