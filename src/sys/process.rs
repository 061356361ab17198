//! Other programs: always by an argument list, never through a shell, never with a secret among the
//! arguments; nor in the environment, but for the one program that the user wants it for.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};

mod answer;
mod relayed;
mod watched;

pub use answer::{Asked, first_line, printed};
pub use relayed::relayed;
pub use watched::{Ended, Interrupts, watched};

/// What a program's run came to, when it was not started or said no.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started.
    #[error("cannot start {program}: {source}")]
    Start {
        /// The program as it was named.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It was started, and ended with a status that is not success.
    #[error("{program} ended with {status}")]
    Failed {
        /// The program as it was named.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// It took too long, and was ended.
    #[error("{program} did not answer within {seconds} seconds")]
    TimedOut {
        /// The program as it was named.
        program: String,
        /// How long it was given.
        seconds: u64,
    },
    /// It printed nothing, or what it printed is not a line of text.
    #[error("{program} printed no line of text")]
    NoLine {
        /// The program as it was named.
        program: String,
    },
}

/// A program with its arguments and the variables that are set for it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The program: a path, or a name to look up on PATH.
    pub program: OsString,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables on top of our own environment.
    pub env: Vec<(String, OsString)>,
    /// Whether `FEDGIT_PASSWORD` and `FEDGIT_MFA_CODE` are passed on: only to a program that held
    /// them before we did (git, which started our remote helper).
    pub inherits_login: bool,
}

/// Runs to the end with our own stdin, stdout and stderr.
///
/// # Errors
/// Where it cannot be started.
pub fn run(invocation: &Invocation) -> Result<ExitStatus, RunError> {
    prepare(invocation)
        .status()
        .map_err(|source| RunError::Start {
            program: invocation.program.to_string_lossy().into_owned(),
            source,
        })
}

/// Runs with nothing on stdin and gives back what it printed, trimmed at the end.
///
/// # Errors
/// Where it cannot be started or does not succeed.
pub fn output(invocation: &Invocation) -> Result<String, RunError> {
    let program = invocation.program.to_string_lossy().into_owned();
    let output = prepare(invocation)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| RunError::Start {
            program: program.clone(),
            source,
        })?;
    if !output.status.success() {
        return Err(RunError::Failed {
            program,
            status: output.status,
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned())
}

/// Becomes the other program, without some of our variables; where the system cannot do that, runs it
/// to the end.
///
/// # Errors
/// Where it cannot be started.
pub fn replace(invocation: &Invocation, without: &[&str]) -> Result<ExitStatus, RunError> {
    let mut command = prepare(invocation);
    for name in without {
        command.env_remove(name);
    }
    #[cfg(unix)]
    let source = std::os::unix::process::CommandExt::exec(&mut command);
    #[cfg(not(unix))]
    let source = match command.status() {
        Ok(status) => return Ok(status),
        Err(source) => source,
    };
    Err(RunError::Start {
        program: invocation.program.to_string_lossy().into_owned(),
        source,
    })
}

/// A program that runs beside us, on nobody's terminal.
#[derive(Debug)]
pub struct Beside {
    program: String,
    child: Child,
}

/// Starts a program with nothing on stdin and nowhere to print to.
///
/// # Errors
/// Where it cannot be started.
pub fn start(invocation: &Invocation) -> Result<Beside, RunError> {
    let program = invocation.program.to_string_lossy().into_owned();
    let null = Stdio::null;
    let mut command = prepare(invocation);
    let child = command.stdin(null()).stdout(null()).stderr(null()).spawn();
    match child {
        Ok(child) => Ok(Beside { program, child }),
        Err(source) => Err(RunError::Start { program, source }),
    }
}

impl Beside {
    /// Says so where it has ended with a status that is not success.
    ///
    /// # Errors
    /// [`RunError::Failed`].
    pub fn check(&mut self) -> Result<(), RunError> {
        match self.child.try_wait() {
            Ok(Some(status)) if !status.success() => Err(RunError::Failed {
                program: self.program.clone(),
                status,
            }),
            _ => Ok(()),
        }
    }
}

/// Whether a process of this user has that number; where that cannot be told, it is believed.
#[must_use]
pub fn lives(pid: u32) -> bool {
    #[cfg(unix)]
    {
        let pid = i32::try_from(pid).ok();
        let process = pid.and_then(rustix::process::Pid::from_raw);
        process.is_some_and(|process| rustix::process::test_kill_process(process).is_ok())
    }
    #[cfg(not(unix))]
    {
        let _ = pid;
        true
    }
}

fn prepare(invocation: &Invocation) -> Command {
    log::debug!("running {}", invocation.program.to_string_lossy());
    let mut command = bare(&invocation.program);
    if !invocation.inherits_login {
        without_login(&mut command);
    }
    command.args(&invocation.args);
    command.envs(
        invocation
            .env
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_os_str())),
    );
    command
}

/// The password and the code of the login at hand are no business of git, of a hook or of a
/// password manager.
pub(super) fn without_login(command: &mut Command) {
    command
        .env_remove("FEDGIT_PASSWORD")
        .env_remove("FEDGIT_MFA_CODE");
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn bare(program: &OsStr) -> Command {
    Command::new(program)
}
