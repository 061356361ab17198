//! The program from start to end, in a home folder of its own: what a person waits for.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::declaration::{Shape, declaration, sizes, with_every_tenth_changed};
use crate::peers::{self, Peers};
use crate::watch::{Seen, watched};

/// Enough for the middle one to be undisturbed.
const RUNS: usize = 5;

const AWS_CONFIG: &str = ".aws/config";
const FEDGIT_TOML: &str = ".config/fedgit/fedgit.toml";

/// One line of the table at one size.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) seen: Seen,
}

/// Prints the table.
pub(crate) fn table() {
    let peers = Peers::find();
    println!(
        "\n{}, from start to end; the middle one of {RUNS} runs",
        program().display()
    );
    println!("growth: for ten times the profiles, of the processor's time and of the peak");
    println!("share: of the processor's time of botocore merely reading such a file");
    let mut smaller: Option<(usize, Vec<Row>)> = None;
    for profiles in sizes() {
        println!(
            "\n{:<46}{:>12}{:>12}{:>11}{:>8}{:>8}{:>8}",
            format!("{profiles} profiles"),
            "time",
            "processor",
            "peak",
            "growth",
            "",
            "share"
        );
        let rows = measured(profiles, peers.as_ref());
        let read = rows.iter().find(|row| row.what == peers::READ);
        for row in &rows {
            let earlier = smaller.as_ref().and_then(|(size, rows)| {
                let same = rows.iter().find(|earlier| earlier.what == row.what)?;
                Some((&same.seen, profiles as f64 / *size as f64))
            });
            println!("{}", line(row, earlier, read));
        }
        smaller = Some((profiles, rows));
    }
    if peers.is_none() {
        println!(
            "\nbotocore and aws-sso-util's writer were left out: {}",
            peers::HOW
        );
    }
    println!("\naws-sso-cli was left out: it writes only what a portal has just told it");
}

fn line(row: &Row, earlier: Option<(&Seen, f64)>, read: Option<&Row>) -> String {
    let seen = &row.seen;
    let cpu = |seen: &Seen| Some(seen.cpu?.as_secs_f64());
    let growth = |of: fn(&Seen) -> Option<f64>| {
        let (earlier, sizes) = earlier?;
        Some(format!("x {:.1}", of(seen)? / of(earlier)? * 10.0 / sizes))
    };
    let share = || Some(format!("{:.2}", cpu(seen)? / cpu(&read?.seen)?));
    let unknown = || "·".to_owned();
    format!(
        "  {:<44}{:>12}{:>12}{:>11}{:>8}{:>8}{:>8}",
        row.what,
        milliseconds(seen.time),
        seen.cpu.map_or_else(unknown, milliseconds),
        seen.peak
            .map_or_else(unknown, |bytes| format!("{:.1} MB", bytes as f64 / 1e6)),
        growth(cpu).unwrap_or_default(),
        growth(|seen| Some(seen.peak? as f64)).unwrap_or_default(),
        share().unwrap_or_default()
    )
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// Every row of one size.
fn measured(profiles: usize, peers: Option<&Peers>) -> Vec<Row> {
    let mut rows = Vec::new();
    for shape in [Shape::Tables, Shape::Matrix] {
        let home = Home::new(&declaration(shape, profiles));
        let mut row = |command: &str, case: &str, seen| {
            let what = format!("fedgit {command}, {case} ({})", shape.name());
            rows.push(Row { what, seen });
        };
        let new = format!("{profiles} to add");
        row("plan", "all new", home.plan(&new, Home::forget));
        row("apply", "all new", home.apply(Home::forget));
        let kept = format!("{profiles} kept");
        row("plan", "in sync", home.plan(&kept, |_| {}));
        if shape == Shape::Matrix {
            continue;
        }
        let in_sync = std::fs::read(home.file(AWS_CONFIG)).unwrap();
        home.write(FEDGIT_TOML, with_every_tenth_changed(profiles));
        let changed = format!("{} to change", profiles.div_ceil(10));
        row("plan", "1 in 10 changed", home.plan(&changed, |_| {}));
        let seen = home.apply(|home| home.write(AWS_CONFIG, &in_sync));
        row("apply", "1 in 10 changed", seen);
        if let Some(peers) = peers {
            rows.push(peers.botocore(&home.file(AWS_CONFIG)));
            rows.extend(peers.aws_sso_util(&home.file(AWS_CONFIG), profiles));
        }
    }
    rows
}

/// The middle one of several runs, by the processor's time: what else the machine does counts least
/// there.
pub(crate) fn middle(mut runs: Vec<Seen>) -> Seen {
    runs.sort_by_key(|run| run.cpu.unwrap_or(run.time));
    runs.swap_remove(runs.len() / 2)
}

/// The program to run: the build that was named, or that of this benchmark.
fn program() -> PathBuf {
    let named = std::env::var_os("FEDGIT_RELEASE").map(|path| std::path::absolute(path).unwrap());
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_fedgit").into())
}

/// A home folder with a `fedgit.toml`.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new(declaration: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("fedgit-bench-")
            .tempdir()
            .unwrap();
        let home = Self { folder };
        home.write(FEDGIT_TOML, declaration);
        home
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Takes `~/.aws/config` away.
    fn forget(&self) {
        let _ = std::fs::remove_file(self.file(AWS_CONFIG));
    }

    /// `fedgit plan`, which must tell this.
    fn plan(&self, told: &str, before: impl Fn(&Self)) -> Seen {
        let seen = self.middle(&["plan"], before);
        assert!(seen.out.contains(told), "{told}: {seen:?}");
        seen
    }

    fn apply(&self, before: impl Fn(&Self)) -> Seen {
        self.middle(&["apply", "--yes"], before)
    }

    /// fedgit, run several times, and what must be done before each.
    fn middle(&self, arguments: &[&str], before: impl Fn(&Self)) -> Seen {
        let run = |_| {
            before(self);
            let mut command = Command::new(program());
            command.args(arguments).env("HOME", self.folder.path());
            let seen = watched(&command);
            assert!(matches!(seen.code, Some(0 | 3)), "{arguments:?}: {seen:?}");
            seen
        };
        middle((0..RUNS).map(run).collect())
    }
}
