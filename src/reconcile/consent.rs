//! What `fedgit import` was told to take over. The user has then said whose sections fedgit shall
//! have; each is known by the fingerprint that it had, so one that changed since is asked about anew.
//!
//! Kept in fedgit's state folder. Where it is lost, `--adopt` says the same.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::hash::hex;
use crate::sys::{fs, private};

/// 17 bytes a section.
const MAX_BYTES: u64 = 16 << 20;

/// The sections of one file that may be taken over.
#[derive(Debug, Clone)]
pub struct Consent {
    folder: PathBuf,
    name: String,
}

impl Consent {
    /// For the file at `path`, by whatever path it is reached.
    ///
    /// # Errors
    /// Where links form a loop.
    pub fn of(state: &Path, path: &Path) -> io::Result<Self> {
        let identity = fs::identity(path)?;
        Ok(Self {
            folder: state.join("imported"),
            name: hex(&Sha256::digest(identity.as_os_str().as_encoded_bytes())[..16]),
        })
    }

    /// The fingerprints; none where nothing usable is kept.
    #[must_use]
    pub fn given(&self) -> BTreeSet<String> {
        let bytes = private::read(&self.folder.join(&self.name), MAX_BYTES);
        let text = bytes.ok().flatten().and_then(|b| String::from_utf8(b).ok());
        let text = text.unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Adds to what was given.
    ///
    /// # Errors
    /// What the file system says.
    pub fn give(&self, fingerprints: impl IntoIterator<Item = String>) -> io::Result<()> {
        let mut all = self.given();
        all.extend(fingerprints);
        let lines: String = all.iter().map(|line| format!("{line}\n")).collect();
        fs::write_private(&self.folder, &self.name, lines.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_comes_back_for_that_file_alone() {
        let state = tempfile::tempdir().unwrap();
        let of = |name: &str| Consent::of(state.path(), &state.path().join(name)).unwrap();
        assert!(of("config").given().is_empty());
        of("config").give(["b".to_owned()]).unwrap();
        of("config").give(["a".to_owned()]).unwrap();
        let given: Vec<_> = of("config").given().into_iter().collect();
        assert_eq!(given, ["a", "b"]);
        assert!(of("other").given().is_empty());
    }
}
