//! What fedgit asks of the system, in which order, and what comes of it where one such call fails
//! or is the last: seen, and brought about, by strace.
#![cfg(target_os = "linux")]

use super::*;

/// The calls that change a file system.
const CALLS: &str = "trace=openat,write,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,ftruncate,fchmod,fchown,mkdir,mkdirat";

fn has_strace(user: &User<'_>) -> bool {
    let has = can(user.command("strace").args(["-e", "trace=none", "true"]));
    if !has {
        eprintln!("left out: there is no strace here, or it may not be used");
    }
    has
}

/// A file of somebody's, and what the first apply made of it; the next one has something to change.
fn ready(user: &User<'_>) -> [Vec<u8>; 2] {
    let mine = somebodys_file(5_000);
    fs::write(user.config(), &mine).unwrap();
    user.declare("adfs", "us-east-1");
    user.fedgit(&["apply"]).exits(0);
    let old = fs::read(user.config()).unwrap();
    user.declare("adfs", "eu-west-1");
    [mine, old]
}

/// The calls of an apply, in order.
fn traced(user: &User<'_>) -> Vec<String> {
    let log = user.file("trace");
    let mut command = user.command("strace");
    command
        .args(["-f", "-y", "-s", "40", "-e", CALLS, "-o"])
        .arg(&log);
    let said = user.home.run(command.args([FEDGIT, "apply"])).exits(0);
    drop(said);
    let text = fs::read_to_string(&log).unwrap();
    fs::remove_file(&log).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_written_is_on_the_disk_before_it_counts() {
    let home = home();
    let user = User::new(&home, "synced");
    if !has_strace(&user) {
        return;
    }
    ready(&user);
    let calls = traced(&user);
    let all = calls.join("\n");
    let mut from = 0;
    let mut next = |what: &str, parts: &[&str]| {
        let found = calls[from..].iter().position(|call| {
            parts.iter().all(|part| call.contains(part)) && !call.contains("= -1")
        });
        let at = found.unwrap_or_else(|| panic!("{what} does not come in its turn:\n{all}"));
        from += at + 1;
    };
    next(
        "the version before is written",
        &["write(", "/previous/", ".tmp>"],
    );
    next("it is synced", &["fsync(", "/previous/", ".tmp>"]);
    next("it gets its name", &["rename", "/previous/", "config.2"]);
    next("its folder is synced", &["fsync(", "/previous/"]);
    next("the new version is written", &["write(", "/.aws/.fedgit-"]);
    next("it is synced", &["fsync(", "/.aws/.fedgit-"]);
    next(
        "it takes the old one's place",
        &["rename", "/.aws/.fedgit-", "/.aws/config\""],
    );
    next("its folder is synced", &["fsync(", "/.aws>"]);
    next(
        "what came out of its place goes",
        &["unlink", "/.aws/.fedgit-"],
    );
    next(
        "the version before that goes",
        &["unlink", "/previous/", "config.1"],
    );
    // Nothing else was done to the file itself.
    let to_the_file: Vec<&String> = calls
        .iter()
        .filter(|call| call.contains("openat(") && call.contains("/.aws/config\""))
        .filter(|call| !call.contains("O_RDONLY"))
        .collect();
    for call in &to_the_file {
        assert!(
            call.contains("O_WRONLY") && !call.contains("O_TRUNC"),
            "{call}"
        );
    }
    assert_eq!(
        fs::read_to_string(user.config())
            .unwrap()
            .matches("eu-west-1\ncredential")
            .count(),
        1
    );
}

/// Killed at each of the calls that change something, one after the other: nothing is left to chance.
#[test]
fn killed_at_every_call() {
    let home = home();
    let user = User::new(&home, "calls");
    if !has_strace(&user) {
        return;
    }
    let (mut before, mut after) = (0, 0);
    for call in [
        "write",
        "fsync",
        "rename",
        "renameat2",
        "unlink",
        "unlinkat",
        "fchmod",
    ] {
        for number in 1.. {
            let [mine, old] = ready(&user);
            let inject = format!("inject={call}:signal=KILL:when={number}");
            let mut command = user.command("strace");
            command.args([
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &inject,
                FEDGIT,
                "apply",
            ]);
            let said = home.run(&mut command);
            let now = fs::read(user.config()).unwrap();
            if now == old {
                before += 1;
                user.fedgit(&["apply", "--restore"]).exits(0);
                assert_eq!(fs::read(user.config()).unwrap(), mine, "{inject}");
            } else {
                after += 1;
                user.fedgit(&["plan"]).exits(0);
                user.fedgit(&["apply", "--restore"]).exits(0);
                assert_eq!(fs::read(user.config()).unwrap(), old, "{inject}");
            }
            assert_eq!(user.litter(), [""; 0], "{inject}");
            // It was not called so often: this one came to its end.
            if said.code == 0 {
                break;
            }
        }
    }
    println!("killed before the file was replaced: {before}; after, or not at all: {after}");
    assert!(before > 5 && after > 5);
}

/// Each call fails once: the old file, or the new one and word of what may be wrong with it.
#[test]
fn failing_at_every_call() {
    let home = home();
    let user = User::new(&home, "failing");
    if !has_strace(&user) {
        return;
    }
    for (call, error) in [
        ("fsync", "EIO"),
        ("rename", "ENOSPC"),
        ("renameat2", "ENOSPC"),
        ("fchmod", "EPERM"),
    ] {
        for number in 1.. {
            let [mine, old] = ready(&user);
            let inject = format!("inject={call}:error={error}:when={number}");
            let mut command = user.command("strace");
            command.args([
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &inject,
                FEDGIT,
                "apply",
            ]);
            let said = home.run(&mut command);
            let now = fs::read(user.config()).unwrap();
            assert_eq!(user.litter(), [""; 0], "{inject}");
            if said.code == 0 {
                assert_ne!(now, old, "{inject}");
                break;
            }
            let said = said.exits(1);
            if now == old {
                said.tells(&["error: ", "cannot ", "(os error "]);
                user.fedgit(&["apply", "--restore"]).exits(0);
                assert_eq!(fs::read(user.config()).unwrap(), mine, "{inject}");
            } else {
                said.tells(&["is in place, but may not last"]);
                user.fedgit(&["apply", "--restore"]).exits(0);
                assert_eq!(fs::read(user.config()).unwrap(), old, "{inject}");
            }
        }
    }
}

/// An old kernel, or a file system that cannot exchange two names.
#[test]
fn a_plain_rename_does_where_names_cannot_be_exchanged() {
    let home = home();
    let user = User::new(&home, "plain");
    if !has_strace(&user) {
        return;
    }
    for error in ["ENOSYS", "EINVAL", "EOPNOTSUPP", "EPERM"] {
        let [_, old] = ready(&user);
        let inject = format!("inject=renameat2:error={error}");
        let mut command = user.command("strace");
        command.args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            &inject,
            FEDGIT,
            "apply",
        ]);
        home.run(&mut command).exits(0);
        assert_eq!(user.litter(), [""; 0]);
        user.fedgit(&["plan"]).exits(0);
        user.fedgit(&["apply", "--restore"]).exits(0);
        assert_eq!(fs::read(user.config()).unwrap(), old);
    }
}

/// Another program writes after the last look and before the exchange, which lasts for once.
#[test]
fn who_writes_at_the_last_moment_is_not_lost() {
    let home = home();
    let user = User::new(&home, "last");
    if !has_strace(&user) {
        return;
    }
    let [_, old] = ready(&user);
    let text = String::from_utf8(old).unwrap() + "\n[profile other]\nregion = eu-north-1\n";
    let mut command = user.command("strace");
    command.args([
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "inject=renameat2:delay_enter=5000000:when=1",
    ]);
    command
        .args([FEDGIT, "apply"])
        .stderr(std::process::Stdio::piped());
    let mut apply = command.spawn().unwrap();
    while user.litter().is_empty() && apply.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    // It waits at the exchange by now, most likely, and for long enough. Whoever read the file before the
    // exchange, and writes after it, is not seen.
    std::thread::sleep(std::time::Duration::from_millis(200));
    fs::write(user.file("others-own"), &text).unwrap();
    fs::rename(user.file("others-own"), user.config()).unwrap();
    assert!(apply.wait().unwrap().success());
    let now = fs::read_to_string(user.config()).unwrap();
    assert!(
        now.ends_with("\n[profile other]\nregion = eu-north-1\n"),
        "{now}"
    );
    assert!(
        now.contains("region = eu-west-1\ncredential_process"),
        "{now}"
    );
    assert_eq!(user.litter(), [""; 0]);
    // The version before is the other program's.
    user.fedgit(&["apply", "--restore"]).exits(0);
    assert_eq!(fs::read_to_string(user.config()).unwrap(), text);
}
