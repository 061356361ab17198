use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::variables;
use crate::format::assignments::{Assignment, Dialect, render};
use crate::sys::env::Env;

use super::candidates;
use super::{Context, choose};

/// Print a role's credentials as assignments for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A role or profile
    #[arg(required_unless_present = "unset", add = candidates::roles())]
    role: Option<String>,
    /// For whom; by $SHELL where left out
    #[arg(long, value_name = "SHELL")]
    shell: Option<Shell>,
    /// Print what takes the variables away again
    #[arg(long)]
    unset: bool,
}

/// Who reads the assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    /// And every other shell that descends from Bourne's
    #[value(alias = "sh", alias = "dash", alias = "ash", alias = "ksh")]
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
    /// Lines of a .env file
    Dotenv,
    /// One JSON object
    Json,
}

impl Shell {
    fn dialect(self) -> Dialect {
        match self {
            Self::Bash | Self::Zsh => Dialect::Posix,
            Self::Fish => Dialect::Fish,
            Self::Powershell => Dialect::Powershell,
            Self::Dotenv => Dialect::Dotenv,
            Self::Json => Dialect::Json,
        }
    }

    /// How a person puts what is printed to use.
    fn usage(self, rest: &str) -> String {
        match self {
            Self::Bash | Self::Zsh => format!("eval \"$(fedgit env {rest})\""),
            Self::Fish => format!("fedgit env {rest} --shell fish | source"),
            Self::Powershell => {
                format!("fedgit env {rest} --shell powershell | Out-String | Invoke-Expression")
            }
            Self::Dotenv => format!("(umask 077; fedgit env {rest} --shell dotenv > .env)"),
            Self::Json => format!("fedgit env {rest} --shell json | PROGRAM"),
        }
    }
}

/// Prints the assignments and nothing else on stdout.
///
/// # Errors
/// A shell that is not known; whatever stands between the role and its credentials.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let shell = match args.shell {
        Some(shell) => shell,
        None => own_shell(context.env)?,
    };
    let unwritable = |e: crate::format::assignments::Unwritable| {
        Failure::new(Exit::Usage, e.to_string()).hint("name another form with --shell")
    };
    let Some(role) = args.role.as_deref().filter(|_| !args.unset) else {
        let unset: Vec<Assignment<'_>> = variables::HELD
            .iter()
            .map(|name| Assignment::Unset(name))
            .collect();
        context
            .ui
            .data(&render(shell.dialect(), &unset).map_err(unwritable)?)?;
        return Ok(Exit::Done);
    };
    let loaded = context.load()?;
    let profile = choose::profile(context, &loaded.model, Some(role))?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let found = broker.get(profile.name.as_str())?;
    let held = variables::held(&found.credentials, &profile.region);
    let mut assignments = Vec::new();
    // A file or an object is read into an environment of its own; a shell has one already.
    if !matches!(shell, Shell::Dotenv | Shell::Json) {
        assignments.extend(
            variables::CONFLICTING
                .iter()
                .map(|name| Assignment::Unset(name)),
        );
    }
    assignments.extend(
        held.iter()
            .map(|(name, value)| Assignment::Set(name, value)),
    );
    if context.ui.data_is_seen() {
        // It was asked for, so it is shown; but perhaps this was meant.
        context.ui.say(&format!(
            "secrets of {} follow, good until {}; to use them without showing them: {}",
            profile.name,
            found.credentials.expiration,
            shell.usage(role)
        ));
    }
    context
        .ui
        .data(&render(shell.dialect(), &assignments).map_err(unwritable)?)?;
    Ok(Exit::Done)
}

/// The shell that the person uses.
fn own_shell(env: &Env) -> Result<Shell, Failure> {
    let Some(path) = env.path("SHELL") else {
        return Ok(if cfg!(windows) {
            Shell::Powershell
        } else {
            Shell::Bash
        });
    };
    let name = path.file_stem().unwrap_or(Path::new("").as_os_str());
    let known = |shell: &str| <Shell as clap::ValueEnum>::from_str(shell, true).ok();
    match known(&name.to_string_lossy()) {
        Some(shell) if !matches!(shell, Shell::Dotenv | Shell::Json) => Ok(shell),
        _ => Err(Failure::new(
            Exit::Usage,
            format!(
                "SHELL is {}, whose way to set variables is not known here",
                path.display()
            ),
        )
        .hint("name a form: --shell bash, zsh, fish, powershell, dotenv or json")),
    }
}
