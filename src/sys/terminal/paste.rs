//! A long text pasted into the terminal: more than the line of 4096 bytes that the kernel edits, and
//! perhaps with line ends in it, which must not run in the shell afterwards.

use std::fs::File;
use std::io::{self, Read, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{QueueSelector, tcflush};
use zeroize::Zeroizing;

use super::Pasted;
use super::guard::Guard;
use super::platform::{CharacterMode, hung_up, open};
use crate::sys::signals::Signals;

/// The terminal marks what is pasted; one that does not know that says nothing of it.
const MARKED: &[u8] = b"\x1b[?2004h";
const UNMARKED: &[u8] = b"\x1b[?2004l";
const START: &[u8] = b"[200~";
const END: &[u8] = b"[201~";

/// Nothing more within this after a line end: then it was the person's Enter, and none of the text's.
const PAUSE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 400_000_000,
};

pub(super) fn paste(prompt: &str, longest: usize, limit_seconds: u32) -> io::Result<Pasted> {
    let mut tty = open()?;
    let guard = Guard::start(None).ok();
    let signals = Signals::held()?;
    let pasted = CharacterMode::enter(&tty).and_then(|_modes| {
        tty.write_all(prompt.as_bytes())?;
        tty.write_all(MARKED)?;
        let text = read(&mut tty, longest, limit_seconds, signals);
        let _ = tty.write_all(UNMARKED);
        // The rest of what was too long, or came late, is not for the shell.
        let _ = tcflush(&tty, QueueSelector::IFlush);
        text
    });
    drop(guard);
    signals.release()?;
    let _ = tty.write_all(b"\n");
    pasted
}

/// What a byte means, with what came before it.
#[derive(Default)]
struct Reading {
    text: Zeroizing<Vec<u8>>,
    longest: usize,
    too_long: bool,
    /// Within the terminal's marks.
    marked: bool,
    /// A control sequence after ESC, as far as it came.
    sequence: Option<Vec<u8>>,
    /// Whether the last byte was a line end outside of the marks.
    entered: bool,
}

enum Means {
    More,
    Interrupt,
}

impl Reading {
    fn new(longest: usize) -> Self {
        Self {
            // Never reallocated, so no copy is left behind in freed memory.
            text: Zeroizing::new(Vec::with_capacity(longest)),
            longest,
            ..Self::default()
        }
    }

    fn take(&mut self, byte: u8) -> Means {
        self.entered = false;
        if let Some(sequence) = &mut self.sequence {
            sequence.push(byte);
            let ends = sequence.len() > 1 && (0x40..=0x7e).contains(&byte);
            if ends || sequence.len() > 16 {
                match sequence.as_slice() {
                    START => self.marked = true,
                    END => self.marked = false,
                    _ => {}
                }
                self.sequence = None;
            }
            return Means::More;
        }
        match byte {
            0x1b => self.sequence = Some(Vec::new()),
            // Ctrl-C, Ctrl-\ and Ctrl-D; nothing of the kind is in a response.
            0x03 | 0x1c | 0x04 => return Means::Interrupt,
            // Ctrl-U: anew.
            0x15 if !self.marked => self.text.clear(),
            0x08 | 0x7f if !self.marked => {
                self.text.pop();
            }
            b'\r' | b'\n' if !self.marked => {
                self.entered = true;
                self.push(b'\n');
            }
            other => self.push(other),
        }
        Means::More
    }

    fn push(&mut self, byte: u8) {
        if self.text.len() < self.longest {
            self.text.push(byte);
        } else {
            self.too_long = true;
        }
    }

    /// Whether there is anything but line ends.
    fn is_something(&self) -> bool {
        self.text.iter().any(|byte| !byte.is_ascii_whitespace())
    }
}

fn read(
    tty: &mut File,
    longest: usize,
    limit_seconds: u32,
    signals: &Signals,
) -> io::Result<Pasted> {
    let mut reading = Reading::new(longest);
    let mut part = Zeroizing::new([0_u8; 4096]);
    let long = Timespec {
        tv_sec: i64::from(limit_seconds),
        tv_nsec: 0,
    };
    loop {
        let done = reading.entered && reading.is_something();
        let mut ready = [PollFd::new(&*tty, PollFlags::IN)];
        match poll(&mut ready, Some(if done { &PAUSE } else { &long })) {
            Ok(0) if done && reading.too_long => return Ok(Pasted::TooLong),
            Ok(0) if done => return Ok(Pasted::Text(reading.text)),
            Ok(0) => return Ok(Pasted::TimedOut),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) if !signals.came() => continue,
            Err(rustix::io::Errno::INTR) => return Ok(Pasted::Interrupted),
            Err(e) => return Err(e.into()),
        }
        let length = match tty.read(&mut *part) {
            Ok(0) => return Ok(Pasted::Interrupted),
            Ok(length) => length,
            Err(e) if hung_up(&e) => return Ok(Pasted::Interrupted),
            Err(e) => return Err(e),
        };
        for byte in part.iter().take(length) {
            if let Means::Interrupt = reading.take(*byte) {
                return Ok(Pasted::Interrupted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(keys: &[u8]) -> (String, bool, bool) {
        let mut reading = Reading::new(20);
        for key in keys {
            if let Means::Interrupt = reading.take(*key) {
                return ("interrupted".to_owned(), false, false);
            }
        }
        let text = String::from_utf8(reading.text.to_vec()).unwrap();
        (text, reading.entered, reading.too_long)
    }

    #[test]
    fn line_ends_within_the_marks_are_the_texts() {
        let read = |keys: &[u8]| read(keys);
        assert_eq!(read(b"QUJD\r"), ("QUJD\n".to_owned(), true, false));
        assert_eq!(
            read(b"\x1b[200~QU\rJD\r"),
            ("QU\rJD\r".to_owned(), false, false)
        );
        assert_eq!(
            read(b"\x1b[200~QU\nJD\x1b[201~\n"),
            ("QU\nJD\n".to_owned(), true, false)
        );
        // An arrow key is no text; Ctrl-U begins anew; Ctrl-C ends.
        assert_eq!(
            read(b"A\x1b[DB\x15QQ\x7f\r"),
            ("Q\n".to_owned(), true, false)
        );
        assert_eq!(read(b"A\x03").0, "interrupted");
        let (text, _, too_long) = read(&[b'A'; 21]);
        assert_eq!((text.len(), too_long), (20, true));
    }
}
