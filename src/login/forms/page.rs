//! What a page of some identity provider is: one function a kind, and a sample of each in
//! `tests/cases/pages/saml`.

use crate::format::html::{Control, ControlKind, Form, FormMethod, Page};
use crate::format::printable::printable;
use crate::login::acs;
use crate::model::FormFields;

use super::consent;
use super::fields::{self, Sheet, passwords, sheet};
use super::tabs::{Tab, tabs};
use super::ways::{Way, button_ways, leads_away, only_way, ways};

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
    /// Several of these, each for the users of another directory.
    Tabs { tabs: Vec<Tab<'a>> },
    /// One of several ways to go on.
    Choice { what: String, ways: Vec<Way<'a>> },
    /// HTTP 401 with these schemes, and no form.
    WindowsIntegrated { schemes: String },
    /// Nothing to fill in and one way to go on.
    Continue { form: &'a Form },
    /// `<meta http-equiv=refresh>` to this address, and no form of a login.
    Refresh { url: String, delay: u32 },
    /// A complaint, and no way to go on.
    Refused { text: String },
    /// No form at all, but scripts that would make one.
    NeedsScripts,
    /// No form at all.
    NoForm,
    /// Forms, none of them known.
    Unknown,
}

impl PageKind<'_> {
    /// Whether it is nothing to go on with.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::NeedsScripts | Self::NoForm | Self::Unknown)
    }

    /// Whether it can be gone on with by what a page has for those who run no scripts.
    pub(super) fn is_way_on(&self) -> bool {
        matches!(
            self,
            Self::Assertion { .. }
                | Self::Fill { .. }
                | Self::Tabs { .. }
                | Self::Choice { .. }
                | Self::Continue { .. }
                | Self::Refresh { .. }
        )
    }
}

/// What a page is judged by besides itself.
pub(super) struct Seen<'a> {
    pub(super) status: u16,
    pub(super) www_authenticate: &'a [String],
    /// Whether the user name was given in this login.
    pub(super) named: bool,
    /// Whether the password was.
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
        // Behind a wrong password they are all the form that asks again.
        if !seen.signed_in && !is_named(form, said) {
            let tabs = tabs(page, form, said);
            if tabs.len() > 1 {
                return PageKind::Tabs { tabs };
            }
        }
        return PageKind::Fill { form, sheet };
    }
    if page.forms.iter().any(|form| passwords(form, said) > 1) {
        return PageKind::ChangePassword;
    }
    if page.forms.iter().any(wants_security_key) {
        return PageKind::SecurityKey;
    }
    let ways = ways(page);
    if ways.len() > 1 {
        return PageKind::Choice {
            what: consent::matter(page, &ways),
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
        if let Some(what) = consent::single(page, &ways, seen.signed_in) {
            return PageKind::Choice { what, ways };
        }
        return PageKind::Continue { form };
    }
    // After the password a page may look every so often whether somebody has confirmed elsewhere.
    let slowest = match seen.signed_in && complaint(page).is_none() {
        true => 30,
        false => 5,
    };
    if let Some(refresh) = &page.meta_refresh
        && (page.forms.is_empty() || complaint(page).is_none())
        // Slower ones are sessions that run out under the reader.
        && refresh.delay <= slowest
        && !refresh.url.is_empty()
    {
        return PageKind::Refresh {
            url: refresh.url.clone(),
            delay: refresh.delay,
        };
    }
    let complaint = complaint(page);
    // A page that complains of something else than the name may have a form for questions about it.
    if !seen.signed_in
        && (complaint.is_none() || seen.named)
        && let Some((form, sheet)) = lone_username(page)
    {
        return PageKind::Fill { form, sheet };
    }
    match complaint {
        Some(text) => PageKind::Refused { text },
        None if is_shell(page, seen.status) => PageKind::NeedsScripts,
        None if page.forms.is_empty() => PageKind::NoForm,
        None => PageKind::Unknown,
    }
}

/// A frame that scripts fill: nothing to fill in, and next to nothing to read.
fn is_shell(page: &Page, status: u16) -> bool {
    page.forms.is_empty() && page.scripts && status < 400 && page.text.chars().count() < 100
}

/// Whether the configuration means this one.
fn is_named(form: &Form, said: &FormFields) -> bool {
    let name = said.form.as_deref();
    name.is_some_and(|name| form.id == name || form.name == name)
}

/// The form to fill in: the one that the configuration names; else one with a password, else with a
/// code, else with a user name. A form with two passwords is one to register or to change them.
fn to_fill<'a>(page: &'a Page, said: &FormFields, signed_in: bool) -> Option<(&'a Form, Sheet)> {
    let named = page.forms.iter().find(|form| is_named(form, said));
    if let Some(found) = named.and_then(|form| Some((form, sheet(form, said, signed_in)?))) {
        return Some(found);
    }
    let sheets: Vec<(&Form, Sheet)> = page
        .forms
        .iter()
        .filter(|form| passwords(form, said) < 2 && !leads_away(form))
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

/// The one form of the page that could be for a user name, where nothing says so.
fn lone_username(page: &Page) -> Option<(&Form, Sheet)> {
    let posts = |form: &&Form| form.method == FormMethod::Post && !leads_away(form);
    let forms = page.forms.iter().filter(posts);
    let mut found = forms.filter_map(|form| Some((form, fields::lone_username(form)?)));
    found.next().filter(|_| found.next().is_none())
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
