//! Signing in: once in a window, then unseen; one window for everybody; out again.

use super::*;

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_person_signs_in_once_and_nothing_reaches_aws() {
    let home = home(Scenario::adfs());
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    let (code, _, err) = login.ends();
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
    assert_eq!(home.world.ledger().login_attempts(), 1);
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
