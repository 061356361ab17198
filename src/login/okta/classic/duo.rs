//! Duo as a second factor of the Classic engine: the org signs a request for Duo's iframe, Duo's answer
//! goes back to the org by a link of its own, and the org is asked whether it is content.
//!
//! What Duo is told goes to Duo's host, and what Duo answers to the org: both addresses stand in an
//! answer of the org, and both are looked at before anything is sent to either.
//!
//! <https://developer.okta.com/docs/reference/api/authn/#verify-duo-factor>

use secrecy::SecretString;
use url::Url;

use super::answer::{self, Answer};
use super::factor::Factor;
use super::{Classic, JSON, Move, Node, OktaError, Org, POLL, Sent, State, post, read};
use crate::login::duo::{Asked, Duo, Ended, Turn};
use crate::login::{
    Body, Event, FlowError, Method, PageEvent, Refused, Request, Step, Value, place,
};

/// The page of Okta's own sign-in that has Duo's iframe in it.
const PARENT: &str = "/signin/verify/duo/web";

/// Duo's part of a login, and what its answer goes back with.
pub(super) struct AtDuo {
    duo: Duo,
    complete: Url,
    id: String,
    token: String,
    verify: Url,
}

impl Classic {
    /// Begins at Duo, once: when it has said yes, the org is only asked whether it knows.
    pub(super) fn challenged_by_duo(
        &mut self,
        org: &Org,
        page: &PageEvent,
        token: String,
        factor: Factor,
        verify: Url,
    ) -> Result<Move, FlowError> {
        if self.duo_said_yes {
            let poll = verify;
            self.state = State::Waiting { token, poll };
            return Ok(Move::Step(Step::Wait(POLL)));
        }
        let Some(given) = factor.verification else {
            let factor = "Duo without its iframe".to_owned();
            return Err(OktaError::Browser { factor }.into());
        };
        // A redirect may have led away from the org, whose word the host is taken on.
        let complete = org.link(&page.url, &given.complete)?;
        org.origins.admit(&page.url, &complete)?;
        let asked =
            Asked::new(&given.host, &given.signature).ok_or_else(|| OktaError::NotOkta {
                place: place(&page.url),
                status: page.status,
                why: "its request for Duo is not signed".to_owned(),
            })?;
        let duo = Duo::framed(asked, &org.at(PARENT), &org.origins)?;
        let at = AtDuo {
            duo,
            complete,
            id: factor.id,
            token,
            verify,
        };
        self.at_duo(Box::new(at), Event::Start)
    }

    /// Has Duo go on, and tells the org what it answered.
    pub(super) fn at_duo(&mut self, mut at: Box<AtDuo>, event: Event) -> Result<Move, FlowError> {
        let response = match at.duo.next(event)? {
            Turn::Step(step) => {
                self.state = State::Duo(at);
                return Ok(Move::Step(step));
            }
            Turn::Ended(Ended::Signed(response)) => response,
            // An iframe's answer is signed; it leads nowhere.
            Turn::Ended(_) => return Err(FlowError::OutOfTurn),
        };
        let token = SecretString::from(at.token.as_str());
        let fields = [
            ("id", Value::Plain(at.id)),
            ("stateToken", Value::Secret(token)),
            ("sig_response", Value::Secret(response)),
        ];
        let request = Request {
            method: Method::Post,
            body: Body::Form(fields.map(|(name, value)| (name.to_owned(), value)).into()),
            headers: vec![("accept", JSON.to_owned())],
            carries_secret: true,
            ..Request::get(at.complete)
        };
        Ok(self.send(request, Sent::Duo(at.token, at.verify)))
    }

    /// The org has heard Duo's answer. What it says to that is not described; whether it is content is
    /// asked of the factor.
    pub(super) fn told_of_duo(
        &mut self,
        page: &PageEvent,
        token: String,
        verify: Url,
    ) -> Result<Move, FlowError> {
        if page.status >= 400 {
            return match answer::read(&read(page)?) {
                Ok(Answer::Error { code, text }) => {
                    self.error(page, &Sent::Duo(token, verify), &code, &text)
                }
                _ => Err(OktaError::NotOkta {
                    place: place(&page.url),
                    status: page.status,
                    why: "no error of its own".to_owned(),
                }
                .into()),
            };
        }
        self.duo_said_yes = true;
        let request = post(
            verify.clone(),
            JSON,
            vec![("stateToken", Node::Text(&token))],
        )?;
        Ok(self.send(request, Sent::Poll(verify)))
    }

    /// Duo has said yes, and the org wants the choice made again: another push would come to the same.
    pub(super) fn not_again(&mut self) -> Move {
        self.refuse(
            Refused::Factor,
            "Duo has said yes, and Okta does not take it",
        )
    }
}
