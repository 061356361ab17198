//! Kernel locks between fedgit's processes. The kernel gives a lock back when its holder ends,
//! however it ends, so there is no stale lock to clean up; the file itself stays and means nothing.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::fs::make_private_folders;
use super::private::is_own_folder;
use super::process;

const STEP: Duration = Duration::from_millis(20);

/// How often within a step it is looked who has a lock, where that does not stand there yet.
const LOOKS: u32 = 10;

/// A held lock; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    // Closing the file unlocks it.
    file: File,
}

/// Why a lock was not obtained.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else held it all the time.
    #[error("{holder} still holds {} after {} s", path.display(), waited.as_secs())]
    Busy {
        /// The lock file.
        path: PathBuf,
        /// Who holds it.
        holder: Holder,
        /// How long was waited.
        waited: Duration,
    },
    /// The lock file could not be opened or locked.
    #[error("cannot lock {}: {source}", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl LockError {
    /// Whether nobody can have a lock in that place: it has no room, or is not to be written in, or its
    /// file system knows no locks. A place that somebody made unsafe is none of these.
    #[must_use]
    pub fn is_of_the_place(&self) -> bool {
        let Self::Io { source, .. } = self else {
            return false;
        };
        let no_locks = || {
            #[cfg(unix)]
            let is_it = source.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error());
            #[cfg(not(unix))]
            let is_it = false;
            is_it
        };
        matches!(
            source.kind(),
            io::ErrorKind::StorageFull
                | io::ErrorKind::QuotaExceeded
                | io::ErrorKind::ReadOnlyFilesystem
                | io::ErrorKind::PermissionDenied
                | io::ErrorKind::Unsupported
        ) || no_locks()
    }
}

/// Who holds a lock, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder(Option<u32>);

impl Holder {
    /// The process.
    #[must_use]
    pub fn process(self) -> Option<u32> {
        self.0
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(process) => write!(f, "another fedgit (process {process})"),
            None => f.write_str("another fedgit"),
        }
    }
}

impl Lock {
    /// Takes the lock, at once or within `wait`. Before waiting, `on_wait` is told once for whom.
    /// The folder is made 0700 and the file 0600 where missing.
    ///
    /// # Errors
    /// Where the file cannot be opened or another process holds the lock all the time.
    pub fn acquire(
        path: &Path,
        wait: Duration,
        on_wait: impl FnOnce(Holder),
    ) -> Result<Self, LockError> {
        let failed = |source| LockError::Io {
            path: path.to_owned(),
            source,
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        // Where others can write, they could take the file away, and two would hold the lock.
        is_own_folder(folder).map_err(failed)?;
        make_private_folders(folder).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // A link that somebody planted must not lead our process number into another file.
            let no_link = rustix::fs::OFlags::NOFOLLOW.bits();
            options
                .mode(0o600)
                .custom_flags(i32::try_from(no_link).unwrap_or_default());
        }
        let mut file = options.open(path).map_err(failed)?;
        must_be_ours(&file).map_err(failed)?;

        let mut on_wait = Some(on_wait);
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if waited >= wait => {
                    let holder = holder(&mut file);
                    return Err(LockError::Busy {
                        path: path.to_owned(),
                        holder,
                        waited,
                    });
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            if let Some(on_wait) = on_wait.take() {
                log::debug!("waiting for the lock {}", short(path));
                on_wait(holder(&mut file));
            }
            std::thread::sleep(STEP);
            waited += STEP;
        }
        let waited = waited.as_millis();
        log::trace!("took the lock {} after {waited} ms", short(path));
        // Only for the message above; a lock without it is as good.
        #[cfg(unix)]
        super::fs::outlive_size_limit();
        let _ = write_pid(&mut file);
        Ok(Self { file })
    }

    /// The lock for another process too: it is given back when both are done with it.
    ///
    /// # Errors
    /// Where there are too many open files.
    pub fn shared(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

#[cfg(unix)]
fn must_be_ours(file: &File) -> io::Result<()> {
    let stat = rustix::fs::fstat(file)?;
    let regular =
        rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::RegularFile;
    if !regular || stat.st_uid != rustix::process::geteuid().as_raw() || stat.st_nlink != 1 {
        return Err(io::Error::other("it is not a file of ours"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn must_be_ours(_: &File) -> io::Result<()> {
    Ok(())
}

/// Enough of a lock's name to tell it from others.
fn short(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars().take(24).collect()
}

/// Who holds the lock, by what stands in its file.
fn holder(file: &mut File) -> Holder {
    Holder(once_written(|| read_pid(file)))
}

/// The number of a process that lives. Who has just taken a lock may not have written down yet who it is:
/// then that of a moment later, whatever it is.
fn once_written(mut read: impl FnMut() -> Option<u32>) -> Option<u32> {
    for _ in 0..LOOKS {
        let pid = read();
        if pid.is_some_and(process::lives) {
            return pid;
        }
        std::thread::sleep(STEP / LOOKS);
    }
    read()
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/x.lock");
        let first = Lock::acquire(&path, Duration::ZERO, |_| panic!("nobody holds it")).unwrap();
        let mut told = None;
        let second = Lock::acquire(&path, 3 * STEP, |holder| told = Some(holder));
        let own = Holder(Some(std::process::id()));
        assert!(matches!(second, Err(LockError::Busy { holder, .. }) if holder == own));
        assert_eq!(told, Some(own));
        drop(first);
        // At once, but for another test's child that has not become its own program yet.
        Lock::acquire(&path, Duration::from_secs(30), |_| {}).unwrap();
    }

    /// It has the lock, and is about to write down who it is; the one before it may stand there yet.
    #[test]
    fn who_has_just_taken_it_is_known_a_moment_later() {
        let own = std::process::id();
        // No process has a number so great.
        let gone = i32::MAX.unsigned_abs();
        let mut seen = [None, Some(gone), Some(own), None].into_iter();
        assert_eq!(once_written(|| seen.next().unwrap()), Some(own));
        // Of another machine, or one that ended: that is all there is to tell.
        assert_eq!(once_written(|| Some(gone)), Some(gone));
        assert_eq!(once_written(|| None), None);
    }

    #[test]
    fn waits_for_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.lock");
        let first = Lock::acquire(&path, Duration::ZERO, |_| {}).unwrap();
        let holder = std::thread::spawn(move || {
            std::thread::sleep(5 * STEP);
            drop(first);
        });
        Lock::acquire(&path, Duration::from_secs(30), |_| {}).unwrap();
        holder.join().unwrap();
    }

    #[test]
    fn only_a_place_that_gives_no_lock_is_passed_over() {
        let failed = |source| LockError::Io {
            path: PathBuf::from("x"),
            source,
        };
        for kind in [
            io::ErrorKind::StorageFull,
            io::ErrorKind::ReadOnlyFilesystem,
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::Unsupported,
        ] {
            assert!(failed(kind.into()).is_of_the_place(), "{kind}");
        }
        #[cfg(unix)]
        for errno in [
            rustix::io::Errno::NOLCK,
            rustix::io::Errno::OPNOTSUPP,
            rustix::io::Errno::DQUOT,
        ] {
            assert!(failed(errno.into()).is_of_the_place(), "{errno}");
        }
        let unsafe_place = io::Error::other("x can be written by others");
        assert!(!failed(unsafe_place).is_of_the_place());
        assert!(!failed(io::ErrorKind::NotFound.into()).is_of_the_place());
    }

    #[cfg(unix)]
    #[test]
    fn born_private() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("locks/x.lock");
        let _lock = Lock::acquire(&path, Duration::ZERO, |_| {}).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}
