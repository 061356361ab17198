use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::git::Place;
use crate::git::place::of_repo;
use crate::sys::folder;
use crate::sys::process::{Ended, Interrupts, Invocation, watched};

use super::clone_all::is_clone;
use super::many::{
    JOBS, Wanted, all, last_words, log_in, may_pass, pause, readable, shown, side_by_side,
};
use super::{Context, wired};

/// Fetch every clone and fast-forward it; a tree with changes is never touched
#[derive(Debug, clap::Args)]
pub struct Sync {
    /// Where the clones are; the working directory where left out
    dir: Option<PathBuf>,
    /// How many at the same time
    #[arg(long, value_name = "N", default_value_t = JOBS)]
    jobs: NonZeroUsize,
}

/// How often a fetch is begun.
const ATTEMPTS: u32 = 6;

/// Whether there are changes, whatever the settings keep out of sight.
const LOOK: &[&str] = &[
    "status",
    "--porcelain",
    "--untracked-files=normal",
    "--ignore-submodules=none",
];

/// What became of one.
enum Became {
    Current,
    Forwarded,
    /// Fetched, and left as it is for this reason.
    Left(String),
    Failed(String),
    Interrupted,
    NotCloned,
}

/// Syncs every declared repository that is cloned below a folder.
///
/// # Errors
/// Mistakes in the configuration; no credentials for patterns of names.
pub(super) fn run(context: &Context<'_>, args: &Sync) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let of_repos = model.repos.values().map(|repo| &repo.profile);
    let of_groups = model.repo_groups.values().map(|group| &group.profile);
    let (given, mut reasons) = log_in(context, &broker, of_repos.chain(of_groups))?;
    let (wanted, whole) = all(context, model, &given, &mut reasons)?;
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    // git passes over a relative one among the folders above which it is not to look.
    let real = std::path::absolute(&dir).map_err(|e| Failure::file("find", &dir, &e))?;
    let everywhere = wired::everywhere(context.env)?;
    let interrupts = Interrupts::held()?;
    let total = wanted.len();
    let results = side_by_side(
        &wanted,
        args.jobs,
        interrupts,
        |wanted| wanted.repo.name.to_string(),
        |done, running| {
            let running = running.join(", ");
            context.ui.status(&format!(
                "{done} of {total} repositories; fetching {running}"
            ));
        },
        |wanted| {
            let place = of_repo(&wanted.repo, &everywhere);
            sync(wanted, &place, &real.join(&wanted.folder), interrupts)
        },
    );
    context.ui.status("");
    let mut told = Told::default();
    for (wanted, result) in wanted.iter().zip(results) {
        let has_credentials = given.contains_key(&wanted.repo.profile);
        if told.tell(context, &dir, wanted, result) && has_credentials {
            // Where there are none, why is known already.
            reasons.add(Exit::Failed);
        }
    }
    told.sum_up(context, wanted.len());
    Ok(match (interrupts.came(), told.failed == 0 && whole) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Done,
        (false, false) => reasons.exit(),
    })
}

/// How many of each there were.
#[derive(Default)]
struct Told {
    current: usize,
    forwarded: usize,
    left: usize,
    failed: usize,
    absent: usize,
}

impl Told {
    /// Tells what became of one; whether it failed.
    fn tell(
        &mut self,
        context: &Context<'_>,
        dir: &Path,
        wanted: &Wanted,
        became: Option<Became>,
    ) -> bool {
        let name = shown(dir, wanted);
        match became {
            Some(Became::Current) => self.current += 1,
            Some(Became::Forwarded) => {
                self.forwarded += 1;
                context.ui.say(&format!("{name}: fast-forwarded"));
            }
            Some(Became::Left(why)) => {
                self.left += 1;
                context
                    .ui
                    .say(&format!("{name}: fetched, and left as it is: {why}"));
            }
            Some(Became::Failed(why)) => {
                self.failed += 1;
                let profile = &wanted.repo.profile;
                context
                    .ui
                    .warn(&format!("{name}: {why} (profile {profile})"));
                return true;
            }
            Some(Became::NotCloned) => self.absent += 1,
            Some(Became::Interrupted) | None => {}
        }
        false
    }

    fn sum_up(&self, context: &Context<'_>, of: usize) {
        let Self {
            current,
            forwarded,
            left,
            failed,
            absent,
        } = self;
        let rest = match absent {
            0 => String::new(),
            _ => format!(", {absent} not cloned (fedgit clone --all)"),
        };
        context.ui.say(&format!(
            "{of} repositories: {current} up to date, {forwarded} fast-forwarded, {left} left as they \
             are, {failed} failed{rest}"
        ));
    }
}

fn sync(wanted: &Wanted, place: &Place, path: &Path, interrupts: Interrupts) -> Became {
    if folder::is_free(path).unwrap_or(true) {
        return Became::NotCloned;
    }
    if !is_clone(path, place, &wanted.repo.region, interrupts) {
        return match interrupts.came() {
            true => Became::Interrupted,
            false => Became::Failed("it is there, and is no clone of this".to_owned()),
        };
    }
    match fetched(path, interrupts) {
        Ok(true) => {}
        Ok(false) => return Became::Interrupted,
        Err(why) => return Became::Failed(why),
    }
    match forwarded(path, interrupts) {
        Ok(became) => became,
        Err(why) => Became::Failed(why),
    }
}

/// Whether it was fetched, and not interrupted.
fn fetched(path: &Path, interrupts: Interrupts) -> Result<bool, String> {
    let mut attempt = 0;
    loop {
        let ended = git(path, &["fetch", "--quiet", "--prune"], interrupts)?;
        match ended.status {
            None => return Ok(false),
            Some(status) if status.success() => return Ok(true),
            Some(_) => attempt += 1,
        }
        if interrupts.came() {
            return Ok(false);
        }
        if attempt == ATTEMPTS || !may_pass(&ended.said) {
            return Err(last_words(&ended.said));
        }
        pause(attempt, interrupts);
    }
}

fn forwarded(path: &Path, interrupts: Interrupts) -> Result<Became, String> {
    let left = |why: &str| Ok(Became::Left(why.to_owned()));
    let says = |args: &[&str]| -> Result<Option<String>, String> {
        let ended = git(path, args, interrupts)?;
        let good = ended.status.is_some_and(|status| status.success());
        Ok(good.then(|| ended.out.trim_end().to_owned()))
    };
    if says(&["symbolic-ref", "--quiet", "HEAD"])?.is_none() {
        return left("no branch is checked out");
    }
    let Some(upstream) = says(&["rev-parse", "--verify", "--quiet", "@{upstream}^{commit}"])?
    else {
        return left("its branch follows no other one");
    };
    let Some(head) = says(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])? else {
        return left("its branch has no commit");
    };
    if head == upstream {
        return Ok(Became::Current);
    }
    if says(&["merge-base", "--is-ancestor", &upstream, &head])?.is_some() {
        return left("it has commits that are not pushed");
    }
    if says(&["merge-base", "--is-ancestor", &head, &upstream])?.is_none() {
        return left("it and what it follows have gone different ways");
    }
    // A file that git does not know counts: what comes may be of the same name.
    match says(LOOK)? {
        Some(changes) if changes.is_empty() => {}
        Some(_) => return left("its tree has changes"),
        None => return left("its tree cannot be looked at"),
    }
    let ended = git(
        path,
        // A file that git was told to ignore is somebody's too: by itself git would write over it.
        &[
            "merge",
            "--quiet",
            "--ff-only",
            "--no-overwrite-ignore",
            &upstream,
        ],
        interrupts,
    )?;
    match ended.status {
        None => Ok(Became::Interrupted),
        Some(status) if status.success() => Ok(Became::Forwarded),
        Some(_) => Err(last_words(&ended.said)),
    }
}

fn git(path: &Path, args: &[&str], interrupts: Interrupts) -> Result<Ended, String> {
    let mut env = readable();
    env.push((
        "GIT_CEILING_DIRECTORIES".to_owned(),
        path.parent().unwrap_or(path).into(),
    ));
    let invocation = Invocation {
        program: "git".into(),
        args: args.iter().map(OsString::from).collect(),
        env,
        inherits_login: false,
    };
    watched(&invocation, Some(path), interrupts).map_err(|e| e.to_string())
}
