//! What a login has tried so far, so that nothing is tried twice: a second wrong password is a step
//! towards a locked account, and a second push to somebody who said no is an attack's.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::login::Refused;

/// Questions for a code in one login. RSA asks for a new PIN, a code and the next one at most.
const MOST_CODES: usize = 4;
/// Choices of a method in one login.
const MOST_CHOICES: usize = 2;

/// What was tried.
#[derive(Default)]
pub(super) struct Tried {
    /// The password was sent.
    pub(super) password: bool,
    /// An organization was chosen.
    pub(super) organization: bool,
    /// The additional method that was met last; empty before the first.
    pub(super) adapter: String,
    codes: Vec<SecretString>,
    /// Fields and words of the pages that asked for a code.
    asked: Vec<(String, String)>,
    told: String,
    choices: usize,
}

impl Tried {
    /// Whether this code was not sent before; now it counts as sent.
    pub(super) fn code(&mut self, code: &SecretString) -> bool {
        let text = code.expose_secret().trim();
        let is_new = |old: &SecretString| old.expose_secret().trim() != text;
        let is_new = self.codes.iter().all(is_new);
        self.codes.push(code.clone());
        is_new
    }

    /// Whether a code was sent.
    pub(super) fn has_code(&self) -> bool {
        !self.codes.is_empty()
    }

    /// Whether a page asks for a code that no page before has asked for in this way.
    pub(super) fn asks_anew(&mut self, field: &str, words: &str) -> bool {
        let page = (field.to_owned(), words.to_owned());
        let is_new = !self.asked.contains(&page) && self.asked.len() < MOST_CODES;
        self.asked.push(page);
        is_new
    }

    /// Whether this is not what was told last.
    pub(super) fn tells_anew(&mut self, text: &str) -> bool {
        let is_new = self.told != text;
        text.clone_into(&mut self.told);
        is_new
    }

    /// Whether one more choice of a method makes sense.
    pub(super) fn chooses(&mut self) -> bool {
        self.choices += 1;
        self.choices <= MOST_CHOICES
    }

    /// What a no is to.
    pub(super) fn last(&self) -> Refused {
        if self.adapter.is_empty() {
            Refused::Password
        } else if self.has_code() {
            Refused::Code
        } else {
            Refused::Factor
        }
    }
}

/// Says how many codes, and none of them.
impl fmt::Debug for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tried")
            .field("password", &self.password)
            .field("adapter", &self.adapter)
            .field("codes", &self.codes.len())
            .finish_non_exhaustive()
    }
}
