//! The ways on that a page offers: buttons, radio buttons, options of a select, or forms of their own.

use super::fields::{choices, radios, selects};
use crate::format::html::{Control, ControlKind, Form, FormMethod, Page};
use crate::format::printable::printable;

/// One way to go on.
#[derive(Debug, Clone)]
pub(super) struct Way<'a> {
    pub(super) form: &'a Form,
    /// What makes it this way.
    pub(super) by: By,
    /// The page's own name for it.
    pub(super) id: String,
    /// What it calls it to the person; else what it is called to the page.
    pub(super) label: String,
    /// The words of the page alone.
    pub(super) said: String,
}

/// What is done to go this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The button at this place is pressed.
    Button(usize),
    /// The radio button at this place is chosen, and the form sent.
    Radio(usize),
    /// The same with an option of the select at this place.
    Option {
        /// The place of the select.
        select: usize,
        /// Of the option in it.
        option: usize,
    },
}

/// Every way to go on, where there is a choice: the buttons of a form, its radio buttons or the options of
/// its one select where it has one button at most, or several forms with a button each.
pub(super) fn ways(page: &Page) -> Vec<Way<'_>> {
    let forms = || page.forms.iter().filter(|form| !leads_away(form));
    let buttons = |form| -> Vec<Way<'_>> { button_ways(form) };
    if let Some(ways) = forms().map(buttons).find(|ways| ways.len() > 1) {
        return ways;
    }
    if let Some(ways) = forms().map(radio_ways).find(|ways| ways.len() > 1) {
        return ways;
    }
    if let Some(ways) = forms().map(option_ways).find(|ways| ways.len() > 1) {
        return ways;
    }
    forms()
        .filter(|form| form.submits.len() == 1 && writes_nothing(form))
        .flat_map(buttons)
        .collect()
}

/// Hidden fields, and boxes that stay as they are.
fn writes_nothing(form: &Form) -> bool {
    let is_still = |c: &Control| {
        matches!(
            c.kind,
            ControlKind::Hidden | ControlKind::Check | ControlKind::Select
        )
    };
    form.controls.iter().all(is_still) && selects(form).is_empty()
}

pub(super) fn button_ways(form: &Form) -> Vec<Way<'_>> {
    let shared = |name: &str| form.submits.iter().filter(|c| c.name == name).count() > 1;
    (0..)
        .zip(&form.submits)
        .filter(|(_, button)| button.sent && !takes_back(button))
        .map(|(at, button)| Way {
            form,
            by: By::Button(at),
            id: if button.name.is_empty() || shared(&button.name) {
                first_of([&button.value, &button.label, &form.id])
            } else {
                button.name.clone()
            },
            label: called(button),
            said: said(button),
        })
        .collect()
}

fn radio_ways(form: &Form) -> Vec<Way<'_>> {
    radios(form)
        .into_iter()
        .filter_map(|at| Some((at, form.controls.get(at)?)))
        .map(|(at, radio)| Way {
            form,
            by: By::Radio(at),
            id: radio.value.clone(),
            label: called(radio),
            said: said(radio),
        })
        .collect()
}

/// A list of organizations or of identity providers, as discovery services have it.
fn option_ways(form: &Form) -> Vec<Way<'_>> {
    let places = selects(form);
    let [place] = &places[..] else {
        return Vec::new();
    };
    let is_other = |c: &Control| matches!(c.kind, ControlKind::Text | ControlKind::Password);
    let select = form.controls.get(*place);
    let Some(select) = select.filter(|_| !form.controls.iter().any(is_other)) else {
        return Vec::new();
    };
    choices(select)
        .map(|(at, (value, text))| Way {
            form,
            by: By::Option {
                select: *place,
                option: at,
            },
            id: value.clone(),
            label: printable(&first_of([text, value]), 200),
            said: text.clone(),
        })
        .collect()
}

/// What a control is called to the person.
pub(super) fn called(control: &Control) -> String {
    printable(
        &first_of([&control.label, &control.value, &control.name, &control.id]),
        200,
    )
}

/// A button that only says what the browser would say says nothing.
fn said(control: &Control) -> String {
    match control.kind {
        ControlKind::Submit => first_of([&control.label, &control.value]),
        _ => control.label.clone(),
    }
}

fn first_of<const N: usize>(texts: [&String; N]) -> String {
    let found = texts.into_iter().find(|text| !text.trim().is_empty());
    found.cloned().unwrap_or_default()
}

/// The one form with nothing to fill in, as a script would post it on or a person would with the one
/// button there is. By GET only where the page has nothing else, or says that it is the way.
pub(super) fn only_way(page: &Page) -> Option<&Form> {
    let goes_on = |form: &&Form| {
        let unnamed = form.controls.iter().all(|c| c.name.is_empty());
        let nothing = unnamed && form.submits.is_empty();
        let decided = form.submits.len() <= 1 || button_ways(form).len() == 1;
        writes_nothing(form) && decided && !nothing && !leads_away(form)
    };
    let by = |method| {
        let forms = page.forms.iter();
        forms
            .filter(move |form| form.method == method)
            .filter(goes_on)
    };
    let asks_another = |form: &&Form| form.control("SAMLRequest").is_some();
    let mut posts = by(FormMethod::Post);
    match (posts.next(), posts.next()) {
        (Some(form), None) => Some(form),
        (None, _) => {
            let is_the_way = |form: &&Form| {
                let is_sent = page.sends_itself.is_some() || asks_another(form);
                is_sent || page.forms.len() == 1 && !form.submits.is_empty()
            };
            let mut gets = by(FormMethod::Get).filter(is_the_way);
            gets.next().filter(|_| gets.next().is_none())
        }
        (Some(_), Some(_)) => by(FormMethod::Post).find(asks_another),
    }
}

/// The button that Enter presses, in every browser: the first; not one that only goes back.
pub(super) fn way_on(form: &Form) -> Option<usize> {
    match button_ways(form).first().map(|way| way.by) {
        Some(By::Button(at)) => Some(at),
        _ => None,
    }
}

/// A form that ends the session, changes the language or asks for a new password.
pub(super) fn leads_away(form: &Form) -> bool {
    is_away(&form.action)
}

fn is_away(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let path = action.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    [
        "logout",
        "signout",
        "logoff",
        "search",
        "resetpass",
        "forgot",
        "lang",
    ]
    .iter()
    .any(|word| last.contains(word))
}

/// A button that only goes back, which is not a way to sign in.
fn takes_back(button: &Control) -> bool {
    // One of several may be told by what it sends.
    let called = [&button.name, &button.value, &button.id].map(|text| text.to_ascii_lowercase());
    ["cancel", "back", "logout", "forgot", "reset", "resend"]
        .iter()
        .any(|word| called.iter().any(|text| text.ends_with(word)))
        || button.form_action.as_deref().is_some_and(is_away)
}
