//! Where a request may go: encrypted, or to this machine.

use reqwest::{Response, StatusCode, header};
use url::Url;

use crate::model::is_loopback;

use super::{WebError, WebErrorKind};

/// Where a redirect leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) url: Url,
    /// 307 and 308 repeat the request; the others turn it into a GET.
    pub(super) keeps_body: bool,
}

/// Plain http is for loopback hosts alone.
pub(super) fn check(url: &Url) -> Result<(), WebError> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(WebError::insecure(
            url,
            "plain http is accepted for loopback hosts alone; use https".to_owned(),
        )),
        _ => Err(WebError::insecure(
            url,
            "only http and https addresses are fetched".to_owned(),
        )),
    }
}

/// Where this answer redirects, if it does.
pub(super) fn redirect(from: &Url, answer: &Response) -> Result<Option<Hop>, WebError> {
    let keeps_body = match answer.status() {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => false,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        _ => return Ok(None),
    };
    let Some(location) = answer.headers().get(header::LOCATION) else {
        return Ok(None);
    };
    let unreadable = || {
        let why = "it redirects to something that is no web address";
        WebError::told(WebErrorKind::Other, from, why.to_owned())
    };
    let location = str::from_utf8(location.as_bytes()).map_err(|_| unreadable())?;
    let url = resolve(from, location).ok_or_else(unreadable)?;
    check(&url)?;
    if from.scheme() == "https" && url.scheme() != "https" {
        let why = "it redirects from https to plain http".to_owned();
        return Err(WebError::insecure(from, why));
    }
    Ok(Some(Hop { url, keeps_body }))
}

fn resolve(from: &Url, location: &str) -> Option<Url> {
    let mut url = from.join(location).ok().filter(Url::has_host)?;
    // They would be sent as Basic authentication.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, location: &str) -> Response {
        let answer = http::Response::builder()
            .status(status)
            .header("Location", location);
        Response::from(answer.body("").unwrap())
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for good in [
            "https://idp.example.com/",
            "http://127.0.0.1:8080/",
            "http://127.255.0.9/",
            "http://[::1]:1/",
            "http://localhost/",
            "http://LOCALHOST:99/",
        ] {
            assert!(check(&good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "http://idp.example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://128.0.0.1/",
            "http://10.0.0.1/",
            "http://[::ffff:10.0.0.1]/",
            "http://localhost@evil.example/",
            "http://0.0.0.0/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
        ] {
            let error = check(&bad.parse().unwrap()).unwrap_err();
            assert_eq!(error.kind(), WebErrorKind::Insecure, "{bad}");
        }
    }

    #[test]
    fn redirects_resolve_and_never_lose_encryption() {
        let from: Url = "https://idp.example.com/a/b?c".parse().unwrap();
        for (status, location, expected) in [
            (302, "/x", Some(("https://idp.example.com/x", false))),
            (301, "y?z", Some(("https://idp.example.com/a/y?z", false))),
            (
                303,
                "https://u:p@other.example/",
                Some(("https://other.example/", false)),
            ),
            (
                307,
                "//other.example",
                Some(("https://other.example/", true)),
            ),
            (308, "?q", Some(("https://idp.example.com/a/b?q", true))),
            (300, "/x", None),
            (200, "/x", None),
        ] {
            let hop = redirect(&from, &answer(status, location)).unwrap();
            let expected = expected.map(|(url, keeps_body)| Hop {
                url: url.parse().unwrap(),
                keeps_body,
            });
            assert_eq!(hop, expected, "{status} {location}");
        }
        for location in [
            "http://idp.example.com/",
            "http://127.0.0.1/",
            "file:///x",
            "javascript:x",
        ] {
            assert!(
                redirect(&from, &answer(302, location)).is_err(),
                "{location}"
            );
        }
    }
}
