//! Folders that git fills: looked at, put in their place, taken away.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Whether there is nothing of that name, or an empty folder.
///
/// # Errors
/// What the file system says.
pub fn is_free(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(!path.is_symlink()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a folder and those above it, as git makes them.
///
/// # Errors
/// What the file system says.
pub fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Gives a folder its name, where an empty one may stand.
///
/// # Errors
/// Where there is something, or what the file system says.
#[expect(clippy::disallowed_methods, reason = "this is the door, for a folder")]
pub fn put(from: &Path, to: &Path) -> io::Result<()> {
    // On Windows nothing can be renamed onto a folder.
    match fs::remove_dir(to) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::rename(from, to)
}

/// Takes a folder away with all that is in it; links are not followed. One that is gone is no error.
///
/// # Errors
/// What the file system says.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
