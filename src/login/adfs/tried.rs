//! What a login has tried so far, so that nothing is tried twice: a second wrong password is a step
//! towards a locked account, and a second push to somebody who said no is an attack's.

use crate::login::Refused;
use crate::login::codes::Codes;

/// Choices of a method in one login.
const MOST_CHOICES: usize = 2;

/// Posts of an unknown method's form: a page may lead to the one that waits, which is looked at once.
const MOST_POSTS: usize = 2;

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
    posts: usize,
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

    /// Whether a method was chosen already.
    pub(super) fn has_chosen(&self) -> bool {
        self.choices > 0
    }

    /// An additional method's page has come; whether it is the one that came last.
    pub(super) fn meets(&mut self, adapter: &str) -> bool {
        let again = self.adapter == adapter;
        if !again {
            self.posts = 0;
            adapter.clone_into(&mut self.adapter);
        }
        again
    }

    /// Whether the form of a method that nobody knows may be sent once more: it may send somebody
    /// something each time.
    pub(super) fn posts_blindly(&mut self) -> bool {
        self.posts += 1;
        self.posts <= MOST_POSTS
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
