//! Layers to settings: merged key by key, typed, and every value still knows its layer. All the
//! mistakes of shape (unknown keys, wrong types) come out here, not only the first.

use std::collections::{BTreeMap, BTreeSet};

use figment::error::{Actual, Kind};
use figment::value::{Dict, Value};
use figment::{Figment, Profile};
use serde::de::DeserializeOwned;

use super::diagnostic::{At, Code, Diagnostic, Part};
use super::discovered::Discovered;
use super::layer::{AsProvider, Layer, index_of};
use super::wire;

/// The merged values, typed as far as they have the right shape.
#[derive(Debug)]
pub struct Settings {
    /// The values; a key with a mistake is absent and listed in `mistaken`.
    pub file: wire::File,
    /// What identity providers were seen to offer; not a layer, for it declares nothing.
    pub discovered: Discovered,
    merged: Dict,
    figment: Figment,
    mistaken: BTreeSet<Vec<String>>,
}

impl Settings {
    /// The layer that a key's value came from; for a table, of the last layer that adds to it.
    #[must_use]
    pub fn layer_of(&self, path: &[&str]) -> Option<usize> {
        let value = find(&self.merged, path)?;
        index_of(self.figment.get_metadata(value.tag())?)
    }

    /// Every value with its path and the layer it came from, sorted by path.
    #[must_use]
    pub fn leaves(&self) -> Vec<(Vec<String>, &Value, Option<usize>)> {
        let mut leaves = Vec::new();
        self.collect(&self.merged, &[], &mut leaves);
        leaves
    }

    fn collect<'a>(
        &self,
        dict: &'a Dict,
        path: &[String],
        leaves: &mut Vec<(Vec<String>, &'a Value, Option<usize>)>,
    ) {
        for (key, value) in dict {
            let path = join(path, key);
            match value.as_dict() {
                Some(inner) => self.collect(inner, &path, leaves),
                None => {
                    let layer = self.figment.get_metadata(value.tag()).and_then(index_of);
                    leaves.push((path, value, layer));
                }
            }
        }
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
        // A key that is missing is shown at the table that should hold it.
        let layer = (1..=path.len())
            .rev()
            .find_map(|n| self.layer_of(&path[..n]))?;
        let path = path.iter().map(|&step| step.to_owned()).collect();
        Some(At {
            layer,
            path,
            part,
            span: None,
        })
    }
}

/// The tables of the file.
const TABLES: &[&str] = &["defaults", "settings", "idp", "account", "role", "repo"];

/// Merges the layers, later over earlier.
#[must_use]
pub fn merge(layers: &[Layer]) -> (Settings, Vec<Diagnostic>) {
    let figment = layers
        .iter()
        .enumerate()
        .fold(Figment::new(), |figment, (index, layer)| {
            figment.merge(AsProvider { index, layer })
        });
    // The providers above hand over values that are parsed already: they cannot fail.
    let merged = figment::Provider::data(&figment)
        .ok()
        .and_then(|mut profiles| profiles.remove(&Profile::Default))
        .unwrap_or_default();
    let mut typing = Typing {
        figment: &figment,
        diagnostics: Vec::new(),
        mistaken: BTreeSet::new(),
    };
    let mut file = wire::File::default();
    for (table, value) in &merged {
        let path = std::slice::from_ref(table);
        match table.as_str() {
            "defaults" => file.defaults = typing.table(value, path),
            "settings" => file.settings = typing.table(value, path),
            "idp" => file.idp = typing.tables(value, path),
            "account" => file.account = typing.tables(value, path),
            "role" => file.role = typing.tables(value, path),
            "repo" => file.repo = typing.tables(value, path),
            _ => typing.unknown(value, path, TABLES),
        }
    }
    let (diagnostics, mistaken) = (typing.diagnostics, typing.mistaken);
    (
        Settings {
            discovered: Discovered::default(),
            file,
            merged,
            figment,
            mistaken,
        },
        diagnostics,
    )
}

struct Typing<'a> {
    figment: &'a Figment,
    diagnostics: Vec<Diagnostic>,
    mistaken: BTreeSet<Vec<String>>,
}

impl Typing<'_> {
    fn tables<T: DeserializeOwned + Default>(
        &mut self,
        value: &Value,
        path: &[String],
    ) -> BTreeMap<String, T> {
        let Some(tables) = value.as_dict() else {
            self.wrong_type(value, path, "tables, each with a name: [idp.NAME]");
            return BTreeMap::new();
        };
        tables
            .iter()
            .map(|(name, value)| (name.clone(), self.table(value, &join(path, name))))
            .collect()
    }

    /// One table. serde stops at its first mistake, so the key with the mistake is reported, taken
    /// out, and the rest is read again, until nothing is wrong.
    fn table<T: DeserializeOwned + Default>(&mut self, value: &Value, path: &[String]) -> T {
        let Some(mut rest) = value.as_dict().cloned() else {
            self.wrong_type(value, path, "a table");
            return T::default();
        };
        loop {
            let error = match Value::from(rest.clone()).deserialize::<T>() {
                Ok(table) => return table,
                Err(error) => error,
            };
            let key = match (&error.kind, error.path.first()) {
                (Kind::UnknownField(name, _), _) => name.clone(),
                (_, Some(key)) => key.clone(),
                _ => return T::default(),
            };
            let steps: Vec<String> = match &error.kind {
                Kind::UnknownField(..) => vec![key],
                _ => error.path.clone(),
            };
            let Some((steps, mistaken)) = take_out(&mut rest, &steps) else {
                return T::default();
            };
            let taken: Vec<String> = path.iter().cloned().chain(steps).collect();
            // Inside a list the error's own path goes on to the item.
            let exact: Vec<String> = path.iter().chain(&error.path).cloned().collect();
            self.report(&error, &mistaken, &taken, exact);
        }
    }

    fn report(
        &mut self,
        error: &figment::Error,
        value: &Value,
        path: &[String],
        exact: Vec<String>,
    ) {
        self.mistaken.insert(path.to_vec());
        let diagnostic = match &error.kind {
            Kind::UnknownField(_, known) => return self.unknown(value, path, known),
            Kind::UnknownVariant(given, known) => Diagnostic {
                secret: false,
                code: Code::BadValue,
                message: format!("{given:?} is none of {}", known.join(", ")),
                at: self.at(value, &exact, Part::Value),
                hint: nearest(given, known.iter().copied()),
            },
            Kind::InvalidType(actual, expected) => Diagnostic {
                secret: path.iter().any(|step| is_secret(step)),
                code: Code::WrongType,
                message: format!(
                    "{} wants {}, not {}",
                    path.join("."),
                    wanted(expected).0,
                    describe(actual, path.iter().any(|step| is_secret(step)))
                ),
                at: self.at(value, &exact, Part::Value),
                hint: wanted(expected).1.map(str::to_owned),
            },
            other => Diagnostic {
                secret: false,
                code: Code::BadValue,
                message: format!("{}: {other}", path.join(".")),
                at: self.at(value, &exact, Part::Value),
                hint: None,
            },
        };
        self.diagnostics.push(diagnostic);
    }

    fn wrong_type(&mut self, value: &Value, path: &[String], wanted: &str) {
        self.mistaken.insert(path.to_vec());
        self.diagnostics.push(Diagnostic {
            secret: false,
            code: Code::WrongType,
            message: format!("{} wants {wanted}", path.join(".")),
            at: self.at(value, path, Part::Value),
            hint: None,
        });
    }

    fn unknown(&mut self, value: &Value, path: &[String], known: &[&str]) {
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
        let secret = is_secret(key) || is_nearly_a_password(key);
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
            at: self.at(value, path, Part::Key),
            hint,
        });
    }

    fn at(&self, value: &Value, path: &[String], part: Part) -> Option<At> {
        let layer = index_of(self.figment.get_metadata(first_tag(value))?)?;
        Some(At {
            layer,
            path: path.to_vec(),
            part,
            span: None,
        })
    }
}

/// Takes out the value that a path leads to, or the list that it leads into, and says how far the
/// path went.
fn take_out(dict: &mut Dict, path: &[String]) -> Option<(Vec<String>, Value)> {
    let (first, rest) = path.split_first()?;
    if let (Some(Value::Dict(_, inner)), false) = (dict.get_mut(first), rest.is_empty())
        && let Some((mut steps, value)) = take_out(inner, rest)
    {
        steps.insert(0, first.clone());
        return Some((steps, value));
    }
    Some((vec![first.clone()], dict.remove(first)?))
}

/// A table's own tag is not kept by the merge; that of something inside it is.
fn first_tag(value: &Value) -> figment::value::Tag {
    match value.as_dict().and_then(|dict| dict.values().next()) {
        Some(inner) => first_tag(inner),
        None => value.tag(),
    }
}

fn find<'a>(dict: &'a Dict, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = dict.get(*first)?;
    if rest.is_empty() {
        Some(value)
    } else {
        find(value.as_dict()?, rest)
    }
}

fn join(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

/// What serde wants, as a person calls it, and how that is written.
fn wanted(expected: &str) -> (String, Option<&'static str>) {
    let (name, hint) = match expected {
        "a string" => ("text", "write one value, in quotes"),
        "a boolean" => ("true or false", "write it without quotes"),
        "u64" => (
            "a whole number",
            "write it without quotes, a sign or a point",
        ),
        "a sequence" => ("a list", r#"write a list: ["one", "two"]"#),
        "a map" => ("a table", r#"write a table: { name = "value" }"#),
        _ => return (expected.to_owned(), None),
    };
    (name.to_owned(), Some(hint))
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
#[must_use]
pub fn is_secret(key: &str) -> bool {
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

/// Whether somebody may have meant to write their password down.
fn is_nearly_a_password(key: &str) -> bool {
    let words = ["password", "passphrase", "kennwort", "apikey"];
    let key = key.to_ascii_lowercase();
    words
        .iter()
        .any(|word| strsim::jaro_winkler(&key, word) > 0.9)
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
