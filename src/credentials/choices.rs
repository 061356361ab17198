//! Which of several second factors somebody chose at the last login, so that the next one need not ask.

use std::path::{Path, PathBuf};

use crate::sys::private;

use super::key::Key;

/// The identity provider's name for an option is a word.
const LARGEST: u64 = 1000;

/// The choices of one login.
#[derive(Debug)]
pub(super) struct Choices {
    folder: PathBuf,
    login: Key,
    /// What was answered from memory in this login.
    used: Vec<String>,
    /// What was chosen in this login: the question, and the option.
    chosen: Vec<(String, String)>,
}

impl Choices {
    /// Of the login with this key.
    pub(super) fn of(root: &Path, login: &Key) -> Self {
        Self {
            folder: root.join("choices"),
            login: login.clone(),
            used: Vec::new(),
            chosen: Vec::new(),
        }
    }

    /// The option chosen last.
    pub(super) fn last(&mut self, what: &str) -> Option<String> {
        let name = self.name(what);
        let bytes = private::read_in(&self.folder, &name, LARGEST).ok()??;
        self.used.push(name);
        String::from_utf8(bytes).ok()
    }

    /// Somebody chose.
    pub(super) fn chose(&mut self, what: &str, id: &str) {
        self.chosen.push((what.to_owned(), id.to_owned()));
    }

    /// The login worked: what was chosen is remembered, for a question that came twice the last. Where it
    /// cannot be kept it is asked again.
    pub(super) fn keep(&mut self) {
        for (what, id) in std::mem::take(&mut self.chosen) {
            let _ = private::write_in(&self.folder, &self.name(&what), id.as_bytes());
        }
    }

    /// The login came to nothing: whoever has lost the telephone is to be asked the next time.
    pub(super) fn forget_used(&mut self) {
        for name in self.used.drain(..) {
            let _ = private::remove(&self.folder.join(name));
        }
    }

    fn name(&self, what: &str) -> String {
        Key::of("choice", &[self.login.as_str().as_bytes(), what.as_bytes()]).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_login_and_question_has_its_own() {
        let root = tempfile::tempdir().unwrap();
        let of = |login: &str| Choices::of(root.path(), &Key::of("login", &[login.as_bytes()]));
        let mut works = of("a");
        works.chose("second factor", "sms");
        works.chose("second factor", "push");
        works.chose("device", "phone1");
        let last = |login, what| of(login).last(what);
        assert_eq!(last("a", "second factor"), None, "it may come to nothing");
        works.keep();
        assert_eq!(last("a", "second factor").as_deref(), Some("push"));
        assert_eq!(last("a", "other"), None);
        assert_eq!(last("b", "second factor"), None);
        let mut failed = of("a");
        failed.last("second factor");
        failed.forget_used();
        assert_eq!(last("a", "second factor"), None);
        assert_eq!(last("a", "device").as_deref(), Some("phone1"));
    }
}
