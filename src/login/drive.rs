//! Runs a flow: the only place of this room with effects, and those through two narrow traits.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use super::browser::BrowserError;
use super::{
    Body, Capture, Choice, Event, Flow, FlowError, LocalAnswer, LocalChallenge, PageEvent,
    Question, Refusal, Request, RoleRefusal, Step, Value, place,
};
use crate::format::html;
use crate::format::saml::SamlError;
use crate::model::Assertion;
use crate::sys::clock;
use crate::sys::http::{Content, Field, Http, Sending, Verb, WebError, WebErrorKind};

/// How long whoever wants to be asked less often is left alone, where it does not say.
const TOO_OFTEN: Duration = Duration::from_secs(10);

/// One HTTP exchange, redirects and cookies included.
pub trait Web {
    /// Sends the request and reads the page that comes in the end.
    ///
    /// # Errors
    /// Where nothing came back, or something that must not be taken.
    fn send(&mut self, request: &Request) -> Result<PageEvent, WebError>;

    /// Gives a challenge to a program on this machine; `found` is told once one is there to take it.
    fn local(&mut self, challenge: &LocalChallenge, found: &mut dyn FnMut()) -> LocalAnswer;

    /// Lets time pass.
    fn wait(&mut self, time: Duration);

    /// A clock that only goes forward.
    fn now(&self) -> Instant {
        clock::start()
    }
}

/// The same, taken down for a bug report.
#[expect(
    missing_debug_implementations,
    reason = "what is behind it holds secrets"
)]
pub struct Recorded<'a> {
    /// What really answers.
    pub web: &'a mut dyn Web,
    /// The transcript.
    pub capture: &'a RefCell<Capture>,
}

impl Web for Recorded<'_> {
    fn send(&mut self, request: &Request) -> Result<PageEvent, WebError> {
        self.capture.borrow_mut().request(request);
        let page = self.web.send(request)?;
        self.capture.borrow_mut().page(&page);
        Ok(page)
    }

    fn local(&mut self, challenge: &LocalChallenge, found: &mut dyn FnMut()) -> LocalAnswer {
        self.web.local(challenge, found)
    }

    fn wait(&mut self, time: Duration) {
        self.web.wait(time);
    }

    fn now(&self) -> Instant {
        self.web.now()
    }
}

/// Whoever answers questions: a terminal, an environment variable, a program.
pub trait Person {
    /// The answer.
    ///
    /// # Errors
    /// Where there is none to be had.
    fn answer(&mut self, question: &Question) -> Result<SecretString, NoAnswer>;

    /// The place of the option chosen.
    ///
    /// # Errors
    /// Where nobody chooses.
    fn choose(&mut self, choice: &Choice) -> Result<usize, NoAnswer>;

    /// The place of the option that the person has settled on: in the file, or at an earlier login.
    fn prefer(&mut self, choice: &Choice) -> Option<usize>;

    /// Tells the person something that needs no answer here.
    fn show(&mut self, text: &str);

    /// Opens a page that they were told of, where a browser is in front of them.
    fn open(&mut self, _page: &url::Url) {}

    /// Something may have been set going elsewhere, where a person answers: a push is on its way.
    fn set_going(&mut self);
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Nobody is there to be asked.
    #[error("nobody is there to be asked for {0}")]
    Nobody(String),
    /// The person interrupted.
    #[error("interrupted")]
    Interrupted,
    /// The person closed the question of this program without an answer.
    #[error("{0} was closed without an answer")]
    Declined(String),
    /// The person did not answer in time.
    #[error("nobody answered within {seconds} seconds: {what}")]
    TimedOut {
        /// How long they had.
        seconds: u32,
        /// What was asked for.
        what: String,
    },
    /// The place to ask in was taken by another question all the time, so that this one was not put.
    #[error("{0}")]
    Engaged(String),
    /// What was answered is none of what there is to choose from.
    #[error("there is no such {0} as was answered")]
    NoSuch(String),
    /// The program that should know it failed; what it said, without the answer.
    #[error("{0}")]
    Failed(String),
}

impl NoAnswer {
    /// Whether nobody has answered, and somebody may yet.
    #[must_use]
    pub fn wants_a_person(&self) -> bool {
        matches!(
            self,
            Self::Nobody(_) | Self::TimedOut { .. } | Self::Engaged(_)
        )
    }

    /// Whether the question was never put, so that another process may do better with it.
    #[must_use]
    pub fn was_not_asked(&self) -> bool {
        matches!(self, Self::Nobody(_) | Self::Engaged(_))
    }
}

/// What a login may take. The time of each request is limited by the HTTP client.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests, those that ask whether somebody has answered elsewhere left out.
    pub steps: usize,
    /// How long to wait in sum for what a person does elsewhere.
    pub waiting: Duration,
    /// How long the login may take in sum, less what a person takes to answer here. No request begins
    /// after that.
    pub total: Duration,
    /// Bytes of pages in sum.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // The longest login known here takes some fifteen pages, of 1 MiB at most each. A push to
        // a telephone is given up by those who send it after a minute or two.
        Self {
            steps: 30,
            waiting: Duration::from_secs(300),
            // More than the longest wait for a person elsewhere and slow pages: others wait for this
            // process's turn to end.
            total: Duration::from_secs(900),
            bytes: 8 * html::MAX_BYTES,
        }
    }
}

/// Why there is no assertion.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// A question stayed open.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// The identity provider said no.
    #[error("{0}")]
    Refused(Refusal),
    /// The flow could not go on.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// Nothing came back.
    #[error(transparent)]
    Web(#[from] WebError),
    /// Somebody was waited for, at a telephone or the like, who did nothing.
    #[error("timed out: nobody answered the second factor within {seconds} seconds")]
    Unanswered {
        /// How long.
        seconds: u64,
    },
    /// The user's browser could not be used.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// What came for AWS could not be read.
    #[error(transparent)]
    Response(#[from] SamlError),
    /// What came offers none of the declared roles.
    #[error(transparent)]
    NotOffered(Box<RoleRefusal>),
    /// The pages lead on and on.
    #[error("the login came to no end in {limit}; the last page was {page} ({title:?})")]
    TooLong {
        /// The limit that was passed, with its unit.
        limit: String,
        /// The last page.
        page: String,
        /// Its title, fit to print.
        title: String,
    },
}

impl LoginError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoAnswer(_) => None,
            Self::Refused(refusal) => Some(refusal.hint.clone()),
            Self::Flow(error) => Some(error.hint().to_owned()),
            Self::Web(error) => error.hint().map(str::to_owned),
            Self::Unanswered { .. } => Some("log in again, with the device at hand".to_owned()),
            Self::Browser(error) => error.hint().map(str::to_owned),
            Self::Response(error) => Some(error.hint().to_owned()),
            Self::NotOffered(error) => Some(error.hint()),
            Self::TooLong { .. } => Some(
                "open `url` of [idp.NAME] in a browser; where it ends there, it needs scripts that \
                 fedgit does not run"
                    .to_owned(),
            ),
        }
    }
}

/// Runs the flow to its end.
///
/// # Errors
/// Where it ends without an assertion.
pub fn drive(
    flow: &mut dyn Flow,
    web: &mut dyn Web,
    person: &mut dyn Person,
    limits: Limits,
) -> Result<Assertion, LoginError> {
    let (mut sent, mut bytes, mut last) = (0, 0, None);
    let (mut waited, mut waits) = (Duration::ZERO, false);
    let (start, mut answering) = (web.now(), Duration::ZERO);
    let mut event = Event::Start;
    loop {
        event = match flow.next(event) {
            Step::Send(request) => {
                let progresses = !std::mem::take(&mut waits);
                if progresses && sent == limits.steps {
                    return Err(too_long(format!("{sent} requests"), last.as_ref()));
                }
                let began = web.now();
                // Pages and polls alike: each may come as late as the HTTP client lets it.
                if began.duration_since(start).saturating_sub(answering) > limits.total {
                    let limit = format!("{} minutes", limits.total.as_secs() / 60);
                    return Err(too_long(limit, last.as_ref()));
                }
                if request.slow {
                    person.set_going();
                }
                let page = loop {
                    match web.send(&request) {
                        // Whoever is asked too often about a push that is out is asked later.
                        Err(error) if !progresses && error.kind() == WebErrorKind::TooOften => {
                            let pause = error.pause().unwrap_or(TOO_OFTEN);
                            if waited + pause > limits.waiting {
                                return Err(error.into());
                            }
                            waited += pause;
                            web.wait(pause);
                        }
                        page => break page?,
                    }
                };
                if request.slow {
                    waited += web.now().duration_since(began);
                }
                if progresses {
                    sent += 1;
                    bytes += page.body.expose_secret().len();
                }
                last = Some((page.url.clone(), page.body.clone()));
                if bytes > limits.bytes {
                    return Err(too_long(format!("{} bytes", limits.bytes), last.as_ref()));
                }
                Event::Page(page)
            }
            Step::Ask(question) => {
                let asked = web.now();
                let answer = person.answer(&question)?;
                answering += web.now().duration_since(asked);
                Event::Answer(answer)
            }
            Step::Choose(choice) => {
                let asked = web.now();
                let chosen = person.choose(&choice)?;
                answering += web.now().duration_since(asked);
                Event::Chosen(chosen)
            }
            Step::Prefer(choice) => Event::Chosen(person.prefer(&choice).unwrap_or(0)),
            Step::Show(text) => {
                person.show(&text);
                Event::Continue
            }
            Step::Open { page, told } => {
                person.show(&told);
                person.open(&page);
                Event::Continue
            }
            Step::Local(challenge) => Event::Local(web.local(&challenge, &mut || {
                // From here on somebody may have to confirm it, who has refused it where it comes to nothing.
                person.set_going();
                person.show(&challenge.told);
            })),
            Step::Wait(time) => {
                // However little a page wants to wait: nobody is to be asked without a pause.
                let time = time.max(Duration::from_secs(1));
                waited += time;
                if waited > limits.waiting {
                    let seconds = limits.waiting.as_secs();
                    return Err(LoginError::Unanswered { seconds });
                }
                web.wait(time);
                waits = true;
                Event::Continue
            }
            Step::Done(assertion) => return Ok(assertion),
            Step::Refuse(refusal) => return Err(LoginError::Refused(refusal)),
            Step::Fail(error) => return Err(error.into()),
        };
    }
}

fn too_long(limit: String, last: Option<&(url::Url, SecretString)>) -> LoginError {
    let (page, title) = match last {
        Some((url, body)) => (
            place(url),
            html::read(body.expose_secret())
                .map(|p| p.title)
                .unwrap_or_default(),
        ),
        None => Default::default(),
    };
    LoginError::TooLong { limit, page, title }
}

/// The real web.
impl Web for Http {
    fn send(&mut self, request: &Request) -> Result<PageEvent, WebError> {
        let fields: Vec<Field<'_>> = request.fields().iter().map(field).collect();
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|(n, v)| (*n, v.as_str()))
            .collect();
        let page = self.page(Sending {
            verb: match request.method {
                super::Method::Get => Verb::Get,
                super::Method::Post => Verb::Post,
            },
            url: &request.url,
            content: match &request.body {
                Body::Form(_) => Content::Fields(&fields),
                Body::Json(text) => Content::Json(text.expose_secret()),
            },
            headers: &headers,
            carries_secret: request.carries_secret,
            slow: request.slow,
        })?;
        Ok(PageEvent {
            url: page.url,
            status: page.status,
            www_authenticate: page.www_authenticate,
            body: page.body,
        })
    }

    fn local(&mut self, challenge: &LocalChallenge, found: &mut dyn FnMut()) -> LocalAnswer {
        let is_good = |status: u16| (200..300).contains(&status);
        for place in &challenge.places {
            let probed = self.probe(place, &challenge.origin, challenge.probe);
            if !probed.is_some_and(is_good) {
                continue;
            }
            found();
            match Http::challenge(self, place, &challenge.origin, &challenge.body) {
                // Another instance, of somebody else's: the one that is meant listens elsewhere.
                Some(503) => {}
                Some(status) if is_good(status) => return LocalAnswer::Taken,
                status => return LocalAnswer::Refused { status },
            }
        }
        LocalAnswer::Nobody
    }

    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}

fn field((name, value): &(String, Value)) -> Field<'_> {
    Field {
        name,
        value: match value {
            Value::Plain(text) => text,
            Value::Secret(text) => text.expose_secret(),
        },
    }
}

#[cfg(test)]
mod tests;
