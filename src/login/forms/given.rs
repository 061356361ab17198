//! What a login has given to the pages so far: what a page that asks for something says by asking again.

use secrecy::SecretString;
use url::Url;

use super::fields::{Sheet, is_captcha};
use crate::format::html::{ControlKind, Form};
use crate::login::codes::Codes;
use crate::login::{FlowError, Refused, form, place};

/// What was given, and to which forms.
#[derive(Debug, Default)]
pub(super) struct Given {
    username: bool,
    password: bool,
    codes: Codes,
    forms: Vec<Shape>,
    /// The fields of the forms that asked for the password.
    for_password: Vec<Vec<String>>,
}

/// What a form is known again by: where it leads, and what it asks for. Hidden fields are new each time.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    target: String,
    fields: Vec<String>,
}

/// What a form means after what was given.
#[derive(Debug)]
pub(super) enum Reading {
    /// It asks for these.
    Asks(Sheet),
    /// It says no to what was given.
    Refuses(Refused),
    /// It asks for something that no login here has.
    Strange,
}

impl Given {
    /// Whether the user name was sent.
    pub(super) fn username(&self) -> bool {
        self.username
    }

    /// Whether the password was sent.
    pub(super) fn password(&self) -> bool {
        self.password
    }

    pub(super) fn gives_username(&mut self) {
        self.username = true;
    }

    pub(super) fn gives_password(&mut self) {
        self.password = true;
    }

    /// Whether this code was not sent before; now it was.
    pub(super) fn gives_code(&mut self, code: &SecretString) -> bool {
        self.codes.is_new(code)
    }

    /// Reads a form. One that was filled in before asks again, and so does one to sign in with that comes
    /// with a complaint; a form of another shape is another question, or none of ours.
    pub(super) fn read(
        &mut self,
        form: &Form,
        sheet: Sheet,
        complains: bool,
        page: &Url,
    ) -> Result<Reading, FlowError> {
        let shape = Shape::of(form, page)?;
        let is_same = self.forms.contains(&shape);
        let reading = match sheet.code {
            Some(_) if is_same && self.password => Reading::Refuses(self.last()),
            Some(_) if sheet.password.is_none() => self.code(form, sheet, complains),
            _ => self.first_factor(form, sheet, &shape, complains),
        };
        if let Reading::Asks(sheet) = &reading {
            if sheet.password.is_some() {
                self.for_password.push(shape.fields.clone());
            }
            self.forms.push(shape);
        }
        Ok(reading)
    }

    /// A field that any page before has asked for, and not only the last, asks again: two of them may take
    /// turns.
    fn code(&mut self, form: &Form, sheet: Sheet, complains: bool) -> Reading {
        let field = sheet.code.and_then(|at| form.controls.get(at));
        let is_new = field.is_some_and(|control| self.codes.asks_anew(&control.name, ""));
        match self.codes.any() && (!is_new || complains) {
            true => Reading::Refuses(Refused::Code),
            false => Reading::Asks(sheet),
        }
    }

    fn first_factor(
        &mut self,
        form: &Form,
        sheet: Sheet,
        shape: &Shape,
        complains: bool,
    ) -> Reading {
        let is_alone = text_fields(form).count() == 1;
        let is_sign_in = sheet.password.is_some() || sheet.username.is_some() && is_alone;
        // Wherever it leads now: a form for a password like one before asks for it again.
        let is_again = sheet.password.is_some() && self.for_password.contains(&shape.fields);
        let refuses =
            self.forms.contains(shape) || complains && is_sign_in || self.password && is_again;
        if !self.password {
            // A password is the next question; another page for the user name may be one, too: which
            // organization's it is.
            return match refuses && self.username && sheet.password.is_none() {
                true => Reading::Refuses(self.last()),
                false => Reading::Asks(sheet),
            };
        }
        if refuses {
            return Reading::Refuses(self.last());
        }
        // What is typed unseen after the password, in a field of any name, is a code.
        match (sheet.username, sheet.password, is_alone) {
            (None, Some(at), true) => {
                let sheet = Sheet {
                    password: None,
                    code: Some(at),
                    ..sheet
                };
                self.code(form, sheet, complains)
            }
            _ => Reading::Strange,
        }
    }

    /// What was given last, which a page that begins anew refuses.
    fn last(&self) -> Refused {
        match self.codes.any() {
            true => Refused::Code,
            false => Refused::Password,
        }
    }

    /// What to do about a refusal.
    pub(super) fn hint(&self, what: Refused) -> &'static str {
        match what {
            Refused::Password if !self.password => {
                "the user name was sent, and no password yet; check `username` in [idp.NAME]"
            }
            Refused::Password => {
                "the password was sent once and not again, because a few wrong ones lock the account; \
                 check it in a browser"
            }
            Refused::Code => {
                "a code is good for one login and for a short time: wait for the next one and try again; \
                 where every one is refused, compare the clocks"
            }
            Refused::Factor | Refused::Other => {
                "open `url` of [idp.NAME] in a browser: what it shows there is the identity provider's \
                 to explain"
            }
        }
    }
}

impl Shape {
    fn of(form: &Form, page: &Url) -> Result<Self, FlowError> {
        let mut fields: Vec<String> = text_fields(form).map(str::to_owned).collect();
        fields.sort();
        Ok(Self {
            // A session's name in the path is new each time.
            target: place(&form::target(form, page)?)
                .split(';')
                .next()
                .unwrap_or_default()
                .to_owned(),
            fields,
        })
    }
}

/// The names of the fields that a person writes into.
fn text_fields(form: &Form) -> impl Iterator<Item = &str> {
    let fields = form.controls.iter().filter(|c| {
        let is_text = matches!(c.kind, ControlKind::Text | ControlKind::Password);
        // A picture to read comes with the second try.
        is_text && c.sent && !c.concealed && !is_captcha(c)
    });
    fields.map(|control| control.name.as_str())
}
