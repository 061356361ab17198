//! A mistake in the configuration: what, where, and what to do; rendered under its source line.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::layer::{Layer, Origin};
use crate::format::printable::visible;

/// What sort of mistake it is. The code is stable: scripts and editors may match it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The file is not TOML.
    Syntax,
    /// A table or key that fedgit does not know.
    UnknownKey,
    /// A value of the wrong type.
    WrongType,
    /// A value that is not what the key wants.
    BadValue,
    /// A name outside the alphabet.
    BadName,
    /// A needed key is missing.
    Missing,
    /// Two keys that exclude each other.
    Exclusive,
    /// A key of `~/.aws/config` that is fedgit's to write.
    ReservedKey,
    /// A name that is declared nowhere.
    UnknownName,
    /// Two roles give one profile name.
    DuplicateProfile,
    /// Roles that are each other's source.
    SourceLoop,
    /// A role that is too many roles away from its login.
    ChainTooDeep,
    /// A region or account outside the partition of the rest.
    WrongPartition,
    /// A value from a project file that is not trusted yet.
    Untrusted,
}

impl Code {
    /// The stable text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::UnknownKey => "unknown-key",
            Self::WrongType => "wrong-type",
            Self::BadValue => "bad-value",
            Self::BadName => "bad-name",
            Self::Missing => "missing",
            Self::Exclusive => "exclusive",
            Self::ReservedKey => "reserved-key",
            Self::UnknownName => "unknown-name",
            Self::DuplicateProfile => "duplicate-profile",
            Self::SourceLoop => "source-loop",
            Self::ChainTooDeep => "chain-too-deep",
            Self::WrongPartition => "wrong-partition",
            Self::Untrusted => "untrusted",
        }
    }
}

/// What of a key a diagnostic points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key or table name.
    Key,
    /// The value.
    Value,
}

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// Index of the layer.
    pub layer: usize,
    /// `["role", "developer", "arn"]`.
    pub path: Vec<String>,
    /// Key or value.
    pub part: Part,
    /// A place given outright, where there is no path (a syntax mistake).
    pub span: Option<std::ops::Range<usize>>,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The sort of mistake.
    pub code: Code,
    /// What is wrong, without the place.
    pub message: String,
    /// Where.
    pub at: Option<At>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether the line itself may hold a secret, and so is not shown.
    pub secret: bool,
}

/// A diagnostic with its place looked up, for rendering and for `--json`.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Located {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file, or the environment variable.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// The place in numbers.
    #[must_use]
    pub fn locate(&self, layers: &[Layer]) -> Located {
        let mut located = Located {
            code: self.code.as_str(),
            message: self.message.clone(),
            file: None,
            line: None,
            column: None,
            hint: self.hint.clone(),
        };
        let Some(at) = &self.at else { return located };
        let Some(layer) = layers.get(at.layer) else {
            return located;
        };
        located.file = Some(origin_name(&layer.origin, &at.path));
        (located.line, located.column) = self.line_and_column(layers).unzip();
        located
    }

    /// Where it points, for sorting: as a person reads the files.
    #[must_use]
    pub fn position(&self, layers: &[Layer]) -> (usize, usize) {
        let Some(at) = &self.at else {
            return (usize::MAX, 0);
        };
        let span = layers.get(at.layer).and_then(|layer| span_of(at, layer));
        (at.layer, span.map_or(usize::MAX, |span| span.start))
    }

    /// Both from 1; the column in characters.
    fn line_and_column(&self, layers: &[Layer]) -> Option<(usize, usize)> {
        let at = self.at.as_ref()?;
        let layer = layers.get(at.layer)?;
        let offset = span_of(at, layer)?.start;
        let (line, start) = layer.line_at(offset);
        Some((line + 1, layer.text.get(start..offset)?.chars().count() + 1))
    }

    /// The diagnostic under its source line.
    #[must_use]
    pub fn render(&self, layers: &[Layer], colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let (message, hint) = (visible(&self.message), self.hint.as_deref().map(visible));
        let title = Level::ERROR
            .primary_title(message.as_ref())
            .id(self.code.as_str());
        let layer = self
            .at
            .as_ref()
            .and_then(|at| Some((at, layers.get(at.layer)?)));
        let excerpt = layer
            .filter(|_| !self.secret)
            .and_then(|(at, layer)| Excerpt::of(layer, &span_of(at, layer)?)?.fit(self.code));
        let mut place = String::new();
        if let Some((at, layer)) = layer {
            place = visible(&origin_name(&layer.origin, &at.path)).into_owned();
        }
        let mut group = Group::with_title(title);
        match &excerpt {
            Some(excerpt) => {
                group = group.element(
                    Snippet::source(excerpt.text)
                        .line_start(excerpt.line)
                        .path(place.as_str())
                        .annotation(AnnotationKind::Primary.span(excerpt.span.clone())),
                );
            }
            None if !place.is_empty() => {
                if let Some((line, column)) = self.line_and_column(layers) {
                    let _ = write!(place, ":{line}:{column}");
                }
                group = group.element(annotate_snippets::Origin::path(place.as_str()));
            }
            None => {}
        }
        if let Some(hint) = &hint {
            group = group.element(Level::HELP.message(hint.as_ref()));
        }
        renderer.render(&[group])
    }
}

/// The lines that a span is in: the renderer would read a whole file for each mistake.
struct Excerpt<'a> {
    text: &'a str,
    /// Of the first line, from 1.
    line: usize,
    /// In the excerpt.
    span: std::ops::Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn of(layer: &'a Layer, span: &std::ops::Range<usize>) -> Option<Self> {
        let (line, start) = layer.line_at(span.start);
        let rest = layer.text.get(start..)?;
        // A list may go over many lines; its first says enough.
        let text = rest.lines().next().unwrap_or_default();
        let from = (span.start - start).min(text.len());
        let to = (span.end.max(span.start) - start).min(text.len());
        Some(Self {
            text,
            line: line + 1,
            span: from..to,
        })
    }

    /// What of it may end in a log, for any line may be a person's password under a name that nobody
    /// foresaw. Of a key that is not known its value is left out; of what is no TOML all that is not
    /// set by known keys.
    fn fit(self, code: Code) -> Option<Self> {
        if self.sounds_like_a_secret() {
            return None;
        }
        match code {
            Code::UnknownKey => self.without_its_value(),
            Code::Syntax if !self.is_of_known_keys() => None,
            _ => Some(self),
        }
    }

    fn without_its_value(mut self) -> Option<Self> {
        let (before, rest) = self.text.split_at_checked(self.span.start)?;
        // In an inline table: what stands before it may be another one.
        if before.contains('=') {
            return None;
        }
        if let Some((key, _)) = rest.split_once('=') {
            self.text = self.text.get(..before.len() + key.trim_end().len())?;
            self.span.end = self.span.end.min(self.text.len());
        }
        Some(self)
    }

    /// Whether it is a table's head or nothing but keys of the file that are set to something.
    fn is_of_known_keys(&self) -> bool {
        let text = self.text.trim();
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let is_head = |text: &str| text.chars().all(|c| is_part(c) || "[]\"' ".contains(c));
        if text.is_empty() || (text.starts_with('[') && is_head(text)) {
            return true;
        }
        let known = super::schema::keys();
        let mut parts = text.split('=');
        parts.next_back();
        let mut keys = parts.map(|part| {
            let key = part.trim_end().rsplit(|c| !is_part(c)).next();
            key.unwrap_or_default()
        });
        let is_known = |key: &str| key.split('.').all(|step| known.contains(step));
        text.contains('=') && keys.all(is_known)
    }

    /// Whether the line sets something that sounds like a secret: the mistake may be beside it.
    fn sounds_like_a_secret(&self) -> bool {
        let text = self.text.to_ascii_lowercase();
        let words = [
            "passw",
            "passphrase",
            "secret",
            "token",
            "access_key",
            "pw",
            "credential",
        ];
        words.iter().any(|word| {
            text.match_indices(word).any(|(at, _)| {
                let rest = &text[at..];
                let key = rest.split(['=', ':']).next().unwrap_or(rest);
                key.len() < rest.len() && !key.trim_end().ends_with("_command")
            })
        })
    }
}

fn span_of(at: &At, layer: &Layer) -> Option<std::ops::Range<usize>> {
    if let Some(span) = &at.span {
        return Some(span.clone());
    }
    // A missing key has no place of its own: its table does.
    (1..=at.path.len()).rev().find_map(|length| {
        let place = layer.find(&at.path[..length])?;
        let whole = length == at.path.len();
        Some(if whole && at.part == Part::Value {
            place.value.clone()
        } else {
            place.key.clone()
        })
    })
}

/// What to call a layer in a message.
pub(super) fn origin_name(origin: &Origin, path: &[String]) -> String {
    match origin {
        Origin::Builtin => "fedgit's built-in defaults".to_owned(),
        Origin::Environment => format!("environment variable {}", variable_name(path)),
        Origin::System(path) | Origin::User(path) | Origin::Project(path) | Origin::Named(path) => {
            path.display().to_string()
        }
    }
}

/// The variable that sets a key.
#[must_use]
pub fn variable_name(path: &[String]) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|part| {
            part.chars()
                .map(|c| {
                    if c.is_ascii_alphanumeric() {
                        c.to_ascii_uppercase()
                    } else {
                        '_'
                    }
                })
                .collect()
        })
        .collect();
    format!("{}{}", super::env::KEY_PREFIX, parts.join("__"))
}
