//! Real git against the bed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use base64::Engine as _;
use fedgit_testbed::{Scenario, Service, World};
use tempfile::TempDir;

use crate::client::{Client, Credentials, assume, git_password};

const REGION: &str = "eu-west-1";
const NAME: &str = "ExampleCorpRepository";

struct Desk {
    world: World,
    client: Client,
    folder: TempDir,
}

impl Desk {
    fn new(scenario: Scenario) -> Desk {
        let world = World::start(scenario);
        world.add_repository(REGION, NAME);
        let client = Client::of(&world);
        Desk {
            world,
            client,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("{}/v1/repos/{name}", self.world.codecommit_url())
    }

    fn git(&self, folder: &Path, args: &[&str]) -> Output {
        git(&self.world, self.folder.path(), folder, args)
            .output()
            .expect("git")
    }

    /// A credential helper that always says the same.
    fn helper(&self, user: &str, password: &str) -> String {
        let path = self.path("helper.sh");
        let answer = format!("username={user}\npassword={password}\n");
        let script = format!("#!/bin/sh\nif [ \"$1\" = get ]; then cat <<'END'\n{answer}END\nfi\n");
        fs::write(&path, script).expect("written");
        format!("credential.helper=!sh '{}'", path.display())
    }

    fn get(&self, name: &str, user: &str, password: &str) -> u16 {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let url = format!("{}/info/refs?service=git-upload-pack", self.url(name));
        self.client
            .get(&url, &[("Authorization", &format!("Basic {basic}"))])
            .status
    }

    fn last_note(&self) -> String {
        let ledger = self.world.ledger();
        ledger
            .of(Service::CodeCommit)
            .last()
            .map(|entry| entry.note.clone())
            .expect("an entry")
    }
}

pub(crate) fn git(world: &World, home: &Path, folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("a PATH"))
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_SSL_CAINFO", world.ca_file())
        .env("GIT_AUTHOR_NAME", "Jane")
        .env("GIT_AUTHOR_EMAIL", "jane@example.com")
        .env("GIT_COMMITTER_NAME", "Jane")
        .env("GIT_COMMITTER_EMAIL", "jane@example.com")
        .current_dir(folder)
        .args(args);
    command
}

#[track_caller]
pub(crate) fn succeeded(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn key(world: &World) -> Credentials {
    let (id, secret) = world.add_static_key();
    Credentials {
        id,
        secret,
        token: None,
    }
}

#[test]
fn clone_and_push_with_a_signed_password() {
    let desk = Desk::new(Scenario::adfs());
    let who = assume(&desk.world, &desk.client);
    let host = desk.world.codecommit_host();
    for (signed, note) in [
        (host.as_str(), "signature ok (host with port)"),
        ("127.0.0.1", "signature ok (host without port)"),
    ] {
        let (user, password) = git_password(&who, REGION, signed, NAME);
        let helper = desk.helper(&user, &password);
        let clone = desk.path(note);
        let target = clone.to_str().expect("UTF-8");
        succeeded(&desk.git(
            desk.folder.path(),
            &["-c", &helper, "clone", &desk.url(NAME), target],
        ));
        assert!(clone.join("README.md").is_file());
        fs::write(clone.join(signed.replace(':', "_")), note).expect("written");
        succeeded(&desk.git(&clone, &["add", "."]));
        succeeded(&desk.git(&clone, &["commit", "-m", "Add a file"]));
        succeeded(&desk.git(&clone, &["-c", &helper, "push", "origin", "main"]));
        let here = succeeded(&desk.git(&clone, &["rev-parse", "HEAD"]));
        let bare = desk.world.repository_path(REGION, NAME);
        assert_eq!(
            succeeded(&desk.git(&bare, &["rev-parse", "refs/heads/main"])),
            here
        );
        assert_eq!(desk.last_note(), note);
        assert!(
            desk.world
                .secrets()
                .iter()
                .any(|secret| *secret == password[16..])
        );
    }
    let ledger = desk.world.ledger();
    let first = ledger.of(Service::CodeCommit).next().expect("an entry");
    assert_eq!((first.status, first.note.as_str()), (401, "no credentials"));
    assert!(first.user_agent.starts_with("git/"));
}

#[test]
fn a_large_push_goes_through_in_chunks() {
    let desk = Desk::new(Scenario::adfs());
    let who = key(&desk.world);
    let (user, password) = git_password(&who, REGION, "127.0.0.1", NAME);
    let helper = desk.helper(&user, &password);
    let clone = desk.path("large");
    let target = clone.to_str().expect("UTF-8");
    succeeded(&desk.git(
        desk.folder.path(),
        &["-c", &helper, "clone", &desk.url(NAME), target],
    ));
    // Not compressible: a generator of numbers, not a pattern.
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let bytes: Vec<u8> = (0..60 << 20).map(|_| next()).collect();
    fs::write(clone.join("large.bin"), bytes).expect("written");
    succeeded(&desk.git(&clone, &["config", "core.compression", "0"]));
    succeeded(&desk.git(&clone, &["add", "."]));
    succeeded(&desk.git(&clone, &["commit", "-m", "Add something large"]));
    let push = git(
        &desk.world,
        desk.folder.path(),
        &clone,
        &["-c", &helper, "push", "origin", "main"],
    )
    .env("GIT_TRACE_CURL", "1")
    .env("GIT_TRACE_CURL_NO_DATA", "1")
    .output()
    .expect("git");
    succeeded(&push);
    let trace = String::from_utf8_lossy(&push.stderr).to_ascii_lowercase();
    assert!(trace.contains("transfer-encoding: chunked"), "{trace}");
    let here = succeeded(&desk.git(&clone, &["rev-parse", "HEAD"]));
    let bare = desk.world.repository_path(REGION, NAME);
    assert_eq!(succeeded(&desk.git(&bare, &["rev-parse", "main"])), here);
    let again = desk.path("again");
    let target = again.to_str().expect("UTF-8");
    succeeded(&desk.git(
        desk.folder.path(),
        &["-c", &helper, "clone", &desk.url(NAME), target],
    ));
    assert_eq!(
        fs::metadata(again.join("large.bin")).expect("cloned").len(),
        60 << 20
    );
}

/// With many references on either side git compresses what it asks for.
#[test]
fn a_compressed_request_is_understood() {
    let desk = Desk::new(Scenario::adfs());
    let who = key(&desk.world);
    let bare = desk.world.repository_path(REGION, NAME);
    let head = succeeded(&desk.git(&bare, &["rev-parse", "main"]));
    let tree = succeeded(&desk.git(&bare, &["rev-parse", "main^{tree}"]));
    for index in 0..40 {
        let message = format!("Commit {index}");
        let commit =
            succeeded(&desk.git(&bare, &["commit-tree", &tree, "-p", &head, "-m", &message]));
        succeeded(&desk.git(
            &bare,
            &["update-ref", &format!("refs/heads/b{index}"), &commit],
        ));
    }
    let (user, password) = git_password(&who, REGION, "127.0.0.1", NAME);
    let helper = desk.helper(&user, &password);
    for version in ["0", "2"] {
        let clone = desk.path(version);
        let target = clone.to_str().expect("UTF-8");
        let protocol = format!("protocol.version={version}");
        let args = [
            "-c",
            &protocol,
            "-c",
            &helper,
            "clone",
            &desk.url(NAME),
            target,
        ];
        succeeded(&desk.git(desk.folder.path(), &args));
        let branches = succeeded(&desk.git(&clone, &["branch", "--remotes"]));
        assert_eq!(branches.lines().count(), 40 + 2, "{branches}");
    }
}

#[test]
fn the_gate_tells_401_403_and_404_apart() {
    let desk = Desk::new(Scenario::adfs());
    let who = key(&desk.world);
    let host = desk.world.codecommit_host();
    let url = format!("{}/info/refs?service=git-upload-pack", desk.url(NAME));
    let refused = desk.client.get(&url, &[]);
    assert_eq!(refused.status, 401);
    assert!(
        refused
            .header("www-authenticate")
            .starts_with("Basic realm=")
    );

    let (user, password) = git_password(&who, REGION, &host, NAME);
    assert_eq!(desk.get(NAME, &user, &password), 200);
    assert_eq!(desk.get("Another", &user, &password), 403);
    assert_eq!(desk.get(NAME, &user, "secret"), 403);
    assert_eq!(desk.get(NAME, &format!("{user}%token"), &password), 403);
    let (user, password) = git_password(&who, "us-east-1", &host, NAME);
    assert_eq!(
        desk.get(NAME, &user, &password),
        403,
        "the repository is in another region"
    );
    let (user, password) = git_password(&who, REGION, &host, "Another");
    assert_eq!(desk.get("Another", &user, &password), 404);
    let (user, password) = git_password(&who, REGION, &host, "..");
    assert_eq!(desk.get("..", &user, &password), 404);

    desk.world.add_repository("us-east-1", NAME);
    for region in [REGION, "us-east-1"] {
        let (user, password) = git_password(&who, region, &host, NAME);
        assert_eq!(desk.get(NAME, &user, &password), 200, "{region}");
    }
}

#[test]
fn time_runs_out_for_passwords_and_for_credentials() {
    let desk = Desk::new(Scenario::adfs());
    let who = assume(&desk.world, &desk.client);
    let host = desk.world.codecommit_host();
    let (user, password) = git_password(&who, REGION, &host, NAME);
    assert_eq!(desk.get(NAME, &user, &password), 200);
    for offset in [960, -960] {
        desk.world.set_clock_offset(offset);
        assert_eq!(desk.get(NAME, &user, &password), 403);
        assert_eq!(
            desk.last_note(),
            "refused: the signature is more than 15 minutes from now"
        );
    }
    desk.world.set_clock_offset(3601);
    assert_eq!(desk.get(NAME, &user, &password), 403);
    assert_eq!(desk.last_note(), "refused: expired credentials");
}

#[test]
fn a_world_that_ends_takes_everything_with_it() {
    let desk = Desk::new(Scenario::adfs());
    let (ca, host) = (
        desk.world.ca_file().to_owned(),
        desk.world.codecommit_host(),
    );
    let proxy = desk.world.proxy_url();
    assert!(ca.is_file());
    drop(desk);
    assert!(!ca.exists());
    let proxy = proxy.strip_prefix("http://").expect("http");
    for address in [&*host, proxy] {
        // Another test's child that has not become its own program yet holds what was open here, and
        // another test's world may have the port by now; both end.
        let is_gone = (0..2000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            std::net::TcpStream::connect(address).is_err()
        });
        assert!(is_gone, "{address}");
    }
}

#[test]
fn a_world_ends_at_once_even_while_a_login_is_held() {
    let world = World::start(Scenario::adfs());
    let (client, url, gate) = (Client::of(&world), world.adfs_url(), world.hold_logins());
    let held = std::thread::spawn(move || {
        client
            .post(
                &url,
                &[("AuthMethod", "FormsAuthentication"), ("Password", "p")],
            )
            .status
    });
    assert!(gate.wait_for(1, Duration::from_secs(10)));
    drop(world);
    // It does not wait for the gate, which nobody opens.
    assert!(held.join().is_err(), "there was no answer to read");
}
