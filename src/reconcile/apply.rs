//! The one place of this room that touches the disk: reads the file for a plan, and carries a plan
//! out if the file still is what the plan was made from.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::backup::{Backup, Previous};
use super::owned::hex;
use super::plan::Plan;
use crate::sys::fs;
use crate::sys::lock::{Lock, LockError};

/// Far beyond any real file; a wrong path (a disk image, a log) is told apart before it is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Applying is a matter of milliseconds; who holds the lock longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The plan was empty; nothing was written.
    Unchanged,
    /// The file was replaced or made.
    Written,
    /// fedgit had made the file, nothing was left in it, and it is gone.
    Removed,
}

/// Why a plan was not carried out. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Somebody wrote the file after the plan was made.
    #[error("{} changed since the plan was made", .0.display())]
    ChangedSince(PathBuf),
    /// Another fedgit is at it, or the lock file cannot be used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The file or its folder could not be read or written. Names the path and the operation.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ApplyError {
    /// What to do about it, where that is not plain from the error itself.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::ChangedSince(_) => Some("run `fedgit apply` again"),
            Self::Lock(LockError::Busy { .. }) => Some("wait for it or end it, then try again"),
            Self::Lock(LockError::Io { .. }) | Self::Io(_) => None,
        }
    }
}

/// The file's bytes for [`plan`](super::plan::plan); `None` where there is no file.
///
/// # Errors
/// Where it is not a regular file, larger than 64 MiB, behind a loop of links, or not readable.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    fs::read_bounded(path, MAX_BYTES)
}

/// Where an apply keeps what is not the file itself.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The folder of lock files, never beside the user's file.
    pub locks: &'a Path,
    /// The folder of previous versions.
    pub state: &'a Path,
}

/// Carries out a plan: under a lock, reads the file again, stops if it is not what the plan was
/// made from, keeps the previous version, and replaces the file whole. `on_wait` is told once where
/// another fedgit holds the lock.
///
/// # Errors
/// See [`ApplyError`]; the file is then untouched.
pub fn apply(
    path: &Path,
    plan: &Plan,
    places: Places<'_>,
    on_wait: impl FnOnce(&str),
) -> Result<Applied, ApplyError> {
    if plan.is_empty() {
        return Ok(Applied::Unchanged);
    }
    let _lock = Lock::acquire(&lock_path(path, places.locks)?, PATIENCE, on_wait)?;
    let found = read(path)?;
    if !plan.is_based_on(found.as_deref()) {
        return Err(ApplyError::ChangedSince(path.to_owned()));
    }
    Backup::of(places.state, path)?.keep(found.as_deref())?;
    put(path, plan.after())
}

/// Brings back the version before the last apply, and keeps the present one in its place: restoring
/// twice changes nothing. `None` where no version is kept.
///
/// # Errors
/// See [`ApplyError`]; the file is then untouched.
pub fn restore(
    path: &Path,
    places: Places<'_>,
    on_wait: impl FnOnce(&str),
) -> Result<Option<Applied>, ApplyError> {
    let _lock = Lock::acquire(&lock_path(path, places.locks)?, PATIENCE, on_wait)?;
    let backup = Backup::of(places.state, path)?;
    let Some(previous) = backup.kept()? else {
        return Ok(None);
    };
    backup.keep(read(path)?.as_deref())?;
    match previous {
        Previous::File(bytes) => put(path, Some(&bytes)),
        Previous::NoFile => put(path, None),
    }
    .map(Some)
}

fn put(path: &Path, bytes: Option<&[u8]>) -> Result<Applied, ApplyError> {
    match bytes {
        Some(bytes) => fs::replace(path, bytes).map(|()| Applied::Written),
        None => fs::remove(path).map(|()| Applied::Removed),
    }
    .map_err(ApplyError::from)
}

/// One lock for one file, by whatever path it is reached.
fn lock_path(path: &Path, lock_dir: &Path) -> io::Result<PathBuf> {
    let identity = fs::identity(path)?;
    let key = hex(&Sha256::digest(identity.as_os_str().as_encoded_bytes())[..16]);
    Ok(lock_dir.join(format!("config-{key}.lock")))
}

#[cfg(test)]
#[path = "apply/tests.rs"]
mod tests;
