//! `accounts = "*"`: a list that is asked for once and kept, and what of it comes and goes.

use fedgit_testbed::{Scenario, Service};

use super::Center;

const EVERYWHERE: &str = "\n[role.auditor]\nidp = \"cloud\"\naccounts = \"*\"\n\
                          permission_set = \"ReadOnly\"\nregion = \"us-east-1\"\n";

fn with_every_account(center: &Center) {
    let config = ".config/fedgit/fedgit.toml";
    let text = center.home.read(config);
    center.home.write(config, format!("{text}{EVERYWHERE}"));
}

#[test]
fn every_account_comes_from_a_list_that_is_kept() {
    let center = Center::signed_in(Scenario::adfs());
    with_every_account(&center);
    let home = &center.home;
    // Nothing is planned from what is not known.
    for args in [&["plan"][..], &["apply"]] {
        home.fedgit(args)
            .exits(2)
            .tells(&["[role.auditor]", "fedgit roles cloud"]);
    }
    home.fedgit(&["check"]).exits(0);
    home.fedgit(&["roles", "cloud"]).exits(0);
    let list = home.read(".config/fedgit/discovered/cloud.toml");
    assert!(list.contains("name = \"Staging\""), "{list}");
    let asked = home.world.ledger().count(Service::Portal);
    let plan = home.fedgit(&["plan"]).exits(3).out;
    // By the names of [account.NAME], where there are any.
    for profile in ["prod-auditor", "staging-auditor"] {
        assert!(plan.contains(&format!("+ [profile {profile}]")), "{plan}");
    }
    home.fedgit(&["apply"]).exits(0);
    assert_eq!(
        home.world.ledger().count(Service::Portal),
        asked,
        "a plan asks nobody"
    );
    home.fedgit(&["plan"]).exits(0);
    center.credentials("staging-auditor").exits(0);

    // An account is closed; the next list says so, and then the plan.
    home.world.unassign("444455556666");
    home.fedgit(&["plan"]).exits(0);
    home.fedgit(&["roles", "cloud"]).exits(0);
    let plan = home.fedgit(&["plan"]).exits(3).out;
    assert!(plan.contains("- [profile staging-auditor]"), "{plan}");
    assert!(!plan.contains("[profile prod-auditor]"), "{plan}");
    // A list of another portal is none.
    let list = home.read(".config/fedgit/discovered/cloud.toml");
    home.write(
        ".config/fedgit/discovered/cloud.toml",
        list.replace("d-1234567890", "d-0"),
    );
    home.fedgit(&["plan"]).exits(2);
}

/// The portal decides what is in the list: what it makes a mistake of keeps neither the other profiles from
/// working nor the command that gets a new list.
#[test]
fn a_list_that_makes_a_mistake_stops_nothing_else() {
    let center = Center::signed_in(Scenario::adfs());
    with_every_account(&center);
    let (home, config) = (&center.home, ".config/fedgit/fedgit.toml");
    let repo = "[repo.there]\nprofile = \"staging-auditor\"\nregion = \"us-east-1\"\n";
    let text = home.read(config);
    home.write(config, format!("{text}{repo}"));
    // Nobody knows yet which accounts there are, and so not whether that is a mistake.
    home.fedgit(&["check"]).exits(0);
    home.fedgit(&["roles", "cloud"]).exits(0);
    home.fedgit(&["plan"]).exits(3);
    home.world.unassign("444455556666");
    home.fedgit(&["roles", "cloud"]).exits(0);
    for args in [&["check"][..], &["plan"], &["apply"]] {
        home.fedgit(args).exits(2).tells(&["staging-auditor"]);
    }
    center.forget_credentials();
    center.credentials("reader").exits(0);
    home.fedgit(&["roles", "cloud"])
        .exits(0)
        .tells(&["makes a mistake of the configuration"]);
    home.fedgit(&["logout", "cloud"]).exits(0);
}

/// Whoever may name an account may not say what is used where no profile is named.
#[test]
fn no_account_is_the_default_by_its_name() {
    let center = Center::signed_in(Scenario::adfs());
    let (home, config) = (&center.home, ".config/fedgit/fedgit.toml");
    home.fedgit(&["roles", "cloud"]).exits(0);
    let list = home.read(".config/fedgit/discovered/cloud.toml");
    home.write(
        ".config/fedgit/discovered/cloud.toml",
        list.replace("name = \"Staging\"", "name = \"default\""),
    );
    let own = home
        .read(config)
        .replace("[account.staging]", "[account.other]");
    let own = own.replace("444455556666", "444455557777");
    home.write(
        config,
        format!("{own}{EVERYWHERE}profile = \"{{account}}\"\n"),
    );
    home.fedgit(&["plan"])
        .exits(2)
        .tells(&["[role.auditor] would become everybody's default profile"]);
}

/// It gives no response, which is told before anybody looks for one.
#[test]
fn nothing_is_pasted_for_identity_center() {
    let center = Center::new(Scenario::adfs());
    center
        .home
        .fedgit(&["login", "cloud", "--paste"])
        .exits(2)
        .tells(&["no SAML response to paste", "--device-code"]);
}

#[test]
fn every_account_is_identity_centers_alone() {
    let center = Center::new(Scenario::adfs());
    let config = ".config/fedgit/fedgit.toml";
    let text = center.home.read(config);
    for (role, told) in [
        (
            EVERYWHERE.replace("permission_set", "role_name"),
            "without a permission set",
        ),
        (
            EVERYWHERE.replace("\"*\"", "\"prod\""),
            "a list of accounts, or \"*\"",
        ),
    ] {
        center.home.write(config, format!("{text}{role}"));
        center.home.fedgit(&["check"]).exits(2).tells(&[told]);
    }
}

#[test]
fn what_is_offered_is_written_into_the_file() {
    let center = Center::signed_in(Scenario::adfs());
    let (home, config) = (&center.home, ".config/fedgit/fedgit.toml");
    let before = home.read(config);
    let import = |more: &[&str]| {
        let args = [&["import", "--from", "identity-center"][..], more].concat();
        home.fedgit(&args)
    };
    let printed = import(&["--print"]).exits(0).out;
    // What is declared already is not declared again; names of accounts are the file's own.
    let added = "\n[role.ReadOnly]\nidp = \"cloud\"\npermission_set = \"ReadOnly\"\n\
                 account = \"staging\"\nprofile = \"{account}-ReadOnly\"\n";
    assert!(printed.contains(added), "{printed}");
    assert_eq!(printed.replace(added, ""), before);
    assert_eq!(home.read(config), before);
    import(&["--accounts", "prod*"])
        .exits(0)
        .tells(&["nothing is offered"]);
    import(&["--permission-sets", "Admin*"])
        .exits(0)
        .tells(&["nothing is offered"]);
    // Nothing is written that would be a mistake.
    import(&["--name-template", "reader"])
        .exits(2)
        .tells(&["nothing is written"]);
    assert_eq!(home.read(config), before);
    import(&[
        "--accounts",
        "Stag*",
        "--name-template",
        "{permission_set}.{account}",
    ])
    .exits(0)
    .tells(&["declares 1 more profile"]);
    home.fedgit(&["check"]).exits(0);
    center.credentials("ReadOnly.staging").exits(0);
    assert_eq!(center.sign_ins(), 1);
}

#[test]
fn a_whole_organization_is_imported_and_applied() {
    let center = Center::new(Scenario::adfs().assignments(40, &["A", "B", "C"]));
    let home = &center.home;
    home.write(
        ".config/fedgit/fedgit.toml",
        format!(
            "[idp.cloud]\nkind = \"identity-center\"\nstart_url = \"{}\"\nregion = \"eu-west-1\"\n",
            home.world.start_url()
        ),
    );
    let mut import = center.on_desktop(&["import", "--from", "identity-center"]);
    let (said, _) = center.by_browser(&mut import, "allow");
    said.exits(0);
    home.fedgit(&["apply"]).exits(0);
    let config = home.read(".aws/config");
    assert_eq!(config.matches("[profile ").count(), 120);
    assert!(config.contains("[profile Account-7-B]"), "{config}");
    center.credentials("Account-7-B").exits(0);
}

/// A role in every account is in one more than the kept list has.
#[test]
fn an_account_that_is_new_is_not_declared_beside_every_account() {
    let center = Center::signed_in(Scenario::adfs());
    with_every_account(&center);
    let (home, list) = (&center.home, ".config/fedgit/discovered/cloud.toml");
    home.fedgit(&["roles", "cloud"]).exits(0);
    let known = home.read(list);
    let (older, _) = known.rsplit_once("[[account]]").unwrap();
    home.write(list, older);
    let template = "{account}-auditor";
    let import = |more: &[&str]| {
        let args = [
            "import",
            "--from",
            "identity-center",
            "--name-template",
            template,
        ];
        home.fedgit(&[&args[..], more].concat())
    };
    import(&["--permission-sets", "Read*"])
        .exits(0)
        .tells(&["nothing is offered"]);
    home.fedgit(&["check"]).exits(0);
    assert_eq!(home.read(list), known);

    // What is not asked about stays as it is known.
    let before = center.noted(Service::Portal, "roleList");
    import(&["--permission-sets", "Read*", "--accounts", "Stag*"]).exits(0);
    assert_eq!(center.noted(Service::Portal, "roleList"), before + 1);
    assert_eq!(home.read(list), known);
}

/// In another directory nobody would know of the identity provider.
#[test]
fn what_a_projects_file_declares_is_imported_into_it() {
    let center = Center::signed_in(Scenario::adfs());
    let home = &center.home;
    let own = ".config/fedgit/fedgit.toml";
    let text = home.read(own);
    let idp = text.split("[account.prod]").next().unwrap();
    home.write("project/fedgit.toml", idp);
    std::fs::remove_file(home.file(own)).unwrap();
    let fedgit = |folder: &str, args: &[&str]| {
        let mut command = center.fedgit(args);
        home.run(command.current_dir(home.file(folder)))
    };
    fedgit("project", &["trust"]).exits(0);
    let import = ["import", "--from", "identity-center"];
    let output = [&import[..], &["--output", "../.config/fedgit/fedgit.toml"]].concat();
    home.write(own, "");
    fedgit("project", &output)
        .exits(2)
        .tells(&["nothing is written", "--output"]);
    std::fs::remove_file(home.file(own)).unwrap();
    fedgit("project", &import).exits(0).tells(&[
        "project/fedgit.toml declares 4 more profiles",
        "fedgit trust",
    ]);
    assert!(!home.file(own).exists());
    fedgit("project", &["trust"]).exits(0);
    fedgit("project", &["check"]).exits(0);
    let said = fedgit("project", &["plan"]).exits(3);
    assert!(
        said.out.contains("[profile Production-ReadOnly]"),
        "{}",
        said.out
    );
}
