//! Wanted x found x last written: what to do, as a value that can be printed, compared, thrown away
//! or applied. Nothing is decided later than here.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::conflict::{Conflict, PlanError, Warning};
use super::desired::{Owner, Wanted};
use super::observed::{Observed, State};
use super::owned::{MARKER, Mark, fingerprint, hex};
use super::rewrite::{Steps, rewrite};
use super::verify::verify;
use crate::format::ini::{Document, Section};

/// What applying would do. Displays as a diff by profile with a summary line, serializes to the
/// shape described in [`show`](super::show).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Sorted by profile.
    pub changes: Vec<Change>,
    /// How many wanted profiles are in place already.
    pub kept: usize,
    /// What is odd about the file but stops nothing.
    pub warnings: Vec<Warning>,
    base: Option<String>,
    after: Option<Vec<u8>>,
}

/// What happens to one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// The profile.
    pub profile: String,
    /// The declaration that wants it, or wanted it until now.
    pub owner: Owner,
    /// The keys that differ, secrets hidden. fedgit's own key is listed only where it is all that
    /// changes or where the profile changes its owner.
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

/// One key before and after; a missing side is no such key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyChange {
    /// The key.
    pub key: String,
    /// What stands in the file.
    pub before: Option<String>,
    /// What will stand there.
    pub after: Option<String>,
}

/// What it takes to bring the file from `before` (`None`: there is no file) to what is `wanted`.
/// Sections of the owners in `prune` that nothing wants any more are removed; sections of other
/// owners, and everybody else's, are never touched. With `adopt`, sections in the way are taken over.
///
/// # Errors
/// Where the file cannot be read, or a section stands in the way and `adopt` is off.
pub fn plan(
    wanted: &[Wanted],
    prune: &[Owner],
    before: Option<&[u8]>,
    adopt: bool,
) -> Result<Plan, PlanError> {
    let document = Document::parse(before.unwrap_or_default())?;
    let observed = Observed::new(&document);
    let mut wanted: Vec<&Wanted> = wanted.iter().collect();
    wanted.sort_by_key(|w| w.name());
    if let Some(pair) = wanted
        .windows(2)
        .find(|pair| pair[0].name() == pair[1].name())
    {
        return Err(PlanError::WantedTwice(pair[0].name().to_string()));
    }

    let mut planner = Planner::new(&observed, prune, adopt);
    for w in &wanted {
        planner.want(w);
    }
    planner.prune();
    if !planner.conflicts.is_empty() {
        planner.conflicts.sort_by_key(Conflict::line);
        return Err(PlanError::Conflicts(planner.conflicts));
    }

    let after = if planner.changes.is_empty() {
        before.map(<[u8]>::to_vec)
    } else {
        let after = rewrite(&observed, &planner.steps, before.is_none());
        verify(&observed, &planner.steps, &wanted, after.as_deref())?;
        after
    };
    let mut changes = planner.changes;
    changes.sort_by(|a, b| a.profile.cmp(&b.profile));
    Ok(Plan {
        changes,
        kept: planner.kept,
        warnings: leaks(&document, &wanted).into_iter().collect(),
        base: before.map(digest),
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

struct Planner<'a> {
    observed: &'a Observed<'a>,
    prune: BTreeSet<&'a Owner>,
    adopt: bool,
    /// Sections that a wanted profile has to do with.
    claimed: Vec<bool>,
    steps: Steps<'a>,
    changes: Vec<Change>,
    conflicts: Vec<Conflict>,
    kept: usize,
}

impl<'a> Planner<'a> {
    fn new(observed: &'a Observed<'a>, prune: &'a [Owner], adopt: bool) -> Self {
        Self {
            observed,
            prune: prune.iter().collect(),
            adopt,
            claimed: vec![false; observed.states.len()],
            steps: Steps::default(),
            changes: Vec::new(),
            conflicts: Vec::new(),
            kept: 0,
        }
    }

    fn want(&mut self, wanted: &'a Wanted) {
        let sections = self.observed.named(wanted.name().as_str());
        for index in sections {
            self.claimed[*index] = true;
        }
        let conflicts: Vec<_> = sections
            .iter()
            .filter_map(|i| self.conflict(*i, wanted))
            .collect();
        if !self.adopt && !conflicts.is_empty() {
            self.conflicts.extend(conflicts);
            return;
        }
        // Ours before others', the plain spelling before quoted ones, the first before the rest.
        let rank = |i: &usize| {
            let plain = wanted.is_section(&self.observed.section(*i).name);
            (self.observed.states[*i].mark().is_none(), !plain, *i)
        };
        let Some(place) = sections.iter().copied().min_by_key(rank) else {
            self.steps.add.push(wanted);
            self.change(Action::Add, wanted, diff(&[], wanted.keys()));
            return;
        };
        let others = sections.iter().copied().filter(|i| *i != place);
        let found: Vec<&Section> = std::iter::once(place)
            .chain(others.clone())
            .map(|i| self.observed.section(i))
            .collect();
        let mark = self.observed.states[place].mark();
        let action = match &self.observed.states[place] {
            _ if !conflicts.is_empty() || found.len() > 1 => Action::Adopt,
            State::Ours(mark)
                if mark.owner == *wanted.owner() && is_as_wanted(found[0], wanted) =>
            {
                self.kept += 1;
                return;
            }
            State::Ours(_) | State::Edited(_) => Action::Change,
            State::Foreign => Action::Adopt,
        };
        let mut keys = diff(&found, wanted.keys());
        if keys.is_empty() || mark.is_some_and(|mark| mark.owner != *wanted.owner()) {
            let after = Mark {
                fingerprint: wanted_fingerprint(wanted),
                owner: wanted.owner().clone(),
                debts: mark.map(|mark| mark.debts.clone()).unwrap_or_default(),
            };
            let before = found[0].get(MARKER);
            keys.push(KeyChange::new(MARKER, before, Some(&after.value())));
        }
        self.steps.remove.extend(others);
        self.steps.write.push((place, wanted));
        self.change(action, wanted, keys);
    }

    /// Why a section must be left alone though a profile of its name is wanted.
    fn conflict(&self, index: usize, wanted: &Wanted) -> Option<Conflict> {
        let section = self.observed.section(index);
        let line = section.header + 1;
        let name = || wanted.name().to_string();
        match &self.observed.states[index] {
            State::Foreign => Some(Conflict::NotOurs { name: name(), line }),
            // A declaration that takes part in this run and wants it no longer hands it over.
            State::Ours(mark) | State::Edited(mark)
                if mark.owner != *wanted.owner() && !self.prune.contains(&mark.owner) =>
            {
                Some(Conflict::OwnedByOther {
                    name: name(),
                    line,
                    owner: mark.owner.clone(),
                })
            }
            // Edited by hand into what is wanted now: nobody loses anything.
            State::Edited(_) if !is_as_wanted(section, wanted) => Some(Conflict::EditedByHand {
                name: name(),
                line,
                diff: diff(&[section], wanted.keys()),
            }),
            State::Ours(_) | State::Edited(_) => None,
        }
    }

    /// Removes what the owners of this run no longer want.
    fn prune(&mut self) {
        for (index, state) in self.observed.states.iter().enumerate() {
            let Some(mark) = state.mark() else { continue };
            if self.claimed[index] || !self.prune.contains(&mark.owner) {
                continue;
            }
            let section = self.observed.section(index);
            let profile = section.profiles().first().cloned().unwrap_or_default();
            let keys = diff(&[section], &[]);
            if matches!(state, State::Edited(_)) && !self.adopt {
                let line = section.header + 1;
                self.conflicts.push(Conflict::EditedByHand {
                    name: profile,
                    line,
                    diff: keys,
                });
                continue;
            }
            self.steps.remove.push(index);
            let owner = mark.owner.clone();
            self.changes.push(Change {
                action: Action::Remove,
                profile,
                owner,
                keys,
            });
        }
    }

    fn change(&mut self, action: Action, wanted: &Wanted, keys: Vec<KeyChange>) {
        let (profile, owner) = (wanted.name().to_string(), wanted.owner().clone());
        self.changes.push(Change {
            action,
            profile,
            owner,
            keys,
        });
    }
}

pub(super) fn wanted_fingerprint(wanted: &Wanted) -> String {
    let keys = wanted
        .keys()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    fingerprint(&wanted.section_name(), keys)
}

fn is_as_wanted(section: &Section, wanted: &Wanted) -> bool {
    let count = section
        .entries
        .iter()
        .filter(|entry| entry.key != MARKER)
        .count();
    wanted.is_section(&section.name)
        && count == wanted.keys().len()
        && wanted
            .keys()
            .iter()
            .all(|(key, value)| section.get(key) == Some(value))
}

/// From the sections found for a profile, the surviving one first, to the wanted keys.
fn diff(found: &[&Section], wanted: &[(String, String)]) -> Vec<KeyChange> {
    let after = |key: &str| {
        wanted
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    };
    let mut changes = Vec::new();
    for entry in found.iter().flat_map(|section| &section.entries) {
        let after = after(&entry.key);
        if entry.key != MARKER && after != Some(entry.value.as_str()) {
            changes.push(KeyChange::new(&entry.key, Some(&entry.value), after));
        }
    }
    for (key, value) in wanted {
        if !found.iter().any(|section| section.get(key).is_some()) {
            changes.push(KeyChange::new(key, None, Some(value)));
        }
    }
    changes
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
