//! Who a profile's credentials are, in STS's own words.

use super::exchange::{LONGEST_CALL, Repeats, Sts};
use super::{Broker, CredentialError};

pub use super::exchange::Identity;

impl Broker<'_> {
    /// Asks STS with the profile's credentials.
    ///
    /// # Errors
    /// [`CredentialError`]: where there are none, or STS does not take them.
    pub fn identity(&self, profile: &str) -> Result<Identity, CredentialError> {
        let found = self.get(profile)?;
        let place = self.sts_place()?;
        let route = self.route(profile, &place)?;
        let hop = route.last();
        let failed = |source| CredentialError::Identity {
            profile: hop.profile.clone(),
            source: Box::new(source),
        };
        let http = self.http();
        let sts =
            Sts::new(&http, &hop.region, &place, LONGEST_CALL, Repeats::Sdk).map_err(failed)?;
        http.block_on(sts.caller(&found.credentials, &hop.role))
            .map_err(|e| failed(e.into()))?
            .map_err(failed)
    }
}
