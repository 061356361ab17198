//! Section by section: keep, add, change, remove, take over, or leave alone and say why.

use std::collections::BTreeMap;

use super::change::{Action, Change};
use super::conflict::{Conflict, PlanError, Warning};
use super::desired::Wanted;
use super::diff::{KeyChange, Standing, diff};
use super::observed::{Observed, State, print_of};
use super::owned::{Mark, marked, marker};
use super::owner::Owner;
use super::rewrite::Steps;
use super::terms::{Adopt, Terms};
use crate::format::ini::Subject;

/// What was decided.
pub(super) struct Decisions<'a> {
    pub(super) steps: Steps<'a>,
    pub(super) changes: Vec<Change>,
    pub(super) kept: usize,
    pub(super) orphans: Vec<Warning>,
    /// Sections of others that say what is wanted: left to them.
    shared: Vec<&'a Subject>,
}

impl<'a> Decisions<'a> {
    pub(super) fn make(
        wanted: &[&'a Wanted],
        observed: &'a Observed<'a>,
        terms: &'a Terms,
    ) -> Result<Self, PlanError> {
        let mut decider = Decider {
            observed,
            terms,
            claimed: vec![false; observed.states.len()],
            conflicts: Vec::new(),
            made: Self {
                steps: Steps::default(),
                changes: Vec::new(),
                kept: 0,
                orphans: Vec::new(),
                shared: Vec::new(),
            },
        };
        for wanted in wanted {
            decider.want(wanted);
        }
        decider.leave_behind();
        if decider.conflicts.is_empty() {
            return Ok(decider.made);
        }
        decider.conflicts.sort_by_key(Conflict::line);
        Err(PlanError::Conflicts(decider.conflicts))
    }

    /// Whether what is wanted stands in somebody else's section, which stays theirs.
    pub(super) fn is_shared(&self, wanted: &Wanted) -> bool {
        self.shared.contains(&wanted.subject())
    }
}

struct Decider<'a> {
    observed: &'a Observed<'a>,
    terms: &'a Terms,
    /// Sections that something wanted has to do with.
    claimed: Vec<bool>,
    conflicts: Vec<Conflict>,
    made: Decisions<'a>,
}

impl<'a> Decider<'a> {
    fn want(&mut self, wanted: &'a Wanted) {
        let sections = self.observed.about(wanted.subject());
        for index in sections {
            self.claimed[*index] = true;
        }
        if self.is_there_already(wanted, sections) {
            self.made.kept += 1;
            self.made.shared.push(wanted.subject());
            return;
        }
        let conflicts: Vec<_> = sections
            .iter()
            .filter_map(|i| self.conflict(*i, wanted))
            .collect();
        if self.terms.adopt != Adopt::Everything && !conflicts.is_empty() {
            self.conflicts.extend(conflicts);
            return;
        }
        // Ours before others', the plain spelling before quoted ones, the first before the rest.
        let name = wanted.subject().section_name();
        let rank = |i: &usize| {
            let plain = self.observed.section(*i).name == name;
            (self.observed.states[*i].mark().is_none(), !plain, *i)
        };
        let Some(place) = sections.iter().copied().min_by_key(rank) else {
            self.made.steps.add.push(wanted);
            self.change(Action::Add, wanted, diff(&[], Some(wanted)));
            return;
        };
        let others = sections.iter().copied().filter(|i| *i != place);
        let standing: Vec<_> = std::iter::once(place)
            .chain(others.clone())
            .map(|index| self.standing(index))
            .collect();
        let mark = self.observed.states[place].mark();
        let action = match &self.observed.states[place] {
            _ if !conflicts.is_empty() || standing.len() > 1 => Action::Adopt,
            State::Ours(mark)
                if mark.owner == *wanted.owner()
                    && wanted.stands_in(self.observed.section(place)) =>
            {
                self.made.kept += 1;
                return;
            }
            State::Ours(_) | State::Edited(_) => Action::Change,
            State::Foreign => Action::Adopt,
        };
        let mut keys = diff(&standing, Some(wanted));
        if keys.is_empty() || mark.is_some_and(|mark| mark.owner != *wanted.owner()) {
            keys.push(self.mark_change(place, wanted));
        }
        self.made.steps.remove.extend(others);
        self.made.steps.write.push((place, wanted));
        self.change(action, wanted, keys);
    }

    /// An sso-session is a place to log in, and no owner's alone: where somebody else's says the
    /// same, it serves.
    fn is_there_already(&self, wanted: &Wanted, sections: &[usize]) -> bool {
        let (Subject::SsoSession(_), [index]) = (wanted.subject(), sections) else {
            return false;
        };
        let section = self.observed.section(*index);
        let theirs = match self.observed.states[*index].mark() {
            None => true,
            Some(mark) => mark.owner != *wanted.owner() && !self.may_take(wanted, &mark.owner),
        };
        theirs
            && ["sso_start_url", "sso_region"].iter().all(|key| {
                let end = |text: &str| text.trim_end_matches(['/', '#']).to_owned();
                let wanted = wanted.get(key).map(|value| end(&value.as_read()));
                wanted == section.get(key).map(end)
            })
    }

    /// Whether a section passes from its owner to the wanted one's without being asked for.
    fn may_take(&self, wanted: &Wanted, owner: &Owner) -> bool {
        let trusted = !self.terms.untrusted.contains(wanted.owner());
        trusted && (self.terms.here.contains(owner) || self.terms.gone.contains(owner))
    }

    /// Why a section must be left alone though one of its name is wanted.
    fn conflict(&self, index: usize, wanted: &Wanted) -> Option<Conflict> {
        let section = self.observed.section(index);
        let (subject, line) = (wanted.subject().clone(), section.header + 1);
        match &self.observed.states[index] {
            State::Foreign
                if self
                    .terms
                    .adopt
                    .consents(wanted.owner(), || print_of(section)) =>
            {
                None
            }
            State::Foreign => Some(Conflict::NotOurs { subject, line }),
            // A declaration that takes part in this run and wants it no longer hands it over.
            State::Ours(mark) | State::Edited(mark)
                if mark.owner != *wanted.owner() && !self.may_take(wanted, &mark.owner) =>
            {
                Some(Conflict::OwnedByOther {
                    subject,
                    line,
                    owner: mark.owner.clone(),
                })
            }
            // Edited by hand into what is wanted now: nobody loses anything.
            State::Edited(_) if !wanted.stands_in(section) => Some(Conflict::EditedByHand {
                subject,
                line,
                diff: diff(&[self.standing(index)], Some(wanted)),
            }),
            State::Ours(_) | State::Edited(_) => None,
        }
    }

    /// Removes what the declarations of this run no longer want, and counts what belongs to ones
    /// that are gone.
    fn leave_behind(&mut self) {
        let mut orphans: BTreeMap<&Owner, (usize, usize)> = BTreeMap::new();
        for (index, state) in self.observed.states.iter().enumerate() {
            let Some(mark) = state.mark().filter(|_| !self.claimed[index]) else {
                continue;
            };
            let line = self.observed.section(index).header + 1;
            if self.terms.here.contains(&mark.owner) {
                self.remove(index, state, mark);
            } else if self.terms.gone.contains(&mark.owner) {
                orphans.entry(&mark.owner).or_insert((line, 0)).1 += 1;
            }
        }
        let orphans = orphans.into_iter();
        self.made.orphans = orphans
            .map(|(owner, (line, count))| Warning::Orphaned {
                line,
                owner: owner.clone(),
                count,
            })
            .collect();
    }

    fn remove(&mut self, index: usize, state: &State, mark: &Mark) {
        let section = self.observed.section(index);
        let Some(subject) = section.subjects().first().cloned() else {
            return;
        };
        let keys = diff(&[self.standing(index)], None);
        if matches!(state, State::Edited(_)) && self.terms.adopt != Adopt::Everything {
            self.conflicts.push(Conflict::EditedByHand {
                subject,
                line: section.header + 1,
                diff: keys,
            });
            return;
        }
        self.made.steps.remove.push(index);
        self.made.changes.push(Change {
            action: Action::Remove,
            subject,
            owner: mark.owner.clone(),
            keys,
        });
    }

    fn standing(&self, index: usize) -> Standing<'a> {
        Standing {
            section: self.observed.section(index),
            ours: matches!(self.observed.states[index], State::Ours(_)),
        }
    }

    fn mark_change(&self, index: usize, wanted: &Wanted) -> KeyChange {
        let mark = self.observed.states[index].mark();
        let after = Mark {
            fingerprint: wanted.fingerprint(),
            owner: wanted.owner().clone(),
            debts: mark.map(|mark| mark.debts.clone()).unwrap_or_default(),
        };
        let before = marked(self.observed.section(index)).map(|entry| entry.value.as_str());
        KeyChange {
            key: marker(wanted.subject()).to_owned(),
            before: before.map(str::to_owned),
            after: Some(after.value()),
        }
    }

    fn change(&mut self, action: Action, wanted: &Wanted, keys: Vec<KeyChange>) {
        self.made.changes.push(Change {
            action,
            subject: wanted.subject().clone(),
            owner: wanted.owner().clone(),
            keys,
        });
    }
}
