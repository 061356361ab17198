//! The codes of one login, so that none is sent twice: whatever answers for the person (a variable, a
//! program) gives the same one each time, and each refused one is a step towards a locked account.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Questions for a code in one login. RSA asks for a new PIN, a code and the next one at most.
const MOST: usize = 4;

/// What was asked and sent.
#[derive(Default)]
pub(super) struct Codes {
    sent: Vec<SecretString>,
    /// Fields and words of the pages that asked for one.
    asked: Vec<(String, String)>,
}

impl Codes {
    /// Whether this code was not sent before; now it counts as sent. Gaps are how it is shown.
    pub(super) fn is_new(&mut self, code: &SecretString) -> bool {
        let is_new = !self.sent.iter().any(|old| is_same(old, code));
        self.sent.push(code.clone());
        is_new
    }

    /// Whether a code was sent.
    pub(super) fn any(&self) -> bool {
        !self.sent.is_empty()
    }

    /// Whether a page asks for a code that no page before has asked for in this way.
    pub(super) fn asks_anew(&mut self, field: &str, words: &str) -> bool {
        let page = (field.to_owned(), words.to_owned());
        let is_new = !self.asked.contains(&page) && self.asked.len() < MOST;
        self.asked.push(page);
        is_new
    }
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    let text = |code| ExposeSecret::<str>::expose_secret(code).split_whitespace();
    let letters = |code| text(code).flat_map(str::chars);
    letters(one).eq(letters(other))
}

/// Says how many codes, and none of them.
impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codes")
            .field("sent", &self.sent.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_and_each_question_once() {
        let mut codes = Codes::default();
        assert!(!codes.any());
        assert!(codes.is_new(&"123 456".into()) && codes.any());
        assert!(!codes.is_new(&" 123456".into()));
        assert!(codes.is_new(&"123457".into()));
        assert!(!format!("{codes:?}").contains("123"));
        assert!(codes.asks_anew("otp", "") && codes.asks_anew("otp", "the next one"));
        assert!(!codes.asks_anew("otp", ""));
        assert!(codes.asks_anew("otp2", ""));
        assert!(!codes.asks_anew("otp3", ""), "four questions are enough");
    }
}
