use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use super::*;

/// Somebody who is not us; only root may give them a file.
const NOBODY: u32 = 65_534;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Whatever is wrong with an entry, nobody is bothered: it is as good as none, the login of a moment
/// ago gives new credentials, and they take its place.
#[test]
fn an_entry_that_cannot_be_trusted_is_replaced() {
    let (home, first) = with_credentials();
    home.write("precious", "mine");
    let precious = home.file("precious");
    type Damage<'a> = &'a dyn Fn(&Path);
    let damages: [(&str, Damage<'_>); 7] = [
        ("truncated", &|path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("empty", &|path| fs::write(path, "").unwrap()),
        ("of another version", &|path| {
            let text = fs::read_to_string(path).unwrap();
            let other = text.replace("\"version\":1", "\"version\":2");
            assert_ne!(text, other);
            fs::write(path, other).unwrap();
        }),
        ("of another user", &|path| {
            if let Err(e) = chown(path, Some(NOBODY), None) {
                eprintln!("left out: only root can give a file away: {e}");
                fs::remove_file(path).unwrap();
            }
        }),
        ("open to others", &|path| set_mode(path, 0o666)),
        ("a link to a file of the user's", &|path| {
            fs::remove_file(path).unwrap();
            symlink(&precious, path).unwrap();
        }),
        ("a link to another user's good entry", &|path| {
            let elsewhere = home.file("elsewhere");
            fs::copy(path, &elsewhere).unwrap();
            fs::remove_file(path).unwrap();
            symlink(elsewhere, path).unwrap();
        }),
    ];
    let mut last = first;
    for (what, damage) in damages {
        let entry = only_file(&home, "credentials");
        damage(&entry);
        let said = home.fedgit(&PROFILE).exits(0);
        assert_eq!(said.err, "", "{what}");
        assert_ne!(said.out, last, "{what}: they are new ones");
        let meta = fs::symlink_metadata(only_file(&home, "credentials")).unwrap();
        assert!(meta.is_file(), "{what}");
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{what}");
        last = home.fedgit(&PROFILE).exits(0).out;
        assert_eq!(last, said.out, "{what}: they were kept");
    }
    assert_eq!(home.read("precious"), "mine");
    fs::remove_file(home.file("elsewhere")).unwrap();
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// Another user who can write there could put one profile's entry in another's place.
#[test]
fn nothing_is_answered_from_a_cache_that_others_can_write() {
    let (home, first) = with_credentials();
    let cache = |folder: &str| home.file(".cache/fedgit").join(folder);
    set_mode(&cache(""), 0o777);
    let said = home.fedgit(&PROFILE).exits(1);
    assert_eq!(said.out, "");
    said.tells(&["can be written by others", "chmod 700"]);
    set_mode(&cache(""), 0o700);
    assert_eq!(home.fedgit(&PROFILE).exits(0).out, first);

    // Neither the entry nor the session of a moment ago: somebody else may have put them there.
    for folder in ["credentials", "sessions"] {
        set_mode(&cache(folder), 0o777);
    }
    let said = home.fedgit(&PROFILE).exits(4);
    assert_eq!(said.out, "");
    for folder in ["credentials", "sessions"] {
        set_mode(&cache(folder), 0o700);
    }
    assert_eq!(home.fedgit(&PROFILE).exits(0).out, first);

    // Nor is a lock one that somebody else can take away.
    fs::remove_dir_all(cache("credentials")).unwrap();
    set_mode(&cache("locks"), 0o777);
    fs::remove_dir_all(cache("sessions")).unwrap();
    home.fedgit_as_script(&PROFILE).exits(1).tells(&[
        "cannot lock",
        "can be written by others",
        "chmod 700",
    ]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// A pointer says whose it is, whatever its file is called.
#[test]
fn a_pointer_in_another_profiles_place_is_none() {
    let home = crate::concurrent::twenty_profiles();
    let answer = |profile: &str| {
        let args = ["credential-process", "--profile", profile];
        home.fedgit_as_script(&args).exits(0).out
    };
    let own = ["p0", "p1"].map(answer);
    assert_ne!(own[0], own[1]);
    let folder = home.file(".cache/fedgit/pointers");
    let pointers: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [one, other] = pointers.as_slice() else {
        panic!("{pointers:?}");
    };
    let aside = home.file("aside");
    for (from, to) in [(one, &aside), (other, one), (&aside, other)] {
        fs::rename(from, to).unwrap();
    }
    assert_eq!(["p0", "p1"].map(answer), own);
}

/// The caller gets its credentials; that they are not kept is said, with the fix.
#[test]
fn a_folder_that_is_not_ours_alone_keeps_nothing() {
    let (home, _) = with_credentials();
    let folder = home.file(".cache/fedgit/credentials");
    let documents = home.file("documents");
    fs::create_dir(&documents).unwrap();
    type Open<'a> = &'a dyn Fn() -> std::io::Result<()>;
    let cases: [(&str, &str, Open<'_>); 4] = [
        ("can be written by others", "chmod 700", &|| {
            set_mode(&folder, 0o777);
            Ok(())
        }),
        ("is not a folder", "remove it", &|| {
            fs::remove_dir_all(&folder)?;
            symlink(&documents, &folder)
        }),
        ("is not a folder", "remove it", &|| {
            fs::remove_dir_all(&folder)?;
            fs::write(&folder, "mine")
        }),
        ("belongs to another user", "sudo chown -R", &|| {
            chown(&folder, Some(NOBODY), None)
        }),
    ];
    for (why, fix, open) in cases {
        for entry in fs::read_dir(&folder).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        if let Err(e) = open() {
            eprintln!("left out: only root can give a folder away: {e}");
            continue;
        }
        let said = home.fedgit(&PROFILE).exits(0);
        assert!(said.out.contains("SessionToken"), "{why}");
        let said = said.tells(&[
            "cannot keep credentials of arn:aws:iam::111122223333:role/ADFS-Production",
            why,
            fix,
        ]);
        // What mends the one does nothing for the others.
        assert_eq!(said.err.contains("chmod"), fix == "chmod 700", "{why}");
        let kept = fs::read_dir(&folder).map_or(0, Iterator::count);
        assert_eq!(kept, 0, "{why}");
        // As the message says: removed, all is well again.
        let _ = fs::remove_file(&folder);
        let _ = fs::remove_dir_all(&folder);
        assert_eq!(home.fedgit(&PROFILE).exits(0).err, "");
    }
}

/// With a password for fedgit in the environment of a shell, which is the caller's own doing and not
/// fedgit's: so it is taken out of the watch over environments.
fn given_a_password<'c>(home: &Home, command: &'c mut Command) -> &'c mut Command {
    command
        .env("FEDGIT_PASSWORD", home.world.password())
        .env_remove("FEDGIT_IT_HOME")
}

/// A limit on the size of files stands for a full disk wherever no disk can be mounted.
#[test]
fn nothing_can_be_written() {
    let home = Home::new(Scenario::adfs());
    let mut command = home.command("sh");
    let line = format!(
        "ulimit -f 0; exec {} credential-process --profile adfs",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let said = home
        .run(given_a_password(&home, command.args(["-c", &line])))
        .exits(0);
    assert!(said.out.contains("SessionToken"));
    said.tells(&[
        "cannot keep credentials of arn:aws:iam::111122223333:role/ADFS-Production",
        "File too large",
    ]);
    for folder in ["credentials", "sessions", "pointers"] {
        let folder = home.file(".cache/fedgit").join(folder);
        let litter = fs::read_dir(folder).map_or(0, Iterator::count);
        assert_eq!(litter, 0);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full() {
    let home = Home::new(Scenario::adfs());
    fs::create_dir_all(home.file(".cache/fedgit")).unwrap();
    let apart = |script: &str| {
        let mut command = home.command("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
        given_a_password(&home, &mut command);
        command
    };
    let mount = "mount -t tmpfs -o size=64k,mode=700 tmpfs .cache/fedgit";
    if !apart(mount).output().is_ok_and(|o| o.status.success()) {
        eprintln!("left out: this machine does not let its users mount a disk of their own");
        return;
    }
    let script = format!(
        "{mount} && dd if=/dev/zero of=.cache/fedgit/fill bs=4k 2>/dev/null
        exec {} credential-process --profile adfs",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let said = home.run(&mut apart(&script)).exits(0);
    assert!(said.out.contains("SessionToken"));
    said.tells(&[
        "cannot keep credentials of arn:aws:iam::111122223333:role/ADFS-Production",
        "No space left",
    ]);
}

/// Where no lock can be had either: the caller gets its credentials, and is told what that means.
#[test]
#[cfg(target_os = "linux")]
fn a_cache_without_a_place_for_locks() {
    let home = Home::new(Scenario::adfs());
    fs::create_dir_all(home.file(".cache/fedgit")).unwrap();
    let apart = |script: &str| {
        let mut command = home.command("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
        given_a_password(&home, &mut command);
        command
    };
    for (mount, why) in [
        ("-o ro,mode=700", "Read-only file system"),
        ("-o nr_inodes=1,mode=700", "No space left on device"),
    ] {
        let mount = format!("mount -t tmpfs {mount} tmpfs .cache/fedgit");
        if !apart(&mount).output().is_ok_and(|o| o.status.success()) {
            eprintln!("left out: this machine does not let its users mount a disk of their own");
            return;
        }
        let script = format!(
            "{mount} && exec {} credential-process --profile adfs",
            env!("CARGO_BIN_EXE_fedgit")
        );
        let said = home.run(&mut apart(&script)).exits(0);
        assert!(said.out.contains("SessionToken"), "{why}");
        said.tells(&[
            "cannot lock",
            why,
            "so other processes that log in to corp now may ask as well",
            "cannot keep credentials of arn:aws:iam::111122223333:role/ADFS-Production",
        ]);
    }
}

/// The same of a folder that may not be written in, which the superuser may.
#[test]
fn a_cache_that_is_write_protected() {
    let home = Home::new(Scenario::adfs());
    fs::create_dir_all(home.file(".cache/fedgit")).unwrap();
    set_mode(&home.file(".cache/fedgit"), 0o500);
    let is_superuser = fs::write(home.file(".cache/fedgit/probe"), "").is_ok();
    if is_superuser {
        eprintln!("left out: the superuser may write everywhere");
    } else {
        let said = home.fedgit_as_script(&PROFILE).exits(0);
        assert!(said.out.contains("SessionToken"));
        said.tells(&["cannot lock", "Permission denied"]);
    }
    set_mode(&home.file(".cache/fedgit"), 0o700);
}

/// What nothing leads to any more does not stay for ever: a login takes it away.
#[test]
fn what_has_long_ended_is_swept() {
    let (home, _) = with_credentials();
    let old = "0".repeat(only_file(&home, "credentials").file_name().unwrap().len());
    for (folder, days) in [("credentials", 2), ("sessions", 2), ("failures", 1)] {
        let folder = home.file(".cache/fedgit").join(folder);
        fs::create_dir_all(&folder).unwrap();
        set_mode(&folder, 0o700);
        for (name, age) in [(old.as_str(), days), ("precious", days)] {
            fs::write(folder.join(name), "x").unwrap();
            set_mode(&folder.join(name), 0o600);
            let file = fs::File::options().write(true).open(folder.join(name));
            let then = std::time::SystemTime::now() - Duration::from_secs(age * 25 * 3600);
            file.unwrap().set_modified(then).unwrap();
        }
    }
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    for (folder, left) in [("credentials", 2), ("sessions", 2), ("failures", 1)] {
        let folder = home.file(".cache/fedgit").join(folder);
        assert!(!folder.join(&old).exists(), "{folder:?}");
        // It is not ours.
        assert!(folder.join("precious").exists(), "{folder:?}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), left, "{folder:?}");
    }
    assert_eq!(home.fedgit(&PROFILE).exits(0).err, "");
}
