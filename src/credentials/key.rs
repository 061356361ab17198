//! Names of cache entries and locks: hashes, so that no name tells a secret or climbs a folder.

use std::fmt;

use sha2::{Digest, Sha256};

/// The file name of an entry: 40 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// From everything that makes the entry what it is. Parts are length-prefixed, so that no two
    /// lists of parts give one text.
    #[must_use]
    pub fn of(kind: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(&kind.as_bytes()).chain(parts) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(
            hash.finalize()
                .iter()
                .take(20)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    /// From the text of a file that named an entry.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let whole = text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
        whole.then(|| Self(text.to_owned()))
    }

    /// Enough of the digits to tell it from others.
    pub(super) fn short(&self) -> &str {
        self.0.get(..8).unwrap_or_default()
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(Key::of("a", &[b"bc", b"d"]), Key::of("a", &[b"b", b"cd"]));
        assert_eq!(Key::of("a", &[b"b"]).as_str().len(), 40);
        assert_eq!(Key::from_hex("../../etc/passwd"), None);
    }
}
