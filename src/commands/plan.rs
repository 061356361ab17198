use crate::cli::exit::Exit;
use crate::cli::report::Failure;

use super::Context;
use super::profiles::{Asked, Proposal};

/// Show what `apply` would change; exit code 3 where changes are pending
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Plan to take over profiles that are not fedgit's, or were edited by hand
    #[arg(long)]
    adopt: bool,
    /// Plan to remove what belongs to a fedgit.toml that is gone
    #[arg(long)]
    prune_missing: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Shows the very value that `apply` would carry out.
///
/// # Errors
/// Mistakes in the configuration; conflicts in `~/.aws/config`.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let proposal = Proposal::make(
        context,
        Asked {
            adopt: args.adopt,
            prune_missing: args.prune_missing,
            json: args.json,
        },
    )?;
    proposal.warn(context.ui);
    proposal.show(context.ui, args.json)?;
    Ok(if proposal.plan.is_empty() {
        Exit::Done
    } else {
        Exit::Pending
    })
}
