use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::reconcile::{self, Applied, ApplyError, Backup, Places};
use crate::sys::terminal;

use super::Context;
use super::profiles::{Asked, Proposal, no_plan};

/// Make ~/.aws/config agree with fedgit.toml
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing; exit code 3 where changes are pending
    #[arg(long)]
    check: bool,
    /// Take over profiles that are not fedgit's, or were edited by hand
    #[arg(long)]
    adopt: bool,
    /// Remove what belongs to a fedgit.toml that is gone
    #[arg(long)]
    prune_missing: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Print the plan as JSON
    #[arg(long)]
    json: bool,
    /// Bring back the version of the file before the last apply
    #[arg(long, conflicts_with_all = ["check", "adopt", "prune_missing", "json"])]
    restore: bool,
}

/// Plans, shows, asks where a person is there, and carries out exactly that plan.
///
/// # Errors
/// Mistakes in the configuration; conflicts in `~/.aws/config`; what the file system says. In every
/// case nothing was written.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    if args.restore {
        return restore(context);
    }
    let mut proposal = Proposal::make(
        context,
        Asked {
            adopt: args.adopt,
            prune_missing: args.prune_missing,
            json: args.json,
        },
    )?;
    proposal.warn(context.ui);
    let pending = !proposal.plan.is_empty();
    if args.check {
        proposal.show(context.ui, args.json)?;
        return Ok(if pending { Exit::Pending } else { Exit::Done });
    }
    let asks = pending && !args.yes && !args.json && context.may_ask && terminal::is_interactive();
    let applied = if asks {
        match agreed(context, &mut proposal)? {
            Some(applied) => applied,
            None => {
                context.ui.say("nothing was written");
                return Ok(Exit::Interrupted);
            }
        }
    } else {
        let applied = unasked(context, &mut proposal, args.json)?;
        if args.json {
            // Only now is it certain which plan it was.
            proposal.show(context.ui, true)?;
        }
        applied
    };
    tell(context, &proposal, applied)?;
    Ok(Exit::Done)
}

/// Shows the plan and asks, as often as the file is another one by the time of the answer: what is
/// written is what was agreed to. Nothing is locked while a person thinks. `None` is a no.
fn agreed(context: &Context<'_>, proposal: &mut Proposal) -> Result<Option<Applied>, Failure> {
    let folders = Folders::of(context)?;
    loop {
        proposal.show(context.ui, false)?;
        if !confirmed()? {
            return Ok(None);
        }
        let waits = |text: &str| context.ui.say(text);
        match reconcile::apply(&proposal.path, &proposal.plan, folders.places(), waits) {
            Ok(applied) => return Ok(Some(applied)),
            Err(ApplyError::ChangedSince(path)) => {
                let path = path.display();
                context.ui.warn(&format!(
                    "{path} was changed by another program meanwhile; nothing was written yet"
                ));
            }
            Err(other) => return Err(other.into()),
        }
        let found = reconcile::read(&proposal.path)?;
        proposal.plan = match proposal.intent.plan(found.as_deref()) {
            Ok(plan) => plan,
            Err(error) => return Err(no_plan(context.ui, error, &proposal.path, false)?),
        };
        if proposal.plan.is_empty() {
            return Ok(Some(Applied::Unchanged));
        }
        proposal.warn(context.ui);
    }
}

/// Carries out the plan, or the one for what the file has become.
fn unasked(context: &Context<'_>, proposal: &mut Proposal, json: bool) -> Result<Applied, Failure> {
    let (path, intent) = (&proposal.path, &proposal.intent);
    let done = reconcile::apply_latest(
        path,
        proposal.plan.clone(),
        |found| intent.plan(found),
        Folders::of(context)?.places(),
        |text| context.ui.say(text),
    );
    match done {
        Ok((plan, applied)) => {
            let warned = std::mem::replace(&mut proposal.plan, plan).warnings;
            if warned != proposal.plan.warnings {
                proposal.warn(context.ui);
            }
            Ok(applied)
        }
        Err(ApplyError::Plan(error)) => Err(no_plan(context.ui, error, path, json)?),
        Err(other) => Err(other.into()),
    }
}

fn tell(context: &Context<'_>, proposal: &Proposal, applied: Applied) -> Result<(), Failure> {
    let path = proposal.path.display();
    context.ui.say(&match applied {
        Applied::Unchanged => format!("{path} is in sync"),
        Applied::Written => format!("{path}: {}", proposal.done()),
        Applied::Removed => format!("{path}: {}; nothing was left in it", proposal.done()),
    });
    if applied != Applied::Unchanged {
        let kept = Backup::of(&context.state()?, &proposal.path)?.path();
        context.ui.say(&format!(
            "the version before is {}; back to it with: fedgit apply --restore",
            kept.display()
        ));
    }
    Ok(())
}

/// The other direction: needs no configuration, since that may be what is broken.
fn restore(context: &Context<'_>) -> Result<Exit, Failure> {
    let path = context.aws_config()?;
    let waits = |text: &str| context.ui.say(text);
    match reconcile::restore(&path, Folders::of(context)?.places(), waits)? {
        None => Err(Failure::message(&format!(
            "no earlier version of {} is kept",
            path.display()
        ))),
        Some(_) => {
            let path = path.display();
            context.ui.say(&format!(
                "{path} is as it was before the last apply; once more takes that back"
            ));
            Ok(Exit::Done)
        }
    }
}

/// Where locks and previous versions are.
struct Folders {
    locks: PathBuf,
    state: PathBuf,
}

impl Folders {
    fn of(context: &Context<'_>) -> Result<Self, Failure> {
        Ok(Self {
            locks: context.cache()?.join("locks"),
            state: context.state()?,
        })
    }

    fn places(&self) -> Places<'_> {
        Places {
            locks: &self.locks,
            state: &self.state,
        }
    }
}

/// A line, and not a single key: dialoguer's `Confirm` hides the cursor, and leaves it hidden when
/// Ctrl-C ends the program.
fn confirmed() -> Result<bool, Failure> {
    let answer: String = dialoguer::Input::new()
        .with_prompt("Write this? [Y/n]")
        .allow_empty(true)
        .report(false)
        .interact()
        .map_err(|dialoguer::Error::IO(e)| Failure::from(e))?;
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "" | "y" | "yes"
    ))
}
