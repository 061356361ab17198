//! Names for what the other tools leave nameless: derived from what was found, valid, and each one
//! once.

use std::collections::BTreeSet;

use url::Host;

use super::found::Kind;

/// Labels of a host that say what it does and not whose it is.
const GENERIC: &[&str] = &[
    "adfs",
    "auth",
    "federation",
    "fs",
    "id",
    "idp",
    "login",
    "signin",
    "sso",
    "sts",
    "www",
];

/// What an identity provider is called: `adfs.example.com` is `example`.
pub(super) fn of_idp(kind: &Kind) -> String {
    let Some(Host::Domain(host)) = kind.url().host() else {
        return kind.as_str().to_owned();
    };
    let labels: Vec<&str> = host.split('.').collect();
    // The last label is never whose it is.
    let (_, owners) = labels.split_last().unwrap_or((&"", &[]));
    let named = owners.iter().find(|label| !GENERIC.contains(label));
    named.map_or_else(|| kind.as_str().to_owned(), |label| valid(label))
}

/// A text in the alphabet of names, as near to it as can be; never empty.
pub(super) fn valid(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || "_.".contains(c) {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        return "unnamed".to_owned();
    }
    name.chars().take(64).collect()
}

/// Names that were given, so that none is given twice.
#[derive(Debug, Default)]
pub(super) struct Given(BTreeSet<String>);

impl Given {
    /// The name where it is free, else with the first number that makes it so.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2_u32;
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}-{number}");
            number = number.saturating_add(1);
        }
        name
    }

    /// Takes a name that must be as it is; whether it was free.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.0.insert(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn identity_providers_are_called_by_their_owner() {
        for (url, name) in [
            ("https://adfs.example.com/adfs/ls", "example"),
            ("https://sts.corp.example.com/", "corp"),
            ("https://example.okta.com/home", "example"),
            ("https://d-1234567890.awsapps.com/start", "d-1234567890"),
            ("https://127.0.0.1:8443/adfs", "adfs"),
            ("https://localhost/adfs", "adfs"),
            ("https://login.sso/", "adfs"),
        ] {
            let kind = Kind::Adfs(Url::parse(url).unwrap());
            assert_eq!(of_idp(&kind), name, "{url}");
        }
    }

    #[test]
    fn names_are_valid_and_given_once() {
        assert_eq!(valid("Prod (EU)/\"x\"\n]"), "prod-eu-x");
        assert_eq!(valid("]\"["), "unnamed");
        let mut given = Given::default();
        assert!(given.take("a"));
        assert!(!given.take("a"));
        assert_eq!(given.give("a"), "a-2");
        assert_eq!(given.give("a"), "a-3");
        assert_eq!(given.give("b"), "b");
    }
}
