//! Replacing a file only if it still is what its reader saw, also where the other writer knows
//! nothing of our locks: the AWS CLI, an editor, another tool for the same file.
//!
//! No system has "rename if unchanged". Where two names can be exchanged in one step (Linux, macOS)
//! the new version changes places with whatever stands there, and only then it is looked at what
//! that was. If somebody wrote in between, it is exchanged back, and nothing of theirs is lost.
//!
//! What remains: for the few calls between the two exchanges others see our version; a program that
//! keeps the file open and writes into it after it was replaced writes into the old file, as after
//! any rename; and a file system without exchange (many network ones) leaves the time between the
//! last look and the rename.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{
    folder_of, must_be_regular, must_be_writable, never_waiting, on, prepared, resolve,
    respect_read_only_folder, stat, sync_folder, sync_replaced,
};

/// What became of a file that was to be replaced or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It is done.
    Done,
    /// Somebody else wrote the file meanwhile. Theirs stands.
    Changed,
}

/// [`replace`](super::replace), if the file's content is `expected`; `None`: if there is no file.
///
/// # Errors
/// As of [`replace`](super::replace).
pub fn replace_expected(path: &Path, expected: Option<&[u8]>, new: &[u8]) -> io::Result<Outcome> {
    let target = resolve(path)?;
    let old = stat(&target)?;
    let (old, expected) = match (old, expected) {
        (None, None) => {
            return match prepared(&target, None, new)?.persist_noclobber(&target) {
                Ok(_) => sync_replaced(&target).map(|()| Outcome::Done),
                Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => {
                    Ok(Outcome::Changed)
                }
                Err(failed) => Err(on("make", &target)(failed.error)),
            };
        }
        (Some(old), Some(expected)) => (old, expected),
        (Some(_), None) | (None, Some(_)) => return Ok(Outcome::Changed),
    };
    let temp = prepared(&target, Some(&old), new)?;
    // As late as can be: all that takes time is behind us.
    let Some(seen) = look(&target, expected)?.filter(|seen| *seen == Stamp::of(&old)) else {
        return Ok(Outcome::Changed);
    };
    match exchange(temp.path(), &target) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Outcome::Changed),
        Err(error) if cannot_exchange(&error) => {
            temp.persist(&target)
                .map_err(|failed| on("replace", &target)(failed.error))?;
            return sync_replaced(&target).map(|()| Outcome::Done);
        }
        Err(error) => return Err(on("replace", &target)(error)),
    }
    // Of what came out, the number tells most at once; the content tells the rest.
    let is_as_seen = fs::symlink_metadata(temp.path()).is_ok_and(|out| Stamp::of(&out) == seen)
        && matches!(look(temp.path(), expected), Ok(Some(_)));
    if !is_as_seen {
        put_back(temp, &target)?;
        return Ok(Outcome::Changed);
    }
    sync_replaced(&target)?;
    // Dropping it removes the old version, which has its name now.
    drop(temp);
    Ok(Outcome::Done)
}

/// [`remove`](super::remove), if the file's content is `expected`. What somebody writes between the
/// last look and the removal goes with it.
///
/// # Errors
/// As of [`remove`](super::remove).
pub fn remove_expected(path: &Path, expected: Option<&[u8]>) -> io::Result<Outcome> {
    let target = resolve(path)?;
    let (old, expected) = match (stat(&target)?, expected) {
        (None, None) => return Ok(Outcome::Done),
        (Some(old), Some(expected)) => (old, expected),
        (Some(_), None) | (None, Some(_)) => return Ok(Outcome::Changed),
    };
    must_be_regular(&target, &old)?;
    must_be_writable(&target, &old)?;
    respect_read_only_folder(folder_of(&target))?;
    if look(&target, expected)?.is_none() {
        return Ok(Outcome::Changed);
    }
    fs::remove_file(&target).map_err(on("remove", &target))?;
    sync_folder(folder_of(&target)).map(|()| Outcome::Done)
}

/// A file at a moment, by all that a rename does not change.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<std::time::SystemTime>,
    #[cfg(unix)]
    number: (u64, u64),
    #[cfg(unix)]
    rights: (u32, u32, u32),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            number: (metadata.dev(), metadata.ino()),
            #[cfg(unix)]
            rights: (metadata.mode(), metadata.uid(), metadata.gid()),
        }
    }
}

/// The file's stamp if it is a regular one with this content.
fn look(path: &Path, expected: &[u8]) -> io::Result<Option<Stamp>> {
    let mut options = OpenOptions::new();
    let file: File = match never_waiting(options.read(true)).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(on("open", path)(error)),
    };
    let metadata = file.metadata().map_err(on("look at", path))?;
    if !metadata.is_file() || metadata.len() != expected.len() as u64 {
        return Ok(None);
    }
    let mut found = Vec::with_capacity(expected.len().saturating_add(1));
    // One byte more than it should have: it may be growing.
    file.take(metadata.len().saturating_add(1))
        .read_to_end(&mut found)
        .map_err(on("read", path))?;
    Ok((found == expected).then(|| Stamp::of(&metadata)))
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// An old kernel, a file system without it, or a sandbox that knows plain renames alone; the plain
/// rename that follows says what is wrong if it is something else.
fn cannot_exchange(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
    )
}

/// How often somebody may write between two of our calls before we stop putting theirs back.
const ROUNDS: usize = 16;

/// Ours is in place and must not be; `temp` has what it drove out. Whatever comes out at the next
/// exchange and is not what went in before is somebody's newer version, and goes back as well.
fn put_back(temp: NamedTempFile, target: &Path) -> io::Result<()> {
    let mut standing = Stamp::of(&temp.as_file().metadata().map_err(on("look at", target))?);
    for _ in 0..ROUNDS {
        let next = match fs::symlink_metadata(temp.path()) {
            Ok(metadata) => Stamp::of(&metadata),
            Err(error) => return save(temp, target, &error),
        };
        match exchange(temp.path(), target) {
            Ok(()) => {}
            // Ours was removed.
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(error) => return save(temp, target, &error),
        }
        match fs::symlink_metadata(temp.path()) {
            Ok(out) if Stamp::of(&out) == standing => return Ok(()),
            _ => standing = next,
        }
    }
    match temp.persist_noclobber(target) {
        Ok(_) => Ok(()),
        Err(failed) => save(failed.file, target, &failed.error),
    }
}

/// Theirs under a name that nobody sweeps.
fn save(temp: NamedTempFile, target: &Path, why: &io::Error) -> io::Result<()> {
    let mut kept = target.as_os_str().to_owned();
    kept.push(".not-ours");
    let kept = match temp.persist_noclobber(&kept) {
        Ok(_) => kept,
        Err(failed) => {
            let path = failed.file.path().as_os_str().to_owned();
            // An error here leaves the file where it is, which is all that is wanted.
            let _ = failed.file.keep();
            path
        }
    };
    let why = format!(
        "another program wrote it at the same moment, and its version could not be put back ({why}); \
         it is {}",
        Path::new(&kept).display()
    );
    Err(on("replace", target)(io::Error::other(why)))
}

#[cfg(test)]
#[path = "expected/tests.rs"]
mod tests;
