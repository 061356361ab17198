//! What users see when something is not as it should be: what failed, on what, why, what next; the
//! exit code; and nothing lost.

use fedgit_testbed::{Scenario, Service};

use crate::world::{Home, Said};

/// A login in a scenario, with the right password.
fn login(scenario: Scenario) -> (Home, Said) {
    let home = Home::new(scenario);
    let said = home.fedgit_as_script(&["credential-process", "--profile", "adfs"]);
    assert_eq!(said.out, "", "nothing on stdout but credentials");
    (home, said)
}

#[test]
fn a_wrong_password_is_refused_once() {
    let home = Home::new(Scenario::adfs());
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    let args = ["credential-process", "--profile", "adfs"];
    let said = home.run(
        command
            .args(args)
            .env("FEDGIT_PASSWORD", "not the password"),
    );
    said.exits(5)
        .tells(&["Incorrect user ID or password. Type the correct user ID and password"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn nobody_to_ask() {
    let home = Home::new(Scenario::adfs());
    for args in [
        &["credential-process", "--profile", "adfs"][..],
        &["--no-input", "login", "corp"],
        &["clone", "example"],
    ] {
        home.fedgit(args).exits(4).tells(&["fedgit login corp"]);
    }
    assert!(
        home.world.ledger().entries().is_empty(),
        "nothing was sent for it"
    );
}

/// In a container that was entered from outside, session and process group are those of a process
/// that cannot be seen there: the kernel gives 0 for both.
#[test]
#[cfg(target_os = "linux")]
fn a_session_of_another_process_namespace() {
    let home = Home::new(Scenario::adfs());
    let apart = ["--user", "--map-root-user", "--pid", "--fork"];
    let mut probe = home.command("unshare");
    if !probe
        .args(apart)
        .arg("true")
        .output()
        .is_ok_and(|o| o.status.success())
    {
        eprintln!("left out: this machine does not let its users make process namespaces");
        return;
    }
    let mut command = home.command("unshare");
    command.args(apart).arg(env!("CARGO_BIN_EXE_fedgit"));
    home.run(command.args(["login", "corp"]))
        .exits(4)
        .tells(&["fedgit login corp"]);
}

#[test]
fn a_role_that_is_not_offered() {
    let (_home, said) = login(Scenario::adfs().roles(&[
        (
            "arn:aws:iam::111122223333:role/ADFS-Development",
            "arn:aws:iam::111122223333:saml-provider/ADFS",
        ),
        (
            "arn:aws:iam::444455556666:role/Audit",
            "arn:aws:iam::444455556666:saml-provider/ADFS",
        ),
    ]));
    said.exits(5).tells(&[
        "does not offer arn:aws:iam::111122223333:role/ADFS-Production",
        "arn:aws:iam::111122223333:role/ADFS-Development",
        "arn:aws:iam::444455556666:role/Audit",
    ]);
}

#[test]
fn pages_that_lead_nowhere() {
    let (_home, said) = login(Scenario::no_form());
    said.exits(1).tells(&["corp", "holds no form", "help:"]);
    let (_home, said) = login(Scenario::form_loop());
    said.exits(1).tells(&["came to no end", "help:"]);
    let (_home, said) = login(Scenario::windows_integrated());
    said.exits(1)
        .tells(&["Windows Integrated Authentication", "help:"]);
}

#[test]
fn a_form_that_would_send_the_password_elsewhere() {
    let (home, said) = login(Scenario::password_to_other_host());
    said.exits(1).tells(&[
        "would send the password or code to https://localhost:",
        "help:",
    ]);
    assert_eq!(home.world.ledger().login_attempts(), 0);
}

#[test]
fn responses_that_are_none() {
    let (_home, said) = login(Scenario::response_not_base64());
    said.exits(1)
        .tells(&["cannot read the SAML response of corp", "base64"]);
    let (_home, said) = login(Scenario::response_not_xml());
    said.exits(1)
        .tells(&["cannot read the SAML response of corp", "XML"]);
    let (_home, said) = login(Scenario::response_with_dtd());
    said.exits(1).tells(&[
        "cannot read the SAML response of corp",
        "document type definition",
    ]);
}

#[test]
fn sts_says_no() {
    let (_home, said) = login(Scenario::sts_expired_token());
    said.exits(5).tells(&["ExpiredTokenException", "clock"]);
    let (_home, said) = login(Scenario::sts_access_denied());
    said.exits(5).tells(&[
        "Not authorized to perform sts:AssumeRoleWithSAML",
        "trust policy",
    ]);
    let (_home, said) = login(Scenario::sts_over_max_duration(900));
    said.exits(5)
        .tells(&["MaxSessionDuration", "session_duration"]);
    let (_home, said) = login(Scenario::adfs().credential_lifetime(-60));
    said.exits(1).tells(&["ended at", "clock"]);
}

#[test]
fn sts_is_busy() {
    let (home, said) = login(Scenario::sts_throttles(100));
    said.exits(1)
        .tells(&["Throttling", "try again in a minute"]);
    assert_eq!(home.world.ledger().logins(), 1);
    // A little patience is enough for a short spell.
    let home = Home::new(Scenario::sts_throttles(2));
    home.fedgit_as_script(&["credential-process", "--profile", "adfs"])
        .exits(0);
    assert_eq!(home.world.ledger().logins(), 1);
}

#[test]
fn connections_that_fail() {
    let home = Home::new(Scenario::adfs());
    let config = home.read(".config/fedgit/fedgit.toml");

    let ca = home.world.ca_file().display().to_string();
    let untrusted = config.replace(&format!("ca_bundle = \"{ca}\"\n"), "");
    home.write("untrusted.toml", untrusted);
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["--config", "untrusted.toml", "login"])
        .env_remove("AWS_CA_BUNDLE");
    home.run(command.env("FEDGIT_PASSWORD", "x"))
        .exits(1)
        .tells(&["127.0.0.1", "certificate", "ca_bundle"]);

    home.write(
        "nowhere.toml",
        config.replace(&home.world.adfs_url(), "https://127.0.0.1:9/adfs"),
    );
    let said = home.fedgit_as_script(&["--config", "nowhere.toml", "login"]);
    said.exits(1).tells(&["127.0.0.1", "refused", "help:"]);

    home.write("ca.toml", config.replace(&ca, "/nowhere/ca.pem"));
    let said = home.fedgit_as_script(&["--config", "ca.toml", "login"]);
    said.exits(1).tells(&["/nowhere/ca.pem"]);

    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login"])
        .env("AWS_ENDPOINT_URL_STS", "http://sts.example.com");
    let said = home.run(command.env("FEDGIT_PASSWORD", home.world.password()));
    said.exits(1).tells(&["http", "loopback"]);

    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login"])
        .env("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:9");
    let said = home
        .run(command.env("FEDGIT_PASSWORD", home.world.password()))
        .exits(1);
    assert!(!said.err.contains("dispatch failure"), "{}", said.err);
    said.tells(&[
        "no credentials for profile adfs",
        "127.0.0.1",
        "refused",
        "help:",
    ]);
}

#[test]
fn a_password_command_answers() {
    let home = Home::new(Scenario::adfs());
    home.write(
        "secret",
        format!("{}\nsecond line\n", home.world.password()),
    );
    let add = |command: &str| {
        let config = home
            .example()
            .replace("[role.", &format!("password_command = {command}\n\n[role."));
        home.write("command.toml", config);
        home.fedgit(&["logout"]).exits(0);
        home.fedgit(&["--config", "command.toml", "login"])
    };
    let path = home.file("secret").display().to_string();
    add(&format!("['cat', '{path}']")).exits(0);
    add("['false']").exits(1).tells(&["false ended with"]);
    add("['true']").exits(1).tells(&["true printed no line"]);
    add("['/nowhere/program']")
        .exits(1)
        .tells(&["cannot start /nowhere/program"]);
    // Never through a shell.
    add("['echo $(cat secret)']")
        .exits(1)
        .tells(&["cannot start"]);
    std::fs::remove_file(home.file("secret")).unwrap();
}

#[test]
fn valid_credentials_outlive_a_failed_renewal() {
    let home = Home::new(Scenario::adfs().credential_lifetime(400));
    let args = ["credential-process", "--profile", "adfs"];
    let first = home.fedgit_as_script(&args).exits(0);
    // Fresh for three quarters of their life.
    assert_eq!(home.fedgit(&args).exits(0).out, first.out);
    // With the entry's birth moved back they are due, and nobody is there to renew them.
    let folder = home.file(".cache/fedgit/credentials");
    let entry = std::fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read_to_string(&entry).unwrap();
    let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
    stored["issued"] = "2020-01-01T00:00:00Z".into();
    std::fs::write(&entry, stored.to_string()).unwrap();
    let renewed = home.fedgit(&args).exits(0);
    assert_ne!(renewed.out, first.out, "the login of a moment ago serves");
    std::fs::write(&entry, stored.to_string()).unwrap();
    std::fs::remove_dir_all(home.file(".cache/fedgit/sessions")).unwrap();
    let said = home
        .fedgit(&args)
        .exits(0)
        .tells(&["could not renew", "are used until"]);
    assert_eq!(said.out, first.out);
}

#[test]
fn names_that_stand_for_nothing() {
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["clone", "exmaple"])
        .exits(2)
        .tells(&["did you mean \"example\"?"]);
    home.fedgit(&["login", "crop"])
        .exits(2)
        .tells(&["did you mean"]);
    home.fedgit(&["credential-process", "--profile", "adsf"])
        .exits(2)
        .tells(&["did you mean \"adfs\"?"]);
    home.fedgit(&["nonsense"]).exits(2);
    home.fedgit(&["credential-process"])
        .exits(2)
        .tells(&["--profile"]);
}

#[test]
fn no_configuration_at_all() {
    let home = Home::empty(Scenario::adfs());
    home.fedgit(&["plan"])
        .exits(2)
        .tells(&["no fedgit.toml was found", ".config/fedgit/fedgit.toml"]);
    home.fedgit(&["--config", "missing.toml", "check"])
        .exits(2)
        .tells(&["missing.toml"]);
    home.write("latin1.toml", b"# caf\xe9\n");
    home.fedgit(&["--config", "latin1.toml", "check"])
        .exits(2)
        .tells(&["latin1.toml:1:6", "save the file as UTF-8"]);
}

#[test]
#[cfg(target_os = "linux")]
fn stdout_that_cannot_be_written() {
    let home = Home::new(Scenario::adfs());
    home.fedgit_as_script(&["login"]).exits(0);
    for args in [
        &["credential-process", "--profile", "adfs"][..],
        &["plan"],
        &["schema"],
    ] {
        let mut command = home.command("sh");
        let line = format!(
            "exec {} {} >/dev/full",
            env!("CARGO_BIN_EXE_fedgit"),
            args.join(" ")
        );
        home.run(command.args(["-c", &line]))
            .exits(1)
            .tells(&["No space left"]);
        let mut command = home.command("sh");
        let line = format!(
            "exec {} {} >&-",
            env!("CARGO_BIN_EXE_fedgit"),
            args.join(" ")
        );
        let said = home.run(command.args(["-c", &line]));
        assert!(!said.err.contains("panicked"), "{}", said.err);
    }
}

#[test]
fn a_damaged_cache_is_a_miss() {
    let home = Home::new(Scenario::adfs());
    let args = ["credential-process", "--profile", "adfs"];
    home.fedgit_as_script(&args).exits(0);
    for folder in ["credentials", "pointers"] {
        for damage in [
            &b""[..],
            b"{",
            b"\xff\xfe\x00",
            b"fedgit pointer 1\n../../x\n-\n",
        ] {
            for entry in std::fs::read_dir(home.file(&format!(".cache/fedgit/{folder}"))).unwrap() {
                std::fs::write(entry.unwrap().path(), damage).unwrap();
            }
            home.fedgit_as_script(&args).exits(0);
        }
    }
}

#[test]
fn a_chain_from_a_role_that_is_not_offered() {
    let home = Home::empty(Scenario::adfs());
    let chain =
        "[role.deployer]\nsource = \"developer\"\narn = \"arn:aws:iam::444455556666:role/D\"\n";
    let config = format!("{}{chain}", home.example()).replace("ADFS-Production", "Nothing");
    home.write(".config/fedgit/fedgit.toml", config);
    home.fedgit_as_script(&["login"]).exits(5).tells(&[
        "does not offer",
        "no credentials for profile deployer: it is assumed from adfs, which has none",
    ]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
#[cfg(unix)]
fn a_cache_that_others_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(Scenario::adfs());
    std::fs::create_dir_all(home.file(".cache/fedgit")).unwrap();
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(home.file(".cache/fedgit"), open).unwrap();
    home.fedgit_as_script(&["login"]).exits(1).tells(&[
        "can be written by others",
        "chmod 700",
        "FEDGIT_CACHE_DIR",
    ]);
    assert_eq!(home.world.ledger().login_attempts(), 0);
}

#[test]
#[cfg(unix)]
fn planted_links_lead_nowhere() {
    let home = Home::new(Scenario::adfs());
    home.fedgit_as_script(&["login"]).exits(0);
    home.write("precious", "mine");
    // A lock that leads to a file of the user's.
    for entry in std::fs::read_dir(home.file(".cache/fedgit/locks")).unwrap() {
        let lock = entry.unwrap().path();
        std::fs::remove_file(&lock).unwrap();
        std::os::unix::fs::symlink(home.file("precious"), lock).unwrap();
    }
    home.fedgit_as_script(&["login"])
        .exits(1)
        .tells(&["cannot lock"]);
    assert_eq!(home.read("precious"), "mine");

    // A cache that leads to the user's documents, or shares a folder with them.
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    home.write("documents/thesis.tex", "mine");
    std::os::unix::fs::symlink(
        home.file("documents"),
        home.file(".cache/fedgit/credentials"),
    )
    .unwrap();
    home.fedgit(&["logout"])
        .exits(1)
        .tells(&["is not a folder"]);
    std::fs::remove_file(home.file(".cache/fedgit/credentials")).unwrap();
    home.write(".cache/fedgit/credentials/thesis.tex", "mine");
    home.fedgit(&["logout"]).exits(0).tells(&["forgot 0"]);
    assert_eq!(home.read("documents/thesis.tex"), "mine");
    assert_eq!(home.read(".cache/fedgit/credentials/thesis.tex"), "mine");
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
}

#[test]
fn logout_needs_no_configuration() {
    let home = Home::new(Scenario::adfs());
    home.fedgit_as_script(&["login"]).exits(0);
    home.write(".config/fedgit/fedgit.toml", "[broken");
    home.fedgit(&["logout"]).exits(0).tells(&["forgot 1"]);
}

#[test]
fn a_session_longer_than_the_role_allows() {
    let home = Home::empty(Scenario::sts_over_max_duration(4 * 3600));
    let long = home
        .example()
        .replace("[repo.", "session_duration = \"12h\"\n\n[repo.");
    home.write(".config/fedgit/fedgit.toml", long);
    let args = ["credential-process", "--profile", "adfs"];
    let said = home.fedgit_as_script(&args).exits(0).tells(&[
        "role/ADFS-Production allows sessions of 4h at most, not 12h",
        "session_duration",
    ]);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(answer["Expiration"].is_string());
    assert_eq!(home.world.ledger().count(Service::Sts), 3, "12, 8, 4");
    // From then on it is known, and nobody is told again.
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    let said = home.fedgit(&args).exits(0);
    assert_eq!(said.err, "");
    assert_eq!(home.world.ledger().count(Service::Sts), 4);
    // `fedgit login` finds out anew: the role's owner may have raised it.
    home.fedgit(&["login"]).exits(0).tells(&["4h at most"]);
    assert_eq!(home.world.ledger().count(Service::Sts), 7);
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let home = Home::new(Scenario::adfs());
    home.world.set_clock_offset(-600);
    home.fedgit_as_script(&["login"])
        .exits(0)
        .tells(&["clock is 10 minutes ahead of AWS's", "set the clock"]);
    let home = Home::new(Scenario::sts_expired_token());
    home.world.set_clock_offset(900);
    home.fedgit_as_script(&["login"])
        .exits(5)
        .tells(&["clock is 15 minutes behind AWS's"]);
}
