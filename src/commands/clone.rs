use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::git::{Signer, wiring};
use crate::model::{Model, Repo, RepoAlias, RepoName};
use crate::sys::process::{self, Invocation};

use super::candidates;
use super::many::JOBS;
use super::{Context, after_git, clone_all, later_helpers, wired};

/// Clone a declared repository; plain git works in the clone from then on
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The repository: the ALIAS of a [repo.ALIAS], or a name that fits one's patterns
    #[arg(required_unless_present = "all", add = candidates::repositories_or_folder())]
    alias: Option<String>,
    /// Where to; the repository's name where left out
    dir: Option<OsString>,
    /// Every declared repository, each into a folder of its name below DIR
    #[arg(long)]
    all: bool,
    /// With --all: how many at the same time
    #[arg(long, value_name = "N", requires = "all", default_value_t = JOBS)]
    jobs: NonZeroUsize,
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
    if args.all {
        // The only folder then stands in the place of the alias.
        if args.dir.is_some() {
            let text = "--all takes one folder, and more of git's own arguments behind --";
            return Err(Failure::new(Exit::Usage, text));
        }
        let dir = Path::new(args.alias.as_deref().unwrap_or("."));
        return clone_all::run(context, dir, args.jobs, &args.git_args);
    }
    let loaded = context.load()?;
    let model = &loaded.model;
    let repo = &repo(model, args.alias.as_deref().unwrap_or_default())?;
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
    let dir = args.dir.as_ref().map(Path::new);
    let dir = dir.unwrap_or(Path::new(repo.name.as_str()));
    let is_new = !dir.exists();
    let status = process::run(&Invocation {
        program: "git".into(),
        args: git,
        env: Vec::new(),
        inherits_login: false,
    })?;
    if status.success() {
        later_helpers::warn(context, Some(dir), &place.to_string(), false);
    } else if is_new && after_git::gave_up(status) {
        let signer = Signer::Profile(repo.profile.clone());
        let told = after_git::told(context, (&signer, &repo.region, &repo.name));
        context.ui.say(&told);
    }
    Ok(status.into())
}

/// What a word stands for: an alias, or a name that fits the patterns of one declaration.
pub(super) fn repo(model: &Model, word: &str) -> Result<Repo, Failure> {
    if let Some(repo) = model.repos.get(word) {
        return Ok(repo.clone());
    }
    let name = word.parse::<RepoName>().ok();
    let groups = model.repo_groups.values();
    let mut fits = groups.filter(|group| name.as_ref().is_some_and(|name| group.has(name)));
    match (fits.next(), fits.next(), name) {
        (Some(only), None, Some(name)) => Ok(only.repo(name)),
        (Some(one), Some(other), _) => Err(Failure::new(
            Exit::Usage,
            format!(
                "{word:?} fits both [repo.{}] and [repo.{}]",
                one.alias, other.alias
            ),
        )
        .hint("declare it by its own name")),
        _ => Err(Failure::unknown_name(
            "repository",
            word,
            model.repos.keys().map(RepoAlias::as_str),
        )),
    }
}
