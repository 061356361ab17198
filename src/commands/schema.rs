use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::schema;

use super::Context;

/// Print the JSON Schema of fedgit.toml
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints it.
///
/// # Errors
/// Where stdout cannot be written.
pub fn run(context: &Context<'_>, _: &Args) -> Result<Exit, Failure> {
    context.ui.data(&schema::text())?;
    Ok(Exit::Done)
}
