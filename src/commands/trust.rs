use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::layer::Origin;
use crate::config::trust::TrustStore;
use crate::config::{self};
use crate::sys::fs;

use super::Context;

/// Trust a project's fedgit.toml as it is now
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file; the nearest fedgit.toml at or above the working directory where left out
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Remembers the file's path and content.
///
/// # Errors
/// Where there is no such file, or nothing can be remembered.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let mut selection = config::Selection {
        project: args.file.clone(),
        ..context.selection.clone()
    };
    selection.config = None;
    let project = config::origins(context.env, &context.paths, &selection)?
        .into_iter()
        .find_map(|origin| match origin {
            Origin::Project(path) => Some(path),
            _ => None,
        })
        .ok_or_else(Failure::no_project)?;
    let text = config::read(&project)?.ok_or_else(Failure::no_project)?;
    let store = TrustStore::new(&context.state()?);
    fs::write_private(
        store.folder(),
        &TrustStore::entry(&project),
        TrustStore::content(&text).as_bytes(),
    )
    .map_err(|source| Failure::file("remember the trust in", store.folder(), &source))?;
    context
        .ui
        .say(&format!("{} is trusted as it is now", project.display()));
    Ok(Exit::Done)
}
