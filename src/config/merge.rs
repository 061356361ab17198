//! Layers to settings: merged key by key, typed, and every value still knows its layer. All the
//! mistakes of shape (unknown keys, wrong types) come out here, not only the first.

use std::collections::{BTreeMap, BTreeSet};

use figment::error::{Actual, Kind};
use figment::value::Value;
use serde::de::DeserializeOwned;

use super::diagnostic::{At, Code, Diagnostic, Part};
use super::layer::Layer;
use super::layered::{Layered, top_keys};
use super::wire;

/// The merged values, typed as far as they have the right shape.
#[derive(Debug)]
pub struct Settings<'a> {
    /// The values; a key with a mistake is absent and listed in `mistaken`.
    pub file: wire::File,
    layers: &'a [Layer],
    mistaken: BTreeSet<Vec<String>>,
}

/// A value with its path and the layer that it came from.
pub type Leaf<'a> = (Vec<String>, &'a Value, Option<usize>);

impl<'a> Settings<'a> {
    /// The layer that a key's value came from; for a table, of the last layer that adds to it.
    #[must_use]
    pub fn layer_of(&self, path: &[&str]) -> Option<usize> {
        Layered::find(self.layers, path)?.layer()
    }

    /// Every value with its path and the layer it came from, sorted by path.
    #[must_use]
    pub fn leaves(&self) -> Vec<Leaf<'a>> {
        let mut leaves = Vec::new();
        for key in top_keys(self.layers) {
            if let Some(value) = Layered::find(self.layers, &[key]) {
                collect(&value, vec![key.to_owned()], &mut leaves);
            }
        }
        leaves
    }

    /// Whether a key, or the table it should be in, was written with a mistake that is reported
    /// already.
    #[must_use]
    pub fn was_mistaken(&self, path: &[&str]) -> bool {
        let path: Vec<String> = path.iter().map(|&step| step.to_owned()).collect();
        (1..=path.len()).any(|length| self.mistaken.contains(&path[..length]))
    }

    /// A diagnostic at a key, wherever its value came from.
    #[must_use]
    pub fn at(&self, path: &[&str], part: Part) -> Option<At> {
        at(self.layers, path, part)
    }
}

fn collect<'a>(value: &Layered<'a>, path: Vec<String>, leaves: &mut Vec<Leaf<'a>>) {
    if let Some(leaf) = value.leaf() {
        leaves.push((path, leaf, value.layer()));
        return;
    }
    for key in value.keys() {
        if let Some(inner) = value.get(key) {
            collect(&inner, join(&path, key), leaves);
        }
    }
}

/// A key that is missing, or an item of a list, is shown in the layer of what should hold it.
fn at<S: AsRef<str>>(layers: &[Layer], path: &[S], part: Part) -> Option<At> {
    let layer = (1..=path.len())
        .rev()
        .find_map(|n| Layered::find(layers, &path[..n])?.layer())?;
    Some(At {
        layer,
        path: path.iter().map(|step| step.as_ref().to_owned()).collect(),
        part,
        span: None,
    })
}

/// Merges the layers, later over earlier.
#[must_use]
pub fn merge(layers: &[Layer]) -> (Settings<'_>, Vec<Diagnostic>) {
    let mut typing = Typing {
        layers,
        diagnostics: Vec::new(),
        mistaken: BTreeSet::new(),
    };
    let mut file = wire::File::default();
    for table in top_keys(layers) {
        let path = [table.to_owned()];
        let Some(value) = Layered::find(layers, &path) else {
            continue;
        };
        match table {
            "defaults" => file.defaults = typing.table(&value, &path),
            "idp" => file.idp = typing.tables(&value, &path),
            "account" => file.account = typing.tables(&value, &path),
            "role" => file.role = typing.tables(&value, &path),
            "repo" => file.repo = typing.tables(&value, &path),
            _ => typing.unknown(&path, &["defaults", "idp", "account", "role", "repo"]),
        }
    }
    let (diagnostics, mistaken) = (typing.diagnostics, typing.mistaken);
    let settings = Settings {
        file,
        layers,
        mistaken,
    };
    (settings, diagnostics)
}

struct Typing<'a> {
    layers: &'a [Layer],
    diagnostics: Vec<Diagnostic>,
    mistaken: BTreeSet<Vec<String>>,
}

impl Typing<'_> {
    fn tables<T: DeserializeOwned + Default>(
        &mut self,
        value: &Layered<'_>,
        path: &[String],
    ) -> BTreeMap<String, T> {
        if !value.is_table() {
            self.wrong_type(path, "tables, each with a name: [idp.NAME]");
        }
        let names = value.keys().into_iter();
        names
            .filter_map(|name| {
                let table = self.table(&value.get(name)?, &join(path, name));
                Some((name.to_owned(), table))
            })
            .collect()
    }

    /// One table. serde stops at its first mistake, so the key with the mistake is reported, taken
    /// out, and the rest is read again, until nothing is wrong.
    fn table<T: DeserializeOwned + Default>(&mut self, value: &Layered<'_>, path: &[String]) -> T {
        if !value.is_table() {
            self.wrong_type(path, "a table");
            return T::default();
        }
        let mut rest = value.value();
        loop {
            let error = match rest.deserialize::<T>() {
                Ok(table) => return table,
                Err(error) => error,
            };
            let key = match (&error.kind, error.path.first()) {
                (Kind::UnknownField(name, _), _) => name.clone(),
                (_, Some(key)) => key.clone(),
                _ => return T::default(),
            };
            let Value::Dict(_, keys) = rest.to_mut() else {
                return T::default();
            };
            if keys.remove(&key).is_none() {
                return T::default();
            }
            self.report(&error, &join(path, &key));
        }
    }

    fn report(&mut self, error: &figment::Error, path: &[String]) {
        self.mistaken.insert(path.to_vec());
        // Inside a list the error's own path goes on to the item.
        let mut exact = path.to_vec();
        exact.extend(error.path.iter().skip(1).cloned());
        let diagnostic = match &error.kind {
            Kind::UnknownField(_, known) => return self.unknown(path, known),
            Kind::UnknownVariant(given, known) => Diagnostic {
                secret: false,
                code: Code::BadValue,
                message: format!("{given:?} is none of {}", known.join(", ")),
                at: at(self.layers, &exact, Part::Value),
                hint: nearest(given, known.iter().copied()),
            },
            Kind::InvalidType(actual, expected) => Diagnostic {
                secret: path.iter().any(|step| is_secret(step)),
                code: Code::WrongType,
                message: format!(
                    "{} wants {expected}, not {}",
                    path.join("."),
                    describe(actual, path.iter().any(|step| is_secret(step)))
                ),
                at: at(self.layers, &exact, Part::Value),
                hint: None,
            },
            other => Diagnostic {
                secret: false,
                code: Code::BadValue,
                message: format!("{}: {other}", path.join(".")),
                at: at(self.layers, &exact, Part::Value),
                hint: None,
            },
        };
        self.diagnostics.push(diagnostic);
    }

    fn wrong_type(&mut self, path: &[String], wanted: &str) {
        self.mistaken.insert(path.to_vec());
        self.diagnostics.push(Diagnostic {
            secret: false,
            code: Code::WrongType,
            message: format!("{} wants {wanted}", path.join(".")),
            at: at(self.layers, path, Part::Value),
            hint: None,
        });
    }

    fn unknown(&mut self, path: &[String], known: &[&str]) {
        let key = path.last().map(String::as_str).unwrap_or_default();
        let place = match &path[..path.len().saturating_sub(1)] {
            [] => "fedgit.toml".to_owned(),
            table => format!("[{}]", table.join(".")),
        };
        let near = nearest_name(key, known.iter().copied());
        if let Some(meant) = near {
            // What was meant is there, so it is not reported as missing too.
            let mut meant_path = path.to_vec();
            meant_path.pop();
            meant_path.push(meant.to_owned());
            self.mistaken.insert(meant_path);
        }
        let secret = is_secret(key);
        let hint = if secret {
            Some(
                "a password, a code or a key is never part of this file: leave it out to be asked, \
                 or name a program with password_command"
                    .to_owned(),
            )
        } else {
            near.map(did_you_mean)
                .or_else(|| Some(format!("known here: {}", known.join(", "))))
        };
        self.diagnostics.push(Diagnostic {
            secret,
            code: Code::UnknownKey,
            message: format!("{place} has no key {key:?}"),
            at: at(self.layers, path, Part::Key),
            hint,
        });
    }
}

fn join(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

fn describe(actual: &Actual, secret: bool) -> String {
    match actual {
        Actual::Bool(_) => "true or false".to_owned(),
        Actual::Unsigned(n) => format!("the number {n}"),
        Actual::Signed(n) => format!("the number {n}"),
        Actual::Float(n) => format!("the number {n}"),
        Actual::Str(_) if secret => "text".to_owned(),
        Actual::Str(text) => format!("the text {text:?}"),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// A key whose value is likely a secret, which then must not be shown.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let names = [
        "pass",
        "secret",
        "token",
        "mfa",
        "otp",
        "code",
        "pin",
        "credential",
        "_key",
    ];
    names.iter().any(|name| key.contains(name))
}

/// "did you mean": the nearest known name, where one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest_name(given, known).map(did_you_mean)
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean {name:?}?")
}

fn nearest_name<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(given, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layer::Origin;

    fn layers(texts: &[&str]) -> Vec<Layer> {
        texts
            .iter()
            .map(|text| Layer::parse(Origin::User("f.toml".into()), (*text).to_owned()).unwrap())
            .collect()
    }

    #[test]
    fn later_layers_win_key_by_key_and_are_remembered() {
        let layers = layers(&[
            "[defaults]\nregion = 'us-east-1'\n[idp.a]\nkind = 'adfs'\nurl = 'https://x'",
            "[idp.a]\nurl = 'https://y'\n",
        ]);
        let (settings, diagnostics) = merge(&layers);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(settings.file.idp["a"].url.as_deref(), Some("https://y"));
        assert_eq!(settings.file.idp["a"].kind, Some(wire::IdpKind::Adfs));
        assert_eq!(settings.layer_of(&["idp", "a", "url"]), Some(1));
        assert_eq!(settings.layer_of(&["idp", "a", "kind"]), Some(0));
    }

    #[test]
    fn every_mistake_of_shape_is_told_at_once() {
        let layers = layers(&[concat!(
            "[idp.a]\nkind = 'adsf'\nurll = 'x'\nusername = 3\npassword = 'x'\n",
            "[rolle.b]\n[role.c]\nregions = ['a', 1]\n[repo]\nx = 1\n"
        )]);
        let (settings, diagnostics) = merge(&layers);
        let rendered: Vec<String> = diagnostics
            .iter()
            .map(|d| d.render(&layers, false))
            .collect();
        let all = rendered.join("\n");
        assert_eq!(diagnostics.len(), 7, "{all}");
        for expected in [
            "did you mean \"adfs\"?",
            "did you mean \"url\"?",
            "never part of this file",
            "did you mean \"role\"?",
            "the number 3",
            "the number 1",
        ] {
            assert!(all.contains(expected), "{expected} is not in\n{all}");
        }
        assert!(settings.was_mistaken(&["idp", "a", "kind"]));
    }
}
