//! The only place where an error becomes text, hints and an exit code. Every error of a room is
//! matched in full, so that a new one cannot be silent.

mod credentials;

use std::io;
use std::path::Path;

use crate::config::ConfigError;
use crate::config::diagnostic::Diagnostic;
use crate::config::layer::Layer;
use crate::config::merge::nearest;
use crate::format::printable::visible;
use crate::git::remote::BadRemote;
use crate::git::service::ServiceError;
use crate::model::BadName;
use crate::reconcile::{ApplyError, BadWanted, BadWord, PlanError};
use crate::sys::hand_over::HandOverError;
use crate::sys::process::RunError;

use super::exit::Exit;

/// What is longer is no name that somebody meant, but maybe a response or a password in its place: it
/// is not repeated where logs keep it.
pub(super) const LONGEST_NAME: usize = 64;

/// Said of one.
pub(super) const NEVER_AN_ARGUMENT: &str = "a response, a password or a code is never an argument, which everybody on this machine can read; \
     a response is pasted at the terminal, or piped in: fedgit login NAME --paste < FILE";

/// Why a run ended badly: what failed and why, what to do next, and the exit code.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    /// What failed, on what, and why.
    message: String,
    hints: Vec<String>,
    /// Mistakes to show under their source lines, before the message.
    mistakes: Option<(Vec<Diagnostic>, Vec<Layer>)>,
}

/// How many mistakes are shown: more than anybody mends in one go, fewer than fill a disk.
const MOST_SHOWN: usize = 200;

impl Failure {
    /// With an exit code.
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hints: Vec::new(),
            mistakes: None,
        }
    }

    /// A plain failure.
    #[must_use]
    pub fn message(message: &str) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// With something to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// With another exit code: another program's, in whose place this one stands.
    #[must_use]
    pub fn exits(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What to do next, where that is known.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.hints.first().map(String::as_str)
    }

    /// Whether there is nothing to say: the reader of our stdout has gone, and knows.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.message.is_empty() && self.mistakes.is_none()
    }

    /// Whether it is about mistakes in the configuration.
    #[must_use]
    pub fn has_mistakes(&self) -> bool {
        self.mistakes.is_some()
    }

    /// The text for stderr.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let mut parts = Vec::new();
        if let Some((diagnostics, layers)) = &self.mistakes {
            for diagnostic in diagnostics.iter().take(MOST_SHOWN) {
                parts.push(format!(
                    "{}
",
                    diagnostic.render(layers, colour)
                ));
            }
            if diagnostics.len() > MOST_SHOWN {
                parts.push(format!("(and {} more)", diagnostics.len() - MOST_SHOWN));
            }
        }
        let (error, help) = if colour {
            ("\x1b[1;31merror\x1b[0m", "\x1b[1;36mhelp\x1b[0m")
        } else {
            ("error", "help")
        };
        if !self.message.is_empty() {
            parts.push(format!("{error}: {}", visible(&self.message)));
        }
        parts.extend(
            self.hints
                .iter()
                .map(|hint| format!("  {help}: {}", visible(hint))),
        );
        parts.join("\n")
    }

    /// Where neither `HOME` nor a variable says where to keep something.
    #[must_use]
    pub fn no_home(what: &str, variable: &str) -> Self {
        Self::message(&format!(
            "there is no place for {what}, since no home folder is known"
        ))
        .hint(format!("set HOME or {variable}"))
    }

    /// A file that could not be used.
    #[must_use]
    pub fn file(what: &str, path: &Path, source: &io::Error) -> Self {
        Self::message(&format!("cannot {what} {}: {source}", path.display()))
    }

    /// A name on the command line that stands for nothing.
    #[must_use]
    pub fn unknown_name<'a>(
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Self {
        if name.chars().count() > LONGEST_NAME {
            return Self::new(
                Exit::Usage,
                format!(
                    "no {what} has a name of {} characters",
                    name.chars().count()
                ),
            )
            .hint(NEVER_AN_ARGUMENT);
        }
        let hint = nearest(name, known.clone()).unwrap_or_else(|| {
            let some: Vec<&str> = known.into_iter().take(20).collect();
            if some.is_empty() {
                "fedgit.toml declares none".to_owned()
            } else {
                format!("declared: {}", some.join(", "))
            }
        });
        Self::new(Exit::Usage, format!("no {what} is named {name:?}")).hint(hint)
    }

    /// A profile in a remote's URL that nobody has; in git-remote-codecommit's words.
    #[must_use]
    pub fn unknown_profile(name: &str, known: &[String]) -> Self {
        let some: Vec<&str> = known.iter().map(String::as_str).take(50).collect();
        let failure = Self::message(&format!(
            "The following profile was not found: {name}. Available profiles are: {}. Either use \
             one of the available profiles, or create an AWS CLI profile to use and then try again. \
             For more information, see Configure an AWS CLI Profile in the AWS CLI User Guide.",
            some.join(", ")
        ));
        let hint = nearest(name, known.iter().map(String::as_str));
        failure
            .hints(hint)
            .hint("or declare a role of that name in fedgit.toml")
    }

    /// A profile of the user's own without a region; in git-remote-codecommit's words.
    #[must_use]
    pub fn no_own_region(profile: &str) -> Self {
        Self::message(&format!(
            "The following profile does not have an AWS Region: {profile}. You must set an AWS \
             Region for this profile. For more information, see Configure An AWS CLI Profile in the \
             AWS CLI User Guide."
        ))
        .hint("or name it in the URL: codecommit::REGION://[PROFILE@]REPOSITORY; or set AWS_REGION")
    }

    /// A profile of the user's own that says nothing of credentials; in git-remote-codecommit's words.
    #[must_use]
    pub fn no_own_credentials(profile: &str) -> Self {
        Self::message(&format!(
            "The following profile does not have credentials configured: {profile}. You must \
             configure the access key and secret key for the profile. For more information, see \
             Configure an AWS CLI Profile in the AWS CLI User Guide."
        ))
        .hint(
            "or declare it in fedgit.toml; for where its credentials come from: fedgit git why URL",
        )
    }

    /// No `fedgit.toml` here or above.
    #[must_use]
    pub fn no_project() -> Self {
        Self::new(
            Exit::Usage,
            "there is no fedgit.toml at or above the working directory",
        )
        .hint("name the file: fedgit trust FILE")
    }

    /// A path that cannot stand in a text file.
    #[must_use]
    pub fn not_utf8(path: &Path) -> Self {
        let message = format!("the path {} is not UTF-8 text", path.display());
        Self::new(Exit::Usage, message)
            .hint("profiles hold it as text: rename the file or the folder, or move them")
    }

    /// An environment variable that makes no sense.
    #[must_use]
    pub fn variable(name: &str, why: &str) -> Self {
        Self::new(
            Exit::Usage,
            format!("the environment variable {name} is not usable: {why}"),
        )
    }

    /// The system does not tell where this program is.
    #[must_use]
    pub fn own_path(source: &io::Error) -> Self {
        Self::message(&format!(
            "cannot find out where this program is installed: {source}"
        ))
    }

    /// git asked something that has no answer here.
    #[must_use]
    pub fn git_question(why: &dyn std::error::Error) -> Self {
        Self::message(&format!("cannot answer git: {why}"))
    }

    /// Nothing says which region to sign for.
    #[must_use]
    pub fn no_region(host: &str) -> Self {
        Self::message(&format!(
            "cannot sign for {host}: no region is known for it"
        ))
        .hint("add --region REGION to the helper's line in git's configuration")
    }

    /// Nothing says whose credentials to use for a repository; `declared` are the names of those that
    /// are declared.
    #[must_use]
    pub fn no_signer<'a>(repo: &str, declared: impl IntoIterator<Item = &'a str>) -> Self {
        Self::message(&format!(
            "nothing says who signs for the repository {repo}: no [repo] decides it, and neither the \
             URL nor the environment names a profile"
        ))
        .hints(nearest(repo, declared))
        .hint(format!(
            "declare it ([repo.{repo}] with a role), set AWS_PROFILE, or name the profile in the URL: \
             PROFILE@"
        ))
    }

    /// The same for a repository whose declarations are for other places. `here` is where it was asked
    /// for, and `declared` says of each declaration what it is for.
    #[must_use]
    pub fn no_signer_here(repo: &str, here: &str, declared: &[String]) -> Self {
        let declared = declared.join(", ");
        Self::message(&format!(
            "nothing says who signs for the repository {repo} {here}: {declared}, and neither the URL \
             nor the environment names a profile"
        ))
        .hint(format!(
            "where it is the same repository, mend the URL, or the region or endpoint of its [repo]; \
             where it is another, declare it too ([repo.ANOTHER] with a role and name = {repo:?}), set \
             AWS_PROFILE, or name the profile in the URL: PROFILE@"
        ))
    }

    /// Names the file that the failure is about.
    #[must_use]
    pub fn in_file(mut self, path: &Path) -> Self {
        self.message = format!("{}: {}", path.display(), self.message);
        self
    }

    fn hints(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hints.extend(hint.map(Into::into));
        self
    }
}

/// Writing to stdout.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // The reader has what it wanted (`fedgit plan | head`).
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Failed, "");
        }
        Self::message(&format!(
            "cannot read or write the standard streams: {error}"
        ))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let message = error.to_string();
        match error {
            ConfigError::Mistakes {
                diagnostics,
                layers,
            } => {
                let mistakes = Some((diagnostics, layers));
                Self {
                    mistakes,
                    ..Self::new(Exit::Usage, message)
                }
            }
            ConfigError::Nowhere(_) => Self::new(Exit::Usage, message)
                .hint("write one with: fedgit init; or name one with --config FILE"),
            ConfigError::NotThere(_) => Self::new(Exit::Usage, message),
            ConfigError::Unreadable { .. } => Self::new(Exit::Failed, message),
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let message = error.to_string();
        match error {
            ServiceError::Refused { .. } => Self::new(Exit::Refused, message),
            ServiceError::Unreadable { .. } => Self::message(&message),
            ServiceError::Endpoint { .. } => Self::new(Exit::Usage, message),
            ServiceError::Web(inner) => Self::message(&message).hints(inner.hint()),
        }
    }
}

impl From<HandOverError> for Failure {
    fn from(error: HandOverError) -> Self {
        Self::message(&error.to_string())
            .hint("print the address instead, with --print, and open it within 15 minutes")
    }
}

impl From<BadRemote> for Failure {
    fn from(error: BadRemote) -> Self {
        Self::message(&error.to_string())
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let failure = Self::message(&error.to_string());
        match &error {
            RunError::Start { program, source } if source.kind() == io::ErrorKind::NotFound => {
                failure.hint(format!("install {program}, or put it on PATH"))
            }
            _ => failure,
        }
    }
}

impl From<BadWanted> for Failure {
    fn from(error: BadWanted) -> Self {
        Self::new(Exit::Usage, error.to_string())
    }
}

/// What fedgit itself would write cannot be written.
impl From<BadName> for Failure {
    fn from(error: BadName) -> Self {
        Self::new(Exit::Usage, error.to_string())
    }
}

impl From<BadWord> for Failure {
    fn from(error: BadWord) -> Self {
        Self::message(&format!("cannot write a credential_process line: {error}"))
            .hint(error.hint())
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        let exit = match &error {
            PlanError::Conflicts(_) => Exit::Conflict,
            PlanError::Unreadable(_) | PlanError::Disturbs { .. } => Exit::Failed,
            PlanError::WantedTwice(_) => Exit::Usage,
        };
        Self::new(exit, error.to_string()).hint(error.hint())
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Plan(error) => Self::from(error),
            ApplyError::ChangedSince(_)
            | ApplyError::KeepsChanging(_)
            | ApplyError::Lock(_)
            | ApplyError::Io(_) => Self::message(&error.to_string()).hints(error.hint()),
        }
    }
}
