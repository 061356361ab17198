use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;

use super::Context;

/// Print a completion script
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// What a script sets when it asks; another one than other programs', whose scripts could ask too.
pub const VARIABLE: &str = "FEDGIT_COMPLETE";

/// Prints it.
///
/// # Errors
/// Where stdout cannot be written.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    context.ui.data(&script(args.shell))?;
    Ok(Exit::Done)
}

/// The script, as it stands in `completions/`: it asks fedgit, which knows what fedgit.toml declares.
#[must_use]
pub fn script(shell: Shell) -> String {
    let shells = Shells::builtins();
    let mut script = Vec::new();
    if let Some(shell) = shells.completer(&shell.to_string()) {
        // Into memory: it cannot fail.
        let _ = shell.write_registration(VARIABLE, "fedgit", "fedgit", "fedgit", &mut script);
    }
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if shell == Shell::Zsh {
        script.push_str(LOADED);
    }
    script
}

/// zsh runs a file of its `fpath` as the function `_fedgit` when somebody first presses Tab: what it
/// defines is then to answer at once.
const LOADED: &str = "if [ \"${funcstack[1]}\" = _fedgit ]; then\n    \
                      _clap_dynamic_completer_fedgit \"$@\"\nfi\n";
