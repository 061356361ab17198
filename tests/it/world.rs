//! A user's surroundings: a home folder, a `fedgit.toml`, an environment without anything of the
//! machine's own, and the test-bed's services. Dropping it searches for leaked secrets.

mod program;
mod watch;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use fedgit_testbed::{Scenario, World};

pub(crate) use program::write_program;
use watch::Watch;

/// A user at a machine that knows the test-bed.
pub(crate) struct Home {
    pub(crate) world: World,
    folder: tempfile::TempDir,
    /// Everything that a program said or was seen with; searched at the end.
    heard: Mutex<Vec<(String, String)>>,
    /// What was said to whoever asked for credentials; searched for the password alone.
    answered: Mutex<Vec<(String, String)>>,
    watch: Watch,
}

/// What a program said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Ends the test where the exit code is another one.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.out, self.err
        );
        self
    }

    /// Ends the test where stderr lacks one of these.
    #[track_caller]
    pub(crate) fn tells(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

impl Home {
    /// The mission's scenario: an AD FS, one role, one repository.
    pub(crate) fn new(scenario: Scenario) -> Self {
        let home = Self::empty(scenario);
        home.write(".config/fedgit/fedgit.toml", home.example());
        home
    }

    /// The same without a `fedgit.toml`.
    pub(crate) fn empty(scenario: Scenario) -> Self {
        let world = World::start(scenario);
        let folder = tempfile::Builder::new()
            .prefix("fedgit-it-")
            .tempdir()
            .unwrap();
        let home = Self {
            watch: Watch::start(folder.path()),
            world,
            folder,
            heard: Mutex::default(),
            answered: Mutex::default(),
        };
        home.write(
            ".gitconfig",
            "[user]\n\tname = Jane\n\temail = jane@example.com\n[init]\n\tdefaultBranch = main\n",
        );
        home
    }

    /// The `fedgit.toml` of the mission, with the test-bed's addresses.
    pub(crate) fn example(&self) -> String {
        format!(
            r#"[idp.corp]
kind = "adfs"
url = "{url}"
username = "{username}"
ca_bundle = "{ca}"

[role.developer]
idp = "corp"
arn = "arn:aws:iam::111122223333:role/ADFS-Production"
profile = "adfs"

[repo.example]
role = "developer"
name = "ExampleCorpRepository"
endpoint = "{endpoint}"
"#,
            url = self.world.adfs_url(),
            username = self.world.username(),
            ca = self.world.ca_file().display(),
            endpoint = self.world.codecommit_url(),
        )
    }

    /// The home folder.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// A file under the home folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file under the home folder.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a program of these lines under the home folder.
    pub(crate) fn program(&self, name: &str, text: impl AsRef<str>) -> PathBuf {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_program(&path, text.as_ref());
        path
    }

    /// Reads a file under the home folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    /// `fedgit ARGS` in the home folder, with nobody to ask.
    pub(crate) fn fedgit(&self, args: &[&str]) -> Said {
        self.run(self.command(env!("CARGO_BIN_EXE_fedgit")).args(args))
    }

    /// The same with the right password in the environment, as a script has it.
    pub(crate) fn fedgit_as_script(&self, args: &[&str]) -> Said {
        let mut command = self.command(env!("CARGO_BIN_EXE_fedgit"));
        self.run(
            command
                .args(args)
                .env("FEDGIT_PASSWORD", self.world.password()),
        )
    }

    /// `git ARGS` in a folder under home, with everything that git is willing to trace.
    pub(crate) fn git(&self, folder: &str, args: &[&str]) -> Said {
        let mut command = self.command("git");
        command.current_dir(self.file(folder)).args(args);
        self.run(self.trace(&mut command))
    }

    /// git's traces go to a file each, in a folder that is searched at the end.
    pub(crate) fn trace<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let traces = self.file("traces");
        fs::create_dir_all(&traces).unwrap();
        command
            .env("GIT_TRACE", traces.join("trace"))
            .env("GIT_TRACE_CURL", traces.join("curl"))
            .env("GIT_TRACE_SETUP", traces.join("setup"))
            .env("GIT_TRACE2_EVENT", traces.join("trace2"))
    }

    /// A program with this home, this machine's programs and nothing else.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let ca = self.world.ca_file();
        command
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", path())
            .env("LANG", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("AWS_ENDPOINT_URL_STS", self.world.sts_url())
            .env("AWS_ENDPOINT_URL_IAM", self.world.iam_url())
            .env("AWS_ENDPOINT_URL_SSO_OIDC", self.world.oidc_url())
            .env("AWS_ENDPOINT_URL_SSO", self.world.portal_url())
            .env("AWS_CA_BUNDLE", ca)
            .env("GIT_SSL_CAINFO", ca)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            // Never the keychain of whoever runs the tests.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env(watch::MARK, self.folder.path())
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs to the end and remembers what was said.
    pub(crate) fn run(&self, command: &mut Command) -> Said {
        let said = self.hear(command);
        let name = format!("{command:?}");
        // What an SDK or git reads from us is the secret, by design.
        if !["credential-process", "git-credential"]
            .iter()
            .any(|data| name.contains(data))
        {
            let place = format!("stdout of {name}");
            self.heard.lock().unwrap().push((place, said.out.clone()));
        }
        said
    }

    /// Runs to the end what was asked for credentials: they may stand on stdout, and in the
    /// environment of what it starts. Nothing else may, and they may stand nowhere else.
    pub(crate) fn run_for_credentials(&self, command: &mut Command) -> Said {
        let (name, value) = watch::GIVEN.split_once('=').unwrap();
        let said = self.hear(command.env(name, value));
        let place = format!("stdout of {command:?}");
        self.answered
            .lock()
            .unwrap()
            .push((place, said.out.clone()));
        said
    }

    /// Remembers what a program said that somebody else ran.
    pub(crate) fn heard_elsewhere(&self, name: &str, said: &Said) {
        let mut heard = self.heard.lock().unwrap();
        if !name.contains("credential-process") {
            heard.push((format!("stdout of {name}"), said.out.clone()));
        }
        heard.push((format!("stderr of {name}"), said.err.clone()));
    }

    fn hear(&self, command: &mut Command) -> Said {
        let name = format!("{command:?}");
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap_or_else(|e| panic!("{name}: {e}"));
        let said = Said {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&stdout).into_owned(),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        };
        let place = format!("stderr of {name}");
        self.heard.lock().unwrap().push((place, said.err.clone()));
        said
    }

    /// Everything that a secret may not be in: what programs said, what they were seen with, and
    /// every file outside the cache.
    fn leaks(&self) -> Vec<String> {
        let secrets = self.world.secrets();
        let mut places: Vec<(String, Vec<u8>)> = self.watch.seen();
        for (place, text) in &*self.answered.lock().unwrap() {
            let password = self.world.password();
            assert!(!text.contains(password), "the password is on {place}");
        }
        let heard = std::mem::take(&mut *self.heard.lock().unwrap());
        places.extend(
            heard
                .into_iter()
                .map(|(place, text)| (place, text.into_bytes())),
        );
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                places.push((
                    "a file's name".into(),
                    path.as_os_str().as_encoded_bytes().to_vec(),
                ));
                // What AWS and the identity provider gave lives there, in the AWS CLI's own cache too; a
                // password nowhere.
                let ours = ["credentials", "sessions"];
                let ours = ours
                    .iter()
                    .any(|name| path.ends_with(Path::new(".cache/fedgit").join(name)));
                let shared = [".aws/sso/cache", ".aws/cli/cache"];
                if ours || shared.iter().any(|shared| path.ends_with(shared)) {
                    if ours {
                        assert_private(&path);
                    }
                    for entry in fs::read_dir(&path).unwrap().flatten() {
                        let bytes = fs::read(entry.path()).unwrap_or_default();
                        let password = self.world.password().as_bytes();
                        assert!(!contains(&bytes, password), "the password is in {entry:?}");
                    }
                } else if path.ends_with(".aws/credentials") || path.ends_with(".aws/keys.json") {
                    // The user's own keys stood there before.
                    let bytes = fs::read(&path).unwrap();
                    assert!(!contains(&bytes, self.world.password().as_bytes()));
                } else if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                } else if let Ok(bytes) = fs::read(&path) {
                    places.push((path.display().to_string(), bytes));
                }
            }
        }
        let mut leaks: Vec<String> = places
            .iter()
            .filter(|(_, bytes)| {
                secrets
                    .iter()
                    .any(|secret| contains(bytes, secret.as_bytes()))
            })
            .map(|(place, _)| place.clone())
            .collect();
        leaks.dedup();
        leaks
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let leaks = self.leaks();
            assert!(leaks.is_empty(), "a secret was found in: {leaks:#?}");
        }
    }
}

/// Folder 0700, files 0600.
#[cfg(unix)]
fn assert_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700, "{}", folder.display());
    for entry in fs::read_dir(folder).unwrap().flatten() {
        assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
    }
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}

/// The programs under test first, then the machine's.
pub(crate) fn path() -> std::ffi::OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_fedgit"))
        .parent()
        .unwrap()
        .to_owned();
    let machine = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&machine))).unwrap()
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty()
        && haystack
            .windows(needle.len())
            .any(|window| window == needle)
}
