//! What a git command waits for before CodeCommit hears of it: the remote helper until it hands over to
//! git, and the credential helper until it has answered; fedgit's beside those that it replaces. Then
//! a whole `git ls-remote` by each, with the requests that CodeCommit saw. Told, never judged.
//!
//! ```console
//! $ FEDGIT_PEERS=target/peers cargo bench --bench git
//! ```
//!
//! `FEDGIT_RELEASE` names another build, `FEDGIT_BENCH_RUNS` how often each program is run, and
//! `FEDGIT_RUST_PEER` the binary of the Rust crate git-remote-codecommit, as .ci/run installs it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark reads the clock and the file system, and stops where something is not as it should be"
)]

mod watch;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fedgit_testbed::{Scenario, Service, World};

use watch::{Seen, watched};

const HOST: &str = "git-codecommit.us-east-1.amazonaws.com";

fn main() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let [flag, command @ ..] = arguments.as_slice()
        && flag == watch::FLAG
    {
        return watch::report(command);
    }
    // A filter, or `--list`, is for the steps of another benchmark.
    if arguments.iter().all(|argument| argument == "--bench") {
        tables();
    }
}

/// A program, and what CodeCommit saw of it.
struct Row {
    what: &'static str,
    command: Command,
    runs: Vec<Seen>,
    requests: usize,
}

fn row(what: &'static str, command: Command) -> Row {
    Row {
        what,
        command,
        runs: Vec::new(),
        requests: 0,
    }
}

fn tables() {
    let home = Home::new();
    let peers = std::env::var_os("FEDGIT_PEERS").map(|path| std::path::absolute(path).unwrap());
    let rust = std::env::var_os("FEDGIT_RUST_PEER").map(|path| std::path::absolute(path).unwrap());
    let helper = sibling("git-remote-codecommit");
    let mut remote = vec![row("fedgit", home.to_git(&helper))];
    let mut credential = vec![row(
        "fedgit git-credential",
        home.answer(&program(), FEDGIT),
    )];
    let mut whole = vec![
        row("fedgit, codecommit://", home.whole(&helper, None)),
        row(
            "fedgit, https",
            home.whole(&helper, Some(&home.line(&program(), FEDGIT))),
        ),
    ];
    if let Some(rust) = &rust {
        remote.push(row(
            "the Rust crate git-remote-codecommit",
            home.to_git(rust),
        ));
        whole.push(row(
            "the Rust crate git-remote-codecommit",
            home.whole(rust, None),
        ));
    } else {
        println!("left out: the Rust crate git-remote-codecommit, which FEDGIT_RUST_PEER names");
    }
    if let Some(peers) = &peers {
        let (python, aws) = (
            peers.join("bin/git-remote-codecommit"),
            peers.join("bin/aws"),
        );
        remote.push(row(
            "the Python git-remote-codecommit",
            home.to_git(&python),
        ));
        credential.push(row(
            "aws codecommit credential-helper",
            home.answer(&aws, AWS),
        ));
        whole.push(row(
            "the Python git-remote-codecommit",
            home.whole(&python, None),
        ));
        let line = home.line(&aws, AWS);
        whole.push(row(
            "aws codecommit credential-helper",
            home.whole(&helper, Some(&line)),
        ));
    } else {
        println!("left out: what FEDGIT_PEERS names, a virtual environment as .ci/run makes one");
    }
    for (title, prints, mut rows) in [
        ("The remote helper, until it hands over to git", "", remote),
        (
            "The credential helper, until it has answered",
            "password",
            credential,
        ),
        ("A whole git ls-remote", "refs/heads/main", whole),
    ] {
        // In turn, so that what else the machine does meets all of them.
        for _ in 0..runs() {
            for row in &mut rows {
                let before = home.world.ledger().count(Service::CodeCommit);
                let seen = watched(&row.command);
                assert_eq!(seen.code, Some(0), "{}: {seen:?}", row.what);
                assert!(seen.out.contains(prints), "{}: {seen:?}", row.what);
                row.requests = home.world.ledger().count(Service::CodeCommit) - before;
                row.runs.push(seen);
            }
        }
        print(title, &rows);
    }
}

fn print(title: &str, rows: &[Row]) {
    println!("\n{title}; the middle one of {} runs", runs());
    println!("ratio: how many times fedgit's; requests: what CodeCommit saw of one run");
    println!(
        "  {:<42}{:>10}{:>11}{:>10}{:>12}{:>17}{:>10}",
        "", "time", "processor", "peak", "time ratio", "processor ratio", "requests"
    );
    let mut ours: Option<(f64, f64)> = None;
    for row in rows {
        let of = |value: fn(&Seen) -> f64| middle(row.runs.iter().map(value));
        let time = of(|run| run.time.as_secs_f64());
        let cpu = of(|run| run.cpu.unwrap_or_default().as_secs_f64());
        let peak = of(|run| run.peak.unwrap_or_default() as f64);
        let (our_time, our_cpu) = *ours.get_or_insert((time, cpu));
        println!(
            "  {:<42}{:>7.2} ms{:>8.2} ms{:>7.1} MB{:>12.1}{:>17.1}{:>10}",
            row.what,
            time * 1e3,
            cpu * 1e3,
            peak / 1e6,
            time / our_time,
            cpu / our_cpu,
            row.requests
        );
    }
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn runs() -> usize {
    let runs = std::env::var("FEDGIT_BENCH_RUNS").unwrap_or("31".to_owned());
    runs.parse().expect("FEDGIT_BENCH_RUNS=11")
}

/// The program to run: the build that was named, or that of this benchmark.
fn program() -> PathBuf {
    let named = std::env::var_os("FEDGIT_RELEASE").map(|path| std::path::absolute(path).unwrap());
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_fedgit").into())
}

fn sibling(name: &str) -> PathBuf {
    program().with_file_name(name)
}

/// The words behind the program, before `get`.
const FEDGIT: &str = "git-credential --profile=adfs";
const AWS: &str = "--profile adfs codecommit credential-helper";

/// A home folder with a profile of fedgit's, credentials in the cache, and the services that gave
/// them. The peers get theirs from fedgit, by `credential_process`.
struct Home {
    world: World,
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self {
            world: World::start(Scenario::adfs()),
            folder: tempfile::Builder::new()
                .prefix("fedgit-bench-")
                .tempdir()
                .unwrap(),
        };
        home.world.add_repository("us-east-1", "R");
        let toml = format!(
            "[idp.corp]\nkind = \"adfs\"\nurl = \"{}\"\nusername = \"{}\"\nca_bundle = \"{}\"\n\n\
             [role.developer]\nidp = \"corp\"\nprofile = \"adfs\"\n\
             arn = \"arn:aws:iam::111122223333:role/ADFS-Production\"\n",
            home.world.adfs_url(),
            home.world.username(),
            home.world.ca_file().display()
        );
        home.write(".config/fedgit/fedgit.toml", &toml);
        home.write(
            "question",
            &format!("protocol=https\nhost={HOST}\npath=v1/repos/R\n\n"),
        );
        // A git that does nothing: what comes before it is measured.
        std::fs::create_dir(home.file("nothing")).unwrap();
        std::os::unix::fs::symlink("/bin/true", home.file("nothing/git")).unwrap();
        must(home.command(&program()).args(["apply", "--yes"]));
        let mut login = home.command(&program());
        must(
            login
                .args(["login", "corp"])
                .env("FEDGIT_PASSWORD", home.world.password()),
        );
        home
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn command(&self, program: &Path) -> Command {
        let ca = self.world.ca_file();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_SSL_CAINFO", ca)
            .env("AWS_CA_BUNDLE", ca)
            // The Rust crate takes it from here, or from [default], and not from the profile.
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL_STS", self.world.sts_url());
        command
    }

    fn path_before(&self, folder: &Path) -> std::ffi::OsString {
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&rest));
        std::env::join_paths(folders).unwrap()
    }

    /// As git calls a remote helper, with a git behind it that does nothing.
    fn to_git(&self, helper: &Path) -> Command {
        let mut command = self.command(helper);
        command
            .args(["origin", "codecommit://adfs@R"])
            .env("PATH", self.path_before(&self.file("nothing")));
        command
    }

    /// The line that stands in git's configuration.
    fn line(&self, program: &Path, words: &str) -> String {
        format!("!{} {words}", program.display())
    }

    /// As git calls a credential helper: through `sh`.
    fn answer(&self, program: &Path, words: &str) -> Command {
        let mut command = self.command(Path::new("sh"));
        let line = self.line(program, words);
        let question = self.file("question");
        let line = line.trim_start_matches('!');
        command
            .arg("-c")
            .arg(format!("exec {line} get < {}", question.display()));
        command
    }

    /// By the remote helper, or by this line for https.
    fn whole(&self, helper: &Path, line: Option<&str>) -> Command {
        let mut command = self.command(Path::new("git"));
        command
            .env("HTTPS_PROXY", self.world.proxy_url())
            .env("PATH", self.path_before(helper.parent().unwrap()));
        match line {
            None => command.args(["ls-remote", "codecommit://adfs@R"]),
            Some(line) => {
                let url = format!("https://{HOST}/v1/repos/R");
                command.args(["-c", &format!("credential.helper={line}")]);
                command.args(["-c", "credential.useHttpPath=true", "ls-remote", &url])
            }
        };
        command
    }
}

fn must(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
}
