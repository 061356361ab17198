//! `fedgit apply` and the file that people most fear a tool will damage.

use std::fs;
use std::path::PathBuf;

use fedgit_testbed::Scenario;

use crate::world::Home;

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/aws-config-corpus");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "config"))
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() > 100, "the corpus is there");
    files
}

#[test]
fn every_file_of_the_corpus_survives_apply_and_removal() {
    let home = Home::new(Scenario::adfs());
    // The same file without a role: what it declared is removed.
    let config = ".config/fedgit/fedgit.toml";
    let (with, without) = (home.example(), "# nothing is declared\n");
    let (mut edited, mut refused) = (0, 0);
    for (name, bytes) in corpus() {
        home.write(".aws/config", &bytes);
        home.write(config, &with);
        let said = home.fedgit(&["apply"]);
        let applied = fs::read(home.file(".aws/config")).unwrap();
        if said.code != 0 {
            // Files that no SDK reads, or that have the profile already.
            assert!(said.code == 1 || said.code == 6, "{name}: {}", said.err);
            assert!(said.err.contains("help:"), "{name}: {}", said.err);
            assert_eq!(applied, bytes, "{name}: refused, and written all the same");
            refused += 1;
            continue;
        }
        assert_ne!(applied, bytes, "{name}");
        assert_eq!(
            home.fedgit(&["plan"]).code,
            0,
            "{name}: apply, then plan is empty"
        );
        home.write(config, without);
        home.fedgit(&["apply"]).exits(0);
        assert_eq!(fs::read(home.file(".aws/config")).unwrap(), bytes, "{name}");
        edited += 1;
    }
    assert!(
        edited > 90 && refused > 10,
        "{edited} edited, {refused} refused"
    );
}

#[test]
fn no_file_before_no_file_after() {
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(home.file(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(".aws"), mode(".aws/config")), (0o700, 0o600));
    }
    home.write(".config/fedgit/fedgit.toml", "");
    home.fedgit(&["apply"])
        .exits(0)
        .tells(&["1 removed", "nothing was left"]);
    assert!(!home.file(".aws/config").exists());
}

#[test]
fn a_profile_that_is_not_ours() {
    let home = Home::new(Scenario::adfs());
    let own = "[profile \"adfs\"] ; mine\nregion = eu-west-1\n";
    home.write(".aws/config", own);
    for command in ["plan", "apply"] {
        home.fedgit(&[command])
            .exits(6)
            .tells(&["adfs", ".aws/config", "--adopt"]);
        assert_eq!(home.read(".aws/config"), own);
    }
    home.fedgit(&["apply", "--adopt"]).exits(0);
    assert!(home.read(".aws/config").contains("credential-process"));
    home.fedgit(&["plan"]).exits(0);
}

#[test]
fn a_profile_of_ours_that_was_edited_by_hand() {
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    let edited = home.read(".aws/config").replace("us-east-1", "eu-west-1");
    home.write(".aws/config", &edited);
    home.fedgit(&["apply"]).exits(6).tells(&["adfs", "--adopt"]);
    assert_eq!(home.read(".aws/config"), edited);
    home.fedgit(&["apply", "--adopt"]).exits(0);
    assert!(home.read(".aws/config").contains("region = us-east-1"));
}

#[test]
fn a_changed_declaration_changes_only_its_own_lines() {
    let home = Home::new(Scenario::adfs());
    let mine = "# mine\n[profile mine]\nregion=eu-west-1   \n\n";
    home.write(".aws/config", mine);
    home.fedgit(&["apply"]).exits(0);
    let after = home.read(".aws/config");
    home.write(
        ".aws/config",
        format!("{after}\n# below\n[profile below]\noutput = json\n"),
    );
    home.write(
        ".config/fedgit/fedgit.toml",
        format!(
            "{}\n[defaults]\nregion = \"eu-central-1\"\n",
            home.example()
        ),
    );
    let plan = home.fedgit(&["plan"]).exits(3).out;
    assert!(
        plan.contains("-   region = us-east-1\n+   region = eu-central-1"),
        "{plan}"
    );
    assert!(
        plan.contains("0 to add, 1 to change, 0 to remove, 0 kept"),
        "{plan}"
    );
    home.fedgit(&["apply"]).exits(0);
    let text = home.read(".aws/config");
    assert!(text.starts_with(mine) && text.ends_with("# below\n[profile below]\noutput = json\n"));
    assert!(
        text.contains("[profile adfs]\nregion = eu-central-1\n"),
        "{text}"
    );
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_mode_stays_a_mode() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(Scenario::adfs());
    home.write("dotfiles/aws", "[default]\nregion = eu-west-1\n");
    fs::set_permissions(home.file("dotfiles/aws"), fs::Permissions::from_mode(0o640)).unwrap();
    fs::create_dir(home.file(".aws")).unwrap();
    std::os::unix::fs::symlink("../dotfiles/aws", home.file(".aws/config")).unwrap();
    home.fedgit(&["apply"]).exits(0);
    assert!(home.file(".aws/config").is_symlink());
    assert!(home.read("dotfiles/aws").contains("[profile adfs]"));
    let mode = fs::metadata(home.file("dotfiles/aws"))
        .unwrap()
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o640);
}

#[test]
#[cfg(unix)]
fn what_cannot_be_written_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(Scenario::adfs());
    home.write(".aws/config", "[default]\n");
    fs::set_permissions(home.file(".aws/config"), fs::Permissions::from_mode(0o444)).unwrap();
    home.fedgit(&["apply"]).exits(1).tells(&[".aws/config"]);
    assert_eq!(home.read(".aws/config"), "[default]\n");
    fs::remove_file(home.file(".aws/config")).unwrap();
    fs::create_dir(home.file(".aws/config")).unwrap();
    home.fedgit(&["plan"]).exits(1).tells(&[".aws/config"]);
}

#[test]
fn a_name_that_every_sdk_cannot_read_is_refused_before_anything_is_written() {
    let home = Home::new(Scenario::adfs());
    for evil in [
        "a]\\n[default]\\ncredential_process = evil",
        "two words",
        "",
        "-x",
        "a#b",
    ] {
        let role = format!("profile = \"{evil}\"");
        home.write(
            "evil.toml",
            home.example().replace("profile = \"adfs\"", &role),
        );
        home.fedgit(&["--config", "evil.toml", "apply"])
            .exits(2)
            .tells(&["evil.toml:", "profile name"]);
    }
    assert!(!home.file(".aws/config").exists());
}

#[test]
fn a_line_that_needs_no_directory_and_no_environment() {
    let home = Home::empty(Scenario::adfs());
    // Known to a program, not to the environment: sh would have it in its own.
    home.write("secret", home.world.password());
    let command = format!(
        "password_command = ['cat', '{}']\n\n[role.",
        home.file("secret").display()
    );
    home.write(
        "corporate files/fedgit.toml",
        home.example().replace("[role.", &command),
    );
    home.fedgit(&["--config", "corporate files/fedgit.toml", "apply"])
        .exits(0);
    let written = home.read(".aws/config");
    let line = written
        .lines()
        .find_map(|l| l.strip_prefix("credential_process = "))
        .unwrap();
    // As the Rust SDK runs it: by sh, from somewhere else, with next to nothing in the environment.
    let mut command = home.command("sh");
    command
        .args(["-c", line])
        .current_dir("/")
        .env_remove("FEDGIT_CONFIG");
    let said = home.run(&mut command).exits(0);
    assert!(said.out.contains("\"Version\":1"), "{}", said.err);
    fs::remove_file(home.file("secret")).unwrap();
}

#[test]
fn the_version_before_comes_back() {
    let home = Home::new(Scenario::adfs());
    let mine = "# mine\n[profile mine]\nregion = eu-west-1\n";
    home.write(".aws/config", mine);
    home.fedgit(&["apply", "--restore"])
        .exits(1)
        .tells(&["no earlier version"]);
    let said = home
        .fedgit(&["apply"])
        .exits(0)
        .tells(&["fedgit apply --restore"]);
    let (_, kept) = said.err.split_once("the version before is ").unwrap();
    let (kept, _) = kept.split_once("; back").unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), mine);
    let applied = home.read(".aws/config");
    // Even where fedgit.toml is broken by now.
    home.write(".config/fedgit/fedgit.toml", "[broken");
    home.fedgit(&["apply", "--restore"])
        .exits(0)
        .tells(&["as it was before the last apply"]);
    assert_eq!(home.read(".aws/config"), mine);
    home.fedgit(&["apply", "--restore"]).exits(0);
    assert_eq!(home.read(".aws/config"), applied);
}

#[test]
fn conflicts_are_data_with_json() {
    let home = Home::new(Scenario::adfs());
    home.write(".aws/config", "\n[profile adfs]\nregion = eu-west-1\n");
    for command in ["plan", "apply"] {
        let said = home.fedgit(&[command, "--json"]).exits(6);
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let expected = serde_json::json!(
            { "conflicts": [{ "kind": "not_ours", "profile": "adfs", "line": 2 }] }
        );
        assert_eq!(report, expected);
    }
}

#[test]
fn keys_that_would_win_over_a_profile_are_told() {
    let home = Home::new(Scenario::adfs());
    let keys = "[adfs]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
    home.write(".aws/credentials", format!("# old\n{keys}"));
    for command in ["plan", "apply", "status"] {
        let said = home.fedgit(&[command]);
        said.tells(&[".aws/credentials: line 2: keys for adfs stand here"]);
    }
}

#[test]
fn a_plan_is_coloured_where_wanted() {
    let home = Home::new(Scenario::adfs());
    let said = home.fedgit(&["--color", "always", "plan"]).exits(3);
    assert!(
        said.out.contains("\u{1b}[32m+ [profile adfs]\u{1b}[0m"),
        "{}",
        said.out
    );
    assert!(!home.fedgit(&["plan"]).exits(3).out.contains('\u{1b}'));
}
