//! Who may be taken for Duo.
//!
//! A passcode belongs to Duo, and Duo's host is not the identity provider's, whose origin a secret must
//! not leave otherwise. It is told only to a host that (1) a page of the identity provider's own origin
//! named, which could as well have let anybody in, and that (2) is a host of Duo's service by its name,
//! `api-XXXXXXXX.duosecurity.com`, or one that `allow_hosts` names. So a page in between, or one that
//! a redirect led to, sends nobody to a place of its own; and the identity provider's password is
//! never part of what Duo is told.

use url::Url;

use crate::login::{FlowError, Origins, origin, place};

/// Duo's service: <https://duo.com/docs/authapi#api-details>. The second is for United States agencies.
const SERVICES: [&str; 2] = ["duosecurity.com", "duofederal.com"];

/// The host that a page names, as an address.
pub(super) fn named(host: &str, page: &Url, origins: &Origins) -> Result<Url, FlowError> {
    let bad = || FlowError::BadAction {
        page: place(page),
        action: crate::format::printable::printable(host, 80),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let url = Some(host)
        .filter(|host| host.chars().all(is_name))
        .and_then(|host| format!("https://{host}/").parse::<Url>().ok())
        .ok_or_else(bad)?;
    admit(&url, page, origins)?;
    Ok(url)
}

/// That a page may lead to this place as Duo's.
pub(super) fn admit(url: &Url, page: &Url, origins: &Origins) -> Result<(), FlowError> {
    origins.admit(page, page)?;
    stays(url, origins)
}

/// That this is a place of Duo's, or one that may be told secrets anyway.
pub(super) fn stays(url: &Url, origins: &Origins) -> Result<(), FlowError> {
    match is_duo(url) {
        true => Ok(()),
        false => origins.admit(url, url),
    }
}

/// A path of that host.
pub(super) fn at(host: &Url, path: &str) -> Url {
    let mut url = host.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Whether two addresses are of one origin.
pub(super) fn is_same(one: &Url, other: &Url) -> bool {
    origin(one) == origin(other)
}

fn is_duo(url: &Url) -> bool {
    if url.scheme() != "https" || url.port().is_some() {
        return false;
    }
    let Some((name, service)) = url.host_str().and_then(|host| host.split_once('.')) else {
        return false;
    };
    let id = name.strip_prefix("api-").unwrap_or_default();
    SERVICES.contains(&service) && !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_duo_and_only_from_the_identity_provider() {
        let idp: Url = "https://idp.example.com/adfs/ls/".parse().unwrap();
        let origins = Origins::new(&idp, &["duo.example.net".to_owned()]);
        let may = |host: &str, page: &Url| named(host, page, &origins).is_ok();
        for host in [
            "api-1a2b3c4d.duosecurity.com",
            "API-1A2B3C4D.DUOSECURITY.COM",
            "api-1a2b3c4d.duofederal.com",
            "duo.example.net",
        ] {
            assert!(may(host, &idp), "{host}");
        }
        for host in [
            "",
            "duosecurity.com",
            "api-.duosecurity.com",
            "admin-1a2b3c4d.duosecurity.com",
            "api-1.evil.duosecurity.com",
            "api-1a2b3c4d.duosecurity.com.evil.example",
            "api-1a2b3c4d.duosecurity.com:8443",
            "api-1a2b3c4d.duosecurity.com@evil.example",
            "api-1a2b3c4d.duosecurity.com/../x",
            "evil.example/api-1a2b3c4d.duosecurity.com",
            "evilduosecurity.com",
            "127.0.0.1",
        ] {
            assert!(!may(host, &idp), "{host}");
        }
        let elsewhere = "https://evil.example/adfs/ls/".parse().unwrap();
        assert!(!may("api-1a2b3c4d.duosecurity.com", &elsewhere));
        let plain = "http://api-1a2b3c4d.duosecurity.com/".parse().unwrap();
        assert!(stays(&plain, &origins).is_err());
    }
}
