//! Files that belong to people: read within bounds, replaced as a whole or not at all.
//!
//! A replaced file keeps its symlink, its mode and, where we may, its owner; it is complete on the
//! disk before it takes the old one's place. What its owner made read-only is not written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

mod expected;
mod newborn;

pub use expected::{Outcome, remove_expected, replace_expected};
#[cfg(unix)]
pub(crate) use newborn::outlive_size_limit;

/// How many symlinks are followed before it is called a loop: Linux's own limit.
const MAX_LINKS: usize = 40;

/// The content of a regular file; `None` where there is none.
///
/// # Errors
/// Where it is anything but a regular file (a FIFO is not opened: that could wait for ever), is
/// larger than `max` bytes, or cannot be read.
pub fn read_bounded(path: &Path, max: u64) -> io::Result<Option<Vec<u8>>> {
    let target = resolve(path)?;
    let Some(metadata) = stat(&target)? else {
        return Ok(None);
    };
    must_be_regular(&target, &metadata)?;
    let mut options = OpenOptions::new();
    let file = never_waiting(options.read(true))
        .open(&target)
        .map_err(on("open", &target))?;
    // Looked at again through the handle: the name may mean another file by now.
    let metadata = file.metadata().map_err(on("read", &target))?;
    must_be_regular(&target, &metadata)?;
    let expected = usize::try_from(metadata.len().min(max)).unwrap_or_default();
    // One more, so that the end is found without growing.
    let mut bytes = Vec::with_capacity(expected.saturating_add(1));
    file.take(max.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(on("read", &target))?;
    if bytes.len() as u64 > max {
        let why = io::Error::new(
            ErrorKind::FileTooLarge,
            format!("it is larger than {max} bytes"),
        );
        return Err(on("read", &target)(why));
    }
    Ok(Some(bytes))
}

/// The same of a file that is never written: the null device is an empty one there. Whoever wants no such
/// file names that, as in `AWS_CONFIG_FILE=/dev/null`.
///
/// # Errors
/// As of [`read_bounded`].
pub fn read_bounded_or_null(path: &Path, max: u64) -> io::Result<Option<Vec<u8>>> {
    match is_null_device(path) {
        true => Ok(Some(Vec::new())),
        false => read_bounded(path, max),
    }
}

/// No other device: a terminal waits, and others never end.
#[cfg(unix)]
fn is_null_device(path: &Path) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    let device = |path: &Path| {
        let metadata = fs::metadata(path).ok()?;
        let is_device = metadata.file_type().is_char_device();
        is_device.then(|| metadata.rdev())
    };
    device(path).is_some_and(|here| device(Path::new("/dev/null")) == Some(here))
}

#[cfg(not(unix))]
fn is_null_device(_path: &Path) -> bool {
    false
}

/// Puts `bytes` in the place of the file, or makes the file. A symlink stays and its target is
/// replaced, or made where the link dangles. Missing folders are made for the user alone (0700), a
/// new file too (0600).
///
/// # Errors
/// Where the file or its folder is read-only or no file, the links form a loop, or the disk is
/// full. The old file is then untouched and nothing is left beside it. Where the message says that
/// the new one is in place, only its safety from a power failure is in doubt.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = resolve(path)?;
    let old = stat(&target)?;
    put_in_place(prepared(&target, old.as_ref(), bytes)?, &target)
}

/// The new version beside the file whose place it will take, complete and on the disk.
fn prepared(target: &Path, old: Option<&fs::Metadata>, bytes: &[u8]) -> io::Result<NamedTempFile> {
    if let Some(old) = old {
        must_be_regular(target, old)?;
        must_be_writable(target, old)?;
    }
    let folder = folder_of(target);
    make_private_folders(folder)?;
    respect_read_only_folder(folder)?;
    let mut temp = newborn::create(target)?;
    temp.as_file_mut()
        .write_all(bytes)
        .map_err(on("write", target))?;
    if let Some(old) = old {
        keep_owner_and_mode(temp.as_file(), old).map_err(on("set the mode of", target))?;
    }
    temp.as_file().sync_all().map_err(on("write", target))?;
    Ok(temp)
}

/// Makes the file with `bytes` in it, whole or not at all. Missing folders are made for the user
/// alone (0700), the file too (0600). A symlink that dangles stays and its target is made.
///
/// # Errors
/// `AlreadyExists` where there is anything of that name, also where it came just now; otherwise as
/// [`replace`].
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = resolve(path)?;
    prepared(&target, None, bytes)?
        .persist_noclobber(&target)
        .map_err(|failed| on("make", &target)(failed.error))?;
    sync_folder(folder_of(&target))
}

/// Makes an empty file of this very name, for the user alone, to be written later. No link is followed,
/// not even one that leads nowhere.
///
/// # Errors
/// `AlreadyExists` where there is anything of that name, a link too.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Removes from a folder what writers that were killed left there.
pub(super) fn sweep(folder: &Path) {
    newborn::sweep(folder);
}

/// Whether there is anything of that name, links followed.
///
/// # Errors
/// Where a folder on the way cannot be entered, or the links form a loop.
pub fn exists(path: &Path) -> io::Result<bool> {
    stat(&resolve(path)?).map(|found| found.is_some())
}

/// The names of what stands in a folder, of at most so many; none where it cannot be read.
#[must_use]
pub fn names(folder: &Path, most: usize) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .take(most)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// Whether [`write_private`] would get as far as the file's first byte.
///
/// # Errors
/// Why it would not.
pub fn may_write_private(folder: &Path, target: &Path) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default();
    newborn::create(&folder.join(name)).map(drop)
}

/// Writes a file that nobody else may read (0600) in a folder that nobody else may enter (made
/// 0700 where missing). Readers see the old file or the new one, never a part.
///
/// # Errors
/// Where `name` is not a plain file name or the folder cannot be written.
pub fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut components = Path::new(name).components();
    let plain = matches!(components.next(), Some(Component::Normal(_)));
    if !plain || components.next().is_some() || name.ends_with('/') {
        let why = format!("{name:?} is not a plain file name");
        return Err(on("write", folder)(io::Error::new(
            ErrorKind::InvalidInput,
            why,
        )));
    }
    let target = folder.join(name);
    make_private_folders(folder)?;
    let mut temp = newborn::create(&target)?;
    temp.as_file_mut()
        .write_all(bytes)
        .map_err(on("write", &target))?;
    temp.as_file().sync_all().map_err(on("write", &target))?;
    put_in_place(temp, &target)
}

/// Removes a file. A symlink to it stays.
///
/// # Errors
/// Where it is read-only, no regular file, or cannot be removed. One that is gone is no error.
pub fn remove(path: &Path) -> io::Result<()> {
    let target = resolve(path)?;
    let Some(old) = stat(&target)? else {
        return Ok(());
    };
    must_be_regular(&target, &old)?;
    must_be_writable(&target, &old)?;
    respect_read_only_folder(folder_of(&target))?;
    fs::remove_file(&target).map_err(on("remove", &target))?;
    sync_folder(folder_of(&target))
}

/// One path for one file, however it is reached: links followed, folders as the system spells them.
/// The file, and the last folders to it, need not exist.
///
/// # Errors
/// Where the links form a loop or a folder cannot be entered.
pub fn identity(path: &Path) -> io::Result<PathBuf> {
    let target = std::path::absolute(resolve(path)?).map_err(on("resolve", path))?;
    for ancestor in target.ancestors() {
        match fs::canonicalize(ancestor) {
            Ok(real) => {
                let rest = target.strip_prefix(ancestor).unwrap_or(Path::new(""));
                // Joining nothing would add a slash.
                return Ok(if rest.as_os_str().is_empty() {
                    real
                } else {
                    real.join(rest)
                });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(on("resolve", ancestor)(error)),
        }
    }
    Ok(target)
}

/// Makes a folder and those above it where missing, each for the user alone.
///
/// # Errors
/// Where one cannot be made.
pub fn make_private_folders(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let missing: Vec<&Path> = folder.ancestors().take_while(|f| !f.exists()).collect();
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .recursive(true)
        .create(folder)
        .map_err(on("make the folder", folder))?;
    // A file in it lasts through a power failure as long as its folder does.
    for made in missing {
        sync_folder(folder_of(made))?;
    }
    Ok(())
}

/// Follows symlinks by hand: the last one may dangle, which the system's own resolution refuses.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..=MAX_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_symlink() => {
                let link = fs::read_link(&target).map_err(on("follow the link", &target))?;
                // A relative link starts from its own folder; an absolute one replaces all of it.
                target = folder_of(&target).join(link);
            }
            Ok(_) => return Ok(target),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(target),
            Err(error) => return Err(on("look at", &target)(error)),
        }
    }
    let why = io::Error::new(ErrorKind::InvalidInput, "its symbolic links form a loop");
    Err(on("follow the link", path)(why))
}

fn stat(target: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::metadata(target) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(on("look at", target)(error)),
    }
}

fn must_be_regular(target: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let (kind, what) = match metadata.is_dir() {
        true => (ErrorKind::IsADirectory, "it is a folder"),
        false => (ErrorKind::InvalidInput, "it is not a regular file"),
    };
    Err(on("use", target)(io::Error::new(kind, what)))
}

/// Renaming over a file needs no permission on the file itself, so that has to be asked for. The
/// mode is looked at too: the superuser may open anything, yet somebody write-protected it.
fn must_be_writable(target: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.permissions().readonly() {
        let why = io::Error::new(ErrorKind::PermissionDenied, "it is read-only");
        return Err(on("write", target)(why));
    }
    let mut options = OpenOptions::new();
    never_waiting(options.write(true))
        .open(target)
        .map(drop)
        .map_err(on("write", target))
}

#[cfg(unix)]
fn respect_read_only_folder(folder: &Path) -> io::Result<()> {
    let here = here(folder);
    if fs::metadata(here)
        .map_err(on("look at", here))?
        .permissions()
        .readonly()
    {
        let why = io::Error::new(ErrorKind::PermissionDenied, "the folder is read-only");
        return Err(on("write in", here)(why));
    }
    Ok(())
}

/// On Windows the attribute means nothing on a folder.
#[cfg(not(unix))]
fn respect_read_only_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn keep_owner_and_mode(new: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let is = new.metadata()?;
    let mut mode = old.mode() & 0o777;
    if (is.uid(), is.gid()) != (old.uid(), old.gid()) {
        let (user, group) = (
            rustix::fs::Uid::from_raw(old.uid()),
            rustix::fs::Gid::from_raw(old.gid()),
        );
        // Only the superuser may give a file away; a group of one's own may be kept.
        let kept = rustix::fs::fchown(new, Some(user), Some(group)).is_ok()
            || rustix::fs::fchown(new, None, Some(group)).is_ok();
        if !kept {
            // What the old group was allowed to, another one must not be.
            mode &= 0o707;
        }
    }
    new.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_owner_and_mode(_new: &File, _old: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

fn put_in_place(temp: NamedTempFile, target: &Path) -> io::Result<()> {
    temp.persist(target)
        .map_err(|failed| on("replace", target)(failed.error))?;
    sync_replaced(target)
}

fn sync_replaced(target: &Path) -> io::Result<()> {
    sync_folder(folder_of(target)).map_err(|error| {
        // Of no kind of its own: nothing is to be mended and tried again.
        io::Error::other(format!(
            "{} is in place, but may not last through a power failure: {error}",
            target.display()
        ))
    })
}

/// A rename lasts through a crash once its folder is on the disk.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "this is sys::fs")]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let here = here(folder);
    match File::open(here).and_then(|folder| folder.sync_all()) {
        // Some network and FUSE file systems cannot sync a folder, and one that may be entered but
        // not read cannot be opened for it; the file itself is safe.
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        result => result.map_err(on("sync", here)),
    }
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Opening a FIFO that took the file's place would wait for its other end.
#[cfg(unix)]
fn never_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    options.custom_flags(flags.bits().cast_signed())
}

#[cfg(not(unix))]
fn never_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// The folder of a plain name is the one that we are in.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// Names the operation and the path in an error; keeps its kind.
fn on(operation: &'static str, path: &Path) -> impl Fn(io::Error) -> io::Error {
    let path = path.to_owned();
    move |error| {
        io::Error::new(
            error.kind(),
            format!("cannot {operation} {}: {error}", path.display()),
        )
    }
}

#[cfg(test)]
#[path = "fs/tests.rs"]
mod tests;
