//! A real browser at the sign-in to IAM Identity Center: it follows from our own address to the page,
//! a person presses the button, and our page is what they see at the end.

use fedgit_testbed::Scenario;
use serde_json::Value;

use super::unwatched;
use crate::identity_center::Center;

const CLICK: &str = include_str!("click.py");

/// What Chromium shows after the button was pressed, and how the login ended.
fn sign_in(button: &str, exit: i32) -> Value {
    let center = Center::new(Scenario::adfs());
    let mut login = center.on_desktop(&["login", "cloud"]);
    let child = crate::identity_center::start(&mut login);
    let window = center.window(0);
    let mut python = center.home.command("python3");
    // The browser's address bar, and so its arguments to its own processes, hold the code.
    unwatched(&mut python)
        .args(["-c", CLICK, &window, button])
        .env("HOME", center.desktop());
    let output = python.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    center.end(&login, child).exits(exit);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn chromium_signs_in() {
    let shown = sign_in("allow", 0);
    assert_eq!(shown["title"], "fedgit has its answer - fedgit");
    assert_eq!(shown["language"], "en");
    let text = shown["text"].as_str().unwrap();
    assert!(text.contains("You may close this window"), "{text}");
    let shown = sign_in("deny", 5);
    assert_eq!(shown["title"], "The sign-in was refused - fedgit");
}
