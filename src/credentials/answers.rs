//! Who answers a login's questions: the environment of a script, a program that the user named, the
//! keychain where a password was saved, or the person; in this order.

use secrecy::SecretString;

use crate::config::env as names;
use crate::login::{NoAnswer, Person, Question};
use crate::model::{IdpName, SamlForms};
use crate::sys::terminal::Echo;

use super::password::Saved;
use super::reach::{Asking, Reach};

/// Answers for one login.
pub(super) struct Answers<'a> {
    /// Who asks.
    pub(super) idp: &'a IdpName,
    /// The programs that may answer.
    pub(super) forms: &'a SamlForms,
    /// How to get at the person.
    pub(super) reach: Reach<'a>,
    /// The saved password, and the one to be saved.
    pub(super) saved: Saved<'a>,
    /// Whether a password was given in this login.
    pub(super) gave_password: bool,
}

impl Person for Answers<'_> {
    fn answer(&mut self, question: &Question) -> Result<SecretString, NoAnswer> {
        match question {
            Question::Username => self.reach.ask(&Asking {
                what: format!("user name for {} ({})", self.idp, self.site()),
                field: "User name",
                echo: Echo::On,
            }),
            Question::Password { username } => {
                let given = self.reach.given(
                    names::FEDGIT_PASSWORD,
                    self.forms.password_command.as_deref(),
                );
                let saved = || self.saved.password(username).map(Ok);
                let answer = match given.or_else(saved) {
                    Some(given) => given,
                    None => self
                        .reach
                        .ask(&Asking {
                            what: self.password_of(username),
                            field: "Password",
                            echo: Echo::Off,
                        })
                        .inspect(|typed| {
                            self.saved.typed(username, typed);
                        }),
                };
                self.gave_password |= answer.is_ok();
                answer
            }
            Question::Code { prompt } => {
                let given = self
                    .reach
                    .given(names::FEDGIT_MFA_CODE, self.forms.mfa_command.as_deref());
                match given {
                    Some(given) => given,
                    None => self.reach.ask(&Asking {
                        what: format!("{prompt} for {}", self.idp),
                        field: "Code",
                        echo: Echo::Off,
                    }),
                }
            }
        }
    }
}

impl Answers<'_> {
    /// Whether anybody or anything could answer for the password.
    pub(super) fn foreseen(&self) -> Result<(), NoAnswer> {
        let given = self.reach.env.os(names::FEDGIT_PASSWORD).is_some()
            || self.forms.password_command.is_some()
            || self.saved.is_there(self.forms);
        if given || self.reach.is_there() {
            return Ok(());
        }
        let username = self.forms.username.as_deref().unwrap_or("whoever logs in");
        Err(self.reach.nobody(&self.password_of(username)))
    }

    fn password_of(&self, username: &str) -> String {
        format!("password of {username} for {} ({})", self.idp, self.site())
    }

    fn site(&self) -> &str {
        self.forms.url.host_str().unwrap_or_default()
    }
}
