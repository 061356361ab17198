//! What a login has tried so far, so that nothing is tried twice: a second wrong password is a step
//! towards a locked account, and a second push to somebody who said no is an attack's.

use crate::login::Refused;
use crate::login::codes::Codes;

/// Choices of a method in one login.
const MOST_CHOICES: usize = 2;

/// What was tried.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// The password was sent.
    pub(super) password: bool,
    /// An organization was chosen.
    pub(super) organization: bool,
    /// The additional method that was met last; empty before the first.
    pub(super) adapter: String,
    /// The codes.
    pub(super) codes: Codes,
    told: String,
    choices: usize,
}

impl Tried {
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
        } else if self.codes.any() {
            Refused::Code
        } else {
            Refused::Factor
        }
    }
}
