//! STS: an assertion for a role's credentials, or credentials for the next role's. The only file
//! that knows the AWS SDK.

use std::fmt::Display;
use std::time::Duration;

use aws_sdk_sts::config::{
    BehaviorVersion, Credentials as SdkCredentials, Region as SdkRegion,
    StalledStreamProtectionConfig,
};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::types::{Credentials as StsCredentials, PolicyDescriptorType, Tag};
use aws_sdk_sts::{Client, Config};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::format::printable::printable;
use crate::model::{
    Assertion, Assume, Credentials, Keys, Region, RoleArn, SessionDuration, Target, Timestamp,
};
use crate::sys::http::{Http, WebError};

use super::connector::Connector;
use super::pace;
use super::route::StsPlace;
use super::skew::Skew;

/// How often a throttled or failed call is made in all where the SDK repeats it; it waits longer each
/// time.
const ATTEMPTS: u32 = 4;

/// Who makes a throttled or failed call again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// The SDK, which knows of this call alone.
    Sdk,
    /// Nobody in here: a [`pace::Pace`], which knows of the others.
    Pace,
}

/// How long a call may take with its repetitions: a service that hangs, or that answers one byte at a
/// time, is not to be waited for four times over.
pub(super) const LONGEST_CALL: Duration = Duration::from_secs(60);

/// STS of one region. Its calls must be run by the [`Http`] that it was made with.
pub(super) struct Sts {
    client: Client,
    region: Region,
    skew: Skew,
}

/// Who credentials are, in STS's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account: String,
    /// The session's ARN: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    pub arn: String,
    /// The unique identifier, which a new role of the same name would not have.
    pub user_id: String,
}

/// Why STS gave no credentials.
#[derive(Debug, thiserror::Error)]
pub enum StsError {
    /// STS answered, and said no.
    #[error("STS refused {role}: {code}: {message}")]
    Refused {
        /// The role.
        role: String,
        /// STS's error code.
        code: String,
        /// STS's own words.
        message: String,
    },
    /// STS answered that it cannot now.
    #[error("STS in {region} could not serve {role}: {code}: {message}")]
    Busy {
        /// The role.
        role: String,
        /// The region.
        region: Region,
        /// STS's error code.
        code: String,
        /// STS's own words.
        message: String,
        /// Whether it was asked too often.
        throttled: bool,
    },
    /// No answer, or none that could be read.
    #[error("no answer from STS in {region}: {why}")]
    Unreachable {
        /// The region.
        region: Region,
        /// The chain of causes.
        why: String,
        /// Whether the next try may get through.
        passing: bool,
    },
    /// Nothing can be sent at all.
    #[error(transparent)]
    Web(#[from] WebError),
}

impl StsError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { code, message, .. } => match code.as_str() {
                "ExpiredTokenException" | "ExpiredToken" => Some(
                    "what was sent was too old when it arrived: check this machine's clock, and try again"
                        .to_owned(),
                ),
                "ValidationError" if message.contains("MaxSessionDuration") => Some(
                    "set a shorter session_duration for this role, or ask its owner for a longer maximum"
                        .to_owned(),
                ),
                "AccessDenied" if message.contains("MultiFactorAuthentication") => Some(
                    "the code was not that of mfa_serial, or was used before: wait for the next one, \
                     and try again"
                        .to_owned(),
                ),
                "AccessDenied" => Some(
                    "the role's trust policy does not let this login in: ask its owner".to_owned(),
                ),
                "InvalidClientTokenId" | "SignatureDoesNotMatch" => Some(
                    "AWS does not know the keys that this role starts from: mend them in \
                     ~/.aws/credentials; the credentials in the cache may have been revoked: for new \
                     ones: fedgit logout, then try again"
                        .to_owned(),
                ),
                "InvalidIdentityToken" => Some(
                    "the account does not trust this identity provider's signature: its IAM SAML \
                     provider may need the current metadata"
                        .to_owned(),
                ),
                _ => None,
            },
            Self::Busy { .. } => Some("try again in a minute".to_owned()),
            Self::Web(web) => web.hint().map(str::to_owned),
            Self::Unreachable { .. } => Some(
                "check the network, HTTPS_PROXY and, where a proxy inspects TLS, AWS_CA_BUNDLE".to_owned(),
            ),
        }
    }
}

impl pace::Failure for StsError {
    fn is_throttling(&self) -> bool {
        matches!(
            self,
            Self::Busy {
                throttled: true,
                ..
            }
        )
    }

    fn is_passing(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Unreachable { passing, .. } => *passing,
            Self::Web(web) => web.is_passing(),
            Self::Refused { .. } => false,
        }
    }
}

impl Sts {
    /// STS of a region, or at the endpoint that the user named. A call takes no longer than `limit`
    /// with the SDK's repetitions.
    ///
    /// # Errors
    /// Where the endpoint is plain http beyond this machine, or no certificates can be read.
    pub(super) fn new(
        http: &Http,
        region: &Region,
        place: &StsPlace,
        limit: Duration,
        repeats: Repeats,
    ) -> Result<Self, StsError> {
        let client = http.plain(&address(region, place)?)?;
        let skew = Skew::default();
        let retry = match repeats {
            Repeats::Sdk => RetryConfig::standard().with_max_attempts(ATTEMPTS),
            Repeats::Pace => RetryConfig::disabled(),
        };
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::new(region.as_str().to_owned()))
            .retry_config(retry)
            // It looks at bodies that are streams; ours come whole, and it would take any answer of
            // more than five seconds for none. The client's own limits and the one below do its work.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(limit).build())
            .http_client(Connector::new(client, skew.clone()));
        if let Some(endpoint) = &place.0 {
            config = config.endpoint_url(endpoint.as_str());
        }
        let client = Client::from_conf(config.build());
        Ok(Self {
            client,
            region: region.clone(),
            skew,
        })
    }

    /// What a person should know of this machine's clock, once STS has answered.
    pub(super) fn clock(&self) -> Option<String> {
        self.skew.told()
    }

    /// AssumeRoleWithSAML.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html>
    ///
    /// # Errors
    /// [`StsError`].
    pub(super) async fn assume_with_saml(
        &self,
        assertion: &Assertion,
        role: &RoleArn,
        provider: &str,
        duration: SessionDuration,
        with: &Assume,
    ) -> Result<Credentials, StsError> {
        let call = self
            .client
            .assume_role_with_saml()
            .role_arn(role.as_str())
            .principal_arn(provider)
            .saml_assertion(assertion.expose())
            .set_policy(with.policy.clone())
            .set_policy_arns(policies(with))
            .duration_seconds(i32::try_from(duration.seconds()).unwrap_or(3600))
            .send();
        let answer = call.await.map_err(|e| self.error(role, &e))?;
        self.credentials(role, answer.credentials)
    }

    /// AssumeRole with an IAM user's keys, or another role's: role chaining. `code` is that of the
    /// MFA device.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    ///
    /// # Errors
    /// [`StsError`].
    pub(super) async fn assume(
        &self,
        source: &Keys,
        role: &RoleArn,
        session_name: &str,
        duration: SessionDuration,
        with: &Assume,
        code: Option<&SecretString>,
    ) -> Result<Credentials, StsError> {
        let call = self
            .signing_with(source)
            .assume_role()
            .role_arn(role.as_str())
            .role_session_name(session_name)
            .set_serial_number(code.and(with.mfa_serial.clone()))
            .set_token_code(code.map(|code| code.expose_secret().to_owned()))
            .set_external_id(with.external_id.clone())
            .set_source_identity(with.source_identity.clone())
            .set_tags(tags(with))
            .set_transitive_tag_keys(some(with.transitive_tags.iter().cloned().collect()))
            .set_policy(with.policy.clone())
            .set_policy_arns(policies(with))
            .duration_seconds(i32::try_from(duration.seconds()).unwrap_or(3600))
            .send();
        let answer = call.await.map_err(|e| self.error(role, &e))?;
        self.credentials(role, answer.credentials)
    }

    /// GetCallerIdentity, with the credentials of a role.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
    ///
    /// # Errors
    /// [`StsError`].
    pub(super) async fn caller(
        &self,
        credentials: &Credentials,
        role: &Target,
    ) -> Result<Identity, StsError> {
        let call = self
            .signing_with(&credentials.into())
            .get_caller_identity()
            .send();
        let answer = call.await.map_err(|e| self.error(role, &e))?;
        match (answer.account, answer.arn, answer.user_id) {
            (Some(account), Some(arn), Some(user_id)) => Ok(Identity {
                account,
                arn,
                user_id,
            }),
            _ => Err(StsError::Unreachable {
                region: self.region.clone(),
                why: "the answer does not say who it is about".to_owned(),
                passing: false,
            }),
        }
    }

    fn signing_with(&self, keys: &Keys) -> Client {
        let credentials = SdkCredentials::new(
            keys.access_key_id.clone(),
            keys.secret_access_key.expose_secret(),
            keys.session_token
                .as_ref()
                .map(|token| token.expose_secret().to_owned()),
            None,
            "fedgit",
        );
        let config = self.client.config().to_builder();
        Client::from_conf(config.credentials_provider(credentials).build())
    }

    fn credentials(
        &self,
        role: &RoleArn,
        answer: Option<StsCredentials>,
    ) -> Result<Credentials, StsError> {
        let answer = answer.ok_or_else(|| StsError::Unreachable {
            region: self.region.clone(),
            why: "the answer holds no credentials".to_owned(),
            passing: false,
        })?;
        let secrets = [&answer.secret_access_key, &answer.session_token];
        let whole = |text: &&String| !text.is_empty() && !text.chars().any(char::is_control);
        if !secrets.iter().all(whole) || !whole(&&answer.access_key_id) {
            return Err(StsError::Unreachable {
                region: self.region.clone(),
                why: "the answer's credentials are not whole".to_owned(),
                passing: false,
            });
        }
        Ok(Credentials {
            expiration: Timestamp::from_unix(answer.expiration.secs()),
            access_key_id: answer.access_key_id,
            secret_access_key: SecretString::from(answer.secret_access_key),
            session_token: SecretString::from(answer.session_token),
            account: Some(role.account().clone()),
        })
    }

    /// Never with the SDK's Debug text: that holds the request, and so the assertion.
    fn error<E>(&self, role: &dyn Display, error: &SdkError<E>) -> StsError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let Some(service) = error.as_service_error() else {
            return match web_error(error) {
                Some(web) => StsError::Web(web),
                None => StsError::Unreachable {
                    region: self.region.clone(),
                    why: causes(error),
                    passing: is_passing(error),
                },
            };
        };
        let role = role.to_string();
        let status = error
            .raw_response()
            .map_or(0, |response| response.status().as_u16());
        if service.code().is_none() {
            return StsError::Unreachable {
                region: self.region.clone(),
                why: format!("what came back (HTTP {status}) is not an answer of STS's"),
                passing: status >= 500 || status == 429,
            };
        }
        let code = printable(service.code().unwrap_or("an error without a code"), 200);
        let message = printable(service.message().unwrap_or("no message"), 1000);
        let throttled = status == 429 || code.contains("Throttl") || code == "RequestLimitExceeded";
        if throttled || status >= 500 {
            StsError::Busy {
                role,
                region: self.region.clone(),
                code,
                message,
                throttled,
            }
        } else {
            StsError::Refused {
                role,
                code,
                message,
            }
        }
    }
}

fn policies(with: &Assume) -> Option<Vec<PolicyDescriptorType>> {
    let policy = |arn: &String| PolicyDescriptorType::builder().arn(arn).build();
    some(with.policy_arns.iter().map(policy).collect())
}

fn tags(with: &Assume) -> Option<Vec<Tag>> {
    // Both parts are there, so every tag is built.
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().ok();
    some(with.tags.iter().filter_map(tag).collect())
}

/// An empty list is left out.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// Where STS of a region is, to choose the client by: the SDK finds its endpoint by its own rules,
/// and only whether that is this machine makes a difference here.
fn address(region: &Region, place: &StsPlace) -> Result<Url, StsError> {
    if let Some(endpoint) = &place.0 {
        return Ok(endpoint.clone());
    }
    let host = format!("https://sts.{region}.{}", region.partition().dns_suffix());
    Url::parse(&host).map_err(|e| StsError::Unreachable {
        region: region.clone(),
        why: e.to_string(),
        passing: false,
    })
}

/// Whether it was on its way that a call failed, and the next one may get through.
pub(super) fn is_passing<E, R>(error: &SdkError<E, R>) -> bool {
    matches!(
        error,
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_)
    )
}

/// Our own connector's error, from under the SDK's.
pub(super) fn web_error(error: &(dyn std::error::Error + 'static)) -> Option<WebError> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if let Some(web) = inner.downcast_ref::<WebError>() {
            return Some(web.clone());
        }
        cause = inner.source();
    }
    None
}

/// The chain of causes in one line.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = inner.source();
    }
    text
}
