//! AD FS 2.0 to 2022 by its sign-in forms.
//!
//! One GET of the sign-on page; where a session lives, the answer is the assertion already and nobody
//! is asked for anything. Else the password is sent once, whatever comes back: a second try with the
//! same password is a step towards a locked account.
//!
//! Names of fields, elements and methods are those of the pages that AD FS serves;
//! <https://learn.microsoft.com/windows-server/identity/ad-fs/operations/advanced-customization-of-ad-fs-sign-in-pages>
//! describes their structure.

use std::time::Duration;

use secrecy::ExposeSecret;
use url::Url;

use self::factor::Factor;
use self::page::{PageKind, classify};
use self::tried::Tried;
use super::acs::{self, Delivery};
use super::duo::Duo;
use super::{
    Event, Flow, FlowError, Origins, PageEvent, Question, Refusal, Refused, Request, Step, form,
    place,
};
use crate::format::html::{self, Form};
use crate::format::printable::printable;

mod complaint;
mod factor;
mod method;
mod offers;
mod page;
mod second;
mod service;
mod tried;

pub use self::service::adfs_service;

/// Between two looks whether somebody has answered elsewhere.
const PAUSE: Duration = Duration::from_secs(2);

/// The login at an AD FS.
#[derive(Debug)]
pub struct Adfs {
    sign_on: Url,
    origins: Origins,
    username: Option<String>,
    state: State,
    tried: Tried,
}

#[derive(Debug)]
enum State {
    /// Nothing has happened.
    Before,
    /// A request is out.
    Sent,
    /// A question is out; the form waits for the answer.
    Asked { form: Box<Form>, page: Url },
    /// A code was asked for.
    AskedCode {
        form: Box<Form>,
        page: Url,
        field: String,
    },
    /// A method's page has links to others; a form for each of these, in their order, where the page
    /// itself comes first.
    Prefers {
        forms: Vec<Form>,
        page: Box<PageEvent>,
    },
    /// A choice is out; a form for each option, in its order.
    Chooses { forms: Vec<Form>, page: Url },
    /// Something is being told; then comes the request, after a pause or at once.
    Tells { request: Request, pauses: bool },
    /// The pause is on.
    Pauses { request: Request },
    /// Duo has the word.
    Duo {
        duo: Box<Duo>,
        /// Where its answer is sent, where it does not lead there by itself.
        back: Box<Form>,
        page: Url,
    },
    /// The last word was said.
    Over,
}

impl Adfs {
    /// A login that starts at the sign-on page. A user name that is not given is asked for.
    #[must_use]
    pub fn new(sign_on: Url, origins: Origins, username: Option<String>) -> Self {
        Self {
            sign_on,
            origins,
            username,
            state: State::Before,
            tried: Tried::default(),
        }
    }
}

impl Flow for Adfs {
    fn next(&mut self, event: Event) -> Step {
        self.step(event).unwrap_or_else(Step::Fail)
    }
}

impl Adfs {
    fn step(&mut self, event: Event) -> Result<Step, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Before, Event::Start) => {
                let url = self.sign_on.clone();
                Ok(self.send(Request::get(url)))
            }
            (State::Sent, Event::Page(page)) => self.page(&page),
            (State::Asked { form, page }, Event::Answer(answer)) => match &self.username {
                None => {
                    self.username = Some(answer.expose_secret().trim().to_owned());
                    Ok(self.ask(form, page))
                }
                Some(name) => {
                    let request = form::fill(&form, &page, &self.origins, name, &answer)?;
                    self.tried.password = true;
                    Ok(self.send(request))
                }
            },
            (State::AskedCode { form, page, field }, Event::Answer(code)) => {
                if !self.tried.codes.is_new(&code) {
                    return Ok(self.refuse(Refused::Code, String::new()));
                }
                let request = self.with_code(&form, &page, &field, &code)?;
                Ok(self.send(request))
            }
            (State::Chooses { forms, page }, Event::Chosen(at)) => {
                let form = forms.get(at).ok_or(FlowError::OutOfTurn)?;
                Ok(self.send(form::submit(form, &page)?))
            }
            (State::Prefers { page, .. }, Event::Chosen(0)) => self.page(&page),
            (State::Prefers { forms, page }, Event::Chosen(at)) => {
                let form = forms.get(at - 1).ok_or(FlowError::OutOfTurn)?;
                let request = self.within(form, &page.url)?;
                Ok(self.send(request))
            }
            (State::Tells { request, pauses }, Event::Continue) => Ok(match pauses {
                true => self.pause(request),
                false => self.send(request),
            }),
            (State::Pauses { request }, Event::Continue) => Ok(self.send(request)),
            (State::Duo { duo, back, page }, event) => self.at_duo(duo, back, page, event),
            _ => Err(FlowError::OutOfTurn),
        }
    }

    fn page(&mut self, event: &PageEvent) -> Result<Step, FlowError> {
        let at = || place(&event.url);
        let host = || event.url.host_str().unwrap_or_default().to_owned();
        let page = html::read(event.body.expose_secret())
            .map_err(|cause| FlowError::TooMuch { page: at(), cause })?;
        let (title, status) = (page.title.clone(), event.status);
        if self.tried.adapter == "SilverfortAdfs"
            && let Some(text) = Factor::silverfort_says_no(&page)
        {
            return Ok(self.refuse(Refused::Factor, text));
        }
        match classify(&page, status, &event.www_authenticate) {
            PageKind::Assertion { form } => {
                Ok(match acs::delivery(form, &event.url, &self.origins)? {
                    Delivery::Aws(assertion) => Step::Done(assertion),
                    Delivery::Partner(request) => self.send(request),
                })
            }
            PageKind::SecondFactor(factor) => match self.instead(&factor, &page, event)? {
                Some(step) => Ok(step),
                None => self.factor(&factor, &page, event),
            },
            PageKind::Options(methods) => self.options(&methods, &page, &event.url),
            PageKind::HomeRealm(realms) => self.home_realm(&realms, &event.url),
            // Back at the start: the same no, only without words. The password is not to blame where
            // it had led on to a second factor.
            PageKind::SignIn { .. } if self.tried.password => {
                Ok(self.refuse(self.tried.last(), String::new()))
            }
            PageKind::Refused {
                text,
                form: Some(_),
            } if self.tried.password => Ok(self.refuse(self.tried.last(), text)),
            PageKind::Refused { text, form: None } => {
                let what = match self.tried.last() {
                    Refused::Password => Refused::Other,
                    factor => factor,
                };
                Ok(self.refuse(what, text))
            }
            PageKind::SignIn { form }
            | PageKind::Refused {
                form: Some(form), ..
            } => {
                // Before anybody types: it may be no place for a password.
                form::password_target(form, &event.url, &self.origins)?;
                Ok(self.ask(Box::new(form.clone()), event.url.clone()))
            }
            PageKind::AutoPost { form } => Ok(self.send(form::submit(form, &event.url)?)),
            PageKind::Refresh { url } => Ok(self.send(form::follow(&page, &url, &event.url)?)),
            PageKind::ChangePassword => Err(FlowError::PasswordExpired { host: host() }),
            PageKind::WindowsIntegrated { schemes } => Err(FlowError::WindowsIntegrated {
                host: host(),
                schemes,
            }),
            PageKind::NoForm => Err(FlowError::NoForm {
                page: at(),
                title,
                status,
            }),
            PageKind::Unknown => Err(FlowError::Unknown {
                page: at(),
                title,
                status,
            }),
        }
    }

    fn send(&mut self, request: Request) -> Step {
        self.state = State::Sent;
        Step::Send(request)
    }

    fn pause(&mut self, request: Request) -> Step {
        self.state = State::Pauses { request };
        Step::Wait(PAUSE)
    }

    fn ask(&mut self, form: Box<Form>, page: Url) -> Step {
        self.state = State::Asked { form, page };
        Step::Ask(match &self.username {
            None => Question::Username,
            Some(username) => Question::Password {
                username: username.clone(),
            },
        })
    }

    fn refuse(&self, what: Refused, text: String) -> Step {
        let name = printable(self.username.as_deref().unwrap_or_default(), 100);
        let hint = match what {
            Refused::Password if !name.contains(['@', '\\']) => format!(
                "AD FS takes user names as user@domain or DOMAIN\\user; {name:?} is neither. The \
                 password was sent once; a few wrong ones lock the account"
            ),
            Refused::Password => format!(
                "the password for {name:?} was sent once and not again, because a few wrong ones lock \
                 the account; check it in a browser"
            ),
            Refused::Code => {
                "each code was sent once and not again; log in again with the next one".to_owned()
            }
            Refused::Factor => "log in again; `mfa` of [idp.NAME] names another method, where the \
                                identity provider offers one"
                .to_owned(),
            Refused::Other => "open `url` of [idp.NAME] in a browser: what it shows there is the \
                               identity provider's to explain"
                .to_owned(),
        };
        Step::Refuse(Refusal { what, text, hint })
    }
}

#[cfg(test)]
mod tests;
