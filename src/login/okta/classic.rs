//! The Classic engine: one API whose answers are states, from the password to a session.
//!
//! The password is sent once, and so is a code: a second try is a step towards a locked account.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::answer::{Answer, Progress};
use self::duo::AtDuo;
use self::factor::{Factor, Kind, offers};
use super::json::{Node, Org, post, read};
use super::page::StateToken;
use super::{Given, Move, OktaError, password_expired, refuse};
use crate::format::printable::printable;
use crate::login::{Choice, Event, FlowError, PageEvent, Question, Refused, Request, Step, place};

mod answer;
mod duo;
mod factor;
mod verification;

const JSON: &str = "application/json";

/// How often a telephone's answer is asked for.
const POLL: Duration = Duration::from_secs(2);

/// One login by the authentication API.
pub(super) struct Classic {
    username: Option<String>,
    pub(super) given: Given,
    /// Whether this device is to be remembered.
    remember: bool,
    /// The number that somebody is to confirm.
    number: Option<String>,
    /// What they were told to do.
    shown: Option<String>,
    /// Duo has, and the org was told so.
    duo_said_yes: bool,
    state: State,
}

enum State {
    /// The user name is asked for.
    Username,
    /// The password is asked for.
    Password,
    /// A request is out.
    Sent(Sent),
    /// A factor is to be chosen.
    Choosing { token: String, factors: Vec<Factor> },
    /// A code is asked for.
    Code {
        token: String,
        verify: Url,
        field: &'static str,
    },
    /// What is to be done on a telephone is shown.
    Showing { token: String, poll: Url },
    /// The time between two questions for its answer.
    Waiting { token: String, poll: Url },
    /// Duo has its say.
    Duo(Box<AtDuo>),
    /// The last word was said.
    Over,
}

/// What a request was about.
#[derive(Clone)]
enum Sent {
    Password,
    /// The state of a login, or a step of it that carries no answer of a person.
    State,
    /// The wish for a code, or for a push; where its answer goes and by what factor.
    Factor(Box<Factor>, Url),
    /// A code.
    Code,
    Poll(Url),
    /// What Duo answered; the login, and where the factor is verified.
    Duo(String, Url),
}

impl Classic {
    pub(super) fn new(username: Option<String>, given: Given) -> Self {
        Self {
            username,
            given,
            remember: false,
            number: None,
            shown: None,
            duo_said_yes: false,
            state: State::Over,
        }
    }

    /// With a state token the application asks for more of somebody who is signed in.
    pub(super) fn begin(
        &mut self,
        org: &Org,
        token: Option<StateToken>,
    ) -> Result<Move, FlowError> {
        match token {
            Some(StateToken(token)) => {
                let members = vec![("stateToken", Node::Text(&token))];
                let request = post(org.at("/api/v1/authn"), JSON, members)?;
                Ok(self.send(request, Sent::State))
            }
            None => Ok(self.ask_who()),
        }
    }

    /// What to do next.
    pub(super) fn next(&mut self, org: &Org, event: Event) -> Result<Move, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Username, Event::Answer(name)) => {
                self.username = Some(name.expose_secret().trim().to_owned());
                Ok(self.ask_who())
            }
            (State::Password, Event::Answer(password)) => {
                self.given.password = true;
                let username = self.username.clone().unwrap_or_default();
                let members = vec![
                    ("username", Node::Text(&username)),
                    ("password", Node::Secret(&password)),
                ];
                let request = post(org.at("/api/v1/authn"), JSON, members)?;
                Ok(self.send(request, Sent::Password))
            }
            (State::Choosing { token, factors }, Event::Chosen(at)) => {
                let factor = factors.into_iter().nth(at).ok_or(FlowError::OutOfTurn)?;
                self.verify(org, &token, factor)
            }
            (
                State::Code {
                    token,
                    verify,
                    field,
                },
                Event::Answer(code),
            ) => {
                if !self.given.codes.is_new(&code) {
                    return Ok(self.refuse(Refused::Code, ""));
                }
                let code = SecretString::from(code.expose_secret().trim());
                let members = vec![
                    ("stateToken", Node::Text(&token)),
                    (field, Node::Secret(&code)),
                ];
                let request = post(verify, JSON, members)?;
                Ok(self.send(request, Sent::Code))
            }
            (State::Showing { token, poll }, Event::Continue) => {
                self.state = State::Waiting { token, poll };
                Ok(Move::Step(Step::Wait(POLL)))
            }
            (State::Waiting { token, poll }, Event::Continue) => {
                let members = vec![("stateToken", Node::Text(&token))];
                let request = post(poll.clone(), JSON, members)?;
                Ok(self.send(request, Sent::Poll(poll)))
            }
            (State::Duo(at), event) => self.at_duo(at, event),
            (State::Sent(Sent::Duo(token, verify)), Event::Page(page)) => {
                self.told_of_duo(&page, token, verify)
            }
            (State::Sent(sent), Event::Page(page)) => self.answer(org, &page, sent),
            _ => Err(FlowError::OutOfTurn),
        }
    }

    fn answer(&mut self, org: &Org, page: &PageEvent, sent: Sent) -> Result<Move, FlowError> {
        let wrong = |why: &str| OktaError::NotOkta {
            place: place(&page.url),
            status: page.status,
            why: why.to_owned(),
        };
        match answer::read(&read(page)?).map_err(wrong)? {
            Answer::SignedIn {
                session: Some(session),
                ..
            } => {
                let mut url = org.at("/login/sessionCookieRedirect");
                url.query_pairs_mut()
                    .append_pair("checkAccountSetupComplete", "true")
                    .append_pair("token", &session)
                    .append_pair("redirectUrl", org.app.as_str());
                Ok(Move::SignedIn(Request::get(url)))
            }
            Answer::SignedIn {
                next: Some(next), ..
            } => Ok(Move::SignedIn(Request::get(org.link(&page.url, &next)?))),
            Answer::SignedIn { .. } => Err(wrong("success without a session").into()),
            Answer::Required {
                token,
                factors,
                remember,
            } => {
                self.remember = remember;
                self.choose(token, factors)
            }
            Answer::Challenge {
                token,
                factor,
                progress,
                next,
                number,
            } => {
                let next = next.map(|next| org.link(&page.url, &next)).transpose()?;
                let next = next.map(|url| self.remembering(url));
                let (factor, verify) = match (sent, factor, next) {
                    (Sent::Factor(factor, url), told, next) => {
                        (Some(factor.told(told)), next.unwrap_or(url))
                    }
                    (Sent::Poll(url), factor, next) => (factor, next.unwrap_or(url)),
                    // A challenge that an earlier login had begun.
                    (_, factor, Some(next)) => (factor, next),
                    (_, _, None) => return Err(wrong("a challenge without a link").into()),
                };
                match factor {
                    Some(factor) if factor.kind == Kind::Duo && progress.goes_on() => {
                        self.challenged_by_duo(org, page, token, factor, verify)
                    }
                    factor => self.challenged(token, factor, progress, verify, number),
                }
            }
            Answer::PasswordExpired => Err(password_expired(&page.url)),
            Answer::Later { token, skip } => {
                let url = org.link(&page.url, &skip)?;
                let request = post(url, JSON, vec![("stateToken", Node::Text(&token))])?;
                Ok(self.send(request, Sent::State))
            }
            Answer::Enroll { offered } => Err(OktaError::Enroll { offered }.into()),
            Answer::LockedOut => Ok(self.refuse(Refused::Other, LOCKED)),
            Answer::Unknown { status } if status.is_empty() => {
                Err(wrong("it has neither a status nor an error").into())
            }
            Answer::Unknown { status } => Err(OktaError::UnknownStep { step: status }.into()),
            Answer::Error { code, text } => self.error(page, &sent, &code, &text),
        }
    }

    /// Codes: <https://developer.okta.com/docs/reference/error-codes/>
    fn error(
        &mut self,
        page: &PageEvent,
        sent: &Sent,
        code: &str,
        text: &str,
    ) -> Result<Move, FlowError> {
        let what = match (code, sent) {
            ("E0000064", _) => return Err(password_expired(&page.url)),
            ("E0000069" | "E0000119", _) => return Ok(self.refuse(Refused::Other, LOCKED)),
            _ if page.status >= 500 => {
                let why = format!("{code} {text}");
                let (place, status) = (place(&page.url), page.status);
                return Err(OktaError::NotOkta { place, status, why }.into());
            }
            ("E0000004", Sent::Password) => Refused::Password,
            ("E0000068", Sent::Code) => Refused::Code,
            (_, Sent::Duo(..)) => Refused::Factor,
            _ => Refused::Other,
        };
        let text = match what {
            Refused::Other => format!("{text} ({code})"),
            _ => text.to_owned(),
        };
        Ok(self.refuse(what, &text))
    }

    /// Those that can be answered here are offered; where there is none, that is what to say.
    fn choose(&mut self, token: String, factors: Vec<Factor>) -> Result<Move, FlowError> {
        let (ours, others): (Vec<Factor>, Vec<Factor>) = factors
            .into_iter()
            .partition(|factor| factor.kind.is_ours() && factor.verify.is_some());
        if ours.is_empty() {
            let names: Vec<String> = others.iter().map(Factor::label).collect();
            let factor = match names.join(" or ") {
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
            token,
            factors: ours,
        };
        Ok(Move::Step(Step::Choose(choice)))
    }

    /// Asks for the code at once where it is known already; else it, or the push, is to be sent first.
    fn verify(&mut self, org: &Org, token: &str, factor: Factor) -> Result<Move, FlowError> {
        if factor.kind == Kind::Duo && self.duo_said_yes {
            return Ok(self.not_again());
        }
        let href = factor.verify.clone().unwrap_or_default();
        let url = self.remembering(org.link(&org.app, &href)?);
        if matches!(factor.kind, Kind::Push | Kind::Duo) || factor.kind.is_sent() {
            let request = post(url.clone(), JSON, vec![("stateToken", Node::Text(token))])?;
            return Ok(self.send(request, Sent::Factor(Box::new(factor), url)));
        }
        Ok(self.ask_code(token.to_owned(), url, &factor))
    }

    /// Where the administrators let a browser be remembered, this device is: the cookie is kept with the
    /// session, and `fedgit logout` ends both.
    fn remembering(&self, mut url: Url) -> Url {
        if self.remember && !url.query_pairs().any(|(name, _)| name == "rememberDevice") {
            url.query_pairs_mut().append_pair("rememberDevice", "true");
        }
        url
    }

    fn challenged(
        &mut self,
        token: String,
        factor: Option<Factor>,
        progress: Progress,
        verify: Url,
        number: Option<String>,
    ) -> Result<Move, FlowError> {
        match progress {
            Progress::Rejected => {
                Ok(self.refuse(Refused::Factor, "the push was refused on the device"))
            }
            Progress::TimedOut => Ok(self.refuse(
                Refused::Factor,
                "nobody answered the push in time: Okta took it back",
            )),
            Progress::Ended(how) => Ok(self.refuse(
                Refused::Factor,
                &format!("the second factor ended with {how}"),
            )),
            Progress::Open | Progress::Waiting => match factor {
                Some(factor) if factor.kind == Kind::Push => {
                    Ok(self.await_push(token, &factor, verify, number))
                }
                Some(factor) if !factor.kind.is_ours() => {
                    let factor = factor.label();
                    Err(OktaError::Browser { factor }.into())
                }
                Some(factor) => Ok(self.ask_code(token, verify, &factor)),
                // A poll's answer need not name the factor again.
                None if self.shown.is_some() || self.duo_said_yes => {
                    self.state = State::Waiting {
                        token,
                        poll: verify,
                    };
                    Ok(Move::Step(Step::Wait(POLL)))
                }
                None => Err(OktaError::UnknownStep {
                    step: "a challenge of an unknown factor".to_owned(),
                }
                .into()),
            },
        }
    }

    /// Says what to do on the telephone, once, and again where the number is another.
    fn await_push(
        &mut self,
        token: String,
        factor: &Factor,
        poll: Url,
        number: Option<String>,
    ) -> Move {
        // A poll's answer need not repeat it.
        self.number = number.or(self.number.take());
        let text = match &self.number {
            Some(number) => format!("{}: choose {number} on the device", factor.label()),
            None => format!("{}: approve it on the device", factor.label()),
        };
        if self.shown.as_ref() == Some(&text) {
            self.state = State::Waiting { token, poll };
            return Move::Step(Step::Wait(POLL));
        }
        self.shown = Some(text.clone());
        self.state = State::Showing { token, poll };
        Move::Step(Step::Show(text))
    }

    fn ask_code(&mut self, token: String, verify: Url, factor: &Factor) -> Move {
        let field = match factor.kind {
            Kind::Question => "answer",
            _ => "passCode",
        };
        let prompt = factor.prompt();
        // The same question again is the same refusal, only without words.
        if !self.given.asks_anew(field, &prompt) {
            return self.refuse(Refused::Code, "");
        }
        self.state = State::Code {
            token,
            verify,
            field,
        };
        Move::Step(Step::Ask(Question::Code { prompt }))
    }

    fn ask_who(&mut self) -> Move {
        match self.username.clone() {
            None => {
                self.state = State::Username;
                Move::Step(Step::Ask(Question::Username))
            }
            Some(_) if self.given.password => {
                let text = "the application asks for the password a second time";
                self.refuse(Refused::Other, text)
            }
            Some(username) => {
                self.state = State::Password;
                Move::Step(Step::Ask(Question::Password { username }))
            }
        }
    }

    fn send(&mut self, request: Request, sent: Sent) -> Move {
        self.state = State::Sent(sent);
        Move::Step(Step::Send(request))
    }

    fn refuse(&mut self, what: Refused, text: &str) -> Move {
        let username = self.username.as_deref().unwrap_or_default();
        Move::Step(refuse(what, text, username))
    }
}

const LOCKED: &str = "the account is locked; unlock it in a browser, or ask the help desk";
