//! The file as it was found: what a plan is made from.

use std::collections::BTreeSet;

use super::desired::Owner;
use super::observed::{Observed, print_of};
use crate::format::ini::{Document, ParseError, Subject};

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

    /// The fingerprints of the sections about a subject, as they stand.
    #[must_use]
    pub fn fingerprints(&self, subject: &Subject) -> Vec<String> {
        let sections = self.document.sections().iter();
        let about = sections.filter(|section| section.subjects().contains(subject));
        about.map(print_of).collect()
    }
}
