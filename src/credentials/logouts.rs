//! What a logout means to a process that is getting something at that moment: it is handed to the
//! caller, and not kept. A logout cannot wait for it, since its person may be at the prompt; so it leaves
//! a mark before it forgets, and whoever keeps an entry looks at the mark afterwards. One of the two sees
//! the entry.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use crate::sys::private::Stamp;
use crate::sys::{fs, private};

/// An empty file that every logout replaces.
const MARK: &str = "logout";

/// The logouts from one cache folder.
pub(super) struct Logouts {
    root: PathBuf,
    /// The last one when what is being done began.
    last: Cell<Option<Stamp>>,
    told: Cell<bool>,
}

impl Logouts {
    /// From now on one of another process counts.
    pub(super) fn of(root: &Path) -> Self {
        let logouts = Self {
            root: root.to_owned(),
            last: Cell::new(None),
            told: Cell::new(false),
        };
        logouts.begin();
        logouts
    }

    /// Something new begins: what was before it does not count.
    pub(super) fn begin(&self) {
        self.last.set(self.stamp());
    }

    /// Somebody logs out.
    pub(super) fn mark(&self) {
        // Where there is no folder, nothing is there to be forgotten.
        if private::is_own_folder(&self.root).unwrap_or(false) {
            // Where it cannot be written, nothing can be forgotten, which is told.
            let _ = fs::write_private(&self.root, MARK, b"");
        }
    }

    /// Whether somebody logged out since it began.
    pub(super) fn meanwhile(&self) -> bool {
        self.stamp() != self.last.get()
    }

    /// Says so, once.
    pub(super) fn tell(&self, notes: &dyn Fn(&str)) {
        if !self.told.replace(true) {
            notes("somebody logged out meanwhile, so nothing of this login is kept");
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        private::stamp(&self.root.join(MARK)).ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_counts_until_something_new_begins() {
        let root = tempfile::tempdir().unwrap();
        let (ours, theirs) = (Logouts::of(root.path()), Logouts::of(root.path()));
        assert!(!ours.meanwhile());
        for _ in 0..3 {
            theirs.mark();
            assert!(ours.meanwhile());
            ours.begin();
            assert!(!ours.meanwhile());
        }
    }
}
