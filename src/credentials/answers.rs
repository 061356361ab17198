//! Who answers a login's questions: the environment of a script, a program that the user named, the
//! keychain where a password was saved, or the person at the terminal; in this order.

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;

use crate::config::env as names;
use crate::login::{NoAnswer, Person, Question};
use crate::model::{IdpName, SamlForms};
use crate::sys::env::Env;
use crate::sys::lock::Lock;
use crate::sys::process;
use crate::sys::terminal::{self, Echo, Reply};

use super::password::Saved;

/// How long a question waits for the person, in seconds. Whoever went for a coffee finds an error
/// that says so, not a terminal that eats what is typed into the next program.
const LIMIT_SECONDS: u32 = 120;

/// Answers for one login.
pub(super) struct Answers<'a> {
    /// Where a script puts its answers.
    pub(super) env: &'a Env,
    /// Who asks.
    pub(super) idp: &'a IdpName,
    /// The programs that may answer.
    pub(super) forms: &'a SamlForms,
    /// Whether a person may be asked.
    pub(super) may_ask: bool,
    /// The cache folder, for the terminal's lock.
    pub(super) root: &'a Path,
    /// The saved password, and the one to be saved.
    pub(super) saved: Saved<'a>,
    /// Whether a password was given in this login.
    pub(super) gave_password: bool,
}

impl Person for Answers<'_> {
    fn answer(&mut self, question: &Question) -> Result<SecretString, NoAnswer> {
        match question {
            Question::Username => self.ask(
                format!("user name for {} ({})", self.idp, self.site()),
                Echo::On,
            ),
            Question::Password { username } => {
                let given = self.given(
                    names::FEDGIT_PASSWORD,
                    self.forms.password_command.as_deref(),
                );
                let saved = || self.saved.password(username).map(Ok);
                let answer = match given.or_else(saved) {
                    Some(given) => given,
                    None => self
                        .ask(self.password_of(username), Echo::Off)
                        .inspect(|typed| {
                            self.saved.typed(username, typed);
                        }),
                };
                self.gave_password |= answer.is_ok();
                answer
            }
            Question::Code { prompt } => {
                let given = self.given(names::FEDGIT_MFA_CODE, self.forms.mfa_command.as_deref());
                match given {
                    Some(given) => given,
                    None => self.ask(format!("{prompt} for {}", self.idp), Echo::Off),
                }
            }
        }
    }
}

impl Answers<'_> {
    /// Whether anybody or anything could answer for the password.
    pub(super) fn foreseen(&self) -> Result<(), NoAnswer> {
        let given = self.env.os(names::FEDGIT_PASSWORD).is_some()
            || self.forms.password_command.is_some()
            || self.saved.is_there(self.forms);
        if given || self.may_ask {
            return Ok(());
        }
        let username = self.forms.username.as_deref().unwrap_or("whoever logs in");
        Err(NoAnswer::Nobody(self.password_of(username)))
    }

    fn password_of(&self, username: &str) -> String {
        format!("password of {username} for {} ({})", self.idp, self.site())
    }

    fn given(
        &self,
        variable: &str,
        command: Option<&[String]>,
    ) -> Option<Result<SecretString, NoAnswer>> {
        if let Some(text) = self.env.text(variable) {
            return Some(Ok(SecretString::from(text)));
        }
        let command = command?;
        Some(process::first_line(command).map_err(|e| NoAnswer::Failed(e.to_string())))
    }

    fn ask(&self, what: String, echo: Echo) -> Result<SecretString, NoAnswer> {
        if !self.may_ask {
            return Err(NoAnswer::Nobody(what));
        }
        // One question at a time on one terminal: two readers would take each other's keys, and the
        // first to finish would show what the other is typed.
        let name = format!("terminal-{}", terminal::session());
        let wait = Duration::from_secs(u64::from(LIMIT_SECONDS));
        let _terminal = Lock::acquire(&self.root.join("locks").join(name), wait, |_| {})
            .map_err(|e| NoAnswer::Failed(e.to_string()))?;
        match terminal::ask(&format!("fedgit: {what}: "), echo, LIMIT_SECONDS) {
            Ok(Reply::Line(line)) => Ok(line),
            Ok(Reply::Interrupted) => Err(NoAnswer::Interrupted),
            Ok(Reply::TimedOut) => Err(NoAnswer::Failed(format!(
                "nobody answered within {LIMIT_SECONDS} seconds: {what}"
            ))),
            Err(_) => Err(NoAnswer::Nobody(what)),
        }
    }

    fn site(&self) -> &str {
        self.forms.url.host_str().unwrap_or_default()
    }
}
