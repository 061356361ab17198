use std::collections::BTreeSet;
use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::git::setup::{ASTERISKS, is_at_least};
use crate::git::{Signer, place, wiring};
use crate::model::{Model, ProfileName, Region, Repo, RepoAlias, RepoName};
use crate::sys::process::{self, Invocation};

use super::candidates;
use super::{Context, after_git, ask_git, git_setup, git_why, helpers, served, wired};

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

/// Runs git with fedgit as the helper for the declared repositories and for CodeCommit's own hosts; no
/// file is changed.
///
/// # Errors
/// Whatever comes before git. git's own exit code is given back.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    match &args.own {
        Some(Own::Setup(args)) => return git_setup::run(context, args),
        Some(Own::Why(args)) => return git_why::run(context, args),
        None => {}
    }
    let loaded = match &args.repo {
        Some(_) => Some(context.load()?),
        // Whoever names everything in the URL needs no fedgit.toml.
        None => served::load(context.env, &context.paths, &context.selection)?,
    };
    let empty = Model::default();
    let model = loaded.as_ref().map_or(&empty, |loaded| &loaded.model);
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
    if context.env.os(names::FEDGIT_PASSWORD).is_some() {
        log_in(context, model, args, &repos)?;
    }
    let mut git = Vec::new();
    if args.repo.is_none() {
        // What is more special comes later, and is asked first then.
        let version = ask_git::git(&["version"])?;
        let hosts = match is_at_least(&version, ASTERISKS) {
            true => place::patterns(),
            false => place::listed(),
        };
        let (env, paths, selection) = (context.env, &context.paths, &context.selection);
        git.extend(wiring::as_args(&wired::hosts(env, selection, &hosts)?));
        git.extend(wiring::as_args(&wired::groups(
            env, paths, selection, model,
        )?));
        // What a clone says of its own repository is more special than its host.
        git.extend(wiring::as_args(&helpers::naming(&elsewhere(&args.args))?));
    }
    for repo in &repos {
        let Some(profile) = model.profiles.get(&repo.profile) else {
            continue;
        };
        let flags = wired::flags(context.env, &context.paths, &context.selection, profile)?;
        let (_, settings) = wired::repo(context.env, &wired::flag_words(&flags), repo)?;
        git.extend(wiring::as_args(&settings));
    }
    git.extend(args.args.iter().cloned());
    // The remote helper, which git starts for a codecommit:// address, is to read the same file.
    let config = context.selection.config.as_deref();
    let config = config
        .map(|path| std::path::absolute(path).map_err(|e| Failure::file("find", path, &e)))
        .transpose()?;
    let config = config.map(|path| (names::FEDGIT_CONFIG.into(), path.into_os_string()));
    let status = process::run(&Invocation {
        program: "git".into(),
        args: git,
        env: config.into_iter().collect(),
        inherits_login: false,
    })?;
    if after_git::gave_up(status) && talks(&args.args) {
        // Of a codecommit:// address the remote helper has told already.
        let is_https = |url: &str| url.starts_with("https:");
        for (signer, region, repo) in meant(context, args, &repos, is_https) {
            if let Some(region) = region {
                let told = after_git::told(context, (&signer, &region, &repo));
                context.ui.say(&told);
            }
        }
    }
    Ok(status.into())
}

/// Gets what git will ask for: of the repositories that it is about, as far as one can see, else of
/// all that are declared, where a single identity provider gets to know the password by it.
fn log_in(
    context: &Context<'_>,
    model: &Model,
    args: &Args,
    repos: &[&Repo],
) -> Result<(), Failure> {
    let signers = meant(context, args, repos, |_| true).into_iter();
    let mut profiles: BTreeSet<ProfileName> = signers
        .filter_map(|(signer, ..)| match signer {
            Signer::Profile(profile) => Some(profile),
            Signer::Environment => None,
        })
        .collect();
    if profiles.is_empty() {
        profiles.extend(repos.iter().map(|repo| repo.profile.clone()));
    }
    let declared = profiles.iter().filter_map(|p| model.profiles.get(p));
    let idps: BTreeSet<_> = declared.filter_map(|p| model.idp_of(p)).collect();
    if idps.len() > 1 {
        context.ui.warn(
            "FEDGIT_PASSWORD is set, and would be sent to more than one identity provider, so it is \
             sent to none; say which repository is meant: fedgit git --repo ALIAS",
        );
        return Ok(());
    }
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(model, &notes)?;
    for profile in profiles.iter().filter(|p| model.profiles.contains_key(*p)) {
        broker.get(profile.as_str())?;
    }
    Ok(())
}

/// Whether git's command is one that asks a server.
fn talks(args: &[OsString]) -> bool {
    const TALK: &[&str] = &["clone", "fetch", "ls-remote", "pull", "push", "submodule"];
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if ["-C", "-c"].iter().any(|option| arg == option) {
            args.next();
        } else if !arg.as_encoded_bytes().starts_with(b"-") {
            return TALK.iter().any(|word| arg == word);
        }
    }
    false
}

/// Where git is told to work, which it is told before anything else.
fn elsewhere(args: &[OsString]) -> Vec<OsString> {
    let pairs = args.chunks_exact(2);
    let pairs = pairs.take_while(|pair| pair.first().is_some_and(|option| option == "-C"));
    pairs.flatten().cloned().collect()
}

/// Who signs for the repositories that git is about: that of `--repo`, else those whose URLs stand in
/// the arguments, else those that the clone here names; of those, `of` says which count.
fn meant(
    context: &Context<'_>,
    args: &Args,
    repos: &[&Repo],
    of: impl Fn(&str) -> bool,
) -> BTreeSet<(Signer, Option<Region>, RepoName)> {
    if let (Some(_), [repo]) = (&args.repo, repos) {
        let signer = Signer::Profile(repo.profile.clone());
        return [(signer, Some(repo.region.clone()), repo.name.clone())].into();
    }
    let asked = |words: &mut dyn Iterator<Item = &str>| {
        let urls = words.filter(|word| word.contains("://") && of(word));
        urls.filter_map(|url| git_why::asked(context, url))
            .collect()
    };
    let mut words = args.args.iter().filter_map(|word| word.to_str());
    let named: BTreeSet<_> = asked(&mut words);
    if !named.is_empty() {
        return named;
    }
    if args
        .args
        .iter()
        .any(|word| word.to_str().is_some_and(|word| word.contains("://")))
    {
        return named;
    }
    let mut git = elsewhere(&args.args);
    git.extend(["config", "--get-regexp", r"^remote\..*\.(push)?url$"].map(OsString::from));
    let listed = process::output(&Invocation {
        program: "git".into(),
        args: git,
        env: Vec::new(),
        inherits_login: false,
    });
    let listed = listed.unwrap_or_default();
    let mut urls = listed.lines().filter_map(|line| line.split_once(' '));
    asked(&mut urls.by_ref().map(|(_, url)| url))
}
