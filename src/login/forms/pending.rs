//! A form that is being filled in, one question after the other.

use std::collections::VecDeque;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::fields::{Sheet, choices};
use super::given::Given;
use super::ways::called;
use crate::format::html::{Control, Form};
use crate::format::printable::printable;
use crate::login::form::{self, Filling};
use crate::login::{Choice, FlowError, Offer, Origins, Question, Request, Step, Value};

/// The form, what was put into it, and what it still wants.
pub(super) struct Pending {
    form: Form,
    page: Url,
    filling: Filling,
    wants: VecDeque<Want>,
}

/// What a form still wants, with the places of the fields that it goes to.
enum Want {
    Username(usize),
    Select(usize),
    Device(Vec<usize>),
    Password(usize),
    Code(usize),
}

/// What became of an answer.
pub(super) enum Answered {
    Taken,
    /// It is a code that was sent already, and a second time is one more failure.
    SentBefore,
}

impl Pending {
    pub(super) fn new(form: Form, page: Url, sheet: &Sheet, filling: Filling) -> Self {
        // Where to sign in comes first: it may settle whose password is meant.
        let selects = sheet.selects.iter().copied().map(Want::Select);
        let devices = (!sheet.devices.is_empty()).then(|| sheet.devices.clone());
        let wants = [
            sheet.username.map(Want::Username),
            devices.map(Want::Device),
            sheet.password.map(Want::Password),
            sheet.code.map(Want::Code),
        ];
        Self {
            form,
            page,
            filling,
            wants: selects.chain(wants.into_iter().flatten()).collect(),
        }
    }

    /// The next question; `None` where nothing is wanted any more.
    pub(super) fn question(&mut self, username: Option<&str>, given: &mut Given) -> Option<Step> {
        while let Some(want) = self.wants.front() {
            let question = match want {
                Want::Username(at) => {
                    let Some(name) = username else {
                        return Some(Step::Ask(Question::Username));
                    };
                    let (at, name) = (*at, name.to_owned());
                    given.gives_username();
                    self.filling.put_at(at, Value::Plain(name));
                    self.wants.pop_front();
                    continue;
                }
                Want::Select(at) => return Some(Step::Choose(selection(&self.form, *at))),
                Want::Device(places) => {
                    return Some(Step::Choose(Choice {
                        what: "device of the one-time code".to_owned(),
                        options: devices(&self.form, places),
                        preferred: vec![],
                    }));
                }
                Want::Password(_) => match username {
                    Some(username) => Question::Password {
                        username: username.to_owned(),
                    },
                    // A page with a password alone, and nobody has said whose.
                    None => Question::Username,
                },
                Want::Code(at) => Question::Code {
                    prompt: prompt(&self.form, *at),
                },
            };
            return Some(Step::Ask(question));
        }
        None
    }

    /// Puts the answer where it was asked for.
    pub(super) fn answered(
        &mut self,
        answer: &SecretString,
        username: &mut Option<String>,
        given: &mut Given,
    ) -> Result<Answered, FlowError> {
        let text = answer.expose_secret().trim();
        match self.wants.front() {
            Some(Want::Username(_) | Want::Password(_)) if username.is_none() => {
                *username = Some(text.to_owned());
                return Ok(Answered::Taken);
            }
            Some(Want::Password(at)) => {
                given.gives_password();
                self.filling.put_at(*at, Value::Secret(answer.clone()));
            }
            Some(Want::Code(at)) => {
                if !given.gives_code(answer) {
                    return Ok(Answered::SentBefore);
                }
                // Read off a display, with the gap that it is shown with.
                let code: String = text.split_whitespace().collect();
                self.filling.put_at(*at, Value::Secret(code.into()));
            }
            _ => return Err(FlowError::OutOfTurn),
        }
        self.wants.pop_front();
        Ok(Answered::Taken)
    }

    /// Takes the option at this place of the choice that was offered.
    pub(super) fn chosen(&mut self, chosen: usize) -> Result<(), FlowError> {
        match self.wants.pop_front() {
            Some(Want::Device(places)) => {
                let place = places.get(chosen).ok_or(FlowError::OutOfTurn)?;
                self.filling.choose(*place);
            }
            Some(Want::Select(at)) => {
                let select = self.form.controls.get(at);
                let option = select.and_then(|select| choices(select).nth(chosen));
                let (option, _) = option.ok_or(FlowError::OutOfTurn)?;
                self.filling.select(&self.form, at, option);
            }
            _ => return Err(FlowError::OutOfTurn),
        }
        Ok(())
    }

    /// The form as it is sent.
    pub(super) fn request(&self, origins: &Origins) -> Result<Request, FlowError> {
        form::send(&self.form, &self.page, origins, &self.filling)
    }
}

/// A select beside the fields of a form: an organization, a domain, a device.
fn selection(form: &Form, place: usize) -> Choice {
    let select = form.controls.get(place);
    let offer = |(_, (value, text)): (usize, &(String, String))| Offer {
        id: value.clone(),
        label: printable(if text.is_empty() { value } else { text }, 200),
    };
    Choice {
        what: format!("way to sign in ({})", select.map(named).unwrap_or_default()),
        options: select
            .map(|select| choices(select).map(offer).collect())
            .unwrap_or_default(),
        preferred: vec![],
    }
}

/// What the page calls it, and not what it has chosen.
fn named(select: &Control) -> String {
    let label = select.label.trim_end_matches([':', '*', ' ']);
    let name = if label.is_empty() {
        &select.name
    } else {
        label
    };
    printable(name, 80)
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
