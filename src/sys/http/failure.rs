//! Why nothing came back. reqwest's own message is "error sending request"; the reason is in the chain
//! of its sources, which is flattened here. No URL beyond its host, no header and no body is in it.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use url::Url;

use super::limit;
use crate::format::printable::printable;

/// An exchange that failed.
#[derive(Clone, PartialEq, Eq)]
pub struct WebError {
    kind: WebErrorKind,
    host: String,
    detail: String,
    pause: Option<Duration>,
}

/// What sort of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebErrorKind {
    /// Nobody listens, or something in between refuses.
    Connect,
    /// The name has no address.
    Dns,
    /// The certificate is not trusted, or TLS does not come about.
    Tls,
    /// It took too long.
    Timeout,
    /// The connection ended before the answer did.
    Broken,
    /// The answer is larger than any page.
    TooLarge,
    /// Redirects without end.
    TooManyRedirects,
    /// It wants to be left alone for a while (HTTP 429).
    TooOften,
    /// It would have sent something where others can read it.
    Insecure,
    /// The certificates to trust cannot be read.
    Trust,
    /// Anything else.
    Other,
}

impl WebError {
    /// What sort of failure it was.
    #[must_use]
    pub fn kind(&self) -> WebErrorKind {
        self.kind
    }

    /// Whom it was about; empty where nobody in particular.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the same may come through a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        use WebErrorKind::{Broken, Connect, Dns, Timeout, TooOften};
        [Broken, Connect, Dns, Timeout, TooOften].contains(&self.kind)
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self.kind {
            WebErrorKind::Connect => {
                Some("check the host and port, the VPN, and HTTPS_PROXY and NO_PROXY")
            }
            WebErrorKind::Dns => Some(
                "check the host's spelling and whether its name is known outside the company network; \
                 behind a proxy set HTTPS_PROXY",
            ),
            WebErrorKind::Tls => Some(
                "where the certificate is from a company CA, set ca_bundle in [idp.NAME] to a PEM file \
                 with that CA (AWS_CA_BUNDLE for AWS itself)",
            ),
            WebErrorKind::Timeout | WebErrorKind::Broken => {
                Some("try again; check the VPN and the proxy")
            }
            WebErrorKind::TooLarge | WebErrorKind::TooManyRedirects => {
                Some("open `url` of [idp.NAME] in a browser: it may not be the sign-on page")
            }
            WebErrorKind::TooOften => Some(
                "wait that long and try again; where it stays so, others share the limit: ask the \
                 administrators",
            ),
            WebErrorKind::Insecure => Some(
                "where `url` or an endpoint is http, make it https; where a server sends one on to http, \
                 tell its administrators",
            ),
            WebErrorKind::Trust => Some(
                "ca_bundle in [idp.NAME] and AWS_CA_BUNDLE name a PEM file with certificates between \
                 BEGIN CERTIFICATE and END CERTIFICATE",
            ),
            WebErrorKind::Other => None,
        }
    }

    pub(super) fn new(kind: WebErrorKind, host: &str, cause: &dyn Error) -> Self {
        Self {
            kind,
            host: host.to_owned(),
            detail: flatten(cause),
            pause: None,
        }
    }

    pub(super) fn told(kind: WebErrorKind, url: &Url, detail: String) -> Self {
        Self {
            kind,
            host: host_of(url),
            detail,
            pause: None,
        }
    }

    pub(super) fn too_often(url: &Url, pause: Option<Duration>) -> Self {
        Self {
            pause,
            ..Self::told(WebErrorKind::TooOften, url, limit::told(pause))
        }
    }

    /// How long whoever has had enough wants to be left alone, where it said so.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        self.pause
    }

    pub(super) fn insecure(url: &Url, why: String) -> Self {
        Self::told(WebErrorKind::Insecure, url, why)
    }

    /// What became of a request to `url`.
    #[must_use]
    pub fn from_reqwest(url: &Url, error: reqwest::Error) -> Self {
        let error = error.without_url();
        let kind = if error.is_timeout() {
            WebErrorKind::Timeout
        } else if chain(&error).any(|e| e.is::<rustls::Error>()) {
            WebErrorKind::Tls
        } else if chain(&error).any(|e| e.to_string().starts_with("dns error")) {
            WebErrorKind::Dns
        } else if error.is_connect() {
            WebErrorKind::Connect
        } else if error.is_request() || error.is_body() {
            WebErrorKind::Broken
        } else {
            WebErrorKind::Other
        };
        Self::new(kind, &host_of(url), &error)
    }
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The error and its sources. An `io::Error` skips what it wraps when it is asked for its source, and
/// TLS errors come wrapped so, twice.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => (*error).source(),
    })
}

/// Every link of the chain on one line, without those that say nothing or repeat what was said.
fn flatten(error: &dyn Error) -> String {
    const EMPTY: [&str; 3] = [
        "error sending request",
        "client error (Connect)",
        "request or response body error",
    ];
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !EMPTY.contains(&text.as_str()) && !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    if said.is_empty() {
        said.push(error.to_string());
    }
    printable(&said.join(": "), 400)
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind, host, detail, ..
        } = self;
        match kind {
            WebErrorKind::Connect => write!(f, "cannot connect to {host}: {detail}"),
            WebErrorKind::Dns => write!(f, "cannot find the address of {host}: {detail}"),
            WebErrorKind::Tls => write!(f, "no trusted connection to {host}: {detail}"),
            WebErrorKind::Timeout => write!(f, "{host} did not answer in time: {detail}"),
            WebErrorKind::TooLarge => {
                write!(f, "{host} sent more than {} bytes", super::MAX_PAGE)
            }
            WebErrorKind::TooManyRedirects => {
                write!(
                    f,
                    "{host} redirected more than {} times",
                    super::MAX_REDIRECTS
                )
            }
            WebErrorKind::TooOften => write!(f, "{host} takes no more requests {detail}"),
            WebErrorKind::Insecure => write!(f, "refused to go on with {host}: {detail}"),
            WebErrorKind::Trust => f.write_str(detail),
            WebErrorKind::Other if host.is_empty() => f.write_str(detail),
            WebErrorKind::Broken | WebErrorKind::Other => {
                write!(f, "the exchange with {host} failed: {detail}")
            }
        }
    }
}

impl fmt::Debug for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebError({:?}: {self})", self.kind)
    }
}

impl Error for WebError {}

impl WebError {
    pub(super) fn trust(detail: String) -> Self {
        Self {
            kind: WebErrorKind::Trust,
            host: String::new(),
            detail,
            pause: None,
        }
    }
}
