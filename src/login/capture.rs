//! A transcript of a login's pages that somebody else may read: what a bug report needs to say which
//! page was not understood. Values, texts that look like secrets, queries, scripts and comments are left
//! out while it is taken down; none of them is ever in it.

mod tokens;

use std::cell::RefCell;
use std::fmt::Write as _;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

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
    secrets: Vec<SecretString>,
}

impl Capture {
    /// Nothing is to show this, wherever it turns up.
    pub fn hide(&mut self, text: &str) {
        // A page may show a user's name without the domain.
        let parts = text.split(['@', '\\']).chain([text]);
        for part in parts.filter(|part| part.chars().count() > 2) {
            self.secrets.push(part.into());
        }
    }

    /// A request, by the names of its fields.
    pub fn request(&mut self, request: &Request) {
        for (name, value) in request.fields() {
            match value {
                Value::Secret(text) => self.hide(text.expose_secret()),
                // Typed, and perhaps shown again.
                Value::Plain(text) if is_of_a_person(name) => self.hide(text),
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
                printable(&schemes.join(", "), 100)
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
        let text = printable(&self.without_secrets(text), LONGEST);
        let text = tokens::without_groups(&text, REMOVED);
        let words = text.split(' ').map(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let length = word.chars().count();
            if word.contains('@') || word.contains("://") || digits >= 4 || length > 30 {
                REMOVED
            } else {
                word
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// A name without what looks like a token in it.
    fn name(&self, text: &str) -> String {
        let text = printable(&self.without_secrets(text), LONGEST);
        let mut out = String::new();
        for part in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let digits = part.chars().filter(char::is_ascii_digit).count();
            let length = part.chars().count();
            if digits >= 4 || length > 40 || (length >= 16 && digits >= 2) {
                out.push_str(REMOVED);
                out.extend(part.chars().last().filter(|c| !c.is_ascii_alphanumeric()));
            } else {
                out.push_str(part);
            }
        }
        out
    }

    /// An address without its query.
    fn address(&self, text: &str) -> String {
        let path = text.split(['?', '#', ';']).next().unwrap_or_default();
        match Url::parse(path) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let port = url
                    .port()
                    .map(|port| format!(":{port}"))
                    .unwrap_or_default();
                let host = url.host_str().unwrap_or_default();
                format!("{}://{host}{port}{}", url.scheme(), self.path(url.path()))
            }
            Ok(url) => format!("{}:{REMOVED}", url.scheme()),
            Err(_) => self.path(path),
        }
    }

    fn path(&self, path: &str) -> String {
        let segments = path
            .split('/')
            .map(|segment| match tokens::is_random(segment) {
                true => REMOVED.to_owned(),
                false => self.name(segment),
            });
        segments.collect::<Vec<_>>().join("/")
    }

    fn without_secrets(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            text = text.replace(secret.expose_secret(), REMOVED);
        }
        text
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
        self.capture.borrow_mut().hide(answer.expose_secret());
        Ok(answer)
    }

    fn choose(&mut self, choice: &Choice) -> Result<usize, NoAnswer> {
        self.person.choose(choice)
    }

    fn show(&mut self, text: &str) {
        self.person.show(text);
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
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        let mut capture = Capture::default();
        capture.hide("jane.doe@example.com");
        capture.hide("hunter2");
        capture.page(&PageEvent {
            url: "https://idp.example.com/a/MARKER0123456789abcdef/x?t=MARKER#MARKER"
                .parse()
                .unwrap(),
            status: 200,
            www_authenticate: vec!["Negotiate MARKER".into()],
            body: body.into(),
        });
        capture.text_of_all()
    }

    #[test]
    fn the_structure_stays() {
        let text = page(
            "<title>Sign in</title><form id=loginForm method=post action='/x?y=MARKER#MARKER'>\
             <label for=u>User name</label><input name='ctl00$Content$UsernameTextBox' id=u type=text>\
             <input name=Context type=hidden value=MARKER><p class=error>Wrong password</p>\
             <button name=go>Next</button></form>",
        );
        for part in [
            "HTTP 200 from https://idp.example.com/a/(removed)/x (WWW-Authenticate: Negotiate)",
            "<form id=\"loginForm\" method=\"post\" action=\"/x\">",
            "name=\"ctl00$Content$UsernameTextBox\"",
            "<input name=\"Context\" type=\"hidden\" value=\"(removed)\">",
            "User name",
            "Wrong password",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("MARKER"), "{text}");
    }

    #[test]
    fn what_is_secret_is_not_there() {
        let text = page(
            "<!-- MARKER --><script>var MARKER;</script><style>MARKER</style><noscript>MARKER</noscript>\
             <div data-token=MARKER title=MARKER onclick='f(\"MARKER\")' MARKER=1>\
             <textarea>MARKER</textarea><select><option value=MARKER>One</option></select>\
             <input type=password value=MARKER><input value='MARKER'><img src=MARKER alt=MARKER>\
             <a href='https://u:MARKER@h.example/p?MARKER'>Link</a><a href='javascript:MARKER'>x</a>\
             <iframe srcdoc='MARKER'></iframe><meta content=MARKER>\
             <p>Hello jane.doe, jane.doe@example.com or other@example.org, your code is 123456, \
             token MARKER0123456789abcdef0123456789abcdef</p><p>hunter2 was wrong</p>\
             <input name='x_0123456789abcdef0123' id='jane.doe-1'>",
        );
        for secret in [
            "MARKER",
            "jane.doe",
            "other@",
            "123456",
            "0123456789",
            "hunter2",
            "example.com or",
        ] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        assert!(text.contains("Hello"), "{text}");
    }

    #[test]
    fn what_a_page_gives_to_keep_is_not_there() {
        let seeds = "JBSW Y3DP EHPK 3PXP KRSX G5CT";
        for body in [
            format!("<h1>Set up a second factor</h1><p>Enter {seeds} or kfjs</p>"),
            format!(
                "<title>Welcome</title><p>Type {seeds} there, or ABCD-EFGH-IJKL kfjs-qwer-tyui</p>"
            ),
            "<p id=totpSecret>kfjs</p><div class='recovery-codes'><b>JBSW</b></div>\
             <p class=backupCode>qwer</p><p id=manualKey>tyui</p>"
                .to_owned(),
            "<a href='/reset/AbCdEfGhIjKlMnOpQrStUvWx'>here</a>".to_owned(),
            r#"{"status":"kfjs","name":"kfjs","type":"kfjs"}"#.to_owned(),
        ] {
            let text = page(&body);
            for secret in ["JBSW", "G5CT", "EFGH", "kfjs", "qwer", "tyui", "AbCd"] {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
        let plain =
            page("<div class=keyboard id=main><p>Sign in with your own well-known name</p>");
        assert!(
            plain.contains("Sign in with your own well-known name"),
            "{plain}"
        );
    }

    #[test]
    fn every_answer_is_hidden() {
        struct Typist;
        impl Person for Typist {
            fn answer(&mut self, _: &Question) -> Result<SecretString, NoAnswer> {
                Ok("fjord".into())
            }
            fn choose(&mut self, _: &Choice) -> Result<usize, NoAnswer> {
                Ok(0)
            }
            fn show(&mut self, _: &str) {}
        }
        let capture = RefCell::new(Capture::default());
        let mut person = Overheard {
            person: &mut Typist,
            capture: &capture,
        };
        assert!(person.answer(&Question::Username).is_ok());
        capture.borrow_mut().end("fjord is wrong");
        assert!(!capture.borrow().text_of_all().contains("fjord"));
    }

    #[test]
    fn json_is_told_by_its_keys() {
        let text = page(
            r#"{"status":"MFA_REQUIRED","other":"MARKER","stateToken":"MARKER","_embedded":{"factors":[{"id":"MARKER","n":1234,
            "profile":{"phoneNumber":"+1 MARKER"}}]}}"#,
        );
        assert!(text.contains("\"status\": \"MFA_REQUIRED\"") && text.contains("phoneNumber"));
        assert!(!text.contains("1234") && !text.contains("\"MARKER\"") && !text.contains("+1"));
    }

    #[test]
    fn only_the_last_pages() {
        let mut capture = Capture::default();
        for number in 0..100 {
            capture.end(&format!("x{number}y"));
        }
        let text = capture.text_of_all();
        assert!(text.contains("x99y") && !text.contains("x50y"));
    }
}
