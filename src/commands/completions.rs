use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::args::Cli;
use crate::cli::exit::Exit;
use crate::cli::report::Failure;

use super::Context;

/// Print a completion script
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints it.
///
/// # Errors
/// Where stdout cannot be written.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    context.ui.data(&script(args.shell))?;
    Ok(Exit::Done)
}

/// The script, as it stands in `completions/`.
#[must_use]
pub fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "fedgit", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
