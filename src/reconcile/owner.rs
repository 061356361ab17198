//! Whose a section is.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::hash::short_hash;

/// The declaration that a section comes from: the display form of a `fedgit.toml`'s path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Owner(String);

impl Owner {
    /// The owner of what the file at `path` declares.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self(text.to_owned()),
            // Two such paths may look the same.
            None => Self(format!(
                "{}#{}",
                path.display(),
                short_hash(path.as_os_str().as_encoded_bytes())
            )),
        }
    }

    /// An owner that is no file, such as the environment; or one read back from a marker.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn owners_of_paths_that_look_alike_are_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let owner = |bytes| Owner::of(Path::new(OsStr::from_bytes(bytes)));
        assert_ne!(owner(b"/a\xff"), owner(b"/a\xfe"));
        assert_eq!(owner(b"/a").as_str(), "/a");
    }
}
