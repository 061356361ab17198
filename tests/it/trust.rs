//! A `fedgit.toml` that came with a clone decides nothing until it is trusted.

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

fn in_project(home: &Home, args: &[&str]) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    home.run(
        command
            .current_dir(home.file("project/deep/down"))
            .args(args),
    )
}

fn project(home: &Home, text: &str) {
    home.write("project/fedgit.toml", text);
    std::fs::create_dir_all(home.file("project/deep/down")).unwrap();
}

const ADDS: &str = "[role.more]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/More\"\n";

#[test]
fn it_may_add_a_role_on_the_users_own_identity_provider() {
    let home = Home::new(Scenario::adfs());
    project(&home, ADDS);
    in_project(&home, &["check"])
        .exits(0)
        .tells(&["2 profiles"]);
    in_project(&home, &["apply"]).exits(0);
    let text = home.read(".aws/config");
    let file = home.file("project/fedgit.toml");
    assert!(
        text.contains(&format!(" --project {}", file.display())),
        "{text}"
    );
    // Applying elsewhere leaves what the project owns.
    home.fedgit(&["apply"]).exits(0).tells(&["in sync"]);
    assert_eq!(home.read(".aws/config"), text);
}

#[test]
fn it_may_not_lead_a_password_elsewhere() {
    let home = Home::new(Scenario::adfs());
    for evil in [
        "[idp.corp]\nurl = \"https://evil.example/\"\n",
        "[idp.corp]\npassword_command = [\"touch\", \"/tmp/evil\"]\n",
        "[idp.new]\nkind = \"adfs\"\nurl = \"https://evil.example/\"\n",
        "[repo.r]\nrole = \"developer\"\nendpoint = \"https://evil.example\"\n",
        "[repo.example]\nrole = \"developer\"\nname = \"Other\"\n",
        "[role.developer]\narn = \"arn:aws:iam::999999999999:role/Evil\"\n",
        "[defaults]\nregion = \"eu-west-1\"\n",
        "[settings]\nstore = \"file\"\n",
        "[role.x]\nsource = \"developer\"\narn = \"arn:aws:iam::666666666666:role/Open\"\n",
        "[role.default]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/X\"\n",
        "[role.x]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/X\"\n\
         [repo.zzz]\nrole = \"x\"\nname = \"ExampleCorpRepository\"\n",
    ] {
        project(&home, evil);
        for command in ["check", "plan", "apply"] {
            in_project(&home, &[command])
                .exits(2)
                .tells(&["not trusted", "fedgit trust"]);
        }
        // A profile of the user's own is served from the user's own file wherever its line is run.
        let said = in_project(&home, &["credential-process", "--profile", "adfs"]);
        said.exits(4).tells(&["(127.0.0.1)"]);
    }
    assert!(!home.file(".aws/config").exists());
    assert_eq!(home.world.ledger().login_attempts(), 0);
}

#[test]
fn trust_is_for_this_content() {
    let home = Home::new(Scenario::adfs());
    let text = format!("{ADDS}[defaults]\nregion = \"eu-west-1\"\n");
    project(&home, &text);
    in_project(&home, &["check"]).exits(2);
    in_project(&home, &["trust"])
        .exits(0)
        .tells(&["project/fedgit.toml is trusted"]);
    in_project(&home, &["check"]).exits(0);
    project(&home, &format!("{text}# changed\n"));
    in_project(&home, &["check"])
        .exits(2)
        .tells(&["not trusted"]);
}

#[test]
fn two_projects_with_one_profile_name_are_kept_apart() {
    let home = Home::new(Scenario::adfs().roles(&[
        (
            "arn:aws:iam::111122223333:role/One",
            "arn:aws:iam::111122223333:saml-provider/ADFS",
        ),
        (
            "arn:aws:iam::444455556666:role/Two",
            "arn:aws:iam::444455556666:saml-provider/ADFS",
        ),
    ]));
    for (folder, arn) in [
        ("one", "arn:aws:iam::111122223333:role/One"),
        ("two", "arn:aws:iam::444455556666:role/Two"),
    ] {
        let role = format!("[role.same]\nidp = \"corp\"\narn = \"{arn}\"\n");
        home.write(&format!("{folder}/fedgit.toml"), role);
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(["credential-process", "--profile", "same"]);
        command
            .current_dir(home.file(folder))
            .env("FEDGIT_PASSWORD", home.world.password());
        let said = home.run(&mut command).exits(0);
        assert!(
            said.out.contains(&arn[13..25]),
            "{folder} got another account"
        );
    }
    // And outside of both there is no such profile.
    home.fedgit(&["credential-process", "--profile", "same"])
        .exits(2);
}

#[test]
fn a_repository_of_an_untrusted_file_decides_nothing_unasked() {
    let home = Home::new(Scenario::adfs());
    project(
        &home,
        &format!("{ADDS}[repo.secret]\nrole = \"more\"\nname = \"Secret\"\n"),
    );
    let mut command = home.command("git");
    command
        .current_dir(home.file("project"))
        .args(["clone", "codecommit://Secret"]);
    home.run(&mut command).exits(128).tells(&["default"]);
    // Whoever asks for it by its alias gets it.
    in_project(&home, &["clone", "secret"]).exits(4);
}

#[test]
#[cfg(unix)]
fn the_users_own_file_is_not_a_project_by_another_path() {
    let home = Home::new(Scenario::adfs());
    std::fs::create_dir(home.file("dotfiles")).unwrap();
    let own = home.file(".config/fedgit/fedgit.toml");
    std::fs::rename(&own, home.file("dotfiles/fedgit.toml")).unwrap();
    std::os::unix::fs::symlink(home.file("dotfiles/fedgit.toml"), &own).unwrap();
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    home.run(command.current_dir(home.file("dotfiles")).arg("check"))
        .exits(0);
}

#[test]
#[cfg(unix)]
fn trust_holds_by_whatever_link_the_file_is_found() {
    let home = Home::new(Scenario::adfs());
    home.write(
        "elsewhere/fedgit.toml",
        format!("{ADDS}[defaults]\nregion = \"eu-west-1\"\n"),
    );
    std::fs::create_dir_all(home.file("project/deep/down")).unwrap();
    let link = home.file("project/fedgit.toml");
    std::os::unix::fs::symlink(home.file("elsewhere/fedgit.toml"), &link).unwrap();
    in_project(&home, &["check"]).exits(2);
    in_project(&home, &["trust", link.to_str().unwrap()]).exits(0);
    in_project(&home, &["check"]).exits(0);
}
