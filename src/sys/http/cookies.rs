//! The browser-like client's cookies, which can be kept: with them the identity provider knows its
//! user again, and asks nothing.

use std::sync::{Mutex, PoisonError};

use cookie_store::{CookieStore, RawCookie};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use crate::format::secret_json;

/// Cookies of one login.
#[derive(Default)]
pub struct Cookies(Mutex<CookieStore>);

impl Cookies {
    /// Cookies that were [kept](Self::kept); none where the text is not of that form.
    #[must_use]
    pub fn of(kept: &SecretString) -> Self {
        let store = cookie_store::serde::json::load_all(kept.expose_secret().as_bytes());
        Self(Mutex::new(store.unwrap_or_default()))
    }

    /// All of them as text, those without an end too: an identity provider's session is one of these.
    #[must_use]
    pub fn kept(&self) -> SecretString {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = secret_json::written(|mut out| {
            cookie_store::serde::json::save_incl_expired_and_nonpersistent(&store, &mut out)
        });
        // Writing to memory fails only where a cookie cannot be written as JSON; then none are kept.
        let bytes = written.unwrap_or_default();
        SecretString::from(std::str::from_utf8(&bytes).unwrap_or_default())
    }
}

impl reqwest::cookie::CookieStore for Cookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        let texts = headers.filter_map(|value| value.to_str().ok());
        let cookies = texts.filter_map(|text| RawCookie::parse(text.to_owned()).ok());
        let cookies = cookies.filter(|cookie| !is_for_a_whole_tree(cookie));
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        store.store_response_cookies(cookies, url);
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs = store.get_request_values(url);
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let pairs = Zeroizing::new(pairs);
        let text = Zeroizing::new(pairs.join("; "));
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }
}

/// `Domain=com`: a cookie that would go to every host below. Browsers know all such names by a list;
/// here only those without a dot, since a list grows old.
fn is_for_a_whole_tree(cookie: &RawCookie<'_>) -> bool {
    cookie
        .domain()
        .is_some_and(|domain| !domain.trim_matches('.').contains('.'))
}

#[cfg(test)]
mod tests {
    use reqwest::cookie::CookieStore as _;

    use super::*;

    #[test]
    fn session_cookies_are_kept_and_go_back_where_they_came_from() {
        let url: Url = "https://idp.example.com/adfs/ls/".parse().unwrap();
        let cookies = Cookies::default();
        let header = HeaderValue::from_static("MSISAuth=value; path=/adfs; HttpOnly; Secure");
        cookies.set_cookies(&mut [&header].into_iter(), &url);
        let again = Cookies::of(&cookies.kept());
        assert_eq!(again.cookies(&url).unwrap(), "MSISAuth=value");
        for other in [
            "https://other.example.com/adfs/",
            "http://idp.example.com/adfs/",
        ] {
            assert_eq!(again.cookies(&other.parse().unwrap()), None, "{other}");
        }
        // Found by tests/it/fuzz.rs.
        let header = HeaderValue::from_static("wide=x; Domain=.com; path=/");
        cookies.set_cookies(&mut [&header].into_iter(), &url);
        assert_eq!(cookies.cookies(&"https://evil.com/".parse().unwrap()), None);
        let damaged = Cookies::of(&SecretString::from("{"));
        assert_eq!(damaged.cookies(&url), None);
    }
}
