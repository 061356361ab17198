#![expect(
    clippy::disallowed_methods,
    reason = "the tests set up and look at real files"
)]

use super::*;

const A: Option<&[u8]> = Some(b"a");
const B: Option<&[u8]> = Some(b"b");
const C: Option<&[u8]> = Some(b"c");

fn backup(home: &tempfile::TempDir) -> Backup {
    Backup::of(&home.path().join("state"), &home.path().join("config")).unwrap()
}

fn back_from(backup: &Backup, now: Option<&[u8]>) -> Option<Previous> {
    backup.kept(now).unwrap()
}

#[test]
fn nothing_is_kept_at_first() {
    let home = tempfile::tempdir().unwrap();
    let backup = backup(&home);
    assert_eq!(back_from(&backup, A), None);
    backup.settle().unwrap();
    assert_eq!(backup.path(), backup.folder);
}

/// Killed between any two steps: what to go back to is always the version before what stands there.
#[test]
fn there_is_one_to_go_back_to_at_every_moment() {
    for (first, second, third) in [
        (A, B, C),
        (None, A, B),
        (A, None, B),
        (Some(&b""[..]), None, A),
    ] {
        let home = tempfile::tempdir().unwrap();
        let backup = backup(&home);
        backup.keep(first).unwrap();
        // The first apply did not get on: there is no version before, so this one is as good.
        assert_eq!(back_from(&backup, first), Some(Previous::of(first)));
        // It was replaced by the second.
        assert_eq!(back_from(&backup, second), Some(Previous::of(first)));
        backup.settle().unwrap();
        assert_eq!(back_from(&backup, second), Some(Previous::of(first)));

        backup.keep(second).unwrap();
        assert_eq!(back_from(&backup, second), Some(Previous::of(first)));
        // Tried again.
        backup.keep(second).unwrap();
        assert_eq!(back_from(&backup, second), Some(Previous::of(first)));
        assert_eq!(back_from(&backup, third), Some(Previous::of(second)));
        backup.settle().unwrap();
        assert_eq!(back_from(&backup, third), Some(Previous::of(second)));
        assert_eq!(std::fs::read_dir(&backup.folder).unwrap().count(), 1);
    }
}

#[test]
fn what_is_not_ours_does_not_count_and_stays() {
    let home = tempfile::tempdir().unwrap();
    let backup = backup(&home);
    backup.keep(A).unwrap();
    for name in [
        "config",
        "config.",
        "config.x",
        "config.-1",
        "notes.7",
        "config.1.bak",
    ] {
        std::fs::write(backup.folder.join(name), "mine").unwrap();
    }
    backup.keep(B).unwrap();
    backup.settle().unwrap();
    assert_eq!(back_from(&backup, C), Some(Previous::of(B)));
    assert_eq!(std::fs::read_dir(&backup.folder).unwrap().count(), 7);
}

#[test]
#[cfg(unix)]
fn a_version_that_others_could_have_written_is_refused_and_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let backup = backup(&home);
    backup.keep(A).unwrap();
    std::fs::set_permissions(backup.path(), std::fs::Permissions::from_mode(0o666)).unwrap();
    let error = backup.kept(B).unwrap_err().to_string();
    assert!(
        error.contains("config.1") && error.contains("0600"),
        "{error}"
    );
    // And it is no reason not to keep the next one.
    backup.keep(A).unwrap();
    backup.settle().unwrap();
    assert_eq!(back_from(&backup, B), Some(Previous::of(A)));
}
