//! A program among several at once: nothing on stdin, what it says is kept, and Ctrl-C ends it as it
//! would end by itself, so that it takes away what it has half done.

use std::io::Read;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use super::{Invocation, RunError, prepare};
use crate::sys::signals::Signals;

/// How often a program is looked after.
const STEP: Duration = Duration::from_millis(20);

/// How long one that was told to end may take to tidy up, in steps.
const LAST_STEPS: u32 = 500;

/// Of what a program says the end is kept: that is where it says why it failed.
const KEPT: usize = 16 << 10;

/// What a git above us leaves to its hooks and aliases: a git of ours in another folder would work
/// on that one's repository.
const ANOTHER_PLACE: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// Ctrl-C and its like, held back until everything that runs has ended.
#[derive(Clone, Copy)]
pub struct Interrupts(&'static Signals);

impl std::fmt::Debug for Interrupts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupts")
    }
}

impl Interrupts {
    /// From now on they wait.
    ///
    /// # Errors
    /// Where no handler can be set.
    pub fn held() -> std::io::Result<Self> {
        Signals::held().map(Self)
    }

    /// Whether one came.
    #[must_use]
    pub fn came(self) -> bool {
        self.0.came()
    }

    /// From now on they end this process; one that waits does so at once.
    ///
    /// # Errors
    /// What the system says.
    pub fn release(self) -> std::io::Result<()> {
        self.0.release()
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status; `None` where it was interrupted.
    pub status: Option<ExitStatus>,
    /// What it printed.
    pub out: String,
    /// The end of what it said.
    pub said: String,
}

/// Runs a program in a folder to its end.
///
/// # Errors
/// Where it cannot be started.
pub fn watched(
    invocation: &Invocation,
    folder: Option<&Path>,
    interrupts: Interrupts,
) -> Result<Ended, RunError> {
    let mut command = prepare(invocation);
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    for name in ANOTHER_PLACE {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let start = |source| RunError::Start {
        program: invocation.program.to_string_lossy().into_owned(),
        source,
    };
    let mut child = command.spawn().map_err(start)?;
    let out = child
        .stdout
        .take()
        .map(|pipe| thread::spawn(move || end_of(pipe)));
    let said = child
        .stderr
        .take()
        .map(|pipe| thread::spawn(move || end_of(pipe)));
    let (status, stopped) = wait(&mut child, interrupts).map_err(start)?;
    let text = |reader: Option<thread::JoinHandle<String>>| {
        reader
            .and_then(|reader| reader.join().ok())
            .unwrap_or_default()
    };
    Ok(Ended {
        status: (!stopped).then_some(status),
        out: text(out),
        said: text(said),
    })
}

/// How it ended, and whether that was because of an interrupt.
fn wait(child: &mut Child, interrupts: Interrupts) -> std::io::Result<(ExitStatus, bool)> {
    let mut told = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, told.is_some()));
        }
        match told {
            None if interrupts.came() => {
                end(child);
                told = Some(0);
            }
            Some(LAST_STEPS) => child.kill()?,
            _ => {}
        }
        told = told.map(|steps: u32| steps.saturating_add(1));
        thread::sleep(STEP);
    }
}

#[cfg(unix)]
fn end(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    // git takes away what it had begun, as at Ctrl-C.
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

/// Elsewhere than on Unix Ctrl-C reaches it by itself.
#[cfg(not(unix))]
fn end(_: &Child) {}

fn end_of(mut pipe: impl Read) -> String {
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        kept.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}
