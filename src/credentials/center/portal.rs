//! The portal: accounts, permission sets and credentials for a token.
//! <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/>

use std::time::Duration;

use aws_sdk_sso::config::{BehaviorVersion, Region as SdkRegion, StalledStreamProtectionConfig};
use aws_sdk_sso::{Client, Config};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::error::CenterError;
use super::oidc::{address, told};
use crate::credentials::connector::Connector;
use crate::credentials::skew::Skew;
use crate::format::printable::printable;
use crate::model::{AccountId, Credentials, Region, Timestamp, permission_set};
use crate::sys::http::Http;

/// The most that the service gives at once.
const PAGE: i32 = 100;

/// The portal of one instance. Its calls must be run by the [`Http`] that it was made with.
pub(in crate::credentials) struct Portal {
    client: Client,
    region: Region,
}

/// An account that the portal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The twelve digits.
    pub id: AccountId,
    /// What its owner calls it, fit to print.
    pub name: String,
    /// Its owner's address, fit to print.
    pub email: Option<String>,
}

/// A permission set in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Where.
    pub account: Account,
    /// Its name.
    pub permission_set: String,
}

/// Some of a list, and what leads on to the next.
pub(in crate::credentials) struct Part<T> {
    pub(in crate::credentials) items: Vec<T>,
    pub(in crate::credentials) next: Option<String>,
}

impl Portal {
    /// The portal of a region, or at the endpoint that the user named. A question takes `limit` at
    /// most.
    pub(in crate::credentials) fn new(
        http: &Http,
        region: &Region,
        place: Option<&Url>,
        limit: Duration,
    ) -> Result<Self, CenterError> {
        let client = http.plain_of_idp(&address("portal.sso", region, place)?)?;
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::new(region.as_str().to_owned()))
            // What came to nothing is asked again in `pace`, which knows of the others.
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(limit).build())
            .http_client(Connector::new(client, Skew::default()));
        if let Some(endpoint) = place {
            config = config.endpoint_url(endpoint.as_str());
        }
        Ok(Self {
            client: Client::from_conf(config.build()),
            region: region.clone(),
        })
    }

    /// GetRoleCredentials.
    pub(in crate::credentials) async fn credentials(
        &self,
        token: &SecretString,
        account: &AccountId,
        permission_set: &str,
    ) -> Result<Credentials, CenterError> {
        let what = "give credentials";
        let answer = self
            .client
            .get_role_credentials()
            .access_token(token.expose_secret())
            .account_id(account.as_str())
            .role_name(permission_set)
            .send()
            .await
            .map_err(|e| told(what, &self.region, &e))?;
        let whole = |text: Option<String>| {
            text.filter(|text| !text.is_empty() && !text.chars().any(char::is_control))
        };
        let given = answer.role_credentials.and_then(|given| {
            Some(Credentials {
                access_key_id: whole(given.access_key_id)?,
                secret_access_key: SecretString::from(whole(given.secret_access_key)?),
                session_token: SecretString::from(whole(given.session_token)?),
                // Milliseconds.
                expiration: Timestamp::from_unix(given.expiration / 1000),
                account: Some(account.clone()),
            })
        });
        given.ok_or_else(|| self.unreadable("the answer's credentials are not whole"))
    }

    /// ListAccounts, a page of it. What is no account is passed over.
    pub(in crate::credentials) async fn accounts(
        &self,
        token: &SecretString,
        from: Option<&str>,
    ) -> Result<Part<Account>, CenterError> {
        let answer = self
            .client
            .list_accounts()
            .access_token(token.expose_secret())
            .max_results(PAGE)
            .set_next_token(from.map(str::to_owned))
            .send()
            .await
            .map_err(|e| told("list accounts", &self.region, &e))?;
        let items = answer.account_list.unwrap_or_default();
        let items = items.into_iter().filter_map(|account| {
            let id: AccountId = account.account_id?.parse().ok()?;
            let email = account.email_address.map(|email| printable(&email, 254));
            Some(Account {
                name: printable(&account.account_name.unwrap_or_default(), 100),
                email: email.filter(|email| !email.is_empty()),
                id,
            })
        });
        Ok(Part {
            items: items.collect(),
            next: answer.next_token.filter(|next| !next.is_empty()),
        })
    }

    /// ListAccountRoles, a page of it. Names that no permission set has are passed over.
    pub(in crate::credentials) async fn permission_sets(
        &self,
        token: &SecretString,
        account: &AccountId,
        from: Option<&str>,
    ) -> Result<Part<String>, CenterError> {
        let answer = self
            .client
            .list_account_roles()
            .access_token(token.expose_secret())
            .account_id(account.as_str())
            .max_results(PAGE)
            .set_next_token(from.map(str::to_owned))
            .send()
            .await
            .map_err(|e| told("list permission sets", &self.region, &e))?;
        let items = answer.role_list.unwrap_or_default();
        let is_name = |name: &String| permission_set(name).is_ok();
        let items = items.into_iter().filter_map(|role| role.role_name);
        Ok(Part {
            items: items.filter(is_name).collect(),
            next: answer.next_token.filter(|next| !next.is_empty()),
        })
    }

    /// Logout: the token opens nothing any more.
    pub(in crate::credentials) async fn log_out(
        &self,
        token: &SecretString,
    ) -> Result<(), CenterError> {
        let sent = self.client.logout().access_token(token.expose_secret());
        match sent.send().await {
            Ok(_) => Ok(()),
            Err(e) => Err(told("end the session", &self.region, &e)),
        }
    }

    pub(in crate::credentials) fn unreadable(&self, why: &str) -> CenterError {
        CenterError::Unreachable {
            region: self.region.clone(),
            why: why.to_owned(),
            passing: false,
        }
    }
}
