//! Helpers that keep what git tells them: nothing of ours is among it.

use std::path::Path;

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

const REPOSITORY: &str = "ExampleCorpRepository";

/// A home with a clone by fedgit.
fn cloned() -> Home {
    let home = Home::new(Scenario::adfs());
    home.world.add_repository("us-east-1", REPOSITORY);
    home.fedgit_as_script(&["clone", "example"]).exits(0);
    home
}

/// Whether this git takes a whole `Authorization` value.
fn takes_values(home: &Home, git: &str) -> bool {
    let version = home.run(home.command(git).arg("version")).exits(0).out;
    let numbers = version.trim().strip_prefix("git version ").unwrap();
    let mut numbers = numbers.split('.').map(|part| part.parse().unwrap_or(0));
    let number: (u32, u32) = (numbers.next().unwrap(), numbers.next().unwrap());
    number >= (2, 46)
}

/// Helpers before ours.
#[test]
fn no_helper_before_ours_keeps_a_pair() {
    let home = Home::new(Scenario::adfs());
    home.world.add_repository("us-east-1", REPOSITORY);
    let keeper = home.program(
        "keeper",
        "#!/bin/sh\n[ \"$1\" = store ] && cat >> \"$HOME/kept\" || :\n",
    );
    let store = format!("{}\n", keeper.display());
    for (count, helper) in ["store", store.trim_end()].into_iter().enumerate() {
        home.git(
            ".",
            &[
                "config",
                "--global",
                "--replace-all",
                "credential.helper",
                helper,
            ],
        )
        .exits(0);
        for git in ["git", "/usr/bin/git"] {
            if git.starts_with('/') && !Path::new(git).exists() {
                continue;
            }
            let folder = format!("clone-{count}-{}", git.len());
            home.fedgit_as_script(&["clone", "example", &folder])
                .exits(0);
            let mut command = home.command(git);
            home.run(command.args(["-C", &folder, "fetch"])).exits(0);
        }
        assert!(!home.file("kept").exists());
        assert!(!home.file(".git-credentials").exists());
    }
}

/// Helpers behind ours: git tells them of what worked. A push of more than `http.postBuffer` has a
/// request more, for which git 2.46 and 2.47 take nothing but a pair.
#[test]
fn a_helper_behind_ours_keeps_nothing_either() {
    let home = cloned();
    if !takes_values(&home, "git") {
        println!("not proven: this git knows pairs alone");
        return;
    }
    let git = |args: &[&str]| -> Said {
        let mut command = home.command("git");
        command.current_dir(home.file(REPOSITORY)).args(args);
        home.run(&mut command)
    };
    let kept = || home.file(".git-credentials").exists();
    git(&["-c", "credential.helper=store", "fetch"]).exits(0);
    assert!(!kept());
    git(&["config", "credential.helper", "store"]).exits(0);
    git(&["fetch"]).exits(0);
    assert!(!kept());
    // Not compressible.
    let mut noise = 7_u64;
    let bytes = std::iter::repeat_with(|| {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        noise.to_le_bytes()
    });
    let bytes: Vec<u8> = bytes.take(3 << 17).flatten().collect();
    home.write(&format!("{REPOSITORY}/noise"), &bytes);
    git(&["add", "noise"]).exits(0);
    git(&["commit", "--quiet", "-m", "noise"]).exits(0);
    git(&["push"]).exits(0);
    assert!(!kept());
    // Nobody is warned of what does not happen.
    let mut why = home.command(env!("CARGO_BIN_EXE_fedgit"));
    why.args(["git", "why"]).current_dir(home.file(REPOSITORY));
    assert_eq!(home.run(&mut why).exits(0).err, "");
}

/// A git that knows pairs alone tells them to whoever comes after us, so it is said beforehand.
#[test]
fn an_old_git_with_a_helper_behind_ours_is_warned_of() {
    let home = cloned();
    let old = Path::new("/usr/bin/git");
    if !old.exists() || takes_values(&home, "/usr/bin/git") {
        println!("not proven: /usr/bin/git is no old one");
        return;
    }
    std::fs::create_dir(home.file("old")).unwrap();
    std::os::unix::fs::symlink(old, home.file("old/git")).unwrap();
    let fedgit = |folder: &str, args: &[&str]| -> Said {
        let path = std::env::var_os("PATH").unwrap();
        let folders = std::iter::once(home.file("old")).chain(std::env::split_paths(&path));
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(args)
            .current_dir(home.file(folder))
            .env("PATH", std::env::join_paths(folders).unwrap());
        home.run(&mut command)
    };
    let silent = fedgit(REPOSITORY, &["git", "why"]).exits(0);
    assert_eq!(silent.err, "");
    let secret = "!f() { echo password=hunter2; }; f";
    for helper in ["store", secret] {
        home.git(REPOSITORY, &["config", "credential.helper", helper])
            .exits(0);
        let warned = fedgit(REPOSITORY, &["git", "why"]).exits(0);
        let name = helper.split(' ').next().unwrap();
        let warned = warned.tells(&[name, "comes after fedgit's", "git 2.46"]);
        assert!(!warned.err.contains("hunter2"), "{warned:?}");
    }
    let store = [
        "clone",
        "example",
        "again",
        "--",
        "-c",
        "credential.helper=store",
    ];
    let told = fedgit(".", &store)
        .exits(0)
        .tells(&["comes after fedgit's"]);
    assert!(told.err.contains("\"store\""), "{told:?}");
    // What the clone itself was made with is kept by git's own helper: take it out of our sight.
    let _ = std::fs::remove_file(home.file(".git-credentials"));
}
