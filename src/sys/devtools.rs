//! A Chromium-family browser of our own, driven by the DevTools protocol over a pipe
//! (`--remote-debugging-pipe`): JSON messages that end in NUL, on the browser's file descriptors 3 and
//! 4. No port is opened, which any other program of this machine could talk to.
//!
//! No crate does that: chromiumoxide (mattsse/chromiumoxide#294) and headless_chrome know WebSockets
//! alone, and bring the whole protocol as code besides. Ten of its messages are needed here.
//! <https://chromedevtools.github.io/devtools-protocol/>

mod memory;
mod pipe;
mod profile;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use zeroize::Zeroizing;

use super::clock;
use super::signals::Signals;

pub use profile::holder;

/// As long as a browser on a busy machine takes to come up.
const UP: Duration = Duration::from_secs(60);

/// As long as one may take to write down its cookies and go, before it is ended.
const DOWN: Duration = Duration::from_secs(5);

/// How often the person's Ctrl-C is looked for.
const STEP: Duration = Duration::from_millis(50);

/// Why there is no browser to talk to.
#[derive(Debug, thiserror::Error)]
pub enum DevtoolsError {
    /// It could not be started.
    #[error("cannot start {program}: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It ended before it could be talked to.
    #[error("{program} ended at once ({status}){said}")]
    EndedAtOnce {
        /// The program.
        program: String,
        /// How.
        status: String,
        /// What it said, fit to print, after a colon; empty where nothing.
        said: String,
    },
    /// It found no display for its window.
    #[error("{program} found no display for its window{said}")]
    NoScreen {
        /// The program.
        program: String,
        /// What it said, as above.
        said: String,
    },
    /// It runs, and does not answer.
    #[error("{program} does not answer over its DevTools pipe")]
    Mute {
        /// The program.
        program: String,
    },
    /// Another process uses the profile.
    #[error("the browser profile {} is in use by {holder}", folder.display())]
    Busy {
        /// The profile's folder.
        folder: PathBuf,
        /// Who uses it.
        holder: String,
    },
}

/// What is started.
#[derive(Debug)]
pub struct Started<'a> {
    /// The browser.
    pub program: &'a Path,
    /// Arguments of the user's own, before ours.
    pub args: &'a [String],
    /// Its profile: a folder that nobody else uses.
    pub profile: &'a Path,
    /// Whether a person is to see it.
    pub window: bool,
    /// A folder that goes with it, the profile's or one above.
    pub forget: Option<&'a Path>,
}

/// A running browser. Dropping it ends it, with all that it started.
pub struct Browser {
    program: String,
    profile: PathBuf,
    forget: Option<PathBuf>,
    child: Child,
    to: Option<io::PipeWriter>,
    messages: Receiver<Message>,
    said: pipe::Said,
    signals: &'static Signals,
    last: u64,
}

/// How a browser ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Its status, with its reason where it told one; fit to print.
    pub how: String,
    /// Whether it failed, and nobody made it end.
    pub by_itself: bool,
}

/// Whether a person or the system ended it: by one of the signals that ask for that, or that a system
/// without memory sends.
fn was_ended(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;

        use rustix::process::Signal;
        let signals = [
            Signal::HUP,
            Signal::INT,
            Signal::QUIT,
            Signal::KILL,
            Signal::TERM,
        ];
        let is = |signal: Signal| {
            let number = signal.as_raw();
            // A script between us and it tells the signal so.
            status.signal() == Some(number) || status.code() == Some(128 + number)
        };
        signals.into_iter().any(is)
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}

/// What happened next.
#[derive(Debug)]
pub enum Happened {
    /// The browser said something.
    Said(Message),
    /// Nothing, in the time given.
    Nothing,
    /// The person or the system wants us to end.
    Interrupted,
    /// The browser has gone.
    Gone,
}

/// What a browser said; it may hold an assertion or cookies, so Debug shows nothing of it.
pub struct Message {
    text: Zeroizing<Vec<u8>>,
    about: About,
}

#[derive(Deserialize)]
struct About {
    id: Option<u64>,
    #[serde(default)]
    method: String,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("method", &self.about.method)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// `None` where it is not one of the protocol's.
    fn read(text: Zeroizing<Vec<u8>>) -> Option<Self> {
        let about = serde_json::from_slice(&text).ok()?;
        Some(Self { text, about })
    }

    /// The event's name; empty for an answer.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.about.method
    }

    /// Whether it answers the command with this number.
    #[must_use]
    pub fn answers(&self, id: u64) -> bool {
        self.about.id == Some(id)
    }

    /// An event's parameters; `None` where they are not of that form.
    #[must_use]
    pub fn params<T: DeserializeOwned>(&self) -> Option<T> {
        #[derive(Deserialize)]
        struct Event<T> {
            params: T,
        }
        let event: Event<T> = serde_json::from_slice(&self.text).ok()?;
        Some(event.params)
    }

    /// An answer's result; `None` where the command failed, or it is not of that form.
    #[must_use]
    pub fn result<T: DeserializeOwned>(&self) -> Option<T> {
        #[derive(Deserialize)]
        struct Answer<T> {
            result: T,
        }
        let answer: Answer<T> = serde_json::from_slice(&self.text).ok()?;
        Some(answer.result)
    }

    /// Why the command failed, in the browser's own words; empty where it did not say.
    #[must_use]
    pub fn refusal(&self) -> String {
        #[derive(Deserialize)]
        struct Answer {
            error: Refusal,
        }
        #[derive(Deserialize)]
        struct Refusal {
            message: String,
        }
        let answer: Option<Answer> = serde_json::from_slice(&self.text).ok();
        answer
            .map(|answer| answer.error.message)
            .unwrap_or_default()
    }
}

/// Starts a browser without a page. From now on what would end this process waits, so that the browser
/// does not outlive it.
///
/// # Errors
/// [`DevtoolsError`].
pub fn start(started: &Started<'_>) -> Result<Browser, DevtoolsError> {
    let program = started.program.display().to_string();
    profile::prepare(started.profile)?;
    let mut args: Vec<OsString> = started.args.iter().map(OsString::from).collect();
    let mut profile = OsString::from("--user-data-dir=");
    profile.push(started.profile);
    args.push(profile);
    args.extend(OWN.map(OsString::from));
    args.extend(memory::argument().map(OsString::from));
    if !started.window {
        // Its size is that of the next window: the usual one unseen is a small one.
        args.extend(["--headless=new", "--window-size=1200,880"].map(OsString::from));
    }
    let failed = |source| DevtoolsError::Start {
        program: program.clone(),
        source,
    };
    let seen = if started.window {
        "in a window"
    } else {
        "unseen"
    };
    log::debug!("running {program} {seen}");
    let signals = Signals::held().map_err(failed)?;
    let piped = match pipe::spawn(started.program, &args, &profile::dumps(started.profile)) {
        Ok(piped) => piped,
        Err(source) => {
            let _ = signals.release();
            return Err(failed(source));
        }
    };
    let mut browser = Browser {
        program,
        profile: started.profile.to_owned(),
        forget: started.forget.map(Path::to_owned),
        child: piped.child,
        to: Some(piped.to),
        messages: piped.messages,
        said: piped.said,
        signals,
        last: 0,
    };
    browser.greet()?;
    Ok(browser)
}

/// What it says where the display that is named is not there. ui/ozone/platform/, ui/aura/env.cc
const NO_SCREEN: &[&str] = &[
    "The platform failed to initialize",
    "Missing X server or $DISPLAY",
    "Failed to connect to Wayland display",
];

/// The mark of the line in which it gives itself up. It says much else that means nothing.
/// base/logging/log_severity.h
const FATAL: &str = ":FATAL:";

/// `--no-startup-window`: the address is told over the pipe, where no other program sees it.
///
/// `--password-store=basic`: what a desktop's keyring keeps the key of is lost to a run outside that
/// session (ssh, cron), and a locked one would ask for its password although nobody is to be asked.
const OWN: [&str; 7] = [
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
    "--hide-crash-restore-bubble",
    "--password-store=basic",
];

impl Browser {
    /// Sends a command; its number, by which the answer is known. Where the browser has gone that shows
    /// in what happens next.
    pub fn send(&mut self, method: &str, params: &serde_json::Value) -> u64 {
        self.send_to(None, method, params)
    }

    /// The same, to the page with this session.
    pub fn send_to(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: &serde_json::Value,
    ) -> u64 {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": params });
        if let (Some(session), Some(fields)) = (session, command.as_object_mut()) {
            fields.insert("sessionId".to_owned(), session.into());
        }
        let mut bytes = Zeroizing::new(command.to_string().into_bytes());
        bytes.push(0);
        if let Some(to) = &mut self.to {
            let _ = to.write_all(&bytes);
        }
        self.last
    }

    /// What happens within this time.
    pub fn next(&mut self, within: Duration) -> Happened {
        let began = clock::start();
        loop {
            if self.signals.came() {
                return Happened::Interrupted;
            }
            let left = within.saturating_sub(began.elapsed());
            match self.messages.recv_timeout(left.min(STEP)) {
                Ok(message) => return Happened::Said(message),
                Err(RecvTimeoutError::Disconnected) => return Happened::Gone,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Happened::Nothing,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// The answer to a command, whatever happens meanwhile; `None` where there is none.
    pub fn answer(&mut self, id: u64) -> Option<Message> {
        let began = clock::start();
        while let Some(left) = UP.checked_sub(began.elapsed()) {
            match self.next(left) {
                Happened::Said(message) if message.answers(id) => return Some(message),
                Happened::Said(_) => {}
                Happened::Nothing | Happened::Interrupted | Happened::Gone => return None,
            }
        }
        None
    }

    /// How it ended; `None` where it still runs.
    pub fn ended(&mut self) -> Option<Ended> {
        let status = self.ended_within(DOWN)?;
        Some(Ended {
            how: format!("{status}{}", self.said.whole().last_line_with(FATAL)),
            by_itself: !status.success() && !was_ended(status),
        })
    }

    /// Lets it write down its cookies and go.
    pub fn close(mut self) {
        self.leave();
    }

    /// Waits until it can be talked to.
    fn greet(&mut self) -> Result<(), DevtoolsError> {
        let asked = self.send("Browser.getVersion", &json!({}));
        if self.answer(asked).is_some() || self.signals.came() {
            return Ok(());
        }
        let program = self.program.clone();
        let Some(status) = self.ended_within(DOWN) else {
            return Err(DevtoolsError::Mute { program });
        };
        let said = self.said.whole().last_line();
        if self.said.tells(NO_SCREEN) {
            return Err(DevtoolsError::NoScreen { program, said });
        }
        Err(DevtoolsError::EndedAtOnce {
            program,
            status: status.to_string(),
            said,
        })
    }

    fn leave(&mut self) {
        self.send("Browser.close", &json!({}));
        // It goes also when nobody holds the other end.
        self.to = None;
        if self.ended_within(DOWN).is_none() {
            self.end();
        }
    }

    fn ended_within(&mut self, time: Duration) -> Option<ExitStatus> {
        let began = clock::start();
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if began.elapsed() >= time {
                return None;
            }
            // Nobody else empties the pipe that it writes into.
            let _ = self.messages.recv_timeout(Duration::from_millis(10));
            if matches!(self.child.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    fn end(&mut self) {
        pipe::kill(&mut self.child);
        // Its own lock on the profile stays behind where it is killed.
        profile::unlock(&self.profile);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            self.leave();
        }
        profile::unlock(&self.profile);
        profile::remove(&profile::dumps(&self.profile));
        if let Some(folder) = &self.forget {
            profile::remove(folder);
        }
        // What came meanwhile ends this process now.
        let _ = self.signals.release();
    }
}
