//! What a page of some identity provider is: one function a kind, and a sample of each in
//! `tests/cases/pages/saml`.

use crate::format::html::{Control, ControlKind, Form, FormMethod, Page};
use crate::format::printable::printable;
use crate::login::{CONSENT, acs};
use crate::model::FormFields;

use super::fields::{Sheet, passwords, radios, sheet};

/// The kinds of page, and what of them matters.
#[derive(Debug)]
pub(super) enum PageKind<'a> {
    /// The SAML response on its way to AWS.
    Assertion { form: &'a Form },
    /// Old and new password.
    ChangePassword,
    /// A second factor is to be set up.
    SetUp,
    /// A security key is to be touched, which only a browser can ask for.
    SecurityKey,
    /// User name, password, code, or some of them.
    Fill { form: &'a Form, sheet: Sheet },
    /// One of several ways to go on.
    Choice { what: String, ways: Vec<Way<'a>> },
    /// HTTP 401 with these schemes, and no form.
    WindowsIntegrated { schemes: String },
    /// Nothing to fill in and one way to go on.
    Continue { form: &'a Form },
    /// `<meta http-equiv=refresh>` to this address, and no form.
    Refresh { url: String },
    /// A complaint, and no way to go on.
    Refused { text: String },
    /// No form at all.
    NoForm,
    /// Forms, none of them known.
    Unknown,
}

/// One way to go on.
#[derive(Debug, Clone)]
pub(super) struct Way<'a> {
    pub(super) form: &'a Form,
    /// What makes it this way.
    pub(super) by: By,
    /// The page's own name for it.
    pub(super) id: String,
    /// What it calls it to the person.
    pub(super) label: String,
}

/// What is done to go this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The button at this place is pressed.
    Button(usize),
    /// The radio button at this place is chosen, and the form sent.
    Radio(usize),
}

/// What a page is judged by besides itself.
pub(super) struct Seen<'a> {
    pub(super) status: u16,
    pub(super) www_authenticate: &'a [String],
    /// Whether the password was given in this login.
    pub(super) signed_in: bool,
}

/// Most specific first: pages repeat parts of each other, and any may hold forms that are no part of a
/// login: a search, a language, a way out.
pub(super) fn classify<'a>(page: &'a Page, said: &FormFields, seen: &Seen<'_>) -> PageKind<'a> {
    if let Some(form) = acs::response_form(page) {
        return PageKind::Assertion { form };
    }
    if page.forms.iter().any(sets_up) {
        return PageKind::SetUp;
    }
    if let Some((form, sheet)) = to_fill(page, said, seen.signed_in) {
        return PageKind::Fill { form, sheet };
    }
    if page.forms.iter().any(|form| passwords(form) > 1) {
        return PageKind::ChangePassword;
    }
    if page.forms.iter().any(wants_security_key) {
        return PageKind::SecurityKey;
    }
    let ways = ways(page);
    if ways.len() > 1 {
        return PageKind::Choice {
            what: matter(page, &ways),
            ways,
        };
    }
    if seen.status == 401 && page.forms.is_empty() && !seen.www_authenticate.is_empty() {
        return PageKind::WindowsIntegrated {
            schemes: schemes(seen.www_authenticate),
        };
    }
    if let Some(form) = only_way(page) {
        let ways = button_ways(form);
        // One button is no choice, but it may be a yes to something.
        if let Some(what) = consent(page, &ways) {
            return PageKind::Choice { what, ways };
        }
        return PageKind::Continue { form };
    }
    if let Some(refresh) = &page.meta_refresh
        && page.forms.is_empty()
        // Slower ones are sessions that run out under the reader.
        && refresh.delay <= 5
        && !refresh.url.is_empty()
    {
        return PageKind::Refresh {
            url: refresh.url.clone(),
        };
    }
    match complaint(page) {
        Some(text) => PageKind::Refused { text },
        None if page.forms.is_empty() => PageKind::NoForm,
        None => PageKind::Unknown,
    }
}

/// The form to fill in: the one that the configuration names; else one with a password, else with a
/// code, else with a user name. A form with two passwords is one to register or to change them.
fn to_fill<'a>(page: &'a Page, said: &FormFields, signed_in: bool) -> Option<(&'a Form, Sheet)> {
    let is_named = |form: &Form| {
        let name = said.form.as_deref();
        name.is_some_and(|name| form.id == name || form.name == name)
    };
    let named = page.forms.iter().find(|form| is_named(form));
    if let Some(found) = named.and_then(|form| Some((form, sheet(form, said, signed_in)?))) {
        return Some(found);
    }
    let sheets: Vec<(&Form, Sheet)> = page
        .forms
        .iter()
        .filter(|form| passwords(form) < 2 && !leads_away(form))
        .filter_map(|form| Some((form, sheet(form, said, signed_in)?)))
        .collect();
    let first = |is: &dyn Fn(&Form, &Sheet) -> bool| {
        sheets.iter().find(|(form, sheet)| is(form, sheet)).cloned()
    };
    first(&|_, sheet| sheet.password.is_some())
        .or_else(|| first(&|form, sheet| sheet.code.is_some() && form.method == FormMethod::Post))
        .or_else(|| first(&|_, sheet| sheet.code.is_some()))
        .or_else(|| {
            first(&|form, sheet| sheet.username.is_some() && form.method == FormMethod::Post)
        })
        .or_else(|| first(&|_, sheet| sheet.username.is_some()))
        // Another form of a page that is about choosing (`Send me news: [e-mail]`) is not the login.
        .filter(|_| !(signed_in && all_first_factor(&sheets) && ways(page).len() > 1))
}

fn all_first_factor(sheets: &[(&Form, Sheet)]) -> bool {
    sheets
        .iter()
        .all(|(_, sheet)| sheet.password.is_none() && sheet.code.is_none())
}

/// The page holds the secret that a new authenticator app is to be given.
fn sets_up(form: &Form) -> bool {
    let is_seed = |c: &Control| {
        let name = c.name.to_ascii_lowercase();
        c.kind == ControlKind::Hidden && (name.contains("totpsecret") || name == "totp_secret")
    };
    form.controls.iter().any(is_seed)
}

/// Hidden fields that a script fills with what the key has signed.
fn wants_security_key(form: &Form) -> bool {
    let named = |word: &str| {
        form.controls
            .iter()
            .any(|c| c.name.to_ascii_lowercase().contains(word))
    };
    named("clientdata") || (named("signature") && named("authenticatordata"))
}

/// Every way to go on, where there is a choice: the buttons of a form, its radio buttons where it has one
/// button at most, or several forms with a button each.
fn ways(page: &Page) -> Vec<Way<'_>> {
    let forms = || page.forms.iter().filter(|form| !leads_away(form));
    let buttons = |form| -> Vec<Way<'_>> { button_ways(form) };
    if let Some(ways) = forms().map(buttons).find(|ways| ways.len() > 1) {
        return ways;
    }
    if let Some(ways) = forms().map(radio_ways).find(|ways| ways.len() > 1) {
        return ways;
    }
    forms()
        .filter(|form| form.submits.len() == 1 && writes_nothing(form))
        .flat_map(buttons)
        .collect()
}

/// Hidden fields, and boxes that stay as they are.
fn writes_nothing(form: &Form) -> bool {
    let is_still = |c: &Control| matches!(c.kind, ControlKind::Hidden | ControlKind::Check);
    form.controls.iter().all(is_still)
}

fn button_ways(form: &Form) -> Vec<Way<'_>> {
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

fn first_of<const N: usize>(texts: [&String; N]) -> String {
    let found = texts.into_iter().find(|text| !text.trim().is_empty());
    found.cloned().unwrap_or_default()
}

/// What is to be decided: whether to hand over what the identity provider knows, or how to go on.
fn matter(page: &Page, ways: &[Way<'_>]) -> String {
    let is_consent = ways.iter().any(|way| consents(&way.id)) || consents(&page.title);
    titled(
        if is_consent {
            CONSENT
        } else {
            "way to sign in"
        },
        page,
    )
}

/// The same of a page with one way on: what it says yes to, where its words are a consent's. Nothing is
/// consented to in a page without a button.
fn consent(page: &Page, ways: &[Way<'_>]) -> Option<String> {
    let says_yes = |label: &str| {
        let mut words = label.split(|c: char| !c.is_alphanumeric());
        words.any(|word| !word.is_empty() && consents(word))
    };
    let [way] = ways else {
        return None;
    };
    let is_consent = consents(&way.id) || says_yes(&way.label) || consents(&page.title);
    is_consent.then(|| titled(CONSENT, page))
}

fn consents(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "yes", "no", "accept", "reject", "deny", "decline", "agree", "allow", "consent",
    ];
    let text = text.to_ascii_lowercase();
    let is = |word: &&str| text == **word || (word.len() > 3 && text.contains(*word));
    WORDS.iter().any(is)
}

fn titled(what: &str, page: &Page) -> String {
    if page.title.is_empty() {
        what.to_owned()
    } else {
        format!("{what} ({})", printable(&page.title, 100))
    }
}

/// The one form with nothing to fill in, as a script would post it on or a person would with the one
/// button there is. By GET only where the page has nothing else.
fn only_way(page: &Page) -> Option<&Form> {
    let goes_on = |form: &&Form| {
        let unnamed = form.controls.iter().all(|c| c.name.is_empty());
        let nothing = unnamed && form.submits.is_empty();
        let decided = form.submits.len() <= 1 || button_ways(form).len() == 1;
        writes_nothing(form) && decided && !nothing && !leads_away(form)
    };
    let mut posts = page
        .forms
        .iter()
        .filter(|form| form.method == FormMethod::Post)
        .filter(goes_on);
    match (posts.next(), posts.next()) {
        (Some(form), None) => Some(form),
        (None, _) => match &page.forms[..] {
            [form] => Some(form)
                .filter(goes_on)
                .filter(|form| !form.submits.is_empty()),
            _ => None,
        },
        _ => None,
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
fn leads_away(form: &Form) -> bool {
    let action = form.action.to_ascii_lowercase();
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
    let name = button.name.to_ascii_lowercase();
    ["cancel", "back", "logout", "forgot", "reset"]
        .iter()
        .any(|word| name.ends_with(word))
}

fn schemes(www_authenticate: &[String]) -> String {
    let first_words = www_authenticate
        .iter()
        .filter_map(|h| h.split_whitespace().next());
    printable(&first_words.collect::<Vec<_>>().join(", "), 80)
}

/// What the page complains of.
pub(super) fn complaint(page: &Page) -> Option<String> {
    page.alerts.first().cloned()
}
