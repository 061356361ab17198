//! Where a password or a code may go: to the identity provider's own origin, and to hosts that the
//! configuration allows by name. Where a page leads is no permission.

use url::{Origin, Url};

use super::{FlowError, origin, place};

/// The places that may be told a secret.
#[derive(Debug, Clone)]
pub struct Origins {
    own: Origin,
    allowed: Vec<String>,
}

impl Origins {
    /// Those of a login that starts at `start`; `allowed` are further hosts, by https at its usual
    /// port.
    #[must_use]
    pub fn new(start: &Url, allowed: &[String]) -> Self {
        Self {
            own: start.origin(),
            allowed: allowed.to_vec(),
        }
    }

    /// Whether `url` may be told.
    #[must_use]
    pub fn may_know(&self, url: &Url) -> bool {
        let named = |host: &str| self.allowed.iter().any(|allowed| allowed == host);
        url.origin() == self.own
            || (url.scheme() == "https"
                && url.port().is_none()
                && url.host_str().is_some_and(named))
    }

    /// That a page may ask, and that its answer may go to `to`.
    ///
    /// The origin of the page itself counts too: a redirect may have led away, and whoever serves the
    /// page could as well let the form lead back.
    ///
    /// # Errors
    /// [`FlowError::PasswordElsewhere`].
    pub fn admit(&self, page: &Url, to: &Url) -> Result<(), FlowError> {
        for other in [page, to] {
            if !self.may_know(other) {
                return Err(FlowError::PasswordElsewhere {
                    page: place(page),
                    to: origin(other),
                    expected: self.own.ascii_serialization(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named() {
        let start: Url = "https://sso.example.com/adfs/ls/".parse().unwrap();
        let origins = Origins::new(&start, &["login.example.net".to_owned()]);
        let may = |text: &str| origins.may_know(&text.parse().unwrap());
        assert!(may("https://sso.example.com/other"));
        assert!(may("https://login.example.net/x"));
        for elsewhere in [
            "http://sso.example.com/",
            "https://sso.example.com:8443/",
            "http://login.example.net/",
            "https://login.example.net:444/",
            "https://a.login.example.net/",
            "https://login.example.net.evil.example/",
        ] {
            assert!(!may(elsewhere), "{elsewhere}");
        }
    }
}
