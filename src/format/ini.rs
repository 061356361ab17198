//! `~/.aws/config` without loss: every line with its own line ending, read as botocore reads it.
//!
//! botocore's reader is Python's `RawConfigParser` and the strictest one that matters: one bad line
//! and no profile of the file works for any Python tool. What it refuses is refused here, with the
//! line and what to do, so that fedgit never edits a file it does not understand. What only the AWS
//! SDK for Rust refuses is left to the user and still edited.
//!
//! [`parse`](Document::parse) then [`to_bytes`](Document::to_bytes) gives the very bytes back;
//! [`Draft`] changes whole lines and leaves all others alone.

mod draft;
mod header;
mod parse;
#[cfg(test)]
mod tests;

pub use draft::Draft;
pub use header::Subject;

use std::borrow::Cow;
use std::ops::Range;

/// The file: its lines, and the sections botocore finds in them.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    lines: Vec<Line>,
    sections: Vec<Section>,
}

/// Why the file cannot be read, by botocore and therefore by fedgit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with that line.
    pub why: String,
    /// What to do about it.
    pub hint: String,
}

/// One `[...]` of the file.
#[derive(Debug, Clone)]
pub struct Section {
    /// What stands between the brackets, as botocore cuts it: up to the last `]` of the line.
    pub name: String,
    /// The line of the header, counted from 0.
    pub header: usize,
    /// Its keys in order.
    pub entries: Vec<Entry>,
    subjects: Vec<Subject>,
}

/// One key of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Lower-cased, as botocore looks it up.
    pub key: String,
    /// Trimmed; continuation lines are joined to it with `\n`.
    pub value: String,
    /// The line of the key, counted from 0.
    pub line: usize,
    /// Whether the key is indented.
    pub indented: bool,
    /// The lines that continue the value: indented text, and blank lines before more of it.
    pub continued: Vec<usize>,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The last line of a file without a final newline.
    None,
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r` alone: botocore takes it for a line end as well.
    Cr,
}

impl Ending {
    /// The bytes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

#[derive(Debug, Clone)]
struct Line {
    content: Range<usize>,
    ending: Ending,
}

impl Document {
    /// Reads the file as botocore does.
    ///
    /// # Errors
    /// Where botocore would refuse the whole file: no UTF-8, a byte order mark, a section or key
    /// that stands twice, a line that is neither header nor key, a nested line without `=`.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        parse::parse(bytes)
    }

    /// The file's bytes, put together from its lines.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        Draft::new(self).to_bytes()
    }

    /// The sections in the order of the file.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section that an SDK reads as the profile of that name. Where several are, in other spellings
    /// or as `[default]` and `[profile default]`, botocore has each take the place of the one before it;
    /// one that only the AWS SDK for Rust reads counts where botocore has none.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.read_as(|subject| matches!(subject, Subject::Profile(own) if own == name))
    }

    /// The same for an `[sso-session NAME]`.
    #[must_use]
    pub fn sso_session(&self, name: &str) -> Option<&Section> {
        self.read_as(|subject| matches!(subject, Subject::SsoSession(own) if own == name))
    }

    fn read_as(&self, is_it: impl Fn(&Subject) -> bool) -> Option<&Section> {
        let any = |section: &&Section| section.subjects.iter().any(&is_it);
        let by_botocore = |section: &&Section| {
            any(section) && header::botocore(&section.name).as_ref().is_some_and(&is_it)
        };
        let last = self.sections.iter().rfind(by_botocore);
        last.or_else(|| self.sections.iter().rfind(any))
    }

    /// How many lines there are.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// A line without its ending; empty beyond the end of the file.
    #[must_use]
    pub fn content(&self, line: usize) -> &str {
        self.lines
            .get(line)
            .map_or("", |l| &self.text[l.content.clone()])
    }

    /// What ends a line.
    #[must_use]
    pub fn ending(&self, line: usize) -> Ending {
        self.lines.get(line).map_or(Ending::None, |l| l.ending)
    }

    /// Whether a line holds nothing but blanks.
    #[must_use]
    pub fn is_blank(&self, line: usize) -> bool {
        self.content(line).chars().all(parse::is_space)
    }

    /// The ending for new lines: that of the last line that has one. In a file of mixed endings
    /// the last one counts because a lone `\r` followed by our `\n` would melt into one `\r\n`.
    #[must_use]
    pub fn style(&self) -> Ending {
        let endings = self.lines.iter().rev().map(|line| line.ending);
        endings
            .into_iter()
            .find(|ending| *ending != Ending::None)
            .unwrap_or(Ending::Lf)
    }
}

impl Section {
    /// What this section is about, to any SDK: nothing for sections that fedgit has nothing to do
    /// with, two where botocore and the AWS SDK for Rust read the header differently.
    #[must_use]
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// Whether any SDK takes this section for the profile of that name.
    #[must_use]
    pub fn is_profile(&self, name: &str) -> bool {
        let profile = |subject: &Subject| matches!(subject, Subject::Profile(n) if n == name);
        self.subjects.iter().any(profile)
    }

    /// The value of a key (given in lower case).
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entry(key).map(|entry| entry.value.as_str())
    }

    /// The entry of a key (given in lower case).
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether this is Python's `[DEFAULT]`: no profile, but botocore adds its keys to every section.
    #[must_use]
    pub fn is_python_default(&self) -> bool {
        self.name == parse::PYTHON_DEFAULT
    }
}

impl Entry {
    /// The keys and values of a nested block, sorted; `None` for any other value.
    #[must_use]
    pub fn nested(&self) -> Option<Vec<(&str, &str)>> {
        let lines = self.value.strip_prefix('\n')?.lines();
        let mut pairs = lines
            .filter(|line| !line.is_empty())
            .map(|line| line.split_once('='))
            .map(|pair| pair.map(|(key, value)| (key.trim_end(), value.trim_start())))
            .collect::<Option<Vec<_>>>()?;
        pairs.sort_unstable();
        Some(pairs)
    }

    /// The value without what means nothing: a nested block has its lines sorted and its blanks as
    /// fedgit writes them.
    #[must_use]
    pub fn canonical(&self) -> Cow<'_, str> {
        let Some(pairs) = self.nested() else {
            return Cow::Borrowed(&self.value);
        };
        let lines = pairs
            .iter()
            .flat_map(|(key, value)| ["\n", key, " = ", value]);
        Cow::Owned(lines.collect())
    }

    /// All its lines, the key's own first.
    pub fn lines(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.line).chain(self.continued.iter().copied())
    }
}
