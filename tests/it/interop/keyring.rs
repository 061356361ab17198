//! `store = "keyring"` and saved passwords, with gnome-keyring on a session bus of the test's own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fedgit_testbed::Scenario;

use crate::prompt::at_terminal;
use crate::world::{Home, Said};

const PROFILE: [&str; 3] = ["credential-process", "--profile", "adfs"];

/// From the Debian packages dbus-daemon, dbus-bin, gnome-keyring and libsecret-tools.
const PROGRAMS: [&str; 4] = [
    "dbus-run-session",
    "dbus-send",
    "gnome-keyring-daemon",
    "secret-tool",
];

/// A session bus with a Secret Service; ended when dropped.
pub(super) struct Desktop {
    bus: Child,
    address: String,
}

/// Whether the keyring is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Login {
    /// The user logged in, which opened it.
    Unlocked,
    /// Somebody else did: it is locked, and no dialogue can be shown.
    Locked,
}

impl Desktop {
    pub(super) fn start(home: &Home, login: Login) -> Self {
        for program in PROGRAMS {
            let found = std::env::split_paths(&crate::world::path())
                .any(|folder| folder.join(program).exists());
            assert!(
                found,
                "{program} is not on PATH: .ci/run installs {PROGRAMS:?} and runs this"
            );
        }
        // Looked for without waking it: a second one would be started.
        let is_open = "dbus-send --session --print-reply --dest=org.freedesktop.secrets \
             /org/freedesktop/secrets/collection/login org.freedesktop.DBus.Properties.Get \
             string:org.freedesktop.Secret.Collection string:Locked";
        let has_owner = "dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
             org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets";
        let (unlock, state) = match login {
            Login::Unlocked => ("--unlock", "false"),
            Login::Locked => ("", "true"),
        };
        // The bus ends with the script, the script with its stdin, and the keyring with both.
        let script = format!(
            "printf %s login |
             gnome-keyring-daemon --foreground {unlock} --components=secrets >/dev/null 2>&1 &
             until {has_owner} | grep -q true; do sleep 0.1; done
             until {is_open} | grep -q {state}; do sleep 0.1; done
             echo \"$DBUS_SESSION_BUS_ADDRESS\"; cat; kill $!"
        );
        let mut bus = home
            .command("dbus-run-session")
            .args(["--", "sh", "-c", &script])
            .env("XDG_RUNTIME_DIR", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut lines = BufReader::new(bus.stdout.as_mut().unwrap());
        lines.read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        assert!(address.starts_with("unix:"), "{address}");
        Self { bus, address }
    }

    pub(super) fn on<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }

    fn fedgit(&self, home: &Home, args: &[&str]) -> Said {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        home.run(self.on(command.args(args)))
    }

    fn fedgit_as_script(&self, home: &Home, args: &[&str]) -> Said {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.env("FEDGIT_PASSWORD", home.world.password());
        home.run(self.on(command.args(args)))
    }

    /// Types the password into `fedgit login --save-password`.
    fn save(&self, home: &Home) {
        let line = format!(
            "export DBUS_SESSION_BUS_ADDRESS='{}'; {} login corp --save-password; echo \"code $?\"",
            self.address,
            env!("CARGO_BIN_EXE_fedgit")
        );
        let mut person = at_terminal(home, &line);
        person.exp_string("password of username@domain").unwrap();
        person.send_line(home.world.password()).unwrap();
        let said = person.exp_string("code 0").unwrap();
        // It is what was asked for, and no warning.
        assert!(said.contains("\nsaved the password of username@domain for corp"));
    }

    /// The secrets of a sort, as libsecret sees them. Not among what the home heard: they are secrets.
    fn items(&self, home: &Home, sort: &str) -> String {
        let service = format!("fedgit {sort}");
        let mut tool = home.command("secret-tool");
        tool.args(["search", "--all", "service", &service]);
        let output = self.on(&mut tool).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn count(&self, home: &Home, sort: &str) -> usize {
        self.items(home, sort).matches("secret = ").count()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        drop(self.bus.stdin.take());
        let _ = self.bus.wait();
    }
}

fn with_store(store: &str) -> Home {
    let home = Home::empty(Scenario::adfs());
    let text = format!("[settings]\nstore = \"{store}\"\n\n{}", home.example());
    home.write(".config/fedgit/fedgit.toml", text);
    home
}

/// The files of a folder in fedgit's cache.
fn kept(home: &Home, folder: &str) -> usize {
    let folder = home.file(".cache/fedgit").join(folder);
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn nothing_is_on_disk(home: &Home) {
    for folder in ["credentials", "sessions", "pointers"] {
        assert_eq!(kept(home, folder), 0, "{folder}");
    }
    let bytes = |path: &Path| std::fs::read(path).unwrap_or_default();
    let keyring = bytes(&home.file(".local/share/keyrings/login.keyring"));
    assert!(!keyring.is_empty(), "gnome-keyring keeps its own file");
}

#[test]
#[ignore = "needs gnome-keyring and a session bus: .ci/run installs them and runs this"]
fn credentials_and_sessions_live_in_the_keyring() {
    let home = with_store("keyring");
    let desktop = Desktop::start(&home, Login::Unlocked);
    let first = desktop.fedgit_as_script(&home, &PROFILE).exits(0);
    assert_eq!(first.err, "");
    nothing_is_on_disk(&home);
    assert_eq!(desktop.count(&home, "credentials"), 1);
    assert_eq!(desktop.count(&home, "sessions"), 1);
    let items = desktop.items(&home, "credentials");
    assert!(
        items.contains("label = fedgit: credentials of arn:aws:iam::111122223333:role/"),
        "{items}"
    );

    // The next process has nobody to ask, and needs nobody.
    let requests = home.world.ledger().entries().len();
    let second = desktop.fedgit(&home, &PROFILE).exits(0);
    assert_eq!(second.out, first.out);
    assert_eq!(home.world.ledger().entries().len(), requests);
    let status = desktop.fedgit(&home, &["status"]).exits(0).out;
    assert!(status.contains("fresh"), "{status}");

    let said = desktop.fedgit(&home, &["logout", "corp"]).exits(0);
    said.tells(&["adfs: forgotten"]);
    assert_eq!(desktop.count(&home, "credentials"), 0);
    assert_eq!(desktop.count(&home, "sessions"), 0);
    desktop.fedgit(&home, &PROFILE).exits(4);

    // And all of them at once, also where no configuration can be read any more, or the cache folder
    // with the marks is gone.
    desktop.fedgit_as_script(&home, &["login"]).exits(0);
    let config = home.read(".config/fedgit/fedgit.toml");
    home.write(".config/fedgit/fedgit.toml", "[");
    let said = desktop.fedgit(&home, &["logout"]).exits(0);
    said.tells(&["forgot 1 cached login"]);
    assert_eq!(desktop.count(&home, "sessions"), 0);
    home.write(".config/fedgit/fedgit.toml", config);
    desktop.fedgit_as_script(&home, &["login"]).exits(0);
    std::fs::remove_dir_all(home.file(".cache/fedgit")).unwrap();
    desktop.fedgit(&home, &["logout"]).exits(0);
    assert_eq!(desktop.count(&home, "credentials"), 0);
    assert_eq!(desktop.count(&home, "sessions"), 0);
}

#[test]
#[ignore = "needs gnome-keyring and a session bus: .ci/run installs them and runs this"]
fn ten_cold_processes_make_one_login() {
    let home = with_store("keyring");
    let desktop = Desktop::start(&home, Login::Unlocked);
    let gate = home.world.hold_logins();
    let start = || {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(PROFILE)
            .env("FEDGIT_PASSWORD", home.world.password());
        let pipes = desktop.on(&mut command).stdout(Stdio::piped());
        pipes.stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<Child> = (0..10).map(|_| start()).collect();
    assert!(gate.wait_for(1, std::time::Duration::from_secs(20)));
    gate.release();
    let mut answers: Vec<Vec<u8>> = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{said}");
            output.stdout
        })
        .collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "all got the same credentials");
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
#[ignore = "needs gnome-keyring and a session bus: .ci/run installs them and runs this"]
fn a_change_of_store_leaves_nothing_behind() {
    let home = with_store("file");
    let desktop = Desktop::start(&home, Login::Unlocked);
    let config = home.read(".config/fedgit/fedgit.toml");
    let change = |to: &str| {
        let text = config.replace("\"file\"", &format!("{to:?}"));
        home.write(".config/fedgit/fedgit.toml", text);
        desktop.fedgit_as_script(&home, &["login"]).exits(0);
        let in_files = (kept(&home, "credentials"), kept(&home, "sessions"));
        let in_keyring = (
            desktop.count(&home, "credentials"),
            desktop.count(&home, "sessions"),
        );
        (in_files, in_keyring)
    };
    assert_eq!(change("file"), ((1, 1), (0, 0)));
    assert_eq!(change("keyring"), ((0, 0), (1, 1)));
    assert_eq!(change("none"), ((0, 0), (0, 0)));
    assert_eq!(change("keyring"), ((0, 0), (1, 1)));
    assert_eq!(change("file"), ((1, 1), (0, 0)));
}

#[test]
#[ignore = "needs gnome-keyring and a session bus: .ci/run installs them and runs this"]
fn a_saved_password_goes_where_it_was_typed_for_and_nowhere_else() {
    // Whatever the store, a password is in the keyring.
    let home = with_store("file");
    let desktop = Desktop::start(&home, Login::Unlocked);
    desktop.save(&home);
    assert_eq!(desktop.count(&home, "passwords"), 1);
    let said = desktop.fedgit(&home, &["logout"]).exits(0);
    said.tells(&["password of username@domain", "fedgit logout --password"]);
    desktop.fedgit(&home, &PROFILE).exits(0);
    assert_eq!(home.world.ledger().logins(), 2);
    // The environment comes first, and is not made up for.
    desktop.fedgit(&home, &["logout"]).exits(0);
    let mut wrong = home.command(env!("CARGO_BIN_EXE_fedgit"));
    wrong
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", "WRONG");
    home.run(desktop.on(&mut wrong)).exits(5);
    assert_eq!(home.world.ledger().login_attempts(), 3);

    // The same page by another name is another origin, and so is another user.
    let config = home.read(".config/fedgit/fedgit.toml");
    for other in [
        config.replace("https://127.0.0.1:", "https://localhost:"),
        config.replace("\"username@domain\"", "\"other@domain\""),
    ] {
        assert_ne!(other, config);
        home.write(".config/fedgit/fedgit.toml", other);
        let said = desktop.fedgit(&home, &["login", "corp"]).exits(4);
        said.tells(&["nobody is there to be asked for password of"]);
    }
    assert_eq!(home.world.ledger().login_attempts(), 3);

    home.write(".config/fedgit/fedgit.toml", &config);
    let said = desktop
        .fedgit(&home, &["logout", "adfs", "--password"])
        .exits(0);
    said.tells(&["password of username@domain at https://127.0.0.1:"]);
    assert_eq!(desktop.count(&home, "passwords"), 0);
    desktop.fedgit(&home, &["login", "corp"]).exits(4);
}

#[test]
#[ignore = "needs gnome-keyring and a session bus: .ci/run installs them and runs this"]
fn a_refused_saved_password_is_forgotten_and_the_person_asked() {
    let home = with_store("keyring");
    let desktop = Desktop::start(&home, Login::Unlocked);
    let old_one = || {
        desktop.save(&home);
        desktop.fedgit(&home, &["logout"]).exits(0);
        // Somebody changed the password since.
        let key = std::fs::read_dir(home.file(".cache/fedgit/keyring/passwords"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .next()
            .unwrap();
        let of_it = ["service", "fedgit passwords", "username", &key];
        let mut clear = home.command("secret-tool");
        let status = desktop.on(clear.arg("clear").args(of_it)).status().unwrap();
        assert!(status.success());
        let (scheme, rest) = home
            .world
            .adfs_url()
            .split_once("://")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let host = rest.split('/').next().unwrap();
        let stored = format!(
            "{{\"version\":1,\"origin\":\"{scheme}://{host}\",\"username\":\"username@domain\",\
             \"password\":\"OLD\"}}"
        );
        let mut store = home.command("secret-tool");
        store.args(["store", "--label", "changed"]).args(of_it);
        let mut child = desktop
            .on(&mut store)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(stored.as_bytes()).unwrap();
        drop(stdin);
        assert!(child.wait().unwrap().success());
    };
    old_one();
    let attempts = home.world.ledger().login_attempts();
    let refused = "refused the saved password of username@domain, so it is forgotten";
    let said = desktop
        .fedgit(&home, &["login", "corp", "--no-input"])
        .exits(5);
    said.tells(&[refused, "Incorrect user ID or password"]);
    assert_eq!(home.world.ledger().login_attempts(), attempts + 1);
    assert_eq!(desktop.count(&home, "passwords"), 0);
    let said = desktop.fedgit(&home, &PROFILE).exits(4);
    said.tells(&["nobody is there"]);

    old_one();
    let line = format!(
        "export DBUS_SESSION_BUS_ADDRESS='{}'; {} login corp; echo \"code $?\"",
        desktop.address,
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = at_terminal(&home, &line);
    person.exp_string(refused).unwrap();
    person.exp_string("password of username@domain").unwrap();
    person.send_line(home.world.password()).unwrap();
    person.exp_string("code 0").unwrap();
    assert_eq!(desktop.count(&home, "passwords"), 0, "not saved unasked");
}

#[test]
#[ignore = "needs gnome-keyring and a session bus: .ci/run installs them and runs this"]
fn a_locked_keyring_keeps_nothing_and_withholds_nothing() {
    let home = with_store("keyring");
    let desktop = Desktop::start(&home, Login::Unlocked);
    desktop.fedgit_as_script(&home, &["login"]).exits(0);
    drop(desktop);
    let desktop = Desktop::start(&home, Login::Locked);
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command.env("FEDGIT_PASSWORD", home.world.password());
    command.args(PROFILE).arg("--no-input");
    let said = home.run(desktop.on(&mut command)).exits(0);
    assert!(said.out.contains("SessionToken"));
    assert_eq!(
        said.err.matches("warning:").count(),
        1,
        "told once: {}",
        said.err
    );
    said.tells(&["so nothing is kept there; unlock the keyring and try again"]);
    nothing_is_on_disk(&home);
}
