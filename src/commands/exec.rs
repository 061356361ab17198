use std::ffi::OsString;
use std::io;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::variables;
use crate::sys::process::{self, Invocation, RunError};

use super::candidates;
use super::{Context, choose};

/// Run a command with a role's credentials in its environment
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A role or profile; picked from a list on a terminal where left out
    #[arg(add = candidates::roles())]
    role: Option<String>,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// Becomes the command where the system can do that, so that signals and the exit code are its own.
///
/// # Errors
/// Whatever comes before the command; and where it cannot be run, with the exit code that shells
/// give for that.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let profile = choose::profile(context, &loaded.model, args.role.as_deref())?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let found = broker.get(profile.name.as_str())?;
    context.ui.explain(&format!(
        "{}: credentials until {}",
        profile.name, found.credentials.expiration
    ));
    let held = variables::held(&found.credentials, &profile.region);
    let mut command = args.command.iter();
    let invocation = Invocation {
        program: command.next().cloned().unwrap_or_default(),
        args: command.cloned().collect(),
        env: held
            .iter()
            .map(|(name, value)| ((*name).to_owned(), OsString::from(value.as_str())))
            .collect(),
        inherits_login: false,
    };
    match process::replace(&invocation, variables::CONFLICTING) {
        Ok(status) => Ok(status.into()),
        Err(error) => {
            let missing = matches!(
                &error,
                RunError::Start { source, .. } if source.kind() == io::ErrorKind::NotFound
            );
            let code = if missing { 127 } else { 126 };
            Err(Failure::from(error).exits(Exit::Of(code)))
        }
    }
}
