//! Whose profile is whose: by file and not by path, in every directory the same, and what becomes of
//! the profiles of a file that is gone.

use std::fs;

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

const CONFIG: &str = ".config/fedgit/fedgit.toml";
const MORE: &str = "[role.more]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/More\"\n";

fn inside(home: &Home, folder: &str, args: &[&str]) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    home.run(command.current_dir(home.file(folder)).args(args))
}

#[test]
#[cfg(unix)]
fn a_file_by_a_link_is_the_file() {
    let home = Home::empty(Scenario::adfs());
    home.write("dotfiles/fedgit.toml", home.example());
    fs::create_dir_all(home.file(".config/fedgit")).unwrap();
    std::os::unix::fs::symlink(home.file("dotfiles/fedgit.toml"), home.file(CONFIG)).unwrap();
    home.fedgit(&["apply"]).exits(0).tells(&["1 added"]);
    // One owner, whichever way; only the line differs, which names the file as it was named.
    let real = home.file("dotfiles/fedgit.toml");
    let args = ["apply", "--config", real.to_str().unwrap()];
    home.fedgit(&args).exits(0).tells(&["1 changed"]);
    home.fedgit(&["apply"]).exits(0).tells(&["1 changed"]);
    home.write("dotfiles/fedgit.toml", "# nothing\n");
    home.fedgit(&args).exits(0).tells(&["1 removed"]);
}

#[test]
fn a_project_does_not_change_what_the_users_own_file_declares() {
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    let before = home.read(".aws/config");
    // Trusted, and with other defaults and another name for the user's role.
    let project = format!(
        "{MORE}[defaults]\nregion = \"eu-west-1\"\n[role.developer]\nprofile = \"renamed\"\n"
    );
    home.write("project/fedgit.toml", project);
    inside(&home, "project", &["trust"]).exits(0);
    inside(&home, "project", &["apply"])
        .exits(0)
        .tells(&["1 added", "1 kept"]);
    let after = home.read(".aws/config");
    assert!(after.starts_with(&before), "{after}");
    assert!(after[before.len()..].contains("region = eu-west-1"));
    // So neither takes back what the other did.
    home.fedgit(&["plan"]).exits(0);
    inside(&home, "project", &["plan"]).exits(0);
}

#[test]
fn the_profiles_of_a_file_that_is_gone() {
    let home = Home::new(Scenario::adfs());
    home.write("project/fedgit.toml", MORE);
    inside(&home, "project", &["apply"]).exits(0);
    let with_both = home.read(".aws/config");
    fs::remove_file(home.file("project/fedgit.toml")).unwrap();
    // They are told of, and stay.
    home.fedgit(&["plan"]).exits(0).tells(&[
        "1 section is from",
        "which is gone",
        "--prune-missing",
    ]);
    let json = home.fedgit(&["plan", "--json"]).exits(0).out;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["warnings"][0]["kind"], "orphaned", "{json}");
    assert_eq!(report["warnings"][0]["count"], 1, "{json}");
    home.fedgit(&["apply"]).exits(0).tells(&["in sync"]);
    assert_eq!(home.read(".aws/config"), with_both);
    // They go where one says so.
    home.fedgit(&["apply", "--prune-missing"])
        .exits(0)
        .tells(&["1 removed"]);
    assert!(!home.read(".aws/config").contains("[profile more]"));

    // A file that moved takes its profiles along.
    home.write(".aws/config", &with_both);
    home.write("moved/fedgit.toml", MORE);
    inside(&home, "moved", &["trust"]).exits(0);
    inside(&home, "moved", &["apply"])
        .exits(0)
        .tells(&["1 changed", "1 kept"]);
    home.fedgit(&["apply"]).exits(0).tells(&["in sync"]);
    // One that was edited by hand meanwhile is still a conflict.
    let edited = home
        .read(".aws/config")
        .replace("region = us-east-1", "region = eu-west-3");
    home.write(".aws/config", edited);
    home.write("again/fedgit.toml", MORE);
    fs::remove_file(home.file("moved/fedgit.toml")).unwrap();
    inside(&home, "again", &["trust"]).exits(0);
    inside(&home, "again", &["apply"])
        .exits(6)
        .tells(&["edited since"]);
}
