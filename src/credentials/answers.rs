//! Who answers a login's questions: the environment of a script, a program that the user named, the
//! keychain where a password was saved, or the person; in this order.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::config::env as names;
use crate::login::{Choice, NoAnswer, ORGANIZATION, Person, Question, fitting, wished};
use crate::model::{IdpName, SamlLogin};
use crate::sys::terminal::Echo;

use super::choices::Choices;
use super::page;
use super::password::Saved;
use super::reach::{Asking, Reach};

/// Options that are listed: a federation may have thousands of members.
const MOST_SHOWN: usize = 50;

/// Answers for one login.
pub(super) struct Answers<'a> {
    /// Who asks.
    pub(super) idp: &'a IdpName,
    /// The programs that may answer.
    pub(super) saml: &'a SamlLogin,
    /// How to get at the person.
    pub(super) reach: Reach<'a>,
    /// The saved password, and the one to be saved.
    pub(super) saved: Saved<'a>,
    /// Which option was chosen at earlier logins.
    pub(super) choices: Choices,
    /// Where to say what reaches no terminal.
    pub(super) notes: &'a dyn Fn(&str),
    /// What has gone out in this login.
    pub(super) sent: Sent,
    /// Whether a page may be opened in front of the person.
    pub(super) opens_pages: bool,
    /// The browser of their choice.
    pub(super) browser: Option<&'a [String]>,
}

/// What a login has given away or set going, so that it is not done twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// A password or a code.
    pub(super) answer: bool,
    /// Any of these; or a way was chosen, which may have sent somebody a code; or somebody was told to
    /// do something elsewhere.
    pub(super) anything: bool,
}

impl Sent {
    fn answer(&mut self) {
        self.answer = true;
        self.anything = true;
    }
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
                    self.saml.password_command.as_deref(),
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
                answer.inspect(|_| self.sent.answer())
            }
            Question::Code { prompt } => {
                let given = self
                    .reach
                    .given(names::FEDGIT_MFA_CODE, self.saml.mfa_command.as_deref());
                let answer = match given {
                    Some(given) => given,
                    None => self.reach.ask(&Asking {
                        what: format!("{prompt} for {}", self.idp),
                        field: "Code",
                        echo: Echo::Off,
                    }),
                };
                answer.inspect(|_| self.sent.answer())
            }
        }
    }

    fn choose(&mut self, choice: &Choice) -> Result<usize, NoAnswer> {
        self.sent.anything = true;
        // Nobody consents for the person where there is but one way on; and the page that asks chooses its
        // own title and names, so that an earlier consent says nothing about this one. The file may say
        // it: that is the person's own word.
        let asks = choice.is_consent();
        let only = (choice.options.len() == 1 && !choice.is_to_be_read()).then_some(0);
        if let Some(at) = only.or_else(|| self.settled(choice)) {
            return Ok(at);
        }
        let at = match self.meant(choice) {
            Some(places) if !asks => {
                let options = places.iter().filter_map(|at| choice.options.get(*at));
                let among = Choice {
                    what: choice.what.clone(),
                    options: options.cloned().collect(),
                    preferred: vec![],
                };
                let at = self.pick(&among)?;
                places.get(at).copied().unwrap_or_default()
            }
            _ => self.pick(choice)?,
        };
        if let Some(offer) = choice.options.get(at).filter(|_| !asks) {
            self.choices.chose(&choice.what, &offer.id);
        }
        Ok(at)
    }

    fn prefer(&mut self, choice: &Choice) -> Option<usize> {
        let at = self.settled(choice)?;
        // Only what is not the page's own way is a step that sets something going.
        self.sent.anything |= at > 0;
        Some(at)
    }

    fn set_going(&mut self) {
        self.sent.anything = true;
    }

    fn show(&mut self, text: &str) {
        self.sent.anything = true;
        if !self.reach.tell(text) {
            (self.notes)(text);
        }
    }

    fn open(&mut self, page: &Url) {
        if !self.opens_pages || !page::is_seen(self.reach.env) {
            return;
        }
        if let Err(error) = page::open(self.reach.env, self.browser, page) {
            self.show(&error.to_string());
        }
    }
}

impl Answers<'_> {
    /// What the file says, else what was chosen at the last login.
    fn settled(&mut self, choice: &Choice) -> Option<usize> {
        let mut declared = self.mfa(choice).iter();
        let declared = declared.find_map(|wish| wished(choice, wish));
        let meant = self.meant(choice);
        let mut earlier = || match choice.is_consent() {
            true => None,
            false => wished(choice, &self.choices.last(&choice.what)?),
        };
        // What the file has come to say since goes before it.
        let is_meant = |at: &usize| meant.as_ref().is_none_or(|meant| meant.contains(at));
        declared.or_else(|| earlier().filter(is_meant))
    }

    /// `mfa` names a second factor, which an organization may be called like.
    fn mfa(&self, choice: &Choice) -> &[String] {
        match choice.what == ORGANIZATION {
            true => &[],
            false => &self.saml.mfa,
        }
    }

    /// The options that the file leaves open: a push, where there are several telephones.
    fn meant(&self, choice: &Choice) -> Option<Vec<usize>> {
        let mut fitting = self.mfa(choice).iter().map(|wish| fitting(choice, wish));
        fitting.find(|places| places.len() > 1)
    }

    /// By its number, or by what it is called. Asked twice at most: a window can be closed, but not
    /// read out of.
    fn pick(&mut self, choice: &Choice) -> Result<usize, NoAnswer> {
        let (what, count) = (&choice.what, choice.options.len());
        let shown = choice.options.iter().zip(1..).take(MOST_SHOWN);
        let mut lines: Vec<String> = shown
            .map(|(offer, number)| format!("  {number}) {}", offer.label))
            .collect();
        if count > MOST_SHOWN {
            let more = count - MOST_SHOWN;
            lines.push(format!("  and {more} more; a part of the name will do"));
        }
        for again in ["", " (there is no such)"] {
            let asking = Asking {
                what: format!(
                    "{what} for {}:\n{}\n1 to {count}{again}",
                    self.idp,
                    lines.join("\n")
                ),
                field: "Number",
                echo: Echo::On,
            };
            let answer = self.reach.ask(&asking)?;
            let answer = answer.expose_secret().trim();
            let number = answer.parse::<usize>().ok();
            let by_number = number.filter(|n| (1..=count).contains(n)).map(|n| n - 1);
            if let Some(at) = by_number.or_else(|| wished(choice, answer)) {
                return Ok(at);
            }
        }
        Err(NoAnswer::NoSuch(what.clone()))
    }

    /// Whether anybody or anything could answer for the password.
    pub(super) fn foreseen(&self) -> Result<(), NoAnswer> {
        let given = self.reach.env.os(names::FEDGIT_PASSWORD).is_some()
            || self.saml.password_command.is_some()
            || self.saved.is_there(self.saml);
        if given || self.reach.may_be_there() {
            return Ok(());
        }
        let username = self.saml.username.as_deref().unwrap_or("whoever logs in");
        Err(self.reach.nobody(&self.password_of(username)))
    }

    fn password_of(&self, username: &str) -> String {
        format!("password of {username} for {} ({})", self.idp, self.site())
    }

    fn site(&self) -> &str {
        self.saml
            .url()
            .and_then(url::Url::host_str)
            .unwrap_or_default()
    }
}
