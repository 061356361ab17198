//! What a declaration wants in `~/.aws/config`. Keys and values are of types that cannot hold what
//! would break out of a line; the constructor checks the rest.

use super::owned;
use super::owner::Owner;
use crate::format::ini::{Section, Subject};
use crate::model::{AwsKey, AwsValue, IdpName, ProfileName};

/// One section as it shall stand in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    // Private: a struct literal would go around the checks of `new`.
    subject: Subject,
    keys: Vec<(AwsKey, AwsValue)>,
    owner: Owner,
}

/// Why a section cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{subject}: {key:?} {why}")]
pub struct BadWanted {
    /// The section it was meant for.
    pub subject: Subject,
    /// The key.
    pub key: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Wanted {
    /// A profile with its keys in the order to write them.
    ///
    /// # Errors
    /// Where a key stands twice or is fedgit's own.
    pub fn profile(
        name: &ProfileName,
        keys: Vec<(AwsKey, AwsValue)>,
        owner: Owner,
    ) -> Result<Self, BadWanted> {
        Self::new(Subject::Profile(name.to_string()), keys, owner)
    }

    /// The sso-session of an identity provider.
    ///
    /// # Errors
    /// As [`Self::profile`].
    pub fn sso_session(
        name: &IdpName,
        keys: Vec<(AwsKey, AwsValue)>,
        owner: Owner,
    ) -> Result<Self, BadWanted> {
        Self::new(Subject::SsoSession(name.to_string()), keys, owner)
    }

    fn new(
        subject: Subject,
        keys: Vec<(AwsKey, AwsValue)>,
        owner: Owner,
    ) -> Result<Self, BadWanted> {
        for (i, (key, _)) in keys.iter().enumerate() {
            let why = if keys[..i].iter().any(|(earlier, _)| earlier == key) {
                "stands twice"
            } else if owned::is_marker(key.as_str()) {
                "is fedgit's own"
            } else {
                continue;
            };
            return Err(BadWanted {
                subject,
                key: key.to_string(),
                why,
            });
        }
        Ok(Self {
            subject,
            keys,
            owner,
        })
    }

    /// What the section is about.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Its keys and values, fedgit's own marker apart.
    #[must_use]
    pub fn keys(&self) -> &[(AwsKey, AwsValue)] {
        &self.keys
    }

    /// The declaration it comes from.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Whether a section reads exactly as wanted, fedgit's own marker apart.
    pub(super) fn stands_in(&self, section: &Section) -> bool {
        let own = owned::marker(&self.subject);
        let entries = section.entries.iter().filter(|e| e.key != own);
        self.subject.is_section(&section.name)
            && entries.count() == self.keys.len()
            && self.keys.iter().all(|(key, value)| {
                let entry = section.entry(key.as_str());
                entry.is_some_and(|entry| entry.canonical() == value.as_read())
            })
    }

    /// The fingerprint of the section that will be written.
    pub(super) fn fingerprint(&self) -> String {
        let keys = self.keys.iter();
        let keys = keys.map(|(key, value)| (key.as_str(), value.as_read()));
        owned::fingerprint(&self.subject.section_name(), keys)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&AwsValue> {
        self.keys
            .iter()
            .find(|(k, _)| k.as_str() == key)
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MARKER;

    #[test]
    fn a_key_stands_once_and_is_not_fedgits() {
        let key = |text: &str| (text.parse().unwrap(), AwsValue::Text("1".parse().unwrap()));
        let wanted = |keys| Wanted::profile(&"x".parse().unwrap(), keys, Owner::named("f"));
        assert!(wanted(vec![key("a"), key("b")]).is_ok());
        assert!(wanted(vec![key("a"), key("a")]).is_err());
        assert!(wanted(vec![key(MARKER)]).is_err());
    }
}
