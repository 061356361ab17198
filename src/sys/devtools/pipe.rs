//! A program with a pipe on each of its file descriptors 3 and 4, in a process group of its own: a
//! terminal's Ctrl-C is ours to answer, and it can be ended with all that it started.

use std::convert::Infallible;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::Message;
use crate::format::printable::printable;
use crate::sys::process::{bare, without_login};

/// A form with an assertion, told twice, and in JSON. What is larger is not listened to: the browser then
/// waits with that request, and any page can make one.
const LARGEST: usize = 16 << 20;

/// How an answer begins. After one that is too large nothing is heard: somebody waits for it.
const ANSWER: &[u8] = br#"{"id":"#;

/// What of a program's talk is kept: it ends with the reason where it does not start.
const TALK: usize = 4096;

/// The variable that names the folder for dumps. chrome/app/chrome_crash_reporter_client.cc
#[cfg_attr(not(unix), expect(dead_code, reason = "no browser is driven there"))]
const DUMPS: &str = "BREAKPAD_DUMP_LOCATION";

/// How long the rest of it may take to be read.
const REST: Duration = Duration::from_secs(1);

/// The program, with our ends of its pipes.
pub(super) struct Piped {
    pub(super) child: Child,
    pub(super) to: io::PipeWriter,
    pub(super) messages: Receiver<Message>,
    pub(super) said: Said,
}

/// The end of what a program said on stderr.
pub(super) struct Said {
    text: Arc<Mutex<Vec<u8>>>,
    /// Nothing comes by it: it breaks off with the program's last word.
    last_word: Receiver<Infallible>,
}

#[cfg(unix)]
pub(super) fn spawn(program: &Path, args: &[OsString], dumps: &Path) -> io::Result<Piped> {
    use std::os::unix::process::CommandExt;

    use command_fds::{CommandFdExt, FdMapping};

    let (its_input, to) = io::pipe()?;
    let (from, its_output) = io::pipe()?;
    let mut command = bare(program.as_os_str());
    without_login(&mut command);
    command
        .args(args)
        .env(DUMPS, dumps)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0);
    let mapped = |parent_fd, child_fd| FdMapping {
        parent_fd,
        child_fd,
    };
    command
        .fd_mappings(vec![
            mapped(its_input.into(), 3),
            mapped(its_output.into(), 4),
        ])
        .map_err(|_| io::Error::other("two pipes for one number"))?;
    let mut child = command.spawn()?;
    // With it go our copies of its ends, so that ours end with it.
    drop(command);
    Ok(Piped {
        said: Said::of(&mut child),
        child,
        to,
        messages: messages(from),
    })
}

/// Elsewhere a child gets handles by a way that only unsafe code has.
#[cfg(not(unix))]
pub(super) fn spawn(_: &Path, _: &[OsString], _: &Path) -> io::Result<Piped> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "on this system fedgit cannot drive a browser",
    ))
}

/// Ends it with all that it started.
pub(super) fn kill(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Its messages, as they come. They end with the program, or with an answer that is too long.
#[cfg_attr(not(unix), expect(dead_code, reason = "no browser is driven there"))]
fn messages(mut from: impl Read + Send + 'static) -> Receiver<Message> {
    let (tell, messages) = mpsc::channel();
    thread::spawn(move || {
        let mut part = Zeroizing::new([0_u8; 64 << 10]);
        let mut text = Zeroizing::new(Vec::new());
        let mut is_too_long = false;
        while let Ok(length @ 1..) = from.read(&mut *part) {
            for piece in part
                .get(..length)
                .unwrap_or_default()
                .split_inclusive(|b| *b == 0)
            {
                let (piece, ends) = match piece.split_last() {
                    Some((0, rest)) => (rest, true),
                    _ => (piece, false),
                };
                if text.len() + piece.len() > LARGEST {
                    log::debug!("the browser said more at once than is listened to");
                    if text.starts_with(ANSWER) {
                        return;
                    }
                    is_too_long = true;
                    text = Zeroizing::default();
                }
                if !is_too_long {
                    text.extend_from_slice(piece);
                }
                if !ends {
                    continue;
                }
                let whole = std::mem::take(&mut text);
                if std::mem::take(&mut is_too_long) {
                    continue;
                }
                if let Some(message) = Message::read(whole)
                    && tell.send(message).is_err()
                {
                    return;
                }
            }
        }
    });
    messages
}

impl Said {
    #[cfg_attr(not(unix), expect(dead_code, reason = "no browser is driven there"))]
    fn of(child: &mut Child) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let (speaks, last_word) = mpsc::channel();
        if let Some(mut stderr) = child.stderr.take() {
            let said = Arc::clone(&text);
            thread::spawn(move || {
                let _speaks = speaks;
                let mut part = [0_u8; 1024];
                // To the end, so that it does not die of a closed pipe.
                while let Ok(length @ 1..) = stderr.read(&mut part) {
                    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                    said.extend(part.iter().take(length));
                    let over = said.len().saturating_sub(TALK);
                    said.drain(..over);
                }
            });
        }
        Self { text, last_word }
    }

    /// All that a program said that has ended. What it started may live a little longer, and is not waited
    /// for.
    pub(super) fn whole(&self) -> &Self {
        self.whole_within(REST)
    }

    fn whole_within(&self, time: Duration) -> &Self {
        let _ = self.last_word.recv_timeout(time);
        self
    }

    /// Whether it said one of these.
    pub(super) fn tells(&self, any: &[&str]) -> bool {
        let said = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&said);
        any.iter().any(|words| text.contains(words))
    }

    /// Its last line, after a colon; nothing where there is none.
    pub(super) fn last_line(&self) -> String {
        self.last_line_with("")
    }

    /// Its last line with this mark, likewise.
    pub(super) fn last_line_with(&self, mark: &str) -> String {
        let said = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&said);
        let is_one = |line: &&str| !line.trim().is_empty() && line.contains(mark);
        let last = text.lines().rfind(is_one);
        last.map(|line| format!(": {}", printable(line.trim(), 300)))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn heard(long: &str) -> Vec<u64> {
        let mut said = br#"{"id":1}"#.to_vec();
        said.push(0);
        said.extend(long.as_bytes());
        said.resize(said.len() + 3 * LARGEST, b' ');
        said.extend(b"\0{\"id\":2}\0");
        let heard: Vec<Message> = messages(Cursor::new(said)).iter().collect();
        let number = |id: &u64| heard.iter().any(|message| message.answers(*id));
        (1..=2).filter(number).collect()
    }

    #[test]
    #[cfg(unix)]
    fn the_last_word_may_come_after_the_end() {
        use std::io::Write as _;
        let (input, mut more) = io::pipe().unwrap();
        let mut command = bare("sh".as_ref());
        // What it leaves behind speaks once it is told to.
        command
            .args(["-c", "exec 3<&0; { read word <&3; echo \"$word\" >&2; } &"])
            .stdin(input)
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(command);
        let said = Said::of(&mut child);
        assert!(child.wait().unwrap().success());
        assert_eq!(said.last_line(), "");
        more.write_all(b"late\n").unwrap();
        assert_eq!(
            said.whole_within(Duration::from_secs(60)).last_line(),
            ": late"
        );
    }

    #[test]
    fn an_event_that_is_too_long_is_left_out_and_an_answer_is_the_end() {
        assert_eq!(heard(r#"{"method":"Fetch.requestPaused""#), [1, 2]);
        assert_eq!(heard(r#"{"id":7,"result":""#), [1]);
    }
}
