//! The device grant: a person confirms a code with a browser anywhere, and the tokens of that login are
//! exchanged for the application's SAML response. No password passes through here.
//!
//! RFC 8628; <https://developer.okta.com/docs/guides/device-authorization-grant/>; the exchange is the
//! one for a web SSO token.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::json::{Org, read, shown, text};
use super::{Move, OktaError, refuse};
use crate::format::qr;
use crate::login::{
    Body, Event, FlowError, Method, PageEvent, Refused, Request, Step, Value as Field, place,
};
use crate::model::OktaDevice;

const SCOPE: &str = "openid okta.apps.sso okta.apps.read";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const WEB_SSO_TOKEN: &str = "urn:okta:oauth:token-type:web_sso_token";

/// The pause between two questions where the org names none (RFC 8628, 3.2), and how much longer it
/// becomes where the org finds it too short (3.5). Seconds.
const INTERVAL: u64 = 5;

/// One login by device grant.
pub(super) struct Device {
    declared: OktaDevice,
    interval: u64,
    state: State,
}

enum State {
    Before,
    /// The code is asked for.
    Authorizing,
    /// It is shown.
    Showing {
        code: SecretString,
    },
    /// The time between two questions.
    Waiting {
        code: SecretString,
    },
    /// Whether somebody has confirmed it.
    Polling {
        code: SecretString,
    },
    /// The tokens are given away for another.
    Exchanging,
    Over,
}

impl Device {
    pub(super) fn new(declared: OktaDevice) -> Self {
        Self {
            declared,
            interval: INTERVAL,
            state: State::Before,
        }
    }

    /// What to do next.
    pub(super) fn next(&mut self, org: &Org, event: Event) -> Result<Move, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Before, Event::Start) => {
                self.state = State::Authorizing;
                let fields = vec![
                    ("client_id", plain(&self.declared.client_id)),
                    ("scope", plain(SCOPE)),
                ];
                Ok(send(org.at("/oauth2/v1/device/authorize"), fields))
            }
            (State::Authorizing, Event::Page(page)) => self.authorized(org, &page),
            (State::Showing { code }, Event::Continue) => {
                self.state = State::Waiting { code };
                Ok(Move::Step(Step::Wait(Duration::from_secs(self.interval))))
            }
            (State::Waiting { code }, Event::Continue) => {
                let fields = vec![
                    ("client_id", plain(&self.declared.client_id)),
                    ("grant_type", plain(DEVICE_CODE)),
                    ("device_code", Field::Secret(code.clone())),
                ];
                self.state = State::Polling { code };
                Ok(send(org.at("/oauth2/v1/token"), fields))
            }
            (State::Polling { code }, Event::Page(page)) => self.polled(org, &page, code),
            (State::Exchanging, Event::Page(page)) => {
                let answer = read(&page)?;
                let Some(token) = text(&answer, "/access_token") else {
                    return Err(OktaError::Exchange {
                        text: said(&answer),
                    }
                    .into());
                };
                let fields = vec![("token".to_owned(), Field::Secret(token.into()))];
                Ok(Move::SignedIn(Request {
                    method: Method::Post,
                    body: Body::Form(fields),
                    carries_secret: true,
                    ..Request::get(org.at("/login/token/sso"))
                }))
            }
            _ => Err(FlowError::OutOfTurn),
        }
    }

    fn authorized(&mut self, org: &Org, page: &PageEvent) -> Result<Move, FlowError> {
        let answer = read(page)?;
        let missing = |why: &str| OktaError::NotOkta {
            place: place(&page.url),
            status: page.status,
            why: why.to_owned(),
        };
        if answer.get("error").is_some() {
            return Ok(Move::Step(refuse(Refused::Other, &said(&answer), "")));
        }
        let code = text(&answer, "/device_code").ok_or_else(|| missing("it has no device_code"))?;
        let user_code =
            shown(&answer, "/user_code").ok_or_else(|| missing("it has no user_code"))?;
        let link = text(&answer, "/verification_uri_complete")
            .or_else(|| text(&answer, "/verification_uri"))
            .ok_or_else(|| missing("it has no verification_uri"))?;
        // A person is sent there: not to a place of somebody else's choice.
        let link = org.link(&page.url, &link)?;
        let interval = answer.pointer("/interval").and_then(Value::as_u64);
        self.interval = interval.unwrap_or(INTERVAL).clamp(1, 60);
        self.state = State::Showing { code: code.into() };
        // Without colours: these would be control characters among foreign text.
        let drawn = qr::render(link.as_str(), false).unwrap_or_default();
        let told = format!(
            "open {link} in a browser, on this or any other device, and confirm the code {user_code}\n\
             {}",
            drawn.trim_end()
        );
        Ok(Move::Step(Step::Open { page: link, told }))
    }

    fn polled(
        &mut self,
        org: &Org,
        page: &PageEvent,
        code: SecretString,
    ) -> Result<Move, FlowError> {
        let answer = read(page)?;
        match text(&answer, "/error").as_deref() {
            Some(error @ ("authorization_pending" | "slow_down")) => {
                if error == "slow_down" {
                    self.interval = (self.interval + INTERVAL).min(60);
                }
                self.state = State::Waiting { code };
                return Ok(Move::Step(Step::Wait(Duration::from_secs(self.interval))));
            }
            Some("expired_token") => {
                let text = "nobody confirmed the code in time";
                return Ok(Move::Step(refuse(Refused::Other, text, "")));
            }
            Some("access_denied") => {
                let text = "the code was refused in the browser";
                return Ok(Move::Step(refuse(Refused::Other, text, "")));
            }
            Some(_) => return Ok(Move::Step(refuse(Refused::Other, &said(&answer), ""))),
            None => {}
        }
        let tokens = (text(&answer, "/access_token"), text(&answer, "/id_token"));
        let (Some(access), Some(id)) = tokens else {
            return Err(OktaError::NotOkta {
                place: place(&page.url),
                status: page.status,
                why: "it has no access_token and id_token".to_owned(),
            }
            .into());
        };
        let audience = format!("urn:okta:apps:{}", self.declared.app_id);
        let fields = vec![
            ("client_id", plain(&self.declared.client_id)),
            ("grant_type", plain(EXCHANGE)),
            ("actor_token", Field::Secret(access.into())),
            ("actor_token_type", plain(ACCESS_TOKEN)),
            ("subject_token", Field::Secret(id.into())),
            ("subject_token_type", plain(ID_TOKEN)),
            ("requested_token_type", plain(WEB_SSO_TOKEN)),
            ("audience", plain(&audience)),
        ];
        self.state = State::Exchanging;
        Ok(send(org.at("/oauth2/v1/token"), fields))
    }
}

fn plain(text: &str) -> Field {
    Field::Plain(text.to_owned())
}

fn send(url: Url, fields: Vec<(&str, Field)>) -> Move {
    let fields = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    Move::Step(Step::Send(Request {
        method: Method::Post,
        body: Body::Form(fields.collect()),
        headers: vec![("accept", "application/json".to_owned())],
        carries_secret: true,
        ..Request::get(url)
    }))
}

/// OAuth's words for an error.
fn said(answer: &Value) -> String {
    let description =
        shown(answer, "/error_description").or_else(|| shown(answer, "/errorSummary"));
    description
        .or_else(|| shown(answer, "/error"))
        .unwrap_or_else(|| "it does not say why".to_owned())
}
