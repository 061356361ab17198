//! Edits by whole lines: whatever is not named here comes out byte for byte.

use std::collections::BTreeMap;

use super::{Document, Ending};

/// A document with pending edits.
#[derive(Debug)]
pub struct Draft<'a> {
    document: &'a Document,
    edits: BTreeMap<usize, LineEdit>,
    tail: String,
}

#[derive(Debug, Default)]
struct LineEdit {
    /// New whole lines before this one.
    before: String,
    content: Content,
    /// Another ending than the file's.
    ending: Option<Ending>,
    /// New whole lines after this one.
    after: String,
}

#[derive(Debug, Default, PartialEq)]
enum Content {
    #[default]
    Keep,
    Drop,
    Replace(String),
}

impl<'a> Draft<'a> {
    /// A draft without edits.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            edits: BTreeMap::new(),
            tail: String::new(),
        }
    }

    /// Takes a line out, with its ending.
    pub fn drop_line(&mut self, line: usize) {
        self.edit(line).content = Content::Drop;
    }

    /// Puts other text in a line's place and keeps its ending.
    pub fn replace_line(&mut self, line: usize, content: String) {
        self.edit(line).content = Content::Replace(content);
    }

    /// Gives a line another ending.
    pub fn end_line(&mut self, line: usize, ending: Ending) {
        self.edit(line).ending = Some(ending);
    }

    /// Adds text, made of whole lines, before a line.
    pub fn insert_before(&mut self, line: usize, text: &str) {
        self.edit(line).before.push_str(text);
    }

    /// Adds text, made of whole lines, after a line.
    pub fn insert_after(&mut self, line: usize, text: &str) {
        self.edit(line).after.push_str(text);
    }

    /// Adds text at the end of the file.
    pub fn append(&mut self, text: &str) {
        self.tail.push_str(text);
    }

    /// Whether a line was taken out.
    #[must_use]
    pub fn is_dropped(&self, line: usize) -> bool {
        self.edits
            .get(&line)
            .is_some_and(|edit| edit.content == Content::Drop)
    }

    /// The edited file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.document.text.len() + self.tail.len());
        let mut edits = self.edits.iter().peekable();
        let untouched = LineEdit::default();
        for (number, line) in self.document.lines.iter().enumerate() {
            let edit = edits
                .next_if(|(at, _)| **at == number)
                .map_or(&untouched, |(_, e)| e);
            out.push_str(&edit.before);
            let content = match &edit.content {
                Content::Keep => Some(&self.document.text[line.content.clone()]),
                Content::Replace(content) => Some(content.as_str()),
                Content::Drop => None,
            };
            if let Some(content) = content {
                out.push_str(content);
                out.push_str(edit.ending.unwrap_or(line.ending).as_str());
            }
            out.push_str(&edit.after);
        }
        out.push_str(&self.tail);
        out.into_bytes()
    }

    fn edit(&mut self, line: usize) -> &mut LineEdit {
        self.edits.entry(line).or_default()
    }
}
