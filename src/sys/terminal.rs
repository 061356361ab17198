//! The controlling terminal itself: where a question reaches the person although an AWS SDK holds
//! stdin, stdout and stderr, and git holds stdin as its own protocol pipe.

#[cfg(unix)]
pub mod guard;
#[cfg(unix)]
mod line;
#[cfg(unix)]
mod paste;

use std::io;

#[cfg(not(unix))]
use secrecy::ExposeSecret;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::lock::Lock;

/// What became of a question.
#[derive(Debug)]
pub enum Reply {
    /// The person's line, without its line end.
    Line(SecretString),
    /// Ctrl-C, or the terminal was closed.
    Interrupted,
    /// Nobody answered within the limit.
    TimedOut,
}

/// What became of a text to be pasted. Without Debug on purpose.
pub enum Pasted {
    /// What came before the person's Enter.
    Text(Zeroizing<Vec<u8>>),
    /// More than is taken.
    TooLong,
    /// Ctrl-C, or the terminal was closed.
    Interrupted,
    /// Nobody did anything within the limit.
    TimedOut,
}

/// Asks on the controlling terminal for a text of up to `longest` bytes, perhaps of several lines, which
/// is not shown; for at most `limit_seconds` without a key.
///
/// # Errors
/// As [`ask`].
pub fn paste(prompt: &str, longest: usize, limit_seconds: u32) -> io::Result<Pasted> {
    #[cfg(unix)]
    {
        paste::paste(prompt, longest, limit_seconds)
    }
    #[cfg(not(unix))]
    {
        // One line, as long as the console takes it.
        Ok(match ask(prompt, Echo::Off, limit_seconds, None)? {
            Reply::Line(line) if line.expose_secret().len() > longest => Pasted::TooLong,
            Reply::Line(line) => {
                Pasted::Text(Zeroizing::new(line.expose_secret().as_bytes().to_vec()))
            }
            Reply::Interrupted => Pasted::Interrupted,
            Reply::TimedOut => Pasted::TimedOut,
        })
    }
}

/// Writes lines to the terminal that this process belongs to, whoever has its stdout and stderr.
///
/// # Errors
/// Where there is none, or it is not ours to use now.
pub fn tell(text: &str) -> io::Result<()> {
    io::Write::write_all(&mut platform::open()?, text.as_bytes())
}

/// Whether the typed characters are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// Shown, for a user name.
    On,
    /// Hidden, for a password.
    Off,
}

/// Asks on the controlling terminal and waits at most `limit_seconds` for the line. Where questions come
/// one after the other by a lock, the lock is held until the terminal is as it was, whatever happens.
///
/// # Errors
/// `NotFound` where this process has no controlling terminal; otherwise what the terminal said.
pub fn ask(prompt: &str, echo: Echo, limit_seconds: u32, lock: Option<&Lock>) -> io::Result<Reply> {
    platform::ask(prompt, echo, limit_seconds, lock)
}

/// Whether there is a controlling terminal that this process may use.
#[must_use]
pub fn is_ours() -> bool {
    platform::open().is_ok()
}

#[cfg(unix)]
mod platform {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Read, Write};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios};
    use rustix::termios::{tcgetattr, tcsetattr};
    use secrecy::SecretString;
    use zeroize::Zeroizing;

    use super::guard::Guard;
    use super::line::{Line, Meaning};
    use super::{Echo, Reply};
    use crate::sys::lock::Lock;
    use crate::sys::signals::Signals;

    /// Within this comes the rest of what one key sends.
    const AT_ONCE: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };

    /// The controlling terminal, where this process may use it.
    pub(super) fn open() -> io::Result<File> {
        let not_found =
            |why: &dyn ToString| io::Error::new(io::ErrorKind::NotFound, why.to_string());
        let tty = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .map_err(|e| not_found(&e))?;
        // A background job that touches the terminal's modes is stopped by the kernel, in silence:
        // to the person that looks like a hang.
        let group = nix::unistd::tcgetpgrp(&tty).map_err(|e| not_found(&e))?;
        if group != nix::unistd::getpgrp() {
            return Err(not_found(
                &"this process runs in the background of its terminal",
            ));
        }
        Ok(tty)
    }

    pub(super) fn ask(
        prompt: &str,
        echo: Echo,
        limit_seconds: u32,
        lock: Option<&Lock>,
    ) -> io::Result<Reply> {
        let mut tty = open()?;
        // A question without it is better than none.
        let guard = Guard::start(lock).ok();
        let signals = Signals::held()?;
        let reply = CharacterMode::enter(&tty).and_then(|_modes| {
            tty.write_all(prompt.as_bytes())?;
            read_line(&mut tty, echo, limit_seconds, signals)
        });
        drop(guard);
        // Now whatever ends us may do so.
        signals.release()?;
        // Nobody looks at a terminal that is gone.
        let _ = tty.write_all(b"\n");
        reply
    }

    /// Keys one by one, unechoed, Ctrl-C as a byte and not a signal. Restored on drop.
    pub(super) struct CharacterMode {
        tty: File,
        before: Termios,
    }

    impl CharacterMode {
        pub(super) fn enter(tty: &File) -> io::Result<Self> {
            let before = tcgetattr(tty)?;
            let mut modes = before.clone();
            modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
            modes.special_codes[SpecialCodeIndex::VMIN] = 1;
            modes.special_codes[SpecialCodeIndex::VTIME] = 0;
            // Flush: what was typed before the question was not meant as its answer.
            tcsetattr(tty, OptionalActions::Flush, &modes)?;
            Ok(Self {
                tty: tty.try_clone()?,
                before,
            })
        }
    }

    impl Drop for CharacterMode {
        fn drop(&mut self) {
            let _ = tcsetattr(&self.tty, OptionalActions::Drain, &self.before);
        }
    }

    fn read_line(
        tty: &mut File,
        echo: Echo,
        limit_seconds: u32,
        signals: &Signals,
    ) -> io::Result<Reply> {
        let mut line = Line::new();
        loop {
            let mut ready = [PollFd::new(&*tty, PollFlags::IN)];
            let within = line.is_within_a_sequence();
            let limit = match within {
                true => AT_ONCE,
                false => Timespec {
                    tv_sec: i64::from(limit_seconds),
                    tv_nsec: 0,
                },
            };
            let meaning = match poll(&mut ready, Some(&limit)) {
                Ok(0) if within => line.end_sequence(),
                Ok(0) => return Ok(Reply::TimedOut),
                Ok(_) => {
                    let mut byte = Zeroizing::new([0_u8; 1]);
                    match tty.read(&mut *byte) {
                        Ok(1..) => line.take(byte[0]),
                        // The terminal was closed: at its end on some systems, an error on others.
                        Ok(0) => return Ok(Reply::Interrupted),
                        Err(e) if hung_up(&e) => return Ok(Reply::Interrupted),
                        Err(e) => return Err(e),
                    }
                }
                Err(rustix::io::Errno::INTR) if !signals.came() => continue,
                Err(rustix::io::Errno::INTR) => return Ok(Reply::Interrupted),
                Err(e) => return Err(e.into()),
            };
            match meaning {
                Meaning::Done => break,
                Meaning::Interrupted => return Ok(Reply::Interrupted),
                Meaning::Typed(byte) if echo == Echo::On => tty.write_all(&[byte])?,
                Meaning::Erased(characters) if echo == Echo::On => {
                    tty.write_all("\x08 \x08".repeat(characters).as_bytes())?;
                }
                Meaning::Useless => tty.write_all(b"\x07")?,
                Meaning::Anew(why) => tty.write_all(format!("\x07\nfedgit: {why}").as_bytes())?,
                Meaning::Nothing | Meaning::Typed(_) | Meaning::Erased(_) => {}
            }
        }
        let text = std::str::from_utf8(line.text()).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "what was typed is not UTF-8")
        })?;
        Ok(Reply::Line(SecretString::from(text)))
    }

    pub(super) fn hung_up(error: &io::Error) -> bool {
        error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs::{File, OpenOptions};
    use std::io::{self, BufRead, BufReader, Write};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use secrecy::SecretString;

    use super::{Echo, Reply};
    use crate::sys::lock::Lock;

    /// The console itself, whatever stdin and stdout are.
    pub(super) fn open() -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open("CONIN$")
            .map_err(|e| io::Error::new(io::ErrorKind::NotFound, e))
    }

    pub(super) fn ask(
        prompt: &str,
        echo: Echo,
        limit_seconds: u32,
        _lock: Option<&Lock>,
    ) -> io::Result<Reply> {
        let console = open()?;
        let mut screen = OpenOptions::new().write(true).open("CONOUT$")?;
        screen.write_all(prompt.as_bytes())?;
        let (told, reply) = mpsc::channel();
        // A console cannot be read within a time. Where nobody answers, the thread ends with us.
        thread::spawn(move || {
            let line = match echo {
                Echo::Off => rpassword::read_password(),
                Echo::On => line(console),
            };
            let _ = told.send(line.map(SecretString::from));
        });
        match reply.recv_timeout(Duration::from_secs(u64::from(limit_seconds))) {
            Ok(Ok(line)) => Ok(Reply::Line(line)),
            Ok(Err(e)) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(Reply::Interrupted),
            Ok(Err(e)) => Err(e),
            Err(_) => Ok(Reply::TimedOut),
        }
    }

    fn line(console: File) -> io::Result<String> {
        let mut line = String::new();
        if BufReader::new(console).read_line(&mut line)? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// A number for the controlling terminal: that of the session that it controls, or 0 where the
/// session's leader is outside of this process namespace (a container's, say).
#[must_use]
pub fn session() -> i32 {
    #[cfg(unix)]
    {
        nix::unistd::getsid(None).map_or(0, nix::unistd::Pid::as_raw)
    }
    #[cfg(not(unix))]
    {
        0
    }
}

/// Whether a process is in the session of this terminal, so that the person here sees what it asks.
#[must_use]
pub fn has(process: u32) -> bool {
    #[cfg(unix)]
    {
        let its = i32::try_from(process).map(nix::unistd::Pid::from_raw);
        let its = its.ok().and_then(|it| nix::unistd::getsid(Some(it)).ok());
        its.is_some() && its == nix::unistd::getsid(None).ok()
    }
    #[cfg(not(unix))]
    {
        let _ = process;
        false
    }
}

/// Whether stdin and stderr are both a person's terminal: the condition for a dialogue.
#[must_use]
pub fn is_interactive() -> bool {
    use std::io::IsTerminal;
    io::stdin().is_terminal() && io::stderr().is_terminal()
}
