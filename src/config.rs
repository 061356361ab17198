//! `fedgit.toml`: read the layers, merge them, check them, give the [`Model`] or every mistake.

pub mod check;
pub mod diagnostic;
pub mod discovered;
pub mod edit;
pub mod env;
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
use crate::sys::env::{Env, current_dir};
use crate::sys::fs;
use crate::sys::paths::Paths;
use crate::sys::private::{self, Stamp};

use diagnostic::{At, Code, Diagnostic, Part};
use layer::{Layer, Origin};
use trust::TrustStore;

/// A `fedgit.toml` beyond this is a mistake, not a configuration: 10,000 roles are 1.6 MB.
const LARGEST_FILE: u64 = 64 << 20;

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

/// Every layer of this run, read and not yet merged.
#[derive(Debug)]
pub struct Gathered {
    /// The layers, lowest first.
    pub layers: Vec<Layer>,
    /// The variables that set keys, sorted.
    pub variables: Vec<(String, String)>,
    /// See [`Loaded::files`].
    pub files: Vec<PathBuf>,
    /// See [`Loaded::watched`].
    pub watched: Option<Vec<Watched>>,
    /// What is wrong so far: text that is not TOML, and what an untrusted file may not say.
    pub diagnostics: Vec<Diagnostic>,
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

/// Reads all the layers of this run.
///
/// # Errors
/// Where a file cannot be read, or there is none at all.
pub fn gather(env: &Env, paths: &Paths, selection: &Selection) -> Result<Gathered, ConfigError> {
    let mut layers = vec![builtin()];
    let mut diagnostics = Vec::new();
    let origins = origins(env, paths, selection)?;
    let watched = watch(selection, env, &origins);
    let (mut files, mut missing) = (Vec::new(), Vec::new());
    for origin in origins {
        let Some(path) = origin.path().map(Path::to_owned) else {
            continue;
        };
        if let Some(text) = text_of(&path)? {
            let text = match text {
                Ok(text) => text,
                Err(broken) => {
                    diagnostics.push(broken.told(layers.len()));
                    let nothing = figment::value::Dict::new();
                    layers.push(Layer::of_values(origin, broken.text, nothing));
                    files.push(path);
                    continue;
                }
            };
            let trusted = !matches!(origin, Origin::Project(_)) || is_trusted(paths, &path, &text);
            let distrust = if trusted {
                ""
            } else {
                ", which is not trusted"
            };
            log::info!("read {}{distrust}", path.display());
            diagnostics.extend(add_layer(&mut layers, origin, text, trusted));
            files.push(path);
            continue;
        }
        if !matches!(origin, Origin::System(_) | Origin::User(_)) {
            return Err(ConfigError::NotThere(path));
        }
        log::trace!("there is no {}", path.display());
        missing.push(path);
    }
    if layers.len() == 1 {
        return Err(ConfigError::Nowhere(looked_for(missing)));
    }
    let variables = variables(env);
    for (name, _) in &variables {
        log::info!("read a key from {name}");
    }
    layers.extend(overlay::layer(&variables, &layers));
    Ok(Gathered {
        layers,
        variables,
        files,
        watched,
        diagnostics,
    })
}

/// Stamps of everything that the same flags would read again, taken before anything is read: a file
/// that changes meanwhile is then seen as changed.
fn watch(selection: &Selection, env: &Env, origins: &[Origin]) -> Option<Vec<Watched>> {
    let walked = selection.project.is_none()
        && origins
            .iter()
            .any(|origin| matches!(origin, Origin::Project(_)));
    if walked {
        return None;
    }
    // The named paths as they were named: a link may lead elsewhere tomorrow.
    let selection = selection.clone().with_environment(env);
    let named = selection.flags().into_iter().map(|(_, path)| path);
    let found = origins.iter().filter_map(Origin::path);
    let mut watched = Vec::new();
    for path in named.chain(found) {
        let stamp = private::stamp(path).ok()?;
        watched.push(Watched {
            path: path.to_owned(),
            stamp,
        });
    }
    Some(watched)
}

/// The variables that set keys; the others of the prefix (`FEDGIT_CONFIG`) are no keys.
#[must_use]
pub fn variables(env: &Env) -> Vec<(String, String)> {
    let mut variables = env.starting_with(env::KEY_PREFIX);
    // An empty one counts as unset, as everywhere.
    variables.retain(|(name, value)| name.contains("__") && !value.is_empty());
    variables
}

/// The files of this run in the order of their layers.
///
/// # Errors
/// Where a named path or the working directory cannot be resolved.
pub fn origins(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
) -> Result<Vec<Origin>, ConfigError> {
    if let Some(path) = &selection.clone().with_environment(env).config {
        return Ok(vec![Origin::Named(canonical(path)?)]);
    }
    let mut origins = vec![Origin::System(paths.system_config())];
    let user = selection.user.clone().or_else(|| paths.user_config());
    origins.extend(user.clone().map(Origin::User));
    match &selection.project {
        Some(path) => origins.push(Origin::Project(canonical(path)?)),
        None if selection.no_walk => {}
        None => {
            let found = current_dir().ok().and_then(|cwd| nearest_project(&cwd));
            // In the user's own folder the walk finds the user's own file, by whatever path.
            let same = |path: &PathBuf| path.canonicalize().ok() == user_file(user.as_deref());
            origins.extend(found.filter(|path| !same(path)).map(Origin::Project));
        }
    }
    Ok(origins)
}

fn user_file(path: Option<&Path>) -> Option<PathBuf> {
    path?.canonicalize().ok()
}

/// The nearest `fedgit.toml` at or above a folder.
fn nearest_project(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|at| at.join("fedgit.toml"))
        .find(|path| path.is_file())
        // As `fedgit trust` names it, so that trust holds by whatever link it is found.
        .map(|path| path.canonicalize().unwrap_or(path))
}

fn canonical(path: &Path) -> Result<PathBuf, ConfigError> {
    path.canonicalize().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ConfigError::NotThere(path.to_owned()),
        _ => ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        },
    })
}

fn looked_for(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.push("fedgit.toml here and in every folder above".into());
    files
}

fn builtin() -> Layer {
    let text = include_str!("config/default.toml").to_owned();
    // Compiled in and parsed by a test.
    Layer::parse(Origin::Builtin, text.clone())
        .unwrap_or_else(|_| Layer::of_values(Origin::Builtin, text, figment::value::Dict::new()))
}

fn add_layer(
    layers: &mut Vec<Layer>,
    origin: Origin,
    text: String,
    trusted: bool,
) -> Vec<Diagnostic> {
    let index = layers.len();
    match Layer::parse(origin.clone(), text.clone()) {
        Ok(mut layer) => {
            let refused = if trusted {
                Vec::new()
            } else {
                let foreign = layer.origin.path().is_some_and(private::is_foreign);
                trust::restrict(&mut layer, index, layers, foreign)
            };
            layer.trusted = trusted;
            layers.push(layer);
            refused
        }
        Err(mistakes) => {
            layers.push(Layer::of_values(origin, text, figment::value::Dict::new()));
            mistakes
                .into_iter()
                .map(|mistake| Diagnostic {
                    // An untrusted file may be a link to anything, another program's secrets too.
                    secret: !trusted,
                    code: Code::Syntax,
                    message: mistake.message,
                    at: Some(At {
                        layer: index,
                        path: Vec::new(),
                        part: Part::Value,
                        span: Some(mistake.span),
                    }),
                    hint: None,
                })
                .collect()
        }
    }
}

/// A configuration file's text; `None` where it is not there.
///
/// # Errors
/// [`ConfigError::Unreadable`].
pub fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let text = text_of(path)?.transpose();
    text.map_err(|_| ConfigError::Unreadable {
        path: path.to_owned(),
        source: io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"),
    })
}

/// Bytes that are no text, with what can be read of them.
struct Broken {
    text: String,
    /// How much of it is right.
    until: usize,
}

impl Broken {
    fn told(&self, layer: usize) -> Diagnostic {
        Diagnostic {
            // It may be anything.
            secret: true,
            code: Code::Syntax,
            message: "this is not UTF-8 text".to_owned(),
            at: Some(At {
                layer,
                path: Vec::new(),
                part: Part::Value,
                span: Some(self.until..self.until),
            }),
            hint: Some("save the file as UTF-8".to_owned()),
        }
    }
}

fn text_of(path: &Path) -> Result<Option<Result<String, Broken>>, ConfigError> {
    let bytes = fs::read_bounded(path, LARGEST_FILE).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes.map(|bytes| {
        String::from_utf8(bytes).map_err(|error| Broken {
            until: error.utf8_error().valid_up_to(),
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }))
}

/// Whether the user has trusted this very content at this very path.
fn is_trusted(paths: &Paths, path: &Path, text: &str) -> bool {
    let Some(state) = paths.state() else {
        return false;
    };
    let entry = TrustStore::new(&state)
        .folder()
        .join(TrustStore::entry(path));
    let recorded = private::read(&entry, 1024).ok().flatten();
    recorded.is_some_and(|recorded| recorded == TrustStore::content(text).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_defaults_are_complete() {
        let (settings, diagnostics) = merge::merge(&[builtin()]);
        assert!(diagnostics.is_empty());
        assert!(settings.file.defaults.session_duration.is_some());
    }
}
