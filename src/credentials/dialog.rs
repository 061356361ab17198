//! A question outside of a terminal: an askpass program, a pinentry, or macOS's own dialog. The
//! question is the programs' argument or input, the answer what they print; no secret is told to any.

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;

use crate::format::assuan::{self, Dialog, Outcome};
use crate::login::NoAnswer;
use crate::sys::process::{self, Asked, RunError};

/// How long a pinentry may take to tell its flavor, for which it needs nobody.
const FLAVOR_LIMIT: Duration = Duration::from_secs(30);

/// What a person reads in a window.
#[derive(Debug)]
pub(super) struct Window<'a> {
    /// Who asks for what, in one line or two.
    pub(super) text: &'a str,
    /// What the field is for: `Password`.
    pub(super) field: &'a str,
    /// How long the question waits, in seconds.
    pub(super) limit_seconds: u32,
}

/// Which failures of a program say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failing {
    /// None: the user named it for fedgit.
    Told,
    /// That it is not there: it was named for others.
    WhereMissing,
    /// Any: without a display its "no" cannot be told from a window that it could not open.
    PassedOver,
}

impl Window<'_> {
    /// By a program that takes the question as its one further argument and prints the answer.
    pub(super) fn askpass(
        &self,
        command: &[String],
        failing: Failing,
    ) -> Result<Option<SecretString>, NoAnswer> {
        let mut command = command.to_vec();
        command.push(format!("{}: ", self.text));
        match process::first_line(&self.asked(&command, "", true)) {
            Ok(line) => Ok(Some(line)),
            Err(RunError::Start { .. }) if failing != Failing::Told => Ok(None),
            Err(RunError::TimedOut { .. }) => Err(self.nobody_answered()),
            Err(_) if failing == Failing::PassedOver => Ok(None),
            Err(error) => Err(no_answer(error)),
        }
    }

    /// By a pinentry program; `None` where it has no window to ask in. Without a display (not `is_sure`)
    /// its "no" cannot be told from a window that it could not open.
    pub(super) fn pinentry(
        &self,
        program: &Path,
        is_sure: bool,
    ) -> Result<Option<SecretString>, NoAnswer> {
        let name = program.display().to_string();
        let command = [name.clone()];
        // Before it is asked: one for terminals would draw on a terminal that is not there, or take what
        // it is told for what is typed.
        let mut which = self.asked(&command, assuan::WHICH_FLAVOR, false);
        which.limit = FLAVOR_LIMIT;
        match process::printed(&which) {
            Ok(said) if assuan::is_without_window(&said) => return Ok(None),
            Ok(said) if !is_sure && assuan::is_of_a_desktop(&said) => return Ok(None),
            Ok(_) => {}
            Err(_) => return Ok(None),
        }
        let question = assuan::question(&Dialog {
            title: "fedgit",
            description: self.text,
            prompt: &format!("{}:", self.field),
            limit_seconds: self.limit_seconds,
        });
        // Beyond its own limit, so that it can end by itself.
        let mut asked = self.asked(&command, &question, false);
        asked.limit += Duration::from_secs(5);
        let Ok(said) = process::printed(&asked) else {
            return Ok(None);
        };
        match assuan::outcome(&said) {
            Outcome::Pin(pin) => Ok(Some(pin)),
            Outcome::Closed if !is_sure => Ok(None),
            Outcome::Closed => Err(NoAnswer::Declined(name)),
            Outcome::TimedOut => Err(self.nobody_answered()),
            Outcome::Unable => Ok(None),
        }
    }

    /// By macOS's own dialog.
    pub(super) fn mac(&self) -> Result<Option<SecretString>, NoAnswer> {
        // The text is an argument and no part of the script, so that nothing in it is run.
        let ask = format!(
            "set answer to display dialog (item 1 of argv) with title \"fedgit\" default answer \"\" \
             with hidden answer giving up after {}",
            self.limit_seconds
        );
        let script = [
            "on run argv",
            &ask,
            "if gave up of answer then error number -128",
            "return text returned of answer",
            "end run",
        ];
        let mut command = vec!["/usr/bin/osascript".to_owned()];
        command.extend(
            script
                .iter()
                .flat_map(|line| ["-e", line])
                .map(str::to_owned),
        );
        command.push(self.text.to_owned());
        let mut asked = self.asked(&command, "", false);
        asked.limit += Duration::from_secs(5);
        match process::first_line(&asked) {
            Ok(line) => Ok(Some(line)),
            Err(RunError::Start { .. }) => Ok(None),
            Err(error) => Err(no_answer(error)),
        }
    }

    /// What it means that nobody did.
    pub(super) fn nobody_answered(&self) -> NoAnswer {
        NoAnswer::TimedOut {
            seconds: self.limit_seconds,
            what: self.text.to_owned(),
        }
    }

    fn asked<'a>(&self, command: &'a [String], input: &'a str, may_talk: bool) -> Asked<'a> {
        Asked {
            command,
            env: &[],
            input,
            limit: Duration::from_secs(u64::from(self.limit_seconds)),
            may_talk,
        }
    }
}

/// These programs end with a number for "no", and print nothing where nothing was typed.
fn no_answer(error: RunError) -> NoAnswer {
    match error {
        RunError::Failed { program, status } if status.code().is_some() => {
            NoAnswer::Declined(program)
        }
        RunError::NoLine { program } => NoAnswer::Declined(program),
        other => NoAnswer::Failed(other.to_string()),
    }
}
