//! The last check before a plan is a plan: the edited file is read again, and every section must
//! read as before or as wanted. Indentation gives lines meaning in this format, so taking lines
//! away can change what others mean; such an edit is refused, not repaired.

use super::conflict::PlanError;
use super::desired::Wanted;
use super::observed::{Observed, State};
use super::owned::is_marker;
use super::rewrite::Steps;
use crate::format::ini::{Document, Section};

/// # Errors
/// Where a section would read differently than it should.
pub(super) fn verify<'w>(
    observed: &Observed<'_>,
    steps: &Steps<'_>,
    wanted: impl Iterator<Item = &'w Wanted>,
    after: Option<&[u8]>,
) -> Result<(), PlanError> {
    // A line swallowed by a nested block above it can even make the file unreadable.
    let document =
        Document::parse(after.unwrap_or_default()).map_err(|_| first_touched(observed, steps))?;
    let read = Observed::new(&document);
    let mut found = document.sections().iter();

    let mut touched: Vec<Option<Option<&Wanted>>> = vec![None; observed.states.len()];
    for index in &steps.remove {
        touched[*index] = Some(None);
    }
    for (index, wanted) in &steps.write {
        touched[*index] = Some(Some(wanted));
    }
    for (section, step) in observed.document.sections().iter().zip(touched) {
        let good = match step {
            Some(None) => true,
            Some(Some(wanted)) => found.next().is_some_and(|now| wanted.stands_in(now)),
            None => found.next().is_some_and(|now| reads_alike(section, now)),
        };
        if !good {
            return Err(disturbs(section));
        }
    }
    for wanted in &steps.add {
        if let Some(now) = found.next().filter(|now| !wanted.stands_in(now)) {
            return Err(disturbs(now));
        }
    }
    if let Some(surplus) = found.next() {
        return Err(disturbs(surplus));
    }
    // What is wanted stands there once, by any spelling, and is known again as ours.
    for wanted in wanted {
        let ours = |i: &usize| matches!(&read.states[*i], State::Ours(mark) if mark.owner == *wanted.owner());
        match read.about(wanted.subject()) {
            [only] if ours(only) => {}
            others => {
                let header = others.first().map_or(0, |i| read.section(*i).header);
                let section = wanted.subject().section_name();
                return Err(PlanError::Disturbs {
                    section,
                    line: header + 1,
                });
            }
        }
    }
    Ok(())
}

fn first_touched(observed: &Observed<'_>, steps: &Steps<'_>) -> PlanError {
    let touched = steps
        .remove
        .iter()
        .chain(steps.write.iter().map(|(index, _)| index))
        .min();
    match touched {
        Some(index) => disturbs(observed.section(*index)),
        None => PlanError::Disturbs {
            section: String::new(),
            line: observed.document.line_count(),
        },
    }
}

fn disturbs(section: &Section) -> PlanError {
    PlanError::Disturbs {
        section: section.name.clone(),
        line: section.header + 1,
    }
}

/// Same name, same keys and values in the same order; fedgit's own key may hold other debts.
fn reads_alike(before: &Section, now: &Section) -> bool {
    fn keys(section: &Section) -> impl Iterator<Item = (&str, &str)> {
        let entries = section
            .entries
            .iter()
            .filter(|entry| !is_marker(&entry.key));
        entries.map(|entry| (entry.key.as_str(), entry.value.as_str()))
    }
    before.name == now.name && before.subjects() == now.subjects() && keys(before).eq(keys(now))
}
