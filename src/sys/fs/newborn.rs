//! A new version on its way into a file's place: born private beside it, and removed again unless it
//! gets there. `kill -9` keeps its maker from removing it, so the next one does.
//!
//! A file that has no name until it is whole (`O_TMPFILE`) would leave nothing behind, but can only
//! be given a name that is free: over an existing file it needs this name in between all the same.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use super::{folder_of, here, on};

/// How often a name is tried that a sweeper took from us between its birth and its lock.
#[cfg(unix)]
const ATTEMPTS: usize = 8;

/// An empty file beside `target`: 0600, locked while its maker lives, removed on drop. What earlier
/// makers for the same target left behind goes first.
///
/// # Errors
/// Where the folder cannot be written.
pub(super) fn create(target: &Path) -> io::Result<NamedTempFile> {
    let folder = here(folder_of(target));
    let make = || {
        tempfile::Builder::new()
            .prefix(&prefix(target))
            .suffix(SUFFIX)
            .tempfile_in(folder)
            .map_err(on("write in", folder))
    };
    #[cfg(unix)]
    {
        outlive_size_limit();
        unix::sweep(folder, &prefix(target));
        for _ in 1..ATTEMPTS {
            let file = make()?;
            if unix::claim(file.as_file()) {
                return Ok(file);
            }
        }
    }
    make()
}

/// Removes what makers that were killed left in a folder, whatever it was for.
pub(super) fn sweep(folder: &Path) {
    #[cfg(unix)]
    unix::sweep_all(folder);
    #[cfg(not(unix))]
    let _ = folder;
}

const SUFFIX: &str = ".tmp";
const PREFIX: &str = ".fedgit-";

/// Nobody gives a file of their own such a name by chance, and it says whose new version it is:
/// makers for other files of the folder have nothing to do with it.
fn prefix(target: &Path) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;

    let name = target.file_name().unwrap_or_default().as_encoded_bytes();
    let digest = Sha256::new()
        .chain_update(b"fedgit: a new version of ")
        .chain_update(name)
        .finalize();
    let mut prefix = String::from(PREFIX);
    for byte in digest.iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(prefix, "{byte:02x}");
    }
    prefix.push('-');
    prefix
}

/// Under `ulimit -f` the system ends who writes too much; with a handler the write fails instead,
/// and there is somebody left to say so. Registered once; programs that we start do not inherit it.
#[cfg(unix)]
pub(crate) fn outlive_size_limit() {
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Once};

    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let came = Arc::new(AtomicBool::new(false));
        // Where it cannot be had, the file is as safe: only the message is lost.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, came);
    });
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, TryLockError};
    use std::path::Path;

    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, fstat, open, openat, statat, unlinkat};

    use super::{PREFIX, SUFFIX};

    /// Locks a file that was just made. `false` where a sweeper had it first: it is gone, or about
    /// to be. A file system without locks gives none to the sweeper either, who then leaves it.
    pub(super) fn claim(file: &File) -> bool {
        match file.try_lock() {
            Ok(()) => fstat(file).is_ok_and(|stat| stat.st_nlink == 1),
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(_)) => true,
        }
    }

    /// Removes what has our name, our owner and no living maker. Anything else stays, and so does
    /// everything where something fails: leftovers are untidy, not wrong. And if one went that is
    /// in use after all (a network file system may lock on each machine alone), its maker fails
    /// with the old file in place.
    pub(super) fn sweep(folder: &Path, prefix: &str) {
        sweep_where(folder, |name| name.strip_prefix(prefix));
    }

    /// The same for every target's.
    pub(super) fn sweep_all(folder: &Path) {
        let is_hash = |hash: &str| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        sweep_where(folder, |name| {
            let (hash, rest) = name.strip_prefix(PREFIX)?.split_once('-')?;
            is_hash(hash).then_some(rest)
        });
    }

    /// `rest` gives what follows the prefix of a name that is ours.
    fn sweep_where(folder: &Path, rest: impl Fn(&str) -> Option<&str>) {
        // Through one handle, so that the folder is the same one for every step.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(folder) = open(folder, flags, Mode::empty()) else {
            return;
        };
        let Ok(entries) = Dir::read_from(&folder) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_ours = name.to_str().is_ok_and(|name| {
                let random = rest(name).and_then(|n| n.strip_suffix(SUFFIX));
                random.is_some_and(|r| r.len() == 6 && r.bytes().all(|b| b.is_ascii_alphanumeric()))
            });
            if !is_ours {
                continue;
            }
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let Ok(file) = openat(&folder, name, flags, Mode::empty()).map(File::from) else {
                continue;
            };
            let Ok(opened) = fstat(&file) else { continue };
            let plain = FileType::from_raw_mode(opened.st_mode) == FileType::RegularFile
                && opened.st_uid == rustix::process::geteuid().as_raw()
                && opened.st_nlink == 1;
            // Held until it is removed, so that its maker cannot begin with it in between.
            if !plain || file.try_lock().is_err() {
                continue;
            }
            let same = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)
                .is_ok_and(|now| (now.st_dev, now.st_ino) == (opened.st_dev, opened.st_ino));
            if same {
                let _ = unlinkat(&folder, name, AtFlags::empty());
            }
        }
    }
}
