//! What keys mean to a line that is asked for. What does not show cannot be edited in the middle: a key
//! that would do so elsewhere begins the line anew, and says so, for nobody knows what they typed after it.

use zeroize::Zeroizing;

/// The longest line that is taken: far over any password, far under a memory problem.
const LONGEST: usize = 4096;

/// Around what is pasted, where a shell has left the terminal marking it.
const MARKS: [&[u8]; 2] = [b"[200~", b"[201~"];

const USELESS: &str = "that key does nothing here, but Ctrl-C ends; once more from the start: ";

const TOO_LONG: &str = "a line has 4096 bytes at most; once more from the start: ";

/// A line as far as it is typed.
pub(super) struct Line {
    text: Zeroizing<Vec<u8>>,
    too_long: bool,
    /// A control sequence after ESC, as far as it came.
    sequence: Option<Vec<u8>>,
}

/// What a key has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing that could be seen.
    Nothing,
    /// Nothing, and whoever pressed it should know.
    Useless,
    /// Put a byte at the end.
    Typed(u8),
    /// Took so many characters from the end.
    Erased(usize),
    /// The line is empty again, for this reason.
    Anew(&'static str),
    /// The line is whole.
    Done,
    /// The person wants no more of it.
    Interrupted,
}

impl Line {
    pub(super) fn new() -> Self {
        Self {
            // Never reallocated, so no copy of the secret is left behind in freed memory.
            text: Zeroizing::new(Vec::with_capacity(LONGEST)),
            too_long: false,
            sequence: None,
        }
    }

    /// What was typed.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether more has to come, at once, to tell what the last byte was.
    pub(super) fn is_within_a_sequence(&self) -> bool {
        self.sequence.is_some()
    }

    /// Nothing more came: it was the key of that name.
    pub(super) fn end_sequence(&mut self) -> Meaning {
        self.sequence = None;
        self.useless()
    }

    pub(super) fn take(&mut self, byte: u8) -> Meaning {
        if let Some(sequence) = &mut self.sequence {
            sequence.push(byte);
            let whole = match sequence.as_slice() {
                [b'['] | [b'O'] => false,
                [b'[', .., last] => (0x40..=0x7e).contains(last) || sequence.len() > 16,
                // One more key after O, or one that was pressed with Alt.
                _ => true,
            };
            return match whole {
                false => Meaning::Nothing,
                true if MARKS.contains(&sequence.as_slice()) => {
                    self.sequence = None;
                    Meaning::Nothing
                }
                true => self.end_sequence(),
            };
        }
        match byte {
            b'\r' | b'\n' if self.too_long => self.anew(TOO_LONG),
            b'\r' | b'\n' => Meaning::Done,
            // Ctrl-C, Ctrl-\; Ctrl-D on an empty line.
            0x03 | 0x1c => Meaning::Interrupted,
            0x04 if self.is_empty() => Meaning::Interrupted,
            // Backspace in both spellings: the last character, which may be several bytes.
            0x08 | 0x7f => {
                let cut = last_character(&self.text);
                let erased = usize::from(cut < self.text.len());
                self.text.truncate(cut);
                Meaning::Erased(erased)
            }
            // Ctrl-U: the whole line.
            0x15 => {
                let shown = String::from_utf8_lossy(&self.text).chars().count();
                self.text.clear();
                self.too_long = false;
                Meaning::Erased(shown)
            }
            0x1b => {
                self.sequence = Some(Vec::new());
                Meaning::Nothing
            }
            b'\t' | 0x20.. if self.text.len() < LONGEST => {
                self.text.push(byte);
                Meaning::Typed(byte)
            }
            b'\t' | 0x20.. => {
                self.too_long = true;
                Meaning::Nothing
            }
            _ => self.useless(),
        }
    }

    fn useless(&mut self) -> Meaning {
        match self.is_empty() {
            true => Meaning::Useless,
            false => self.anew(USELESS),
        }
    }

    fn anew(&mut self, why: &'static str) -> Meaning {
        self.text.clear();
        self.too_long = false;
        Meaning::Anew(why)
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.too_long
    }
}

fn last_character(line: &[u8]) -> usize {
    let mut cut = line.len().saturating_sub(1);
    while cut > 0
        && line
            .get(cut)
            .is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000)
    {
        cut -= 1;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the line at its end, and what was said on the way.
    fn typed(keys: &[u8]) -> (String, Vec<Meaning>) {
        let mut line = Line::new();
        let mut said = Vec::new();
        for key in keys {
            match line.take(*key) {
                Meaning::Nothing | Meaning::Typed(_) | Meaning::Erased(_) => {}
                other => said.push(other),
            }
        }
        if line.is_within_a_sequence() {
            said.push(line.end_sequence());
        }
        (String::from_utf8(line.text().to_vec()).unwrap(), said)
    }

    #[test]
    fn a_line_is_what_was_typed_and_taken_back() {
        for (keys, text) in [
            (&b"pass word\t1\r"[..], "pass word\t1"),
            (b"pax\x7fss\n", "pass"),
            (b"wrong\x15right\r", "right"),
            ("pä\u{7f}a\r".as_bytes(), "pa"),
            (b"\x7f\x7fa\r", "a"),
            // What is pasted, with the terminal's marks.
            (b"\x1b[200~secret\x1b[201~\r", "secret"),
        ] {
            assert_eq!(typed(keys), (text.to_owned(), vec![Meaning::Done]));
        }
        for keys in [&b"a\x03"[..], b"a\x1c", b"\x04"] {
            assert_eq!(typed(keys).1, [Meaning::Interrupted]);
        }
    }

    #[test]
    fn a_key_that_does_nothing_is_no_part_of_a_password() {
        let keys = [
            &b"\x1b[D"[..],
            b"\x1b[3~",
            b"\x1b[1;5C",
            b"\x1bOA",
            b"\x1bb",
            b"\x1b",
            b"\x1a",
            b"\x01",
            b"\x17",
            b"\x00",
            b"\x04",
        ];
        for key in keys {
            let after = [b"secret", key].concat();
            assert_eq!(
                typed(&after),
                (String::new(), vec![Meaning::Anew(USELESS)]),
                "{key:?}"
            );
            if key != b"\x04" {
                assert_eq!(typed(key), (String::new(), vec![Meaning::Useless]));
            }
        }
    }

    #[test]
    fn no_part_of_a_line_that_is_too_long_is_sent() {
        let long = [b'a'; LONGEST + 1];
        let (text, said) = typed(&[&long[..], b"\rb\r"].concat());
        assert_eq!(said, [Meaning::Anew(TOO_LONG), Meaning::Done]);
        assert_eq!(text, "b");
        let (text, said) = typed(&[&long[1..], b"\r"].concat());
        assert_eq!((text.len(), said), (LONGEST, vec![Meaning::Done]));
    }
}
