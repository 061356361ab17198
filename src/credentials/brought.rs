//! A login whose response a person brings: from a browser anywhere, by its tools.

use url::Url;

use crate::login::browser::admit;
use crate::login::{FlowError, LoginError};
use crate::model::{Assertion, IdpName};

use super::error::CredentialError;
use super::route::{Login, Route, StsPlace};
use super::sign_in::Patience;
use super::together::{self, Given};
use super::{Broker, LoginResults, asking};

impl Broker<'_> {
    /// Where a person signs in to get a response; `None` where nothing declares an address.
    ///
    /// # Errors
    /// [`CredentialError::NoRoute`], and where no SAML request can be made up.
    pub fn sign_on_address(&self, idp: &IdpName) -> Result<Option<Url>, CredentialError> {
        let sts = self.sts_place()?;
        let routes = self.routes_of(idp, &sts)?;
        let Some(login) = routes.first().and_then(Route::login) else {
            return Ok(None);
        };
        let client = |cookies| self.browser(None, cookies);
        let address = self.sign_in(login, &client).address();
        address.map_err(|error| failed(login, error))
    }

    /// Gets credentials of every profile whose way starts at this identity provider by a response that
    /// somebody brought, and keeps it as after any login.
    ///
    /// # Errors
    /// [`CredentialError`] where it is not for these roles; what single profiles came to is in the list.
    pub fn login_by(
        &self,
        idp: &IdpName,
        assertion: Assertion,
        progress: &dyn Fn(usize, usize),
    ) -> Result<LoginResults, CredentialError> {
        let sts = self.sts_place()?;
        let routes = self.routes_of(idp, &sts)?;
        let Some(login) = routes.first().and_then(Route::login) else {
            return Ok(Vec::new());
        };
        let response = asking::read(login, &assertion)?;
        let admitted = admit(&response, None, &self.partitions(idp));
        admitted.map_err(|error| failed(login, error))?;
        let client = |cookies| self.browser(login.saml.ca_bundle.as_deref(), cookies);
        let sign_in = self.sign_in(login, &client);
        let _turn = sign_in.turn(Patience::UntilDone)?;
        let http = sign_in.brought(&assertion);
        let given = Given::Assertion {
            login,
            response,
            assertion: &assertion,
        };
        Ok(together::fetch(
            self, &given, &routes, &http, &sts, progress,
        ))
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
}

fn failed(login: Login<'_>, error: FlowError) -> CredentialError {
    CredentialError::Login {
        idp: login.idp.name.clone(),
        source: LoginError::from(error),
    }
}
