//! Sign-in forms that differ in a hidden field alone: LemonLDAP::NG has one for each directory behind a
//! tab. The password is the one of one of them.

use super::fields::{Sheet, passwords, sheet};
use super::ways::leads_away;
use crate::format::html::{Control, ControlKind, Form, FormMethod, Page};
use crate::format::printable::printable;
use crate::model::FormFields;

/// Bytes of a hidden value that could be somebody's name for something.
const LONGEST: usize = 40;
/// Parts of the names of hidden fields that are other ones in each form for their own sake.
const OWN: [&str; 10] = [
    "token",
    "csrf",
    "xsrf",
    "nonce",
    "session",
    "state",
    "execution",
    "ticket",
    "time",
    "sid",
];

/// One of the forms.
#[derive(Debug, Clone)]
pub(super) struct Tab<'a> {
    pub(super) form: &'a Form,
    pub(super) sheet: Sheet,
    /// What its hidden field says.
    pub(super) id: String,
    /// What the page calls it to the person, and what `form` may name it by.
    pub(super) label: String,
}

/// All forms that ask for the same as this one and are told apart by a hidden field; none where it is the
/// only one, or where they are the same form for a narrow screen and for a wide one.
pub(super) fn tabs<'a>(page: &'a Page, first: &Form, said: &FormFields) -> Vec<Tab<'a>> {
    let is_like = |form: &&Form| {
        form.method == FormMethod::Post && !leads_away(form) && typed(form).eq(typed(first))
    };
    let forms: Vec<(&Form, Sheet)> = page
        .forms
        .iter()
        .filter(is_like)
        .filter(|form| passwords(form, said) < 2)
        .filter_map(|form| Some((form, sheet(form, said, false)?)))
        .filter(|(_, sheet)| sheet.password.is_some())
        .collect();
    if forms.len() < 2 {
        return Vec::new();
    }
    let values = |name: &str| -> Option<Vec<&str>> {
        let values = forms.iter().map(|(form, _)| telling(form, name));
        let values: Vec<&str> = values.collect::<Option<_>>()?;
        let mut different = values.clone();
        different.sort_unstable();
        different.dedup();
        (different.len() == values.len()).then_some(values)
    };
    let mut hidden = first.controls.iter().filter(|c| is_telling(c));
    let Some(values) = hidden.find_map(|control| values(&control.name)) else {
        return Vec::new();
    };
    let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
    let tabs = forms.into_iter().zip(values);
    tabs.map(|((form, sheet), id)| Tab {
        label: label(page, form, &id),
        form,
        sheet,
        id,
    })
    .collect()
}

/// What a person writes into.
fn typed(form: &Form) -> impl Iterator<Item = (&str, ControlKind)> {
    let is_typed = |c: &&Control| matches!(c.kind, ControlKind::Text | ControlKind::Password);
    let fields = form.controls.iter().filter(is_typed);
    fields.map(|control| (control.name.as_str(), control.kind))
}

fn is_telling(control: &Control) -> bool {
    let name = control.name.to_ascii_lowercase();
    control.kind == ControlKind::Hidden
        && !name.is_empty()
        && !OWN.iter().any(|word| name.contains(word))
        && (1..=LONGEST).contains(&control.value.len())
}

fn telling<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    let control = form.control(name).filter(|c| is_telling(c))?;
    Some(&control.value)
}

/// The tab's text, else what its form says; and its id, which the file can name.
fn label(page: &Page, form: &Form, value: &str) -> String {
    let names = [value, form.id.as_str(), form.name.as_str()];
    let mut jumps = page.jumps.iter();
    let tab = jumps.find(|jump| names.contains(&jump.target.as_str()));
    let text = tab.map_or(value, |tab| &tab.text);
    let id = [&form.id, &form.name]
        .into_iter()
        .find(|name| !name.is_empty());
    printable(
        &match id {
            Some(id) if id != text => format!("{text} ({id})"),
            _ => text.to_owned(),
        },
        200,
    )
}
