//! The Identity Engine: each answer offers the steps that may come next, and one of them is taken,
//! until a session stands.
//!
//! A password is sent once. Okta Verify on this machine (FastPass) is given its challenge where it listens
//! on a port of this machine; where it does not, it is given up, as a browser does.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::answer::{Answer, Loopback, Remediation};
use self::body::{members, open_field};
use self::next::{Asked, Next, next};
use self::pick::{Pick, offers, picks};
use super::json::{Node, Org, json_text, post, read};
use super::page::StateToken;
use super::{Given, Move, OktaError, password_expired, refuse};
use crate::format::printable::printable;
use crate::login::{
    Choice, Event, FlowError, LocalAnswer, LocalChallenge, PageEvent, Question, Refused, Request,
    Step, origin, place,
};

mod answer;
mod body;
mod next;
mod pick;

const ION: &str = "application/ion+json; okta-version=1.0.0";

/// How long somebody may take to answer a push. Okta itself gives up after some minutes, and says so
/// in words that differ.
const PATIENCE: Duration = Duration::from_secs(180);

/// One login by the Identity Engine.
pub(super) struct Idx {
    username: Option<String>,
    handle: String,
    pub(super) given: Given,
    /// In this step of the login.
    gave_password: bool,
    local: Asked,
    shown: Option<String>,
    waited: Duration,
    state: State,
}

enum State {
    /// A request is out.
    Sent(Sent),
    /// The user name is asked for.
    Username { step: Remediation, page: Url },
    /// The password is asked for; with the name, where both go together.
    Password { step: Remediation, page: Url },
    /// A code or an answer is asked for.
    Code { step: Remediation, page: Url },
    /// An authenticator is to be chosen.
    Choosing {
        step: Remediation,
        page: Url,
        picks: Vec<Pick>,
    },
    /// The program on this machine is being asked.
    Local {
        wait: Duration,
        poll: Url,
        cancel: Option<Url>,
    },
    /// What is to be done on a telephone is shown.
    Showing { wait: Duration, poll: Url },
    /// The time between two questions for its answer.
    Waiting { poll: Url },
    /// The last word was said.
    Over,
}

/// What a request was about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Password,
    Code,
    Poll,
    Other,
}

impl Idx {
    pub(super) fn new(username: Option<String>, given: Given) -> Self {
        Self {
            username,
            given,
            handle: String::new(),
            gave_password: false,
            local: Asked::Not,
            shown: None,
            waited: Duration::ZERO,
            state: State::Over,
        }
    }

    /// With the state token of the application's page.
    pub(super) fn begin(&mut self, org: &Org, token: &StateToken) -> Result<Move, FlowError> {
        let members = vec![("stateToken", Node::Text(&token.0))];
        self.send(
            post(org.at("/idp/idx/introspect"), ION, members)?,
            Sent::Other,
        )
    }

    /// What to do next.
    pub(super) fn next(&mut self, org: &Org, event: Event) -> Result<Move, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Username { step, page }, Event::Answer(name)) => {
                self.username = Some(name.expose_secret().trim().to_owned());
                self.identify(org, step, page)
            }
            (State::Password { step, page }, Event::Answer(password)) => {
                self.gave_password = true;
                self.given.password = true;
                self.submit(org, &step, &page, Some(&password), Sent::Password)
            }
            (State::Code { step, page }, Event::Answer(code)) => {
                if !self.given.codes.is_new(&code) {
                    return Ok(self.refuse(Refused::Code, ""));
                }
                let code = SecretString::from(code.expose_secret().trim());
                self.submit(org, &step, &page, Some(&code), Sent::Code)
            }
            (State::Choosing { step, page, picks }, Event::Chosen(at)) => {
                let pick = picks.get(at).ok_or(FlowError::OutOfTurn)?;
                self.select(org, &step, &page, pick)
            }
            (State::Local { wait, poll, cancel }, Event::Local(answer)) => {
                self.heard_of_local(answer, wait, poll, cancel)
            }
            (State::Showing { wait, poll }, Event::Continue) => self.wait(wait, poll),
            (State::Waiting { poll }, Event::Continue) => {
                let members = vec![("stateHandle", Node::Text(&self.handle))];
                let request = post(poll, ION, members)?;
                self.send(request, Sent::Poll)
            }
            (State::Sent(sent), Event::Page(page)) => {
                let answer = answer::read(&read(&page)?);
                self.answer(org, &page, answer, sent)
            }
            _ => Err(FlowError::OutOfTurn),
        }
    }

    fn answer(
        &mut self,
        org: &Org,
        page: &PageEvent,
        answer: Answer,
        sent: Sent,
    ) -> Result<Move, FlowError> {
        if let Some(handle) = &answer.handle {
            self.handle.clone_from(handle);
        }
        if let Some(refused) = self.refused(&answer, sent) {
            return Ok(refused);
        }
        if self.handle.is_empty() {
            return Err(OktaError::NotOkta {
                place: place(&page.url),
                status: page.status,
                why: "it has no stateHandle".to_owned(),
            }
            .into());
        }
        let url = page.url.clone();
        match next(answer, self.local) {
            Next::SignedIn { href } => Ok(Move::SignedIn(Request::get(org.link(&url, &href)?))),
            Next::Identify(step) => self.identify(org, step, url),
            Next::Challenge { step, by, field } => self.challenge(step, url, &by, field),
            Next::Poll { step, by } => {
                self.await_push(&by, step.refresh, org.link(&url, &step.href)?)
            }
            Next::AskLocal {
                step,
                program,
                cancel,
            } => {
                let cancel = cancel.map(|href| org.link(&url, &href)).transpose()?;
                let poll = org.link(&url, &step.href)?;
                self.state = State::Local {
                    wait: step.refresh,
                    poll,
                    cancel,
                };
                Ok(Move::Step(Step::Local(challenge(&url, program)?)))
            }
            Next::GiveUpLocal { href } => {
                self.give_up_local(org.link(&url, &href)?, LocalAnswer::Nobody)
            }
            Next::Choose(step) => self.choose(org, step, url),
            Next::Skip(step) => self.submit(org, &step, &url, None, Sent::Other),
            Next::PasswordExpired => Err(password_expired(&url)),
            Next::Stuck(error) => Err(error.into()),
        }
    }

    /// What an answer's errors say no to.
    fn refused(&mut self, answer: &Answer, sent: Sent) -> Option<Move> {
        let error = answer.errors.first()?;
        let is_lock = error.key.to_ascii_lowercase().contains("lock");
        let what = match sent {
            Sent::Password if !is_lock => Refused::Password,
            Sent::Code if !is_lock => Refused::Code,
            Sent::Poll if !is_lock => Refused::Factor,
            _ => Refused::Other,
        };
        let texts: Vec<&str> = answer
            .errors
            .iter()
            .map(|error| error.text.as_str())
            .collect();
        let mut text = texts.join(" ");
        if matches!(what, Refused::Other | Refused::Factor) && !error.key.is_empty() {
            text = format!("{text} ({})", printable(&error.key, 80));
        }
        Some(self.refuse(what, &text))
    }

    fn identify(&mut self, org: &Org, step: Remediation, page: Url) -> Result<Move, FlowError> {
        let Some(username) = self.username.clone() else {
            self.state = State::Username { step, page };
            return Ok(Move::Step(Step::Ask(Question::Username)));
        };
        if open_field(&step).is_none() {
            return self.submit(org, &step, &page, None, Sent::Other);
        }
        self.ask_password(step, page, username)
    }

    fn challenge(
        &mut self,
        step: Remediation,
        page: Url,
        current: &answer::Authenticator,
        field: &str,
    ) -> Result<Move, FlowError> {
        let to = match current.place.as_str() {
            "" => String::new(),
            place => format!(" sent to {place}"),
        };
        let prompt = match current.key.as_str() {
            "okta_password" => {
                let username = self.username.clone().unwrap_or_default();
                return self.ask_password(step, page, username);
            }
            _ if field == "answer" && !current.question.is_empty() => {
                format!("answer to {:?}", current.question)
            }
            _ if field == "answer" => "answer to the security question".to_owned(),
            _ if current.name.is_empty() => format!("code{to}"),
            _ => format!("code{to} ({})", current.name),
        };
        // The same question again is the same refusal, only without words.
        if !self.given.asks_anew(&current.key, &prompt) {
            return Ok(self.refuse(Refused::Code, ""));
        }
        self.state = State::Code { step, page };
        Ok(Move::Step(Step::Ask(Question::Code { prompt })))
    }

    fn ask_password(
        &mut self,
        step: Remediation,
        page: Url,
        username: String,
    ) -> Result<Move, FlowError> {
        // The same form again is the same refusal, only without words.
        if self.gave_password {
            return Ok(self.refuse(Refused::Password, ""));
        }
        // It was right a moment ago; nothing is learned by sending it again.
        if self.given.password {
            let text = "the application asks for the password a second time";
            return Ok(self.refuse(Refused::Other, text));
        }
        self.state = State::Password { step, page };
        Ok(Move::Step(Step::Ask(Question::Password { username })))
    }

    /// A password comes before a second factor, where both are on offer.
    fn choose(&mut self, org: &Org, step: Remediation, page: Url) -> Result<Move, FlowError> {
        let (mut ours, mut others) = picks(&step);
        if let Some(password) = ours.iter().find(|pick| pick.name == "password")
            && !self.given.password
        {
            return self.select(org, &step, &page, password);
        }
        ours.retain(|pick| pick.name != "password");
        // It is not there, or it did not take its challenge: not once more.
        if self.local != Asked::Not {
            let local = ours.extract_if(.., |pick| pick.name == "fastpass");
            others.extend(local.map(|pick| pick.label));
        }
        if ours.is_empty() {
            let factor = match others.join(" or ") {
                none if none.is_empty() => "a second factor".to_owned(),
                names => printable(&names, 200),
            };
            return Err(OktaError::Browser { factor }.into());
        }
        let choice = Choice {
            what: "second factor".to_owned(),
            options: offers(&ours),
            preferred: vec![],
        };
        self.state = State::Choosing {
            step,
            page,
            picks: ours,
        };
        Ok(Move::Step(Step::Choose(choice)))
    }

    fn select(
        &mut self,
        org: &Org,
        step: &Remediation,
        page: &Url,
        pick: &Pick,
    ) -> Result<Move, FlowError> {
        let members = pick.members.iter();
        let authenticator = members.map(|(name, value)| (name.as_str(), Node::Given(value)));
        let request = post(
            org.link(page, &step.href)?,
            ION,
            vec![
                ("authenticator", Node::Object(authenticator.collect())),
                ("stateHandle", Node::Text(&self.handle)),
            ],
        )?;
        self.send(request, Sent::Other)
    }

    /// It took the challenge, and the org is asked what came of it; or it did not, and the org is told.
    fn heard_of_local(
        &mut self,
        answer: LocalAnswer,
        wait: Duration,
        poll: Url,
        cancel: Option<Url>,
    ) -> Result<Move, FlowError> {
        if answer == LocalAnswer::Taken {
            self.local = Asked::Took;
            // What there is to do was told when it was found.
            self.shown = Some(String::new());
            return self.wait(wait, poll);
        }
        let Some(cancel) = cancel else {
            let factor = "Okta Verify on this computer (FastPass), which did not answer".to_owned();
            return Err(OktaError::Browser { factor }.into());
        };
        self.give_up_local(cancel, answer)
    }

    fn give_up_local(&mut self, cancel: Url, answer: LocalAnswer) -> Result<Move, FlowError> {
        self.local = Asked::InVain;
        let (reason, status) = match answer {
            LocalAnswer::Refused { status } => ("OV_RETURNED_ERROR", status),
            LocalAnswer::Nobody | LocalAnswer::Taken => ("OV_UNREACHABLE_BY_LOOPBACK", None),
        };
        let status = status.map(serde_json::Value::from);
        let mut members = vec![("reason", Node::Text(reason))];
        members.extend(
            status
                .as_ref()
                .map(|status| ("statusCode", Node::Given(status))),
        );
        members.push(("stateHandle", Node::Text(&self.handle)));
        self.send(post(cancel, ION, members)?, Sent::Other)
    }

    fn await_push(
        &mut self,
        current: &answer::Authenticator,
        wait: Duration,
        poll: Url,
    ) -> Result<Move, FlowError> {
        let name = match current.name.as_str() {
            "" => "Okta Verify",
            name => name,
        };
        let text = match &current.number {
            Some(number) => format!("{name}: choose {number} on the device"),
            None => format!("{name}: approve it on the device"),
        };
        // A poll's answer need not repeat the number.
        if self.shown.as_ref() == Some(&text) || (self.shown.is_some() && current.number.is_none())
        {
            return self.wait(wait, poll);
        }
        self.shown = Some(text.clone());
        self.state = State::Showing { wait, poll };
        Ok(Move::Step(Step::Show(text)))
    }

    fn wait(&mut self, wait: Duration, poll: Url) -> Result<Move, FlowError> {
        self.waited += wait;
        if self.waited > PATIENCE {
            let text = format!(
                "nobody answered the push within {} seconds",
                PATIENCE.as_secs()
            );
            return Ok(self.refuse(Refused::Factor, &text));
        }
        self.state = State::Waiting { poll };
        Ok(Move::Step(Step::Wait(wait)))
    }

    /// Fills a step's form: what it gives goes back, and what is open is this user's.
    fn submit(
        &mut self,
        org: &Org,
        step: &Remediation,
        page: &Url,
        secret: Option<&SecretString>,
        sent: Sent,
    ) -> Result<Move, FlowError> {
        let username = self.username.as_deref().unwrap_or_default();
        let members = members(step, &self.handle, username, secret);
        let request = post(org.link(page, &step.href)?, ION, members)?;
        self.send(request, sent)
    }

    fn send(&mut self, request: Request, sent: Sent) -> Result<Move, FlowError> {
        self.state = State::Sent(sent);
        Ok(Move::Step(Step::Send(request)))
    }

    fn refuse(&mut self, what: Refused, text: &str) -> Move {
        let username = self.username.as_deref().unwrap_or_default();
        Move::Step(refuse(what, text, username))
    }
}

/// What Okta Verify is given, in the name of the page's own origin: it answers for no other.
fn challenge(page: &Url, program: Loopback) -> Result<LocalChallenge, FlowError> {
    let request = SecretString::from(program.request);
    Ok(LocalChallenge {
        places: program.places,
        probe: program.probe,
        origin: origin(page),
        body: json_text(vec![("challengeRequest", Node::Secret(&request))])?,
        told: "Okta Verify on this computer: confirm it there".to_owned(),
    })
}
