//! Many processes at once: one login, whoever dies in between.

mod hundred;

use std::process::{Child, Stdio};
use std::time::Duration;

use fedgit_testbed::{Scenario, Service};

use crate::world::Home;

const PROFILE: [&str; 3] = ["credential-process", "--profile", "adfs"];

/// Starts a cold `credential-process` that knows the password.
fn start(home: &Home) -> Child {
    start_for(home, "adfs")
}

#[test]
fn twenty_cold_processes_make_one_login() {
    let home = Home::new(Scenario::adfs());
    let gate = home.world.hold_logins();
    let children: Vec<Child> = (0..20).map(|_| start(&home)).collect();
    assert!(
        gate.wait_for(1, Duration::from_secs(20)),
        "one process logs in"
    );
    gate.release();
    let mut answers: Vec<Vec<u8>> = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            output.stdout
        })
        .collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "all got the same credentials");
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn a_burst_with_a_wrong_password_is_one_attempt() {
    let home = Home::new(Scenario::adfs());
    let wrong = || {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(PROFILE)
            .env("FEDGIT_PASSWORD", "not the password");
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<Child> = (0..10).map(|_| wrong()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(5));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("Incorrect user ID or password"), "{said}");
    }
    // Nor by the next one, a moment later.
    let said = home.fedgit_as_script(&PROFILE).exits(5);
    said.tells(&["so the password was not sent again", "fedgit login corp"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    // Whoever says `login` means it, and then all is well again.
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home.fedgit_as_script(&["logout"]).exits(0);
    home.fedgit_as_script(&PROFILE).exits(0);
}

#[test]
fn whoever_waits_for_fedgit_login_uses_what_it_got() {
    // STS lets the login wait for its credentials: the turn is not over before they are there.
    let home = Home::new(Scenario::sts_throttles(2));
    let gate = home.world.hold_logins();
    let mut login = home.command(env!("CARGO_BIN_EXE_fedgit"));
    login
        .arg("login")
        .env("FEDGIT_PASSWORD", home.world.password());
    let login = login
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert!(gate.wait_for(1, Duration::from_secs(20)));
    let waiting = start(&home);
    gate.release();
    assert!(waiting.wait_with_output().unwrap().status.success());
    assert!(login.wait_with_output().unwrap().status.success());
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn a_killed_holder_of_the_login_leaves_nothing_behind() {
    let home = Home::new(Scenario::adfs());
    let gate = home.world.hold_logins();
    let mut first = start(&home);
    assert!(gate.wait_for(1, Duration::from_secs(20)));
    let second = start(&home);
    first.kill().unwrap();
    first.wait().unwrap();
    gate.release();
    let output = second.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(home.world.ledger().login_attempts(), 2);
}

#[test]
fn the_session_of_a_login_makes_the_next_one_ask_nothing() {
    let home = twenty_profiles();
    start_for(&home, "p0").wait_with_output().unwrap();
    // Another profile within the assertion's life: no login, and nobody to ask.
    home.fedgit(&["credential-process", "--profile", "p1"])
        .exits(0);
    let pages = |home: &Home| home.world.ledger().count(Service::Adfs);
    let before = pages(&home);
    // After it: the identity provider knows its user by the cookie.
    forget_assertions(&home);
    home.fedgit(&["credential-process", "--profile", "p2"])
        .exits(0);
    assert_eq!(pages(&home), before + 1, "one page, without a question");
    // `fedgit login` too, for all that are declared.
    let said = home.fedgit(&["login"]).exits(0);
    said.tells(&["p0: credentials until", "p19: credentials until"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    // Until one says logout.
    home.fedgit(&["logout"]).exits(0);
    home.fedgit(&["credential-process", "--profile", "p2"])
        .exits(4);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn a_session_that_the_identity_provider_has_ended() {
    let home = Home::new(Scenario::adfs());
    start(&home).wait_with_output().unwrap();
    forget_assertions(&home);
    home.world.end_sessions();
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    home.fedgit(&PROFILE).exits(4).tells(&["fedgit login corp"]);
    home.fedgit_as_script(&PROFILE).exits(0);
    assert_eq!(home.world.ledger().logins(), 2);
}

/// The time that STS takes an assertion is over.
fn forget_assertions(home: &Home) {
    for entry in std::fs::read_dir(home.file(".cache/fedgit/sessions")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        stored["assertion_end"] = 1.into();
        std::fs::write(&path, stored.to_string()).unwrap();
    }
}

/// The profiles p0 to p19, by one login.
pub(crate) fn twenty_profiles() -> Home {
    let names: Vec<String> = (0..20)
        .map(|n| format!("arn:aws:iam::111122223333:role/R{n}"))
        .collect();
    let provider = "arn:aws:iam::111122223333:saml-provider/ADFS";
    let offered: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), provider)).collect();
    let home = Home::empty(Scenario::adfs().roles(&offered));
    let idp = home.example();
    let mut config = idp.split("[role.").next().unwrap().to_owned();
    for (n, arn) in names.iter().enumerate() {
        config.push_str(&format!("[role.p{n}]\nidp = \"corp\"\narn = \"{arn}\"\n"));
    }
    home.write(".config/fedgit/fedgit.toml", config);
    home
}

fn start_for(home: &Home, profile: &str) -> Child {
    start_with(home, profile, home.world.password())
}

fn start_with(home: &Home, profile: &str, password: &str) -> Child {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["credential-process", "--profile", profile])
        .env("FEDGIT_PASSWORD", password);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// An assertion that STS takes no more, and a session that cannot be forgotten.
#[test]
fn a_refused_assertion_is_not_tried_again_and_again() {
    let home = Home::new(Scenario::adfs());
    start(&home).wait_with_output().unwrap();
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    // By STS's clock it is over; by ours it is not.
    home.world.set_clock_offset(400);
    let sts = |home: &Home| home.world.ledger().count(Service::Sts);
    let before = sts(&home);
    home.fedgit(&PROFILE).exits(0);
    assert_eq!(sts(&home), before + 2, "refused once, then with a new one");
    assert_eq!(home.world.ledger().login_attempts(), 1, "by the session");
}

#[test]
#[cfg(unix)]
fn logout_forgets_what_a_killed_writer_left() {
    let home = Home::new(Scenario::adfs());
    start(&home).wait_with_output().unwrap();
    let left = |folder: &str| {
        let name = format!(".cache/fedgit/{folder}/.fedgit-0123456789abcdef-aB3dE6.tmp");
        home.write(&name, "half of a secret");
        home.file(&name)
    };
    let files = [left("sessions"), left("credentials")];
    let other = home.file(".cache/fedgit/sessions/.fedgit-mine.tmp");
    home.write(".cache/fedgit/sessions/.fedgit-mine.tmp", "mine");
    home.fedgit(&["logout"]).exits(0);
    assert!(files.iter().all(|file| !file.exists()));
    std::fs::remove_file(other).unwrap();
    let files = [left("sessions"), left("credentials")];
    home.fedgit(&["logout", "adfs"]).exits(0);
    assert!(files.iter().all(|file| !file.exists()));
}

/// What a logout finds it forgets, and what is on its way then is not kept after it.
#[test]
fn a_logout_while_another_process_logs_in() {
    let home = Home::new(Scenario::adfs());
    for everything in [true, false] {
        let before = home.world.ledger().login_attempts();
        let gate = home.world.hold_logins();
        let children = [start(&home), start(&home)];
        assert!(gate.wait_for(1, Duration::from_secs(20)));
        let args: &[&str] = if everything {
            &["logout"]
        } else {
            &["logout", "corp"]
        };
        home.fedgit(args).exits(0);
        gate.release();
        // Each has an answer. The second logs in after the logout, and this is kept.
        let mut told = String::new();
        for child in children {
            let output = child.wait_with_output().unwrap();
            told += &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{told}");
        }
        assert_eq!(
            told.matches("somebody logged out meanwhile").count(),
            1,
            "{told}"
        );
        assert_eq!(home.world.ledger().login_attempts(), before + 2);
        assert_eq!(home.fedgit(&PROFILE).exits(0).err, "");
        home.fedgit(&["logout"]).exits(0);
    }
    // Alone, it leaves nothing at all.
    let gate = home.world.hold_logins();
    let child = start(&home);
    assert!(gate.wait_for(1, Duration::from_secs(20)));
    home.fedgit(&["logout"]).exits(0);
    gate.release();
    assert!(child.wait_with_output().unwrap().status.success());
    home.fedgit(&PROFILE).exits(4);
}
