//! Settings to model: every value parsed, every reference followed, every role expanded to its
//! profiles. Collects all the mistakes; a model is given only where there is none.

mod assume;
mod aws;
mod chain;
mod idp;
mod repo;
mod role;
mod settings;

pub use idp::usable_url;

use std::path::PathBuf;
use std::str::FromStr;

use crate::model::{BadName, Model, Region, SessionDuration};

use super::diagnostic::{Code, Diagnostic, Part};
use super::layer::Layer;
use super::merge::Settings;

/// The model, and every mistake of meaning; those of shape are [`super::merge::merge`]'s. The model
/// is whole only where there is no mistake of either sort.
#[must_use]
pub fn check(settings: &Settings, layers: &[Layer]) -> (Model, Vec<Diagnostic>) {
    let mut checker = Checker {
        settings,
        layers,
        defaults: Defaults::default(),
        diagnostics: Vec::new(),
        expanded: 0,
        undiscovered: Vec::new(),
    };
    let mut model = Model::default();
    checker.defaults();
    checker.settings(&mut model);
    checker.idps(&mut model);
    checker.roles(&mut model);
    checker.repos(&mut model);
    (model, checker.diagnostics)
}

/// What every room of the check shares: where to look values up, and where to put mistakes.
struct Checker<'a> {
    settings: &'a Settings,
    layers: &'a [Layer],
    defaults: Defaults,
    diagnostics: Vec<Diagnostic>,
    /// How many profiles there are so far, mistaken ones too.
    expanded: usize,
    /// Roles in every account of an identity provider whose accounts are not known.
    undiscovered: Vec<(String, String)>,
}

/// `[defaults]`, parsed once; a mistake in it is told once, not for every role.
#[derive(Default)]
struct Defaults {
    region: Option<Region>,
    duration: Option<SessionDuration>,
    aws: aws::Settings,
}

impl Checker<'_> {
    fn defaults(&mut self) {
        let wire = &self.settings.file.defaults;
        let region = wire.region.as_ref();
        let duration = wire.session_duration.as_ref();
        self.defaults = Defaults {
            region: region.and_then(|text| self.parse(text, &["defaults", "region"])),
            duration: duration
                .and_then(|text| self.parse(&text.0, &["defaults", "session_duration"])),
            aws: self.aws(&["defaults", "aws"], wire.aws.as_ref()),
        };
    }

    fn report(
        &mut self,
        code: Code,
        path: &[&str],
        part: Part,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let at = self.settings.at(path, part);
        self.diagnostics.push(Diagnostic {
            secret: false,
            code,
            message: message.into(),
            at,
            hint,
        });
    }

    /// The lowest layer that has the table: later ones only change it.
    fn declared_by(&self, path: &[&str; 2]) -> Option<&Layer> {
        self.layers.get(self.layer_that_declares(path))
    }

    /// That layer's place in the order of layers; the last one where there is none.
    fn layer_that_declares(&self, path: &[&str; 2]) -> usize {
        let lowest = self.layers.iter().position(|layer| {
            let table = layer.values.get(path[0]).and_then(|value| value.as_dict());
            table.is_some_and(|table| table.contains_key(path[1]))
        });
        lowest.unwrap_or(self.layers.len())
    }

    /// The file that declares a table; `None` where only variables or flags do.
    fn declared_in(&self, path: &[&str; 2]) -> Option<PathBuf> {
        self.declared_by(path)
            .and_then(|layer| layer.origin.path())
            .map(std::path::Path::to_owned)
    }

    /// Parses a text value; a mistake is reported at its key.
    fn parse<T: FromStr<Err = BadName>>(&mut self, text: &str, path: &[&str]) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(bad) => {
                self.bad_name(Code::BadValue, &bad, path, Part::Value);
                None
            }
        }
    }

    /// Parses the NAME of a `[table.NAME]`.
    fn name<T: FromStr<Err = BadName>>(&mut self, text: &str, path: &[&str]) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(bad) => {
                self.bad_name(Code::BadName, &bad, path, Part::Key);
                None
            }
        }
    }

    fn bad_name(&mut self, code: Code, bad: &BadName, path: &[&str], part: Part) {
        self.report(
            code,
            path,
            part,
            format!("{:?} is not {}", bad.text, bad.what),
            Some(bad.why.clone()),
        );
    }

    /// Reports a missing key, unless it is there and its mistake was reported already.
    fn missing(&mut self, path: &[&str], message: &str, hint: &str) {
        if !self.settings.was_mistaken(path) {
            self.report(
                Code::Missing,
                path,
                Part::Key,
                message,
                Some(hint.to_owned()),
            );
        }
    }
}
