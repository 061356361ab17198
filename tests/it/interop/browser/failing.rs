//! Whatever goes wrong is told, and leaves nothing behind.

use super::pages::Site;
use super::*;

const PAGE: &str = "<title>Waiting</title><p>Sign in here";

/// A home whose identity provider shows a page and waits.
fn waiting(settings: &str) -> (Home, Site) {
    let home = Home::empty(Scenario::adfs());
    let site = Site::serve(PAGE.to_owned());
    // A browser asks its maker's hosts about this and that when it starts: not here.
    let browser = r#""chromium", "--no-sandbox", "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1""#;
    let url = format!("http://127.0.0.1:{}/", site.port);
    declare_with(&home, &url, browser, settings);
    (home, site)
}

fn kill(pid: u32, signal: &str) {
    let done = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(done.unwrap().success());
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_window_that_is_closed_is_a_no() {
    let (home, _site) = waiting("");
    let screen = Screen::open();
    let mut run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    screen.closes_window(&mut run);
    let (code, _, err) = run.ends_at(&home);
    assert_eq!(code, Some(130), "{err}");
    assert!(
        err.contains("the browser's window was closed without an answer"),
        "{err}"
    );
    is_gone(&home);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_browser_that_is_killed_is_told() {
    let (home, _site) = waiting("");
    let screen = Screen::open();
    let run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    kill(browser_of(&home).unwrap(), "-KILL");
    let (code, _, err) = run.ends_at(&home);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("the browser ended before anybody had signed in (signal: 9 (SIGKILL))"),
        "{err}"
    );
    is_gone(&home);
}

/// One that fails of its own accord is started once more.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_browser_that_crashes_is_started_once_more() {
    let (home, _site) = waiting("");
    let screen = Screen::open();
    let crashes = || {
        let first = browser_of(&home).unwrap();
        kill(first, "-SEGV");
        wait_for("it is gone", || browser_of(&home) != Some(first));
    };
    let mut run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    crashes();
    wait_for("another comes", || browser_of(&home).is_some());
    screen.shows("Waiting");
    screen.closes_window(&mut run);
    let (code, _, err) = run.ends_at(&home);
    assert_eq!(code, Some(130), "{err}");
    let again = "the browser failed (signal: 11 (SIGSEGV)); it is started once more";
    assert!(err.contains(again), "{err}");
    is_gone(&home);

    // Not twice.
    let run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    crashes();
    wait_for("another comes", || browser_of(&home).is_some());
    screen.shows("Waiting");
    crashes();
    let (code, _, err) = run.ends_at(&home);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("the browser ended before anybody had signed in (signal: 11 (SIGSEGV)"),
        "{err}"
    );
    assert_eq!(err.matches("started once more").count(), 1, "{err}");
    is_gone(&home);
    // What was in its memory is nowhere.
    let dumps = home.run(home.command("find").args([".", "-name", "*.dmp"]));
    assert_eq!(dumps.exits(0).out, "");
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn the_browser_goes_with_fedgit_however_that_ends() {
    for (signal, expected) in [
        ("-INT", Some(130)),
        ("-TERM", None),
        ("-HUP", None),
        ("-KILL", None),
    ] {
        let (home, _site) = waiting("");
        let screen = Screen::open();
        let mut command = home.command("env");
        command
            .arg("--default-signal=HUP,INT,QUIT,TERM")
            .arg(env!("CARGO_BIN_EXE_fedgit"))
            .args(["login", "corp"])
            .env("DISPLAY", &screen.display);
        let run = Running::start(command);
        screen.shows("Waiting");
        kill(run.id(), signal);
        let (code, _, err) = run.ends_at(&home);
        assert_eq!(code, expected, "{signal}: {err}");
        wait_for("the browser is gone", || any_of(&home).is_empty());
        // The next login is none the worse for it.
        let mut again = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
        screen.shows("Waiting");
        screen.closes_window(&mut again);
        assert_eq!(again.ends_at(&home).0, Some(130), "{signal}");
        is_gone(&home);
    }
}

/// Where nothing is to be kept, nothing is, however the login ends.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_signal_leaves_no_profile_where_none_is_kept() {
    for (signal, expected) in [("-INT", Some(130)), ("-TERM", None), ("-HUP", None)] {
        let (home, _site) = waiting("store = \"none\"");
        let screen = Screen::open();
        let mut command = home.command("env");
        command
            .arg("--default-signal=HUP,INT,QUIT,TERM")
            .arg(env!("CARGO_BIN_EXE_fedgit"))
            .args(["login", "corp"])
            .env("DISPLAY", &screen.display);
        let run = Running::start(command);
        screen.shows("Waiting");
        assert_eq!(std::fs::read_dir(profiles(&home)).unwrap().count(), 1);
        kill(run.id(), signal);
        let (code, _, err) = run.ends_at(&home);
        assert_eq!(code, expected, "{signal}: {err}");
        wait_for("the browser is gone", || any_of(&home).is_empty());
        assert_eq!(std::fs::read_dir(profiles(&home)).unwrap().count(), 0);
    }
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn nobody_signs_in_in_time() {
    let (home, _site) = waiting("browser_seconds = 5");
    let screen = Screen::open();
    let said = home.run(&mut fedgit(&home, Some(&screen), &["login", "corp"]));
    said.exits(1)
        .tells(&["nobody signed in in the browser within 5 seconds"]);
    is_gone(&home);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_browser_that_cannot_be_used_is_told() {
    let (home, site) = waiting("");
    let screen = Screen::open();
    let url = format!("http://127.0.0.1:{}/", site.port);
    let told = |browser: &str, told: &[&str]| {
        declare_with(&home, &url, browser, "");
        let said = home.run(&mut fedgit(&home, Some(&screen), &["login", "corp"]));
        said.exits(1).tells(told);
    };
    told(
        r#""no-such-browser""#,
        &[
            "no browser \"no-such-browser\"",
            "install one",
            "fedgit login corp --paste",
        ],
    );
    // What Chromium itself says to root.
    told(r#""chromium""#, &["ended at once", "no-sandbox"]);
    told(r#""false""#, &["false ended at once (exit status: 1)"]);
    // None at all.
    home.write(
        ".config/fedgit/fedgit.toml",
        home.read(".config/fedgit/fedgit.toml")
            .replace("browser = [\"false\"]\n", ""),
    );
    let mut command = fedgit(&home, Some(&screen), &["login", "corp"]);
    home.run(command.env("PATH", "/nonexistent"))
        .exits(1)
        .tells(&["no browser of the Chromium family (Chrome, Edge, Chromium, Brave)"]);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_display_that_is_there_no_more_is_none() {
    let (home, _site) = waiting("");
    let mut login = fedgit(&home, None, &["login", "corp"]);
    let said = home.run(login.env("DISPLAY", ":7353"));
    said.exits(4)
        .tells(&["there is no display here", "fedgit login corp --paste"]);
    is_gone(&home);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn no_browser_is_none() {
    let (home, site) = waiting("");
    let screen = Screen::open();
    home.run(&mut fedgit(
        &home,
        Some(&screen),
        &["login", "corp", "--no-browser"],
    ))
    .exits(4)
    .tells(&["--no-browser opens none", "fedgit login corp --paste"]);
    assert!(!profiles(&home).exists());
    drop(site);
}

/// No window is opened for what a person cannot mend, nor is the session given up.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn an_identity_provider_out_of_reach_needs_no_person() {
    let home = Home::empty(Scenario::adfs());
    declare(&home, "https://nowhere.example/", "browser_seconds = 5");
    signed_in(&home);
    let screen = Screen::open();
    for _ in 0..2 {
        let said = home.run(&mut fedgit(&home, Some(&screen), &["login", "corp"]));
        let said = said.exits(1);
        let said = said.tells(&["the browser cannot reach https://nowhere.example: net::ERR_"]);
        assert!(!said.err.contains("window"), "{}", said.err);
    }
    is_gone(&home);
}

/// Whoever closed the window is not shown another one by the next program that asks.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_window_that_was_closed_does_not_come_again_unasked() {
    let (home, _site) = waiting("");
    let screen = Screen::open();
    let get = ["credential-process", "--profile", "adfs"];
    let mut run = Running::start(fedgit(&home, Some(&screen), &get));
    screen.shows("Waiting");
    screen.closes_window(&mut run);
    assert_eq!(run.ends_at(&home).0, Some(130));
    let said = home.run(&mut fedgit(&home, Some(&screen), &get));
    said.exits(4)
        .tells(&["no window is opened", "fedgit login corp"]);
    // A person's own word is another thing.
    let mut run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    screen.closes_window(&mut run);
    assert_eq!(run.ends_at(&home).0, Some(130));
    is_gone(&home);
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_profile_that_is_in_use_is_told() {
    let (home, _site) = waiting("");
    let screen = Screen::open();
    let first = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    // Somebody starts a browser with this profile by hand; fedgit's own ends.
    let login = std::fs::read_dir(profiles(&home)).unwrap().next().unwrap();
    let profile = login.unwrap().path().join("profile");
    kill(first.id(), "-KILL");
    first.ends_at(&home);
    is_gone(&home);
    let mut other = home.command("chromium");
    other
        .args(["--no-sandbox", "--no-first-run", "--no-proxy-server"])
        .arg("--disable-dev-shm-usage")
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("http://127.0.0.1:{}/", _site.port))
        .env("DISPLAY", &screen.display)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut other = other.spawn().unwrap();
    screen.shows("Waiting");
    let said = home.run(&mut fedgit(&home, Some(&screen), &["login", "corp"]));
    let pid = other.id().to_string();
    said.exits(1)
        .tells(&["is in use by process", &pid, "close that browser"]);
    other.kill().unwrap();
    other.wait().unwrap();
    wait_for("the browser is gone", || any_of(&home).is_empty());
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn no_port_listens() {
    let (home, _site) = waiting("");
    let screen = Screen::open();
    let mut run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.shows("Waiting");
    let sockets = Command::new("ss")
        .arg("-ltnp")
        .output()
        .expect("iproute2 is installed");
    let sockets = String::from_utf8_lossy(&sockets.stdout).into_owned();
    assert!(sockets.contains("LISTEN"), "{sockets}");
    let of = |pid: u32| {
        sockets
            .lines()
            .any(|line| line.contains(&format!("pid={pid},")))
    };
    assert!(!sockets.contains("chromium") && !of(run.id()), "{sockets}");
    screen.closes_window(&mut run);
    run.ends_at(&home);
    is_gone(&home);
}
