//! Reading files that only we may have written: a link, another owner or an open mode is refused.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::model::Timestamp;

/// Reads a private file of at most `max` bytes; `None` where it is not there.
///
/// # Errors
/// Where it is a link, no regular file, owned by somebody else, open to others, or too large.
pub fn read(path: &Path, max: u64) -> io::Result<Option<Vec<u8>>> {
    read_without(path, max, 0o077)
}

/// The same from a folder, which must be ours alone as well: where others can write they choose which of
/// our files stands under a name, and bring back what we took away.
///
/// # Errors
/// As [`read`] and [`is_own_folder`].
pub fn read_in(folder: &Path, name: &str, max: u64) -> io::Result<Option<Vec<u8>>> {
    match is_own_folder(folder)? {
        true => read(&folder.join(name), max),
        false => Ok(None),
    }
}

/// Writes a private file into such a folder, which is made where missing.
///
/// # Errors
/// As [`is_own_folder`] and [`super::fs::write_private`].
pub fn write_in(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    is_own_folder(folder)?;
    super::fs::write_private(folder, name, bytes)
}

/// As [`read`], for a file that another program of ours wrote, and left open for others to read.
///
/// # Errors
/// Where it is a link, no regular file, owned by somebody else, open for others to write, or too large.
pub fn read_own(path: &Path, max: u64) -> io::Result<Option<Vec<u8>>> {
    read_without(path, max, 0o022)
}

#[cfg(unix)]
fn read_without(path: &Path, max: u64, mode: u32) -> io::Result<Option<Vec<u8>>> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = match open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let stat = rustix::fs::fstat(&file)?;
    if rustix::fs::FileType::from_raw_mode(stat.st_mode) != rustix::fs::FileType::RegularFile {
        return Err(io::Error::other("it is not a regular file"));
    }
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to another user"));
    }
    if stat.st_mode & mode != 0 {
        return Err(io::Error::other(
            "others may open it; its mode should be 0600",
        ));
    }
    bounded(file, max, u64::try_from(stat.st_size).unwrap_or(0)).map(Some)
}

/// Windows keeps the user's own folders from others by their access lists.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn read_without(path: &Path, max: u64, _: u32) -> io::Result<Option<Vec<u8>>> {
    match File::open(path) {
        Ok(file) => {
            let size = file.metadata()?.len();
            bounded(file, max, size).map(Some)
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// Removes a private file; whether there was one.
///
/// # Errors
/// What the file system says.
pub fn remove(path: &Path) -> io::Result<bool> {
    // What a writer that was killed left beside it holds as much as it does.
    super::fs::sweep(path.parent().unwrap_or(path));
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// Removes the files of a private folder whose names pass; how many there were. Anything else stays:
/// the folder may be one that the user named for other things too.
///
/// # Errors
/// Where the folder is not ours alone, or what the file system says.
pub fn remove_all(folder: &Path, is_ours: impl Fn(&str) -> bool) -> io::Result<usize> {
    if !is_own_folder(folder)? {
        return Ok(0);
    }
    // What a writer that was killed left beside them holds as much as they do.
    super::fs::sweep(folder);
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(&is_ours) {
            std::fs::remove_file(entry.path())?;
            count += 1;
        }
    }
    Ok(count)
}

/// Removes a private folder with all that is in it, links as such; whether there was one.
///
/// # Errors
/// Where the folder is not ours alone, or what the file system says.
pub fn remove_folder(folder: &Path) -> io::Result<bool> {
    if !is_own_folder(folder)? {
        return Ok(false);
    }
    std::fs::remove_dir_all(folder)?;
    Ok(true)
}

/// The names of what stands in a private folder; none where it is not there or not ours alone.
#[must_use]
pub fn names(folder: &Path) -> Vec<String> {
    if !is_own_folder(folder).unwrap_or(false) {
        return Vec::new();
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The names of what has stood unchanged in a private folder since before `then`; of many, some.
#[must_use]
pub fn older(folder: &Path, then: Timestamp) -> Vec<String> {
    // For more there is a next time.
    const MOST: usize = 10_000;
    if !is_own_folder(folder).unwrap_or(false) {
        return Vec::new();
    }
    let is_older = |entry: &std::fs::DirEntry| {
        let modified = entry.metadata().and_then(|meta| meta.modified()).ok()?;
        let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
        let seconds = i64::try_from(since.as_secs()).ok()?;
        Some(Timestamp::from_unix(seconds) < then)
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .take(MOST)
        .filter(|entry| is_older(entry).unwrap_or(false))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// Whether a folder is there. One that is a link, belongs to somebody else or can be written by
/// others is an error: what stands in it is anybody's word.
///
/// # Errors
/// See above; the message says what to do.
pub fn is_own_folder(path: &Path) -> io::Result<bool> {
    is_own(path, std::fs::symlink_metadata(path), OTHERS)
}

/// The same of a folder that the user may keep elsewhere, behind a link of theirs.
///
/// # Errors
/// As [`is_own_folder`], a link that leads to such a folder aside.
pub fn is_own_folder_anywhere(path: &Path) -> io::Result<bool> {
    is_own(path, std::fs::metadata(path), OTHERS)
}

/// The right to write, of the group and of everybody.
const OTHERS: u32 = 0o022;
/// The same, of everybody alone.
const EVERYBODY: u32 = 0o002;

fn is_own(path: &Path, found: io::Result<std::fs::Metadata>, open: u32) -> io::Result<bool> {
    let meta = match found {
        Ok(meta) => meta,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(e),
    };
    let shown = path.display();
    let refuse = |what: String| Err(io::Error::other(format!("{shown} {what}")));
    if !meta.is_dir() {
        return refuse("is not a folder; remove it, or move it away".to_owned());
    }
    #[cfg(not(unix))]
    let _ = open;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = rustix::process::geteuid().as_raw();
        if meta.uid() != own {
            return refuse(format!(
                "belongs to another user; have it removed, or given to you: sudo chown -R {own} {shown}"
            ));
        }
        if meta.mode() & open != 0 {
            return refuse(format!(
                "can be written by others; remove it, or: chmod 700 {shown}"
            ));
        }
    }
    Ok(true)
}

/// A folder of ours that other programs of ours made, with links followed; `None` where there is none.
/// Our group may write in it: whoever uses it reads nothing from it but by [`read_own`], and writes
/// nothing into it but whole new files.
///
/// # Errors
/// Where it belongs to somebody else, or anybody can write in it.
pub fn shared_folder(path: &Path) -> io::Result<Option<PathBuf>> {
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let there = is_own(&path, std::fs::symlink_metadata(&path), EVERYBODY)?;
    Ok(there.then_some(path))
}

/// Whether a file belongs to another account than ours and the administrator's.
#[must_use]
pub fn is_foreign(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = rustix::process::geteuid().as_raw();
        std::fs::metadata(path).is_ok_and(|meta| meta.uid() != own && meta.uid() != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

fn bounded(file: File, max: u64, size: u64) -> io::Result<Vec<u8>> {
    if size > max {
        return Err(io::Error::other(
            "it is larger than anything that fedgit writes",
        ));
    }
    // One byte more than it should have, so that the end is seen without growing the buffer:
    // a grown buffer leaves a copy of the secret in freed memory.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
    file.take(max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file's identity at a moment: size, times and number. Two equal stamps mean that the content is,
/// for our purposes, the same: a copy that keeps the time of modification still changes the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified_ns: i128,
    changed_ns: i128,
    number: u64,
}

/// The stamp of a file; `None` where it is not there.
///
/// # Errors
/// Where it may not be looked at.
pub fn stamp(path: &Path) -> io::Result<Option<Stamp>> {
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(e) => return Err(e),
    };
    #[cfg(unix)]
    let (modified_ns, changed_ns, number) = {
        use std::os::unix::fs::MetadataExt;
        let ns = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        (
            ns(meta.mtime(), meta.mtime_nsec()),
            ns(meta.ctime(), meta.ctime_nsec()),
            meta.ino(),
        )
    };
    #[cfg(not(unix))]
    let (modified_ns, changed_ns, number) = {
        let modified = meta.modified()?.duration_since(std::time::UNIX_EPOCH);
        (
            modified.map_or(0, |d| i128::try_from(d.as_nanos()).unwrap_or(i128::MAX)),
            0,
            0,
        )
    };
    Ok(Some(Stamp {
        size: meta.len(),
        modified_ns,
        changed_ns,
        number,
    }))
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            size,
            modified_ns,
            changed_ns,
            number,
        } = self;
        write!(f, "{size}:{modified_ns}:{changed_ns}:{number}")
    }
}
