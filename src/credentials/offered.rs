//! The roles that a login offers, whether declared or not.

use crate::model::{Idp, Partition, RoleArn, SamlLogin, Source, Target};

use super::aliases::Aliases;
use super::error::CredentialError;
use super::manner::{Heed, Patience};
use super::route::Login;
use super::{Broker, asking};

impl Broker<'_> {
    /// The roles in the assertion that is kept, else in one of a new login, each once and in order, with
    /// the aliases of their accounts as far as IAM tells them. `progress` is told how many of how many
    /// accounts were asked about.
    ///
    /// The page that knows all aliases at once is one of AWS sign-in, where the assertion would have to
    /// go, and it goes to STS alone.
    ///
    /// # Errors
    /// [`CredentialError`] where the login fails or its response cannot be read.
    pub fn offered(
        &self,
        idp: &Idp,
        saml: &SamlLogin,
        progress: &dyn Fn(usize, usize),
    ) -> Result<(Vec<RoleArn>, Aliases), CredentialError> {
        let login = self.login_without_roles(idp, saml);
        let client = |cookies| self.browser(saml.ca_bundle.as_deref(), cookies);
        let mut sign_in = self.sign_in(login, &client);
        // Whoever asks what there is wants to see it also where nothing of it is declared.
        sign_in.browser.wanted.roles.clear();
        let assertion = match sign_in.kept() {
            Some(kept) => kept,
            None => {
                let turn = sign_in.turn(Patience::UntilDone)?;
                match sign_in.kept() {
                    // Another process logged in meanwhile.
                    Some(kept) => kept,
                    None => {
                        let run = sign_in.run(&turn, Patience::UntilDone, Heed::Failures)?;
                        run.0
                    }
                }
            }
        };
        // It would be kept, and read in vain, as long as STS takes it.
        let response = asking::read(login, &assertion).inspect_err(|_| sign_in.forget_kept())?;
        for unread in &response.unread_roles {
            (self.notes)(&format!(
                "{} offers something else, too: {unread}",
                idp.name
            ));
        }
        let aliases = self.aliases(&response.roles, &assertion, progress);
        let mut roles: Vec<RoleArn> = response.roles.into_iter().map(|(role, _)| role).collect();
        roles.sort();
        roles.dedup();
        Ok((roles, aliases))
    }

    /// A login that no declared role has to start with.
    pub(super) fn login_without_roles<'m>(&self, idp: &'m Idp, saml: &'m SamlLogin) -> Login<'m> {
        Login {
            idp,
            saml,
            partition: self.partition(idp),
        }
    }

    /// The partition of the first role that is declared for it; AWS's first where there is none.
    fn partition(&self, idp: &Idp) -> Partition {
        let of_idp = |source: &Source| matches!(source, Source::Idp(name) if *name == idp.name);
        let mut roles = self.model.profiles.values().filter(|p| of_idp(&p.source));
        roles
            .find_map(|profile| match &profile.target {
                Target::Role(role) => Some(role.partition()),
                Target::PermissionSet { .. } => None,
            })
            .unwrap_or(Partition::ALL[0])
    }
}
