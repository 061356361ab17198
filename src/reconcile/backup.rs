//! The version of the file before the last apply, so that it can be brought back.
//!
//! Kept in fedgit's state folder and not beside the file: other tools read whole folders, and the
//! copy of a private file belongs in a private folder.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::owned::hex;
use crate::sys::{fs, private};

/// As large as any file that is applied to.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

const FILE: &str = "config";
const NO_FILE: &str = "there-was-no-file";

/// Where one file's previous version is kept.
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

    /// The kept file's path, for messages.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Keeps what stands there now.
    ///
    /// # Errors
    /// What the file system says. Then nothing should be written over the original.
    pub fn keep(&self, now: Option<&[u8]>) -> io::Result<()> {
        match now {
            Some(bytes) => {
                fs::write_private(&self.folder, FILE, bytes)?;
                fs::remove(&self.folder.join(NO_FILE))
            }
            None => fs::write_private(&self.folder, NO_FILE, b""),
        }
    }

    /// What was kept, if anything was.
    ///
    /// # Errors
    /// What the file system says.
    pub fn kept(&self) -> io::Result<Option<Previous>> {
        if private::read(&self.folder.join(NO_FILE), 0)?.is_some() {
            return Ok(Some(Previous::NoFile));
        }
        Ok(private::read(&self.path(), MAX_BYTES)?.map(Previous::File))
    }
}
