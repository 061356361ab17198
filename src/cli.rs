//! From the arguments to an exit code.

pub mod args;
mod diagnostics;
pub mod exit;
pub mod global;
pub mod report;
pub mod ui;
mod warm;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};

use crate::commands::{self, Context};
use crate::sys::env::{Env, args, current_dir};
use crate::sys::memory::no_core_dumps;
use crate::sys::paths::Paths;
use crate::sys::signals::end_by_number;
#[cfg(unix)]
use crate::sys::terminal::guard;

use args::{Cli, Command};
use exit::Exit;
use report::Failure;
use ui::{Colour, Ui};

/// The program's whole run. One executable serves both names, so that a single file can be linked
/// or copied to `git-remote-codecommit`.
#[must_use]
pub fn main() -> ExitCode {
    let args = args();
    let name = args.first().map(Path::new).and_then(Path::file_stem);
    if name == Some(OsStr::new("git-remote-codecommit")) {
        return remote_helper();
    }
    #[cfg(unix)]
    if args.len() == 2 && args.last().is_some_and(|last| last == guard::ARGUMENT) {
        // Nobody listens to it.
        return guard::run().map_or(Exit::Failed, |()| Exit::Done).into();
    }
    no_core_dumps();
    if let Some(exit) = warm::answer(&args) {
        return exit.into();
    }
    match complete(&args) {
        Ok(false) => {}
        Ok(true) => return Exit::Done.into(),
        Err(error) => {
            let _ = error.print();
            return Exit::Usage.into();
        }
    }
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are data; a usage error is talk. clap prints each where it belongs.
            let (e, was_long) = without_long_values(e);
            let _ = e.print();
            if was_long {
                let ui = Ui::new(false, 0, Colour::Auto, true);
                ui.say(&format!("  help: {}", report::NEVER_AN_ARGUMENT));
            }
            return if e.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    end_by_number();
    let env = Env::real();
    let global = &cli.global;
    diagnostics::listen(global.verbose);
    let no_colour = env.os("NO_COLOR").is_some();
    let ui = Ui::new(global.quiet, global.verbose, global.color, no_colour);
    let context = Context::new(&env, &ui, global);
    finish(&ui, run(&context, cli.command))
}

/// The same mistake without what is too long to be a name, and whether there was any.
fn without_long_values(mut error: clap::Error) -> (clap::Error, bool) {
    let is_long = |text: &str| text.chars().count() > report::LONGEST_NAME;
    let long: Vec<ContextKind> = error
        .context()
        .filter(|(_, value)| match value {
            ContextValue::String(text) => is_long(text),
            ContextValue::Strings(texts) => texts.iter().any(|text| is_long(text)),
            _ => false,
        })
        .map(|(kind, _)| kind)
        .filter(|kind| {
            use ContextKind::{InvalidArg, InvalidSubcommand, InvalidValue};
            matches!(kind, InvalidArg | InvalidSubcommand | InvalidValue)
        })
        .collect();
    for kind in &long {
        error.insert(*kind, ContextValue::String("…".to_owned()));
    }
    if !long.is_empty() {
        // It may repeat it.
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(Vec::new()));
    }
    (error, !long.is_empty())
}

/// What a shell asks while somebody types, by the scripts of `fedgit completions`.
fn complete(args: &[OsString]) -> clap::error::Result<bool> {
    use clap_complete::env::CompleteEnv;
    CompleteEnv::with_factory(Cli::command)
        .var(commands::completions::VARIABLE)
        .try_complete(args, current_dir().ok().as_deref())
}

/// git's remote helper for `codecommit://`.
#[must_use]
pub fn remote_helper() -> ExitCode {
    no_core_dumps();
    let env = Env::real();
    let ui = Ui::new(false, 0, Colour::Auto, env.os("NO_COLOR").is_some());
    finish(
        &ui,
        commands::remote_codecommit::run(&env, &Paths::new(&env), &ui, &args()),
    )
}

fn finish(ui: &Ui, result: Result<Exit, Failure>) -> ExitCode {
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if !failure.is_silent() {
                ui.tell(&failure.render(ui.colours_talk()));
            }
            failure.exit().into()
        }
    }
}

fn run(context: &Context<'_>, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => commands::init::run(context, &args),
        Command::Check(args) => commands::check::run(context, &args),
        Command::Plan(args) => commands::plan::run(context, &args),
        Command::Apply(args) => commands::apply::run(context, &args),
        Command::CredentialProcess(args) => commands::credential_process::run(context, &args),
        Command::Login(args) => commands::login::run(context, &args),
        Command::Logout(args) => commands::logout::run(context, &args),
        Command::Roles(args) => commands::roles::run(context, &args),
        Command::Status(args) => commands::status::run(context, &args),
        Command::Exec(args) => commands::exec::run(context, &args),
        Command::Env(args) => commands::env::run(context, &args),
        Command::Whoami(args) => commands::whoami::run(context, &args),
        Command::Console(args) => commands::console::run(context, &args),
        Command::Open(args) => commands::open::run(context, &args),
        Command::Clone(args) => commands::clone::run(context, &args),
        Command::Git(args) => commands::git::run(context, &args),
        Command::GitCredential(args) => commands::git_credential::run(context, &args),
        Command::Repo(command) => commands::repo::run(context, &command),
        Command::Import(args) => commands::import::run(context, &args),
        Command::Config(command) => commands::config::run(context, &command),
        Command::Schema(args) => commands::schema::run(context, &args),
        Command::Completions(args) => commands::completions::run(context, &args),
        Command::Trust(args) => commands::trust::run(context, &args),
    }
}
