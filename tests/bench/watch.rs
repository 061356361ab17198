//! How long a program runs and how much memory it holds at most.
//!
//! The system keeps the peak of all children together, and on Linux a child inherits that of the
//! process that started it. So each program is run by a small process of its own: this benchmark,
//! started again with [`FLAG`].

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The first argument of the small process; the rest is the program to watch and its arguments.
pub(crate) const FLAG: &str = "--watch";

/// What a run took.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// By the clock.
    pub(crate) time: Duration,
    /// Of the processor; `None` where the system does not tell.
    pub(crate) cpu: Option<Duration>,
    /// In bytes; likewise.
    pub(crate) peak: Option<u64>,
    pub(crate) code: Option<i32>,
    /// The last line that it printed.
    pub(crate) out: String,
}

/// Runs a program to its end.
pub(crate) fn watched(command: &Command) -> Seen {
    let mut watch = Command::new(std::env::current_exe().unwrap());
    watch
        .arg(FLAG)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        watch.env(name, value.unwrap_or_default());
    }
    let output = watch.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let mut lines = said.lines();
    let out = lines.next().unwrap_or_default().to_owned();
    let report: Vec<&str> = lines.flat_map(|line| line.split(' ')).collect();
    let [time, cpu, peak, code] = report.as_slice() else {
        let stderr = String::from_utf8_lossy(&output.stderr);
        panic!("{command:?} was not watched: {said} {stderr}");
    };
    Seen {
        time: Duration::from_nanos(time.parse().unwrap()),
        cpu: cpu.parse().ok().map(Duration::from_nanos),
        peak: peak.parse().ok(),
        code: code.parse().ok(),
        out,
    }
}

/// The small process: runs the program, then prints its last line and what it took.
pub(crate) fn report(command: &[OsString]) {
    let [program, arguments @ ..] = command else {
        panic!("{FLAG} PROGRAM ARGUMENTS...");
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let started = Instant::now();
    let output = command.output().unwrap();
    let time = started.elapsed().as_nanos();
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{}", said.lines().last().unwrap_or_default());
    let code = output.status.code();
    let used = used();
    let unknown = || "-".to_owned();
    println!(
        "{time} {} {} {}",
        used.map_or_else(unknown, |(cpu, _)| cpu.to_string()),
        used.map_or_else(unknown, |(_, peak)| peak.to_string()),
        code.map_or_else(unknown, |code| code.to_string())
    );
}

/// What the one child used: nanoseconds of the processor, and bytes at most.
#[cfg(unix)]
fn used() -> Option<(i64, i64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let cpu = usage.user_time() + usage.system_time();
    // Apple counts bytes, the others count kilobytes.
    let unit = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };
    Some((cpu.num_nanoseconds(), usage.max_rss() * unit))
}

#[cfg(not(unix))]
fn used() -> Option<(i64, i64)> {
    None
}
