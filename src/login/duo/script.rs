//! The newest page: nothing is on it, everything is asked for.

use secrecy::ExposeSecret;
use serde_json::Value as Json;

use crate::login::{Event, FlowError, PageEvent, Request, Step};

use super::answer::{self, Said};
use super::spa::{self, Spa, Stands};
use super::{Duo, PAUSE, State, Turn, choice, host, passcode, refuse, unknown};

/// What of it is at hand.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// So many of the first calls were made.
    Opens(usize),
    Chooses,
    Asked,
    Begins,
    Tells,
    Pauses,
    Polls,
    Finishes,
}

impl Duo {
    pub(super) fn script(
        &mut self,
        mut spa: Box<Spa>,
        act: Act,
        event: Event,
    ) -> Result<Turn, FlowError> {
        match (act, event) {
            (Act::Polls, Event::Page(page)) => self.polled(spa, &page),
            (_, Event::Page(page)) => self.told(spa, act, &page),
            (Act::Chooses, Event::Chosen(at)) => {
                spa.choose(at).ok_or(FlowError::OutOfTurn)?;
                if spa.wants_code() {
                    self.state = State::Script(spa, Act::Asked);
                    return Ok(Turn::Step(passcode()));
                }
                let request = spa.request(None).ok_or(FlowError::OutOfTurn)?;
                Ok(self.send(request, State::Script(spa, Act::Begins)))
            }
            (Act::Asked, Event::Answer(code)) => {
                let request = spa.request(Some(&code)).ok_or(FlowError::OutOfTurn)?;
                Ok(self.send(request, State::Script(spa, Act::Begins)))
            }
            (Act::Tells, Event::Continue) => Ok(self.pause(spa)),
            (Act::Pauses, Event::Continue) => {
                let request = spa.status();
                Ok(self.send(request, State::Script(spa, Act::Polls)))
            }
            _ => Err(FlowError::OutOfTurn),
        }
    }

    fn pause(&mut self, spa: Box<Spa>) -> Turn {
        self.state = State::Script(spa, Act::Pauses);
        Turn::Step(Step::Wait(PAUSE))
    }

    fn polled(&mut self, spa: Box<Spa>, page: &PageEvent) -> Result<Turn, FlowError> {
        host::stays(&page.url, &self.origins)?;
        match spa::stands(page.body.expose_secret()) {
            Said::Yes(Stands::Allowed) => {
                let request = spa.finish();
                Ok(self.send(request, State::Script(spa, Act::Finishes)))
            }
            Said::Yes(Stands::Pending) => Ok(self.pause(spa)),
            Said::No(text) => Ok(refuse(false, text)),
            Said::Nothing => Err(unknown(page)),
        }
    }

    /// An answer of another sort.
    fn told(&mut self, mut spa: Box<Spa>, act: Act, page: &PageEvent) -> Result<Turn, FlowError> {
        host::stays(&page.url, &self.origins)?;
        let response = match (answer::response(page.body.expose_secret()), act) {
            (Said::Yes(response), _) => response,
            // What it makes of this browser beforehand is no matter.
            (_, Act::Opens(1)) => Json::Null,
            (Said::No(text), _) => return Ok(refuse(spa.wants_code(), text)),
            (Said::Nothing, _) => return Err(unknown(page)),
        };
        match act {
            Act::Opens(step) => {
                if let Some(request) = spa.opening(step + 1) {
                    return Ok(self.send(request, State::Script(spa, Act::Opens(step + 1))));
                }
                if !spa.offered(&response) {
                    return Err(unknown(page));
                }
                let options = spa.offers();
                self.state = State::Script(spa, Act::Chooses);
                Ok(Turn::Step(choice(options, vec![])))
            }
            // A passcode is right or wrong at once.
            Act::Begins if spa.wants_code() => {
                let request = spa.finish();
                Ok(self.send(request, State::Script(spa, Act::Finishes)))
            }
            Act::Begins => {
                let number = spa.begun(&response).ok_or_else(|| unknown(page))?;
                let text = match number {
                    Some(number) => answer::with_number(&number, answer::TO_DO),
                    None => answer::TO_DO.to_owned(),
                };
                self.state = State::Script(spa, Act::Tells);
                Ok(Turn::Step(Step::Show(text)))
            }
            Act::Finishes => {
                let url = spa.leads_to(&response).ok_or_else(|| unknown(page))?;
                host::stays(&url, &self.origins)?;
                Ok(self.send(Request::get(url), State::Leaving))
            }
            _ => Err(FlowError::OutOfTurn),
        }
    }
}
