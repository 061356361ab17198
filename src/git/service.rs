//! Asks CodeCommit's service which repositories there are.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use url::Url;

use crate::config::env as names;
use crate::model::{Credentials, Region, RepoName};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::http::{Http, HttpSettings, Timeouts, WebError};

use super::api;

/// Questions at the same time.
const AT_ONCE: usize = 8;

/// How often a call is made in all, where it may do better a moment later.
const ATTEMPTS: u32 = 5;

/// More is no answer.
const LARGEST_ANSWER: usize = 4 << 20;

/// More pages than an account may have repositories.
const MOST_PAGES: usize = 200;

/// Whom to ask, and as whom.
pub struct Asked {
    /// Whose credentials.
    pub credentials: Credentials,
    /// Where.
    pub region: Region,
}

/// What there is in one place.
#[derive(Debug, Default)]
pub struct There {
    /// The repositories.
    pub names: Vec<RepoName>,
    /// Names that fedgit does not take.
    pub odd: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The service said no.
    #[error("CodeCommit in {region} refused {operation}: {code}: {message}")]
    Refused {
        /// The region.
        region: Region,
        /// What was asked.
        operation: &'static str,
        /// The service's code.
        code: String,
        /// The service's own words.
        message: String,
    },
    /// What came back is no answer of the service's.
    #[error("what came back from {host} is not an answer of CodeCommit's")]
    Unreadable {
        /// Who answered.
        host: String,
    },
    /// A variable names an endpoint that is none.
    #[error("{variable} is not usable: {why}")]
    Endpoint {
        /// The variable.
        variable: &'static str,
        /// Why.
        why: String,
    },
    /// No answer.
    #[error(transparent)]
    Web(#[from] WebError),
}

/// The service, in every region.
pub struct Service<'a> {
    env: &'a Env,
    http: Http,
}

impl<'a> Service<'a> {
    /// Does nothing yet.
    #[must_use]
    pub fn new(env: &'a Env) -> Self {
        let http = Http::new(HttpSettings {
            ca_bundle: None,
            aws_ca_bundle: env.path(names::AWS_CA_BUNDLE),
            user_agent: concat!("fedgit/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeouts: Timeouts::default(),
        });
        Self { env, http }
    }

    /// The repositories of every place, in the order of the questions.
    ///
    /// # Errors
    /// Where the system gives no means to wait for sockets; what single places say is in the list.
    pub fn repositories(
        &self,
        asked: &[Asked],
        progress: &dyn Fn(usize),
    ) -> Result<Vec<Result<There, ServiceError>>, ServiceError> {
        let answers = stream::iter(asked.iter().map(|asked| self.all_pages(asked)));
        let answers = async {
            let mut answers = answers.buffered(AT_ONCE);
            let mut all = Vec::with_capacity(asked.len());
            while let Some(answer) = answers.next().await {
                all.push(answer);
                progress(all.len());
            }
            all
        };
        Ok(self.http.block_on(answers)?)
    }

    async fn all_pages(&self, asked: &Asked) -> Result<There, ServiceError> {
        let (mut there, mut next) = (There::default(), None);
        for _ in 0..MOST_PAGES {
            let body = api::list(next.as_deref());
            let answer = self.call(asked, "ListRepositories", body).await?;
            let page = api::page(&answer).ok_or_else(|| ServiceError::Unreadable {
                host: api::address(&asked.region, false),
            })?;
            there.names.extend(page.names);
            there.odd.extend(page.odd);
            if page.next.is_none() || page.next == next {
                break;
            }
            next = page.next;
        }
        Ok(there)
    }

    async fn call(
        &self,
        asked: &Asked,
        operation: &'static str,
        body: String,
    ) -> Result<String, ServiceError> {
        let url = self.address(&asked.region)?;
        let mut attempt = 1;
        loop {
            let answer = self.once(&url, asked, operation, body.clone()).await;
            let again = match &answer {
                Ok((status, header, text)) => {
                    let (code, _) = api::refusal(*status, header.as_deref(), text);
                    *status != 200 && api::may_pass(*status, &code)
                }
                Err(_) => true,
            };
            if !again || attempt == ATTEMPTS {
                let (status, header, text) = answer?;
                if status == 200 {
                    return Ok(text);
                }
                let (code, message) = api::refusal(status, header.as_deref(), &text);
                return Err(ServiceError::Refused {
                    region: asked.region.clone(),
                    operation,
                    code,
                    message,
                });
            }
            // 0.2, 0.4, 0.8 and 1.6 seconds.
            tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
            attempt += 1;
        }
    }

    /// The status, the error's header and the text.
    async fn once(
        &self,
        url: &Url,
        asked: &Asked,
        operation: &str,
        body: String,
    ) -> Result<(u16, Option<String>, String), ServiceError> {
        let Asked {
            credentials,
            region,
        } = asked;
        // Signed anew each time: a signature is good for some minutes only.
        let call = api::signed(url, operation, body, credentials, region, clock::now());
        let mut request = self.http.plain(url)?.post(url.clone()).body(call.body);
        for (name, value) in &call.headers {
            request = request.header(*name, value.as_str());
        }
        let web = |e| ServiceError::Web(WebError::from_reqwest(url, e));
        let mut answer = request.send().await.map_err(web)?;
        let status = answer.status().as_u16();
        let header = answer.headers().get("x-amzn-errortype");
        let header = header.and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(web)? {
            if bytes.len() + chunk.len() > LARGEST_ANSWER {
                break;
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((status, header, String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn address(&self, region: &Region) -> Result<Url, ServiceError> {
        for variable in [names::AWS_ENDPOINT_URL_CODECOMMIT, names::AWS_ENDPOINT_URL] {
            if let Some(text) = self.env.text(variable) {
                return Url::parse(&text).map_err(|e| ServiceError::Endpoint {
                    variable,
                    why: e.to_string(),
                });
            }
        }
        let text = api::address(region, self.env.switch(names::AWS_USE_FIPS_ENDPOINT));
        Url::parse(&text).map_err(|e| ServiceError::Endpoint {
            variable: "region",
            why: e.to_string(),
        })
    }
}
