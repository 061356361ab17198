//! The sign-in service: registers a client, starts a device's sign-in, and gives tokens.
//! <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/>

use std::time::Duration;

use aws_sdk_ssooidc::config::{
    BehaviorVersion, Region as SdkRegion, StalledStreamProtectionConfig,
};
use aws_sdk_ssooidc::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use aws_sdk_ssooidc::operation::create_token::builders::CreateTokenFluentBuilder;
use aws_sdk_ssooidc::{Client as SdkClient, Config};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::end;
use super::error::CenterError;
use crate::credentials::connector::Connector;
use crate::credentials::exchange::{causes, is_passing, web_error};
use crate::credentials::skew::Skew;
use crate::format::printable::printable;
use crate::format::sso_cache::{Client, Refresh, Registration, Token};
use crate::login::identity_center::{BROWSER_GRANTS, REDIRECT, SCOPE};
use crate::model::{IdentityCenter, IdpName, Region, Timestamp};
use crate::sys::http::Http;

const ATTEMPTS: u32 = 3;
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The sign-in service of one region.
pub(super) struct Oidc<'a> {
    http: &'a Http,
    client: SdkClient,
    region: Region,
    address: Url,
}

/// A device's sign-in. Without Debug on purpose.
pub(super) struct Device {
    code: SecretString,
    pub(super) user_code: String,
    pub(super) page: Url,
    /// With the code in it.
    pub(super) whole_page: Url,
    pub(super) seconds: i32,
    pub(super) interval: i32,
}

/// A token as the service gives it. Without Debug on purpose.
pub(super) struct Grant {
    access: SecretString,
    refresh: Option<SecretString>,
    seconds: i32,
}

/// What came of a question for a device's token.
pub(super) enum Polled {
    Granted(Grant),
    Pending,
    SlowDown,
}

impl Grant {
    /// The token for the cache; the one for a refresh token may come without a new one.
    pub(super) fn token(
        self,
        center: &IdentityCenter,
        before: Option<&Refresh>,
        now: Timestamp,
    ) -> Token {
        let refresh = before.map(|refresh| Refresh {
            token: self
                .refresh
                .clone()
                .unwrap_or_else(|| refresh.token.clone()),
            client: refresh.client.clone(),
        });
        Token {
            start_url: center.start_url.as_str().to_owned(),
            region: center.region.as_str().to_owned(),
            access: self.access,
            expires: end(now, self.seconds),
            refresh,
        }
    }

    /// The same for the first one of a session.
    pub(super) fn first(
        mut self,
        center: &IdentityCenter,
        client: &Client,
        now: Timestamp,
    ) -> Token {
        let refresh = self.refresh.take().map(|token| Refresh {
            token,
            client: client.clone(),
        });
        Token {
            refresh,
            ..self.token(center, None, now)
        }
    }
}

impl<'a> Oidc<'a> {
    /// Of a region, or at the endpoint that the user named. A call takes `limit` at most, with its
    /// repetitions.
    pub(super) fn new(
        http: &'a Http,
        region: &Region,
        place: Option<&Url>,
        limit: Duration,
    ) -> Result<Self, CenterError> {
        let address = address("oidc", region, place)?;
        let client = http.plain_of_idp(&address)?;
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::new(region.as_str().to_owned()))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(limit).build())
            .http_client(Connector::new(client, Skew::default()));
        if let Some(endpoint) = place {
            config = config.endpoint_url(endpoint.as_str());
        }
        Ok(Self {
            http,
            client: SdkClient::from_conf(config.build()),
            region: region.clone(),
            address,
        })
    }

    /// Where its pages are.
    pub(super) fn address(&self) -> &Url {
        &self.address
    }

    /// RegisterClient: for a browser here, or for a device's code, as the AWS CLI registers.
    pub(super) fn register(
        &self,
        idp: &IdpName,
        center: &IdentityCenter,
        by_browser: bool,
    ) -> Result<Registration, CenterError> {
        let mut asked = self
            .client
            .register_client()
            .client_name(format!("fedgit-{idp}"))
            .client_type("public")
            .scopes(SCOPE);
        let mut grant_types = Vec::new();
        if by_browser {
            grant_types = BROWSER_GRANTS.map(str::to_owned).to_vec();
            asked = asked
                .set_grant_types(Some(grant_types.clone()))
                .redirect_uris(REDIRECT)
                .issuer_url(center.start_url.as_str());
        }
        let answer = self
            .http
            .block_on(asked.send())?
            .map_err(|e| told("register fedgit", &self.region, &e))?;
        let (Some(id), Some(secret)) = (answer.client_id, answer.client_secret) else {
            return Err(self.unreadable("the registration is not whole"));
        };
        Ok(Registration {
            client: Client {
                id,
                secret: SecretString::from(secret),
                expires: Timestamp::from_unix(answer.client_secret_expires_at),
            },
            grant_types,
            scopes: vec![SCOPE.to_owned()],
        })
    }

    /// StartDeviceAuthorization.
    pub(super) fn device(&self, client: &Client, start_url: &Url) -> Result<Device, CenterError> {
        let asked = self
            .client
            .start_device_authorization()
            .client_id(&client.id)
            .client_secret(client.secret.expose_secret())
            .start_url(start_url.as_str());
        let answer = self
            .http
            .block_on(asked.send())?
            .map_err(|e| told("sign a device in", &self.region, &e))?;
        let page = |text: Option<String>| {
            let url = Url::parse(&text?).ok()?;
            // It is shown to the person, who is to open it.
            let is_safe = url.scheme() == "https" && url.username().is_empty();
            is_safe.then_some(url)
        };
        let page_with_code = page(answer.verification_uri_complete);
        let parts = (
            answer.device_code,
            answer.user_code,
            page(answer.verification_uri),
        );
        let (Some(code), Some(user_code), Some(page)) = parts else {
            return Err(self.unreadable("the device authorization is not whole"));
        };
        Ok(Device {
            code: SecretString::from(code),
            user_code: printable(&user_code, 40),
            whole_page: page_with_code.unwrap_or_else(|| page.clone()),
            page,
            seconds: answer.expires_in,
            interval: answer.interval,
        })
    }

    /// CreateToken for a device's code.
    pub(super) fn poll(&self, client: &Client, device: &Device) -> Result<Polled, CenterError> {
        let asked = self
            .of(client, DEVICE_GRANT)
            .device_code(device.code.expose_secret());
        let answer = self.http.block_on(asked.send())?;
        let error = match answer {
            Ok(answer) => return Ok(Polled::Granted(self.grant(answer)?)),
            Err(error) => error,
        };
        match code_of(&error) {
            "AuthorizationPendingException" => Ok(Polled::Pending),
            "SlowDownException" => Ok(Polled::SlowDown),
            "ExpiredTokenException" => Err(CenterError::CodeExpired),
            "AccessDeniedException" => Err(CenterError::Denied("access denied".to_owned())),
            _ => Err(told("sign a device in", &self.region, &error)),
        }
    }

    /// CreateToken for the code that the browser brought back.
    pub(super) fn redeem(
        &self,
        client: &Client,
        code: &SecretString,
        redirect: &str,
        verifier: &SecretString,
    ) -> Result<Grant, CenterError> {
        let asked = self
            .of(client, "authorization_code")
            .code(code.expose_secret())
            .redirect_uri(redirect)
            .code_verifier(verifier.expose_secret());
        self.token(asked, "take the browser's code")
    }

    /// CreateToken for a refresh token.
    pub(super) fn refresh(&self, refresh: &Refresh) -> Result<Grant, CenterError> {
        let asked = self
            .of(&refresh.client, "refresh_token")
            .refresh_token(refresh.token.expose_secret());
        self.token(asked, "renew the session")
    }

    fn of(&self, client: &Client, grant: &str) -> CreateTokenFluentBuilder {
        self.client
            .create_token()
            .client_id(&client.id)
            .client_secret(client.secret.expose_secret())
            .grant_type(grant)
    }

    fn token(
        &self,
        asked: CreateTokenFluentBuilder,
        what: &'static str,
    ) -> Result<Grant, CenterError> {
        let answer = self.http.block_on(asked.send())?;
        self.grant(answer.map_err(|e| told(what, &self.region, &e))?)
    }

    fn grant(&self, answer: CreateTokenOutput) -> Result<Grant, CenterError> {
        let plain = |text: &String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        let access = answer.access_token.filter(plain);
        Ok(Grant {
            access: SecretString::from(
                access.ok_or_else(|| self.unreadable("the answer holds no token"))?,
            ),
            refresh: answer.refresh_token.map(SecretString::from),
            seconds: answer.expires_in,
        })
    }

    fn unreadable(&self, why: &str) -> CenterError {
        CenterError::Unreachable {
            region: self.region.clone(),
            why: why.to_owned(),
            passing: false,
        }
    }
}

/// Where a service of IAM Identity Center is.
pub(super) fn address(
    service: &str,
    region: &Region,
    place: Option<&Url>,
) -> Result<Url, CenterError> {
    if let Some(endpoint) = place {
        return Ok(endpoint.clone());
    }
    let suffix = region.partition().dns_suffix();
    let host = format!("https://{service}.{region}.{suffix}");
    Url::parse(&host).map_err(|e| CenterError::Unreachable {
        region: region.clone(),
        why: e.to_string(),
        passing: false,
    })
}

fn code_of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> &str {
    let service = error.as_service_error();
    service
        .and_then(ProvideErrorMetadata::code)
        .unwrap_or_default()
}

/// The sign-in service's own words, which the SDK reads only into types of their own.
fn description<E>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Said {
        error_description: String,
    }
    let bytes = error.raw_response()?.body().bytes()?;
    let said: Said = serde_json::from_slice(bytes).ok()?;
    Some(said.error_description)
}

/// Never with the SDK's Debug text: that holds the request, and so the token.
pub(super) fn told<E>(
    what: &'static str,
    region: &Region,
    error: &SdkError<E, HttpResponse>,
) -> CenterError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let unreachable = |why: String, passing: bool| CenterError::Unreachable {
        region: region.clone(),
        why,
        passing,
    };
    let Some(service) = error.as_service_error() else {
        return match web_error(error) {
            Some(web) => CenterError::Web(web),
            None => unreachable(causes(error), is_passing(error)),
        };
    };
    let status = error
        .raw_response()
        .map_or(0, |response| response.status().as_u16());
    let Some(code) = service.code() else {
        if status >= 500 {
            return CenterError::Busy {
                what,
                code: format!("HTTP {status}"),
                message: "no message".to_owned(),
                throttled: false,
            };
        }
        let answer = format!("what came back (HTTP {status}) is not an answer of its");
        return unreachable(answer, false);
    };
    let code = printable(code, 200);
    let message = service.message().map(str::to_owned);
    let message = message.or_else(|| description(error)).unwrap_or_default();
    let message = printable(&message, 1000);
    let message = match message.is_empty() {
        true => "no message".to_owned(),
        false => message,
    };
    let throttled = status == 429 || code == "TooManyRequestsException";
    if throttled || status >= 500 {
        return CenterError::Busy {
            what,
            code,
            message,
            throttled,
        };
    }
    CenterError::Refused {
        what,
        code,
        message,
    }
}
