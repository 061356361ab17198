use crate::cli::exit::Exit;
use crate::cli::report::Failure;

use super::candidates;
use super::{Context, clone, console};

/// Open a repository's page in the AWS console, signed in as its role
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The repository: the ALIAS of a [repo.ALIAS], or a name that fits one's patterns
    #[arg(add = candidates::repositories())]
    alias: String,
    /// Print the address instead; whoever has it is signed in
    #[arg(long)]
    print: bool,
}

/// Signs the browser in, and takes it to the repository.
///
/// # Errors
/// As of `fedgit console`.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let repo = clone::repo(model, &args.alias)?;
    // The check left no repository without its profile.
    let profile = model.profiles.get(&repo.profile);
    let profile = profile.ok_or_else(|| Failure::no_signer(repo.name.as_str(), None))?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let sign_in = || Ok(broker.repository_page(profile, &repo.region, &repo.name)?);
    console::open(context, model, profile, args.print, &sign_in)
}
