//! What happens to a section: the parts of a plan.

use super::diff::KeyChange;
use super::owner::Owner;
use crate::format::ini::Subject;

/// What happens to one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// What the section is about.
    pub subject: Subject,
    /// The declaration that wants it, or wanted it until now.
    pub owner: Owner,
    /// The keys that differ. fedgit's own key is listed only where it is all that changes or where
    /// the section changes its owner.
    pub keys: Vec<KeyChange>,
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A new section at the end of the file.
    Add,
    /// A section of ours gets other keys.
    Change,
    /// A section of ours that nothing wants any more goes.
    Remove,
    /// A section that is not ours, or that was edited by hand, becomes exactly what is wanted.
    Adopt,
}
