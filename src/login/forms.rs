//! Any identity provider by its forms: SimpleSAMLphp, Keycloak, Shibboleth, LemonLDAP::NG and whatever
//! else shows a page with fields.
//!
//! The password is sent once, and each code once, whatever comes back: a second try with the same is a
//! step towards a locked account. What a page asks for is settled by [`page`], whose field is whose by
//! [`fields`].

use std::collections::VecDeque;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::fields::Sheet;
use self::page::{By, PageKind, Seen, Way, called, classify, complaint};
use super::acs::{self, Delivery};
use super::codes::Codes;
use super::form::{self, Filling};
use super::{
    Choice, Event, Flow, FlowError, Offer, Origins, PageEvent, Question, Refusal, Refused, Request,
    Step, Value, place,
};
use crate::format::html::{self, Form, Page};
use crate::model::FormFields;

mod fields;
mod page;

/// The login at any identity provider's forms.
#[derive(Debug)]
pub struct Forms {
    start: Option<Request>,
    origins: Origins,
    username: Option<String>,
    fields: FormFields,
    given: Given,
    state: State,
}

/// What this login has given already.
#[derive(Debug, Default)]
struct Given {
    username: bool,
    password: bool,
    codes: Codes,
}

enum State {
    /// Nothing has happened.
    Before,
    /// A request is out.
    Sent,
    /// Questions are out about a form; it waits for the answers.
    Asked(Box<Pending>),
    /// One of these ways is to be chosen.
    Chooses(Vec<(Form, By)>, Url),
    /// The last word was said.
    Over,
}

/// A form that is being filled in.
struct Pending {
    form: Form,
    page: Url,
    filling: Filling,
    wants: VecDeque<Want>,
}

/// What a form still wants.
enum Want {
    Username(usize),
    Device(Vec<usize>),
    Password(usize),
    Code(usize),
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Before => "Before",
            Self::Sent => "Sent",
            Self::Asked(_) => "Asked",
            Self::Chooses(..) => "Chooses",
            Self::Over => "Over",
        })
    }
}

impl Forms {
    /// A login that starts at the sign-on page. A user name that is not given is asked for; `fields` are
    /// names of what is not to be guessed.
    #[must_use]
    pub fn new(
        sign_on: Url,
        origins: Origins,
        username: Option<String>,
        fields: FormFields,
    ) -> Self {
        Self {
            start: Some(Request::get(sign_on)),
            origins,
            username,
            fields,
            given: Given::default(),
            state: State::Before,
        }
    }
}

impl Flow for Forms {
    fn next(&mut self, event: Event) -> Step {
        self.step(event).unwrap_or_else(Step::Fail)
    }
}

impl Forms {
    fn step(&mut self, event: Event) -> Result<Step, FlowError> {
        match (std::mem::replace(&mut self.state, State::Over), event) {
            (State::Before, Event::Start) => {
                let request = self.start.take().ok_or(FlowError::OutOfTurn)?;
                Ok(self.send(request))
            }
            (State::Sent, Event::Page(page)) => self.page(&page),
            (State::Asked(pending), Event::Answer(answer)) => self.answered(pending, &answer),
            (State::Asked(pending), Event::Chosen(at)) => self.device(pending, at),
            (State::Chooses(ways, page), Event::Chosen(at)) => {
                let (form, by) = ways.get(at).ok_or(FlowError::OutOfTurn)?;
                let mut filling = Filling::default();
                match by {
                    By::Button(button) => filling.press(*button),
                    By::Radio(radio) => filling.choose(*radio),
                }
                let request = form::send(form, &page, &self.origins, &filling)?;
                Ok(self.send(request))
            }
            _ => Err(FlowError::OutOfTurn),
        }
    }

    /// What to do with a page.
    fn page(&mut self, event: &PageEvent) -> Result<Step, FlowError> {
        let at = || place(&event.url);
        let host = || event.url.host_str().unwrap_or_default().to_owned();
        let page = html::read(event.body.expose_secret())
            .map_err(|cause| FlowError::TooMuch { page: at(), cause })?;
        let seen = Seen {
            status: event.status,
            www_authenticate: &event.www_authenticate,
            signed_in: self.given.password,
        };
        match classify(&page, &self.fields, &seen) {
            PageKind::Assertion { form } => {
                Ok(match acs::delivery(form, &event.url, &self.origins)? {
                    Delivery::Aws(assertion) => Step::Done(assertion),
                    Delivery::Partner(request) => self.send(request),
                })
            }
            PageKind::Fill { form, sheet } => self.fill(form, &sheet, &page, event),
            PageKind::Choice { what, ways } => Ok(self.choose(what, &ways, &event.url)),
            PageKind::Continue { form } => {
                let mut filling = Filling::default();
                // Beside buttons that only go back.
                if let Some(at) = page::way_on(form) {
                    filling.press(at);
                }
                let request = form::send(form, &event.url, &self.origins, &filling)?;
                Ok(self.send(request))
            }
            PageKind::Refresh { url } => Ok(self.send(form::follow(&page, &url, &event.url)?)),
            PageKind::Refused { text } => Ok(refuse(Refused::Other, text)),
            PageKind::ChangePassword => Err(FlowError::PasswordExpired { host: host() }),
            PageKind::SetUp => Err(FlowError::SetUp { host: host() }),
            PageKind::SecurityKey => Err(FlowError::SecurityKey { host: host() }),
            PageKind::WindowsIntegrated { schemes } => Err(FlowError::WindowsIntegrated {
                host: host(),
                schemes,
            }),
            PageKind::NoForm => Err(FlowError::NoForm {
                page: at(),
                title: page.title.clone(),
                status: event.status,
            }),
            PageKind::Unknown => Err(FlowError::Unknown {
                page: at(),
                title: page.title.clone(),
                status: event.status,
            }),
        }
    }

    /// A form to fill in; or, where it asks again for what was given, a refusal.
    fn fill(
        &mut self,
        form: &Form,
        sheet: &Sheet,
        page: &Page,
        event: &PageEvent,
    ) -> Result<Step, FlowError> {
        if let Some(refused) = self.refused(form, sheet, page) {
            return Ok(refuse(refused, complaint(page).unwrap_or_default()));
        }
        // Before anybody types: it may be no place for a secret. A user name alone shows who it is.
        form::password_target(form, &event.url, &self.origins)?;
        let devices = (!sheet.devices.is_empty()).then(|| sheet.devices.clone());
        let wants = [
            sheet.username.map(Want::Username),
            devices.map(Want::Device),
            sheet.password.map(Want::Password),
            sheet.code.map(Want::Code),
        ];
        let mut filling = Filling::default();
        if let Some(at) = page::way_on(form) {
            filling.press(at);
        }
        self.ask(Box::new(Pending {
            form: form.clone(),
            page: event.url.clone(),
            filling,
            wants: wants.into_iter().flatten().collect(),
        }))
    }

    /// What a form that asks for something again refuses.
    fn refused(&mut self, form: &Form, sheet: &Sheet, page: &Page) -> Option<Refused> {
        let first_factor = sheet.password.is_some() || sheet.code.is_none();
        let field = sheet.code.and_then(|at| form.controls.get(at));
        // A field that any page before has asked for, and not only the last: two of them may take turns.
        let asks_again =
            |codes: &mut Codes| field.is_some_and(|control| !codes.asks_anew(&control.name, ""));
        let codes = &mut self.given.codes;
        match (codes.any(), first_factor) {
            // From the start again, after a code.
            (true, true) => Some(Refused::Code),
            (true, false) => {
                (asks_again(codes) || complaint(page).is_some()).then_some(Refused::Code)
            }
            (false, true) if self.given.password => Some(Refused::Password),
            (false, true) if self.given.username && sheet.password.is_none() => {
                Some(Refused::Password)
            }
            (false, _) => {
                asks_again(codes);
                None
            }
        }
    }

    /// Asks the next question about the form, and sends it where there is none left.
    fn ask(&mut self, mut pending: Box<Pending>) -> Result<Step, FlowError> {
        while let Some(want) = pending.wants.front() {
            let question = match want {
                Want::Username(at) => {
                    let Some(name) = &self.username else {
                        self.state = State::Asked(pending);
                        return Ok(Step::Ask(Question::Username));
                    };
                    let (at, name) = (*at, name.clone());
                    self.given.username = true;
                    pending.filling.put_at(at, Value::Plain(name));
                    pending.wants.pop_front();
                    continue;
                }
                Want::Device(places) => {
                    let choice = Choice {
                        what: "device of the one-time code".to_owned(),
                        options: devices(&pending.form, places),
                    };
                    self.state = State::Asked(pending);
                    return Ok(Step::Choose(choice));
                }
                Want::Password(_) => match &self.username {
                    Some(username) => Question::Password {
                        username: username.clone(),
                    },
                    // A page with a password alone, and nobody has said whose.
                    None => Question::Username,
                },
                Want::Code(at) => Question::Code {
                    prompt: prompt(&pending.form, *at),
                },
            };
            self.state = State::Asked(pending);
            return Ok(Step::Ask(question));
        }
        let Pending {
            form,
            page,
            filling,
            ..
        } = *pending;
        let request = form::send(&form, &page, &self.origins, &filling)?;
        Ok(self.send(request))
    }

    fn answered(
        &mut self,
        mut pending: Box<Pending>,
        answer: &SecretString,
    ) -> Result<Step, FlowError> {
        let text = answer.expose_secret().trim();
        match pending.wants.front() {
            Some(Want::Username(_) | Want::Password(_)) if self.username.is_none() => {
                self.username = Some(text.to_owned());
                return self.ask(pending);
            }
            Some(Want::Password(at)) => {
                self.given.password = true;
                pending.filling.put_at(*at, Value::Secret(answer.clone()));
            }
            Some(Want::Code(at)) => {
                if !self.given.codes.is_new(answer) {
                    return Ok(refuse(Refused::Code, String::new()));
                }
                // Read off a display, with the gap that it is shown with.
                let code: String = text.split_whitespace().collect();
                pending.filling.put_at(*at, Value::Secret(code.into()));
            }
            _ => return Err(FlowError::OutOfTurn),
        }
        pending.wants.pop_front();
        self.ask(pending)
    }

    fn device(&mut self, mut pending: Box<Pending>, chosen: usize) -> Result<Step, FlowError> {
        let Some(Want::Device(places)) = pending.wants.pop_front() else {
            return Err(FlowError::OutOfTurn);
        };
        let place = places.get(chosen).ok_or(FlowError::OutOfTurn)?;
        pending.filling.choose(*place);
        self.ask(pending)
    }

    fn choose(&mut self, what: String, ways: &[Way<'_>], page: &Url) -> Step {
        let options = ways
            .iter()
            .map(|way| Offer {
                id: way.id.clone(),
                label: way.label.clone(),
            })
            .collect();
        let ways = ways.iter().map(|way| (way.form.clone(), way.by)).collect();
        self.state = State::Chooses(ways, page.clone());
        Step::Choose(Choice { what, options })
    }

    fn send(&mut self, request: Request) -> Step {
        self.state = State::Sent;
        Step::Send(request)
    }
}

fn devices(form: &Form, places: &[usize]) -> Vec<Offer> {
    let controls = places.iter().filter_map(|at| form.controls.get(*at));
    controls
        .map(|control| Offer {
            id: control.value.clone(),
            label: called(control),
        })
        .collect()
}

/// What the page calls its field, where that is a word or two.
fn prompt(form: &Form, place: usize) -> String {
    let label = form.controls.get(place).map(|control| &control.label);
    let label = label.map(|text| text.trim_end_matches([':', '*', ' ']));
    match label {
        Some(text) if !text.is_empty() && text.chars().count() <= 80 => text.to_owned(),
        _ => "one-time code".to_owned(),
    }
}

fn refuse(what: Refused, text: String) -> Step {
    let hint = match what {
        Refused::Password => {
            "the password was sent once and not again, because a few wrong ones lock the account; \
             check it in a browser"
        }
        Refused::Code => {
            "a code is good for one login and for a short time: wait for the next one and try again; \
             where every one is refused, compare the clocks"
        }
        Refused::Factor | Refused::Other => {
            "open `url` of [idp.NAME] in a browser: what it shows there is the identity provider's to \
             explain"
        }
    };
    Step::Refuse(Refusal {
        what,
        text,
        hint: hint.to_owned(),
    })
}

#[cfg(test)]
mod tests;
