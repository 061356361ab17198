use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::git::wiring;
use crate::model::{Repo, RepoAlias};
use crate::sys::process::{self, Invocation};

use super::{Context, wired};

/// Run git with CodeCommit credentials wired in
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Wire in this repository only
    #[arg(long, value_name = "ALIAS")]
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

/// Runs git with fedgit as the helper for the declared repositories; no file is changed.
///
/// # Errors
/// Whatever comes before git. git's own exit code is given back.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
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
