//! What keeps a plan from being made, and what is merely odd: each with its line and what to do.

use std::collections::BTreeSet;
use std::fmt;

use super::diff::KeyChange;
use super::owner::Owner;
use crate::format::ini::{ParseError, Subject};

/// Why there is no plan. In every case nothing may be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The SDKs cannot read the file either.
    #[error("{0}")]
    Unreadable(#[from] ParseError),
    /// Sections that fedgit must not touch without being told to.
    #[error("{}", lines(.0))]
    Conflicts(Vec<Conflict>),
    /// The declaration names a section twice.
    #[error("{0} is wanted twice")]
    WantedTwice(Subject),
    /// The edited file would read differently elsewhere, which happens where lines below a section
    /// of ours are indented.
    #[error("line {line}: the change would alter how section [{}] is read", .section.escape_debug())]
    Disturbs {
        /// The section that would read differently.
        section: String,
        /// Its header, counted from 1.
        line: usize,
    },
}

/// A section in the way of a wanted one, or edited since fedgit wrote it. Serializes for
/// `--json`, each with its `kind`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Conflict {
    /// Somebody else wrote a section of that name, in this or another spelling.
    NotOurs {
        /// What it is about.
        #[serde(flatten)]
        subject: Subject,
        /// Its header, counted from 1.
        line: usize,
    },
    /// It was ours; its content is no longer what fedgit wrote.
    EditedByHand {
        /// What it is about.
        #[serde(flatten)]
        subject: Subject,
        /// Its header, counted from 1.
        line: usize,
        /// From what stands there to what is wanted.
        diff: Vec<KeyChange>,
    },
    /// Another declaration has it.
    OwnedByOther {
        /// What it is about.
        #[serde(flatten)]
        subject: Subject,
        /// Its header, counted from 1.
        line: usize,
        /// That declaration.
        #[serde(serialize_with = "as_text")]
        owner: Owner,
    },
}

/// What the user may want to know.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// `[DEFAULT]` in capitals: Python tools add its keys to every profile, ours included.
    DefaultLeaks {
        /// Its header, counted from 1.
        line: usize,
        /// The keys that ours do not set themselves.
        keys: Vec<String>,
    },
    /// Sections of a declaration that is no longer there.
    Orphaned {
        /// The header of the first, counted from 1.
        line: usize,
        /// That declaration.
        #[serde(serialize_with = "as_text")]
        owner: Owner,
        /// How many there are.
        count: usize,
    },
}

impl Conflict {
    /// The header's line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::NotOurs { line, .. }
            | Self::EditedByHand { line, .. }
            | Self::OwnedByOther { line, .. } => *line,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotOurs { .. } => {
                "rename it in fedgit.toml, remove the section, or take it over with `fedgit apply --adopt`"
            }
            Self::EditedByHand { .. } => {
                "move the edit to fedgit.toml, or drop it with `fedgit apply --adopt`"
            }
            Self::OwnedByOther { .. } => {
                "rename it in one of the two files, or take it over with `fedgit apply --adopt`"
            }
        }
        .to_owned()
    }
}

impl PlanError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unreadable(error) => error.hint.clone(),
            Self::Conflicts(conflicts) => {
                let hints: BTreeSet<_> = conflicts.iter().map(Conflict::hint).collect();
                hints.into_iter().collect::<Vec<_>>().join("; ")
            }
            Self::WantedTwice(_) => "give one of the two another name".to_owned(),
            Self::Disturbs { .. } => {
                "take the blanks from the start of the headers and keys near it: an indented line \
                 belongs to the key above"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs { subject, line } => {
                write!(f, "line {line}: {subject} is not fedgit's")
            }
            Self::EditedByHand {
                subject,
                line,
                diff,
            } => {
                write!(f, "line {line}: {subject} was edited since fedgit wrote it")?;
                diff.iter().try_for_each(|change| write!(f, "\n{change}"))
            }
            Self::OwnedByOther {
                subject,
                line,
                owner,
            } => {
                write!(f, "line {line}: {subject} belongs to {:?}", owner.as_str())
            }
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DefaultLeaks { line, keys } => write!(
                f,
                "line {line}: Python tools such as the AWS CLI add the keys of [DEFAULT] to every \
                 profile, fedgit's too: {}",
                keys.join(", ")
            ),
            Self::Orphaned { line, owner, count } => write!(
                f,
                "line {line}: {count} {} from {:?}, which is gone; remove with \
                 `fedgit apply --prune-missing`",
                if *count == 1 {
                    "section is"
                } else {
                    "sections are"
                },
                owner.as_str()
            ),
        }
    }
}

fn lines(conflicts: &[Conflict]) -> String {
    conflicts
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

fn as_text<S: serde::Serializer>(owner: &Owner, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(owner.as_str())
}
