//! A login whose response a person brings: from a browser anywhere, by its tools.

use url::Url;

use crate::login::browser::admit;
use crate::login::{FlowError, LoginError};
use crate::model::{Assertion, IdpName, Partition};

use super::at_once::by_login;
use super::error::CredentialError;
use super::manner::Patience;
use super::route::{Login, Route};
use super::together::{self, Given};
use super::{Broker, LoginResults, asking};

impl Broker<'_> {
    /// Where a person signs in to get a response: an address for each login that there is, with its
    /// partition. None where nothing declares one.
    ///
    /// # Errors
    /// [`CredentialError::NoRoute`], and where no SAML request can be made up.
    pub fn sign_on_addresses(
        &self,
        idp: &IdpName,
    ) -> Result<Vec<(Partition, Url)>, CredentialError> {
        let sts = self.sts_place()?;
        let client = |cookies| self.browser(None, cookies);
        let mut addresses = Vec::new();
        for routes in by_login(self.routes_of(idp, &sts)?) {
            let Some(login) = routes.first().and_then(Route::login) else {
                continue;
            };
            let address = self.sign_in(login, &client).address();
            if let Some(address) = address.map_err(|error| failed(login, error))? {
                addresses.push((login.partition, address));
            }
        }
        Ok(addresses)
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
        let mut logins = by_login(self.routes_of(idp, &sts)?);
        let Some(login) = logins.first().and_then(|routes| routes.first()?.login()) else {
            return Ok(Vec::new());
        };
        let response = asking::read(login, &assertion)?;
        let admitted = admit(&response, None, &self.partitions(idp));
        admitted.map_err(|error| failed(login, error))?;
        // Where each partition has a login of its own, the response is that of one.
        let partition = response.roles.first().map(|(role, _)| role.partition());
        let is_its = |routes: &Vec<Route<'_>>| {
            let login = routes.first().and_then(Route::login);
            login.is_some_and(|login| Some(login.partition) == partition)
        };
        let at = logins.iter().position(is_its).unwrap_or(0);
        let routes = logins.swap_remove(at);
        let login = routes.first().and_then(Route::login).unwrap_or(login);
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
}

fn failed(login: Login<'_>, error: FlowError) -> CredentialError {
    CredentialError::Login {
        idp: login.idp.name.clone(),
        source: LoginError::from(error),
    }
}
