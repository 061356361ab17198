#![expect(
    clippy::disallowed_methods,
    reason = "the tests set up and look at real files"
)]

use std::fs::{read as bytes_of, read_dir, write};

use super::*;
use crate::model::{AwsKey, AwsValue};
use crate::reconcile::{Found, Owner, Terms, Wanted, plan};

const WHERE: &str = "/home/jane/fedgit.toml";

fn adfs() -> Wanted {
    profile("adfs", WHERE)
}

fn profile(name: &str, owner: &str) -> Wanted {
    let region = AwsValue::Text("us-east-1".parse().unwrap());
    let keys = vec![(AwsKey::known("region"), region)];
    Wanted::profile(&name.parse().unwrap(), keys, Owner::named(owner)).unwrap()
}

fn planned(path: &Path, wanted: &[Wanted]) -> Plan {
    let terms = Terms {
        here: [Owner::named(WHERE)].into(),
        ..Terms::default()
    };
    let bytes = read(path).unwrap();
    plan(wanted, &Found::read(bytes.as_deref()).unwrap(), &terms).unwrap()
}

fn carry_out(path: &Path, plan: &Plan, locks: &Path) -> Result<Applied, ApplyError> {
    apply(
        path,
        plan,
        Places {
            locks,
            state: locks,
        },
        |_| {},
    )
}

#[test]
fn there_and_back() {
    let home = tempfile::tempdir().unwrap();
    let (path, locks) = (home.path().join(".aws/config"), home.path().join("state"));
    let plan = planned(&path, &[adfs()]);
    assert_eq!(carry_out(&path, &plan, &locks).unwrap(), Applied::Written);
    assert!(planned(&path, &[adfs()]).is_empty());
    assert_eq!(
        carry_out(&path, &planned(&path, &[adfs()]), &locks).unwrap(),
        Applied::Unchanged
    );
    // Nothing beside the file: the lock is elsewhere.
    assert_eq!(read_dir(path.parent().unwrap()).unwrap().count(), 1);
    assert_eq!(
        carry_out(&path, &planned(&path, &[]), &locks).unwrap(),
        Applied::Removed
    );
    assert!(!path.exists());
}

#[test]
fn an_empty_file_stays() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config");
    write(&path, "").unwrap();
    carry_out(&path, &planned(&path, &[adfs()]), home.path()).unwrap();
    assert_eq!(
        carry_out(&path, &planned(&path, &[]), home.path()).unwrap(),
        Applied::Written
    );
    assert_eq!(bytes_of(&path).unwrap(), b"");
}

#[test]
fn a_plan_is_for_the_file_it_was_made_from() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config");
    for (before, since) in [(None, "new"), (Some("# a\n"), "# b\n")] {
        if let Some(before) = before {
            write(&path, before).unwrap();
        }
        let plan = planned(&path, &[adfs()]);
        write(&path, since).unwrap();
        let error = carry_out(&path, &plan, home.path()).unwrap_err();
        assert!(matches!(error, ApplyError::ChangedSince(_)), "{error}");
        assert_eq!(bytes_of(&path).unwrap(), since.as_bytes());
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn many_at_once_lose_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (path, locks) = (home.path().join("config"), home.path().join("locks"));
    write(&path, "# mine\n").unwrap();
    let one = |n: usize| {
        let wanted = profile(&format!("p{n}"), &format!("/p{n}/fedgit.toml"));
        loop {
            let before = read(&path).unwrap();
            let found = Found::read(before.as_deref()).unwrap();
            let plan = plan(std::slice::from_ref(&wanted), &found, &Terms::default()).unwrap();
            match carry_out(&path, &plan, &locks) {
                Ok(_) => break,
                Err(ApplyError::ChangedSince(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    std::thread::scope(|scope| {
        for n in 0..8 {
            scope.spawn(move || one(n));
        }
    });
    let text = String::from_utf8(bytes_of(&path).unwrap()).unwrap();
    assert!(text.starts_with("# mine\n"));
    assert_eq!(text.matches("[profile p").count(), 8);
}

#[cfg(unix)]
#[test]
fn one_lock_for_one_file() {
    let home = tempfile::tempdir().unwrap();
    let (path, link) = (home.path().join("config"), home.path().join("link"));
    std::os::unix::fs::symlink("config", &link).unwrap();
    // Also while the file is not there yet.
    assert_eq!(
        lock_path(&path, home.path()).unwrap(),
        lock_path(&link, home.path()).unwrap()
    );
    assert_ne!(
        lock_path(&path, home.path()).unwrap(),
        lock_path(home.path(), home.path()).unwrap()
    );
}

#[test]
fn the_previous_version_comes_back_and_back_again() {
    let home = tempfile::tempdir().unwrap();
    let (path, state) = (home.path().join("config"), home.path().join("state"));
    let places = Places {
        locks: &state,
        state: &state,
    };
    assert_eq!(restore(&path, places, |_| {}).unwrap(), None);

    carry_out(&path, &planned(&path, &[adfs()]), &state).unwrap();
    let applied = bytes_of(&path).unwrap();
    assert_eq!(
        restore(&path, places, |_| {}).unwrap(),
        Some(Applied::Removed)
    );
    assert!(!path.exists());
    assert_eq!(
        restore(&path, places, |_| {}).unwrap(),
        Some(Applied::Written)
    );
    assert_eq!(bytes_of(&path).unwrap(), applied);

    write(&path, "# mine\n").unwrap();
    carry_out(&path, &planned(&path, &[adfs()]), &state).unwrap();
    restore(&path, places, |_| {}).unwrap();
    assert_eq!(bytes_of(&path).unwrap(), b"# mine\n");
}

#[test]
fn nothing_is_written_where_the_previous_version_cannot_be_kept() {
    let home = tempfile::tempdir().unwrap();
    let (path, locks) = (home.path().join("config"), home.path().join("locks"));
    let state = home.path().join("state");
    write(&path, "# mine\n").unwrap();
    write(&state, "a file where a folder should be").unwrap();
    let plan = planned(&path, &[adfs()]);
    assert!(
        apply(
            &path,
            &plan,
            Places {
                locks: &locks,
                state: &state
            },
            |_| {}
        )
        .is_err()
    );
    assert_eq!(bytes_of(&path).unwrap(), b"# mine\n");
}
