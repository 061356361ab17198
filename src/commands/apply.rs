use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::reconcile::{self, Applied};
use crate::sys::terminal;

use super::Context;
use super::profiles::Proposal;

/// Make ~/.aws/config agree with fedgit.toml
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing; exit code 3 where changes are pending
    #[arg(long)]
    check: bool,
    /// Take over profiles that are not fedgit's, or were edited by hand
    #[arg(long)]
    adopt: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Print the plan as JSON
    #[arg(long)]
    json: bool,
}

/// Plans, shows, asks where a person is there, and carries out exactly that plan.
///
/// # Errors
/// Mistakes in the configuration; conflicts in `~/.aws/config`; what the file system says. In every
/// case nothing was written.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let proposal = Proposal::make(context, args.adopt)?;
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
    let locks = context.cache()?.join("locks");
    let waits = |text: &str| context.ui.say(text);
    let applied = reconcile::apply(&proposal.path, &proposal.plan, &locks, waits)?;
    let path = proposal.path.display();
    context.ui.say(&match applied {
        Applied::Unchanged => format!("{path} is in sync"),
        Applied::Written => format!("{path}: {}", proposal.done()),
        Applied::Removed => format!("{path}: {}; nothing was left in it", proposal.done()),
    });
    Ok(Exit::Done)
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
