//! A profile's credentials as an address that signs the browser in to the AWS console.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>

mod address;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::config::env as names;
use crate::model::{Credentials, Profile, ProfileName, Region, RepoName, SessionDuration, Source};
use crate::sys::http::{Content, Field, Sending, Verb, WebError};

use super::{Broker, CredentialError, Found};

/// Why there is no address.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// There are no credentials, or the endpoint cannot be used.
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    /// No console can be of a service with such a name.
    #[error("{0:?} is not the name of a service")]
    Service(String),
    /// No answer.
    #[error(transparent)]
    Web(#[from] WebError),
    /// AWS does not take the credentials.
    #[error("{host} refused to sign profile {profile} in to the console (HTTP {status})")]
    Refused {
        /// The profile.
        profile: ProfileName,
        /// Who said so.
        host: String,
        /// The answer's status.
        status: u16,
    },
    /// An answer that is none.
    #[error("what came back from {host} (HTTP {status}) is not an answer of AWS sign-in's")]
    Unreadable {
        /// Who answered.
        host: String,
        /// The answer's status.
        status: u16,
    },
}

/// The shortest session of the console, in seconds.
const SHORTEST: i64 = 900;

/// The credentials, as AWS sign-in wants them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    session_id: &'a str,
    session_key: &'a str,
    session_token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    signin_token: Zeroizing<String>,
}

impl Broker<'_> {
    /// The address that signs a browser in as the profile's role, at a service's console or at the
    /// console's own start. Whoever has it is signed in: it is a secret for the 15 minutes that it
    /// can be used.
    ///
    /// # Errors
    /// [`ConsoleError`].
    pub fn console(
        &self,
        profile: &Profile,
        service: Option<&str>,
    ) -> Result<SecretString, ConsoleError> {
        let path = address::path(service)
            .ok_or_else(|| ConsoleError::Service(service.unwrap_or_default().to_owned()))?;
        self.console_page(profile, &profile.region, &path)
    }

    /// The same for a repository's page.
    ///
    /// # Errors
    /// [`ConsoleError`].
    pub fn repository_page(
        &self,
        profile: &Profile,
        region: &Region,
        repo: &RepoName,
    ) -> Result<SecretString, ConsoleError> {
        let path = format!("codesuite/codecommit/repositories/{repo}/browse");
        self.console_page(profile, region, &path)
    }

    fn console_page(
        &self,
        profile: &Profile,
        region: &Region,
        path: &str,
    ) -> Result<SecretString, ConsoleError> {
        let unusable = |e: url::ParseError| CredentialError::Endpoint {
            variable: "region",
            why: e.to_string(),
        };
        let destination = address::destination(region, path).map_err(unusable)?;
        let federation = match self.endpoint(names::AWS_ENDPOINT_URL_SIGNIN)? {
            Some(endpoint) => address::below(endpoint),
            None => address::federation(&profile.region).map_err(unusable)?,
        };
        let found = self.get(profile.name.as_str())?;
        let session = session(&found.credentials);
        let seconds = length(profile.duration, &found).to_string();
        let mut fields = vec![
            field("Action", "getSigninToken"),
            field("Session", &session),
        ];
        // A chained role's session ends with its credentials; AWS refuses to be asked otherwise.
        if matches!(profile.source, Source::Idp(_)) {
            fields.push(field("SessionDuration", &seconds));
        }
        // In the body: a URL stands in the logs of every proxy on the way.
        let page = self.http().page(Sending {
            verb: Verb::Post,
            url: &federation,
            content: Content::Fields(&fields),
            headers: &[],
            carries_secret: true,
            slow: false,
        })?;
        let host = page.url.host_str().unwrap_or_default().to_owned();
        let status = page.status;
        match status {
            200 => {}
            400..500 => {
                let profile = profile.name.clone();
                return Err(ConsoleError::Refused {
                    profile,
                    host,
                    status,
                });
            }
            _ => return Err(ConsoleError::Unreadable { host, status }),
        }
        match serde_json::from_str::<Answer>(page.body.expose_secret()) {
            Ok(Answer { signin_token }) if !signin_token.is_empty() => {
                Ok(address::sign_in(&federation, &destination, &signin_token))
            }
            _ => Err(ConsoleError::Unreadable { host, status }),
        }
    }
}

/// How long the console's session is to last, in seconds: as declared, and no longer than STS gave the
/// role, whose maximum may be less; AWS takes no less than 15 minutes.
fn length(declared: SessionDuration, found: &Found) -> i64 {
    let granted = found.credentials.expiration.since(found.issued);
    // STS's clock and ours differ by a little, and lengths are whole minutes.
    let granted = (granted + 30) / 60 * 60;
    i64::from(declared.seconds()).min(granted.max(SHORTEST))
}

fn session(credentials: &Credentials) -> Zeroizing<String> {
    let session = Session {
        session_id: &credentials.access_key_id,
        session_key: credentials.secret_access_key.expose_secret(),
        session_token: credentials.session_token.expose_secret(),
    };
    // Strings: serializing cannot fail.
    Zeroizing::new(serde_json::to_string(&session).unwrap_or_default())
}

fn field<'a>(name: &'a str, value: &'a str) -> Field<'a> {
    Field { name, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::key::Key;
    use crate::model::Timestamp;

    #[test]
    fn no_longer_than_sts_gave_the_role() {
        let length = |declared: i64, granted: i64| {
            let issued = Timestamp::from_unix(1_000_000);
            let found = Found {
                credentials: Credentials {
                    access_key_id: "ASIAEXAMPLE".into(),
                    secret_access_key: SecretString::from("s"),
                    session_token: SecretString::from("t"),
                    expiration: issued.plus(granted),
                    account: None,
                },
                key: Key::of("test", &[]),
                issued,
            };
            length(SessionDuration::from_seconds(declared).unwrap(), &found)
        };
        assert_eq!(length(43_200, 3600), 3600);
        assert_eq!(length(3600, 3600), 3600);
        // The clocks, and the way there, are no reason to ask for an odd length.
        assert_eq!(length(3600, 3590), 3600);
        assert_eq!(length(43_200, 3598), 3600);
        assert_eq!(length(3600, 3900), 3600);
        assert_eq!(length(43_200, 60), 900);
    }
}
