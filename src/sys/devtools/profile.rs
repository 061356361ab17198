//! A browser's profile folder: ours alone, without what a browser offers to whoever owns it, and
//! whether another process uses it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::DevtoolsError;
use crate::sys::{clock, fs, private, process};

/// What a browser makes in the folder that it uses: a link that names its machine and process.
/// chrome/browser/process_singleton_posix.cc
const LOCK: &str = "SingletonLock";

/// The rest of the same.
const LOCKS: [&str; 3] = [LOCK, "SingletonCookie", "SingletonSocket"];

/// As long as the browser of a run that was killed takes to see that it is alone.
const AFTER_A_KILL: Duration = Duration::from_secs(10);

/// No offers to save passwords and cards: that is not what this profile is for. And no connection to AWS
/// before it is known that nothing is sent there.
const PREFERENCES: &str = r#"{"credentials_enable_service":false,"profile":{"password_manager_enabled":false},"autofill":{"profile_enabled":false,"credit_card_enabled":false},"signin":{"allowed_on_next_startup":false},"net":{"network_prediction_options":2}}"#;

/// Makes the folder where it is not there, and waits for whoever still uses it.
pub(super) fn prepare(folder: &Path) -> Result<(), DevtoolsError> {
    let failed = |source| DevtoolsError::Start {
        program: format!("a browser with the profile {}", folder.display()),
        source,
    };
    let fresh = !private::is_own_folder(folder).map_err(failed)?;
    fs::make_private_folders(folder).map_err(failed)?;
    if fresh {
        fs::write_private(
            &folder.join("Default"),
            "Preferences",
            PREFERENCES.as_bytes(),
        )
        .map_err(failed)?;
    }
    let began = clock::start();
    while let Some(holder) = holder(folder) {
        if began.elapsed() >= AFTER_A_KILL {
            let folder = folder.to_owned();
            return Err(DevtoolsError::Busy { folder, holder });
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    // A lock that nobody holds: one of another machine's name would stop the browser.
    unlock(folder);
    // What a run that was killed has left.
    remove(&dumps(folder));
    // Ours before it is the browser's, so that nobody else can read it.
    fs::make_private_folders(&dumps(folder)).map_err(failed)
}

/// Where a browser that crashes leaves what was in its memory, and a password or an assertion with it. No switch
/// keeps it from that and does no other harm: `--disable-breakpad` only keeps it from being sent, and
/// `--disable-crashpad-for-testing` leaves pages empty. So it goes here, and from here with each run, instead of
/// staying in the user's own folder of crashes.
pub(super) fn dumps(folder: &Path) -> PathBuf {
    folder.join("dumps")
}

/// Removes the folder. A browser that was killed may have processes that write for a moment more.
pub(super) fn remove(folder: &Path) {
    for _ in 0..200 {
        match private::remove_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(Duration::from_millis(50));
            }
            _ => return,
        }
    }
}

/// The process that uses a profile, where one does.
#[must_use]
pub fn holder(folder: &Path) -> Option<String> {
    let link = std::fs::read_link(folder.join(LOCK)).ok()?;
    let link = link.to_str()?;
    let (_, pid) = link.rsplit_once('-')?;
    let pid: u32 = pid.parse().ok()?;
    lives(pid, folder).then(|| format!("process {pid}"))
}

/// Whether this process is a browser with that profile. Numbers are given out again: where the system
/// shows a process's arguments, they decide.
fn lives(pid: u32, folder: &Path) -> bool {
    #[cfg(unix)]
    {
        if !process::lives(pid) {
            return false;
        }
        match std::fs::read_link(format!("/proc/{pid}/exe")) {
            Ok(_) => arguments(pid)
                .windows(folder.as_os_str().len())
                .any(|part| part == folder.as_os_str().as_encoded_bytes()),
            Err(e) => e.kind() != io::ErrorKind::NotFound || !Path::new("/proc/self").exists(),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (pid, folder);
        false
    }
}

#[cfg(unix)]
fn arguments(pid: u32) -> Vec<u8> {
    let path = format!("/proc/{pid}/cmdline");
    fs::read_bounded(Path::new(&path), 64 << 10)
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Takes away a lock that nobody holds.
pub(super) fn unlock(folder: &Path) {
    if holder(folder).is_none() {
        for name in LOCKS {
            let _ = std::fs::remove_file(folder.join(name));
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_lock_that_nobody_holds_is_none() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("profile");
        prepare(&folder).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert!(folder.join("Default/Preferences").is_file());
        // No such process, nor this one, which is no browser with that folder.
        for stale in [
            "elsewhere-999999999".to_owned(),
            format!("here-{}", std::process::id()),
        ] {
            symlink(&stale, folder.join(LOCK)).unwrap();
            assert_eq!(holder(&folder), None, "{stale}");
            prepare(&folder).unwrap();
            assert!(std::fs::symlink_metadata(folder.join(LOCK)).is_err());
        }
    }

    #[test]
    fn what_a_killed_run_dumped_goes_with_the_next() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("profile");
        prepare(&folder).unwrap();
        let place = dumps(&folder);
        let mode = place.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700);
        fs::write_private(&place.join("pending"), "x.dmp", b"a password").unwrap();
        prepare(&folder).unwrap();
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 0);
    }
}
