//! Under what terms sections that stand in the file already may be touched.

use std::collections::BTreeSet;

use super::owner::Owner;

/// Whose sections are whose in this run, and what of others' may be taken over.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The declarations that take part: what they no longer want is removed.
    pub here: BTreeSet<Owner>,
    /// Declarations that exist no longer: what they had may be taken over, and is told of where
    /// nobody wants it.
    pub gone: BTreeSet<Owner>,
    /// What else may be taken over.
    pub adopt: Adopt,
}

/// Which sections may be taken over that are not fedgit's, or are not as fedgit wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Adopt {
    /// None.
    #[default]
    Nothing,
    /// Those that the user has imported, by the fingerprint that they had then.
    These(BTreeSet<String>),
    /// All that stand in the way.
    Everything,
}

impl Adopt {
    /// Whether a section of somebody else's with this fingerprint may be taken over.
    pub(super) fn consents(&self, fingerprint: impl FnOnce() -> String) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(prints) => !prints.is_empty() && prints.contains(&fingerprint()),
            Self::Everything => true,
        }
    }
}
