//! HTTP for identity providers and for AWS: one TLS configuration, one proxy rule, one set of limits.
//!
//! Two sorts of client come from here. The browser-like one keeps cookies and follows redirects by the
//! rules of `address`; the plain one, for the AWS SDK, does neither. Everything is made when it is
//! first needed: a run that sends nothing starts no runtime and reads no certificate.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, Response, redirect};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::model::is_loopback;
use crate::sys::clock;

mod address;
mod cookies;
mod failure;
mod limit;
mod local;
mod telling;
mod trust;

pub use cookies::Cookies;
pub use failure::{WebError, WebErrorKind};
pub use telling::tell;

/// Bytes of one page.
pub const MAX_PAGE: usize = 1024 * 1024;
/// Redirects from one request to its page.
pub const MAX_REDIRECTS: usize = 10;

/// What a connection depends on.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// PEM file whose certificates are trusted for the identity provider, instead of the system's.
    pub ca_bundle: Option<PathBuf>,
    /// `AWS_CA_BUNDLE`: the same for every connection, but for one that has a bundle of its own.
    pub aws_ca_bundle: Option<PathBuf>,
    /// Who we say we are.
    pub user_agent: String,
    /// How long anything may take.
    pub timeouts: Timeouts,
}

/// How long anything may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// One request until its answer is read, redirects not included.
    pub request: Duration,
    /// Without a single byte.
    pub idle: Duration,
    /// The same two for an answer that waits for a person.
    pub slow: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(60),
            idle: Duration::from_secs(30),
            slow: Duration::from_secs(150),
        }
    }
}

/// The door. Blocking: everything runs on the calling thread.
pub struct Http {
    settings: HttpSettings,
    runtime: OnceLock<Runtime>,
    /// Of the browser-like client.
    cookies: Arc<Cookies>,
    clients: Mutex<Vec<(Wanted, Client)>>,
    tls: Mutex<Vec<(Option<PathBuf>, rustls::ClientConfig)>>,
}

/// Which client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    browser: bool,
    /// By the certificates of the identity provider, where it has its own.
    own: bool,
    /// Past the proxy. A loopback host is this machine; through a proxy it would be the proxy, and
    /// plain http with a password in it would reach that.
    direct: bool,
    /// With time for a person.
    slow: bool,
}

/// `GET` or `POST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Fields, where there are any, replace the URL's query.
    Get,
    /// Fields are the body.
    Post,
}

/// What to send.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// How.
    pub verb: Verb,
    /// Where.
    pub url: &'a Url,
    /// What goes with it.
    pub content: Content<'a>,
    /// Further headers, instead of the client's own of that name.
    pub headers: &'a [(&'static str, &'a str)],
    /// Whether the body must not leave the origin of `url` by a redirect.
    pub carries_secret: bool,
    /// Whether the answer comes when a person has done something elsewhere.
    pub slow: bool,
}

/// What goes with a request. Without Debug on purpose.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// URL-encoded in this order.
    Fields(&'a [Field<'a>]),
    /// JSON as it stands.
    Json(&'a str),
}

/// A form field. Without Debug on purpose.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
}

/// What came back in the end. Without Debug on purpose.
pub struct Page {
    /// Where the redirects ended.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// Every `WWW-Authenticate` header.
    pub www_authenticate: Vec<String>,
    /// Decoded by the charset that the answer declares.
    pub body: SecretString,
}

impl Http {
    /// Does nothing yet.
    #[must_use]
    pub fn new(settings: HttpSettings) -> Self {
        Self::with_cookies(settings, Cookies::default())
    }

    /// With the cookies of an earlier login.
    #[must_use]
    pub fn with_cookies(settings: HttpSettings, cookies: Cookies) -> Self {
        Self {
            settings,
            runtime: OnceLock::new(),
            cookies: Arc::new(cookies),
            clients: Mutex::default(),
            tls: Mutex::default(),
        }
    }

    /// The browser-like client's cookies as they are now.
    #[must_use]
    pub fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// Sends a request as a browser would and follows where it leads.
    ///
    /// # Errors
    /// Where no page came back, or the way there was one that a login must not go.
    pub fn page(&self, sending: Sending<'_>) -> Result<Page, WebError> {
        self.block_on(self.follow(sending))?
    }

    /// A client without cookies and redirects for requests to this address.
    ///
    /// # Errors
    /// Where the address is plain http beyond this machine, or the certificates cannot be read.
    pub fn plain(&self, url: &Url) -> Result<Client, WebError> {
        self.client(url, false, false, false)
    }

    /// The same for an identity provider's own service.
    ///
    /// # Errors
    /// As of [`Http::plain`].
    pub fn plain_of_idp(&self, url: &Url) -> Result<Client, WebError> {
        self.client(url, false, true, false)
    }

    /// Runs a future that uses a client from here. A request must be made inside of it
    /// (`async { client.get(url).send().await }`): its timers are made with it and need the runtime.
    ///
    /// # Errors
    /// Where the system gives no means to wait for sockets.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, WebError> {
        let runtime = match self.runtime.get() {
            Some(runtime) => runtime,
            None => {
                let new = Builder::new_current_thread().enable_all().build();
                let new = new.map_err(|e| WebError::new(WebErrorKind::Other, "", &e))?;
                self.runtime.get_or_init(|| new)
            }
        };
        Ok(runtime.block_on(future))
    }

    async fn follow(&self, sending: Sending<'_>) -> Result<Page, WebError> {
        let mut url = sending.url.clone();
        let mut has_body = sending.verb == Verb::Post;
        match sending.content {
            Content::Fields(fields) if !has_body && !fields.is_empty() => {
                url.set_query(Some(&encode(fields)));
            }
            _ => {}
        }
        let mut repeated = false;
        for _ in 0..=MAX_REDIRECTS {
            let client = self.client(&url, true, true, sending.slow)?;
            let mut request = if has_body {
                let (kind, body) = body(sending.content);
                client
                    .post(url.clone())
                    .header(header::CONTENT_TYPE, HeaderValue::from_static(kind))
                    .body(body)
            } else {
                client.get(url.clone())
            };
            // Another origin than the one that they were meant for is told none of them.
            if url.origin() == sending.url.origin() {
                request = request.headers(own_headers(sending.headers, &url)?);
            }
            let since = clock::start();
            let sent = request.send().await;
            let status = sent.as_ref().ok().map(|answer| answer.status().as_u16());
            tell(if has_body { "POST" } else { "GET" }, &url, since, status);
            let answer = sent.map_err(|e| WebError::from_reqwest(&url, e))?;
            let Some(hop) = address::redirect(&url, &answer)? else {
                return read(url, answer).await;
            };
            has_body &= hop.keeps_body;
            // Once more to the same place, as a browser would, but not ten times: an account is locked
            // after a few.
            let once_more = !repeated && hop.url.origin() == url.origin();
            repeated |= has_body;
            if has_body && sending.carries_secret && !once_more {
                let to = hop.url.origin().ascii_serialization();
                let why =
                    format!("it redirects to {to} in a way that would send the password there");
                return Err(WebError::insecure(&url, why));
            }
            url = hop.url;
        }
        Err(WebError::told(
            WebErrorKind::TooManyRedirects,
            &url,
            String::new(),
        ))
    }

    fn client(&self, url: &Url, browser: bool, own: bool, slow: bool) -> Result<Client, WebError> {
        address::check(url)?;
        let wanted = Wanted {
            browser,
            own,
            slow,
            direct: is_loopback(url),
        };
        // A poisoned lock holds whole entries all the same: they are pushed when they are done.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(made, _)| *made == wanted) {
            return Ok(client.clone());
        }
        let client = self.build(wanted)?;
        clients.push((wanted, client.clone()));
        Ok(client)
    }

    fn build(&self, wanted: Wanted) -> Result<Client, WebError> {
        let HttpSettings {
            ca_bundle,
            aws_ca_bundle,
            user_agent,
            timeouts,
        } = &self.settings;
        let own = ca_bundle.as_ref().filter(|_| wanted.own);
        let mut builder = ClientBuilder::new()
            .tls_backend_preconfigured(self.tls(own.or(aws_ca_bundle.as_ref()))?)
            .redirect(redirect::Policy::none())
            .user_agent(user_agent)
            .connect_timeout(timeouts.connect)
            .timeout(if wanted.slow {
                timeouts.slow
            } else {
                timeouts.request
            })
            .read_timeout(if wanted.slow {
                timeouts.slow
            } else {
                timeouts.idle
            })
            // Between two pages somebody types a password, and nothing here notices that the server
            // has hung up meanwhile.
            .pool_idle_timeout(Duration::from_secs(5));
        if wanted.browser {
            let mut headers = HeaderMap::new();
            let accept = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            // Error texts are shown; a known language is better than the server's guess.
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
            builder = builder
                .default_headers(headers)
                .cookie_provider(self.cookies.clone());
        }
        if wanted.direct {
            builder = builder.no_proxy();
        }
        builder
            .build()
            .map_err(|e| WebError::new(WebErrorKind::Other, "", &e.without_url()))
    }

    fn tls(&self, bundle: Option<&PathBuf>) -> Result<rustls::ClientConfig, WebError> {
        let mut made = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, config)) = made.iter().find(|(path, _)| path.as_ref() == bundle) {
            return Ok(config.clone());
        }
        let config = trust::config(bundle.map(PathBuf::as_path))?;
        made.push((bundle.cloned(), config.clone()));
        Ok(config)
    }
}

/// The kind and the bytes of a body.
fn body(content: Content<'_>) -> (&'static str, Bytes) {
    match content {
        Content::Fields(fields) => (
            "application/x-www-form-urlencoded",
            Bytes::from_owner(encode(fields)),
        ),
        Content::Json(text) => {
            let bytes = Zeroizing::new(text.as_bytes().to_vec());
            ("application/json", Bytes::from_owner(bytes))
        }
    }
}

fn own_headers(headers: &[(&'static str, &str)], url: &Url) -> Result<HeaderMap, WebError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let value = HeaderValue::from_str(value)
            .map_err(|e| WebError::new(WebErrorKind::Other, url.as_str(), &e))?;
        map.insert(*name, value);
    }
    Ok(map)
}

/// URL-encoded, in a buffer that need not grow: one that does leaves a copy of the password in freed
/// memory.
fn encode(fields: &[Field<'_>]) -> Zeroizing<String> {
    // A byte becomes three at most, and each field has two signs of its own.
    let bytes = fields
        .iter()
        .map(|f| 3 * (f.name.len() + f.value.len()) + 2);
    let mut body = form_urlencoded::Serializer::new(String::with_capacity(bytes.sum()));
    body.extend_pairs(fields.iter().map(|field| (field.name, field.value)));
    Zeroizing::new(body.finish())
}

/// Reads an answer within the limit, then has reqwest decode it.
async fn read(url: Url, mut answer: Response) -> Result<Page, WebError> {
    let too_large = || WebError::told(WebErrorKind::TooLarge, &url, String::new());
    // As large as it may become: a buffer that grows leaves copies of the assertion behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_PAGE));
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|e| WebError::from_reqwest(&url, e))?
    {
        if bytes.len() + chunk.len() > MAX_PAGE {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    let texts = |name: header::HeaderName| -> Vec<String> {
        let values = answer.headers().get_all(name);
        values
            .iter()
            .map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned())
            .collect()
    };
    let www_authenticate = texts(header::WWW_AUTHENTICATE);
    let status = answer.status().as_u16();
    if status == 429 {
        let first = |name: &'static str| {
            texts(header::HeaderName::from_static(name))
                .into_iter()
                .next()
        };
        let (after, reset) = (first("retry-after"), first("x-rate-limit-reset"));
        let wait = limit::wait(after.as_deref(), reset.as_deref(), clock::now());
        return Err(WebError::too_often(&url, wait));
    }
    let mut whole = http::Response::new(Bytes::from_owner(bytes));
    if let Some(kind) = answer.headers().get(header::CONTENT_TYPE) {
        whole
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.clone());
    }
    let text = Response::from(whole)
        .text()
        .await
        .map_err(|e| WebError::from_reqwest(&url, e))?;
    Ok(Page {
        url,
        status,
        www_authenticate,
        body: SecretString::from(text),
    })
}

#[cfg(test)]
mod tests;
