use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::layer::{Layer, Origin};
use crate::config::view::{Shown, all};
use crate::config::{self, ConfigError, edit, merge};
use crate::sys::fs;

use super::Context;

/// Look at the configuration and change it
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print the merged whole
    Show(Show),
    /// Print one value
    Get(Get),
    /// Set a key in a file, comments kept
    Set(Set),
    /// Take a key out of a file, comments kept
    Unset(Unset),
}

/// Print the merged whole
#[derive(Debug, clap::Args)]
pub struct Show {
    /// With the file and line, or the variable, that each value came from
    #[arg(long)]
    origin: bool,
    /// Print JSON, with the origins
    #[arg(long)]
    json: bool,
}

/// Print one value
#[derive(Debug, clap::Args)]
pub struct Get {
    /// The key, as idp.corp.url
    key: String,
}

/// Set a key in a file, comments kept
#[derive(Debug, clap::Args)]
pub struct Set {
    /// The key, as idp.corp.url
    key: String,
    /// The value; a list starts with [
    value: String,
    /// The file to change; --config's, else the user's own where left out
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Take a key out of a file, comments kept
#[derive(Debug, clap::Args)]
pub struct Unset {
    /// The key, as idp.corp.url
    key: String,
    /// The file to change; --config's, else the user's own where left out
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Shows or changes.
///
/// # Errors
/// Mistakes of shape; a key that is not there; what the file system says.
pub fn run(context: &Context<'_>, command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Show(args) => show(context, args),
        Command::Get(args) => get(context, args),
        Command::Set(args) => change(context, args.file.as_deref(), |text| {
            edit::set(text, &args.key, &args.value)
        }),
        Command::Unset(args) => change(context, args.file.as_deref(), |text| {
            edit::unset(text, &args.key)
        }),
    }
}

fn show(context: &Context<'_>, args: &Show) -> Result<Exit, Failure> {
    let values = values(context)?;
    if args.json {
        let report = serde_json::json!({ "values": values });
        context.ui.data(&format!("{report}\n"))?;
        return Ok(Exit::Done);
    }
    let lines: String = values
        .iter()
        .map(|shown| match args.origin {
            true => format!("{}  # {}\n", shown.line(), shown.place()),
            false => format!("{}\n", shown.line()),
        })
        .collect();
    context.ui.data(&lines)?;
    Ok(Exit::Done)
}

fn get(context: &Context<'_>, args: &Get) -> Result<Exit, Failure> {
    let values = values(context)?;
    let Some(shown) = values.iter().find(|shown| shown.key == args.key) else {
        let known: Vec<&str> = values.iter().map(|shown| shown.key.as_str()).collect();
        return Err(Failure::unknown_name("key", &args.key, known));
    };
    let text = shown
        .value
        .as_str()
        .map_or_else(|| shown.value.to_string(), str::to_owned);
    context.ui.data(&format!("{text}\n"))?;
    Ok(Exit::Done)
}

/// The merged values. A name that is declared nowhere is `check`'s business, text that is not TOML
/// is ours.
fn values(context: &Context<'_>) -> Result<Vec<Shown>, Failure> {
    let gathered = config::gather(context.env, &context.paths, &context.selection)?;
    let (settings, shape) = merge::merge(&gathered.layers);
    let mut diagnostics = gathered.diagnostics;
    diagnostics.extend(shape);
    if diagnostics.is_empty() {
        return Ok(all(&settings, &gathered.layers));
    }
    Err(ConfigError::Mistakes {
        diagnostics,
        layers: gathered.layers,
    }
    .into())
}

/// Edits a file's text, and writes it only if the file is no worse for it.
pub(super) fn change(
    context: &Context<'_>,
    file: Option<&Path>,
    edit: impl FnOnce(&str) -> Result<String, edit::EditError>,
) -> Result<Exit, Failure> {
    let selection = context.selection.clone().with_environment(context.env);
    let path = file
        .map(Path::to_owned)
        .or(selection.config)
        .or(selection.user)
        .or_else(|| context.paths.user_config())
        .ok_or_else(|| Failure::no_home("a fedgit.toml", "XDG_CONFIG_HOME"))?;
    let before = config::read(&path)?.unwrap_or_default();
    let after =
        edit(&before).map_err(|e| Failure::new(Exit::Usage, e.to_string()).in_file(&path))?;
    let mistakes = |text: &str| {
        let layer = Layer::parse(Origin::Named(path.clone()), text.to_owned()).ok()?;
        let layers = vec![layer];
        Some((merge::merge(&layers).1, layers))
    };
    let already = mistakes(&before).map_or(0, |(found, _)| found.len());
    if let Some((diagnostics, layers)) = mistakes(&after)
        && diagnostics.len() > already
    {
        return Err(ConfigError::Mistakes {
            diagnostics,
            layers,
        }
        .into());
    }
    if after != before {
        fs::replace(&path, after.as_bytes()).map_err(|e| Failure::file("write", &path, &e))?;
    }
    context.ui.say(&format!(
        "{} is changed; run: fedgit check, fedgit apply",
        path.display()
    ));
    Ok(Exit::Done)
}
