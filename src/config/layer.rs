//! One source of configuration: its text, its values with their spans, and where it stands in the
//! order of layers.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use figment::value::{Dict, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where a layer came from; later ones win.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    Builtin,
    /// `/etc/fedgit/fedgit.toml`.
    System(PathBuf),
    /// The user's own file.
    User(PathBuf),
    /// The nearest `fedgit.toml` at or above the working directory.
    Project(PathBuf),
    /// `--config` or `FEDGIT_CONFIG`: the only file.
    Named(PathBuf),
    /// `FEDGIT_<TABLE>__<NAME>__<KEY>`.
    Environment,
}

impl Origin {
    /// The file, where it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::System(path) | Self::User(path) | Self::Project(path) | Self::Named(path) => {
                Some(path)
            }
            Self::Builtin | Self::Environment => None,
        }
    }
}

/// A parsed layer.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Where it came from.
    pub origin: Origin,
    /// The text that spans point into.
    pub text: String,
    /// Its values.
    pub values: Dict,
    /// Whether the user wrote it or said that it may speak.
    pub trusted: bool,
    /// Where each key stands; made when a mistake must be shown.
    places: OnceLock<BTreeMap<Vec<String>, Place>>,
    /// Where each line starts; likewise.
    lines: OnceLock<Vec<usize>>,
}

/// Text that is not TOML: every mistake of it, with its place.
#[derive(Debug, Clone)]
pub struct SyntaxMistake {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What the parser says.
    pub message: String,
}

impl Layer {
    /// Parses a file's text.
    ///
    /// # Errors
    /// Every syntax mistake that the parser could tell apart.
    pub fn parse(origin: Origin, text: String) -> Result<Self, Vec<SyntaxMistake>> {
        let (table, errors) = DeTable::parse_recoverable(&text);
        if !errors.is_empty() {
            let end = text.len();
            return Err(errors
                .iter()
                .map(|e| SyntaxMistake {
                    span: e.span().unwrap_or(end..end),
                    message: e.message().to_owned(),
                })
                .collect());
        }
        let values = dict(table.get_ref());
        Ok(Self::of_values(origin, text, values))
    }

    /// A layer without a text of its own, or one whose text is not TOML.
    #[must_use]
    pub fn of_values(origin: Origin, text: String, values: Dict) -> Self {
        Self {
            origin,
            text,
            values,
            trusted: true,
            places: OnceLock::new(),
            lines: OnceLock::new(),
        }
    }

    /// The line that a byte of the text is in, from 0, and where that line starts.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            let ends = self
                .text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(ends.map(|(at, _)| at + 1))
                .collect()
        });
        let line = lines
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        (line, lines.get(line).copied().unwrap_or_default())
    }

    /// Where a key stands in the text: the span of the key itself and of its value. `path` may end
    /// inside an array, as an index.
    #[must_use]
    pub fn find(&self, path: &[String]) -> Option<&Place> {
        let places = self.places.get_or_init(|| {
            let mut places = BTreeMap::new();
            let (table, _) = DeTable::parse_recoverable(&self.text);
            note_table(table.get_ref(), &mut Vec::new(), &mut places);
            places
        });
        places.get(path)
    }
}

/// Where a key and its value stand in a layer's text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The key, or the item where it stands in an array.
    pub key: Range<usize>,
    /// The value.
    pub value: Range<usize>,
}

fn note_table(
    table: &DeTable<'_>,
    path: &mut Vec<String>,
    places: &mut BTreeMap<Vec<String>, Place>,
) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        note(Some(key.span()), value, path, places);
        path.pop();
    }
}

fn note(
    key: Option<Range<usize>>,
    value: &Spanned<DeValue<'_>>,
    path: &mut Vec<String>,
    places: &mut BTreeMap<Vec<String>, Place>,
) {
    let place = Place {
        key: key.unwrap_or_else(|| value.span()),
        value: value.span(),
    };
    places.insert(path.clone(), place);
    match value.get_ref() {
        DeValue::Table(inner) => note_table(inner, path, places),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                note(None, item, path, places);
                path.pop();
            }
        }
        _ => {}
    }
}

fn dict(table: &DeTable<'_>) -> Dict {
    table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), convert(value.get_ref())))
        .collect()
}

fn convert(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(flag) => Value::from(*flag),
        // A number too large for 64 bits stays text; no key wants one, so its type is reported.
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(number.as_str()),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(number.as_str()),
        },
        DeValue::Datetime(stamp) => Value::from(stamp.to_string()),
        DeValue::Array(items) => Value::from(
            items
                .iter()
                .map(|item| convert(item.get_ref()))
                .collect::<Vec<_>>(),
        ),
        DeValue::Table(table) => Value::from(dict(table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn finds_keys_values_and_items() {
        let text = "[role.a]\nregions = [\"x\", \"yy\"]\n";
        let layer = Layer::parse(Origin::Builtin, text.to_owned()).unwrap();
        let place = layer.find(&path("role/a/regions")).unwrap();
        assert_eq!(&text[place.key.clone()], "regions");
        assert_eq!(&text[place.value.clone()], "[\"x\", \"yy\"]");
        assert_eq!(
            &text[layer.find(&path("role/a/regions/1")).unwrap().value.clone()],
            "\"yy\""
        );
        assert_eq!(layer.find(&path("role/b")), None);
    }

    #[test]
    fn syntax_mistakes_have_a_place() {
        let mistakes = Layer::parse(Origin::Builtin, "a = \n[x\nb = 1".to_owned()).unwrap_err();
        assert!(!mistakes.is_empty());
        assert!(mistakes.iter().all(|m| !m.message.is_empty()));
    }
}
