//! Duo's prompt, wherever an identity provider leads to it: the iframe of old (`frame/web/v1`) and the
//! Universal Prompt, which is a page of its own.
//!
//! A flow within a flow: it is told what happened and says what to do until it has what the identity
//! provider wants back. Duo describes the two ways at <https://duo.com/docs/duoweb-v2> and
//! <https://duo.com/docs/oauthapi>; what its pages hold is not described anywhere.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::answer::{Said, Status};
pub(super) use self::frame::Asked;
use self::prompt::Prompt;
use self::script::Act;
use self::spa::Spa;
use super::{
    Body, Choice, Event, FlowError, Method, Offer, Origins, PageEvent, Question, Refusal, Refused,
    Request, Step, Value, form, place,
};
use crate::format::html::{self, Form, Page};

mod answer;
mod frame;
mod host;
mod prompt;
mod script;
mod spa;

/// Between two looks whether somebody has answered. Duo itself holds its answer back a while.
const PAUSE: Duration = Duration::from_secs(1);

/// Duo's part of a login.
pub(super) struct Duo {
    origins: Origins,
    way: Way,
    state: State,
    told: String,
}

/// How the answer comes back.
enum Way {
    /// Signed, with this part of the request behind it.
    Frame { app: String },
    /// By a form that leads back.
    Page,
}

enum State {
    /// The first request, not sent yet.
    Before(Request),
    /// Duo's first pages; whether the one about the browser has been answered.
    Opening { described: bool },
    /// The newer pages want to be called once more before they take a choice; the answer says nothing.
    Calling(Box<Prompt>),
    /// What to choose from is out.
    Chooses(Box<Prompt>),
    /// A passcode was asked for.
    Asked(Box<Prompt>),
    /// The choice was sent.
    Prompted(Box<Prompt>),
    /// Somebody is told to look at their telephone.
    Tells(Box<Prompt>),
    /// The pause is on.
    Pauses(Box<Prompt>),
    /// It was asked how it stands.
    Polls(Box<Prompt>),
    /// The newest page, and what of it is at hand.
    Script(Box<Spa>, Act),
    /// The last page.
    Leaving,
    /// The last word was said.
    Over,
}

/// What comes next.
pub(super) enum Turn {
    /// This, for whoever drives.
    Step(Step),
    /// Nothing of Duo's any more.
    Ended(Ended),
}

/// What Duo leaves.
pub(super) enum Ended {
    /// The signed answer of the iframe: `sig_response`.
    Signed(SecretString),
    /// The request that leads back to the identity provider.
    Back(Box<Request>),
    /// The page that Duo has led back to.
    Page(Box<PageEvent>),
}

impl Duo {
    /// The iframe in a page.
    pub(super) fn in_frame(
        page: &Page,
        event: &PageEvent,
        origins: &Origins,
    ) -> Result<Self, FlowError> {
        let asked = frame::read(page, event.body.expose_secret()).ok_or_else(|| unknown(event))?;
        Self::framed(asked, &event.url, origins)
    }

    /// The iframe that a page, or what stands for one, asks for.
    pub(super) fn framed(asked: Asked, page: &Url, origins: &Origins) -> Result<Self, FlowError> {
        let duo = host::named(&asked.host, page, origins)?;
        let parent = page.as_str();
        let mut url = host::at(&duo, "/frame/web/v1/auth");
        url.query_pairs_mut()
            .append_pair("tx", &asked.tx)
            .append_pair("parent", parent)
            .append_pair("v", "2.3");
        let fields = [
            ("parent", parent),
            ("java_version", ""),
            ("flash_version", ""),
            ("screen_resolution_width", "1280"),
            ("screen_resolution_height", "800"),
            ("color_depth", "24"),
        ];
        let way = Way::Frame { app: asked.app };
        Ok(Self::new(way, post(url, &fields), origins))
    }

    /// A form of a page that leads to Duo's.
    pub(super) fn by_form(form: &Form, page: &Url, origins: &Origins) -> Result<Self, FlowError> {
        let request = form::submit(form, page)?;
        host::admit(&request.url, page, origins)?;
        Ok(Self::new(Way::Page, request, origins))
    }

    fn new(way: Way, first: Request, origins: &Origins) -> Self {
        Self {
            origins: origins.clone(),
            way,
            state: State::Before(first),
            told: String::new(),
        }
    }

    /// What to do after `event`; the first is [`Event::Start`].
    pub(super) fn next(&mut self, event: Event) -> Result<Turn, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Before(request), Event::Start) => {
                Ok(self.send(request, State::Opening { described: false }))
            }
            (State::Opening { described }, Event::Page(page)) => self.opened(&page, described),
            (State::Calling(prompt), Event::Page(_)) => Ok(self.choose(prompt)),
            (State::Chooses(mut prompt), Event::Chosen(at)) => {
                prompt.choose(at).ok_or(FlowError::OutOfTurn)?;
                if !prompt.wants_code() {
                    let request = prompt.request(None);
                    return Ok(self.send(request, State::Prompted(prompt)));
                }
                self.state = State::Asked(prompt);
                Ok(Turn::Step(passcode()))
            }
            (State::Asked(prompt), Event::Answer(code)) => {
                let request = prompt.request(Some(&code));
                Ok(self.send(request, State::Prompted(prompt)))
            }
            (State::Prompted(mut prompt), Event::Page(page)) => {
                match answer::transaction(page.body.expose_secret()) {
                    Said::Yes(txid) => {
                        prompt.txid = txid;
                        let request = prompt.status();
                        Ok(self.send(request, State::Polls(prompt)))
                    }
                    Said::No(text) => Ok(refuse(prompt.wants_code(), text)),
                    Said::Nothing => Err(unknown(&page)),
                }
            }
            (State::Polls(prompt), Event::Page(page)) => self.status(prompt, &page),
            (State::Tells(prompt), Event::Continue) => {
                self.state = State::Pauses(prompt);
                Ok(Turn::Step(Step::Wait(PAUSE)))
            }
            (State::Pauses(prompt), Event::Continue) => {
                let request = prompt.status();
                Ok(self.send(request, State::Polls(prompt)))
            }
            (State::Script(spa, act), event) => self.script(spa, act, event),
            (State::Leaving, Event::Page(page)) => self.left(page),
            _ => Err(FlowError::OutOfTurn),
        }
    }

    /// One of Duo's first pages.
    fn opened(&mut self, event: &PageEvent, described: bool) -> Result<Turn, FlowError> {
        let page = read(event)?;
        if let Some(back) = self.back(&page, event)? {
            return Ok(back);
        }
        // Redirects may have led on.
        host::stays(&event.url, &self.origins)?;
        if let (Way::Frame { app }, Some(cookie)) = (&self.way, prompt::cookie(&page)) {
            return Ok(signed(&cookie, app));
        }
        if let Some(prompt) = Prompt::read(&page, &event.url) {
            let prompt = Box::new(prompt);
            if let (true, Some(call)) = (described, prompt.call()) {
                return Ok(self.send(call, State::Calling(prompt)));
            }
            return Ok(self.choose(prompt));
        }
        if let Some(spa) = Spa::read(event.body.expose_secret(), &event.url) {
            let request = spa.opening(0).ok_or(FlowError::OutOfTurn)?;
            return Ok(self.send(request, State::Script(Box::new(spa), Act::Opens(0))));
        }
        // It asks what this browser can do. The fields are as empty as a browser without any leaves them.
        match page.forms.iter().find(|form| form.control("tx").is_some()) {
            Some(form) if !described => {
                let request = Request {
                    method: Method::Post,
                    ..form::submit(form, &event.url)?
                };
                host::stays(&request.url, &self.origins)?;
                Ok(self.send(request, State::Opening { described: true }))
            }
            _ => Err(unknown(event)),
        }
    }

    fn choose(&mut self, prompt: Box<Prompt>) -> Turn {
        let (options, preferred) = (prompt.offers(), prompt.preferred());
        self.state = State::Chooses(prompt);
        Turn::Step(choice(options, preferred))
    }

    fn status(&mut self, prompt: Box<Prompt>, page: &PageEvent) -> Result<Turn, FlowError> {
        let status = match answer::status(page.body.expose_secret()) {
            Said::Yes(status) => status,
            Said::No(text) => return Ok(refuse(prompt.wants_code(), text)),
            Said::Nothing => return Err(unknown(page)),
        };
        match status {
            Status::Allowed { result } => {
                let request = match (&self.way, result) {
                    (Way::Frame { .. }, Some(path)) => prompt.result(&path),
                    (Way::Frame { .. }, None) => None,
                    (Way::Page, _) => prompt.exit(),
                };
                let request = request.ok_or_else(|| unknown(page))?;
                Ok(self.send(request, State::Leaving))
            }
            Status::Pending { text } => {
                if !text.is_empty() && self.told != text {
                    self.told.clone_from(&text);
                    self.state = State::Tells(prompt);
                    return Ok(Turn::Step(Step::Show(text)));
                }
                self.state = State::Pauses(prompt);
                Ok(Turn::Step(Step::Wait(PAUSE)))
            }
        }
    }

    fn left(&mut self, event: PageEvent) -> Result<Turn, FlowError> {
        if let Way::Frame { app } = &self.way {
            return match answer::cookie(event.body.expose_secret()) {
                Said::Yes(cookie) => Ok(signed(&cookie, app)),
                _ => Err(unknown(&event)),
            };
        }
        if let Some(back) = self.back(&read(&event)?, &event)? {
            return Ok(back);
        }
        // Redirects may have led back already.
        match self.origins.may_know(&event.url) {
            true => Ok(Turn::Ended(Ended::Page(Box::new(event)))),
            false => Err(unknown(&event)),
        }
    }

    /// The form that leads back, if this page is the last one. What it carries is as good as a code, so it
    /// goes to the identity provider and nowhere else.
    fn back(&self, page: &Page, event: &PageEvent) -> Result<Option<Turn>, FlowError> {
        let leads_back = |form: &&Form| form.control("duo_code").is_some();
        let Some(form) = page.forms.iter().find(leads_back) else {
            return Ok(None);
        };
        host::stays(&event.url, &self.origins)?;
        let request = Request {
            method: Method::Post,
            carries_secret: true,
            ..form::submit(form, &event.url)?
        };
        self.origins.admit(&request.url, &request.url)?;
        Ok(Some(Turn::Ended(Ended::Back(Box::new(request)))))
    }

    fn send(&mut self, request: Request, state: State) -> Turn {
        self.state = state;
        Turn::Step(Step::Send(request))
    }
}

/// Names no secret: a state is all that there is to see.
impl std::fmt::Debug for Duo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Duo").finish_non_exhaustive()
    }
}

fn signed(cookie: &SecretString, app: &str) -> Turn {
    let signed = format!("{}:{app}", cookie.expose_secret());
    Turn::Ended(Ended::Signed(SecretString::from(signed)))
}

fn passcode() -> Step {
    Step::Ask(Question::Code {
        prompt: "passcode of Duo".to_owned(),
    })
}

fn choice(options: Vec<Offer>, preferred: Vec<usize>) -> Step {
    Step::Choose(Choice {
        what: "way to confirm to Duo".to_owned(),
        options,
        preferred,
    })
}

fn refuse(is_code: bool, text: String) -> Turn {
    let (what, hint) = match is_code {
        true => (
            Refused::Code,
            "each passcode was sent once and not again; log in again with the next one",
        ),
        false => (
            Refused::Factor,
            "log in again; `mfa` of [idp.NAME] names another way to confirm",
        ),
    };
    Turn::Step(Step::Refuse(Refusal {
        what,
        text,
        hint: hint.to_owned(),
    }))
}

fn read(event: &PageEvent) -> Result<Page, FlowError> {
    html::read(event.body.expose_secret()).map_err(|cause| FlowError::TooMuch {
        page: place(&event.url),
        cause,
    })
}

fn unknown(event: &PageEvent) -> FlowError {
    FlowError::Unknown {
        page: place(&event.url),
        title: html::read(event.body.expose_secret())
            .map(|page| page.title)
            .unwrap_or_default(),
        status: event.status,
    }
}

fn post(url: Url, fields: &[(&str, &str)]) -> Request {
    let plain = |(name, value): &(&str, &str)| {
        let value = Value::Plain((*value).to_owned());
        ((*name).to_owned(), value)
    };
    Request {
        method: Method::Post,
        body: Body::Form(fields.iter().map(plain).collect()),
        ..Request::get(url)
    }
}

#[cfg(test)]
mod tests;
