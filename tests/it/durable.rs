//! `fedgit apply` never damages `~/.aws/config`: killed at any moment, on a full disk, beside twenty
//! others of its kind and programs of other kinds, and whatever it finds in the file's place. What
//! stands there is the old version or the new one, the version before can be had back, and nothing
//! is left lying about.

mod bad_files;
mod calls;
mod full_disk;
mod injection;
mod kills;
mod writers;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

const FEDGIT: &str = env!("CARGO_BIN_EXE_fedgit");

/// A declaration of one profile. No service is asked for it.
fn declaring(profile: &str, region: &str) -> String {
    format!(
        r#"[idp.corp]
kind = "adfs"
url = "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices"

[role.developer]
idp = "corp"
arn = "arn:aws:iam::111122223333:role/ADFS-Production"
profile = "{profile}"
region = "{region}"
"#
    )
}

/// One of a home's users: everything of theirs is in a folder of its own.
struct User<'h> {
    home: &'h Home,
    folder: PathBuf,
}

impl<'h> User<'h> {
    fn new(home: &'h Home, name: &str) -> Self {
        let folder = home.file(name);
        fs::create_dir_all(folder.join(".aws")).unwrap();
        let user = Self { home, folder };
        user.declare("adfs", "us-east-1");
        user
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn config(&self) -> PathBuf {
        self.file(".aws/config")
    }

    fn declare(&self, profile: &str, region: &str) {
        let file = self.file(".config/fedgit/fedgit.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, declaring(profile, region)).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.home.command(program);
        command.env("HOME", &self.folder).current_dir(&self.folder);
        command
    }

    fn fedgit(&self, args: &[&str]) -> Said {
        self.home.run(self.command(FEDGIT).args(args))
    }

    /// What stands beside the file, and beside the kept version.
    fn litter(&self) -> Vec<String> {
        let mut litter = names_in(&self.file(".aws"));
        litter.retain(|name| name != "config");
        for kept in kept_versions(&self.folder) {
            litter.extend(
                names_in(&kept)
                    .into_iter()
                    .filter(|name| name.ends_with(".tmp")),
            );
        }
        litter
    }
}

fn home() -> Home {
    Home::empty(Scenario::adfs())
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The folders of previous versions, one a file.
fn kept_versions(home: &Path) -> Vec<PathBuf> {
    let all = home.join(".local/state/fedgit/previous");
    names_in(&all).iter().map(|name| all.join(name)).collect()
}

/// A file as people have it, of at least so many bytes.
fn somebodys_file(bytes: usize) -> Vec<u8> {
    let mut text = String::from("# mine\n[default]\nregion = eu-west-1\n\n");
    let filler = "# ".to_owned() + &"words that I keep here ".repeat(40) + "\n";
    let mut number = 0;
    while text.len() < bytes {
        number += 1;
        text += &format!("[profile mine-{number}]\nregion = eu-west-1\noutput=json   \n{filler}\n");
    }
    text.into_bytes()
}

/// Whether a program can be run like this here.
fn can(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
