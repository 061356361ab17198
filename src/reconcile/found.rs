//! The file as it was found: what a plan is made from.

use std::collections::BTreeSet;

use super::observed::{Observed, print_of};
use super::owner::Owner;
use crate::format::ini::{Document, ParseError};

/// The file's bytes, read.
#[derive(Debug)]
pub struct Found<'b> {
    /// `None`: there is no file.
    pub(super) bytes: Option<&'b [u8]>,
    pub(super) document: Document,
}

impl<'b> Found<'b> {
    /// Reads the file; `None` where there is none.
    ///
    /// # Errors
    /// Where the SDKs cannot read it either.
    pub fn read(bytes: Option<&'b [u8]>) -> Result<Self, ParseError> {
        Ok(Self {
            bytes,
            document: Document::parse(bytes.unwrap_or_default())?,
        })
    }

    /// The declarations that sections of the file come from.
    #[must_use]
    pub fn owners(&self) -> BTreeSet<Owner> {
        let sections = self.document.sections().iter();
        sections.filter_map(Observed::owner).collect()
    }

    /// The fingerprints of sections as they stand, by what is between their brackets.
    #[must_use]
    pub fn fingerprints(&self, names: &BTreeSet<String>) -> Vec<String> {
        let sections = self.document.sections().iter();
        let named = sections.filter(|section| names.contains(&section.name));
        named.map(print_of).collect()
    }
}
