use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::warm;
use crate::format::process;

use super::Context;
use super::candidates;

/// Print a profile's credentials as JSON: the `credential_process` entry of a profile
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The profile
    #[arg(long, value_name = "NAME", add = candidates::profiles())]
    profile: String,
}

/// The long way to the one JSON object; the short one is `cli/warm`.
///
/// # Errors
/// Whatever stands between the profile and its credentials. Nothing is on stdout then.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load_for(&args.profile)?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let found = broker.get(&args.profile)?;
    context.ui.data(&process::render(&found.credentials))?;
    // After the answer: whoever waits for it need not wait for this.
    let root = context.cache()?;
    let (env, selection) = (context.env, &context.selection);
    let (profile, also) = (&args.profile, broker.rests_on(&args.profile));
    warm::remember(&root, env, selection, profile, &loaded, also, &found.key);
    Ok(Exit::Done)
}
