//! Everything secret that the bed has handed out or been handed, so that a test can search
//! what a program leaves behind, and so that the ledger never repeats any of it.

use std::sync::Mutex;

use crate::text;

#[derive(Debug, Default)]
pub(crate) struct Secrets {
    known: Mutex<Vec<String>>,
}

impl Secrets {
    /// Remembers a secret, and its URL-encoded spellings where they differ.
    pub(crate) fn add(&self, secret: &str) {
        assert!(
            !secret.is_empty(),
            "a secret of no characters would be found everywhere"
        );
        let mut known = self
            .known
            .lock()
            .expect("no thread panicked with the secrets");
        let spellings = [
            secret.to_owned(),
            text::form_encode(secret),
            text::percent_encode(secret),
        ];
        for spelling in spellings {
            if !known.contains(&spelling) {
                known.push(spelling);
            }
        }
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.known
            .lock()
            .expect("no thread panicked with the secrets")
            .clone()
    }

    /// The text with every known secret blotted out.
    pub(crate) fn redact(&self, text: &str) -> String {
        let known = self
            .known
            .lock()
            .expect("no thread panicked with the secrets");
        known.iter().fold(text.to_owned(), |text, secret| {
            text.replace(secret, "[secret]")
        })
    }
}
