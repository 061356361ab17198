//! From a profile's name to credentials: the cache, else the login, STS and the chain of roles.

mod aliases;
mod answers;
mod askers;
mod asking;
mod at_once;
mod brought;
mod browser;
mod by_command;
mod cache;
mod caller;
mod center;
mod choices;
mod code;
mod connector;
mod console;
mod dialog;
mod directory;
mod entries;
mod error;
mod exchange;
pub mod existing;
mod failures;
pub mod fresh;
mod identity;
pub mod key;
mod kind;
mod logouts;
mod longest;
mod manner;
mod marks;
mod obtain;
mod offered;
mod own;
mod pace;
mod page;
mod password;
mod reach;
pub mod route;
mod session;
mod sign_in;
mod skew;
mod together;
mod turn;
pub mod users;
pub mod variables;
pub mod warm;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use url::Url;

use crate::config::{self, env as names};
use crate::login::Capture;
use crate::login::browser::Wanted;
use crate::model::{
    Credentials, IdentityCenter, Idp, IdpKind, IdpName, Model, Partition, ProfileName, RoleArn,
    Source, Target, Timestamp,
};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::http::{Cookies, Http, HttpSettings, Timeouts};

pub use aliases::{Aliases, known_alias};
use cache::Cache;
pub use cache::Entry;
use center::Center;
pub use center::{Account, Assignment, CenterError};
pub use console::ConsoleError;
pub use directory::Listing;
pub use entries::{Entries, EntryError};
pub use error::{CredentialError, ForgetError};
pub use exchange::StsError;
pub use failures::Outcome;
pub use identity::Identity;
use key::Key;
use kind::Kind;
pub use manner::By;
use manner::Patience;
use obtain::Obtain;
pub use own::{NoKeys, Own};
pub use password::Saving;
use route::{CenterLogin, CenterPlace, Login, Route, Start, StsPlace, route};
use session::Sessions;
use sign_in::SignIn;

/// Gets credentials.
pub struct Broker<'a> {
    /// The declaration.
    pub model: &'a Model,
    /// The environment.
    pub env: &'a Env,
    /// The cache folder.
    pub root: PathBuf,
    /// Where credentials, sessions and saved passwords live.
    pub entries: Entries<'a>,
    /// Whether a person may be asked.
    pub may_ask: bool,
    /// Where to say what the caller should know but need not act on.
    pub notes: &'a dyn Fn(&str),
    /// The user's own AWS files.
    pub own: Own,
    /// Where a login's pages are taken down for a bug report, if they are to be.
    pub capture: Option<RefCell<Capture>>,
    /// Where to say what the person must read, where there is no terminal to write to.
    pub say: Box<dyn Fn(&str) + 'a>,
    /// Where to say what was done, which not everybody wants to hear.
    pub done: Box<dyn Fn(&str) + 'a>,
    /// How the person wants to sign in to IAM Identity Center.
    pub by: By,
}

/// Whether somebody reads what a command says on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watched {
    /// They typed the command for this.
    Yes,
    /// Who knows: an SDK may have started it.
    No,
}

/// Credentials with the entry that holds them.
#[derive(Debug, Clone)]
pub struct Found {
    /// The credentials.
    pub credentials: Credentials,
    /// Their entry in the cache.
    pub key: Key,
    /// When STS gave them, by this machine's clock.
    pub issued: Timestamp,
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
        let route = self.route(profile, &sts)?;
        let obtain = Obtain {
            broker: self,
            route: &route,
            sts: &sts,
            patience: Patience::UntilDone,
        };
        obtain.end_of_or_valid(&route.chain)
    }

    /// What the way to a profile's credentials was computed from beside the configuration; `None`
    /// where that cannot be watched.
    #[must_use]
    pub fn rests_on(&self, profile: &str) -> Option<Vec<config::Watched>> {
        match self.route(profile, &self.sts_place().ok()?).ok()?.start {
            Start::Login(_) | Start::Center(_) => Some(Vec::new()),
            Start::Existing(existing::Start::Environment(_)) => None,
            Start::Existing(_) => self.own.watched(self.env),
        }
    }

    /// What the cache holds for a profile, however old.
    ///
    /// # Errors
    /// [`CredentialError::NoRoute`].
    pub fn cached(&self, profile: &str) -> Result<Option<Entry>, CredentialError> {
        let route = self.route(profile, &self.sts_place()?)?;
        Ok(self.cache().get(&route.last().key))
    }

    /// Forgets a profile's credentials and the session of its login; whether there were any
    /// credentials.
    ///
    /// # Errors
    /// What the file system says.
    pub fn forget(&self, profile: &str) -> Result<bool, ForgetError> {
        let route = self.route(profile, &self.sts_place()?)?;
        // The one is to be gone also where the other cannot be reached.
        let session = route.login().map_or(Ok(false), |login| {
            let key = sign_in::key(login);
            Sessions::of(&self.entries, &key).forget()?;
            Ok::<bool, EntryError>(browser::Profile::of(&self.root, &key).remove()?)
        });
        let credentials = self.cache().forget(&route.last().key)?;
        session?;
        Ok(credentials)
    }

    /// Whether the session of an Identity Center gives credentials without the person, as far as can
    /// be seen from here.
    ///
    /// # Errors
    /// [`CredentialError::Endpoint`].
    pub fn is_signed_in(
        &self,
        idp: &IdpName,
        center: &IdentityCenter,
    ) -> Result<bool, CredentialError> {
        let (http, place) = (self.http_of(center), self.center_place()?);
        let login = CenterLogin { idp, center };
        Ok(self
            .center(login, &place, &http, Watched::No)
            .needs_nobody())
    }

    /// Forgets the sessions at an identity provider, those in a browser's profile also from when it was
    /// declared otherwise; whether there were any.
    ///
    /// # Errors
    /// What the file system or the keychain says.
    pub fn forget_sessions(&self, idp: &Idp) -> Result<bool, ForgetError> {
        // What cannot be forgotten keeps nothing else from it.
        let mut outcomes: Vec<Result<bool, EntryError>> = Vec::new();
        if let IdpKind::Saml(saml) = &idp.kind {
            for partition in Partition::ALL {
                let login = Login {
                    idp,
                    saml,
                    partition,
                };
                let key = sign_in::key(login);
                outcomes.push(Sessions::of(&self.entries, &key).forget());
                let profile = browser::Profile::of(&self.root, &key);
                outcomes.push(profile.remove().map_err(EntryError::from));
            }
        }
        let profiles = browser::remove_all_of(&self.root, &idp.name);
        outcomes.push(profiles.map(|count| count > 0).map_err(EntryError::from));
        let mut were_there = false;
        for outcome in outcomes {
            were_there |= outcome?;
        }
        Ok(were_there)
    }

    /// Ends the session of an Identity Center, for the AWS CLI and the SDKs too; whether there was one.
    ///
    /// # Errors
    /// What the file system or the keychain says. That the service cannot be told is a note.
    pub fn sign_out(&self, idp: &IdpName, center: &IdentityCenter) -> Result<bool, ForgetError> {
        let (http, place) = (self.http_of(center), self.center_place()?);
        let login = CenterLogin { idp, center };
        Ok(self.center(login, &place, &http, Watched::Yes).sign_out()?)
    }

    /// The saved passwords of the login that a profile's way starts at, described. Asks no keychain.
    ///
    /// # Errors
    /// [`CredentialError::NoRoute`].
    pub fn saved_passwords(&self, profile: &str) -> Result<Vec<String>, CredentialError> {
        let route = self.route(profile, &self.sts_place()?)?;
        let login = route.login();
        let saved = login.map(|login| password::all_of(&self.entries, login.saml));
        Ok(saved.into_iter().flatten().map(|(_, what)| what).collect())
    }

    /// Forgets these passwords. Those that were saved, described.
    ///
    /// # Errors
    /// Where one may still be there.
    pub fn forget_passwords(&self, profile: &str) -> Result<Vec<String>, ForgetError> {
        let route = self.route(profile, &self.sts_place()?)?;
        let mut forgotten = Vec::new();
        let login = route.login();
        let saved = login.map(|login| password::all_of(&self.entries, login.saml));
        for (key, what) in saved.into_iter().flatten() {
            self.entries.forget(Kind::Password, &key)?;
            forgotten.push(what);
        }
        Ok(forgotten)
    }

    fn route(&self, profile: &str, sts: &StsPlace) -> Result<Route<'_>, CredentialError> {
        let own = |name: &ProfileName| self.own.way(self.env, name);
        let center = self.center_place()?;
        Ok(route(self.model, profile, sts, &center, &own)?)
    }

    fn center_place(&self) -> Result<CenterPlace, CredentialError> {
        Ok(CenterPlace {
            oidc: self.endpoint(names::AWS_ENDPOINT_URL_SSO_OIDC)?,
            portal: self.endpoint(names::AWS_ENDPOINT_URL_SSO)?,
        })
    }

    fn center<'b>(
        &'b self,
        login: CenterLogin<'b>,
        place: &'b CenterPlace,
        http: &'b Http,
        watched: Watched,
    ) -> Center<'b> {
        Center {
            env: self.env,
            root: &self.root,
            idp: login.idp,
            center: login.center,
            place,
            entries: &self.entries,
            may_ask: self.may_ask,
            is_watched: watched == Watched::Yes,
            by: self.by,
            browser: self.model.settings.browser.as_deref(),
            notes: self.notes,
            say: &self.say,
            http,
        }
    }

    fn cache(&self) -> Cache<'_> {
        Cache(&self.entries)
    }

    fn sign_in<'b>(&'b self, login: Login<'b>, http: &'b dyn Fn(Cookies) -> Http) -> SignIn<'b> {
        SignIn {
            env: self.env,
            root: &self.root,
            idp: &login.idp.name,
            login,
            askpass: self.model.settings.askpass.as_deref(),
            may_ask: self.may_ask,
            entries: &self.entries,
            saving: Saving::Use,
            notes: self.notes,
            done: &self.done,
            capture: self.capture.as_ref(),
            http,
            by: self.by,
            roles: self.roles(&login.idp.name),
            browser: browser::Choice {
                program: self.model.settings.browser.as_deref(),
                limit: self.model.settings.browser_limit,
                wanted: Wanted {
                    partitions: self.partitions(&login.idp.name),
                    roles: self.roles(&login.idp.name),
                },
                store: self.model.settings.store,
                declared: self.model.idps.keys().map(IdpName::as_str).collect(),
            },
        }
    }

    /// Where the roles of an identity provider are.
    fn partitions(&self, idp: &IdpName) -> BTreeSet<Partition> {
        let profiles = self.model.profiles.values();
        let of_idp = profiles.filter(|profile| self.model.idp_of(profile) == Some(idp));
        of_idp.map(|profile| profile.region.partition()).collect()
    }

    /// The roles that are declared of an identity provider itself.
    fn roles(&self, idp: &IdpName) -> BTreeSet<RoleArn> {
        let profiles = self.model.profiles.values();
        profiles
            .filter_map(|profile| match (&profile.source, &profile.target) {
                (Source::Idp(name), Target::Role(role)) if name == idp => Some(role.clone()),
                _ => None,
            })
            .collect()
    }

    /// For AWS alone.
    fn http(&self) -> Http {
        self.browser(None, Cookies::default())
    }

    /// For the services of an Identity Center, and for AWS.
    fn http_of(&self, center: &IdentityCenter) -> Http {
        self.browser(center.ca_bundle.as_deref(), Cookies::default())
    }

    fn browser(&self, ca_bundle: Option<&Path>, cookies: Cookies) -> Http {
        let settings = HttpSettings {
            ca_bundle: ca_bundle.map(Path::to_owned),
            aws_ca_bundle: self.env.path(names::AWS_CA_BUNDLE),
            user_agent: concat!("fedgit/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeouts: Timeouts::default(),
        };
        Http::with_cookies(settings, cookies)
    }

    fn sts_place(&self) -> Result<StsPlace, CredentialError> {
        self.endpoint(names::AWS_ENDPOINT_URL_STS).map(StsPlace)
    }

    /// Where the user says that a service is, by its own variable or by the one for all.
    fn endpoint(&self, own: &'static str) -> Result<Option<Url>, CredentialError> {
        for variable in [own, names::AWS_ENDPOINT_URL] {
            let Some(text) = self.env.text(variable) else {
                continue;
            };
            return match Url::parse(&text) {
                Ok(url) => Ok(Some(url)),
                Err(e) => Err(CredentialError::Endpoint {
                    variable,
                    why: e.to_string(),
                }),
            };
        }
        Ok(None)
    }
}

/// What a logout from everything forgot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// How many credentials.
    pub credentials: usize,
    /// How many profiles of browsers, each with a session.
    pub browsers: usize,
}

/// Forgets everything: credentials, and the sessions of identity providers.
///
/// # Errors
/// Where a folder is not ours alone, or what the file system or the keychain says.
pub fn forget_all(entries: &Entries<'_>) -> Result<Forgotten, ForgetError> {
    entries.begin_logout();
    // The ones are to be gone also where the others cannot be reached.
    let sessions = entries.forget_all(Kind::Session);
    let browsers = browser::remove_all(entries.root());
    let credentials = Cache(entries).forget_all()?;
    sessions?;
    Ok(Forgotten {
        credentials,
        browsers: browsers.map_err(EntryError::from)?,
    })
}

/// How many sessions of IAM Identity Center stand in the cache that all share, and open their portals
/// or can be renewed; whoever left them.
#[must_use]
pub fn shared_sessions(env: &Env) -> usize {
    center::shared_sessions(env, clock::now())
}

/// The saved passwords of every login, described. Asks no keychain.
#[must_use]
pub fn saved_passwords(entries: &Entries<'_>) -> Vec<String> {
    let saved = entries.in_keyring(Kind::Password);
    saved.into_iter().map(|(_, what)| what).collect()
}

/// Forgets every saved password; how many there were.
///
/// # Errors
/// Where one may still be there.
pub fn forget_passwords(entries: &Entries<'_>) -> Result<usize, ForgetError> {
    Ok(entries.forget_all(Kind::Password)?)
}
