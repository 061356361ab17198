use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::git::wiring;
use crate::model::{Repo, RepoAlias};
use crate::sys::process::{self, Invocation};

use super::candidates;
use super::{Context, git_setup, git_why, wired};

/// Run git with CodeCommit credentials wired in
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    // `fedgit git help` is git's.
    disable_help_subcommand = true
)]
pub struct Args {
    /// What is no business of git's own; git has no commands of these names
    #[command(subcommand)]
    own: Option<Own>,
    /// Wire in this repository only
    #[arg(long, value_name = "ALIAS", add = candidates::repositories())]
    repo: Option<String>,
    /// What git is to do
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    args: Vec<OsString>,
}

/// What fedgit does about git. A command of git's of the same name, from an alias or another program,
/// is reached by an option before it: `fedgit git -C . setup`.
#[derive(Debug, clap::Subcommand)]
enum Own {
    /// Have plain git ask fedgit for every CodeCommit host, or take that back
    ///
    /// Writes a marked part at the end of the clone's configuration, or of your own with --global;
    /// --undo takes it out and leaves the file as it was, byte for byte.
    Setup(git_setup::Args),
    /// Say who would sign for a URL, and why
    Why(git_why::Args),
}

/// Runs git with fedgit as the helper for the declared repositories; no file is changed.
///
/// # Errors
/// Whatever comes before git. git's own exit code is given back.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    match &args.own {
        Some(Own::Setup(args)) => return git_setup::run(context, args),
        Some(Own::Why(args)) => return git_why::run(context, args),
        None => {}
    }
    let loaded = context.load()?;
    let model = &loaded.model;
    let repos: Vec<&Repo> = match &args.repo {
        // An untrusted file does not decide who signs where nobody asked for it.
        None => model.repos.values().filter(|repo| repo.trusted).collect(),
        Some(alias) => {
            let known = model.repos.keys().map(RepoAlias::as_str);
            let repo = model.repos.get(alias.as_str());
            vec![repo.ok_or_else(|| Failure::unknown_name("repository", alias, known))?]
        }
    };
    // git does not get the password that a script gave us, so what it will ask for is fetched before.
    if context.env.os(names::FEDGIT_PASSWORD).is_some()
        && let [repo] = repos.as_slice()
    {
        let notes = |text: &str| context.ui.warn(text);
        context.broker(model, &notes)?.get(repo.profile.as_str())?;
    }
    let mut git = Vec::new();
    if args.repo.is_none() {
        // Before the single ones, which are asked first then.
        let (env, paths) = (context.env, &context.paths);
        let groups = wired::groups(env, paths, &context.selection, model)?;
        git.extend(wiring::as_args(&groups));
    }
    for repo in repos {
        let Some(profile) = model.profiles.get(&repo.profile) else {
            continue;
        };
        let flags = wired::flags(context.env, &context.paths, &context.selection, profile)?;
        let (_, settings) = wired::repo(context.env, &wired::flag_words(&flags), repo)?;
        git.extend(wiring::as_args(&settings));
    }
    git.extend(args.args.iter().cloned());
    let status = process::run(&Invocation {
        program: "git".into(),
        args: git,
        env: Vec::new(),
        inherits_login: false,
    })?;
    Ok(status.into())
}
