//! A transcript of a login's pages that somebody else may read: what a bug report needs to say which
//! page was not understood. Values, texts that look like secrets, queries, scripts and comments are left
//! out while it is taken down; none of them is ever in it.

mod hidden;
mod tokens;

use std::cell::RefCell;
use std::fmt::Write as _;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::hidden::Hidden;
use super::{Body, Choice, Method, NoAnswer, PageEvent, Person, Question, Request, Value};
use crate::format::html::{self, Rules};
use crate::format::printable::printable;

/// Pages that are kept; the last are what matters.
const KEPT: usize = 12;
/// Characters of one text.
const LONGEST: usize = 300;
/// Keys of JSON whose values are words of a protocol and nobody's own.
const STATES: [&str; 9] = [
    "status",
    "factorResult",
    "factorType",
    "methodType",
    "provider",
    "errorCode",
    "name",
    "type",
    "intent",
];
/// Values of these that are nobody's own, beside words in capitals.
const VALUES: [&str; 26] = [
    "push",
    "sms",
    "call",
    "question",
    "token",
    "token:software:totp",
    "token:hardware",
    "u2f",
    "webauthn",
    "email",
    "web",
    "password",
    "totp",
    "otp",
    "signed_nonce",
    "app",
    "phone",
    "voice",
    "security_key",
    "security_question",
    "object",
    "array",
    "string",
    "identify",
    "challenge-authenticator",
    "select-authenticator-authenticate",
];
const REMOVED: &str = "(removed)";

/// The transcript. Without Debug: until a page is dropped its secrets are known here.
#[derive(Default)]
pub struct Capture {
    entries: Vec<String>,
    /// What was answered in this login, which a page may show again.
    hidden: Hidden,
}

impl Capture {
    /// Nothing is to show this, wherever it turns up.
    pub fn hide(&mut self, text: &str) {
        self.hidden.add(text);
    }

    /// Nor this name of a user.
    pub fn hide_user(&mut self, name: &str) {
        self.hidden.add_user(name);
    }

    /// A request, by the names of its fields.
    pub fn request(&mut self, request: &Request) {
        for (name, value) in request.fields() {
            match value {
                Value::Secret(text) => self.hide(text.expose_secret()),
                // Typed, and perhaps shown again.
                Value::Plain(text) if is_of_a_person(name) => self.hide_user(text),
                Value::Plain(_) => {}
            }
        }
        let names: Vec<String> = request.fields().iter().map(|(n, _)| self.name(n)).collect();
        let verb = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let with = match &request.body {
            Body::Form(_) if names.is_empty() => String::new(),
            Body::Form(_) => format!(" with {}", names.join(", ")),
            Body::Json(_) => " with JSON".to_owned(),
        };
        let line = format!("{verb} {}{with}\n", self.address(request.url.as_str()));
        self.add(line);
    }

    /// A page, by its structure.
    pub fn page(&mut self, page: &PageEvent) {
        let body = page.body.expose_secret();
        let outline = if body.trim_start().starts_with(['{', '[']) {
            self.json(body)
        } else {
            let sets_up = tokens::sets_up_a_factor(body);
            let rules = Rules {
                text: &|text| match sets_up && !text.is_empty() {
                    true => REMOVED.to_owned(),
                    false => self.text(text),
                },
                private: &tokens::names_a_secret,
                name: &|text| self.name(text),
                address: &|text| self.address(text),
            };
            match html::outline(body, &rules) {
                Ok(outline) => outline,
                Err(error) => format!("{error}\n"),
            }
        };
        let schemes: Vec<&str> = page
            .www_authenticate
            .iter()
            .filter_map(|header| header.split_whitespace().next())
            .collect();
        let mut entry = format!(
            "HTTP {} from {}",
            page.status,
            self.address(page.url.as_str())
        );
        if !schemes.is_empty() {
            let _ = write!(
                entry,
                " (WWW-Authenticate: {})",
                printable(&self.name(&schemes.join(", ")), 100)
            );
        }
        self.add(format!("{entry}\n{outline}"));
    }

    /// How it ended.
    pub fn end(&mut self, words: &str) {
        let line = format!("ended with: {}\n", self.text(words));
        self.add(line);
    }

    fn add(&mut self, entry: String) {
        self.entries.push(entry);
        if self.entries.len() > 2 * KEPT {
            self.entries.remove(0);
        }
    }

    /// The whole of it.
    #[must_use]
    pub fn text_of_all(&self) -> String {
        let entries: Vec<&str> = self.entries.iter().map(String::as_str).collect();
        format!(
            "fedgit {}: the last pages of a login, oldest first.\n\
             Field values, scripts, comments, queries and what looks like a secret are left out. Names of\n\
             hosts, and what the pages say, are in it: read it before you send it.\n\n{}",
            env!("CARGO_PKG_VERSION"),
            entries.join("\n")
        )
    }

    /// A JSON body by its keys, with such words as states and types are.
    fn json(&self, body: &str) -> String {
        fn bare(key: &str, value: &mut serde_json::Value, keep: &dyn Fn(&str, &str) -> bool) {
            match value {
                serde_json::Value::String(text) if !keep(key, text) => REMOVED.clone_into(text),
                serde_json::Value::Number(_) => *value = 0.into(),
                serde_json::Value::Array(items) => {
                    items.truncate(20);
                    items.iter_mut().for_each(|item| bare(key, item, keep));
                }
                serde_json::Value::Object(map) => {
                    map.iter_mut().for_each(|(key, item)| bare(key, item, keep));
                }
                _ => {}
            }
        }
        let is_word = |key: &str, text: &str| {
            STATES.contains(&key)
                && (VALUES.contains(&text) || tokens::is_a_state(text))
                && self.without_secrets(text) == text
        };
        match serde_json::from_str::<serde_json::Value>(body) {
            Ok(mut value) => {
                bare("", &mut value, &is_word);
                let shown = serde_json::to_string_pretty(&value).unwrap_or_default();
                // A key may be data, too.
                let lines = shown.lines().map(|line| self.name(line));
                lines.collect::<Vec<_>>().join("\n") + "\n"
            }
            Err(_) => "a body that is neither a page nor JSON\n".to_owned(),
        }
    }

    /// A text without addresses of people, codes and tokens.
    fn text(&self, text: &str) -> String {
        let text = self.without_secrets(text);
        if tokens::is_bare_code(&text) {
            return REMOVED.to_owned();
        }
        let text = tokens::without_groups(&text, REMOVED);
        let text = tokens::without_numbers(&text, REMOVED);
        let words = text.split(' ').map(|word| match tokens::is_token(word) {
            true => REMOVED,
            false => word,
        });
        printable(&words.collect::<Vec<_>>().join(" "), LONGEST)
    }

    /// A name without what looks like a token in it.
    fn name(&self, text: &str) -> String {
        let text = self.without_secrets(text);
        let mut out = String::new();
        for word in text.split_inclusive([' ', '"', '\'', ',']) {
            if word.contains('@') {
                out.push_str(REMOVED);
                out.extend(word.chars().last().filter(|c| " \"',".contains(*c)));
                continue;
            }
            for part in word.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
                if tokens::is_odd_name(part) {
                    out.push_str(REMOVED);
                    out.extend(part.chars().last().filter(|c| !c.is_ascii_alphanumeric()));
                } else {
                    out.push_str(part);
                }
            }
        }
        printable(&out, LONGEST)
    }

    /// An address without its query.
    fn address(&self, text: &str) -> String {
        let path = text.split(['?', '#', ';']).next().unwrap_or_default();
        let path = self.hidden.address(path, REMOVED);
        match Url::parse(&path) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let port = url
                    .port()
                    .map(|port| format!(":{port}"))
                    .unwrap_or_default();
                let host = url.host_str().unwrap_or_default();
                format!("{}://{host}{port}{}", url.scheme(), self.path(url.path()))
            }
            Ok(url) => format!("{}:{REMOVED}", url.scheme()),
            Err(_) => self.path(&path),
        }
    }

    fn path(&self, path: &str) -> String {
        // An answer may have a slash in it.
        let path = self.without_secrets(path);
        let segments = path
            .split('/')
            .map(|segment| match tokens::is_random(segment) {
                true => REMOVED.to_owned(),
                false => self.name(segment),
            });
        segments.collect::<Vec<_>>().join("/")
    }

    fn without_secrets(&self, text: &str) -> String {
        self.hidden.without(text, REMOVED)
    }
}

/// Whoever answers, with each answer taken note of: nothing of it is to be in the transcript, in whatever
/// form a flow sends it.
#[expect(
    missing_debug_implementations,
    reason = "what is behind it holds secrets"
)]
pub struct Overheard<'a> {
    /// Who really answers.
    pub person: &'a mut dyn Person,
    /// The transcript.
    pub capture: &'a RefCell<Capture>,
}

impl Person for Overheard<'_> {
    fn answer(&mut self, question: &Question) -> Result<SecretString, NoAnswer> {
        let answer = self.person.answer(question)?;
        let mut capture = self.capture.borrow_mut();
        match question {
            Question::Username => capture.hide_user(answer.expose_secret()),
            _ => capture.hide(answer.expose_secret()),
        }
        Ok(answer)
    }

    fn choose(&mut self, choice: &Choice) -> Result<usize, NoAnswer> {
        self.person.choose(choice)
    }

    fn prefer(&mut self, choice: &Choice) -> Option<usize> {
        self.person.prefer(choice)
    }

    fn show(&mut self, text: &str) {
        self.person.show(text);
    }

    fn set_going(&mut self) {
        self.person.set_going();
    }

    fn open(&mut self, page: &Url) {
        self.person.open(page);
    }
}

fn is_of_a_person(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["user", "mail", "login", "ident"]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
