//! Which files of this run take part, and what is in them: the layers, read and not yet merged.

use std::io;
use std::path::{Path, PathBuf};

use crate::sys::env::{Env, current_dir};
use crate::sys::fs;
use crate::sys::paths::Paths;
use crate::sys::private;

use super::diagnostic::{At, Code, Diagnostic, Part};
use super::layer::{Layer, Origin};
use super::trust::{self, TrustStore};
use super::{ConfigError, Selection, Watched, env, overlay};

/// A `fedgit.toml` beyond this is a mistake, not a configuration: 10,000 roles are 1.6 MB.
const LARGEST_FILE: u64 = 64 << 20;

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
    let text = include_str!("default.toml").to_owned();
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
    use crate::config::merge::merge;

    #[test]
    fn built_in_defaults_are_complete() {
        let (settings, diagnostics) = merge(&[builtin()]);
        assert!(diagnostics.is_empty());
        assert!(settings.file.defaults.session_duration.is_some());
    }
}
