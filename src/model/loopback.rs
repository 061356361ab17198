//! The one rule for plain http: it stays on this machine.

use url::{Host, Url};

/// Whether a URL stays on this machine: 127.0.0.0/8, ::1 and `localhost`, by the parsed host, and no
/// name that only begins or ends so.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_whole_host() {
        for (url, stays) in [
            ("http://127.0.0.1:80/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:1/", true),
            ("http://localhost/", true),
            ("http://localhost.evil.example/", false),
            ("http://127.0.0.1.evil.example/", false),
            ("http://10.0.0.1/", false),
            ("http://example.com/127.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), stays, "{url}");
        }
    }
}
