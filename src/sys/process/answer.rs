//! What another program answers: within a time, after which nothing that it started goes on.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{RunError, bare, without_login};
use crate::sys::signals::Signals;
use crate::sys::{relatives, terminal};

/// More is not kept: an answer is a line, or a SAML response, of which STS takes 100,000 characters.
const LONGEST: usize = 256 * 1024;

/// How often a program is looked after.
const STEP: Duration = Duration::from_millis(10);

/// How long the output of a program that has ended is waited for: something that it left behind, an
/// agent perhaps, may hold it open for ever.
const REST: Duration = Duration::from_secs(1);

/// A program that is to answer.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The program and its arguments.
    pub command: &'a [String],
    /// Variables for it alone; never a secret.
    pub env: &'a [(&'a str, &'a str)],
    /// What it is told on stdin, which then ends. Ours is never handed on: it may be git's protocol
    /// pipe.
    pub input: &'a str,
    /// How long it may take.
    pub limit: Duration,
    /// Whether what it says on stderr is for the person.
    pub may_talk: bool,
}

/// The first line that a program prints.
///
/// # Errors
/// [`RunError`], none of which carries the program's output.
pub fn first_line(asked: &Asked<'_>) -> Result<SecretString, RunError> {
    let output = printed(asked)?;
    let no_line = || RunError::NoLine {
        program: program(asked),
    };
    // What follows the line is nobody's business, whatever text it is. One that goes on beyond what
    // is kept, or holds a NUL, was never meant.
    let end = output.iter().position(|byte| *byte == b'\n');
    let whole = end.is_some() || output.len() < LONGEST;
    let line = output
        .get(..end.unwrap_or(output.len()))
        .unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| no_line())?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    if !whole || line.is_empty() || line.contains('\0') {
        return Err(no_line());
    }
    Ok(SecretString::from(line))
}

/// What a program prints, up to 256 KiB of it, once it has ended well.
///
/// # Errors
/// [`RunError`], none of which carries the program's output.
pub fn printed(asked: &Asked<'_>) -> Result<Zeroizing<Vec<u8>>, RunError> {
    // At the terminal it stays among the programs that may use it: the person may have to type there.
    // Ctrl-C then reaches it too.
    run(asked, !terminal::is_ours())
}

fn run(asked: &Asked<'_>, apart: bool) -> Result<Zeroizing<Vec<u8>>, RunError> {
    let program = program(asked);
    log::debug!("running {program}");
    let start = |source| RunError::Start {
        program: program.clone(),
        source,
    };
    let mut command = bare(OsStr::new(&program));
    without_login(&mut command);
    let stderr = if asked.may_talk {
        Stdio::inherit()
    } else {
        Stdio::null()
    };
    command
        .args(asked.command.iter().skip(1))
        .envs(asked.env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(stderr);
    #[cfg(unix)]
    if apart {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    // Before it starts: whoever ends us ends it.
    let signals = Signals::held().map_err(start)?;
    let answer = (|| {
        let mut child = command.spawn().map_err(start)?;
        let output = Output::of(&mut child);
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not listen may answer all the same. The texts here fit into any pipe.
            let _ = stdin.write_all(asked.input.as_bytes());
        }
        match wait(&mut child, asked.limit, signals).map_err(start)? {
            Some(status) if status.success() => Ok(output.taken()),
            Some(status) => Err(RunError::Failed {
                program: program.clone(),
                status,
            }),
            None => {
                end(&mut child, apart);
                Err(RunError::TimedOut {
                    program: program.clone(),
                    seconds: asked.limit.as_secs(),
                })
            }
        }
    })();
    signals.release().map_err(start)?;
    answer
}

fn program(asked: &Asked<'_>) -> String {
    asked.command.first().cloned().unwrap_or_default()
}

/// How it ended; `None` where it is to be ended.
fn wait(child: &mut Child, limit: Duration, signals: &Signals) -> io::Result<Option<ExitStatus>> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if waited >= limit || signals.came() {
            return Ok(None);
        }
        thread::sleep(STEP);
        waited += STEP;
    }
}

/// Ends it with all that it started.
fn end(child: &mut Child, apart: bool) {
    #[cfg(not(unix))]
    let below = relatives::descendants(child.id());
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process, kill_process_group};
        let pid = |pid: u32| i32::try_from(pid).ok().and_then(Pid::from_raw);
        // Halted first, each as it is found: one that is starting another could do so unseen.
        let mut below: Vec<u32> = Vec::new();
        let mut found = vec![child.id()];
        while !found.is_empty() {
            for process in found.iter().copied().filter_map(pid) {
                let _ = kill_process(process, Signal::STOP);
            }
            below.extend(found);
            found = relatives::descendants(child.id());
            found.retain(|process| !below.contains(process));
        }
        if let (true, Some(group)) = (apart, pid(child.id())) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = child.kill();
        for process in below.into_iter().filter_map(pid) {
            let _ = kill_process(process, Signal::KILL);
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (below, apart, child.kill());
    }
    let _ = child.wait();
}

/// A program's output, read aside: it may come late, or never end.
struct Output {
    bytes: Arc<Mutex<Zeroizing<Vec<u8>>>>,
    ended: Receiver<()>,
}

impl Output {
    fn of(child: &mut Child) -> Self {
        // Never reallocated, so no copy of the secret is left behind in freed memory.
        let bytes = Arc::new(Mutex::new(Zeroizing::new(Vec::with_capacity(LONGEST))));
        let (at_end, ended) = mpsc::channel();
        if let Some(mut stdout) = child.stdout.take() {
            let bytes = Arc::clone(&bytes);
            thread::spawn(move || {
                let mut part = Zeroizing::new([0_u8; 4096]);
                // To the end, so that the program does not die of a closed pipe.
                while let Ok(length @ 1..) = stdout.read(&mut *part) {
                    let mut bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
                    let room = LONGEST - bytes.len();
                    bytes.extend(part.iter().take(length.min(room)));
                }
                drop(at_end);
            });
        }
        Self { bytes, ended }
    }

    fn taken(self) -> Zeroizing<Vec<u8>> {
        // Told by its closing.
        let _ = self.ended.recv_timeout(REST);
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *bytes)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn sh(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    fn asked<'a>(command: &'a [String], input: &'a str, limit: Duration) -> Asked<'a> {
        Asked {
            command,
            env: &[],
            input,
            limit,
            may_talk: true,
        }
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn the_first_line_of_a_program_that_ends_well() {
        let line = |script: &str, input: &str| {
            first_line(&asked(&sh(script), input, LONG)).map(|line| line.expose_secret().to_owned())
        };
        assert_eq!(line("echo one; echo two", "").unwrap(), "one");
        assert_eq!(line("cat", "said\n").unwrap(), "said");
        assert_eq!(line("exec <&-; echo deaf", "said\n").unwrap(), "deaf");
        assert_eq!(line("yes | head -c 300000", "").unwrap(), "y");
        assert_eq!(line("printf 'a\\r\\ncaf\\351'", "").unwrap(), "a");
        for none in [
            "echo",
            "printf 'a\\0b\\n'",
            "head -c 400000 /dev/zero | tr '\\0' a",
        ] {
            assert!(
                matches!(line(none, ""), Err(RunError::NoLine { .. })),
                "{none}"
            );
        }
        assert!(matches!(
            line("echo no; exit 3", ""),
            Err(RunError::Failed { status, .. }) if status.code() == Some(3)
        ));
        let gone = first_line(&asked(&["/nowhere/x".to_owned()], "", LONG));
        assert!(matches!(gone, Err(RunError::Start { .. })));
    }

    #[test]
    fn an_agent_that_it_leaves_behind_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; echo answer", pid.display());
        let line = first_line(&asked(&sh(&script), "", LONG)).unwrap();
        assert_eq!(line.expose_secret(), "answer");
        kill(&pid);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn when_its_time_is_over_nothing_of_it_goes_on() {
        for apart in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let pid = folder.path().join("pid");
            let file = pid.display();
            // Both beneath a program in between, and stubborn.
            let script = format!("trap '' TERM; sh -c 'sleep 600 & echo $! > {file}; wait'");
            let command = sh(&script);
            // On a busy machine it may not come so far in a second.
            for limit in [1, 4, 16, 64] {
                let done = run(&asked(&command, "", Duration::from_secs(limit)), apart);
                assert!(matches!(done, Err(RunError::TimedOut { .. })), "{done:?}");
                if !text(&pid).is_empty() {
                    break;
                }
            }
            assert!(!text(&pid).is_empty(), "it never started");
            let proc = format!("/proc/{}/stat", text(&pid).trim());
            let proc = std::path::Path::new(&proc);
            // One that was killed may wait a moment for its parent to look.
            let lives = || proc.exists() && !text(proc).contains(") Z ");
            for _ in 0..500 {
                if !lives() {
                    break;
                }
                thread::sleep(STEP);
            }
            assert!(!lives(), "the sleeper goes on (apart: {apart})");
        }
    }

    /// Empty where the file has just gone.
    fn text(path: &std::path::Path) -> String {
        let bytes = crate::sys::fs::read_bounded(path, 4096).unwrap_or_default();
        String::from_utf8(bytes.unwrap_or_default()).unwrap()
    }

    fn kill(pid: &std::path::Path) {
        let mut command = bare(OsStr::new("kill"));
        command.arg(text(pid).trim());
        assert!(command.status().unwrap().success());
    }
}
