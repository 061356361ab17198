//! The AWS SDK over our own HTTP client: one TLS configuration, one set of proxy rules and one CA
//! bundle for everything. The SDK's own client reads neither `AWS_CA_BUNDLE` nor a proxy.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use url::Url;
use zeroize::Zeroizing;

use crate::sys::clock;
use crate::sys::http::{WebError, tell};

use super::skew::Skew;

/// STS answers are a few KiB; anything that goes on for longer is not STS.
const LARGEST_ANSWER: usize = 1 << 20;

/// Sends the SDK's requests.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    client: reqwest::Client,
    skew: Skew,
}

impl Connector {
    /// Over a client without cookies and redirects.
    pub(super) fn new(client: reqwest::Client, skew: Skew) -> Self {
        Self { client, skew }
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { client, skew } = self.clone();
        HttpConnectorFuture::new(async move { exchange(&client, &skew, request).await })
    }
}

async fn exchange(
    client: &reqwest::Client,
    skew: &Skew,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|e| ConnectorError::user(e.into()))?;
    let (parts, body) = request.into_parts();
    let (method, since) = (parts.method.clone(), clock::start());
    // It may hold an assertion. The SDK has a copy of its own, which is not ours to wipe.
    let body = Zeroizing::new(body.bytes().map(<[u8]>::to_vec).unwrap_or_default());
    let url = Url::parse(&parts.uri.to_string()).map_err(|e| ConnectorError::user(e.into()))?;
    let sent = client
        .request(parts.method, url.clone())
        .headers(parts.headers)
        .body(Bytes::from_owner(body))
        .send()
        .await;
    let status = sent.as_ref().ok().map(|answer| answer.status().as_u16());
    tell(method.as_str(), &url, since, status);
    let mut answer = sent.map_err(|e| failure(&url, e))?;
    let date = answer.headers().get(http::header::DATE);
    skew.note(date.and_then(|date| date.to_str().ok()), clock::now());
    let mut response = http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        *headers = answer.headers().clone();
    }
    // They hold credentials. Never reallocated, so no copy is left behind in freed memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST_ANSWER));
    while let Some(chunk) = answer.chunk().await.map_err(|e| failure(&url, e))? {
        if bytes.len() + chunk.len() > LARGEST_ANSWER {
            return Err(ConnectorError::user(
                "the answer is larger than any of STS's".into(),
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    let response = response
        .body(SdkBody::from(Bytes::from_owner(bytes)))
        .map_err(|e| ConnectorError::user(e.into()))?;
    HttpResponse::try_from(response).map_err(|e| ConnectorError::user(e.into()))
}

/// The SDK tries again after a time-out or a broken connection.
fn failure(url: &Url, error: reqwest::Error) -> ConnectorError {
    let timed_out = error.is_timeout();
    let error = Box::new(WebError::from_reqwest(url, error));
    if timed_out {
        ConnectorError::timeout(error)
    } else {
        ConnectorError::io(error)
    }
}
