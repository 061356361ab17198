//! What a page of an additional method (an MFA adapter) wants.
//!
//! Every such page has a form with its adapter's name in `AuthMethod` and an opaque `Context`, which
//! goes back as it came; that much is AD FS's own
//! (<https://learn.microsoft.com/windows-server/identity/ad-fs/development/ad-fs-build-custom-auth-method>).
//! The rest is the adapter's. Told by names and structure, never by words, which come in any language.

use crate::format::html::{Control, ControlKind, Form, Page};
use crate::format::printable::printable;

use super::complaint::complaint;
use super::method::{method_name, needs_browser};
use super::offers::{self, Offers};

/// A page of an additional method.
#[derive(Debug, Clone)]
pub(super) struct Factor<'a> {
    /// The adapter's name as AD FS has it.
    pub(super) adapter: String,
    /// What goes back.
    pub(super) form: &'a Form,
    /// What to do.
    pub(super) how: How,
    /// What the page says to do, fit to print; empty where it says nothing.
    pub(super) words: String,
    /// What the page complains of.
    pub(super) complaint: Option<String>,
    /// Other methods that the page has links to.
    pub(super) others: Option<Offers<'a>>,
}

/// What a person does about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    /// Types a code into the field of this name.
    Code { field: String },
    /// Does something elsewhere; the form is sent until the page is another one.
    Wait {
        /// Whether the answer to the form comes only when that is done.
        hangs: bool,
        /// The number to choose there.
        number: Option<String>,
    },
    /// Duo's own pages, within this one or in its place.
    Duo(Prompt),
    /// What needs a browser: a security key, a certificate.
    Browser,
}

/// How Duo's prompt is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prompt {
    /// An iframe in the page of AD FS.
    Frame,
    /// A page of Duo's that the form leads to.
    Page,
}

/// Fields for a code, as the adapters call them, most telling first: RSA's next tokencode stands beside
/// the one before, and some pages have a challenge beside the code.
const CODE_FIELDS: [&str; 9] = [
    "NextCode",
    "VerificationCode",
    "security_code",
    "SecurityCode",
    "OathCode",
    "SAFENET_PASSWORD",
    "Passcode",
    "ChallengeQuestionAnswer",
    "otp",
];

/// The additional method of a page, where it is such a page. Sign-in pages have no `Context`.
pub(super) fn read(page: &Page) -> Option<Factor<'_>> {
    let (form, adapter) = page.forms.iter().find_map(adapter_of)?;
    let words = ["instructions", "validEntropyInstructions"]
        .into_iter()
        .find_map(|id| page.text_of(id))
        .or_else(|| page.text_of(&form.id).filter(|_| !form.id.is_empty()));
    Some(Factor {
        adapter: printable(adapter, 80),
        form,
        how: how(page, form, adapter),
        words: printable(words.unwrap_or_default(), 200),
        complaint: complaint(page),
        others: offers::methods(page),
    })
}

fn adapter_of(form: &Form) -> Option<(&Form, &str)> {
    let value = |name: &str| {
        form.control(name)
            .map(|c| c.value.trim())
            .filter(|value| !value.is_empty())
    };
    let context = value("Context").or_else(|| value("adfs_context"));
    let adapter = value("AuthMethod").or_else(|| value("adfs_auth_method"))?;
    let is_primary = ["FormsAuthentication", "WindowsAuthentication"].contains(&adapter);
    (context.is_some() && !is_primary).then_some((form, adapter))
}

fn how(page: &Page, form: &Form, adapter: &str) -> How {
    if form.control("adfs_context").is_some() {
        return How::Duo(Prompt::Page);
    }
    if adapter == "DuoAdfsAdapter" {
        return How::Duo(Prompt::Frame);
    }
    if needs_browser(adapter) {
        return How::Browser;
    }
    let fields: Vec<&Control> = form.controls.iter().filter(|c| is_typed(c)).collect();
    let known = CODE_FIELDS.into_iter().find_map(|name| {
        let is_it = |c: &&&Control| c.name.eq_ignore_ascii_case(name);
        fields.iter().find(is_it)
    });
    match (known, fields.as_slice()) {
        (Some(field), _) | (None, [field]) => How::Code {
            field: field.name.clone(),
        },
        (None, []) => How::Wait {
            hangs: ["AzureMfaServerAuthentication", "SilverfortAdfs"].contains(&adapter),
            number: page.text_of("validEntropyNumber").map(str::to_owned),
        },
        // Which of them is for what cannot be told.
        (None, _) => How::Browser,
    }
}

fn is_typed(control: &Control) -> bool {
    matches!(control.kind, ControlKind::Text | ControlKind::Password)
        && control.sent
        && !control.name.is_empty()
}

impl Factor<'_> {
    /// Whether sending the page's form again only asks whether somebody has answered. Of other adapters
    /// nobody knows: each time may be another telephone call.
    pub(super) fn is_polled(&self) -> bool {
        [
            "AzureMfaAuthentication",
            "AzurePrimaryAuthentication",
            "AzureMfaServerAuthentication",
            "SilverfortAdfs",
        ]
        .contains(&self.adapter.as_str())
    }

    /// What to call it to a person.
    pub(super) fn name(&self) -> String {
        method_name(&self.adapter)
    }

    /// What is asked with a code's field: the page's words, else what the method is.
    pub(super) fn prompt(&self) -> String {
        let words = self.complaint.as_deref().unwrap_or(&self.words);
        match words.is_empty() {
            true => format!("code ({})", self.name()),
            false => format!("code ({})", printable(words, 120)),
        }
    }

    /// What somebody is told while it is waited for them.
    pub(super) fn to_do(&self, number: Option<&str>) -> String {
        let words = match self.words.is_empty() {
            true => format!("approve the sign-in ({})", self.name()),
            false => self.words.clone(),
        };
        match number {
            Some(number) => format!("the number to choose is {}: {words}", printable(number, 20)),
            None => words,
        }
    }

    /// Whether Silverfort, which has no place of its own for it, says no. These are its own words, and
    /// the same in each language.
    pub(super) fn silverfort_says_no(page: &Page) -> Option<String> {
        // The page may be these words and nothing else.
        let says = |words: &str| {
            let pieces = page.pieces.iter().map(|piece| &piece.text);
            let mut texts = pieces.chain([&page.title, &page.text]);
            texts.any(|text| text.contains(words))
        };
        ["Not authorized", "MFA request expired"]
            .into_iter()
            .find(|words| says(words))
            .map(str::to_owned)
    }
}
