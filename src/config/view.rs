//! The merged configuration as a person reads it: every value, and where it came from.

use figment::value::Value;
use serde::Serialize;
use toml_edit::Key;

use super::diagnostic::{At, Code, Diagnostic, Part};
use super::layer::Layer;
use super::merge::Settings;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its key as TOML writes it: `idp.corp.url`.
    pub key: String,
    /// The value, as JSON has it.
    pub value: serde_json::Value,
    /// The file, the variable or the built-in defaults.
    pub origin: Option<String>,
    /// The line in the file, from 1.
    pub line: Option<usize>,
}

/// Every value, sorted by key.
#[must_use]
pub fn all(settings: &Settings<'_>, layers: &[Layer]) -> Vec<Shown> {
    settings
        .leaves()
        .into_iter()
        .map(|(path, value, layer)| {
            // What a diagnostic at this key would point at.
            let at = layer.map(|layer| At {
                layer,
                path: path.clone(),
                part: Part::Key,
                span: None,
            });
            let place = Diagnostic {
                secret: false,
                code: Code::Syntax,
                message: String::new(),
                at,
                hint: None,
            }
            .locate(layers);
            // A line of a file that nobody has says nothing.
            let own = layer
                .and_then(|layer| layers.get(layer))
                .and_then(|l| l.origin.path());
            Shown {
                key: dotted(&path),
                value: json(value),
                origin: place.file,
                line: place.line.filter(|_| own.is_some()),
            }
        })
        .collect()
}

impl Shown {
    /// As a line of TOML.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} = {}", self.key, toml(&self.value))
    }

    /// Where it came from, for a person.
    #[must_use]
    pub fn place(&self) -> String {
        let origin = self.origin.as_deref().unwrap_or("unknown");
        self.line
            .map_or_else(|| origin.to_owned(), |line| format!("{origin}:{line}"))
    }
}

fn dotted(path: &[String]) -> String {
    path.iter()
        .map(|part| Key::new(part).to_string())
        .collect::<Vec<_>>()
        .join(".")
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::String(_, text) => text.as_str().into(),
        Value::Bool(_, flag) => (*flag).into(),
        Value::Array(_, items) => items.iter().map(json).collect(),
        Value::Num(_, number) => match number.to_i128().and_then(|n| i64::try_from(n).ok()) {
            Some(number) => number.into(),
            None => number.to_f64().into(),
        },
        Value::Char(_, c) => c.to_string().into(),
        Value::Dict(..) | Value::Empty(..) => serde_json::Value::Null,
    }
}

/// A value as TOML; for strings, numbers and lists JSON nearly is.
fn toml(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => toml_edit::Value::from(text.as_str()).to_string(),
        serde_json::Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(toml).collect::<Vec<_>>().join(", ")
            )
        }
        other => other.to_string(),
    }
}
