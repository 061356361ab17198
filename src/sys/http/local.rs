//! A program on this machine that a site speaks to from a browser, on `http://localhost:PORT`: Okta Verify.
//! No cookie and no proxy has a part in it, no redirect is followed, and of what it answers nothing counts
//! but the status.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{self, HeaderValue};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use super::{Http, tell};
use crate::model::is_loopback;
use crate::sys::clock;

impl Http {
    /// Whether somebody at this place takes a challenge in the name of this origin: the HTTP status of
    /// the answer, `None` where none came in time.
    #[must_use]
    pub fn probe(&self, place: &Url, origin: &str, within: Duration) -> Option<u16> {
        self.ask(place, "GET", |client, url| {
            let request = client.get(url.join("/probe").ok()?);
            Some(
                request
                    .header(header::ORIGIN, value(origin)?)
                    .timeout(within),
            )
        })
    }

    /// Gives it the challenge, which somebody may have to confirm: the HTTP status of the answer.
    #[must_use]
    pub fn challenge(&self, place: &Url, origin: &str, json: &SecretString) -> Option<u16> {
        let bytes = Zeroizing::new(json.expose_secret().as_bytes().to_vec());
        self.ask(place, "POST", |client, url| {
            let request = client.post(url.join("/challenge").ok()?);
            let request = request
                .header(header::ORIGIN, value(origin)?)
                .header(header::CONTENT_TYPE, "application/json")
                .timeout(self.settings.timeouts.slow);
            Some(request.body(Bytes::from_owner(bytes)))
        })
    }

    fn ask(
        &self,
        place: &Url,
        verb: &str,
        make: impl FnOnce(&Client, &Url) -> Option<RequestBuilder>,
    ) -> Option<u16> {
        if !is_loopback(place) {
            return None;
        }
        let request = make(&self.plain(place).ok()?, place)?;
        let since = clock::start();
        let answer = self.block_on(async { request.send().await }).ok()?.ok();
        let status = answer.map(|answer| answer.status().as_u16());
        tell(verb, place, since, status);
        status
    }
}

fn value(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok()
}
