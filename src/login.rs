//! From a sign-on URL to a SAML assertion.
//!
//! A flow is a state machine without I/O: it is told what happened and says what to do next, so that
//! every page ever seen is a test without a network. [`drive`] runs a flow over HTTP and a person.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::format::printable::printable;
use crate::model::Assertion;

mod acs;
mod adfs;
mod authn_request;
pub mod browser;
mod capture;
#[cfg(test)]
mod captured;
mod choice;
mod codes;
mod drive;
mod duo;
mod failure;
mod form;
mod forms;
#[cfg(test)]
mod fuzzing;
pub mod identity_center;
mod local;
mod okta;
mod origins;
mod pasted;
mod role;

pub use adfs::{Adfs, adfs_service};
pub use authn_request::AuthnRequest;
pub use capture::{Capture, Overheard};
pub use choice::{fitting, wished};
pub use drive::{Limits, LoginError, NoAnswer, Person, Recorded, Web, drive};
pub use failure::FlowError;
pub use forms::Forms;
pub use local::{LocalAnswer, LocalChallenge};
pub use okta::{Okta, OktaError};
pub use origins::Origins;
pub use pasted::{LONGEST_PASTE, pasted};
pub use role::{RoleRefusal, any_of, choose};

/// One identity provider's way to an assertion.
pub trait Flow {
    /// What to do after `event`. The first event is [`Event::Start`]; after [`Step::Send`] comes a
    /// page, after [`Step::Ask`] an answer, after [`Step::Choose`] and [`Step::Prefer`] a choice, after
    /// [`Step::Show`], [`Step::Open`] and [`Step::Wait`] that it was done, after [`Step::Local`] what came of
    /// it, after anything else nothing.
    fn next(&mut self, event: Event) -> Step;
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The login begins.
    Start,
    /// The request was answered.
    Page(PageEvent),
    /// The question was answered.
    Answer(SecretString),
    /// The option at this place was chosen.
    Chosen(usize),
    /// What was to be shown was shown; the time to wait is over.
    Continue,
    /// What a program on this machine made of its challenge.
    Local(LocalAnswer),
}

/// An answer of the identity provider, redirects followed. The body may hold an assertion.
pub struct PageEvent {
    /// Where the redirects ended; relative addresses start from here.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// Every `WWW-Authenticate` header.
    pub www_authenticate: Vec<String>,
    /// The page.
    pub body: SecretString,
}

impl PageEvent {
    /// The same again: no `Clone`, as for [`Value`].
    fn copy(&self) -> Self {
        Self {
            url: self.url.clone(),
            status: self.status,
            www_authenticate: self.www_authenticate.clone(),
            body: self.body.clone(),
        }
    }
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this and come back with the page.
    Send(Request),
    /// Ask this and come back with the answer.
    Ask(Question),
    /// Have one of these chosen.
    Choose(Choice),
    /// Take the one of these that the person has settled on before, else the first; nobody is asked.
    Prefer(Choice),
    /// Tell the person this, fit to print, and go on at once: a number to match, what to do.
    Show(String),
    /// Tell the person this, which names the page, and open it where a browser is in front of them; go on
    /// at once.
    Open {
        /// The page. Its address is not to be read by others.
        page: Url,
        /// What is told, fit to print.
        told: String,
    },
    /// Give this to the program on this machine that vouches for it, and come back with what it did.
    Local(LocalChallenge),
    /// Wait so long before the next request. What is sent then counts as waiting, not as progress.
    Wait(Duration),
    /// The login is done.
    Done(Assertion),
    /// The identity provider said no.
    Refuse(Refusal),
    /// The flow cannot go on.
    Fail(FlowError),
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The fields, if any, go into the URL's query, as a browser does with a GET form.
    Get,
    /// The fields are the body, URL-encoded.
    Post,
}

/// What to send. Debug names the fields and shows no value, nor the URL's query.
pub struct Request {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// What goes with it.
    pub body: Body,
    /// Further headers; a name without a value of ours is the browser's.
    pub headers: Vec<(&'static str, String)>,
    /// Whether a password or code is in it: then it never follows a redirect to another origin.
    pub carries_secret: bool,
    /// Whether the answer comes when a person has done something elsewhere.
    pub slow: bool,
}

/// What goes with a request.
pub enum Body {
    /// Names and values in order.
    Form(Vec<(String, Value)>),
    /// JSON, which may hold a password.
    Json(SecretString),
}

impl Request {
    /// A page by its address.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::Get,
            url,
            body: Body::Form(Vec::new()),
            headers: Vec::new(),
            carries_secret: false,
            slow: false,
        }
    }

    /// Its form fields; none where it carries JSON.
    #[must_use]
    pub fn fields(&self) -> &[(String, Value)] {
        match &self.body {
            Body::Form(fields) => fields,
            Body::Json(_) => &[],
        }
    }
}

/// A field's value.
pub enum Value {
    /// What the page had put there.
    Plain(String),
    /// What a person or a program answered.
    Secret(SecretString),
}

impl Value {
    /// The same again: no `Clone`, so that every copy of a secret is one that somebody meant.
    fn copy(&self) -> Self {
        match self {
            Self::Plain(text) => Self::Plain(text.clone()),
            Self::Secret(text) => Self::Secret(text.clone()),
        }
    }
}

/// What somebody must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// The name to sign in with.
    Username,
    /// That user's password.
    Password {
        /// Whose.
        username: String,
    },
    /// A one-time code.
    Code {
        /// What the page says about it, fit to print.
        prompt: String,
    },
}

/// What is chosen where an identity provider serves several organizations ([`Choice::what`]).
pub const ORGANIZATION: &str = "organization";

/// How [`Choice::what`] begins where somebody is asked whether they consent.
const CONSENT: &str = "consent";

/// How it begins where a page with one way on does not say that it only leads on: somebody is to read it,
/// once.
const ONE_WAY: &str = "page with one button";

/// What somebody must choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen, fit to print: "second factor".
    pub what: String,
    /// What there is to choose from.
    pub options: Vec<Offer>,
    /// The places of those that the identity provider knows the person to prefer, where it says so: all
    /// ways by one device, say.
    pub preferred: Vec<usize>,
}

impl Choice {
    /// Whether it is to be read although there is but one way.
    #[must_use]
    pub fn is_to_be_read(&self) -> bool {
        self.is_consent() || self.what.starts_with(ONE_WAY)
    }

    /// Whether it is about a consent, to what is handed over or to terms.
    #[must_use]
    pub fn is_consent(&self) -> bool {
        self.what.starts_with(CONSENT)
    }
}

/// One of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The identity provider's own name for it, the same in each login and language.
    pub id: String,
    /// What it calls it to the person, fit to print.
    pub label: String,
}

/// The identity provider said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// To what.
    pub what: Refused,
    /// The page's own words, fit to print; empty where it has none.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The user name or the password.
    Password,
    /// The one-time code.
    Code,
    /// The second factor as such: a push that somebody refused, or that nobody answered.
    Factor,
    /// The login as such.
    Other,
}

/// What is asked for, as a prompt or a message names it.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Username => f.write_str("the user name"),
            Self::Password { username } => {
                write!(f, "the password of {}", printable(username, 100))
            }
            Self::Code { prompt } if prompt.is_empty() => f.write_str("the one-time code"),
            Self::Code { prompt } => write!(f, "the one-time code ({prompt})"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.what {
            Refused::Password => "the identity provider refused the user name or password",
            Refused::Code => "the identity provider refused the code",
            Refused::Factor => "the identity provider refused the second factor",
            Refused::Other => "the identity provider refused the login",
        })?;
        if self.text.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.text)
        }
    }
}

impl fmt::Debug for PageEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageEvent")
            .field("url", &place(&self.url))
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.fields().iter().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &place(&self.url))
            .field("fields", &fields)
            .field("carries_secret", &self.carries_secret)
            .finish()
    }
}

/// A URL for messages: its query may hold a ticket, a SAML request or a person's name.
fn place(url: &Url) -> String {
    format!("{}{}", origin(url), url.path())
}

/// Scheme, host and port: what a password is for.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let url: Url = "https://u:MARKER@idp.example.com/ls/?ticket=MARKER#MARKER"
            .parse()
            .unwrap();
        let request = Request {
            method: Method::Post,
            url: url.clone(),
            body: Body::Form(vec![
                ("Password".into(), Value::Secret("MARKER".into())),
                ("Context".into(), Value::Plain("MARKER".into())),
            ]),
            headers: vec![("x-token", "MARKER".into())],
            carries_secret: true,
            slow: false,
        };
        let page = PageEvent {
            url,
            status: 200,
            www_authenticate: vec!["Negotiate MARKER".into()],
            body: "MARKER".into(),
        };
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            Step::Send(request),
            Event::Page(page),
            Event::Answer("MARKER".into()),
            Step::Done(Assertion::new("MARKER".into()))
        );
        assert!(shown.contains("https://idp.example.com/ls/") && shown.contains("Password"));
        assert!(!shown.contains("MARKER"), "{shown}");
    }
}
