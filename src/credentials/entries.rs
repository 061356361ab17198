//! Where an entry lives between runs: in a private file, in the operating system's keychain, or
//! nowhere. What an entry is, is its owner's business (`cache`, `session`, `password`).

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::model::{Store, Timestamp};
use crate::sys::keyring::{Item, Keyring, KeyringError};
use crate::sys::private;

use super::key::Key;
use super::kind::Kind;
use super::logouts::Logouts;
use super::marks::Marks;

/// As long as a person may take to unlock the keychain in its own dialogue.
const PATIENT: Duration = Duration::from_secs(60);

/// Where nobody may be asked. A keychain that is unlocked answers within milliseconds.
const IMPATIENT: Duration = Duration::from_secs(5);

/// AWS lets nobody's session last longer than half of this, and none of an identity provider's is used
/// longer. Seconds.
const DAY: i64 = 24 * 3600;

/// Why an entry is not kept, or may not be gone.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The file system said no.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The keychain said no.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

/// Where the entries of one run live.
pub struct Entries<'a> {
    place: Store,
    root: PathBuf,
    marks: Marks,
    keyring: Keyring,
    notes: &'a dyn Fn(&str),
    told: Cell<bool>,
    logouts: Logouts,
}

impl<'a> Entries<'a> {
    /// In the cache folder `root`, or where `place` says. Only looks when somebody last logged out.
    #[must_use]
    pub fn new(place: Store, root: &Path, may_ask: bool, notes: &'a dyn Fn(&str)) -> Self {
        Self {
            place,
            root: root.to_owned(),
            marks: Marks::of(root),
            keyring: Keyring::new(if may_ask { PATIENT } else { IMPATIENT }),
            notes,
            told: Cell::new(false),
            logouts: Logouts::of(root),
        }
    }

    /// Whether what is kept is kept in files.
    pub(super) fn are_files(&self) -> bool {
        self.place == Store::File
    }

    /// The cache folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// From now on a logout of another process means what this one is about to get.
    pub(super) fn begin(&self) {
        self.logouts.begin();
    }

    /// Whether somebody has logged out since it began.
    pub(super) fn logged_out_meanwhile(&self) -> bool {
        self.logouts.meanwhile()
    }

    /// Somebody logs out: before anything is forgotten, so that what another process is getting now
    /// is not kept after it.
    pub fn begin_logout(&self) {
        self.logouts.mark();
    }

    /// Whether somebody logged out since it began: then nothing of it is to stay, which is told.
    pub(super) fn is_logged_out(&self) -> bool {
        let meanwhile = self.logouts.meanwhile();
        if meanwhile {
            self.logouts.tell(self.notes);
        }
        meanwhile
    }

    /// Whether anything is kept at all.
    pub(super) fn keeps(&self) -> bool {
        self.place != Store::None
    }

    /// An entry's bytes. What cannot be read is as good as absent; that the keychain does not answer
    /// is told once.
    pub(super) fn get(&self, kind: Kind, key: &Key) -> Option<Zeroizing<Vec<u8>>> {
        match self.place_of(kind) {
            Store::File => read_file(&self.root, kind, key),
            Store::Keyring if self.marks.is_set(kind, key) => {
                self.keyring.get(item(kind, key)).unwrap_or_else(|error| {
                    self.tell_of_keyring(&error);
                    None
                })
            }
            Store::Keyring | Store::None => None,
        }
    }

    /// Keeps an entry; `what` says which, for whoever reads of it. Where it cannot be kept that is
    /// told, and the caller goes on with what it has. Nothing goes elsewhere than was asked for.
    pub(super) fn put(&self, kind: Kind, key: &Key, what: &str, bytes: &[u8]) {
        match self.try_put(kind, key, what, bytes) {
            Ok(()) if self.logouts.meanwhile() => {
                let _ = self.forget(kind, key);
                self.logouts.tell(self.notes);
            }
            Ok(()) => {}
            Err(EntryError::Keyring(error)) => self.tell_of_keyring(&error),
            Err(EntryError::File(error)) => (self.notes)(&format!(
                "cannot keep {what} in {}: {error}",
                self.root.display()
            )),
        }
    }

    /// The same, for a caller that was asked to keep it.
    pub(super) fn try_put(
        &self,
        kind: Kind,
        key: &Key,
        what: &str,
        bytes: &[u8],
    ) -> Result<(), EntryError> {
        let (sort, place) = (kind.as_str(), self.place_of(kind));
        log::trace!("keeping {what} ({sort} {}): {place:?}", key.short());
        match place {
            Store::File => {
                let folder = self.root.join(kind.as_str());
                private::write_in(&folder, key.as_str(), bytes)?;
                // From before `store` was changed.
                let _ = self.forget_item(kind, key);
                Ok(())
            }
            Store::Keyring => {
                let _ = self.forget_file(kind, key);
                // First the mark: an item without one would not be found again.
                self.marks.set(kind, key, what)?;
                let label = format!("fedgit: {what}");
                Ok(self.keyring.put(item(kind, key), &label, bytes)?)
            }
            Store::None => {
                let _ = self.forget(kind, key);
                Ok(())
            }
        }
    }

    /// Forgets an entry, also where it lives from before `store` was changed; whether there was one.
    pub(super) fn forget(&self, kind: Kind, key: &Key) -> Result<bool, EntryError> {
        let file = self.forget_file(kind, key)?;
        Ok(self.forget_item(kind, key)? || file)
    }

    /// Forgets every entry of a sort; how many there were.
    pub(super) fn forget_all(&self, kind: Kind) -> Result<usize, EntryError> {
        let folder = self.root.join(kind.as_str());
        let mut count = private::remove_all(&folder, |name| Key::from_hex(name).is_some())?;
        let marked = self.marks.all(kind);
        let any = !marked.is_empty();
        for (key, _) in marked {
            count += usize::from(self.forget_item(kind, &key)?);
        }
        // Whose marks went with a cache folder that somebody removed.
        if any || self.place == Store::Keyring {
            count += self.keyring.remove_all(&service(kind))?;
        }
        Ok(count)
    }

    /// Forgets what nobody can use any more, and maybe nothing leads to: its role or login may have
    /// been declared anew. Where that fails there is a next time.
    pub(super) fn sweep(&self, now: Timestamp) {
        let then = now.plus(-DAY);
        for kind in [Kind::Credentials, Kind::Session] {
            let files = private::older(&self.root.join(kind.as_str()), then);
            for key in files.iter().filter_map(|name| Key::from_hex(name)) {
                let _ = self.forget_file(kind, &key);
            }
            // Of a keychain that is not in use nobody is asked to unlock it for this.
            if self.place == Store::Keyring {
                for key in self.marks.older(kind, then) {
                    let _ = self.forget_item(kind, &key);
                }
            }
        }
    }

    /// Whether the keychain may hold this entry. Asks no keychain.
    pub(super) fn is_in_keyring(&self, kind: Kind, key: &Key) -> bool {
        self.marks.is_set(kind, key)
    }

    /// What the keychain may hold of a sort: keys, with what they were said to be.
    pub(super) fn in_keyring(&self, kind: Kind) -> Vec<(Key, String)> {
        self.marks.all(kind)
    }

    /// Whether there is a keychain to put something into.
    pub(super) fn open_keyring(&self) -> Result<(), KeyringError> {
        self.keyring.open()
    }

    fn place_of(&self, kind: Kind) -> Store {
        match (kind, self.place) {
            (Kind::Password, Store::File) => Store::Keyring,
            (_, place) => place,
        }
    }

    fn forget_file(&self, kind: Kind, key: &Key) -> io::Result<bool> {
        private::remove(&self.root.join(kind.as_str()).join(key.as_str()))
    }

    fn forget_item(&self, kind: Kind, key: &Key) -> Result<bool, EntryError> {
        if !self.marks.is_set(kind, key) {
            return Ok(false);
        }
        let was_there = self.keyring.remove(item(kind, key))?;
        self.marks.remove(kind, key)?;
        Ok(was_there)
    }

    fn tell_of_keyring(&self, error: &KeyringError) {
        if !self.told.replace(true) {
            let hint = error.hint();
            (self.notes)(&format!("{error}, so nothing is kept there; {hint}"));
        }
    }
}

/// An entry's bytes from its private file, for the warm path, which knows no other place.
pub(super) fn read_file(root: &Path, kind: Kind, key: &Key) -> Option<Zeroizing<Vec<u8>>> {
    let folder = root.join(kind.as_str());
    let bytes = private::read_in(&folder, key.as_str(), kind.largest()).ok()??;
    Some(Zeroizing::new(bytes))
}

fn item(kind: Kind, key: &Key) -> Item {
    Item {
        service: service(kind),
        name: key.to_string(),
    }
}

fn service(kind: Kind) -> String {
    format!("fedgit {}", kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(_: &str) {}

    #[test]
    fn a_store_that_keeps_nothing_takes_away_what_another_kept() {
        let root = tempfile::tempdir().unwrap();
        let key = Key::of("test", &[b"a"]);
        let files = Entries::new(Store::File, root.path(), false, &said);
        let none = Entries::new(Store::None, root.path(), false, &said);
        files.put(Kind::Session, &key, "a test", b"x");
        assert_eq!(**files.get(Kind::Session, &key).unwrap(), *b"x");
        assert!(files.get(Kind::Credentials, &key).is_none());
        assert!(none.get(Kind::Session, &key).is_none());
        none.put(Kind::Session, &key, "a test", b"y");
        assert!(files.get(Kind::Session, &key).is_none());
        assert!(!files.forget(Kind::Session, &key).unwrap());
    }

    #[test]
    fn nothing_of_the_keyring_is_looked_for_without_a_mark() {
        let root = tempfile::tempdir().unwrap();
        let key = Key::of("test", &[b"a"]);
        let notes = |text: &str| panic!("the keyring was asked: {text}");
        let entries = Entries::new(Store::Keyring, root.path(), false, &notes);
        assert!(entries.get(Kind::Credentials, &key).is_none());
        assert!(!entries.forget(Kind::Credentials, &key).unwrap());
        let files = Entries::new(Store::File, root.path(), false, &notes);
        assert!(files.get(Kind::Password, &key).is_none());
        assert_eq!(files.forget_all(Kind::Password).unwrap(), 0);
    }
}
