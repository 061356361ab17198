//! botocore's reading of the file: Python's `RawConfigParser._read` with default options, then the
//! one level of nesting that `configloader.py` adds. One pass, no recursion.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::header;
use super::{Document, Ending, Entry, Line, ParseError, Section};

/// Python's default section. It may stand twice, and its keys leak into every other section.
pub(super) const PYTHON_DEFAULT: &str = "DEFAULT";

/// Whitespace as `str.strip` sees it: Unicode's, and four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

pub(super) fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(not_utf8(bytes, error.valid_up_to())),
    };
    if text.starts_with('\u{feff}') {
        return Err(ParseError {
            line: 1,
            why: "the file starts with a byte order mark, which no AWS SDK reads".to_owned(),
            hint: "save the file as UTF-8 without a byte order mark".to_owned(),
        });
    }
    let lines = split_lines(text);
    let mut reader = Reader::default();
    for (number, line) in lines.iter().enumerate() {
        reader.line(number, &text[line.content.clone()])?;
    }
    Ok(Document {
        sections: reader.sections,
        text: text.to_owned(),
        lines,
    })
}

fn not_utf8(bytes: &[u8], at: usize) -> ParseError {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    // The part before the bad byte is good; its line ends give the number.
    let before = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
    let ends = split_lines(before)
        .iter()
        .filter(|line| line.ending != Ending::None)
        .count();
    ParseError {
        line: ends + 1,
        why: if utf16 {
            "the file is UTF-16, which no AWS SDK reads".to_owned()
        } else {
            format!(
                "byte 0x{:02x} is not UTF-8; no AWS SDK reads the file",
                bytes[at]
            )
        },
        hint: "save the file as UTF-8".to_owned(),
    }
}

/// Python's universal newlines: LF, CRLF and lone CR all end a line.
fn split_lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes[start..]
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .map_or(bytes.len(), |length| start + length);
        let ending = match (bytes.get(end), bytes.get(end + 1)) {
            (None, _) => Ending::None,
            (Some(b'\r'), Some(b'\n')) => Ending::CrLf,
            (Some(b'\r'), _) => Ending::Cr,
            (Some(_), _) => Ending::Lf,
        };
        lines.push(Line {
            content: Range { start, end },
            ending,
        });
        start = end + ending.as_str().len();
    }
    lines
}

/// What was read so far of `text`.
#[derive(Default)]
struct Reader<'text> {
    sections: Vec<Section>,
    section_names: HashSet<&'text str>,
    /// Keys of the current section.
    keys: HashSet<Cow<'text, str>>,
    /// Keys of every `[DEFAULT]` so far.
    default_keys: HashSet<Cow<'text, str>>,
    /// Whether a key is open, so that deeper lines continue it.
    open: bool,
    /// How far the line of the open key, or the last header, is indented.
    indent: usize,
    /// Blank lines since the open value's last line: part of it only if more of it follows.
    blanks: Vec<usize>,
}

impl<'text> Reader<'text> {
    fn line(&mut self, number: usize, line: &'text str) -> Result<(), ParseError> {
        let text = line.trim_matches(is_space);
        if text.starts_with(['#', ';']) {
            return Ok(());
        }
        if text.is_empty() {
            if self.open {
                self.blanks.push(number);
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_space(*c)).count();
        if self.open && indent > self.indent {
            return self.continuation(number, text);
        }
        self.indent = indent;
        match section_name(text) {
            Some(name) => self.header(number, name, line),
            None => self.option(number, text),
        }
    }

    fn header(&mut self, number: usize, name: &'text str, line: &str) -> Result<(), ParseError> {
        self.close();
        if self.sections.last().is_some_and(Section::is_python_default) {
            self.default_keys = std::mem::take(&mut self.keys);
        }
        self.keys.clear();
        if name == PYTHON_DEFAULT {
            self.keys = std::mem::take(&mut self.default_keys);
        } else if !self.section_names.insert(name) {
            return Err(error(
                number,
                format!("section [{}] stands a second time", name.escape_debug()),
                "merge the two sections, or rename one",
            ));
        }
        self.sections.push(Section {
            name: name.to_owned(),
            header: number,
            entries: Vec::new(),
            subjects: header::subjects(name, line),
        });
        Ok(())
    }

    fn option(&mut self, number: usize, text: &'text str) -> Result<(), ParseError> {
        self.close();
        if is_conflict_marker(text) {
            return Err(error(
                number,
                "it is the mark of a merge conflict".to_owned(),
                "settle the conflict, and remove the lines that mark it",
            ));
        }
        if text.contains('\0') && !text.contains(['=', ':']) {
            return Err(error(
                number,
                "it holds NUL bytes, as a crash or a full disk can leave them".to_owned(),
                "take the file from a backup, or remove them",
            ));
        }
        let indented = self.indent > 0;
        let Some(section) = self.sections.last_mut() else {
            return Err(error(
                number,
                "it stands before the first [section]".to_owned(),
                "put a header such as [default] above it, or make it a comment with #",
            ));
        };
        let (key, value) = text.split_once(['=', ':']).ok_or_else(|| {
            error(
                number,
                "it is neither a [section] nor a key = value".to_owned(),
                "complete the line, or make it a comment with #",
            )
        })?;
        let key = lower(key.trim_end_matches(is_space));
        if key.is_empty() {
            return Err(error(
                number,
                "it has no key before its delimiter".to_owned(),
                "complete the line, or make it a comment with #",
            ));
        }
        if !self.keys.insert(key.clone()) {
            return Err(error(
                number,
                format!(
                    "key {key:?} stands a second time in section [{}]",
                    section.name
                ),
                "remove one of the two lines",
            ));
        }
        section.entries.push(Entry {
            key: key.into_owned(),
            value: value.trim_matches(is_space).to_owned(),
            line: number,
            indented,
            continued: Vec::new(),
        });
        self.open = true;
        Ok(())
    }

    fn continuation(&mut self, number: usize, text: &str) -> Result<(), ParseError> {
        // `open` is set by `option` alone, which has just pushed an entry.
        let Some(entry) = self.sections.last_mut().and_then(|s| s.entries.last_mut()) else {
            return Ok(());
        };
        // A value with nothing on its own line is a nested block. In [DEFAULT] botocore minds only
        // once there is another section to leak it into; ours would be one.
        let nested = entry.value.is_empty() || entry.value.starts_with('\n');
        if nested {
            for part in text.split(python_line_end) {
                let part = part.trim_matches(is_space);
                if !part.is_empty() && !part.contains('=') {
                    return Err(error(
                        number,
                        format!("it is nested under {:?} but is no key = value", entry.key),
                        "write the value on the same line as its key",
                    ));
                }
            }
        }
        for blank in self.blanks.drain(..) {
            entry.value.push('\n');
            entry.continued.push(blank);
        }
        entry.value.push('\n');
        entry.value.push_str(text);
        entry.continued.push(number);
        Ok(())
    }

    fn close(&mut self) {
        self.open = false;
        self.blanks.clear();
    }
}

/// `\[(.+)\]` at the start of the stripped line, greedy: what follows the last `]` is ignored.
fn section_name(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let name = &inner[..inner.rfind(']')?];
    (!name.is_empty()).then_some(name)
}

/// As git writes them. None is a key = value: the one in the middle has no key.
fn is_conflict_marker(text: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| match text.strip_prefix(mark) {
            Some(rest) => rest.is_empty() || rest.starts_with(' '),
            None => false,
        })
}

/// Python's `str.lower`; a key in lower case is not copied.
fn lower(key: &str) -> Cow<'_, str> {
    if key.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        Cow::Borrowed(key)
    } else {
        Cow::Owned(key.to_lowercase())
    }
}

/// Where `str.splitlines` cuts, which botocore applies to nested blocks.
fn python_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}'..='\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The line itself is never quoted: a half-written one may hold a secret.
fn error(number: usize, why: String, hint: &str) -> ParseError {
    ParseError {
        line: number + 1,
        why,
        hint: hint.to_owned(),
    }
}
