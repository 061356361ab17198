#![expect(
    clippy::disallowed_methods,
    reason = "the tests set up and look at real files"
)]

use std::sync::Barrier;

use super::*;

/// In memory where there is such a place: syncing it costs nothing.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn count(folder: &tempfile::TempDir) -> usize {
    fs::read_dir(folder.path()).unwrap().count()
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn can_exchange(folder: &tempfile::TempDir) -> bool {
    let names = ["one", "other"].map(|name| folder.path().join(name));
    names.iter().for_each(|name| fs::write(name, "").unwrap());
    let can = exchange(&names[0], &names[1]).is_ok();
    names.iter().for_each(|name| fs::remove_file(name).unwrap());
    can
}

#[test]
fn only_what_was_expected_is_replaced() {
    let folder = folder();
    let path = folder.path().join("config");
    let replaced =
        |expected: Option<&[u8]>, new: &[u8]| replace_expected(&path, expected, new).unwrap();
    assert_eq!(replaced(Some(b"x"), b"1"), Outcome::Changed);
    assert_eq!(count(&folder), 0);
    assert_eq!(replaced(None, b"1"), Outcome::Done);
    assert_eq!(replaced(None, b"2"), Outcome::Changed);
    assert_eq!(replaced(Some(b"x"), b"2"), Outcome::Changed);
    assert_eq!(replaced(Some(b"12"), b"2"), Outcome::Changed);
    assert_eq!(fs::read(&path).unwrap(), b"1");
    assert_eq!(replaced(Some(b"1"), b"2"), Outcome::Done);
    assert_eq!(fs::read(&path).unwrap(), b"2");
    assert_eq!(
        remove_expected(&path, Some(b"1")).unwrap(),
        Outcome::Changed
    );
    assert_eq!(remove_expected(&path, None).unwrap(), Outcome::Changed);
    assert_eq!(count(&folder), 1);
    assert_eq!(remove_expected(&path, Some(b"2")).unwrap(), Outcome::Done);
    assert_eq!(remove_expected(&path, None).unwrap(), Outcome::Done);
    assert_eq!(count(&folder), 0);
}

/// Another program replaces the file at any moment of ours: theirs always stands at the end, since
/// it either came later or was put back.
#[test]
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn whoever_comes_in_between_is_not_lost() {
    let folder = folder();
    if !can_exchange(&folder) {
        return; // The temporary folder is on a file system that cannot.
    }
    let (path, beside) = (
        folder.path().join("config"),
        folder.path().join("others-own"),
    );
    for round in 0..2000_u32 {
        let theirs = format!("other {round}");
        fs::write(&path, "base").unwrap();
        fs::write(&beside, &theirs).unwrap();
        let start = Barrier::new(2);
        let outcome = std::thread::scope(|scope| {
            scope.spawn(|| {
                start.wait();
                for _ in 0..round % 1000 {
                    std::hint::spin_loop();
                }
                fs::rename(&beside, &path).unwrap();
            });
            start.wait();
            replace_expected(&path, Some(b"base"), b"ours").unwrap()
        });
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            theirs,
            "{round}: {outcome:?}"
        );
        assert_eq!(count(&folder), 1);
    }
}

/// Ours is in place; several newer ones come while what it drove out is put back.
#[test]
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn the_newest_version_goes_back() {
    let folder = folder();
    if !can_exchange(&folder) {
        return; // The temporary folder is on a file system that cannot.
    }
    let path = folder.path().join("config");
    let ours = |content: &str| {
        let mut temp = super::super::newborn::create(&path).unwrap();
        io::Write::write_all(temp.as_file_mut(), content.as_bytes()).unwrap();
        temp
    };
    // As usual: ours stands, theirs is beside it.
    fs::write(&path, "theirs").unwrap();
    let temp = ours("ours");
    exchange(temp.path(), &path).unwrap();
    put_back(temp, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    // Somebody replaced ours already.
    let temp = ours("ours");
    exchange(temp.path(), &path).unwrap();
    fs::write(folder.path().join("x"), "newer").unwrap();
    fs::rename(folder.path().join("x"), &path).unwrap();
    put_back(temp, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"newer");
    // Or removed it.
    let temp = ours("ours");
    exchange(temp.path(), &path).unwrap();
    fs::remove_file(&path).unwrap();
    put_back(temp, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"newer");
    assert_eq!(count(&folder), 1);
    // What cannot go back is kept beside, and named.
    let temp = ours("last");
    let error = save(temp, &path, &io::Error::other("why"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("config.not-ours") && error.contains("why"),
        "{error}"
    );
    assert_eq!(
        fs::read(folder.path().join("config.not-ours")).unwrap(),
        b"last"
    );
}
