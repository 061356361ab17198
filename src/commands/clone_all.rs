//! `fedgit clone --all`: every declared repository, and all that fit the declared patterns.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::key::Key;
use crate::git::origin::is_of;
use crate::git::{Place, wiring};
use crate::model::{Model, Region};
use crate::sys::folder;
use crate::sys::lock::Lock;
use crate::sys::process::{Interrupts, Invocation, watched};

use super::many::{
    Wanted, all, last_words, log_in, may_pass, pause, readable, shown, side_by_side,
};
use super::{Context, wired};

/// How often a clone is begun.
const ATTEMPTS: u32 = 6;

/// What became of one.
enum Became {
    Cloned,
    There,
    Failed(String),
    Interrupted,
}

/// One clone, ready to be begun.
struct Job {
    wanted: Wanted,
    place: Place,
    settings: Vec<(String, String)>,
}

/// Clones them all below a folder.
pub(super) fn run(
    context: &Context<'_>,
    dir: &Path,
    jobs: NonZeroUsize,
    git_args: &[OsString],
) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let of_repos = model.repos.values().map(|repo| &repo.profile);
    let of_groups = model.repo_groups.values().map(|group| &group.profile);
    let (given, mut reasons) = log_in(context, &broker, of_repos.chain(of_groups))?;
    let (wanted, whole) = all(context, model, &given, &mut reasons)?;
    if wanted.is_empty() && whole {
        context.ui.say("no repository is declared");
        return Ok(Exit::Done);
    }
    folder::make(dir).map_err(|e| Failure::file("make", dir, &e))?;
    let real = dir
        .canonicalize()
        .map_err(|e| Failure::file("find", dir, &e))?;
    let _one = alone(context, &real)?;

    let (mut prepared, mut failed) = (Vec::new(), 0);
    for wanted in wanted {
        if !given.contains_key(&wanted.repo.profile) {
            failed += 1;
            let profile = &wanted.repo.profile;
            context.ui.warn(&format!(
                "{}: profile {profile} has no credentials",
                wanted.repo.name
            ));
            continue;
        }
        prepared.push(job(context, model, wanted)?);
    }
    let interrupts = Interrupts::held()?;
    let total = prepared.len();
    let results = side_by_side(
        &prepared,
        jobs,
        interrupts,
        |job| job.wanted.repo.name.to_string(),
        |done, running| {
            context.ui.status(&format!(
                "{done} of {total} repositories; cloning {}",
                running.join(", ")
            ));
        },
        |job| clone(job, &real, git_args, interrupts),
    );
    context.ui.status("");
    let [mut cloned, mut there, mut left] = [0; 3];
    for (job, result) in prepared.iter().zip(results) {
        match result {
            Some(Became::Cloned) => cloned += 1,
            Some(Became::There) => there += 1,
            Some(Became::Failed(why)) => {
                failed += 1;
                reasons.add(Exit::Failed);
                context
                    .ui
                    .warn(&format!("{}: {why}", shown(dir, &job.wanted)));
            }
            Some(Became::Interrupted) | None => left += 1,
        }
    }
    let interrupted = interrupts.came();
    let rest = match interrupted {
        true => format!(", {left} not begun or taken back; run the same again for them"),
        false => String::new(),
    };
    context.ui.say(&format!(
        "{} repositories: {cloned} cloned, {there} there already, {failed} failed{rest}",
        cloned + there + failed + left
    ));
    if interrupted {
        return Ok(Exit::Interrupted);
    }
    match failed == 0 && whole {
        true => Ok(Exit::Done),
        false => Ok(reasons.exit()),
    }
}

/// One run at a time below one folder: what another left half done is taken away.
fn alone(context: &Context<'_>, dir: &Path) -> Result<Lock, Failure> {
    let key = Key::of("clone all", &[dir.as_os_str().as_encoded_bytes()]);
    let path = context.cache()?.join("locks").join(key.as_str());
    Lock::acquire(&path, Duration::ZERO, |_| {}).map_err(|_| {
        Failure::message(&format!("another fedgit clones below {}", dir.display()))
            .hint("wait for it, or end it")
    })
}

fn job(context: &Context<'_>, model: &Model, wanted: Wanted) -> Result<Job, Failure> {
    let flags = match model.profiles.get(&wanted.repo.profile) {
        Some(profile) => wired::flags(context.env, &context.paths, &context.selection, profile)?,
        None => Vec::new(),
    };
    let (place, settings) = wired::repo(context.env, &wired::flag_words(&flags), &wanted.repo)?;
    Ok(Job {
        wanted,
        place,
        settings,
    })
}

fn clone(job: &Job, dir: &Path, git_args: &[OsString], interrupts: Interrupts) -> Became {
    let path = dir.join(&job.wanted.folder);
    match folder::is_free(&path) {
        Ok(true) => {}
        Ok(false) if is_clone(&path, &job.place, &job.wanted.repo.region, interrupts) => {
            return Became::There;
        }
        Ok(false) => return Became::Failed("it is there, and is no clone of this".to_owned()),
        Err(error) => return Became::Failed(error.to_string()),
    }
    // Under another name until it is whole: a run that is killed leaves nothing that looks like a clone.
    let part = part_of(&path);
    let mut attempt = 0;
    loop {
        let cleared = folder::remove(&part);
        let ended = cleared.map_err(|e| e.to_string()).and_then(|()| {
            let invocation = git(job, &part, git_args);
            watched(&invocation, None, interrupts).map_err(|e| e.to_string())
        });
        let ended = match ended {
            Ok(ended) => ended,
            Err(why) => return Became::Failed(why),
        };
        let Some(status) = ended.status else {
            let _ = folder::remove(&part);
            return Became::Interrupted;
        };
        if status.success() {
            return match folder::put(&part, &path) {
                Ok(()) => Became::Cloned,
                Err(error) => Became::Failed(error.to_string()),
            };
        }
        attempt += 1;
        if attempt == ATTEMPTS || !may_pass(&ended.said) || interrupts.came() {
            let _ = folder::remove(&part);
            return match interrupts.came() {
                true => Became::Interrupted,
                false => Became::Failed(format!(
                    "{} (profile {})",
                    last_words(&ended.said),
                    job.wanted.repo.profile
                )),
            };
        }
        pause(attempt, interrupts);
    }
}

fn git(job: &Job, part: &Path, git_args: &[OsString]) -> Invocation {
    let mut args: Vec<OsString> = vec!["clone".into(), "--quiet".into()];
    args.extend(wiring::as_args(&job.settings));
    args.extend(git_args.iter().cloned());
    args.extend(["--".into(), job.place.to_string().into(), part.into()]);
    Invocation {
        program: "git".into(),
        args,
        env: readable(),
        inherits_login: false,
    }
}

fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.fedgit-part"))
}

/// Whether a folder is a clone of this repository.
pub(super) fn is_clone(
    path: &Path,
    place: &Place,
    region: &Region,
    interrupts: Interrupts,
) -> bool {
    origin(path, interrupts).is_some_and(|address| is_of(&address, place, region))
}

/// The address that a clone was made from.
fn origin(path: &Path, interrupts: Interrupts) -> Option<String> {
    let invocation = Invocation {
        program: "git".into(),
        args: ["config", "--local", "--get", "remote.origin.url"]
            .map(OsString::from)
            .to_vec(),
        env: vec![("GIT_CEILING_DIRECTORIES".to_owned(), path.parent()?.into())],
        inherits_login: false,
    };
    let ended = watched(&invocation, Some(path), interrupts).ok()?;
    ended
        .status?
        .success()
        .then(|| ended.out.trim_end().to_owned())
}
