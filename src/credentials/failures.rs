//! A refused password is not sent again by the next process: an account is locked after a few wrong
//! ones, and a burst of processes, or a script with an old password, would lock it in a second.
//!
//! Kept are the time and the identity provider's words. Nothing of the answer is, not even a digest:
//! a password can be guessed at from that.

use std::path::{Path, PathBuf};

use crate::model::Timestamp;
use crate::sys::{fs, private};

use super::key::Key;

/// How long a refusal is remembered, in seconds. `fedgit login` does not heed it, and a login that
/// works ends it.
const MEMORY: i64 = 300;

/// The last refusal of one login, on disk.
pub(super) struct Refusals {
    folder: PathBuf,
    name: String,
}

/// A remembered refusal.
#[derive(Debug)]
pub(super) struct Remembered {
    /// When.
    pub(super) at: Timestamp,
    /// The identity provider's own words.
    pub(super) text: String,
}

impl Refusals {
    /// Of the login with this key.
    pub(super) fn of(root: &Path, login: &Key) -> Self {
        Self {
            folder: root.join("refusals"),
            name: login.as_str().to_owned(),
        }
    }

    /// The last refusal, while it is remembered.
    pub(super) fn last(&self, now: Timestamp) -> Option<Remembered> {
        let bytes = private::read(&self.folder.join(&self.name), 16 << 10).ok()??;
        let text = String::from_utf8(bytes).ok()?;
        let (at, text) = text.split_once('\n')?;
        let at = Timestamp::from_unix(at.parse().ok()?);
        let remembered = Remembered {
            at,
            text: text.to_owned(),
        };
        (0..MEMORY).contains(&now.since(at)).then_some(remembered)
    }

    /// Remembers what was said to a password. Where it cannot be kept there is no harm but a second
    /// try.
    pub(super) fn remember(&self, words: &str, now: Timestamp) {
        let text = format!("{}\n{words}", now.unix());
        let _ = fs::write_private(&self.folder, &self.name, text.as_bytes());
    }

    /// Forgets: a login worked.
    pub(super) fn forget(&self) {
        let _ = std::fs::remove_file(self.folder.join(&self.name));
    }
}
