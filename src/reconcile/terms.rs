//! Under what terms sections that stand in the file already may be touched.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::hash::hex;
use super::owner::Owner;

/// Whose sections are whose in this run, and what of others' may be taken over.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The declarations that take part: what they no longer want is removed.
    pub here: BTreeSet<Owner>,
    /// Declarations that exist no longer: what they had may be taken over, and is told of where
    /// nobody wants it.
    pub gone: BTreeSet<Owner>,
    /// Declarations that nobody has trusted yet: they take nothing over, from whomever.
    pub untrusted: BTreeSet<Owner>,
    /// What else may be taken over.
    pub adopt: Adopt,
}

/// What a consent says: this section, as it was, to this declaration. No other file may use it.
#[must_use]
pub fn consent_for(fingerprint: &str, owner: &Owner) -> String {
    let owner = hex(&Sha256::digest(owner.as_str())[..16]);
    format!("{fingerprint} {owner}")
}

/// Which sections may be taken over that are not fedgit's, or are not as fedgit wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Adopt {
    /// None.
    #[default]
    Nothing,
    /// Those that the user has imported, by the fingerprint that they had then and the declaration
    /// that they were imported into: see [`consent_for`].
    These(BTreeSet<String>),
    /// All that stand in the way.
    Everything,
}

impl Adopt {
    /// Whether a section of somebody else's with this fingerprint may become the owner's.
    pub(super) fn consents(&self, owner: &Owner, fingerprint: impl FnOnce() -> String) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(given) => {
                !given.is_empty() && given.contains(&consent_for(&fingerprint(), owner))
            }
            Self::Everything => true,
        }
    }
}
