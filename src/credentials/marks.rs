//! Which entries the keychain may hold: an empty file for each but for its description. So nothing is
//! looked for in a keychain that was never used, and `logout` knows what to take out of any.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::Timestamp;
use crate::sys::private;

use super::key::Key;
use super::kind::Kind;

/// A description is an identity provider's address and a user name at most.
const LARGEST: u64 = 16 << 10;

/// The marks in a cache folder.
pub(super) struct Marks(PathBuf);

impl Marks {
    pub(super) fn of(root: &Path) -> Self {
        Self(root.join("keyring"))
    }

    pub(super) fn is_set(&self, kind: Kind, key: &Key) -> bool {
        matches!(private::stamp(&self.file(kind, key)), Ok(Some(_)))
    }

    pub(super) fn set(&self, kind: Kind, key: &Key, what: &str) -> io::Result<()> {
        private::is_own_folder(&self.0)?;
        private::write_in(&self.0.join(kind.as_str()), key.as_str(), what.as_bytes())
    }

    pub(super) fn remove(&self, kind: Kind, key: &Key) -> io::Result<()> {
        private::remove(&self.file(kind, key)).map(drop)
    }

    /// Those of a sort, with their descriptions.
    pub(super) fn all(&self, kind: Kind) -> Vec<(Key, String)> {
        let names = private::names(&self.0.join(kind.as_str()));
        let keys = names.iter().filter_map(|name| Key::from_hex(name));
        keys.map(|key| {
            let what = private::read(&self.file(kind, &key), LARGEST)
                .ok()
                .flatten();
            let what = String::from_utf8(what.unwrap_or_default()).unwrap_or_default();
            (key, what)
        })
        .collect()
    }

    /// Those of a sort that were set before `then`.
    pub(super) fn older(&self, kind: Kind, then: Timestamp) -> Vec<Key> {
        let names = private::older(&self.0.join(kind.as_str()), then);
        names
            .iter()
            .filter_map(|name| Key::from_hex(name))
            .collect()
    }

    fn file(&self, kind: Kind, key: &Key) -> PathBuf {
        self.0.join(kind.as_str()).join(key.as_str())
    }
}
