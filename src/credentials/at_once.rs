//! `fedgit login`: a login whatever the cache holds, and the credentials of every profile that it serves.

use secrecy::SecretString;

use crate::model::{IdpKind, IdpName, SamlLogin, SamlWay};

use super::center::Portal;
use super::error::CredentialError;
use super::exchange::LONGEST_CALL;
use super::key::Key;
use super::manner::{Heed, Patience};
use super::pace::Pace;
use super::route::{CenterLogin, Login, Route, StsPlace};
use super::sign_in::{self, SignIn};
use super::together::{self, Given};
use super::{Broker, LoginResults, Saving, Watched, asking};

/// How many tokens that the portal refuses are tried after another where nobody can sign in.
const MOST_REFUSED: usize = 3;

impl Broker<'_> {
    /// Logs in whatever the cache holds, and gets credentials of every profile whose way starts at
    /// this identity provider; where no profile's does, signs in all the same, so that its session serves
    /// what comes next. `progress` is told how many of how many roles are there; `saving` says
    /// whether the password is to be saved.
    ///
    /// # Errors
    /// [`CredentialError`] where there is no login to be made; what logins and profiles came to is in the
    /// list.
    pub fn login(
        &self,
        idp: &IdpName,
        saving: Saving,
        progress: &dyn Fn(usize, usize),
    ) -> Result<LoginResults, CredentialError> {
        let sts = self.sts_place()?;
        if let Some(IdpKind::IdentityCenter(center)) = self.model.idps.get(idp).map(|i| &i.kind) {
            return self.login_to_center(CenterLogin { idp, center }, saving, &sts, progress);
        }
        let (mut results, mut saving) = (LoginResults::new(), saving);
        let routes = self.routes_of(idp, &sts)?;
        if let (true, Some(declared)) = (routes.is_empty(), self.model.idps.get(idp))
            && let IdpKind::Saml(saml) = &declared.kind
        {
            let login = self.login_without_roles(declared, saml);
            return self.login_once(login, &[], saving, &sts, progress);
        }
        for routes in by_login(routes) {
            let Some(login) = routes.first().and_then(Route::login) else {
                continue;
            };
            let done = self.login_once(login, &routes, saving, &sts, progress);
            // The password is saved by now, if it was to be.
            saving = Saving::Use;
            match (done, routes.first()) {
                (Ok(more), _) => results.extend(more),
                // All its profiles failed by it; it is told once.
                (Err(error), Some(route)) => {
                    let is_over = error.is_interruption();
                    results.push((route.last().profile.clone(), Err(error)));
                    if is_over {
                        break;
                    }
                }
                (Err(error), None) => return Err(error),
            }
        }
        Ok(results)
    }

    /// One login, and the credentials of every profile that it serves.
    fn login_once(
        &self,
        login: Login<'_>,
        routes: &[Route<'_>],
        saving: Saving,
        sts: &StsPlace,
        progress: &dyn Fn(usize, usize),
    ) -> Result<LoginResults, CredentialError> {
        let client = |cookies| self.browser(login.saml.ca_bundle.as_deref(), cookies);
        let sign_in = SignIn {
            saving,
            ..self.sign_in(login, &client)
        };
        if saving == Saving::Save {
            self.may_save(&login.idp.name, login.saml)?;
        }
        let turn = sign_in.turn(Patience::UntilDone)?;
        let (assertion, http) = sign_in.run(&turn, Patience::UntilDone, Heed::Nothing)?;
        // The turn is held to the end: whoever waits for it is to find the credentials, also where
        // the session could not be kept.
        let given = Given::Assertion {
            login,
            response: asking::read(login, &assertion)?,
            assertion: &assertion,
        };
        Ok(together::fetch(self, &given, routes, &http, sts, progress))
    }

    /// The same for IAM Identity Center, where one signs in also without any profile.
    fn login_to_center(
        &self,
        login: CenterLogin<'_>,
        saving: Saving,
        sts: &StsPlace,
        progress: &dyn Fn(usize, usize),
    ) -> Result<LoginResults, CredentialError> {
        let idp = login.idp;
        if saving == Saving::Save {
            return Err(CredentialError::NothingToSave {
                idp: idp.clone(),
                why: "one signs in to it in a browser",
            });
        }
        let mut routes: Vec<Route<'_>> = Vec::new();
        for profile in self.model.profiles.values() {
            if self.model.idp_of(profile) == Some(idp) {
                routes.push(self.route(profile.name.as_str(), sts)?);
            }
        }
        let (http, place) = (self.http_of(login.center), self.center_place()?);
        let center = self.center(login, &place, &http, Watched::Yes);
        let turn = center.turn(Patience::UntilDone)?;
        let mut refused: Vec<SecretString> = Vec::new();
        loop {
            let token = center.run(&turn, Patience::UntilDone, Heed::Nothing, &refused)?;
            let region = &login.center.region;
            let portal = Portal::new(&http, region, place.portal.as_ref(), LONGEST_CALL);
            let given = Given::Token {
                idp,
                portal: portal.map_err(|source| center.failed(source))?,
                pace: Pace::default(),
                token: &token,
            };
            let results = together::fetch(self, &given, &routes, &http, sts, progress);
            let is_over = |(_, found): &(_, Result<_, CredentialError>)| {
                found.as_ref().is_err_and(CredentialError::is_of_the_token)
            };
            // A new sign-in gave it, or others are refused like this one.
            if self.may_ask || refused.len() == MOST_REFUSED || !results.iter().any(is_over) {
                return Ok(results);
            }
            refused.push(token);
        }
    }

    /// The ways of every profile that starts at an identity provider.
    pub(super) fn routes_of(
        &self,
        idp: &IdpName,
        sts: &StsPlace,
    ) -> Result<Vec<Route<'_>>, CredentialError> {
        let profiles = self.model.profiles.values();
        profiles
            .filter(|profile| self.model.idp_of(profile) == Some(idp))
            .map(|profile| self.route(profile.name.as_str(), sts))
            .collect()
    }

    /// Before anybody types a password that could not be saved, or would never be used.
    fn may_save(&self, idp: &IdpName, saml: &SamlLogin) -> Result<(), CredentialError> {
        let why = if matches!(saml.way, SamlWay::Command { .. }) {
            "its command signs in by itself"
        } else if saml.password_command.is_some() {
            "its password_command answers for it"
        } else if !self.entries.keeps() {
            "[settings] store = \"none\" keeps nothing"
        } else {
            return self
                .entries
                .open_keyring()
                .map_err(|error| CredentialError::NotSaved {
                    idp: idp.clone(),
                    source: error.into(),
                });
        };
        Err(CredentialError::NothingToSave {
            idp: idp.clone(),
            why,
        })
    }
}

/// The ways by the login that they start with, which may be one for each partition.
pub(super) fn by_login(routes: Vec<Route<'_>>) -> Vec<Vec<Route<'_>>> {
    let mut logins: Vec<(Key, Vec<Route<'_>>)> = Vec::new();
    for route in routes {
        let Some(login) = route.login() else { continue };
        let key = sign_in::key(login);
        match logins.iter_mut().find(|(other, _)| *other == key) {
            Some((_, routes)) => routes.push(route),
            None => logins.push((key, vec![route])),
        }
    }
    logins.into_iter().map(|(_, routes)| routes).collect()
}
