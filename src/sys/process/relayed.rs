//! A program in our place: it has our stdin, stdout and stderr, and the signals that reach us.

use std::process::ExitStatus;

use super::{Invocation, RunError, prepare};

/// Runs a program to its end. What would end us is passed on to it: whoever started us knows us alone.
///
/// # Errors
/// Where it cannot be started.
pub fn relayed(invocation: &Invocation) -> Result<ExitStatus, RunError> {
    ended(invocation).map_err(|source| RunError::Start {
        program: invocation.program.to_string_lossy().into_owned(),
        source,
    })
}

#[cfg(unix)]
fn ended(invocation: &Invocation) -> std::io::Result<ExitStatus> {
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;

    use crate::sys::{relatives, signals};

    // One that a question of ours has caught is not to end us either.
    let held = signals::Signals::held()?;
    // Whoever started us (nohup, or a shell in the background) wants some of them ignored.
    let ignored = relatives::ignored_signals();
    let heeded = [SIGTERM, SIGHUP, SIGINT, SIGQUIT];
    let heeded = heeded.into_iter();
    let mut signals = Signals::new(heeded.filter(|signal| ignored & (1 << (signal - 1)) == 0))?;
    let mut child = prepare(invocation).spawn()?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let handle = signals.handle();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for signal in signals.forever() {
                if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(signal)) {
                    let _ = kill_process(pid, signal);
                }
            }
        });
        let status = child.wait();
        handle.close();
        held.pass_over();
        status
    })
}

/// Elsewhere than on Unix Ctrl-C reaches it by itself.
#[cfg(not(unix))]
fn ended(invocation: &Invocation) -> std::io::Result<ExitStatus> {
    prepare(invocation).status()
}
