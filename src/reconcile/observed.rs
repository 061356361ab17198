//! What stands in the file: what each section is about, which of them are ours, and whether anyone
//! has edited those.

use std::collections::HashMap;

use super::owned::{Mark, fingerprint, marked};
use super::owner::Owner;
use crate::format::ini::{Document, Section, Subject};

/// A document with its ownership read.
#[derive(Debug)]
pub struct Observed<'a> {
    /// The file.
    pub document: &'a Document,
    /// One for each of the document's sections, in its order.
    pub states: Vec<State>,
    by_subject: HashMap<&'a Subject, Vec<usize>>,
}

/// Whose a section is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Somebody else's, or nothing that fedgit writes.
    Foreign,
    /// Ours, as we wrote it.
    Ours(Mark),
    /// Ours once; its content is not what we wrote.
    Edited(Mark),
}

impl State {
    /// The mark of a section that is ours.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        match self {
            Self::Foreign => None,
            Self::Ours(mark) | Self::Edited(mark) => Some(mark),
        }
    }
}

impl<'a> Observed<'a> {
    /// Reads the ownership out of a document.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        let mut by_subject: HashMap<&Subject, Vec<usize>> =
            HashMap::with_capacity(document.sections().len());
        for (index, section) in document.sections().iter().enumerate() {
            for subject in section.subjects() {
                by_subject.entry(subject).or_default().push(index);
            }
        }
        let states = document.sections().iter().map(state).collect();
        Self {
            document,
            states,
            by_subject,
        }
    }

    /// The sections that some SDK takes to be about the subject, in the order of the file.
    #[must_use]
    pub fn about(&self, subject: &Subject) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// The declaration that a section says it comes from.
    #[must_use]
    pub fn owner(section: &Section) -> Option<Owner> {
        mark(section).map(|mark| mark.owner)
    }

    /// A section by its index.
    #[must_use]
    pub fn section(&self, index: usize) -> &'a Section {
        &self.document.sections()[index]
    }
}

/// The fingerprint of a section as it stands.
#[must_use]
pub fn print_of(section: &Section) -> String {
    let keys = section.entries.iter();
    fingerprint(
        &section.name,
        keys.map(|entry| (entry.key.as_str(), entry.canonical())),
    )
}

fn mark(section: &Section) -> Option<Mark> {
    Mark::parse(&marked(section)?.value).filter(|_| !section.subjects().is_empty())
}

fn state(section: &Section) -> State {
    let Some(mark) = mark(section) else {
        return State::Foreign;
    };
    let as_written = print_of(section) == mark.fingerprint;
    // Something indented below the marker became part of its value.
    let whole = marked(section).is_none_or(|entry| entry.continued.is_empty());
    if as_written && whole {
        State::Ours(mark)
    } else {
        State::Edited(mark)
    }
}
