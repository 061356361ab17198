//! Whose field is whose: by what the configuration says, by what browsers go by (`type`,
//! `autocomplete`), and then by name. Never by the text of a page, which comes in every language.

use crate::format::html::{Control, ControlKind, Form};
use crate::model::FormFields;

/// The fields of one form that somebody must fill in, as places among its controls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) username: Option<usize>,
    pub(super) password: Option<usize>,
    pub(super) code: Option<usize>,
    /// Radio buttons of one name: the device that the code is of.
    pub(super) devices: Vec<usize>,
}

const USER: [&str; 10] = [
    "user",
    "email",
    "login",
    "ident",
    "account",
    "logon",
    "uid",
    "upn",
    "principal",
    "mail",
];
const CODE: [&str; 10] = [
    "otp",
    "code",
    "token",
    "pin",
    "mfa",
    "2fa",
    "tfa",
    "challenge",
    "verif",
    "factor",
];
const SEARCH: [&str; 3] = ["q", "query", "search"];

/// What a form asks for; `None` where nothing of a login. `signed_in` where user name and password were
/// given already: then the one field of a form is a code, whatever its name.
pub(super) fn sheet(form: &Form, said: &FormFields, signed_in: bool) -> Option<Sheet> {
    let open: Vec<(usize, &Control)> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(_, control)| is_open(control))
        .collect();
    let named = |said: &Option<String>| {
        let name = said.as_deref()?;
        let is = |c: &Control| c.name == name || c.id == name;
        open.iter().find(|(_, c)| is(c)).map(|(at, _)| *at)
    };
    let find = |is: &dyn Fn(&Control) -> bool| open.iter().find(|(_, c)| is(c)).map(|(at, _)| *at);
    let password = named(&said.password)
        .or_else(|| find(&|c| c.kind == ControlKind::Password && !is_code(c)))
        .or_else(|| find(&|c| has(c, "pass") && !is_code(c)));
    let code = named(&said.code)
        .or_else(|| find(&is_code))
        .filter(|at| Some(*at) != password);
    let other = |at: &usize| Some(*at) != password && Some(*at) != code;
    let username = named(&said.username)
        .or_else(|| {
            find(&|c| {
                c.autocomplete
                    .split(' ')
                    .any(|word| ["username", "email"].contains(&word))
            })
        })
        .or_else(|| find(&|c| c.kind == ControlKind::Text && USER.iter().any(|word| has(c, word))))
        .or_else(|| find(&|c| c.input_type == "email"))
        // Whatever text stands before a password is the name that goes with it.
        .or_else(|| {
            let before = |(at, c): &&(usize, &Control)| {
                password.is_some_and(|password| *at < password) && c.kind == ControlKind::Text
            };
            open.iter().rfind(before).map(|(at, _)| *at).filter(other)
        })
        .filter(other);
    let only = match &open[..] {
        [(at, control)] if signed_in && control.input_type != "email" => Some(*at),
        _ => None,
    };
    let code = code.or(only.filter(|at| Some(*at) != password && Some(*at) != username));
    let devices = match code {
        Some(_) => radios(form),
        None => Vec::new(),
    };
    let sheet = Sheet {
        username,
        password,
        code,
        devices,
    };
    (sheet.username.or(sheet.password).or(sheet.code).is_some()).then_some(sheet)
}

/// The radio buttons of the first group that offers more than one.
pub(super) fn radios(form: &Form) -> Vec<usize> {
    let is_radio = |c: &&Control| c.input_type == "radio" && !c.name.is_empty() && !c.disabled;
    let group = |name: &str| -> Vec<usize> {
        (0..)
            .zip(&form.controls)
            .filter(|(_, c)| is_radio(c) && c.name == name)
            .map(|(at, _)| at)
            .collect()
    };
    form.controls
        .iter()
        .filter(is_radio)
        .map(|first| group(&first.name))
        .find(|group| group.len() > 1)
        .unwrap_or_default()
}

/// Fields for passwords that are no codes.
pub(super) fn passwords(form: &Form) -> usize {
    form.controls
        .iter()
        .filter(|c| c.sent && c.kind == ControlKind::Password && !is_code(c))
        .count()
}

/// A field that a person writes into, and not to search for something.
fn is_open(control: &Control) -> bool {
    control.sent
        && !control.name.is_empty()
        && matches!(control.kind, ControlKind::Text | ControlKind::Password)
        && control.input_type != "search"
        && !SEARCH.contains(&control.name.to_ascii_lowercase().as_str())
}

/// `one-time-code` is the word of the HTML standard. A password field may be one by its name alone:
/// `passcode`, `j_tokenNumber`.
fn is_code(control: &Control) -> bool {
    control
        .autocomplete
        .split(' ')
        .any(|word| word == "one-time-code")
        || (is_open(control)
            && !has(control, "password")
            && !["username", "email"].contains(&control.autocomplete.as_str())
            && CODE.iter().any(|word| has(control, word))
            && !["country", "postal", "zip", "area", "lang"]
                .iter()
                .any(|word| has(control, word)))
}

fn has(control: &Control, word: &str) -> bool {
    control.name.to_ascii_lowercase().contains(word)
}
