//! fedgit beside the programs that it has to get on with, as their makers ship them: AWS CLI v1,
//! boto3, the Python git-remote-codecommit, moto, jsonschema, taplo, gnome-keyring, SimpleSAMLphp and
//! tmux.
//!
//! They come from PyPI and from Debian, so these tests are left out of a plain `cargo test`;
//! `.ci/run` installs them and runs these.

mod aws_cli;
mod boto;
mod browser;
mod chromium;
mod factors_in_tmux;
mod git;
mod identity_center;
mod keyring;
mod moto;
mod schema;
mod simplesamlphp;
mod tmux;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use fedgit_testbed::Service;

use crate::world::{self, Home};

/// The virtual environment that the peers are installed in.
struct Peers {
    bin: PathBuf,
}

impl Peers {
    fn find() -> Self {
        let Some(folder) = std::env::var_os("FEDGIT_PEERS") else {
            panic!(
                "FEDGIT_PEERS is not set: it names a virtual environment with the AWS CLI, boto3, \
                 git-remote-codecommit, moto, jsonschema and taplo in its bin/, as .ci/run makes one"
            );
        };
        let bin = std::path::absolute(folder).unwrap().join("bin");
        for program in [
            "aws",
            "git-remote-codecommit",
            "moto_server",
            "python",
            "taplo",
        ] {
            let path = bin.join(program);
            assert!(path.exists(), "FEDGIT_PEERS lacks {}", path.display());
        }
        Self { bin }
    }

    /// A peer in this home.
    fn command(&self, home: &Home, program: &str) -> Command {
        home.command(self.bin.join(program))
    }

    /// PATH with the peers before fedgit's programs.
    fn before_ours(&self) -> OsString {
        let rest = world::path();
        std::env::join_paths(std::iter::once(self.bin.clone()).chain(std::env::split_paths(&rest)))
            .unwrap()
    }

    /// PATH with the peers behind fedgit's programs.
    fn behind_ours(&self) -> OsString {
        let mut folders: Vec<PathBuf> = std::env::split_paths(&world::path()).collect();
        folders.insert(1, self.bin.clone());
        std::env::join_paths(folders).unwrap()
    }
}

/// Takes a process and its children out of the watch over arguments and environments, for what is
/// not fedgit's doing: a caller that is given FEDGIT_PASSWORD for us, and the Python
/// git-remote-codecommit, which puts token and signature into git's arguments. What it prints and
/// leaves in files is searched all the same.
fn unwatched(command: &mut Command) -> &mut Command {
    command.env_remove("FEDGIT_IT_HOME")
}

/// Who STS says that the profile is.
const IDENTITY: &str = "arn:aws:sts::111122223333:assumed-role/ADFS-Production/username@domain";

/// The mission's home with its profile applied and credentials in the cache.
fn logged_in(home: Home) -> Home {
    home.fedgit(&["apply"]).exits(0);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home
}

/// How often STS was asked for this.
fn sts_calls(home: &Home, action: &str) -> usize {
    let asked = |form: &[(String, String)]| form.iter().any(|(k, v)| k == "Action" && v == action);
    let ledger = home.world.ledger();
    ledger
        .of(Service::Sts)
        .filter(|entry| asked(&entry.form))
        .count()
}

/// A commit in a clone.
fn commit(home: &Home, clone: &str, file: &str) {
    home.write(&format!("{clone}/{file}"), "hello\n");
    home.git(clone, &["add", file]).exits(0);
    home.git(clone, &["commit", "--quiet", "--message", file])
        .exits(0);
}

/// What the server's repository has on main.
fn served(home: &Home, repository: &str) -> Vec<String> {
    let folder = home.world.repository_path("us-east-1", repository);
    let mut git = home.command("git");
    git.arg("-C")
        .arg(folder)
        .args(["ls-tree", "--name-only", "main"]);
    home.run(&mut git)
        .exits(0)
        .out
        .lines()
        .map(str::to_owned)
        .collect()
}

/// What CodeCommit thought of the signatures that it was shown, each opinion once.
fn signatures(home: &Home) -> Vec<String> {
    let ledger = home.world.ledger();
    let mut notes: Vec<String> = ledger
        .of(Service::CodeCommit)
        .map(|entry| entry.note.clone())
        .filter(|note| note != "no credentials")
        .collect();
    notes.sort();
    notes.dedup();
    notes
}

fn link(program: &Path, name: impl AsRef<OsStr>) -> PathBuf {
    let link = PathBuf::from(name.as_ref());
    std::os::unix::fs::symlink(program, &link).unwrap();
    link
}
