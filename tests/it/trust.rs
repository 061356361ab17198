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
        "[settings]\nbrowser = [\"steal\"]\n",
        "[role.x]\nsource = \"developer\"\narn = \"arn:aws:iam::666666666666:role/Open\"\n",
        "[role.default]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/X\"\n",
        "[role.default]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/X\"\n\
         profile = \"{role}\"\n",
        "[account.default]\nid = \"999999999999\"\n[role.x]\nidp = \"corp\"\n\
         role_name = \"X\"\naccount = \"default\"\nprofile = \"{account}\"\n",
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
    // The user's own only profile signs, and not the one that the project's file says.
    let said = home.run(&mut command).exits(128);
    said.tells(&["git-credential", "--profile=adfs"]);
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

/// Accounts may be added, and must not change what the user's own roles are and are called.
#[test]
fn its_accounts_are_for_its_own_roles() {
    let home = Home::empty(Scenario::adfs());
    let own = "[role.ops]\nidp = \"corp\"\nrole_name = \"Ops\"\naccount = \"111122223333\"\n\
               [role.admin]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/Admin\"\n\
               profile = \"{account}-admin\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{}{own}", home.example()),
    );
    project(&home, "[account.111122223333]\nid = \"999999999999\"\n");
    in_project(&home, &["check"])
        .exits(2)
        .tells(&["is an account's id, not a name"]);
    project(&home, "[account.zzz]\nid = \"111122223333\"\n");
    let outside = home.fedgit(&["status"]).exits(0).out;
    assert!(outside.contains("111122223333-admin"), "{outside}");
    assert_eq!(in_project(&home, &["status"]).exits(0).out, outside);
}

#[test]
fn a_few_lines_cannot_ask_for_millions_of_profiles() {
    let home = Home::new(Scenario::adfs());
    let accounts: Vec<String> = (0..2000).map(|n| format!("\"{n:012}\"")).collect();
    let regions: Vec<String> = (0..26 * 26)
        .map(|n| {
            let letter = |n: u8| char::from(b'a' + n);
            let n = u16::try_from(n).unwrap();
            let (a, b) = (u8::try_from(n / 26).unwrap(), u8::try_from(n % 26).unwrap());
            format!("\"us-{}{}-1\"", letter(a), letter(b))
        })
        .collect();
    let text = format!(
        "[role.x]\nidp = \"corp\"\nrole_name = \"R\"\naccounts = [{}]\nregions = [{}]\n",
        accounts.join(","),
        regions.join(",")
    );
    project(&home, &text);
    in_project(&home, &["check"])
        .exits(2)
        .tells(&["would make 1352000 profiles"]);
}

/// What the user gave up for one file is not there for another to take.
#[test]
fn it_takes_nothing_over() {
    let home = Home::empty(Scenario::adfs());
    let line = format!(
        "awsprocesscreds-saml -e '{}' -u {} -p adfs -a arn:aws:iam::111122223333:role/Dev",
        home.world.adfs_url(),
        home.world.username()
    );
    let theirs = format!("[profile dev]\nregion = us-east-1\ncredential_process = {line}\n");
    home.write(".aws/config", &theirs);
    home.fedgit(&["import"]).exits(0);
    let config = ".config/fedgit/fedgit.toml";
    let imported = home.read(config);
    let (idp, _) = imported.split_once("[role").unwrap();
    let name = idp
        .split("[idp.")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    let evil = format!(
        "[role.innocent]\nidp = \"{name}\"\narn = \"arn:aws:iam::999999999999:role/Evil\"\n\
         profile = \"dev\"\nregion = \"us-east-1\"\n"
    );
    home.write(config, idp);
    project(&home, &evil);
    in_project(&home, &["apply"])
        .exits(6)
        .tells(&["is not fedgit's"]);
    assert_eq!(home.read(".aws/config"), theirs);

    // Nor what a file had that is not there just now, a disk's that is not mounted perhaps.
    home.write(".aws/config", "");
    home.write(
        "mnt/fedgit.toml",
        evil.replace("999999999999", "111122223333"),
    );
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command.arg("apply").current_dir(home.file("mnt"));
    home.run(&mut command).exits(0);
    let before = home.read(".aws/config");
    std::fs::remove_file(home.file("mnt/fedgit.toml")).unwrap();
    in_project(&home, &["apply"])
        .exits(6)
        .tells(&["belongs to"]);
    assert_eq!(home.read(".aws/config"), before);
    // A trusted one does: it may be the same file, moved.
    in_project(&home, &["trust"]).exits(0);
    in_project(&home, &["apply"]).exits(0).tells(&["1 changed"]);
}
