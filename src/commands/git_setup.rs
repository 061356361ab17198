use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::git::place::{Place, codecommit_region};
use crate::git::setup::{ASTERISKS, Setup, Taken, added, body, is_at_least, put, take};
use crate::sys::fs::{self, Outcome};

use super::ask_git::git;
use super::{Context, later_helpers, served, wired};

/// Have plain git ask fedgit for every CodeCommit host, or take that back
#[derive(Debug, clap::Args)]
pub struct Args {
    /// In your own configuration of git, not this clone's
    #[arg(long)]
    global: bool,
    /// Take it out again
    #[arg(long)]
    undo: bool,
}

/// Far more than anybody's configuration of git.
const LARGEST: u64 = 16 << 20;

/// Writes the part, or takes it out.
///
/// # Errors
/// No clone here; a file that cannot be read or written, or that somebody else just wrote.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let path = match args.global {
        true => global(context)?,
        false => local()?,
    };
    let before = fs::read_bounded(&path, LARGEST).map_err(|e| Failure::file("read", &path, &e))?;
    let shown = path.display();
    let unchanged = format!("{shown} stays as it is");
    // Neither taken out nor written over: it is not in any other place.
    if let Some(line) = before.as_deref().and_then(added) {
        return Err(Failure::message(&format!(
            "{shown} has a line between the marks of fedgit git setup that fedgit did not write: {line}"
        ))
        .hint("move it behind the second mark, below a header of its own, and run this again"));
    }
    let (outcome, told) = if args.undo {
        let Some(taken) = before.as_deref().and_then(take) else {
            context
                .ui
                .say(&format!("{unchanged}: it is not set up there"));
            return Ok(Exit::Done);
        };
        let outcome = match taken {
            Taken::File(after) => fs::replace_expected(&path, before.as_deref(), &after),
            Taken::Nothing => fs::remove_expected(&path, before.as_deref()),
        };
        (outcome, format!("{shown} is as it was before"))
    } else {
        let after = put(before.as_deref(), &text(context)?);
        if before.as_deref() == Some(after.as_slice()) {
            context.ui.say(&format!("{unchanged}: it is set up"));
            return Ok(Exit::Done);
        }
        let outcome = fs::replace_expected(&path, before.as_deref(), &after);
        let told = format!("{shown}: git asks fedgit for every CodeCommit host from now on");
        (outcome, told)
    };
    match outcome.map_err(|e| Failure::file("write", &path, &e))? {
        Outcome::Done => {
            context.ui.say(&told);
            if !args.undo {
                later_helpers::warn(
                    context,
                    None,
                    "https://git-codecommit.us-east-1.amazonaws.com",
                    false,
                );
            }
            Ok(Exit::Done)
        }
        Outcome::Changed => Err(Failure::message(&format!(
            "{shown} was written by another program just now, and is left as it is"
        ))
        .hint("try again")),
    }
}

fn text(context: &Context<'_>) -> Result<String, Failure> {
    let version = git(&["version"])?;
    let loaded = served::load(context.env, &context.paths, &context.selection)?;
    let mut endpoints: Vec<String> = Vec::new();
    let repos = loaded.iter().flat_map(|loaded| loaded.model.repos.values());
    for repo in repos.filter(|repo| repo.trusted) {
        let Some(endpoint) = &repo.endpoint else {
            continue;
        };
        let place = Place::at(endpoint, repo.name.clone());
        if codecommit_region(&place.host).is_none() && !endpoints.contains(&place.origin) {
            endpoints.push(place.origin);
        }
    }
    let flags = wired::selection_words(context.env, &context.selection)?;
    let ca_bundle = context.env.path(names::AWS_CA_BUNDLE);
    let ca_bundle = ca_bundle.and_then(|path| std::path::absolute(path).ok());
    Ok(body(&Setup {
        program: &wired::own_program()?,
        selection: &flags,
        asterisks: is_at_least(&version, ASTERISKS),
        endpoints: &endpoints,
        ca_bundle: ca_bundle.as_deref(),
    }))
}

/// The file that `git config --global` writes.
fn global(context: &Context<'_>) -> Result<PathBuf, Failure> {
    if let Some(path) = context.env.path("GIT_CONFIG_GLOBAL") {
        return Ok(path);
    }
    let home = context.paths.under_home(".gitconfig");
    let home = home.ok_or_else(|| Failure::no_home("~/.gitconfig", "GIT_CONFIG_GLOBAL"))?;
    let other = match context.env.path("XDG_CONFIG_HOME") {
        Some(folder) => Some(folder.join("git").join("config")),
        None => context.paths.under_home(".config/git/config"),
    };
    let is_other = !home.is_file() && other.as_ref().is_some_and(|path| path.is_file());
    Ok(other.filter(|_| is_other).unwrap_or(home))
}

/// The file that `git config --local` writes, in a worktree too.
fn local() -> Result<PathBuf, Failure> {
    let folder = git(&["rev-parse", "--git-common-dir"])
        .map_err(|failure| failure.hint("in no clone: fedgit git setup --global"))?;
    Ok(PathBuf::from(folder).join("config"))
}
