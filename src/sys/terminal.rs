//! The controlling terminal itself: where a question reaches the person although an AWS SDK holds
//! stdin, stdout and stderr, and git holds stdin as its own protocol pipe.

use std::io;

use secrecy::SecretString;

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

/// Whether the typed characters are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// Shown, for a user name.
    On,
    /// Hidden, for a password.
    Off,
}

/// The longest line that is taken: far over any password, far under a memory problem.
const LONGEST_LINE: usize = 4096;

/// Asks on the controlling terminal and waits at most `limit_seconds` for the line.
///
/// # Errors
/// `NotFound` where this process has no controlling terminal; otherwise what the terminal said.
pub fn ask(prompt: &str, echo: Echo, limit_seconds: u32) -> io::Result<Reply> {
    platform::ask(prompt, echo, limit_seconds)
}

#[cfg(unix)]
mod platform {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Read, Write};
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, OnceLock};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios};
    use rustix::termios::{tcgetattr, tcsetattr};
    use secrecy::SecretString;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::low_level::emulate_default_handler;
    use zeroize::{Zeroize, Zeroizing};

    use super::{Echo, LONGEST_LINE, Reply};

    pub(super) fn ask(prompt: &str, echo: Echo, limit_seconds: u32) -> io::Result<Reply> {
        let mut tty = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .map_err(|e| io::Error::new(io::ErrorKind::NotFound, e))?;
        // A background job that touches the terminal's modes is stopped by the kernel, in silence:
        // to the person that looks like a hang.
        if nix::unistd::tcgetpgrp(&tty)? != nix::unistd::getpgrp() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "this process runs in the background of its terminal",
            ));
        }
        let signals = Signals::held()?;
        let modes = CharacterMode::enter(&tty)?;
        tty.write_all(prompt.as_bytes())?;
        let reply = read_line(&mut tty, echo, limit_seconds, signals);
        drop(modes);
        // Now whatever ends us may do so.
        signals.release()?;
        tty.write_all(b"\n")?;
        reply
    }

    /// Signals that would end us wait until the terminal is as it was: a shell without echo, and
    /// without Ctrl-C, is what they would leave behind.
    struct Signals {
        /// Whether the default action may happen at once.
        idle: Arc<AtomicBool>,
        /// The signal that came meanwhile.
        came: Arc<AtomicUsize>,
    }

    impl Signals {
        /// Registered once and for all: a handler cannot be taken back, only made to do nothing.
        fn held() -> io::Result<&'static Self> {
            static SIGNALS: OnceLock<Signals> = OnceLock::new();
            let signals = match SIGNALS.get() {
                Some(signals) => signals,
                None => {
                    let idle = Arc::new(AtomicBool::new(false));
                    let came = Arc::new(AtomicUsize::new(0));
                    for signal in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] {
                        flag::register_conditional_default(signal, Arc::clone(&idle))?;
                        let number = usize::try_from(signal).unwrap_or_default();
                        flag::register_usize(signal, Arc::clone(&came), number)?;
                    }
                    SIGNALS.get_or_init(|| Self { idle, came })
                }
            };
            signals.idle.store(false, Ordering::SeqCst);
            Ok(signals)
        }

        fn came(&self) -> bool {
            self.came.load(Ordering::SeqCst) != 0
        }

        fn release(&self) -> io::Result<()> {
            self.idle.store(true, Ordering::SeqCst);
            match i32::try_from(self.came.swap(0, Ordering::SeqCst)) {
                Ok(signal) if signal != 0 => emulate_default_handler(signal),
                _ => Ok(()),
            }
        }
    }

    /// Keys one by one, unechoed, Ctrl-C as a byte and not a signal. Restored on drop.
    struct CharacterMode {
        tty: File,
        before: Termios,
    }

    impl CharacterMode {
        fn enter(tty: &File) -> io::Result<Self> {
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
        // Never reallocated, so no copy of the secret is left behind in freed memory.
        let mut line = Zeroizing::new(Vec::<u8>::with_capacity(LONGEST_LINE));
        loop {
            let mut ready = [PollFd::new(&*tty, PollFlags::IN)];
            let limit = Timespec {
                tv_sec: i64::from(limit_seconds),
                tv_nsec: 0,
            };
            match poll(&mut ready, Some(&limit)) {
                Ok(0) => return Ok(Reply::TimedOut),
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) if !signals.came() => continue,
                Err(rustix::io::Errno::INTR) => return Ok(Reply::Interrupted),
                Err(e) => return Err(e.into()),
            }
            let mut byte = [0_u8; 1];
            if tty.read(&mut byte)? == 0 {
                return Ok(Reply::Interrupted);
            }
            match byte[0] {
                b'\r' | b'\n' => break,
                // Ctrl-C, Ctrl-\; Ctrl-D on an empty line.
                0x03 | 0x1c => return Ok(Reply::Interrupted),
                0x04 if line.is_empty() => return Ok(Reply::Interrupted),
                0x04 => {}
                // Backspace in both spellings: the last character, which may be several bytes.
                0x08 | 0x7f => {
                    let cut = last_character(&line);
                    if echo == Echo::On && cut < line.len() {
                        tty.write_all(b"\x08 \x08")?;
                    }
                    line.truncate(cut);
                }
                // Ctrl-U: the whole line.
                0x15 => {
                    if echo == Echo::On {
                        let shown = String::from_utf8_lossy(&line).chars().count();
                        tty.write_all("\x08 \x08".repeat(shown).as_bytes())?;
                    }
                    line.clear();
                }
                other if line.len() < LONGEST_LINE => {
                    line.push(other);
                    if echo == Echo::On {
                        tty.write_all(&byte)?;
                    }
                }
                _ => {}
            }
            byte.zeroize();
        }
        let text = std::str::from_utf8(&line).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "what was typed is not UTF-8")
        })?;
        Ok(Reply::Line(SecretString::from(text)))
    }

    fn last_character(line: &[u8]) -> usize {
        let mut cut = line.len().saturating_sub(1);
        while cut > 0 && line[cut] & 0b1100_0000 == 0b1000_0000 {
            cut -= 1;
        }
        cut
    }
}

#[cfg(not(unix))]
mod platform {
    use std::io;

    use super::{Echo, Reply};

    pub(super) fn ask(prompt: &str, echo: Echo, _limit_seconds: u32) -> io::Result<Reply> {
        use secrecy::SecretString;
        // The `console` crate under dialoguer reads the console device.
        let answer = match echo {
            Echo::Off => dialoguer::Password::new().with_prompt(prompt).interact(),
            Echo::On => dialoguer::Input::<String>::new()
                .with_prompt(prompt)
                .interact_text(),
        };
        match answer {
            Ok(line) => Ok(Reply::Line(SecretString::from(line))),
            Err(dialoguer::Error::IO(e)) if e.kind() == io::ErrorKind::Interrupted => {
                Ok(Reply::Interrupted)
            }
            Err(dialoguer::Error::IO(e)) => Err(e),
        }
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

/// Whether stdin and stderr are both a person's terminal: the condition for a dialogue.
#[must_use]
pub fn is_interactive() -> bool {
    use std::io::IsTerminal;
    io::stdin().is_terminal() && io::stderr().is_terminal()
}
