//! The one place of this room that touches the disk: reads the file for a plan, and carries a plan
//! out if the file still is what the plan was made from: nobody's change is lost, whether or not they
//! know our lock.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::backup::Backup;
use super::conflict::PlanError;
use super::hash::hex;
use super::plan::Plan;
use crate::sys::fs::{self, Outcome};
use crate::sys::lock::{Lock, LockError};

/// Far beyond any real file; a wrong path (a disk image, a log) is told apart before it is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Applying is a matter of milliseconds; who holds the lock longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often another program may come in between before that is told.
const ATTEMPTS: usize = 20;

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

/// Why a plan was not carried out. The file is as it was, unless an [`ApplyError::Io`] says that the
/// new one is in place.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Somebody wrote the file after the plan was made.
    #[error("{} changed since the plan was made", .0.display())]
    ChangedSince(PathBuf),
    /// Somebody who does not know our lock goes on writing the file.
    #[error("{} was written by another program each time that fedgit was about to", .0.display())]
    KeepsChanging(PathBuf),
    /// The file under the lock was another one than before, and there is no plan for it.
    #[error(transparent)]
    Plan(#[from] PlanError),
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
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::ChangedSince(_) => "run `fedgit apply` again",
            Self::KeepsChanging(_) => "end that program, then run `fedgit apply` again",
            Self::Plan(error) => return Some(error.hint()),
            Self::Lock(LockError::Busy { .. }) => "wait for it or end it, then try again",
            Self::Lock(LockError::Io { source, .. }) | Self::Io(source) => advice(source)?,
        };
        Some(hint.to_owned())
    }
}

/// What a person can do about what the file system says.
fn advice(error: &io::Error) -> Option<&'static str> {
    use io::ErrorKind as Kind;
    Some(match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => {
            "free some space on that disk, then try again; nothing was changed"
        }
        Kind::FileTooLarge => {
            "see what the file is, and whether a limit is set (`ulimit -f`); nothing was changed"
        }
        Kind::IsADirectory | Kind::InvalidInput => {
            "put a regular file in its place, or name another file with AWS_CONFIG_FILE"
        }
        Kind::PermissionDenied => {
            "give yourself the right to write there (`chmod u+w`), then try again"
        }
        Kind::ReadOnlyFilesystem => "make that disk writable, or move what is on it",
        Kind::NotADirectory | Kind::AlreadyExists => {
            "move the file away that stands where a folder should be"
        }
        _ => return None,
    })
}

/// The file's bytes for [`plan`](super::plan::plan); `None` where there is no file.
///
/// # Errors
/// Where it is not a regular file, larger than 64 MiB, behind a loop of links, or not readable.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, ApplyError> {
    Ok(fs::read_bounded(path, MAX_BYTES)?)
}

/// Where an apply keeps what is not the file itself.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The folder of lock files, never beside the user's file.
    pub locks: &'a Path,
    /// The folder of previous versions.
    pub state: &'a Path,
}

/// Carries out a plan that somebody saw and agreed to: under a lock, reads the file again, stops if
/// it is not what the plan was made from, keeps the previous version, and replaces the file whole.
/// `on_wait` is told once where another fedgit holds the lock.
///
/// # Errors
/// See [`ApplyError`].
pub fn apply(
    path: &Path,
    plan: &Plan,
    places: Places<'_>,
    on_wait: impl FnOnce(&str),
) -> Result<Applied, ApplyError> {
    if plan.is_empty() {
        return Ok(Applied::Unchanged);
    }
    let held = Held::take(path, places, on_wait)?;
    let found = read(path)?;
    if !plan.is_based_on(found.as_deref()) {
        return Err(ApplyError::ChangedSince(path.to_owned()));
    }
    held.put(found.as_deref(), plan.after())?
        .ok_or_else(|| ApplyError::ChangedSince(path.to_owned()))
}

/// The same where nobody was shown the plan: if the file is another one by now, a plan is made for
/// what stands there under the lock. Gives back the plan that was carried out.
///
/// # Errors
/// See [`ApplyError`]; [`ApplyError::Plan`] also where what came in between is in our way.
pub fn apply_latest(
    path: &Path,
    mut plan: Plan,
    make: impl Fn(Option<&[u8]>) -> Result<Plan, PlanError>,
    places: Places<'_>,
    on_wait: impl FnOnce(&str),
) -> Result<(Plan, Applied), ApplyError> {
    if plan.is_empty() {
        return Ok((plan, Applied::Unchanged));
    }
    let held = Held::take(path, places, on_wait)?;
    for _ in 0..ATTEMPTS {
        let found = read(path)?;
        if !plan.is_based_on(found.as_deref()) {
            plan = make(found.as_deref())?;
            if plan.is_empty() {
                return Ok((plan, Applied::Unchanged));
            }
        }
        // Whoever does not know our lock may still be quicker.
        if let Some(applied) = held.put(found.as_deref(), plan.after())? {
            return Ok((plan, applied));
        }
    }
    Err(ApplyError::KeepsChanging(path.to_owned()))
}

/// Brings back the version before the last apply, and keeps the present one in its place: restoring
/// twice changes nothing. `None` where no version is kept.
///
/// # Errors
/// See [`ApplyError`].
pub fn restore(
    path: &Path,
    places: Places<'_>,
    on_wait: impl FnOnce(&str),
) -> Result<Option<Applied>, ApplyError> {
    let held = Held::take(path, places, on_wait)?;
    // Decided once: each attempt keeps one version more.
    let Some(previous) = held.backup.kept(read(path)?.as_deref())? else {
        return Ok(None);
    };
    for _ in 0..ATTEMPTS {
        let found = read(path)?;
        if let Some(applied) = held.put(found.as_deref(), previous.content())? {
            return Ok(Some(applied));
        }
    }
    Err(ApplyError::KeepsChanging(path.to_owned()))
}

/// The right to write a file, as far as all of fedgit is concerned.
struct Held<'a> {
    path: &'a Path,
    backup: Backup,
    _lock: Lock,
}

impl<'a> Held<'a> {
    fn take(
        path: &'a Path,
        places: Places<'_>,
        on_wait: impl FnOnce(&str),
    ) -> Result<Self, ApplyError> {
        Ok(Self {
            path,
            backup: Backup::of(places.state, path)?,
            _lock: Lock::acquire(&lock_path(path, places.locks)?, PATIENCE, |holder| {
                on_wait(&format!("waiting for {holder}"));
            })?,
        })
    }

    /// From `found` to `after`, with `found` kept first; `None` where the file is another one now.
    fn put(
        &self,
        found: Option<&[u8]>,
        after: Option<&[u8]>,
    ) -> Result<Option<Applied>, ApplyError> {
        self.backup.keep(found)?;
        let (outcome, applied) = match after {
            Some(bytes) => (
                fs::replace_expected(self.path, found, bytes)?,
                Applied::Written,
            ),
            None => (fs::remove_expected(self.path, found)?, Applied::Removed),
        };
        Ok(match outcome {
            Outcome::Done => {
                // One version too many is no reason to call what is done a failure.
                let _ = self.backup.settle();
                Some(applied)
            }
            Outcome::Changed => None,
        })
    }
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
