//! The AWS CLI in a pane of tmux: what the person sees there, and what their keys do.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fedgit_testbed::Scenario;

use super::{IDENTITY, Peers};
use crate::world::Home;

/// A session with one pane; it ends with its owner.
pub(super) struct Pane<'a> {
    home: &'a Home,
}

impl<'a> Pane<'a> {
    pub(super) fn open(home: &'a Home) -> Self {
        Self::open_of(home, "160", "50")
    }

    fn open_of(home: &'a Home, width: &str, height: &str) -> Self {
        let pane = Self { home };
        let mut command = pane.tmux(&["new-session", "-d", "-x", width, "-y", height, "sh"]);
        command
            .env_remove("GIT_TERMINAL_PROMPT")
            .env("TERM", "screen")
            .env("PS1", "$ ");
        home.run(&mut command).exits(0);
        pane
    }

    fn tmux(&self, args: &[&str]) -> Command {
        let mut command = self.home.command("tmux");
        command
            .arg("-u")
            .arg("-S")
            .arg(self.home.file("tmux"))
            .args(["-f", "/dev/null"])
            .args(args);
        command
    }

    /// Types a line; not by arguments, which everybody on the machine can read.
    pub(super) fn line(&self, text: &str) {
        let mut load = self.tmux(&["load-buffer", "-"]);
        let mut load = load.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = load.stdin.take().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        drop(stdin);
        assert!(load.wait().unwrap().success());
        self.home
            .run(&mut self.tmux(&["paste-buffer", "-d"]))
            .exits(0);
        self.key("Enter");
    }

    fn key(&self, key: &str) {
        self.home.run(&mut self.tmux(&["send-keys", key])).exits(0);
    }

    /// Waits until this is on the screen; the whole screen.
    pub(super) fn shows(&self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let screen = self.home.run(&mut self.tmux(&["capture-pane", "-p"])).out;
            if screen.contains(text) {
                return screen;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Pane<'_> {
    fn drop(&mut self) {
        let _ = self.tmux(&["kill-server"]).output();
        let _ = std::fs::remove_file(self.home.file("tmux"));
    }
}

/// A code for another device fits the usual terminal, with what is to be typed below it.
#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn a_device_code_in_tmux() {
    let center = crate::identity_center::Center::new(Scenario::adfs());
    let pane = Pane::open_of(&center.home, "80", "24");
    pane.line(&format!(
        "{} login cloud --device-code; echo o\"\"ver",
        env!("CARGO_BIN_EXE_fedgit")
    ));
    let screen = pane.shows("the code is good for 10 minutes");
    let code = center.user_code();
    assert!(
        screen.contains(&format!("enter the code {code}")),
        "{screen}"
    );
    let lines = screen
        .lines()
        .filter(|line| line.contains('▀') || line.contains('█'));
    assert!(lines.count() >= 14, "{screen}");
    assert!(center.home.world.allow_device(&code));
    let screen = pane.shows("over");
    assert!(screen.contains("reader: credentials until"), "{screen}");
}

#[test]
#[ignore = "needs the AWS CLI, boto3, git-remote-codecommit and moto: .ci/run installs them and runs these"]
fn a_cold_call_in_tmux() {
    let peers = Peers::find();
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["apply"]).exits(0);
    let pane = Pane::open(&home);
    let call = format!(
        "stty -a >before; {} sts get-caller-identity --profile adfs --output json; \
         stty -a >after; echo o\"\"ver",
        peers.bin.join("aws").display()
    );
    let settings = || (home.read("before"), home.read("after"));

    pane.line(&format!("trap : INT; {call}"));
    pane.shows("password of username@domain for corp");
    pane.key("C-c");
    pane.shows("over");
    let (before, after) = settings();
    assert_eq!(before, after);
    assert!(before.contains(" echo "), "{before}");
    assert_eq!(home.world.ledger().login_attempts(), 0);
    drop(pane);

    let pane = Pane::open(&home);
    pane.line(&call);
    pane.shows("password of username@domain for corp");
    pane.line(home.world.password());
    let screen = pane.shows("over");
    assert!(screen.contains(IDENTITY), "{screen}");
    assert!(!screen.contains(home.world.password()), "{screen}");
    let (before, after) = settings();
    assert_eq!(before, after);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}
