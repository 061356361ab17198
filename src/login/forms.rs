//! Any identity provider by its forms: SimpleSAMLphp, Keycloak, Shibboleth, LemonLDAP::NG and whatever
//! else shows a page with fields.
//!
//! The password is sent once, and each code once, whatever comes back: a second try with the same is a
//! step towards a locked account. What a page asks for is settled by [`page`], whose field is whose by
//! [`fields`].

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::fields::Sheet;
use self::given::{Given, Reading};
use self::page::{PageKind, Seen, classify, complaint};
use self::pending::{Answered, Pending};
use self::tabs::Tab;
use self::ways::{By, Way, way_on};
use super::acs::{self, Delivery};
use super::form::{self, Filling};
use super::{
    Choice, Event, Flow, FlowError, Offer, Origins, PageEvent, Refusal, Refused, Request, Step,
    place,
};
use crate::format::html::{self, AutoSubmit, Form, Page};
use crate::format::printable::printable;
use crate::model::FormFields;

mod consent;
mod fields;
mod given;
mod page;
mod pending;
mod tabs;
mod ways;
mod words;

/// Seconds between two sendings of a form by which a page looks whether somebody has answered a push. Its
/// own number is in a script.
const SCRIPT_PAUSE: u32 = 2;

/// The login at any identity provider's forms.
#[derive(Debug)]
pub struct Forms {
    start: Option<Request>,
    origins: Origins,
    username: Option<String>,
    fields: FormFields,
    given: Given,
    /// What was shown last.
    told: String,
    /// The form that only led on, where the last page had one.
    led_on: Option<Shape>,
    state: State,
}

enum State {
    /// Nothing has happened.
    Before,
    /// A request is out.
    Sent,
    /// Questions are out about a form; it waits for the answers.
    Asked(Box<Pending>),
    /// One of these ways is to be chosen.
    Chooses {
        /// By which form each is taken, and how.
        ways: Vec<(usize, By)>,
        forms: Vec<Form>,
        page: Url,
    },
    /// The form to fill in is to be chosen.
    Parts {
        forms: Vec<(Form, Sheet)>,
        page: Box<Page>,
        event: Box<PageEvent>,
    },
    /// The page's words are being told; then comes the pause before the request.
    Tells { request: Request, pause: Duration },
    /// The pause is on.
    Pauses { request: Request },
    /// The last word was said.
    Over,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Before => "Before",
            Self::Sent => "Sent",
            Self::Asked(_) => "Asked",
            Self::Chooses { .. } => "Chooses",
            Self::Parts { .. } => "Parts",
            Self::Tells { .. } => "Tells",
            Self::Pauses { .. } => "Pauses",
            Self::Over => "Over",
        })
    }
}

/// What stays the same of a form that a page sends again and again: not the tokens in it.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    action: String,
    names: Vec<String>,
}

impl Shape {
    fn of(form: &Form, request: &Request) -> Self {
        let names = form.controls.iter().map(|control| control.name.clone());
        Self {
            action: place(&request.url),
            names: names.collect(),
        }
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
            told: String::new(),
            led_on: None,
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
            (State::Sent, Event::Page(page)) => {
                let led_on = self.led_on.take();
                self.page(&page, led_on.as_ref())
            }
            (State::Asked(pending), Event::Answer(answer)) => self.answered(pending, &answer),
            (State::Asked(mut pending), Event::Chosen(at)) => {
                pending.chosen(at)?;
                self.ask(pending)
            }
            (State::Chooses { ways, forms, page }, Event::Chosen(at)) => {
                let (form, by) = ways.get(at).ok_or(FlowError::OutOfTurn)?;
                let form = forms.get(*form).ok_or(FlowError::OutOfTurn)?;
                let mut filling = Filling::default();
                match by {
                    By::Button(button) => filling.press(*button),
                    By::Radio(radio) => filling.choose(*radio),
                    By::Option { select, option } => filling.select(form, *select, *option),
                }
                let request = form::send(form, &page, &self.origins, &filling)?;
                Ok(self.send(request))
            }
            (State::Parts { forms, page, event }, Event::Chosen(at)) => {
                let chosen = forms.into_iter().nth(at);
                let (form, sheet) = chosen.ok_or(FlowError::OutOfTurn)?;
                self.fill(&form, sheet, &page, &event)
            }
            (State::Tells { request, pause }, Event::Continue) => {
                self.state = State::Pauses { request };
                Ok(Step::Wait(pause))
            }
            (State::Pauses { request }, Event::Continue) => Ok(self.send(request)),
            _ => Err(FlowError::OutOfTurn),
        }
    }

    /// What to do with a page; the one before it may have led on by this form.
    fn page(&mut self, event: &PageEvent, led_on: Option<&Shape>) -> Result<Step, FlowError> {
        let at = || place(&event.url);
        let host = || event.url.host_str().unwrap_or_default().to_owned();
        let too_much = |cause| FlowError::TooMuch { page: at(), cause };
        let mut page = html::read(event.body.expose_secret()).map_err(too_much)?;
        let seen = Seen {
            status: event.status,
            www_authenticate: &event.www_authenticate,
            named: self.given.username(),
            signed_in: self.given.password(),
        };
        if classify(&page, &self.fields, &seen).is_nothing() {
            if let Some(assertion) = acs::in_script(event.body.expose_secret()) {
                return Ok(Step::Done(assertion));
            }
            let plain = page.without_scripts().map_err(too_much)?;
            if classify(&plain, &self.fields, &seen).is_way_on() {
                page = plain;
            }
        }
        match classify(&page, &self.fields, &seen) {
            PageKind::Assertion { form } => {
                Ok(match acs::delivery(form, &event.url, &self.origins)? {
                    Delivery::Aws(assertion) => Step::Done(assertion),
                    Delivery::Partner(request) => self.send(request),
                })
            }
            PageKind::Fill { form, sheet } => self.fill(form, sheet, &page, event),
            PageKind::Tabs { tabs } => Ok(self.part(&tabs, &page, event)),
            PageKind::Choice { what, ways } => Ok(self.choose(what, &ways, &event.url)),
            PageKind::Continue { form } => {
                let mut filling = Filling::default();
                // Beside buttons that only go back.
                if let Some(at) = way_on(form) {
                    filling.press(at);
                }
                let request = form::send(form, &event.url, &self.origins, &filling)?;
                let shape = Shape::of(form, &request);
                let comes_again = led_on == Some(&shape);
                self.led_on = Some(shape);
                let looks_again = comes_again && page.sends_itself == Some(AutoSubmit::Later);
                Ok(match looks_again && seen.signed_in {
                    true => self.wait(request, SCRIPT_PAUSE, &page),
                    false => self.send(request),
                })
            }
            PageKind::Refresh { url, delay } => {
                let request = form::follow(&page, &url, &event.url)?;
                Ok(match delay > 0 && seen.signed_in {
                    true => self.wait(request, delay, &page),
                    false => self.send(request),
                })
            }
            PageKind::Refused { text } => Ok(self.refuse(Refused::Other, text)),
            PageKind::ChangePassword => Err(FlowError::PasswordExpired { host: host() }),
            PageKind::SetUp => Err(FlowError::SetUp { host: host() }),
            PageKind::SecurityKey => Err(FlowError::SecurityKey { host: host() }),
            PageKind::WindowsIntegrated { schemes } => Err(FlowError::WindowsIntegrated {
                host: host(),
                schemes,
            }),
            PageKind::NeedsScripts => Err(FlowError::NeedsScripts {
                page: at(),
                title: page.title.clone(),
            }),
            PageKind::NoForm => Err(FlowError::NoForm {
                page: at(),
                title: page.title.clone(),
                status: event.status,
            }),
            PageKind::Unknown => Err(unknown(&page, event)),
        }
    }

    /// A form to fill in; or, where it asks again for what was given, a refusal.
    fn fill(
        &mut self,
        form: &Form,
        sheet: Sheet,
        page: &Page,
        event: &PageEvent,
    ) -> Result<Step, FlowError> {
        let complains = complaint(page);
        let sheet = match self
            .given
            .read(form, sheet, complains.is_some(), &event.url)?
        {
            Reading::Asks(sheet) => sheet,
            Reading::Refuses(what) => return Ok(self.refuse(what, complains.unwrap_or_default())),
            Reading::Strange => return Err(unknown(page, event)),
        };
        if sheet.captcha {
            // Without it the password would be sent for nothing, and counted as a wrong one.
            let host = event.url.host_str().unwrap_or_default().to_owned();
            return Err(FlowError::Captcha { host });
        }
        let mut filling = Filling::default();
        if let Some(at) = way_on(form) {
            filling.press(at);
        }
        // Before anybody types: it may be no place for a secret. A user name alone shows who it is.
        form::secret_target(form, &filling, &event.url, &self.origins)?;
        let pending = Pending::new(form.clone(), event.url.clone(), &sheet, filling);
        self.ask(Box::new(pending))
    }

    /// Asks the next question about the form, and sends it where there is none left.
    fn ask(&mut self, mut pending: Box<Pending>) -> Result<Step, FlowError> {
        match pending.question(self.username.as_deref(), &mut self.given) {
            Some(question) => {
                self.state = State::Asked(pending);
                Ok(question)
            }
            None => {
                let request = pending.request(&self.origins)?;
                Ok(self.send(request))
            }
        }
    }

    fn answered(
        &mut self,
        mut pending: Box<Pending>,
        answer: &SecretString,
    ) -> Result<Step, FlowError> {
        match pending.answered(answer, &mut self.username, &mut self.given)? {
            Answered::Taken => self.ask(pending),
            Answered::SentBefore => Ok(self.refuse(Refused::Code, String::new())),
        }
    }

    /// Which of several forms to fill in, each with the password of other users.
    fn part(&mut self, tabs: &[Tab<'_>], page: &Page, event: &PageEvent) -> Step {
        let forms = tabs.iter().map(|tab| (tab.form.clone(), tab.sheet.clone()));
        self.state = State::Parts {
            forms: forms.collect(),
            page: Box::new(page.clone()),
            event: Box::new(event.copy()),
        };
        let offer = |tab: &Tab<'_>| Offer {
            id: tab.id.clone(),
            label: tab.label.clone(),
        };
        Step::Choose(Choice {
            what: "sign-in form (`form` of [idp.NAME] names it)".to_owned(),
            options: tabs.iter().map(offer).collect(),
            preferred: vec![],
        })
    }

    fn choose(&mut self, what: String, ways: &[Way<'_>], page: &Url) -> Step {
        let options = ways
            .iter()
            .map(|way| Offer {
                id: way.id.clone(),
                label: way.label.clone(),
            })
            .collect();
        // Thousands of ways may be options of one list.
        let mut forms: Vec<&Form> = Vec::new();
        for way in ways {
            if !forms.iter().any(|known| std::ptr::eq(*known, way.form)) {
                forms.push(way.form);
            }
        }
        let place = |form: &Form| forms.iter().position(|known| std::ptr::eq(*known, form));
        let ways = ways.iter();
        let ways = ways.filter_map(|way| Some((place(way.form)?, way.by)));
        let ways = ways.collect();
        self.state = State::Chooses {
            ways,
            forms: forms.into_iter().cloned().collect(),
            page: page.clone(),
        };
        Step::Choose(Choice {
            what,
            options,
            preferred: vec![],
        })
    }

    /// A page that goes on by itself after a while, or again and again: it may say what is to be done
    /// meanwhile, elsewhere.
    fn wait(&mut self, request: Request, delay: u32, page: &Page) -> Step {
        let pause = Duration::from_secs(delay.into());
        let words = printable(&page.text, 200);
        if words.is_empty() || words == self.told {
            self.state = State::Pauses { request };
            return Step::Wait(pause);
        }
        self.told.clone_from(&words);
        self.state = State::Tells { request, pause };
        Step::Show(words)
    }

    fn refuse(&self, what: Refused, text: String) -> Step {
        Step::Refuse(Refusal {
            what,
            text,
            hint: self.given.hint(what).to_owned(),
        })
    }

    fn send(&mut self, request: Request) -> Step {
        self.state = State::Sent;
        Step::Send(request)
    }
}

fn unknown(page: &Page, event: &PageEvent) -> FlowError {
    FlowError::Unknown {
        page: place(&event.url),
        title: page.title.clone(),
        status: event.status,
    }
}

#[cfg(test)]
mod tests;
