//! The mark by which fedgit knows its own sections again: `fedgit_managed = FINGERPRINT OWNER DEBT...`.

use std::borrow::Cow;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::hash::{hex, short_hash};
use super::owner::Owner;
use crate::format::ini::{Entry, Section, Subject};
use crate::model::{MARKER, SESSION_MARKER};

/// The key for a section about this.
#[must_use]
pub fn marker(subject: &Subject) -> &'static str {
    match subject {
        Subject::Profile(_) => MARKER,
        Subject::SsoSession(_) => SESSION_MARKER,
    }
}

/// Whether a key is fedgit's own. An sso-session may have the one of profiles, from before they were
/// told apart.
#[must_use]
pub fn is_marker(key: &str) -> bool {
    key == MARKER || key == SESSION_MARKER
}

/// The entry with the mark.
#[must_use]
pub fn marked(section: &Section) -> Option<&Entry> {
    section.entries.iter().find(|entry| is_marker(&entry.key))
}

/// The value of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Of the section as fedgit wrote it.
    pub fingerprint: String,
    /// The declaration it comes from.
    pub owner: Owner,
    /// What removing the section must also undo.
    pub debts: Debts,
}

/// What fedgit did to the file around a section, so that removing it gives the user's bytes back.
/// A section that goes hands on to another one what is still owed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Debts {
    /// The file did not exist: it goes when nothing is left in it.
    pub created: bool,
    /// The empty line before the header is ours.
    pub blank: bool,
    /// The line before that had no line ending (it was the file's last); fedgit gave it one. Holds
    /// [`line_hash`] of that line: another tool may have moved the section elsewhere since.
    pub newline: Option<String>,
}

impl Mark {
    /// Reads the key's value. `None` where it is not of the form that fedgit writes. Words that
    /// this version does not know are passed over.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let mut words = value.lines().next()?.split_whitespace();
        let (fingerprint, owner) = (words.next()?, words.next()?);
        if fingerprint.len() != 16 || !fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut debts = Debts::default();
        for word in words {
            match word.split_once('=') {
                None if word == "created" => debts.created = true,
                None if word == "blank" => debts.blank = true,
                Some(("newline", hash)) => debts.newline = Some(hash.to_owned()),
                _ => {}
            }
        }
        Some(Self {
            fingerprint: fingerprint.to_owned(),
            owner: decode(owner),
            debts,
        })
    }

    /// The key's value. Blanks and control characters of the owner are encoded, so it is one line
    /// that no SDK cuts, whatever a folder is called.
    #[must_use]
    pub fn value(&self) -> String {
        let mut value = format!("{} {}", self.fingerprint, encode(&self.owner));
        if self.debts.created {
            value.push_str(" created");
        }
        if self.debts.blank {
            value.push_str(" blank");
        }
        if let Some(hash) = &self.debts.newline {
            value.push_str(" newline=");
            value.push_str(hash);
        }
        value
    }
}

/// The first 16 hex digits of SHA-256 over the section's name and its keys but the marker, sorted.
/// Neither order nor layout counts; a copy under another name is not the section any more.
#[must_use]
pub fn fingerprint<'a>(
    section: &str,
    keys: impl IntoIterator<Item = (&'a str, Cow<'a, str>)>,
) -> String {
    let mut keys: Vec<_> = keys
        .into_iter()
        .filter(|(key, _)| !is_marker(key))
        .collect();
    keys.sort_unstable();
    let mut hash = Sha256::new();
    // Each text goes in after its length: no two lists of texts look the same.
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    text(section);
    for (key, value) in keys {
        text(key);
        text(&value);
    }
    hex(&hash.finalize()[..8])
}

/// Knows a line again.
#[must_use]
pub fn line_hash(line: &str) -> String {
    short_hash(line.as_bytes())
}

fn encode(owner: &Owner) -> String {
    // Two words must stay two words: an owner without a name gets an escape that decodes to none.
    if owner.as_str().is_empty() {
        return "%".to_owned();
    }
    let mut text = String::new();
    for byte in owner.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"_./:@+,=-".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

fn decode(text: &str) -> Owner {
    if !text.contains('%') {
        return Owner::named(text);
    }
    if text == "%" {
        return Owner::named("");
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    Owner::named(String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_owner_comes_back() {
        for owner in [
            "/home/jane/fedgit.toml",
            "",
            "/a b/#;]\n%41/ü\\",
            "%",
            "C:\\x y\\fedgit.toml",
        ] {
            let mark = Mark {
                fingerprint: "0123456789abcdef".to_owned(),
                owner: Owner::named(owner),
                debts: Debts {
                    created: true,
                    blank: true,
                    newline: Some("00ff00ff".to_owned()),
                },
            };
            let value = mark.value();
            assert!(
                value.bytes().all(|b| b.is_ascii_graphic() || b == b' '),
                "{value:?}"
            );
            assert!(!value.contains([';', '#', ']']), "{value:?}");
            assert_eq!(Mark::parse(&value), Some(mark), "{value:?}");
        }
    }

    #[test]
    fn only_what_fedgit_writes_is_a_mark() {
        assert!(Mark::parse("0123456789abcdef /x later=1 word").is_some());
        for bad in [
            "",
            "true",
            "0123456789abcdef",
            "0123456789abcdeg /x",
            "\n0123456789abcdef /x",
        ] {
            assert_eq!(Mark::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn fingerprints_see_content_only() {
        let print = |section, keys: &[(&'static str, &'static str)]| {
            fingerprint(section, keys.iter().map(|(k, v)| (*k, (*v).into())))
        };
        let one = print("profile x", &[("a", "1"), ("b", "2")]);
        assert_eq!(
            one,
            print("profile x", &[("b", "2"), (MARKER, "m"), ("a", "1")])
        );
        assert_ne!(one, print("profile y", &[("a", "1"), ("b", "2")]));
        assert_ne!(one, print("profile x", &[("a", "12"), ("b", "")]));
        assert_eq!(one.len(), 16);
    }
}
