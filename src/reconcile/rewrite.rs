//! The edited file: removes, rewrites and appends sections line by line, and keeps the books on
//! what the user's bytes are still owed ([`Debts`]).

use std::collections::{BTreeMap, BTreeSet};

use super::desired::Wanted;
use super::observed::Observed;
use super::owned::{Debts, Mark, is_marker, line_hash, marked, marker};
use crate::format::ini::{Document, Draft, Ending, Section};
use crate::model::{AwsKey, AwsValue};

/// What to do, by index of the document's sections.
#[derive(Debug, Default)]
pub(super) struct Steps<'a> {
    /// Sections to take out.
    pub(super) remove: Vec<usize>,
    /// Sections that become what is wanted, in their place.
    pub(super) write: Vec<(usize, &'a Wanted)>,
    /// New sections in the order to append them.
    pub(super) add: Vec<&'a Wanted>,
}

/// The file after the steps; `None` where it must go because fedgit created it and nothing is left.
pub(super) fn rewrite(
    observed: &Observed<'_>,
    steps: &Steps<'_>,
    created: bool,
) -> Option<Vec<u8>> {
    let document = observed.document;
    let mut rewriter = Rewriter {
        observed,
        document,
        draft: Draft::new(document),
        removed: steps.remove.iter().copied().collect(),
        debts: BTreeMap::new(),
        handed_on: Debts {
            created,
            ..Debts::default()
        },
    };
    for index in &steps.remove {
        rewriter.remove(*index);
    }
    for index in rewriter.removed.clone() {
        rewriter.settle(index, !steps.add.is_empty());
    }
    for (index, wanted) in &steps.write {
        rewriter.write(*index, wanted);
    }
    rewriter.update_marks();
    let gone = rewriter.handed_on.created && steps.add.is_empty();
    rewriter.append(&steps.add);
    let bytes = rewriter.draft.to_bytes();
    (!(gone && bytes.is_empty())).then_some(bytes)
}

struct Rewriter<'a> {
    observed: &'a Observed<'a>,
    document: &'a Document,
    draft: Draft<'a>,
    removed: BTreeSet<usize>,
    /// New debts of sections that stay ours, where they change.
    debts: BTreeMap<usize, Debts>,
    /// Debts for the first new section.
    handed_on: Debts,
}

impl Rewriter<'_> {
    /// Drops the lines that are ours: header, keys and the blank line we put before. Comments and
    /// blank lines in between are the user's and stay.
    fn remove(&mut self, index: usize) {
        let section = self.observed.section(index);
        if self.first_line(index) < section.header {
            self.draft.drop_line(section.header - 1);
        }
        self.draft.drop_line(section.header);
        for line in section.entries.iter().flat_map(|entry| entry.lines()) {
            self.draft.drop_line(line);
        }
    }

    /// The first line that removing a section takes: its header, or our blank line above it.
    fn first_line(&self, index: usize) -> usize {
        let header = self.observed.section(index).header;
        let owed = self.observed.states[index]
            .mark()
            .is_some_and(|mark| mark.debts.blank);
        let blank = header
            .checked_sub(1)
            .filter(|line| self.document.content(*line).is_empty());
        blank.filter(|_| owed).unwrap_or(header)
    }

    /// Pays the debts of a removed section, or hands them on to one that still stands between the
    /// user and what is owed.
    fn settle(&mut self, index: usize, adding: bool) {
        let Some(mark) = self.observed.states[index].mark() else {
            return;
        };
        if mark.debts.created {
            match (0..self.observed.states.len()).find(|i| self.stays_ours(*i)) {
                Some(heir) => self.debts_of(heir).created = true,
                None => self.handed_on.created = true,
            }
        }
        let Some(hash) = &mark.debts.newline else {
            return;
        };
        let start = self.first_line(index);
        let Some(line) = (0..start).rev().find(|line| !self.draft.is_dropped(*line)) else {
            return;
        };
        let ended_by_us = line_hash(self.document.content(line)) == *hash;
        if !ended_by_us || self.document.ending(line) == Ending::None {
            return;
        }
        match (start..self.document.line_count()).find(|line| !self.draft.is_dropped(*line)) {
            None if adding => self.handed_on.newline = Some(hash.clone()),
            None => self.draft.end_line(line, Ending::None),
            // Whatever else follows is the user's and needs the line ending now.
            Some(next) => {
                if let Some(heir) = self.begins_at(next) {
                    self.debts_of(heir).newline = Some(hash.clone());
                }
            }
        }
    }

    fn stays_ours(&self, index: usize) -> bool {
        self.observed.states[index].mark().is_some() && !self.removed.contains(&index)
    }

    /// The section of ours that begins, with its blank line, at a line.
    fn begins_at(&self, line: usize) -> Option<usize> {
        let sections = self.document.sections();
        let index = sections.partition_point(|section| section.header < line);
        let here = index < sections.len() && self.stays_ours(index);
        (here && self.first_line(index) == line).then_some(index)
    }

    fn debts_of(&mut self, index: usize) -> &mut Debts {
        let mark = self.observed.states[index].mark();
        let debts = || mark.map(|mark| mark.debts.clone()).unwrap_or_default();
        self.debts.entry(index).or_insert_with(debts)
    }

    /// Makes a section what is wanted, in its place.
    fn write(&mut self, index: usize, wanted: &Wanted) {
        let section = self.observed.section(index);
        let mark = Mark {
            fingerprint: wanted.fingerprint(),
            owner: wanted.owner().clone(),
            debts: self.debts_of(index).clone(),
        };
        self.debts.remove(&index);
        if is_laid_out_by_us(self.document, section, wanted) {
            self.write_keys(section, wanted, &mark);
        } else {
            self.write_afresh(section, wanted, &mark);
        }
    }

    /// Key by key, so that a comment above a key stays above it.
    fn write_keys(&mut self, section: &Section, wanted: &Wanted, mark: &Mark) {
        let ending = self.ending_at(section.header);
        let mut last = section.header;
        for entry in &section.entries {
            if is_marker(&entry.key) {
                let key = marker(wanted.subject());
                self.draft
                    .replace_line(entry.line, key_line(key, &mark.value()));
                last = entry.line;
                continue;
            }
            let value = wanted.get(&entry.key);
            if value.is_some_and(|value| value.as_read() == entry.canonical()) {
                continue;
            }
            for line in entry.lines() {
                self.draft.drop_line(line);
            }
            if let Some(value) = value {
                let lines = key_lines(&entry.key, value, ending);
                self.draft.insert_before(entry.line, &lines);
            }
        }
        let known = |key: &AwsKey| section.get(key.as_str()).is_some();
        for (key, value) in wanted.keys().iter().filter(|(key, _)| !known(key)) {
            let lines = key_lines(key.as_str(), value, ending);
            self.draft.insert_before(last, &lines);
        }
    }

    /// All keys under the header; comments and blank lines of the section follow them.
    fn write_afresh(&mut self, section: &Section, wanted: &Wanted, mark: &Mark) {
        let header = header_line(wanted);
        let plain = wanted.subject().is_section(&section.name);
        if !plain || !self.document.content(section.header).starts_with(&header) {
            self.draft.replace_line(section.header, header);
        }
        for line in section.entries.iter().flat_map(|entry| entry.lines()) {
            self.draft.drop_line(line);
        }
        let ending = self.ending_at(section.header);
        if self.document.ending(section.header) == Ending::None {
            self.draft.end_line(section.header, self.document.style());
        }
        self.draft
            .insert_after(section.header, &body(wanted, mark, ending));
    }

    /// Writes the changed debts of sections that are otherwise left alone. Only the one line of
    /// fedgit's own key changes, so this is right for other owners' sections too.
    fn update_marks(&mut self) {
        for (index, debts) in std::mem::take(&mut self.debts) {
            let section = self.observed.section(index);
            let mark = self.observed.states[index].mark();
            let (Some(mark), Some(entry)) = (mark, marked(section)) else {
                continue;
            };
            let mark = Mark {
                debts,
                ..mark.clone()
            };
            let old = self.document.content(entry.line);
            let indent = &old[..old.len() - old.trim_start().len()];
            let line = format!("{indent}{}", key_line(&entry.key, &mark.value()));
            self.draft.replace_line(entry.line, line);
        }
    }

    fn append(&mut self, wanted: &[&Wanted]) {
        let last = (0..self.document.line_count())
            .rev()
            .find(|line| !self.draft.is_dropped(*line));
        // After a lone `\r` only another one is safe: see `Document::style`.
        let ending = last.map_or("", |line| self.document.ending(line).as_str());
        let ending = if ending.is_empty() {
            self.document.style().as_str()
        } else {
            ending
        };
        for (i, wanted) in wanted.iter().enumerate() {
            let mut debts = if i == 0 {
                std::mem::take(&mut self.handed_on)
            } else {
                Debts::default()
            };
            debts.blank = i > 0 || last.is_some_and(|line| !self.document.is_blank(line));
            if let (0, Some(line)) = (i, last)
                && self.document.ending(line) == Ending::None
            {
                debts.newline = Some(line_hash(self.document.content(line)));
                self.draft.end_line(line, self.document.style());
            }
            if debts.blank {
                self.draft.append(ending);
            }
            let mark = Mark {
                fingerprint: wanted.fingerprint(),
                owner: wanted.owner().clone(),
                debts,
            };
            self.draft.append(&header_line(wanted));
            self.draft.append(ending);
            self.draft.append(&body(wanted, &mark, ending));
        }
    }

    fn ending_at(&self, line: usize) -> &'static str {
        match self.document.ending(line) {
            Ending::None => self.document.style().as_str(),
            ending => ending.as_str(),
        }
    }
}

/// Whether editing single lines is safe: a plain header, and no key indented or continued other than
/// by a nested block, where a new line in column 0 would change what its neighbours belong to.
fn is_laid_out_by_us(document: &Document, section: &Section, wanted: &Wanted) -> bool {
    wanted.subject().is_section(&section.name)
        && document.content(section.header).starts_with('[')
        && section.entries.iter().all(|entry| {
            !entry.indented && (entry.continued.is_empty() || entry.nested().is_some())
        })
        && marked(section).is_some()
}

fn header_line(wanted: &Wanted) -> String {
    format!("[{}]", wanted.subject().section_name())
}

fn key_line(key: &str, value: &str) -> String {
    format!("{key} = {value}").trim_end().to_owned()
}

/// A key with its value, whole lines. Nested keys are indented by two, as AWS's own documents do.
fn key_lines(key: &str, value: &AwsValue, ending: &str) -> String {
    match value {
        AwsValue::Text(text) => key_line(key, text.as_str()) + ending,
        AwsValue::Nested(keys) => {
            let mut lines = format!("{key} ={ending}");
            for (key, value) in keys {
                lines.push_str("  ");
                lines.push_str(&key_line(key.as_str(), value.as_str()));
                lines.push_str(ending);
            }
            lines
        }
    }
}

fn body(wanted: &Wanted, mark: &Mark, ending: &str) -> String {
    let mut text = String::new();
    for (key, value) in wanted.keys() {
        match value {
            AwsValue::Text(value) if !value.as_str().is_empty() => {
                text.extend([key.as_str(), " = ", value.as_str(), ending]);
            }
            value => text.push_str(&key_lines(key.as_str(), value, ending)),
        }
    }
    text.extend([marker(wanted.subject()), " = ", &mark.value(), ending]);
    text
}
