use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::git::wiring;
use crate::model::RepoAlias;
use crate::sys::process::{self, Invocation};

use super::{Context, wired};

/// Clone a declared repository; plain git works in the clone from then on
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The repository: the ALIAS of a [repo.ALIAS]
    alias: String,
    /// Where to; the repository's name where left out
    dir: Option<OsString>,
    /// More arguments for git clone
    #[arg(last = true, value_name = "GIT-CLONE-ARGS")]
    git_args: Vec<OsString>,
}

/// Logs in where needed, then lets git clone, with the clone's own configuration naming fedgit as
/// the helper for exactly this repository.
///
/// # Errors
/// Whatever comes before git. git's own exit code is given back.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let repo = model.repos.get(args.alias.as_str()).ok_or_else(|| {
        Failure::unknown_name(
            "repository",
            &args.alias,
            model.repos.keys().map(RepoAlias::as_str),
        )
    })?;
    // Before git starts, so that a question does not stand in the middle of git's progress.
    let notes = |text: &str| context.ui.warn(text);
    context.broker(model, &notes)?.get(repo.profile.as_str())?;

    let profile = model.profiles.get(&repo.profile);
    let flags = match profile {
        Some(profile) => wired::flags(context.env, &context.paths, &context.selection, profile)?,
        None => Vec::new(),
    };
    let (place, settings) = wired::repo(context.env, &wired::flag_words(&flags), repo)?;
    let mut git: Vec<OsString> = vec!["clone".into()];
    git.extend(wiring::as_args(&settings));
    git.extend(args.git_args.iter().cloned());
    git.push("--".into());
    git.push(place.to_string().into());
    git.extend(args.dir.clone());
    let status = process::run(&Invocation {
        program: "git".into(),
        args: git,
        env: Vec::new(),
        inherits_login: false,
    })?;
    Ok(status.into())
}
