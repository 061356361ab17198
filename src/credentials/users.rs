//! Credentials that are not fedgit's to give: of a profile of the user's own, or of the environment,
//! as any AWS tool would find them. Keys and what a program prints are never kept; a role's session
//! is, as for every role.

use crate::config::env as names;
use crate::format::process;
use crate::model::{
    Credentials, IdentityCenter, Keys, Partition, ProfileName, Region, SecretString, Timestamp,
};
use crate::sys::env::Env;

use super::center::{Center, CenterError, Portal};
use super::existing::{AtPortal, Start};
use super::key::Key;
use super::manner::Patience;
use super::obtain::Obtain;
use super::own;
use super::pace::Pace;
use super::route::{CenterLogin, NoRoute, of_own};
use super::{Broker, CredentialError, ForgetError, Watched};

/// The year 9999: the keys of an IAM user do not end.
const NEVER: i64 = 253_402_300_799;

impl Broker<'_> {
    /// The credentials of a profile that `~/.aws/config` or `~/.aws/credentials` has.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub fn of_own_profile(&self, profile: &ProfileName) -> Result<Credentials, CredentialError> {
        let no_way = |source| {
            CredentialError::from(NoRoute::Existing {
                profile: profile.clone(),
                source,
            })
        };
        let way = self.own.sdk_way(self.env, profile).map_err(no_way)?;
        let Some(last) = way.links.last() else {
            return self.of_start(profile, &way.start, Patience::UntilDone);
        };
        let partition = last.role.partition();
        let region = region(self.env, partition);
        let sts = self.sts_place()?;
        // There is a link, and so a role.
        let center = self.center_place()?;
        let route = of_own(way, &region, &sts, &center).ok_or_else(|| NoRoute::NoRole {
            profile: profile.clone(),
        })?;
        let obtain = Obtain {
            broker: self,
            route: &route,
            sts: &sts,
            patience: Patience::UntilDone,
        };
        Ok(obtain.end_of_or_valid(&route.chain)?.credentials)
    }

    /// The credentials that a way starts with, for a profile at its end.
    pub(super) fn of_start(
        &self,
        profile: &ProfileName,
        start: &Start,
        patience: Patience,
    ) -> Result<Credentials, CredentialError> {
        match start {
            Start::Keys { keys, .. } | Start::Environment(keys) => Ok(unending(keys.clone())),
            Start::Process {
                profile: source_profile,
                command,
            } => own::run(command)
                .map(unending)
                .map_err(|source| CredentialError::NoKeys {
                    profile: profile.clone(),
                    source_profile: source_profile.clone(),
                    source,
                }),
            Start::Portal(at) => self.of_portal(&at.profile, at.clone(), patience),
        }
    }
}

impl Broker<'_> {
    /// Of IAM Identity Center, by the token that whoever signed in has left, renewed where it is due as
    /// boto3 does. Nobody is asked to sign in, and no credentials are kept: the session is the AWS CLI's.
    fn of_portal(
        &self,
        profile: &ProfileName,
        at: AtPortal,
        patience: Patience,
    ) -> Result<Credentials, CredentialError> {
        let instance = IdentityCenter {
            start_url: at.start_url,
            region: at.region,
            by_device_code: false,
            native: false,
            ca_bundle: None,
            declared_in: None,
        };
        let login = CenterLogin {
            idp: &at.session,
            center: &instance,
        };
        let (http, place) = (self.http_of(&instance), self.center_place()?);
        let center = Center {
            may_ask: false,
            ..self.center(login, &place, &http, Watched::No)
        };
        let region = &instance.region;
        let limit = patience.longest_call();
        let portal = Portal::new(&http, region, place.portal.as_ref(), limit);
        let portal = portal.map_err(|source| center.failed(source))?;
        let pace = Pace::within(limit);
        let ask = |token: &SecretString| {
            let ask = async || {
                let (account, permission_set) = (&at.account, &at.permission_set);
                portal.credentials(token, account, permission_set).await
            };
            let given = http.block_on(pace.ask(ask)).map_err(CenterError::from);
            given
                .and_then(|given| given)
                .map_err(|source| CredentialError::Permission {
                    profile: profile.clone(),
                    idp: at.session.clone(),
                    what: format!("{} in {}", at.permission_set, at.account),
                    source: Box::new(source),
                })
        };
        let given = center.with_token(patience, || None, ask);
        given.map_err(|error| match error.is_for_a_person() {
            true => CredentialError::SignedOut {
                profile: profile.clone(),
            },
            false => error,
        })
    }

    /// Forgets the credentials of a declared profile that AWS refused, if these are the ones that are
    /// kept; whether they were. The login that gave them is not in doubt.
    ///
    /// # Errors
    /// What the file system says, or the keychain.
    pub fn drop_refused(
        &self,
        profile: &ProfileName,
        access_key_id: &str,
    ) -> Result<bool, ForgetError> {
        let route = self.route(profile.as_str(), &self.sts_place()?)?;
        self.drop_if(&route.last().key, access_key_id)
    }

    /// The same for a profile of the user's own. Its keys are the user's; only a role's are kept.
    ///
    /// # Errors
    /// As of [`Broker::drop_refused`].
    pub fn drop_own(
        &self,
        profile: &ProfileName,
        access_key_id: &str,
    ) -> Result<bool, ForgetError> {
        let Ok(way) = self.own.sdk_way(self.env, profile) else {
            return Ok(false);
        };
        let region = region(self.env, Partition::Aws);
        match of_own(way, &region, &self.sts_place()?, &self.center_place()?) {
            Some(route) => self.drop_if(&route.last().key, access_key_id),
            None => Ok(false),
        }
    }

    fn drop_if(&self, key: &Key, access_key_id: &str) -> Result<bool, ForgetError> {
        let kept = self.cache().get(key);
        if kept.is_none_or(|entry| entry.credentials.access_key_id != access_key_id) {
            return Ok(false);
        }
        Ok(self.cache().forget(key)?)
    }
}

/// Why the keys in the environment are not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// Half of a pair.
    #[error("it is not set beside AWS_ACCESS_KEY_ID")]
    NoSecret,
    /// Their end cannot be read.
    #[error("it is not a time like 2030-01-31T12:00:00Z")]
    Expiration,
    /// Their end has come.
    #[error("the keys in the environment ended at {0}")]
    Ended(Timestamp),
}

/// The keys in the environment, as botocore reads them; `None` where there are none.
///
/// # Errors
/// [`BadKeys`].
pub fn of_environment(env: &Env, now: Timestamp) -> Result<Option<Credentials>, BadKeys> {
    let id = env.text(names::AWS_ACCESS_KEY_ID);
    let secret = env.text(names::AWS_SECRET_ACCESS_KEY);
    let (access_key_id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id, secret),
        (None, _) => return Ok(None),
        (Some(_), None) => return Err(BadKeys::NoSecret),
    };
    let expiration = match env.text(names::AWS_CREDENTIAL_EXPIRATION) {
        Some(text) => process::expiration(&text).ok_or(BadKeys::Expiration)?,
        None => Timestamp::from_unix(NEVER),
    };
    if expiration <= now {
        return Err(BadKeys::Ended(expiration));
    }
    let token = [names::AWS_SECURITY_TOKEN, names::AWS_SESSION_TOKEN]
        .into_iter()
        .find_map(|name| env.text(name));
    let keys = Keys {
        access_key_id,
        secret_access_key: secret.into(),
        session_token: token.map(SecretString::from),
    };
    Ok(Some(Credentials {
        expiration,
        ..unending(keys)
    }))
}

fn unending(keys: Keys) -> Credentials {
    Credentials {
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key,
        session_token: keys.session_token.unwrap_or_default(),
        expiration: Timestamp::from_unix(NEVER),
        account: None,
    }
}

/// Where STS is asked, where the profile does not say.
fn region(env: &Env, partition: Partition) -> Region {
    [names::AWS_REGION, names::AWS_DEFAULT_REGION]
        .into_iter()
        .find_map(|name| env.text(name)?.parse().ok())
        .filter(|region: &Region| region.partition() == partition)
        .unwrap_or_else(|| partition.default_region())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_the_environment_end_when_it_says_so() {
        let now = Timestamp::parse_rfc3339("2026-01-01T00:00:00Z").unwrap();
        let read = |end: &str| {
            let keys = [
                ("AWS_ACCESS_KEY_ID", "AKID"),
                ("AWS_SECRET_ACCESS_KEY", "s"),
            ];
            let end = [("AWS_CREDENTIAL_EXPIRATION", end)];
            of_environment(&Env::fixed(keys.into_iter().chain(end)), now)
        };
        let until = |end: &str| read(end).unwrap().unwrap().expiration.to_string();
        assert_eq!(until("2026-01-01T00:01:00Z"), "2026-01-01T00:01:00Z");
        assert_eq!(until("2026-01-01T02:01:00+0200"), "2026-01-01T00:01:00Z");
        assert_eq!(until(""), "9999-12-31T23:59:59Z");
        assert_eq!(
            read("2026-01-01T00:00:00Z").unwrap_err(),
            BadKeys::Ended(now)
        );
        assert_eq!(read("tomorrow").unwrap_err(), BadKeys::Expiration);
    }
}
