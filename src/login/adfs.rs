//! AD FS 2.0 to 2022 by its sign-in forms.
//!
//! One GET of the sign-on page; where a session lives, the answer is the assertion already and nobody
//! is asked for anything. Else the password is sent once, whatever comes back: a second try with the
//! same password is a step towards a locked account.
//!
//! Names of fields, elements and methods are those of the pages that AD FS serves;
//! <https://learn.microsoft.com/windows-server/identity/ad-fs/operations/advanced-customization-of-ad-fs-sign-in-pages>
//! describes their structure.

use secrecy::ExposeSecret;
use url::Url;

use self::page::{PageKind, classify};
use super::{
    Event, Flow, FlowError, Origins, PageEvent, Question, Refusal, Refused, Request, Step, acs,
    form, place,
};
use crate::format::html::{self, Form};
use crate::format::printable::printable;

mod page;
mod service;

pub use self::service::adfs_service;

/// The login at an AD FS.
#[derive(Debug)]
pub struct Adfs {
    sign_on: Url,
    origins: Origins,
    username: Option<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nothing has happened.
    Before,
    /// A request is out.
    Sent { password: bool },
    /// A question is out; the form waits for the answer.
    Asked { form: Box<Form>, page: Url },
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
                Ok(self.send(Request::get(url), false))
            }
            (State::Sent { password }, Event::Page(page)) => self.page(&page, password),
            (State::Asked { form, page }, Event::Answer(answer)) => match &self.username {
                None => {
                    self.username = Some(answer.expose_secret().trim().to_owned());
                    Ok(self.ask(form, page))
                }
                Some(name) => {
                    let request = form::fill(&form, &page, &self.origins, name, &answer)?;
                    Ok(self.send(request, true))
                }
            },
            _ => Err(FlowError::OutOfTurn),
        }
    }

    /// What to do with a page; `tried` where the password was sent already.
    fn page(&mut self, event: &PageEvent, tried: bool) -> Result<Step, FlowError> {
        let at = || place(&event.url);
        let host = || event.url.host_str().unwrap_or_default().to_owned();
        let page = html::read(event.body.expose_secret())
            .map_err(|cause| FlowError::TooMuch { page: at(), cause })?;
        let (title, status) = (page.title.clone(), event.status);
        match classify(&page, status, &event.www_authenticate) {
            PageKind::Assertion { form } => acs::assertion(form, &event.url).map(Step::Done),
            // The same form again is the same refusal, only without words.
            PageKind::SignIn { .. } if tried => Ok(self.refuse(Refused::Password, String::new())),
            PageKind::Refused {
                text,
                form: Some(_),
            } if tried => Ok(self.refuse(Refused::Password, text)),
            PageKind::Refused { text, form: None } => Ok(self.refuse(Refused::Other, text)),
            PageKind::SignIn { form }
            | PageKind::Refused {
                form: Some(form), ..
            } => {
                // Before anybody types: it may be no place for a password.
                form::password_target(form, &event.url, &self.origins)?;
                Ok(self.ask(Box::new(form.clone()), event.url.clone()))
            }
            PageKind::AutoPost { form } => Ok(self.send(form::submit(form, &event.url)?, tried)),
            PageKind::Refresh { url } => Ok(self.send(form::follow(&url, &event.url)?, tried)),
            PageKind::Mfa { method } => Err(FlowError::Mfa { method }),
            PageKind::MfaOptions { methods } => Err(FlowError::MfaOptions { methods }),
            PageKind::ChangePassword => Err(FlowError::PasswordExpired { host: host() }),
            PageKind::HomeRealm => Err(FlowError::HomeRealm { host: host() }),
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

    fn send(&mut self, request: Request, password: bool) -> Step {
        self.state = State::Sent { password };
        Step::Send(request)
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
            Refused::Code | Refused::Factor | Refused::Other => {
                "open `url` of [idp.NAME] in a browser: what it shows there is the identity \
                 provider's to explain"
                    .to_owned()
            }
        };
        Step::Refuse(Refusal { what, text, hint })
    }
}

#[cfg(test)]
mod tests;
