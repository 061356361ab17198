//! Credentials between runs: one entry a role; a damaged one is a miss.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::format::secret_json;
use crate::model::{Credentials, Timestamp};

use super::entries::{Entries, EntryError, read_file};
use super::key::Key;
use super::kind::Kind;

/// The version of the entry's form; another one is a miss.
const VERSION: u32 = 1;

/// Credentials with what must be known of their birth.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The credentials.
    pub credentials: Credentials,
    /// When STS gave them, by this machine's clock.
    pub issued: Timestamp,
}

/// The entries of every role.
pub(super) struct Cache<'a>(pub(super) &'a Entries<'a>);

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    /// The entry's own key: one that was moved in another's place is not taken for it.
    key: String,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    /// RFC 3339.
    expiration: String,
    /// RFC 3339.
    issued: String,
    account_id: Option<String>,
}

impl Cache<'_> {
    /// An entry, or `None`: not there, of another version, damaged, or not private any more. What
    /// cannot be trusted is as good as absent, and the next [`Cache::put`] replaces it.
    pub(super) fn get(&self, key: &Key) -> Option<Entry> {
        let entry = self.0.get(Kind::Credentials, key);
        let entry = entry.and_then(|bytes| decode(&bytes, key));
        match &entry {
            Some(entry) => {
                let end = entry.credentials.expiration;
                log::debug!("credentials {} are in the cache, until {end}", key.short());
            }
            None => log::debug!("credentials {} are not in the cache", key.short()),
        }
        entry
    }

    /// Keeps an entry, or tells why it is not kept; the credentials themselves are as good as before.
    pub(super) fn put(&self, key: &Key, what: &str, entry: &Entry) {
        // Strings and numbers: they always have a form in JSON.
        if let Ok(bytes) = encode(key, entry) {
            self.0.put(Kind::Credentials, key, what, &bytes);
        }
    }

    /// Forgets an entry; whether there was one.
    pub(super) fn forget(&self, key: &Key) -> Result<bool, EntryError> {
        self.0.forget(Kind::Credentials, key)
    }

    /// Forgets every entry; how many there were.
    pub(super) fn forget_all(&self) -> Result<usize, EntryError> {
        self.0.forget_all(Kind::Credentials)
    }
}

/// The entry in a private file of the cache folder: all that the warm path looks at.
pub(super) fn in_file(root: &Path, key: &Key) -> Option<Entry> {
    decode(&read_file(root, Kind::Credentials, key)?, key)
}

fn decode(bytes: &[u8], key: &Key) -> Option<Entry> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    if stored.version != VERSION || stored.key != key.as_str() {
        return None;
    }
    Some(Entry {
        credentials: Credentials {
            access_key_id: stored.access_key_id,
            secret_access_key: SecretString::from(stored.secret_access_key.as_str()),
            session_token: SecretString::from(stored.session_token.as_str()),
            expiration: Timestamp::parse_rfc3339(&stored.expiration)?,
            account: match stored.account_id {
                Some(text) => Some(text.parse().ok()?),
                None => None,
            },
        },
        issued: Timestamp::parse_rfc3339(&stored.issued)?,
    })
}

fn encode(key: &Key, entry: &Entry) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let credentials = &entry.credentials;
    let secret = |text: &SecretString| Zeroizing::new(text.expose_secret().to_owned());
    secret_json::render(&Stored {
        version: VERSION,
        key: key.as_str().to_owned(),
        access_key_id: credentials.access_key_id.clone(),
        secret_access_key: secret(&credentials.secret_access_key),
        session_token: secret(&credentials.session_token),
        expiration: credentials.expiration.to_string(),
        issued: entry.issued.to_string(),
        account_id: credentials.account.as_ref().map(ToString::to_string),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Store;

    fn files(root: &Path) -> Entries<'static> {
        Entries::new(Store::File, root, false, &|text| panic!("{text}"))
    }

    fn entry() -> Entry {
        Entry {
            credentials: Credentials {
                access_key_id: "ASIAEXAMPLE".into(),
                secret_access_key: SecretString::from("s/+="),
                session_token: SecretString::from("t\"\\"),
                expiration: Timestamp::from_unix(2_000_000_000),
                account: Some("111122223333".parse().unwrap()),
            },
            issued: Timestamp::from_unix(1_999_996_400),
        }
    }

    #[test]
    fn keeps_and_forgets() {
        let root = tempfile::tempdir().unwrap();
        let files = files(root.path());
        let cache = Cache(&files);
        let key = Key::of("test", &[b"a"]);
        assert!(cache.get(&key).is_none());
        cache.put(&key, "a test", &entry());
        let found = cache.get(&key).unwrap();
        assert_eq!(found.credentials.session_token.expose_secret(), "t\"\\");
        assert_eq!(found.issued, entry().issued);
        assert!(cache.forget(&key).unwrap());
        assert!(!cache.forget(&key).unwrap());
        assert!(cache.get(&key).is_none());
        cache.put(&key, "a test", &entry());
        cache.put(&Key::of("test", &[b"b"]), "a test", &entry());
        assert_eq!(cache.forget_all().unwrap(), 2);
        assert_eq!(cache.forget_all().unwrap(), 0);
    }

    #[test]
    #[cfg(unix)]
    #[expect(
        clippy::disallowed_methods,
        reason = "the test plays the one who damages entries"
    )]
    fn what_cannot_be_trusted_is_a_miss() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let files = files(root.path());
        let cache = Cache(&files);
        let key = Key::of("test", &[b"a"]);
        cache.put(&key, "a test", &entry());
        let file = root.path().join("credentials").join(key.as_str());
        let good = std::fs::read(&file).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let folder = std::fs::metadata(file.parent().unwrap())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(folder & 0o777, 0o700);

        for damaged in [&b""[..], b"{", &good[..good.len() / 2], b"\xff\xfe", b"[]"] {
            std::fs::write(&file, damaged).unwrap();
            assert!(cache.get(&key).is_none(), "{damaged:?}");
        }
        // An entry in another's place is not taken for it.
        let elsewhere = Key::of("test", &[b"elsewhere"]);
        std::fs::copy(&file, file.with_file_name(elsewhere.as_str())).unwrap();
        std::fs::write(file.with_file_name(elsewhere.as_str()), &good).unwrap();
        assert!(cache.get(&elsewhere).is_none());
        let other = String::from_utf8(good.clone())
            .unwrap()
            .replace("\"version\":1", "\"version\":2");
        std::fs::write(&file, other).unwrap();
        assert!(cache.get(&key).is_none());

        std::fs::write(&file, &good).unwrap();
        assert!(cache.get(&key).is_some());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(cache.get(&key).is_none());
        std::fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
        assert!(cache.get(&key).is_none());
        // And the next put makes it good again.
        cache.put(&key, "a test", &entry());
        assert!(cache.get(&key).is_some());
    }
}
