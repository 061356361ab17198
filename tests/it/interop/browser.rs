//! `kind = "browser"` with Debian's Chromium, on an X server that nobody sees. A person is played by
//! xdotool, which knows no more than a keyboard and a mouse do.

mod failing;
mod pages;
mod session;
mod simplesamlphp;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fedgit_testbed::{Scenario, Service};

use crate::world::{Home, Said};

/// Any wait of these tests: far over what a busy machine needs.
const LONG: Duration = Duration::from_secs(120);

/// An X server without a screen. It ends with its owner.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn open() -> Self {
        // It does not begin anew whenever its last client goes, as it does otherwise: one that comes in
        // that moment would be sent away, and the keyboard would be the usual one again.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("xvfb is installed");
        let mut number = String::new();
        let out = server.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        // A keyboard with every sign of the password: for one that it lacks, xdotool changes a key's
        // meaning for a moment, which a busy browser looks up too late.
        let keyboard = Command::new("setxkbmap")
            .args(["-display", &display, "de"])
            .status();
        assert!(keyboard.expect("xvfb brings it").success());
        Self { server, display }
    }

    fn xdotool(&self, args: &[&str]) -> Command {
        let mut command = Command::new("xdotool");
        command.args(args).env("DISPLAY", &self.display);
        command
    }

    fn does(&self, args: &[&str]) {
        let done = self.xdotool(args).status().expect("xdotool is installed");
        assert!(done.success(), "xdotool {args:?}");
    }

    /// Types, and leaves no arguments behind for others to read.
    fn types(&self, text: &str) {
        let mut typing = self
            .xdotool(&["type", "--delay", "60", "--file", "-"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = typing.stdin.take().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        drop(stdin);
        assert!(typing.wait().unwrap().success());
    }

    /// The windows that a person sees, by their titles.
    fn windows(&self) -> Vec<String> {
        let found = self
            .xdotool(&[
                "search",
                "--onlyvisible",
                "--name",
                " - Chromium$",
                "getwindowname",
                "%@",
            ])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&found.stdout).into_owned();
        text.lines().map(str::to_owned).collect()
    }

    /// Waits for a window with this in its title.
    #[track_caller]
    fn shows(&self, title: &str) {
        let began = Instant::now();
        while !self.windows().iter().any(|window| window.contains(title)) {
            assert!(
                began.elapsed() < LONG,
                "never a window {title:?} on {}; windows: {:#?}",
                self.display,
                self.all_windows()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Every window that has a name, also those that nobody sees.
    fn all_windows(&self) -> String {
        let args = ["search", "--name", ".", "getwindowname", "%@"];
        let found = self.xdotool(&args).output().unwrap();
        String::from_utf8_lossy(&found.stdout).into_owned()
    }

    /// A click into the page, without which no key reaches it.
    fn clicks_into_page(&self) {
        self.does(&["mousemove", "500", "500", "click", "1"]);
    }

    /// Closes the browser's window; again, as a person would, where a busy machine lost the key.
    fn closes_window(&self, run: &mut Running) {
        for _ in 0..6 {
            self.clicks_into_page();
            self.does(&["key", "ctrl+w"]);
            if run.ends_within(Duration::from_secs(20)) {
                return;
            }
        }
        panic!("the window does not close");
    }

    /// Signs in at the test-bed's AD FS; again, as a person would, where a busy machine lost a key.
    fn signs_in(&self, home: &Home) {
        self.shows("Sign In");
        let before = home.world.ledger().logins();
        for _ in 0..6 {
            if !self.fills_in(home) {
                continue;
            }
            let began = Instant::now();
            while began.elapsed() < Duration::from_secs(20) {
                if home.world.ledger().logins() > before {
                    return;
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        panic!("nobody could sign in");
    }

    /// Whether the keys found their way. Nothing is typed where the cursor is not seen to be: in any other
    /// field, or in the address bar, the browser would keep a password.
    fn fills_in(&self, home: &Home) -> bool {
        self.clicks_into_page();
        for (field, text) in [
            ("UserName", home.world.username()),
            ("Password", home.world.password()),
        ] {
            self.does(&["key", "Tab"]);
            if !self.has_cursor(field) {
                return false;
            }
            self.does(&["key", "ctrl+a"]);
            self.types(text);
        }
        self.does(&["key", "Return"]);
        true
    }

    /// Whether the field of this name has the cursor, now or soon. The test-bed's page says so in its title.
    fn has_cursor(&self, field: &str) -> bool {
        let title = format!("Sign In: {field}");
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) {
            if self.windows().iter().any(|window| window.contains(&title)) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[track_caller]
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LONG, "never: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A home whose identity provider is signed in to by a browser that knows the test-bed alone.
fn home(scenario: Scenario) -> Home {
    let home = Home::empty(scenario);
    let url =
        "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";
    declare(&home, url, "");
    home
}

/// As root Chromium has no sandbox, and the test-bed's authority is none of its own.
fn declare(home: &Home, url: &str, settings: &str) {
    let proxy = home.world.proxy_url();
    let args = format!(
        r#""chromium", "--no-sandbox", "--ignore-certificate-errors", "--proxy-server={proxy}""#
    );
    declare_with(home, url, &args, settings);
}

fn declare_with(home: &Home, url: &str, browser: &str, settings: &str) {
    let mut text = format!("[settings]\nbrowser = [{browser}]\n{settings}\n");
    let _ = write!(
        text,
        r#"
[idp.corp]
kind = "browser"
url = "{url}"

[role.developer]
idp = "corp"
arn = "arn:aws:iam::111122223333:role/ADFS-Production"
profile = "adfs"
"#
    );
    home.write(".config/fedgit/fedgit.toml", text);
}

/// fedgit on this screen.
fn fedgit(home: &Home, screen: Option<&Screen>, args: &[&str]) -> Command {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    // The harness tells git's children to ask nobody.
    command.args(args).env_remove("GIT_TERMINAL_PROMPT");
    if let Some(screen) = screen {
        command.env("DISPLAY", &screen.display);
    }
    command
}

/// A run that goes on while the person does something.
struct Running(Option<Child>);

impl Running {
    fn start(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(Some(command.spawn().unwrap()))
    }

    fn id(&self) -> u32 {
        self.0.as_ref().unwrap().id()
    }

    /// Whether it ends in this time.
    fn ends_within(&mut self, time: Duration) -> bool {
        let began = Instant::now();
        let child = self.0.as_mut().unwrap();
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() > time {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        true
    }

    /// Its exit code, stdout and stderr.
    fn ends(mut self) -> (Option<i32>, String, String) {
        let output = self.0.take().unwrap().wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }

    /// The same; what it said is searched for secrets when the home goes.
    fn ends_at(self, home: &Home) -> (Option<i32>, String, String) {
        let (code, out, err) = self.ends();
        let said = Said {
            code: code.unwrap_or(-1),
            out: out.clone(),
            err: err.clone(),
        };
        // What is handed over on purpose is no leak.
        let name = match out.contains("SecretAccessKey") {
            true => "fedgit credential-process",
            false => "fedgit",
        };
        home.heard_elsewhere(name, &said);
        (code, out, err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let ended = child.try_wait();
            let _ = child.kill();
            // Only a test that fails leaves one: what it said is what one wants to know.
            if let Ok(output) = child.wait_with_output() {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                eprintln!("fedgit ended before: {ended:?}; it said: {said}");
            }
        }
    }
}

/// The process of a browser with a profile of this home: the one that started the others.
fn browser_of(home: &Home) -> Option<u32> {
    let folder = format!("--user-data-dir={}", profiles(home).display());
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse().ok()) else {
            continue;
        };
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments);
        // The others are told their sort.
        if arguments.contains(&folder)
            && !arguments.contains("--type=")
            && !arguments.contains("crashpad")
            && !arguments.contains("/bin/sh")
        {
            return Some(pid);
        }
    }
    None
}

/// Every process that has to do with such a browser.
fn any_of(home: &Home) -> Vec<String> {
    let folder = profiles(home);
    let folder = folder.to_string_lossy();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
        if arguments.contains(&*folder) {
            found.push(arguments);
        }
    }
    found
}

fn profiles(home: &Home) -> PathBuf {
    home.file(".cache/fedgit/browser")
}

/// Makes a profile in which somebody seems to have signed in; `browser_seconds` should be short.
fn signed_in(home: &Home) {
    let screen = Screen::open();
    home.run(&mut fedgit(home, Some(&screen), &["login", "corp"]));
    is_gone(home);
    let login = std::fs::read_dir(profiles(home)).unwrap().next().unwrap();
    let folder = login.unwrap().path();
    std::fs::write(folder.join("signed-in"), "").unwrap();
    let _ = std::fs::remove_file(folder.join("last"));
}

/// That nothing of a browser is left: no process, and no lock on a profile.
#[track_caller]
fn is_gone(home: &Home) {
    wait_for("the browser is gone", || any_of(home).is_empty());
    for login in std::fs::read_dir(profiles(home)).into_iter().flatten() {
        let lock = login.unwrap().path().join("profile/SingletonLock");
        assert!(std::fs::symlink_metadata(&lock).is_err(), "{lock:?}");
    }
}

/// That nothing was sent to AWS's sign-in, nor anybody asked for the way there.
#[track_caller]
fn aws_saw_nothing(home: &Home) {
    let ledger = home.world.ledger();
    assert_eq!(ledger.of(Service::SignIn).count(), 0, "{ledger:#?}");
    let asked = |host: &str| host.contains("signin.aws.amazon.com");
    let through: Vec<_> = ledger
        .of(Service::Proxy)
        .filter(|entry| asked(&entry.host))
        .collect();
    assert!(through.is_empty(), "{through:#?}");
}
