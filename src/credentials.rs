//! From a profile's name to credentials: the cache, else the login, STS and the chain of roles.

mod answers;
pub mod cache;
mod connector;
mod exchange;
pub mod fresh;
pub mod key;
pub mod route;
pub mod warm;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::config::env as names;
use crate::format::saml;
use crate::login::{self, Adfs, Limits, LoginError, RoleRefusal};
use crate::model::{
    Assertion, Credentials, IdpName, Model, ProfileName, RoleArn, Source, Timestamp,
};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::http::{Http, HttpSettings, Timeouts, WebError};
use crate::sys::lock::{Lock, LockError};

use answers::Answers;
use cache::{Cache, Entry};
use exchange::Sts;
pub use exchange::StsError;
use fresh::{Freshness, freshness};
use key::Key;
use route::{Hop, NoRoute, Route, StsPlace, route};

/// How long a process waits for another one's login: as long as a person may take for a password
/// and a code.
const LOGIN_WAIT: Duration = Duration::from_secs(300);

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
    /// Nothing can be sent at all.
    #[error(transparent)]
    Web(#[from] WebError),
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
    },
    /// STS's endpoint, as the user named it, cannot be used.
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

impl Broker<'_> {
    /// A profile's credentials: cached ones while they are fresh, else new ones; where new ones
    /// cannot be had, the old ones as long as they hold, with a note.
    ///
    /// # Errors
    /// [`CredentialError`], where there is nothing valid to hand out.
    pub fn get(&self, profile: &str) -> Result<Found, CredentialError> {
        let sts = self.sts_place()?;
        let route = route(self.model, profile, &sts)?;
        match self.walk(&route, &sts, route.hops.len()) {
            Ok(found) => Ok(found),
            Err(error) => match self.still_valid(&route) {
                Some(found) => {
                    (self.notes)(&format!(
                        "could not renew the credentials of {profile}, so these are used until {}: {error}",
                        found.credentials.expiration
                    ));
                    Ok(found)
                }
                None => Err(error),
            },
        }
    }

    /// Logs in whatever the cache holds, and gets credentials of every profile that comes straight
    /// from this identity provider.
    ///
    /// # Errors
    /// [`CredentialError`] where the login fails; what single profiles came to is in the list.
    pub fn login(&self, idp: &IdpName) -> Result<LoginResults, CredentialError> {
        let sts = self.sts_place()?;
        let of_idp = |profile: &&crate::model::Profile| matches!(&profile.source, Source::Idp(name) if name == idp);
        let profiles: Vec<&ProfileName> = self
            .model
            .profiles
            .values()
            .filter(of_idp)
            .map(|profile| &profile.name)
            .collect();
        let Some(first) = profiles.first() else {
            return Ok(Vec::new());
        };
        let first = route(self.model, first.as_str(), &sts)?;
        let _flight = self.enter(&first)?;
        let (http, assertion) = self.sign_in(&first)?;
        let mut results = Vec::new();
        for profile in profiles {
            let found = route(self.model, profile.as_str(), &sts)
                .map_err(CredentialError::from)
                .and_then(|route| self.redeem(&route, &http, &assertion, &sts));
            results.push((profile.clone(), found));
        }
        Ok(results)
    }

    /// What the cache holds for a profile, however old.
    ///
    /// # Errors
    /// [`CredentialError::NoRoute`].
    pub fn cached(&self, profile: &str) -> Result<Option<Entry>, CredentialError> {
        let route = route(self.model, profile, &self.sts_place()?)?;
        let cache = Cache::new(&self.root);
        Ok(route.hops.last().and_then(|hop| cache.get(&hop.key)))
    }

    /// Forgets a profile's credentials.
    ///
    /// # Errors
    /// What the file system says.
    pub fn forget(&self, profile: &str) -> Result<(), ForgetError> {
        let route =
            route(self.model, profile, &self.sts_place()?).map_err(CredentialError::from)?;
        let cache = Cache::new(&self.root);
        for hop in &route.hops {
            cache.forget(&hop.key)?;
        }
        Ok(())
    }

    /// The credentials after so many hops: cached, or from those of the hop before, or from a login.
    fn walk(
        &self,
        route: &Route<'_>,
        sts: &StsPlace,
        hops: usize,
    ) -> Result<Found, CredentialError> {
        let hop = &route.hops[hops - 1];
        if let Some(found) = self.fresh(hop) {
            return Ok(found);
        }
        if hops > 1 {
            let source = self.walk(route, sts, hops - 1)?;
            let http = self.http(None);
            let session = session_name(hop.profile);
            let client =
                Sts::new(&http, hop.region, sts).map_err(|source| sts_error(hop, source))?;
            let credentials = client
                .assume(&source.credentials, hop.role, &session, hop.duration)
                .map_err(|source| sts_error(hop, source))?;
            return self.keep(hop, credentials);
        }
        let _flight = self.enter(route)?;
        // Another process may have logged in while this one waited.
        if let Some(found) = self.fresh(hop) {
            return Ok(found);
        }
        let (http, assertion) = self.sign_in(route)?;
        self.redeem(route, &http, &assertion, sts)
    }

    /// One login at a time per identity provider, across processes.
    fn enter(&self, route: &Route<'_>) -> Result<Lock, CredentialError> {
        let name = Key::of(
            "login",
            &[
                route.forms.url.as_str().as_bytes(),
                route
                    .forms
                    .username
                    .as_deref()
                    .unwrap_or_default()
                    .as_bytes(),
            ],
        );
        let path = self.root.join("locks").join(name.as_str());
        let idp = &route.idp.name;
        Lock::acquire(&path, LOGIN_WAIT, |_| {
            (self.notes)(&format!(
                "another fedgit is logging in to {idp}; waiting for it"
            ));
        })
        .map_err(|source| CredentialError::Locked {
            idp: idp.clone(),
            source,
        })
    }

    fn sign_in(&self, route: &Route<'_>) -> Result<(Http, Assertion), CredentialError> {
        let idp = &route.idp.name;
        let forms = route.forms;
        let mut http = self.http(forms.ca_bundle.as_deref());
        let mut flow = Adfs::new(forms.url.clone(), forms.username.clone());
        let mut person = Answers {
            env: self.env,
            idp,
            forms,
            may_ask: self.may_ask,
        };
        let assertion = login::drive(&mut flow, &mut http, &mut person, Limits::default())
            .map_err(|source| CredentialError::Login {
                idp: idp.clone(),
                source,
            })?;
        Ok((http, assertion))
    }

    /// The assertion for the credentials of a route's first role.
    fn redeem(
        &self,
        route: &Route<'_>,
        http: &Http,
        assertion: &Assertion,
        sts: &StsPlace,
    ) -> Result<Found, CredentialError> {
        let hop = &route.hops[0];
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
        if let Err(e) = Cache::new(&self.root).put(&hop.key, &entry) {
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

    fn fresh(&self, hop: &Hop<'_>) -> Option<Found> {
        let entry = Cache::new(&self.root).get(&hop.key)?;
        let fresh = freshness(entry.issued, entry.credentials.expiration, clock::now());
        let found = Found {
            credentials: entry.credentials,
            key: hop.key.clone(),
        };
        (fresh == Freshness::Fresh).then_some(found)
    }

    fn still_valid(&self, route: &Route<'_>) -> Option<Found> {
        let hop = route.hops.last()?;
        let entry = Cache::new(&self.root).get(&hop.key)?;
        let fresh = freshness(entry.issued, entry.credentials.expiration, clock::now());
        let found = Found {
            credentials: entry.credentials,
            key: hop.key.clone(),
        };
        (fresh != Freshness::Expired).then_some(found)
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

/// Why credentials were not forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// The profile leads nowhere.
    #[error(transparent)]
    Route(#[from] CredentialError),
    /// The file system said no.
    #[error("cannot remove cached credentials: {0}")]
    Remove(#[from] io::Error),
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
