//! Environment variables, the arguments and the working directory.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

/// Environment variables: the process's own, or a map in tests. Nothing is read before it is asked
/// for: the warm path looks at a handful of names and never at the whole environment.
#[derive(Debug, Clone, Default)]
pub struct Env {
    fixed: Option<BTreeMap<String, String>>,
}

impl Env {
    /// The process's environment.
    #[must_use]
    pub fn real() -> Self {
        Self { fixed: None }
    }

    /// A fixed environment, for tests.
    #[must_use]
    pub fn fixed<K: Into<String>, V: Into<String>>(vars: impl IntoIterator<Item = (K, V)>) -> Self {
        let vars = vars
            .into_iter()
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        Self { fixed: Some(vars) }
    }

    /// A variable as the system holds it; an empty one counts as unset, as the AWS SDKs count it.
    #[must_use]
    pub fn os(&self, name: &str) -> Option<OsString> {
        self.even_empty(name).filter(|v| !v.is_empty())
    }

    /// A variable as the system holds it, an empty one too; none where it cannot be one's name.
    pub(super) fn even_empty(&self, name: &str) -> Option<OsString> {
        #[expect(clippy::disallowed_methods, reason = "this is the door")]
        match &self.fixed {
            None => std::env::var_os(name),
            Some(vars) => vars.get(name).map(OsString::from),
        }
    }

    /// A variable as text; one that is not Unicode counts as unset.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.os(name)?.into_string().ok()
    }

    /// A variable that holds a path.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.os(name).map(PathBuf::from)
    }

    /// Whether a switch like `FEDGIT_NO_INPUT=1` is on: set, and neither `0` nor `false`.
    #[must_use]
    pub fn switch(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|v| v != "0" && !v.eq_ignore_ascii_case("false"))
    }

    /// All variables whose names start with `prefix`, sorted by name; those that are not Unicode
    /// are left out.
    #[must_use]
    pub fn starting_with(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = match &self.fixed {
            Some(vars) => vars.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            #[expect(clippy::disallowed_methods, reason = "this is the door")]
            None => std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        };
        found.retain(|(name, _)| name.starts_with(prefix));
        found.sort();
        found
    }
}

/// The working directory.
///
/// # Errors
/// Where it was removed or may not be read.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn current_dir() -> io::Result<PathBuf> {
    std::env::current_dir()
}

/// The arguments of this process, the program's own name first.
pub fn args() -> Vec<OsString> {
    std::env::args_os().collect()
}
