//! What gives the terminal back where nothing else can. Some SDKs end a `credential_process` that takes
//! a minute by SIGKILL, which nobody can catch: a question would leave the terminal without echo. So a
//! second process waits beside the question, out of that signal's way, for the first one to end.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{SigSet, Signal};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::sys::lock::Lock;
use crate::sys::{process, programs};

/// What the second process is started with.
pub const ARGUMENT: &str = "guard-terminal";

/// The second process, seen from the first. It goes when this is dropped.
pub(super) struct Guard(Child);

impl Guard {
    /// Starts it, and waits until it knows the terminal's modes. It holds the terminal's lock as long
    /// as it runs: the next question must not take the modes that this one leaves for the usual ones,
    /// nor have its own taken away.
    pub(super) fn start(lock: Option<&Lock>) -> io::Result<Self> {
        let held = match lock {
            // What it would say there nobody reads.
            Some(lock) => Stdio::from(lock.shared()?),
            None => Stdio::null(),
        };
        let program = programs::current_exe()?;
        let mut command: Command = process::bare(OsStr::new(&program));
        process::without_login(&mut command);
        // Whoever ends the whole group of the first process does not mean this one.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(held)
            .spawn()?;
        if let Some(mut ready) = child.stdout.take() {
            // Its end, where it could not: then there is no guard, and a question all the same.
            let _ = ready.read(&mut [0])?;
        }
        Ok(Self(child))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(mut stdin) = self.0.stdin.take() {
            let _ = stdin.write_all(b".");
        }
        let _ = self.0.wait();
    }
}

/// What the second process does.
///
/// # Errors
/// What the terminal says.
pub fn run() -> io::Result<()> {
    // It is in the background, where the kernel would stop whoever changes the modes.
    let mut background = SigSet::empty();
    background.add(Signal::SIGTTOU);
    background.thread_block()?;
    let tty: File = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let before = tcgetattr(&tty)?;
    let mut ready = io::stdout();
    ready.write_all(b".")?;
    ready.flush()?;
    // Nothing before its end: the first process did not come to say that all is well.
    if io::stdin().read(&mut [0])? > 0 {
        return Ok(());
    }
    let held = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
    if tcgetattr(&tty)?.local_modes.intersects(held) {
        // Somebody else has set them since.
        return Ok(());
    }
    // Flush: a part of a password is not for the shell.
    tcsetattr(&tty, OptionalActions::Flush, &before)?;
    Ok(())
}
