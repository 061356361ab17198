//! Signing in: once in a window, then unseen; one window for everybody; out again.

use super::*;
use crate::interop::keyring::{Desktop, Login};

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_person_signs_in_once_and_nothing_reaches_aws() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        err.contains("sign in to corp in the browser's window"),
        "{err}"
    );
    assert!(err.contains("adfs: credentials until"), "{err}");
    is_gone(&home);
    aws_saw_nothing(&home);

    // No display now, and nobody to ask: the session serves.
    let again =
        home.run(fedgit(&home, None, &["--no-input", "login", "corp"]).env_remove("DISPLAY"));
    again.exits(0).tells(&["adfs: credentials until"]);
    assert_eq!(home.world.ledger().logins(), 1);
    is_gone(&home);
    aws_saw_nothing(&home);

    // After `logout` it needs a person again.
    home.fedgit(&["logout", "corp"]).exits(0);
    assert!(!profiles(&home).exists() || std::fs::read_dir(profiles(&home)).unwrap().count() == 0);
    let nobody = home.fedgit(&["login", "corp"]);
    nobody
        .exits(4)
        .tells(&["no display", "fedgit login corp --paste"]);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn one_window_for_a_hundred_callers() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let callers: Vec<Running> = (0..100)
        .map(|_| {
            let args = ["credential-process", "--profile", "adfs"];
            Running::start(fedgit(&home, Some(&screen), &args))
        })
        .collect();
    screen.signs_in(&home);
    let mut said: Vec<String> = Vec::new();
    for caller in callers {
        let (code, out, err) = caller.ends_at(&home);
        assert_eq!(code, Some(0), "{err}");
        assert_eq!(out.lines().count(), 1, "{out}");
        said.push(err);
    }
    let asked = said
        .iter()
        .filter(|err| err.contains("browser's window"))
        .count();
    assert_eq!(asked, 1, "{said:#?}");
    assert_eq!(home.world.ledger().logins(), 1);
    is_gone(&home);
    aws_saw_nothing(&home);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_session_that_has_ended_opens_a_window_again() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    assert_eq!(login.ends_at(&home).0, Some(0));
    home.world.end_sessions();
    // Where nobody sees a window, that is told, and no password asked for.
    let nobody = home.fedgit(&["login", "corp"]);
    nobody.exits(4).tells(&["there is no display here"]);
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(home.world.ledger().logins(), 2);
    is_gone(&home);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn where_nothing_is_kept_no_profile_is() {
    let home = Home::empty(Scenario::adfs());
    let url =
        "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";
    declare(&home, url, "store = \"none\"");
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    is_gone(&home);
    assert_eq!(std::fs::read_dir(profiles(&home)).unwrap().count(), 0);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_logout_in_the_middle_leaves_nothing_of_it() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Sign In");
    // The browser still has its profile, which is said; the login then takes it away.
    let said = home.fedgit(&["logout", "corp"]);
    said.exits(1).tells(&["is in use by process"]);
    screen.signs_in(&home);
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("logged out meanwhile"), "{err}");
    is_gone(&home);
    assert_eq!(std::fs::read_dir(profiles(&home)).unwrap().count(), 0);
}

/// Where nobody sees a window, one process finds out that a person is needed, and the others believe it.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn what_needs_a_person_is_tried_once_unseen() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    assert_eq!(login.ends_at(&home).0, Some(0));
    home.world.end_sessions();
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    std::fs::remove_dir_all(home.file(".cache/fedgit/sessions")).unwrap();
    let pages = || {
        let ledger = home.world.ledger();
        let is_page = |path: &str| path.ends_with("IdpInitiatedSignOn.aspx");
        ledger
            .of(Service::Adfs)
            .filter(|entry| is_page(&entry.path))
            .count()
    };
    let get = ["credential-process", "--profile", "adfs"];
    let before = pages();
    let callers: Vec<Running> = (0..5)
        .map(|_| Running::start(fedgit(&home, None, &get)))
        .collect();
    for caller in callers {
        let (code, _, err) = caller.ends_at(&home);
        assert_eq!(code, Some(4), "{err}");
        assert!(err.contains("there is no display here"), "{err}");
    }
    home.fedgit(&get).exits(4);
    assert_eq!(pages() - before, 1);
    // Asked for by a person it is tried again.
    home.fedgit(&["login", "corp"]).exits(4);
    assert_eq!(pages() - before, 2);
    // Where there is a window, it is opened at once; then the session serves again.
    let login = Running::start(fedgit(&home, Some(&screen), &get));
    screen.signs_in(&home);
    assert_eq!(login.ends_at(&home).0, Some(0));
    home.fedgit(&["login", "corp"]).exits(0);
    is_gone(&home);
}

/// The desktop's keyring neither keeps a key of it, which a run outside that session would lack, nor is it
/// asked for one.
#[test]
#[ignore = "needs Debian's chromium, xvfb, xdotool and gnome-keyring; .ci/run installs them"]
fn the_session_needs_no_keyring() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let desktop = Desktop::start(&home, Login::Unlocked);
    let mut login = fedgit(&home, Some(&screen), &["login", "corp"]);
    login.env("XDG_CURRENT_DESKTOP", "GNOME");
    desktop.on(&mut login);
    let login = Running::start(login);
    screen.signs_in(&home);
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    let mut tool = home.command("secret-tool");
    tool.args(["search", "--all", "application", "chromium"]);
    let found = desktop.on(&mut tool).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
    home.fedgit(&["--no-input", "login", "corp"]).exits(0);
    is_gone(&home);
}
