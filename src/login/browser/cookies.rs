//! A browser's cookies without an end, which it forgets when it closes. An identity provider's session
//! often is one of these, so they are kept as other sessions are. Pure.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use crate::format::secret_json;

/// What the protocol tells of a cookie, as far as it is told back.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cookie {
    name: String,
    value: Zeroizing<String>,
    domain: String,
    path: String,
    #[serde(default)]
    secure: bool,
    #[serde(default)]
    http_only: bool,
    /// Whether it has no end.
    #[serde(default)]
    session: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_site: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition_key: Option<serde_json::Value>,
}

/// The answer to `Storage.getCookies`.
#[derive(Deserialize)]
pub(super) struct All {
    cookies: Vec<Cookie>,
}

/// Those without an end, as text.
pub(super) fn kept(all: Option<All>) -> SecretString {
    let mut cookies = all.map(|all| all.cookies).unwrap_or_default();
    cookies.retain(|cookie| cookie.session);
    let bytes = secret_json::render(&cookies).unwrap_or_default();
    SecretString::from(std::str::from_utf8(&bytes).unwrap_or_default())
}

/// The parameters of `Storage.setCookies`; `None` where there is nothing to set.
pub(super) fn params(kept: &SecretString) -> Option<serde_json::Value> {
    let cookies: Vec<Cookie> = serde_json::from_str(kept.expose_secret()).ok()?;
    let cookies: Vec<_> = cookies.iter().map(param).collect();
    (!cookies.is_empty()).then(|| json!({ "cookies": cookies }))
}

fn param(cookie: &Cookie) -> serde_json::Value {
    let mut param = json!({
        "name": cookie.name,
        "value": *cookie.value,
        "path": cookie.path,
        "secure": cookie.secure,
        "httpOnly": cookie.http_only,
    });
    let host = &cookie.domain;
    let mut set = |key: &str, value: serde_json::Value| {
        if let Some(fields) = param.as_object_mut() {
            fields.insert(key.to_owned(), value);
        }
    };
    if host.starts_with('.') {
        set("domain", host.as_str().into());
    } else {
        // Of that host alone, which the protocol tells by the address that set it.
        let scheme = if cookie.secure { "https" } else { "http" };
        set("url", format!("{scheme}://{host}{}", cookie.path).into());
    }
    if let Some(same_site) = &cookie.same_site {
        set("sameSite", same_site.as_str().into());
    }
    if let Some(partition_key) = &cookie.partition_key {
        set("partitionKey", partition_key.clone());
    }
    param
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_without_an_end_come_back_to_where_they_belong() {
        let all = serde_json::json!({ "cookies": [
            { "name": "MSISAuth", "value": "MARKER", "domain": "idp.example.com", "path": "/adfs",
              "expires": -1, "size": 3, "httpOnly": true, "secure": true, "session": true,
              "priority": "Medium", "sourceScheme": "Secure", "sourcePort": 443 },
            { "name": "wide", "value": "w", "domain": ".example.com", "path": "/", "session": true,
              "sameSite": "Lax" },
            { "name": "lasting", "value": "l", "domain": "idp.example.com", "path": "/",
              "expires": 1900000000.5, "session": false },
        ] });
        let kept = kept(serde_json::from_value(all).ok());
        assert!(!format!("{kept:?}").contains("MARKER"));
        let expected = serde_json::json!({ "cookies": [
            { "name": "MSISAuth", "value": "MARKER", "path": "/adfs", "secure": true, "httpOnly": true,
              "url": "https://idp.example.com/adfs" },
            { "name": "wide", "value": "w", "path": "/", "secure": false, "httpOnly": false,
              "domain": ".example.com", "sameSite": "Lax" },
        ] });
        assert_eq!(params(&kept), Some(expected));
        for none in ["", "[]", "{\"cookies\":1}"] {
            assert_eq!(params(&SecretString::from(none)), None);
        }
    }
}
