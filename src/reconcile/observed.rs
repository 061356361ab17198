//! What stands in the file: which sections are which profiles, which of them are ours, and whether
//! anyone has edited those.

use std::collections::HashMap;

use super::owned::{MARKER, Mark, fingerprint};
use crate::format::ini::{Document, Section};

/// A document with its ownership read.
#[derive(Debug)]
pub struct Observed<'a> {
    /// The file.
    pub document: &'a Document,
    /// One for each of the document's sections, in its order.
    pub states: Vec<State>,
    by_profile: HashMap<&'a str, Vec<usize>>,
}

/// Whose a section is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Somebody else's, or no profile at all.
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
        let mut by_profile: HashMap<&str, Vec<usize>> =
            HashMap::with_capacity(document.sections().len());
        for (index, section) in document.sections().iter().enumerate() {
            for name in section.profiles() {
                by_profile.entry(name).or_default().push(index);
            }
        }
        let states = document.sections().iter().map(state).collect();
        Self {
            document,
            states,
            by_profile,
        }
    }

    /// The sections that some SDK takes for the profile of that name, in the order of the file.
    #[must_use]
    pub fn named(&self, profile: &str) -> &[usize] {
        self.by_profile.get(profile).map_or(&[], Vec::as_slice)
    }

    /// A section by its index.
    #[must_use]
    pub fn section(&self, index: usize) -> &'a Section {
        &self.document.sections()[index]
    }
}

fn state(section: &Section) -> State {
    let Some(value) = section
        .get(MARKER)
        .filter(|_| !section.profiles().is_empty())
    else {
        return State::Foreign;
    };
    let Some(mark) = Mark::parse(value) else {
        return State::Foreign;
    };
    let keys = section
        .entries
        .iter()
        .map(|entry| (entry.key.as_str(), entry.value.as_str()));
    let as_written = fingerprint(&section.name, keys) == mark.fingerprint;
    // Something indented below the marker became part of its value.
    if as_written && !value.contains('\n') {
        State::Ours(mark)
    } else {
        State::Edited(mark)
    }
}
