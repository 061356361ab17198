//! Which declaration a section of `~/.aws/config` belongs to, on this machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::reconcile::{Owner, Terms};

/// Owners by the paths of their files. A file that is reached by a link is the file itself: the
/// user's own by `~/.config` and by `--config` must be one owner.
#[derive(Debug, Default)]
pub(super) struct Owners {
    known: BTreeMap<PathBuf, Owner>,
}

impl Owners {
    /// The owner of what a file declares; without a file, of what only variables do.
    pub(super) fn of(&mut self, path: Option<&Path>) -> Owner {
        let Some(path) = path else {
            return environment();
        };
        if let Some(owner) = self.known.get(path) {
            return owner.clone();
        }
        let owner = Owner::of(&path.canonicalize().unwrap_or_else(|_| path.to_owned()));
        self.known.insert(path.to_owned(), owner.clone());
        owner
    }

    /// Whose sections this run may touch, of those in the file: what the `files` that take part
    /// declare, by whatever path it was once written.
    pub(super) fn terms(&mut self, files: &[PathBuf], in_file: &BTreeSet<Owner>) -> Terms {
        let mut terms = Terms::default();
        terms.here.insert(environment());
        terms
            .here
            .extend(files.iter().map(|path| self.of(Some(path))));
        for owner in in_file {
            let path = Path::new(owner.as_str());
            if !path.is_absolute() || terms.here.contains(owner) {
                continue;
            }
            match path.symlink_metadata() {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    terms.gone.insert(owner.clone());
                }
                // Nothing is known of a file that cannot be looked at.
                Err(_) => {}
                Ok(_) => {
                    if terms.here.contains(&self.of(Some(path))) {
                        terms.here.insert(owner.clone());
                    }
                }
            }
        }
        terms
    }
}

/// The owner of roles that only `FEDGIT_ROLE__…` variables declare.
fn environment() -> Owner {
    Owner::named("environment")
}
