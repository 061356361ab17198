//! What a pinentry program is asked, and its answer, as Assuan spells them: a line a command, a reply
//! to each. It is run twice, once for its flavor and once for the question, each time with everything
//! said at once: nothing else that is said depends on a reply.
//! <https://www.gnupg.org/documentation/manuals/assuan/>,
//! <https://www.gnupg.org/documentation/manuals/pinentry/Protocol.html>

use secrecy::SecretString;
use zeroize::Zeroizing;

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog<'a> {
    /// The window's title.
    pub title: &'a str,
    /// Who asks for what.
    pub description: &'a str,
    /// Before the field.
    pub prompt: &'a str,
    /// How long the window stays, in seconds.
    pub limit_seconds: u32,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// What was typed; never empty.
    Pin(SecretString),
    /// The person closed the window, or typed nothing.
    Closed,
    /// Nobody answered within the limit.
    TimedOut,
    /// This program cannot ask here, or does not speak Assuan.
    Unable,
}

// Numbers of libgpg-error; the upper bits say who reports it.
const TIMEOUT: u32 = 62;
const CANCELED: u32 = 99;
const FULLY_CANCELED: u32 = 198;

/// What to say to the program to hear of which flavor it is.
pub const WHICH_FLAVOR: &str = "GETINFO flavor\nBYE\n";

/// Flavors that ask on a terminal, or in Emacs where that has agreed to it.
const WITHOUT_WINDOW: &[&str] = &["curses", "tty", "dumb", "emacs"];

/// Flavors with a window on a desktop. GNOME's hands its question to a service of the desktop: without a
/// display of ours that may be in front of nobody, or of somebody else.
const OF_A_DESKTOP: &[&str] = &["gnome", "gtk", "qt", "efl", "fltk", "x11", "tqt"];

/// Whether the program says that it has no window: `curses`, or `gtk2:curses` where it has one and
/// cannot open it. Old ones and people's own say nothing of a flavor, and may have one.
#[must_use]
pub fn is_without_window(said: &[u8]) -> bool {
    parts_of_flavor(said)
        .iter()
        .any(|part| WITHOUT_WINDOW.contains(&part.as_str()))
}

/// Whether the program says that its window is one of a desktop: `gtk2`, `qt`.
#[must_use]
pub fn is_of_a_desktop(said: &[u8]) -> bool {
    let is_one = |part: &String| OF_A_DESKTOP.iter().any(|start| part.starts_with(start));
    parts_of_flavor(said).iter().any(is_one)
}

fn parts_of_flavor(said: &[u8]) -> Vec<String> {
    // The first reply is the greeting.
    let Some((flavor, Ok(()))) = replies(said).nth(1) else {
        return Vec::new();
    };
    let flavor = String::from_utf8_lossy(&flavor);
    flavor.trim_end().split(':').map(str::to_owned).collect()
}

/// What to say to the program to have a question asked.
#[must_use]
pub fn question(dialog: &Dialog<'_>) -> String {
    format!(
        "SETTIMEOUT {}\nSETTITLE {}\nSETDESC {}\nSETPROMPT {}\nGETPIN\nBYE\n",
        dialog.limit_seconds,
        escaped(dialog.title),
        escaped(dialog.description),
        escaped(dialog.prompt),
    )
}

/// The greeting, and the replies to the four commands before `GETPIN`.
const BEFORE_PIN: usize = 5;

/// What came of the question.
#[must_use]
pub fn outcome(said: &[u8]) -> Outcome {
    match replies(said).nth(BEFORE_PIN) {
        Some((pin, Ok(()))) => match std::str::from_utf8(&pin) {
            Ok("") => Outcome::Closed,
            Ok(pin) => Outcome::Pin(SecretString::from(pin)),
            Err(_) => Outcome::Unable,
        },
        Some((_, Err(code))) => match code & 0xffff {
            CANCELED | FULLY_CANCELED => Outcome::Closed,
            TIMEOUT => Outcome::TimedOut,
            _ => Outcome::Unable,
        },
        None => Outcome::Unable,
    }
}

/// The data and the end of each reply.
fn replies(said: &[u8]) -> impl Iterator<Item = (Zeroizing<Vec<u8>>, Result<(), u32>)> {
    let mut lines = said.split(|byte| *byte == b'\n');
    std::iter::from_fn(move || {
        // Never reallocated, so no copy of the secret is left behind in freed memory.
        let mut data = Zeroizing::new(Vec::with_capacity(said.len()));
        loop {
            let line = lines.next()?;
            if let Some(part) = line.strip_prefix(b"D ") {
                unescape(part, &mut data);
            } else if line == b"OK" || line.starts_with(b"OK ") {
                return Some((data, Ok(())));
            } else if let Some(error) = line.strip_prefix(b"ERR ") {
                let digits = error.split(|byte| *byte == b' ').next().unwrap_or_default();
                let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
                return Some((data, Err(code)));
            }
            // Anything else is a status or a comment.
        }
    })
}

/// On one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\n' => out.push_str("%0A"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn unescape(part: &[u8], out: &mut Vec<u8>) {
    let mut rest = part;
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_question_is_a_line_a_command() {
        let dialog = Dialog {
            title: "fedgit",
            description: "git fetch needs corp\n100 % of it\r",
            prompt: "Password:",
            limit_seconds: 120,
        };
        assert_eq!(
            question(&dialog),
            "SETTIMEOUT 120\nSETTITLE fedgit\nSETDESC git fetch needs corp%0A100 %25 of it\n\
             SETPROMPT Password:\nGETPIN\nBYE\n"
        );
    }

    /// As a program replies, with this to `GETPIN`.
    fn replying(pin: &str) -> Outcome {
        let said = format!(
            "OK Pleased to meet you\nOK\nERR 67109115 Unknown <x>\nOK\nS ready\nOK\n\
             {pin}OK closing connection\n"
        );
        outcome(said.as_bytes())
    }

    #[test]
    fn only_a_flavor_that_is_told_speaks_against_a_program() {
        for (reply, expected) in [
            ("D curses\nOK\n", true),
            ("D gtk2:curses\nOK\n", true),
            ("D tty\nOK\n", true),
            ("S x\n# y\nD cur\nD ses\nOK\n", true),
            ("D gnome3\nOK\n", false),
            ("D qt:x\nOK\n", false),
            ("D \nOK\n", false),
            ("OK\n", false),
            ("ERR 536871187 Unknown IPC command\n", false),
            ("", false),
        ] {
            let said = format!("OK Pleased to meet you\n{reply}OK closing connection\n");
            assert_eq!(is_without_window(said.as_bytes()), expected, "{reply}");
            let desktop = ["gtk2", "gnome3", "qt:x"]
                .iter()
                .any(|name| reply.contains(name));
            assert_eq!(is_of_a_desktop(said.as_bytes()), desktop, "{reply}");
        }
    }

    #[test]
    fn the_answer_belongs_to_its_command() {
        let pin = |text: &str| match replying(text) {
            Outcome::Pin(pin) => pin.expose_secret().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(pin("D hunter\nOK\n"), "hunter");
        assert_eq!(
            pin("S PASSWORD_FROM_CACHE\nD a%25b%0Ac \nD d\nOK\n"),
            "a%b\nc d"
        );
        assert_eq!(pin("D 100%\nOK\n"), "100%");
        assert_eq!(pin("D %zz%C3%A9\nOK\n"), "%zz\u{e9}");
        // What was typed may look like a reply.
        assert_eq!(pin("D OK\nOK\n"), "OK");
    }

    #[test]
    fn what_is_no_answer() {
        for (replies, expected) in [
            ("OK\n", "Closed"),
            ("ERR 83886179 Operation cancelled <Pinentry>\n", "Closed"),
            ("ERR 83886278 Fully cancelled <Pinentry>\n", "Closed"),
            ("ERR 83886142 Timeout <Pinentry>\n", "TimedOut"),
            (
                "ERR 83918950 Inappropriate ioctl for device <Pinentry>\n",
                "Unable",
            ),
            ("ERR x\n", "Unable"),
            ("D %ff\nOK\n", "Unable"),
        ] {
            let outcome = replying(replies);
            assert_eq!(format!("{outcome:?}"), expected, "{replies}");
        }
        for said in [
            "",
            "OK\n",
            "command not found\n",
            "OK\nOK\nOK\nOK\nOK\nD half",
        ] {
            assert!(
                matches!(outcome(said.as_bytes()), Outcome::Unable),
                "{said}"
            );
        }
    }
}
