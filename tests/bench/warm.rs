//! What a warm `credential-process` takes, beside what else an SDK might start in its place, and beside a
//! program that does nothing: told, never judged.
//!
//! ```console
//! $ cargo bench --bench warm
//! $ FEDGIT_PEERS=target/peers cargo bench --bench warm     # beside awsprocesscreds and Python too
//! ```
//!
//! `FEDGIT_RELEASE` names another build, `FEDGIT_BENCH_RUNS` how often each program is run, and
//! `FEDGIT_AWS` an AWS CLI of version 2, whose `configure export-credentials` is then a row too.
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

use fedgit_testbed::{Scenario, World};

use watch::{Seen, watched};

const ROLE: &str = "arn:aws:iam::111122223333:role/ADFS-Production";

/// The password is given to the function that the program itself calls: it has no other way but a
/// terminal.
const LOG_IN: &str = "import os, sys; from awsprocesscreds.cli import saml; \
                      saml(sys.argv[1:], prompter=lambda _: os.environ['PASSWORD'])";

/// What `aws configure export-credentials` does, without the command line around it: version 2 of the
/// AWS CLI has its own copy of botocore.
const EXPORT: &str = "import botocore.session, json; \
                      it = botocore.session.Session(profile='adfs').get_credentials(); \
                      it = it.get_frozen_credentials(); \
                      print(json.dumps({'AccessKeyId': it.access_key, \
                      'SecretAccessKey': it.secret_key, 'SessionToken': it.token}))";

fn main() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let [flag, command @ ..] = arguments.as_slice()
        && flag == watch::FLAG
    {
        return watch::report(command);
    }
    // A filter, or `--list`, is for the steps of the other benchmark.
    if arguments.iter().all(|argument| argument == "--bench") {
        table();
    }
}

/// A program and what it must have printed.
struct Row {
    what: &'static str,
    command: Command,
    prints: &'static str,
    runs: Vec<Seen>,
}

fn table() {
    let home = Home::new();
    let mut left_out: Vec<&str> = Vec::new();
    let mut rows = vec![row(
        "fedgit credential-process",
        home.fedgit(),
        "\"SessionToken\"",
    )];
    match home.hello() {
        Some(hello) => rows.push(row("a Rust program that prints a line", hello, "hello")),
        None => left_out.push("a Rust program that prints a line: rustc could not make it"),
    }
    match std::env::var_os("FEDGIT_PEERS").map(|peers| std::path::absolute(peers).unwrap()) {
        Some(peers) => {
            let mut nothing = home.command(peers.join("bin/python"));
            nothing.args(["-c", "print('hello')"]);
            rows.push(row("a Python program that prints a line", nothing, "hello"));
            match home.awsprocesscreds(&peers) {
                Some(saml) => rows.push(row("awsprocesscreds-saml", saml, "")),
                None => left_out.push("awsprocesscreds-saml: it is not in FEDGIT_PEERS"),
            }
            let mut export = home.command(peers.join("bin/python"));
            export.args(["-c", EXPORT]);
            rows.push(row(
                "botocore alone, which starts fedgit",
                export,
                "\"SessionToken\"",
            ));
        }
        None => left_out.push(
            "awsprocesscreds-saml: FEDGIT_PEERS names a virtual environment with it, as .ci/run makes one",
        ),
    }
    match std::env::var_os("FEDGIT_AWS") {
        Some(aws) => {
            let mut export = home.command(PathBuf::from(aws));
            export.args(["configure", "export-credentials", "--profile", "adfs"]);
            rows.push(row(
                "aws configure export-credentials, which starts fedgit",
                export,
                "",
            ));
        }
        None => left_out.push(
            "aws configure export-credentials: only version 2 of the AWS CLI has it, which is Debian's \
             and not on PyPI; FEDGIT_AWS names one. botocore alone does the same in its place",
        ),
    }
    // In turn, so that what else the machine does meets all of them.
    for _ in 0..runs() {
        for row in &mut rows {
            let seen = watched(&row.command);
            assert_eq!(seen.code, Some(0), "{}: {seen:?}", row.what);
            assert!(seen.out.contains(row.prints), "{}: {seen:?}", row.what);
            row.runs.push(seen);
        }
    }
    print(rows);
    for what in left_out {
        println!("\nleft out: {what}");
    }
}

fn print(rows: Vec<Row>) {
    println!(
        "\n{}, warm, beside others; the middle one of {} runs",
        program().display(),
        runs()
    );
    println!("ratio: how many times fedgit's\n");
    println!(
        "  {:<56}{:>10}{:>11}{:>10}{:>12}{:>17}",
        "", "time", "processor", "peak", "time ratio", "processor ratio"
    );
    let mut ours: Option<(f64, f64)> = None;
    for row in rows {
        let time = middle(row.runs.iter().map(|run| run.time.as_secs_f64()));
        let cpu = middle(
            row.runs
                .iter()
                .map(|run| run.cpu.unwrap_or_default().as_secs_f64()),
        );
        let peak = middle(
            row.runs
                .iter()
                .map(|run| run.peak.unwrap_or_default() as f64),
        );
        let (our_time, our_cpu) = *ours.get_or_insert((time, cpu));
        println!(
            "  {:<56}{:>7.2} ms{:>8.2} ms{:>7.1} MB{:>12.2}{:>17.2}",
            row.what,
            time * 1e3,
            cpu * 1e3,
            peak / 1e6,
            time / our_time,
            cpu / our_cpu
        );
    }
}

fn row(what: &'static str, command: Command, prints: &'static str) -> Row {
    Row {
        what,
        command,
        prints,
        runs: Vec::new(),
    }
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn runs() -> usize {
    let runs = std::env::var("FEDGIT_BENCH_RUNS").unwrap_or("101".to_owned());
    runs.parse().expect("FEDGIT_BENCH_RUNS=11")
}

/// The program to run: the build that was named, or that of this benchmark.
fn program() -> PathBuf {
    let named = std::env::var_os("FEDGIT_RELEASE").map(|path| std::path::absolute(path).unwrap());
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_fedgit").into())
}

/// A home folder with credentials in the cache, and the services that gave them.
struct Home {
    world: World,
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self {
            // The page that awsprocesscreds knows.
            world: World::start(Scenario::adfs_2_0()),
            folder: tempfile::Builder::new()
                .prefix("fedgit-bench-")
                .tempdir()
                .unwrap(),
        };
        let toml = format!(
            "[idp.corp]\nkind = \"adfs\"\nurl = \"{}\"\nusername = \"{}\"\nca_bundle = \"{}\"\n\n\
             [role.developer]\nidp = \"corp\"\narn = \"{ROLE}\"\nprofile = \"adfs\"\n",
            home.world.adfs_url(),
            home.world.username(),
            home.world.ca_file().display()
        );
        let file = home.folder.path().join(".config/fedgit/fedgit.toml");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, toml).unwrap();
        let mut apply = home.command(program());
        must(apply.args(["apply", "--yes"]));
        let mut login = home.fedgit();
        must(login.env("FEDGIT_PASSWORD", home.world.password()));
        home
    }

    fn command(&self, program: impl AsRef<Path>) -> Command {
        let ca = self.world.ca_file();
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("AWS_CA_BUNDLE", ca)
            .env("AWS_ENDPOINT_URL_STS", self.world.sts_url())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("REQUESTS_CA_BUNDLE", ca);
        command
    }

    /// Exactly the line that `apply` writes, as far as it is ours to choose.
    fn fedgit(&self) -> Command {
        let mut command = self.command(program());
        let file = self.folder.path().join(".config/fedgit/fedgit.toml");
        command
            .args(["credential-process", "--profile", "adfs", "--user"])
            .arg(file);
        command
    }

    /// What starting any program takes at least.
    fn hello(&self) -> Option<Command> {
        let (source, program) = (
            self.folder.path().join("hello.rs"),
            self.folder.path().join("hello"),
        );
        std::fs::write(&source, "fn main() { println!(\"hello\"); }").unwrap();
        let mut rustc = Command::new("rustc");
        rustc.arg("-O").arg("-o").arg(&program).arg(source);
        let made = rustc.status().is_ok_and(|status| status.success());
        made.then(|| self.command(program))
    }

    /// With credentials in its cache, which it needs no password for.
    fn awsprocesscreds(&self, peers: &Path) -> Option<Command> {
        let program = peers.join("bin/awsprocesscreds-saml");
        if !program.exists() {
            return None;
        }
        let arguments = [
            "-e",
            &self.world.adfs_url(),
            "-u",
            self.world.username(),
            "-p",
            "adfs",
            "-a",
            ROLE,
        ];
        let mut login = self.command(peers.join("bin/python"));
        login.args(["-c", LOG_IN]).args(arguments);
        must(login.env("PASSWORD", self.world.password()));
        let mut command = self.command(program);
        command.args(arguments);
        Some(command)
    }
}

fn must(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
}
