//! Okta of both engines.
//!
//! The application's page comes first: where a session lives, it is the response already. Else the org
//! says which engine it runs, and the login is made by that engine's API ([`classic`], [`idx`]), which
//! ends in a session; the application's page then is the response, or asks for one factor more. With a
//! `client_id` the login is made with a browser anywhere ([`device`]).
//!
//! <https://developer.okta.com/docs/reference/api/authn/>,
//! <https://developer.okta.com/docs/reference/api/idx/>

use secrecy::ExposeSecret;
use url::Url;

use self::classic::Classic;
use self::device::Device;
use self::idx::Idx;
use self::json::Org;
use self::page::{PageKind, StateToken, classify};
use super::acs::{self, Delivery};
use super::codes::Codes;
use super::{
    Event, Flow, FlowError, Origins, PageEvent, Refusal, Refused, Request, Step, form, place,
};
use crate::format::html;
use crate::format::printable::printable;
use crate::model::{self, OktaDevice};

mod classic;
mod device;
mod error;
mod idx;
mod json;
mod page;

pub use error::OktaError;

/// How often the application may ask for more after a login: a second factor of its own, and no loop.
const STEP_UPS: usize = 2;

/// The login at an Okta org.
pub struct Okta {
    org: Org,
    username: Option<String>,
    device: Option<OktaDevice>,
    engine: Option<Engine>,
    given: Given,
    state: State,
}

/// What this login has given already, through all of its steps.
#[derive(Default)]
struct Given {
    /// Logins by the engine's API: the first, and what the application asks for more.
    logins: usize,
    /// The password was sent.
    password: bool,
    codes: Codes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Classic,
    Identity,
}

enum State {
    /// Nothing has happened.
    Before,
    /// The application's page is asked for.
    App,
    /// The org is asked which engine it runs.
    Engine {
        token: Option<StateToken>,
    },
    Classic(Classic),
    Idx(Box<Idx>),
    Device(Device),
    /// The last word was said.
    Over,
}

/// What an engine does next.
enum Move {
    /// This.
    Step(Step),
    /// Somebody is signed in; this leads to the application's page.
    SignedIn(Request),
}

impl Okta {
    /// A login for the application. A user name that is not given is asked for.
    #[must_use]
    pub fn new(okta: &model::Okta, origins: Origins, username: Option<String>) -> Self {
        Self {
            org: Org {
                app: okta.url.clone(),
                origins,
            },
            username,
            device: okta.device.clone(),
            engine: None,
            given: Given::default(),
            state: State::Before,
        }
    }

    fn step(&mut self, event: Event) -> Result<Step, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Before, Event::Start) => {
                let app = self.org.app.clone();
                Ok(self.ask_for_app(Request::get(app)))
            }
            (State::App, Event::Page(page)) => self.app(&page),
            (State::Engine { token }, Event::Page(page)) => {
                self.engine = Some(engine(&page)?);
                self.log_in(token)
            }
            (State::Classic(mut classic), event) => {
                let next = classic.next(&self.org, event)?;
                self.take_back(&next, &mut classic.given);
                self.follow(next, || State::Classic(classic))
            }
            (State::Idx(mut idx), event) => {
                let next = idx.next(&self.org, event)?;
                self.take_back(&next, &mut idx.given);
                self.follow(next, || State::Idx(idx))
            }
            (State::Device(mut device), event) => {
                let next = device.next(&self.org, event)?;
                self.follow(next, || State::Device(device))
            }
            _ => Err(FlowError::OutOfTurn),
        }
    }

    /// For the step that is about to begin.
    fn given_so_far(&mut self) -> Given {
        std::mem::take(&mut self.given)
    }

    fn take_back(&mut self, next: &Move, given: &mut Given) {
        if let Move::SignedIn(_) = next {
            self.given = std::mem::take(given);
        }
    }

    fn follow(&mut self, next: Move, still: impl FnOnce() -> State) -> Result<Step, FlowError> {
        Ok(match next {
            Move::Step(step) => {
                self.state = still();
                step
            }
            Move::SignedIn(request) => self.ask_for_app(request),
        })
    }

    fn ask_for_app(&mut self, request: Request) -> Step {
        self.state = State::App;
        Step::Send(request)
    }

    /// What to do with the application's page, or one on the way there.
    fn app(&mut self, event: &PageEvent) -> Result<Step, FlowError> {
        let page = html::read(event.body.expose_secret()).map_err(|cause| FlowError::TooMuch {
            page: place(&event.url),
            cause,
        })?;
        let token = match classify(&page, event.body.expose_secret()) {
            PageKind::Assertion(form) => {
                return Ok(match acs::delivery(form, &event.url, &self.org.origins)? {
                    Delivery::Aws(assertion) => Step::Done(assertion),
                    Delivery::Partner(request) => self.ask_for_app(request),
                });
            }
            PageKind::Hop(form) => return Ok(self.ask_for_app(form::submit(form, &event.url)?)),
            PageKind::SignIn { token } => token,
        };
        if !self.org.origins.may_know(&event.url) {
            let host = event.url.host_str().unwrap_or_default().to_owned();
            return Err(OktaError::HandedOver { host }.into());
        }
        let is_done = self.given.logins > 0 && (token.is_none() || self.device.is_some());
        if is_done || self.given.logins > STEP_UPS {
            return Err(OktaError::NoResponse {
                page: place(&event.url),
                title: page.title,
                status: event.status,
            }
            .into());
        }
        if let Some(declared) = &self.device {
            let mut device = Device::new(declared.clone());
            self.given.logins += 1;
            let next = device.next(&self.org, Event::Start)?;
            return self.follow(next, || State::Device(device));
        }
        if self.engine.is_none() {
            let url = self.org.at("/.well-known/okta-organization");
            self.state = State::Engine { token };
            return Ok(Step::Send(Request {
                headers: vec![("accept", "application/json".to_owned())],
                ..Request::get(url)
            }));
        }
        self.log_in(token)
    }

    /// By the engine's own API. An Identity Engine page without a state token is none that its API can
    /// begin with; such an org still answers Classic's.
    fn log_in(&mut self, token: Option<StateToken>) -> Result<Step, FlowError> {
        self.given.logins += 1;
        match (self.engine, token) {
            (Some(Engine::Identity), Some(token)) => {
                let mut idx = Box::new(Idx::new(self.username.clone(), self.given_so_far()));
                let next = idx.begin(&self.org, &token)?;
                self.follow(next, || State::Idx(idx))
            }
            (_, token) => {
                let mut classic = Classic::new(self.username.clone(), self.given_so_far());
                let next = classic.begin(&self.org, token)?;
                self.follow(next, || State::Classic(classic))
            }
        }
    }
}

impl Flow for Okta {
    fn next(&mut self, event: Event) -> Step {
        self.step(event).unwrap_or_else(Step::Fail)
    }
}

/// Which engine an org says that it runs.
fn engine(page: &PageEvent) -> Result<Engine, FlowError> {
    let no_org = || OktaError::NoOrg {
        host: page.url.host_str().unwrap_or_default().to_owned(),
        status: page.status,
    };
    let value = json::read(page).map_err(|_| no_org())?;
    match json::text(&value, "/pipeline").as_deref() {
        Some("v1") => Ok(Engine::Classic),
        Some("idx") => Ok(Engine::Identity),
        _ => Err(no_org().into()),
    }
}

impl Given {
    /// Whether this code was not asked for before. What the application wants after a login may be the
    /// same once more, with the next code.
    fn asks_anew(&mut self, factor: &str, prompt: &str) -> bool {
        let factor = format!("{factor} {}", self.logins);
        self.codes.asks_anew(&factor, prompt)
    }
}

/// Okta's no, with what to do about it.
fn refuse(what: Refused, text: &str, username: &str) -> Step {
    let name = printable(username, 100);
    let hint = match what {
        Refused::Password => format!(
            "the password for {name:?} was sent once and not again, because a few wrong ones lock the \
             account; check it in a browser"
        ),
        Refused::Code => "the code was sent once; wait for the next one and try again".to_owned(),
        Refused::Factor => {
            "log in again; `mfa` of [idp.NAME] names another second factor, where the \
                            org offers one"
                .to_owned()
        }
        _ => "try again; where it stays so, open `url` of [idp.NAME] in a browser and compare"
            .to_owned(),
    };
    Step::Refuse(Refusal {
        what,
        text: printable(text, 300),
        hint,
    })
}

/// Whose password has to be changed first.
fn password_expired(page: &Url) -> FlowError {
    FlowError::PasswordExpired {
        host: page.host_str().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests;
