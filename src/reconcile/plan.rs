//! Wanted x found x last written: what to do, as a value that can be printed, compared, thrown away
//! or applied. Nothing is decided later than here.

use sha2::{Digest, Sha256};

use super::change::{Action, Change};
use super::conflict::{PlanError, Warning};
use super::decide::Decisions;
use super::desired::Wanted;
use super::found::Found;
use super::hash::hex;
use super::observed::Observed;
use super::rewrite::rewrite;
use super::terms::Terms;
use super::verify::verify;
use crate::format::ini::Document;

/// What applying would do. Displays as a diff by section with a summary line, serializes to the
/// shape described in [`show`](super::show).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Sorted by subject.
    pub changes: Vec<Change>,
    /// How many wanted sections are in place already.
    pub kept: usize,
    /// What is odd about the file but stops nothing.
    pub warnings: Vec<Warning>,
    base: Option<String>,
    after: Option<Vec<u8>>,
}

/// What it takes to bring the file that was found to what is `wanted`. Sections of the declarations
/// that take part and that nothing wants any more are removed; everybody else's are never touched,
/// but as the terms say.
///
/// # Errors
/// Where a section stands in the way that the terms do not give up, or the edit would change how
/// other sections are read.
pub fn plan(wanted: &[Wanted], found: &Found<'_>, terms: &Terms) -> Result<Plan, PlanError> {
    let observed = Observed::new(&found.document);
    let mut wanted: Vec<&Wanted> = wanted.iter().collect();
    wanted.sort_by_key(|w| w.subject());
    if let Some(pair) = wanted
        .windows(2)
        .find(|pair| pair[0].subject() == pair[1].subject())
    {
        return Err(PlanError::WantedTwice(pair[0].subject().clone()));
    }

    let decisions = Decisions::make(&wanted, &observed, terms)?;
    let after = if decisions.changes.is_empty() {
        found.bytes.map(<[u8]>::to_vec)
    } else {
        let after = rewrite(&observed, &decisions.steps, found.bytes.is_none());
        let own = wanted.iter().filter(|w| !decisions.is_shared(w));
        verify(&observed, &decisions.steps, own.copied(), after.as_deref())?;
        after
    };
    let mut warnings = decisions.orphans;
    warnings.extend(leaks(&found.document, &wanted));
    let mut changes = decisions.changes;
    changes.sort_by(|a, b| a.subject.cmp(&b.subject));
    Ok(Plan {
        changes,
        kept: decisions.kept,
        warnings,
        base: found.bytes.map(digest),
        after,
    })
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The whole file as it shall be; `None` where there shall be none.
    #[must_use]
    pub fn after(&self) -> Option<&[u8]> {
        self.after.as_deref()
    }

    /// Whether the file still is what the plan was made from.
    #[must_use]
    pub fn is_based_on(&self, found: Option<&[u8]>) -> bool {
        self.base == found.map(digest)
    }

    /// How many changes of a kind there are.
    #[must_use]
    pub fn count(&self, action: Action) -> usize {
        self.changes
            .iter()
            .filter(|change| change.action == action)
            .count()
    }
}

fn leaks(document: &Document, wanted: &[&Wanted]) -> Option<Warning> {
    let defaults = document
        .sections()
        .iter()
        .filter(|section| section.is_python_default());
    let line = defaults.clone().next()?.header + 1;
    let keys: Vec<String> = defaults
        .flat_map(|section| &section.entries)
        .filter(|entry| wanted.iter().any(|w| w.get(&entry.key).is_none()))
        .map(|entry| entry.key.clone())
        .collect();
    (!keys.is_empty()).then_some(Warning::DefaultLeaks { line, keys })
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
