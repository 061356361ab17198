use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::model::ExposeSecret;
use crate::reconcile::{self, Applied, Backup, Places};
use crate::sys::terminal::{self, Echo, Reply};

use super::Context;
use super::profiles::{Asked, Proposal};

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
    let proposal = Proposal::make(
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
    if args.json {
        proposal.show(context.ui, true)?;
    } else if asks {
        proposal.show(context.ui, false)?;
        if !confirmed()? {
            context.ui.say("nothing was written");
            return Ok(Exit::Interrupted);
        }
    }
    let (locks, state) = (context.cache()?.join("locks"), context.state()?);
    let places = Places {
        locks: &locks,
        state: &state,
    };
    let waits = |text: &str| context.ui.say(text);
    let applied = reconcile::apply(&proposal.path, &proposal.plan, places, waits)?;
    let path = proposal.path.display();
    context.ui.say(&match applied {
        Applied::Unchanged => format!("{path} is in sync"),
        Applied::Written => format!("{path}: {}", proposal.done()),
        Applied::Removed => format!("{path}: {}; nothing was left in it", proposal.done()),
    });
    if applied != Applied::Unchanged {
        context
            .ui
            .say("the version before is kept; back to it with: fedgit apply --restore");
        if let Ok(backup) = Backup::of(&state, &proposal.path) {
            context
                .ui
                .explain(&format!("it is {}", backup.path().display()));
        }
    }
    Ok(Exit::Done)
}

/// The other direction: needs no configuration, since that may be what is broken.
fn restore(context: &Context<'_>) -> Result<Exit, Failure> {
    let path = context.aws_config()?;
    let (locks, state) = (context.cache()?.join("locks"), context.state()?);
    let places = Places {
        locks: &locks,
        state: &state,
    };
    let waits = |text: &str| context.ui.say(text);
    match reconcile::restore(&path, places, waits)? {
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

/// How long the question waits for the person, in seconds: a plan may be long to read.
const LIMIT_SECONDS: u32 = 1800;

fn confirmed() -> Result<bool, Failure> {
    let yes = |line: &str| ["", "y", "yes"].contains(&line.trim().to_lowercase().as_str());
    match terminal::ask("Write this? [Y/n] ", Echo::On, LIMIT_SECONDS, None) {
        Ok(Reply::Line(line)) => Ok(yes(line.expose_secret())),
        Ok(Reply::Interrupted) => Ok(false),
        Ok(Reply::TimedOut) => {
            let what =
                format!("nobody answered within {LIMIT_SECONDS} seconds; nothing was written");
            Err(Failure::new(Exit::PersonNeeded, what).hint("to write without a question: --yes"))
        }
        Err(e) => {
            let what = format!("cannot ask on the terminal: {e}");
            Err(Failure::new(Exit::PersonNeeded, what).hint("to write without a question: --yes"))
        }
    }
}
