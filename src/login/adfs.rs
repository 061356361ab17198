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

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::factor::{Factor, How, Prompt};
use self::offers::Offers;
use self::page::{PageKind, classify};
use self::tried::Tried;
use super::duo::{Duo, Ended, Turn};
use super::{
    Body, Choice, Event, Flow, FlowError, Method, ORGANIZATION, Origins, PageEvent, Question,
    Refusal, Refused, Request, Step, Value, acs, form, place,
};
use crate::format::html::{self, Form, Page};
use crate::format::printable::printable;

mod factor;
mod offers;
mod page;
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
                if !self.tried.code(&code) {
                    return Ok(self.refuse(Refused::Code, String::new()));
                }
                let request = self.with_code(&form, &page, &field, &code)?;
                Ok(self.send(request))
            }
            (State::Chooses { forms, page }, Event::Chosen(at)) => {
                let form = forms.get(at).ok_or(FlowError::OutOfTurn)?;
                Ok(self.send(form::submit(form, &page)?))
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
            PageKind::Assertion { form } => acs::assertion(form, &event.url).map(Step::Done),
            PageKind::SecondFactor(factor) => self.factor(&factor, &page, event),
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
            PageKind::Refresh { url } => Ok(self.send(form::follow(&url, &event.url)?)),
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

    /// A page of an additional method.
    fn factor(
        &mut self,
        factor: &Factor<'_>,
        page: &Page,
        event: &PageEvent,
    ) -> Result<Step, FlowError> {
        let again = self.tried.adapter == factor.adapter;
        self.tried.adapter.clone_from(&factor.adapter);
        let url = &event.url;
        match &factor.how {
            How::Code { field } => {
                // Before anybody types: it may be no place for a code.
                form::password_target(factor.form, url, &self.origins)?;
                match &factor.complaint {
                    Some(text) if self.tried.has_code() => {
                        return Ok(self.refuse(Refused::Code, text.clone()));
                    }
                    // The same page again is the same no, only without words; another field, or
                    // other words, is another question, as for the next tokencode.
                    _ if !self.tried.asks_anew(field, &factor.words) => {
                        return Ok(self.refuse(Refused::Code, String::new()));
                    }
                    _ => {}
                }
                self.state = State::AskedCode {
                    form: Box::new(factor.form.clone()),
                    page: url.clone(),
                    field: field.clone(),
                };
                Ok(Step::Ask(Question::Code {
                    prompt: factor.prompt(),
                }))
            }
            How::Wait { hangs, number } => {
                if let Some(text) = &factor.complaint {
                    return Ok(self.refuse(Refused::Factor, text.clone()));
                }
                let request = Request {
                    slow: true,
                    ..self.within(factor.form, url)?
                };
                Ok(self.wait(factor, *hangs, number.as_deref(), again, request))
            }
            How::Duo(_) if again => {
                let text = factor.complaint.clone().unwrap_or_default();
                Ok(self.refuse(Refused::Factor, text))
            }
            How::Duo(Prompt::Frame) => {
                let duo = Duo::in_frame(page, event, &self.origins)?;
                let back = Box::new(factor.form.clone());
                self.at_duo(Box::new(duo), back, url.clone(), Event::Start)
            }
            How::Duo(Prompt::Page) => {
                let duo = Duo::by_form(factor.form, url, &self.origins)?;
                self.at_duo(Box::new(duo), Box::default(), url.clone(), Event::Start)
            }
            How::Browser => Err(FlowError::Mfa {
                method: factor.name(),
            }),
        }
    }

    /// Sends the form until the page is another one. What there is to do is told before the wait, and
    /// told anew when it changes.
    fn wait(
        &mut self,
        factor: &Factor<'_>,
        hangs: bool,
        number: Option<&str>,
        again: bool,
        request: Request,
    ) -> Step {
        let text = factor.to_do(number);
        let is_known = hangs || again || number.is_some() || !factor.words.is_empty();
        let pauses = again || (number.is_some() && !hangs);
        if is_known && self.tried.tells_anew(&text) {
            self.state = State::Tells { request, pauses };
            return Step::Show(text);
        }
        match pauses {
            true => self.pause(request),
            // The first page of a method may only lead to the one that says what to do.
            false => self.send(request),
        }
    }

    /// "Authentication Options".
    fn options(&mut self, methods: &Offers<'_>, page: &Page, url: &Url) -> Result<Step, FlowError> {
        let is_password = |id: &str| id == "FormsAuthentication";
        let password = methods.offers.iter().find(|offer| is_password(&offer.id));
        if let Some(offer) = password.filter(|_| !self.tried.password) {
            let request = self.within(&methods.chosen(&offer.id), url)?;
            return Ok(self.send(request));
        }
        let mut possible = methods.clone();
        possible
            .offers
            .retain(|offer| !factor::needs_browser(&offer.id) && !is_password(&offer.id));
        if possible.offers.is_empty() {
            let methods = methods.offers.iter().map(|offer| offer.label.clone());
            return Err(FlowError::MfaOptions {
                methods: methods.collect(),
            });
        }
        if !self.tried.chooses() {
            let text = page::complaint(page).unwrap_or_default();
            return Ok(self.refuse(Refused::Factor, text));
        }
        // Before anybody chooses: the session must not be led away.
        self.within(methods.form, url)?;
        Ok(self.choose("second factor", &possible, url))
    }

    fn home_realm(&mut self, realms: &Offers<'_>, url: &Url) -> Result<Step, FlowError> {
        let asks_twice = std::mem::replace(&mut self.tried.organization, true);
        if realms.offers.is_empty() || asks_twice {
            return Err(FlowError::HomeRealm {
                host: url.host_str().unwrap_or_default().to_owned(),
            });
        }
        Ok(self.choose(ORGANIZATION, realms, url))
    }

    fn choose(&mut self, what: &str, offers: &Offers<'_>, url: &Url) -> Step {
        let forms = offers.offers.iter().map(|offer| offers.chosen(&offer.id));
        self.state = State::Chooses {
            forms: forms.collect(),
            page: url.clone(),
        };
        Step::Choose(Choice {
            what: what.to_owned(),
            options: offers.offers.clone(),
        })
    }

    /// Has Duo go on, and takes the word back at its end.
    fn at_duo(
        &mut self,
        mut duo: Box<Duo>,
        back: Box<Form>,
        page: Url,
        event: Event,
    ) -> Result<Step, FlowError> {
        match duo.next(event)? {
            Turn::Step(step) => {
                self.state = State::Duo { duo, back, page };
                Ok(step)
            }
            Turn::Ended(Ended::Signed(response)) => {
                let mut request = self.within(&back, &page)?;
                if let Body::Form(fields) = &mut request.body {
                    fields.retain(|(name, _)| name != "sig_response");
                    fields.push(("sig_response".to_owned(), Value::Secret(response)));
                }
                request.carries_secret = true;
                Ok(self.send(request))
            }
            Turn::Ended(Ended::Back(request)) => Ok(self.send(*request)),
            Turn::Ended(Ended::Page(page)) => self.page(&page),
        }
    }

    /// The request that submits a form which must stay where the password may go.
    fn within(&self, form: &Form, page: &Url) -> Result<Request, FlowError> {
        form::password_target(form, page, &self.origins)?;
        Ok(Request {
            method: Method::Post,
            ..form::submit(form, page)?
        })
    }

    /// The form with a code in it, sent as the Enter key sends it: by its first button.
    fn with_code(
        &self,
        form: &Form,
        page: &Url,
        field: &str,
        code: &SecretString,
    ) -> Result<Request, FlowError> {
        let mut form = form.clone();
        form.submits.truncate(1);
        let mut request = self.within(&form, page)?;
        if let Body::Form(fields) = &mut request.body {
            // Once, also where a page has two fields of that name.
            if let Some((_, value)) = fields.iter_mut().find(|(name, _)| name == field) {
                let code = code.expose_secret().trim();
                *value = Value::Secret(SecretString::from(code));
            }
        }
        request.carries_secret = true;
        Ok(request)
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
