#![expect(
    clippy::disallowed_methods,
    reason = "the tests set up and look at real files"
)]

use super::*;

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn reads_what_is_there_within_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    assert_eq!(read_bounded(&path, 4).unwrap(), None);
    fs::write(&path, "1234").unwrap();
    assert_eq!(read_bounded(&path, 4).unwrap().unwrap(), b"1234");
    let error = read_bounded(&path, 3).unwrap_err().to_string();
    assert!(
        error.contains("config") && error.contains("larger than 3"),
        "{error}"
    );
    let error = read_bounded(folder.path(), 4).unwrap_err().to_string();
    assert!(error.contains("folder"), "{error}");
    // A file where a folder should be.
    assert!(read_bounded(&path.join("x"), 4).is_err());
}

#[test]
fn makes_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home/.aws/config");
    replace(&path, b"x").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"x");
    assert_eq!(names_in(path.parent().unwrap()), ["config"]);
    remove(&path).unwrap();
    remove(&path).unwrap();
    assert!(!path.exists());
}

#[test]
fn private_files_have_plain_names() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    write_private(&cache, "entry.json", b"1").unwrap();
    write_private(&cache, "entry.json", b"2").unwrap();
    assert_eq!(fs::read(cache.join("entry.json")).unwrap(), b"2");
    assert_eq!(names_in(&cache), ["entry.json"]);
    for name in ["", ".", "..", "../x", "a/b", "/etc/x", "a/"] {
        assert!(write_private(&cache, name, b"x").is_err(), "{name:?}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn new_files_are_private_old_ones_keep_their_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("aws/config");
        replace(&path, b"1").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        for kept in [0o644, 0o640, 0o600, 0o666] {
            set_mode(&path, kept);
            replace(&path, b"2").unwrap();
            assert_eq!(mode(&path), kept);
        }
        write_private(folder.path(), "entry", b"1").unwrap();
        set_mode(&folder.path().join("entry"), 0o644);
        write_private(folder.path(), "entry", b"2").unwrap();
        assert_eq!(mode(&folder.path().join("entry")), 0o600);
    }

    #[test]
    fn the_owner_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, "1").unwrap();
        let other = (
            rustix::fs::Uid::from_raw(12345),
            rustix::fs::Gid::from_raw(54321),
        );
        if rustix::fs::chown(&path, Some(other.0), Some(other.1)).is_err() {
            return; // Only the superuser can set this up.
        }
        replace(&path, b"2").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (12345, 54321));
    }

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (link, hop) = (
            folder.path().join("config"),
            folder.path().join("dotfiles/hop"),
        );
        let target = folder.path().join("dotfiles/real/config");
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(&target, "old").unwrap();
        set_mode(&target, 0o640);
        symlink("dotfiles/hop", &link).unwrap();
        symlink("real/config", &hop).unwrap();
        replace(&link, b"new").unwrap();
        assert!(link.is_symlink() && hop.is_symlink());
        assert_eq!(
            (fs::read(&target).unwrap(), mode(&target)),
            (b"new".to_vec(), 0o640)
        );
        assert_eq!(read_bounded(&link, 9).unwrap().unwrap(), b"new");
        assert_eq!(identity(&link).unwrap(), identity(&target).unwrap());
    }

    #[test]
    fn a_dangling_link_gets_its_target() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("config");
        symlink("not/yet/there", &link).unwrap();
        assert_eq!(read_bounded(&link, 9).unwrap(), None);
        replace(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(
            fs::read(folder.path().join("not/yet/there")).unwrap(),
            b"new"
        );
        remove(&link).unwrap();
        assert!(link.is_symlink() && !link.exists());
    }

    #[test]
    fn a_loop_of_links_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        symlink("b", &a).unwrap();
        symlink("a", &b).unwrap();
        let reading = read_bounded(&a, 9).unwrap_err();
        for error in [
            reading,
            replace(&a, b"x").unwrap_err(),
            remove(&a).unwrap_err(),
        ] {
            assert!(error.to_string().contains("loop"), "{error}");
        }
    }

    #[test]
    fn read_only_means_read_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, "old").unwrap();
        set_mode(&path, 0o444);
        for error in [
            replace(&path, b"new").unwrap_err(),
            remove(&path).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::PermissionDenied);
            assert!(error.to_string().contains("config"), "{error}");
        }
        set_mode(&path, 0o644);
        set_mode(folder.path(), 0o555);
        for error in [
            replace(&path, b"new").unwrap_err(),
            remove(&path).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        }
        set_mode(folder.path(), 0o755);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names_in(folder.path()), ["config"]);
    }

    #[test]
    fn the_null_device_is_an_empty_file_to_read_and_none_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let (link, fifo) = (folder.path().join("link"), folder.path().join("fifo"));
        symlink("/dev/null", &link).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, 0o600.into()).unwrap();
        for path in [&link, Path::new("/dev/null")] {
            assert_eq!(read_bounded_or_null(path, 4).unwrap().unwrap(), b"");
            assert!(replace(path, b"x").is_err());
        }
        // Another device may never end, and a FIFO may never begin.
        for path in [&fifo, Path::new("/dev/zero"), folder.path()] {
            assert!(read_bounded_or_null(path, 4).is_err(), "{path:?}");
        }
        let none = folder.path().join("none");
        assert_eq!(read_bounded_or_null(&none, 4).unwrap(), None);
    }

    #[test]
    fn folders_and_fifos_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let (dir, fifo) = (folder.path().join("dir"), folder.path().join("fifo"));
        fs::create_dir(&dir).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, 0o600.into()).unwrap();
        for path in [&dir, &fifo, Path::new("/dev/null")] {
            assert!(read_bounded(path, 9).is_err(), "{}", path.display());
            assert!(replace(path, b"x").is_err(), "{}", path.display());
            assert!(remove(path).is_err(), "{}", path.display());
        }
        assert_eq!(names_in(folder.path()), ["dir", "fifo"]);
    }
}

#[test]
fn creates_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/fedgit.toml");
    assert!(!exists(&path).unwrap());
    create(&path, b"1").unwrap();
    assert!(exists(&path).unwrap());
    let error = create(&path, b"2").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"1");
    assert_eq!(names_in(path.parent().unwrap()), ["fedgit.toml"]);
    // A folder of that name is there too.
    assert!(exists(folder.path()).unwrap());
    assert!(create(folder.path(), b"2").is_err());
}
