//! `fedgit.toml`: read the layers, merge them, check them, give the [`Model`] or every mistake.

pub mod check;
pub mod diagnostic;
pub mod discovered;
pub mod edit;
pub mod env;
mod gather;
pub mod layer;
pub mod merge;
pub mod overlay;
pub mod schema;
pub mod trust;
pub mod view;
pub mod wire;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::Model;
use crate::sys::env::Env;
use crate::sys::fs;
use crate::sys::paths::Paths;
use crate::sys::private::{self, Stamp};

use diagnostic::{Code, Diagnostic};
pub use gather::{Gathered, gather, origins, read, variables};
use layer::Layer;

/// Which files take part, as the command line says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `--config`: this file instead of all others.
    pub config: Option<PathBuf>,
    /// `--user`: this file as the user's. What `apply` writes where `XDG_CONFIG_HOME` led to it,
    /// since whoever runs the line may have another environment.
    pub user: Option<PathBuf>,
    /// `--project`: this file as the project's, wherever the working directory is. What `apply`
    /// writes into profiles of a project, since an SDK may run the line from any directory.
    pub project: Option<PathBuf>,
    /// Not to look for a project file at and above the working directory.
    pub no_walk: bool,
}

impl Selection {
    /// With the file that `FEDGIT_CONFIG` names, where no flag names one.
    #[must_use]
    pub fn with_environment(mut self, env: &Env) -> Self {
        // The flags of a profile's line say which files it means, whatever its caller's
        // environment says.
        if self.user.is_none() && self.project.is_none() {
            self.config = self.config.or_else(|| env.path(env::FEDGIT_CONFIG));
        }
        self
    }

    /// The flags that select the same files again, from anywhere.
    #[must_use]
    pub fn flags(&self) -> Vec<(&'static str, &Path)> {
        [
            ("--config", &self.config),
            ("--user", &self.user),
            ("--project", &self.project),
        ]
        .into_iter()
        .filter_map(|(flag, path)| Some((flag, path.as_deref()?)))
        .collect()
    }
}

/// The configuration of this run.
#[derive(Debug)]
pub struct Loaded {
    /// What is declared.
    pub model: Model,
    /// The layers, for messages.
    pub layers: Vec<Layer>,
    /// The variables that set keys, sorted.
    pub variables: Vec<(String, String)>,
    /// Every file that was read: the owners of the profiles that it declares.
    pub files: Vec<PathBuf>,
    /// What the same configuration looks like from outside, as long as nothing changes; `None` where
    /// a project file was found by walking up, which another directory would not find.
    pub watched: Option<Vec<Watched>>,
}

/// A configuration file, or the place of one, as it was just before it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The path as it is looked up, links and all.
    pub path: PathBuf,
    /// What was there; `None` for nothing.
    pub stamp: Option<Stamp>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("cannot read {path}: {source}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file named by `--config`, `FEDGIT_CONFIG` or `--project` is not there.
    #[error("there is no file {path}", path = .0.display())]
    NotThere(PathBuf),
    /// No file at all.
    #[error("no fedgit.toml was found; looked for {}", list(.0))]
    Nowhere(Vec<PathBuf>),
    /// Mistakes, with the layers to show them in.
    #[error("{} in the configuration", count(.diagnostics.len()))]
    Mistakes {
        /// All of them.
        diagnostics: Vec<Diagnostic>,
        /// The layers that they point into.
        layers: Vec<Layer>,
    },
}

fn list(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

fn count(mistakes: usize) -> String {
    if mistakes == 1 {
        "1 mistake".to_owned()
    } else {
        format!("{mistakes} mistakes")
    }
}

/// What layers come to that are not those of the files, and every mistake in them.
#[must_use]
pub fn judge(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    layers: &[Layer],
) -> (Model, Vec<Diagnostic>) {
    let (mut settings, mut diagnostics) = merge::merge(layers);
    discover(env, paths, selection, &mut settings);
    let (model, meaning) = check::check(&settings, layers);
    diagnostics.extend(meaning);
    (model, diagnostics)
}

/// Reads, merges and checks all the layers of this run.
///
/// # Errors
/// [`ConfigError`]; mistakes come all at once.
pub fn load(env: &Env, paths: &Paths, selection: &Selection) -> Result<Loaded, ConfigError> {
    load_with(env, paths, selection, Lists::Kept)
}

/// The same, and where the lists of what identity providers offer are all that makes a mistake of it,
/// without them: the portal decides what is in those, and the command that asks it for a new one needs a
/// configuration, as do profiles that have nothing to do with it. `holds` says whether what is left will do.
///
/// # Errors
/// [`ConfigError`] of the whole of it.
pub fn load_or_without_lists(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    holds: impl FnOnce(&Model) -> bool,
) -> Result<Loaded, ConfigError> {
    load(env, paths, selection).or_else(|error| match error {
        ConfigError::Mistakes { .. } => load_with(env, paths, selection, Lists::PassedOver)
            .ok()
            .filter(|loaded| !loaded.model.undiscovered.is_empty() && holds(&loaded.model))
            .ok_or(error),
        other => Err(other),
    })
}

/// What is done with the lists that are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    Kept,
    PassedOver,
}

fn load_with(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    lists: Lists,
) -> Result<Loaded, ConfigError> {
    let Gathered {
        layers,
        variables,
        files,
        mut watched,
        mut diagnostics,
    } = gather(env, paths, selection)?;
    let (mut settings, shape) = merge::merge(&layers);
    let kept = match lists {
        Lists::Kept => discover(env, paths, selection, &mut settings),
        // Such a configuration is not to be remembered.
        Lists::PassedOver => {
            watched = None;
            Vec::new()
        }
    };
    for path in kept {
        // Whether it is there or not has a say in what the profiles are.
        let stamp = private::stamp(&path);
        watched = watched.and_then(|mut watched| {
            let stamp = stamp.ok()?;
            watched.push(Watched { path, stamp });
            Some(watched)
        });
    }
    diagnostics.extend(shape);
    let (model, mut meaning) = check::check(&settings, &layers);
    meaning.retain(|mistake| !comes_of_distrust(mistake, &diagnostics));
    diagnostics.extend(meaning);
    if diagnostics.is_empty() {
        return Ok(Loaded {
            model,
            layers,
            variables,
            files,
            watched,
        });
    }
    // As a person reads the files.
    diagnostics.sort_by_cached_key(|diagnostic| diagnostic.position(&layers));
    Err(ConfigError::Mistakes {
        diagnostics,
        layers,
    })
}

/// The folder's file that what is discovered is kept beside: the one that `--config` names, else the
/// user's own.
#[must_use]
pub fn kept_beside(env: &Env, paths: &Paths, selection: &Selection) -> Option<PathBuf> {
    let selection = selection.clone().with_environment(env);
    let named = selection.config.or(selection.user);
    named.or_else(|| paths.user_config())
}

/// Reads what was discovered of the identity providers that a role is in every account of; the files
/// that were looked for.
fn discover(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    settings: &mut merge::Settings,
) -> Vec<PathBuf> {
    let roles = settings.file.role.values();
    let all = roles.filter(|role| role.accounts == Some(wire::Accounts::All));
    let idps: BTreeSet<String> = all.filter_map(|role| role.idp.clone()).collect();
    let mut files = Vec::new();
    for idp in idps {
        let Some(beside) = kept_beside(env, paths, selection) else {
            continue;
        };
        let file = discovered::file(&beside, &idp);
        let bytes = fs::read_bounded(&file, discovered::LARGEST).ok().flatten();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(offer) = text.and_then(|text| discovered::read(&text)) {
            settings.discovered.insert(idp, offer);
        }
        files.push(file);
    }
    files
}

/// Whether a key is only missing because its table said more than an untrusted file may.
fn comes_of_distrust(mistake: &Diagnostic, told: &[Diagnostic]) -> bool {
    let table = mistake.at.as_ref().and_then(|at| at.path.get(..2));
    let in_table = |other: &Diagnostic| {
        let path = other.at.as_ref().map(|at| at.path.as_slice());
        table.is_some_and(|table| path.is_some_and(|path| path.starts_with(table)))
    };
    mistake.code == Code::Missing
        && told
            .iter()
            .any(|told| told.code == Code::Untrusted && in_table(told))
}
