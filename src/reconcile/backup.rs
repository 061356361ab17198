//! The version of the file before the last apply, so that it can be brought back.
//!
//! Kept in fedgit's state folder and not beside the file: other tools read whole folders, and the
//! copy of a private file belongs in a private folder.
//!
//! Each version has a file of its own, numbered upward. The newest is written before the file is
//! replaced, the older ones go after that. So at every moment there is one to go back to, also
//! where fedgit was killed in between: then the newest is what still stands in the file, and the
//! one before it is meant.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::hash::hex;
use crate::sys::{fs, private};

/// As large as any file that is applied to.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

const FILE: &str = "config";
const NO_FILE: &str = "there-was-no-file";

/// Where one file's previous versions are kept.
#[derive(Debug, Clone)]
pub struct Backup {
    folder: PathBuf,
}

/// A previous version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Previous {
    /// The file's bytes.
    File(Vec<u8>),
    /// There was no file.
    NoFile,
}

impl Previous {
    /// Of a file's content; `None`: there is no file.
    #[must_use]
    pub fn of(now: Option<&[u8]>) -> Self {
        now.map_or(Self::NoFile, |bytes| Self::File(bytes.to_vec()))
    }

    /// A file's content; `None`: there was no file.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        match self {
            Self::File(bytes) => Some(bytes),
            Self::NoFile => None,
        }
    }
}

impl Backup {
    /// Of the file at `path`, by whatever path it is reached.
    ///
    /// # Errors
    /// Where links form a loop.
    pub fn of(state: &Path, path: &Path) -> io::Result<Self> {
        let identity = fs::identity(path)?;
        let key = hex(&Sha256::digest(identity.as_os_str().as_encoded_bytes())[..16]);
        Ok(Self {
            folder: state.join("previous").join(key),
        })
    }

    /// The newest kept file's path, for messages.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match self.versions().ok().and_then(|all| all.last().cloned()) {
            Some(newest) => self.folder.join(newest.name()),
            None => self.folder.clone(),
        }
    }

    /// Keeps what stands there now, beside what was kept before. Nothing is written where the
    /// newest version is that already.
    ///
    /// # Errors
    /// What the file system says. Then nothing should be written over the original.
    pub fn keep(&self, now: Option<&[u8]>) -> io::Result<()> {
        let newest = self.versions()?.last().cloned();
        if let Some(newest) = &newest
            && newest.is_file == now.is_some()
            && self.read(newest).is_ok_and(|kept| kept.content() == now)
        {
            return Ok(());
        }
        let next = Version {
            number: newest.map_or(0, |newest| newest.number).saturating_add(1),
            is_file: now.is_some(),
        };
        fs::write_private(&self.folder, &next.name(), now.unwrap_or_default())
    }

    /// The original was replaced: the newest version is the one to go back to.
    ///
    /// # Errors
    /// What the file system says. One version too many is kept then, which changes nothing.
    pub fn settle(&self) -> io::Result<()> {
        if let Some((_, older)) = self.versions()?.split_last() {
            for version in older {
                fs::remove(&self.folder.join(version.name()))?;
            }
        }
        Ok(())
    }

    /// What to go back to from what stands there `now`, if anything was kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn kept(&self, now: Option<&[u8]>) -> io::Result<Option<Previous>> {
        let versions = self.versions()?;
        let Some((newest, older)) = versions.split_last() else {
            return Ok(None);
        };
        let newest = self.read(newest)?;
        match older.last() {
            Some(before) if newest.content() == now => self.read(before).map(Some),
            _ => Ok(Some(newest)),
        }
    }

    fn read(&self, version: &Version) -> io::Result<Previous> {
        if !version.is_file {
            return Ok(Previous::NoFile);
        }
        let path = self.folder.join(version.name());
        let named = |why: String| io::Error::other(format!("cannot use {}: {why}", path.display()));
        match private::read(&path, MAX_BYTES) {
            Ok(Some(bytes)) => Ok(Previous::File(bytes)),
            Ok(None) => Err(named("it is gone".to_owned())),
            Err(error) => Err(named(error.to_string())),
        }
    }

    /// What is kept, oldest first. Other files of the folder do not count.
    fn versions(&self) -> io::Result<Vec<Version>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => {
                let why = format!("cannot read {}: {e}", self.folder.display());
                return Err(io::Error::new(e.kind(), why));
            }
        };
        let mut versions = Vec::new();
        for entry in entries {
            versions.extend(entry?.file_name().to_str().and_then(Version::from_name));
        }
        versions.sort_by_key(|version| version.number);
        Ok(versions)
    }
}

#[derive(Debug, Clone)]
struct Version {
    number: u64,
    is_file: bool,
}

impl Version {
    fn name(&self) -> String {
        let what = if self.is_file { FILE } else { NO_FILE };
        format!("{what}.{}", self.number)
    }

    fn from_name(name: &str) -> Option<Self> {
        let (what, number) = name.rsplit_once('.')?;
        let is_file = match what {
            FILE => true,
            NO_FILE => false,
            _ => return None,
        };
        let number = number.parse().ok()?;
        Some(Self { number, is_file })
    }
}

#[cfg(test)]
#[path = "backup/tests.rs"]
mod tests;
