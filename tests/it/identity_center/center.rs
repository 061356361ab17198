//! A home with profiles of IAM Identity Center, and a browser on its desktop.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use fedgit_testbed::{Scenario, Seen, Service};
use serde_json::Value;

use crate::world::{Home, Said, path, write_program};

/// Long for a program on a busy machine.
const LIMIT: Duration = Duration::from_secs(90);

/// What opens addresses: it only notes them down, one a line.
const OPENER: &str = r#"#!/bin/sh
printf '%s\n' "$1" >> "$FEDGIT_IT_OPENED"
"#;

pub(crate) struct Center {
    pub(crate) home: Home,
    /// Outside of home, so that what stands in it is no leak.
    desktop: tempfile::TempDir,
}

impl Center {
    /// Two accounts, two permission sets each, a role on top and a repository.
    pub(crate) fn new(scenario: Scenario) -> Self {
        let home = Home::empty(scenario);
        let text = format!(
            r#"[idp.cloud]
kind = "identity-center"
start_url = "{start}"
region = "{region}"

[account.prod]
id = "111122223333"
[account.staging]
id = "444455556666"

[role.admin]
idp = "cloud"
accounts = ["prod", "staging"]
permission_set = "AdministratorAccess"
region = "us-east-1"

[role.reader]
idp = "cloud"
account = "prod"
permission_set = "ReadOnly"
region = "us-east-1"

[role.deployer]
source = "reader"
arn = "arn:aws:iam::444455556666:role/Deploy"
region = "us-east-1"

[repo.example]
role = "reader"
name = "ExampleCorpRepository"
endpoint = "{codecommit}"
"#,
            start = home.world.start_url(),
            region = home.world.center_region(),
            codecommit = home.world.codecommit_url(),
        );
        home.write(".config/fedgit/fedgit.toml", text);
        let desktop = tempfile::tempdir().unwrap();
        write_program(&desktop.path().join("xdg-open"), OPENER);
        Self { home, desktop }
    }

    /// `fedgit ARGS` where nobody sees a browser, and nobody is at a terminal.
    pub(crate) fn fedgit(&self, args: &[&str]) -> Command {
        let mut command = self.home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(args);
        command
    }

    /// The same on a desktop with a browser.
    pub(crate) fn on_desktop(&self, args: &[&str]) -> Command {
        let mut command = self.fedgit(args);
        command
            .env("DISPLAY", ":99")
            .env_remove("GIT_TERMINAL_PROMPT")
            .env("PATH", self.path())
            .env("FEDGIT_IT_OPENED", self.opened_file());
        command
    }

    fn path(&self) -> OsString {
        let rest = path();
        let folders = std::iter::once(self.desktop.path().to_owned());
        std::env::join_paths(folders.chain(std::env::split_paths(&rest))).unwrap()
    }

    /// A folder of the desktop's own.
    pub(crate) fn desktop(&self) -> &std::path::Path {
        self.desktop.path()
    }

    fn opened_file(&self) -> PathBuf {
        self.desktop.path().join("opened")
    }

    /// The windows that were opened so far.
    pub(crate) fn windows(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.opened_file()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The next window, once it is open.
    pub(crate) fn window(&self, number: usize) -> String {
        self.until("a browser opens", || self.windows().len() > number);
        self.windows().swap_remove(number)
    }

    /// Starts it, and has a person press the button in the window that opens.
    pub(crate) fn by_browser(&self, command: &mut Command, button: &str) -> (Said, Vec<Seen>) {
        let before = self.windows().len();
        let child = start(command);
        let window = self.window(before);
        let pages = self.home.world.browse(&window, button);
        (self.end(command, child), pages)
    }

    /// Starts it, and has a person type the code that it shows.
    pub(crate) fn by_code(&self, command: &mut Command) -> Said {
        let child = start(command);
        let code = self.user_code();
        let pages = format!("{}/device?user_code={code}", self.home.world.oidc_url());
        let seen = self.home.world.browse(&pages, "allow");
        assert!(seen.last().unwrap().body.contains("Request approved"));
        self.end(command, child)
    }

    /// The code that some device waits with.
    pub(crate) fn user_code(&self) -> String {
        let codes = || self.home.world.user_codes();
        self.until("a device asks for a code", || !codes().is_empty());
        codes().pop().unwrap()
    }

    /// Starts it with stderr in a file under the home folder, which can be read meanwhile.
    pub(crate) fn start_telling(&self, command: &mut Command, name: &str) -> Child {
        let file = self.home.file(name);
        let file = File::options().create(true).append(true).open(file);
        command
            .stdout(Stdio::piped())
            .stderr(file.unwrap())
            .spawn()
            .unwrap()
    }

    /// Waits until this is said there.
    pub(crate) fn until_told(&self, name: &str, part: &str) {
        self.until(part, || self.home.read(name).contains(part));
    }

    pub(crate) fn until(&self, what: &str, mut done: impl FnMut() -> bool) {
        let end = Instant::now() + LIMIT;
        while !done() {
            assert!(Instant::now() < end, "waited in vain: {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What a program said that was started before; searched for secrets at the end.
    pub(crate) fn end(&self, command: &Command, child: Child) -> Said {
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().unwrap();
        let said = Said {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&stdout).into_owned(),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        };
        self.home.heard_elsewhere(&format!("{command:?}"), &said);
        said
    }

    /// Signs in by the browser.
    pub(crate) fn signed_in(scenario: Scenario) -> Self {
        let center = Self::new(scenario);
        let (said, _) = center.by_browser(&mut center.on_desktop(&["login", "cloud"]), "allow");
        said.exits(0);
        center
    }

    /// A profile's credentials, as an SDK gets them.
    pub(crate) fn credentials(&self, profile: &str) -> Said {
        self.home
            .fedgit(&["credential-process", "--profile", profile])
    }

    /// A profile of the user's own, by the session that an SDK finds: `mine`.
    pub(crate) fn writes_own_profile(&self) {
        let world = &self.home.world;
        self.home.write(
            ".aws/config",
            format!(
                "[sso-session cloud]\nsso_start_url = {}\nsso_region = {}\n[profile mine]\n\
                 sso_session = cloud\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\n\
                 region = us-east-1\n",
                world.start_url(),
                world.center_region()
            ),
        );
    }

    /// Forgets role credentials, and keeps the session.
    pub(crate) fn forget_credentials(&self) {
        let _ = std::fs::remove_dir_all(self.home.file(".cache/fedgit/credentials"));
    }

    /// The file of `~/.aws/sso/cache` that holds the session's token.
    pub(crate) fn token_file(&self) -> PathBuf {
        // printf cloud | sha1sum
        let name = "000e793db70c59309fa6f0f36d0046d110f3be3c.json";
        self.home.file(&format!(".aws/sso/cache/{name}"))
    }

    pub(crate) fn token(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.token_file()).unwrap()).unwrap()
    }

    pub(crate) fn sign_ins(&self) -> usize {
        self.home.world.ledger().logins()
    }

    /// How often a service did or refused this.
    pub(crate) fn noted(&self, service: Service, note: &str) -> usize {
        let ledger = self.home.world.ledger();
        ledger
            .of(service)
            .filter(|entry| entry.note.contains(note))
            .count()
    }
}

pub(crate) fn start(command: &mut Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
