//! git with CodeCommit: the drop-ins for git-remote-codecommit and for the AWS CLI's helper, beside
//! what they replace; the wiring; many repositories at once.

mod calls;
mod complete;
mod failures;
mod keepers;
mod many;
mod many_edges;
mod remote_rows;
mod rows;
mod setup;
mod shows;
mod who;

use std::path::PathBuf;
use std::process::Command;

use crate::world::Home;

/// The peers' programs, where the virtual environment with them is named.
fn peer(program: &str) -> PathBuf {
    let Some(folder) = std::env::var_os("FEDGIT_PEERS") else {
        panic!("FEDGIT_PEERS is not set: it names a virtual environment, as .ci/run makes one");
    };
    let path = std::path::absolute(folder)
        .unwrap()
        .join("bin")
        .join(program);
    assert!(path.exists(), "FEDGIT_PEERS lacks {}", path.display());
    path
}

/// A folder for PATH with a `git` in it that only writes down how it was called.
fn writing_git(home: &Home) -> PathBuf {
    let script = "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done > \"$GIT_CALL\"\n";
    home.program("fake/git", script);
    home.file("fake")
}

/// Runs a program with something on stdin.
fn told(home: &Home, command: &mut Command, input: &str) -> crate::world::Said {
    home.write("stdin", input);
    let input = std::fs::File::open(home.file("stdin")).unwrap();
    home.run(command.stdin(input))
}
