//! The readers of foreign text, given what nobody would write: pages, SAML responses, cookies, and whole
//! logins of such pages. Nothing panics, nothing goes on for ever, and no password goes astray.
//!
//! `FEDGIT_FUZZ_CASES` says how many of each (by default a few); `FEDGIT_FUZZ_SECONDS` goes on with new
//! ones until so much time has passed. What was found stands among the cases of the readers themselves.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fedgit::format::{html, saml};
use fedgit::login::{
    self, Choice, Forms, Limits, LocalAnswer, LocalChallenge, NoAnswer, Origins, PageEvent, Person,
    Question, Request, Value, Web,
};
use fedgit::model::{Assertion, ExposeSecret as _, FormFields, SecretString};
use fedgit::sys::http::{Cookies, WebError};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use reqwest::cookie::CookieStore as _;
use reqwest::header::HeaderValue;
use url::Url;

/// What a terminal takes for an order.
const ESCAPE: char = '\u{1b}';

const PASSWORD: &str = "MARKER-of-the-password";

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs a property over many cases, and over new ones as long as there is time.
fn fuzz<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let cases = u32::try_from(number("FEDGIT_FUZZ_CASES").unwrap_or(64)).unwrap();
    let until = number("FEDGIT_FUZZ_SECONDS").map(|s| Instant::now() + Duration::from_secs(s));
    let mut rounds = 0_u64;
    loop {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        if let Err(error) = runner.run(&strategy, &property) {
            panic!("{error}");
        }
        rounds += 1;
        if until.is_none_or(|until| Instant::now() > until) {
            break;
        }
    }
    eprintln!("{} cases", rounds * u64::from(cases));
}

/// Pieces of pages: what the readers look for, in every order and nesting, with text of any sort between.
fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(TAGS.to_vec()).prop_map(str::to_owned),
        3 => (select(NAMES.to_vec()), select(ATTRIBUTES.to_vec()), select(VALUES.to_vec()))
            .prop_map(|(name, attribute, value)| format!("<{name} {attribute}='{value}'>")),
        3 => (select(TYPES.to_vec()), select(FIELDS.to_vec()), select(VALUES.to_vec()))
            .prop_map(|(kind, name, value)| format!("<input type={kind} name=\"{name}\" value=\"{value}\">")),
        2 => (select(ACTIONS.to_vec()), select(vec!["get", "post", "dialog", ""]))
            .prop_map(|(action, method)| format!("<form action='{action}' method={method}>")),
        1 => ".{0,30}",
        1 => "[<>&;'\"=/ !-]{0,12}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

const TAGS: &[&str] = &[
    "<form>",
    "</form>",
    "<table>",
    "<tr><td>",
    "</table>",
    "<template>",
    "</template>",
    "<noscript>",
    "</noscript>",
    "<script>",
    "</script>",
    "<svg>",
    "<math><mi>",
    "<select>",
    "<option>",
    "</select>",
    "<textarea>",
    "</textarea>",
    "<button>",
    "</button>",
    "<label>",
    "</label>",
    "<title>",
    "</title>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<b><i><u><a>",
    "<div role=alert>",
    "</div>",
    "<p class=error>",
    "<meta http-equiv=refresh content='0; url=/x'>",
    "<base href=//evil.example/>",
    "<plaintext>",
    "<input",
    ">",
    "<frameset>",
    "<iframe srcdoc='<form>'>",
    "<!DOCTYPE html>",
    "\0",
    "\u{feff}",
];
const NAMES: &[&str] = &[
    "input", "form", "button", "select", "option", "label", "div", "a", "meta", "img",
];
const ATTRIBUTES: &[&str] = &[
    "name",
    "id",
    "for",
    "form",
    "type",
    "value",
    "class",
    "role",
    "onclick",
    "http-equiv",
    "content",
    "action",
    "formaction",
    "method",
    "autocomplete",
    "checked",
    "disabled",
    "aria-label",
];
const TYPES: &[&str] = &[
    "text", "password", "hidden", "radio", "checkbox", "submit", "email", "image", "x",
];
const FIELDS: &[&str] = &[
    "user",
    "password",
    "SAMLResponse",
    "otp",
    "code",
    "token",
    "AuthMethod",
    "Context",
    "yes",
    "no",
    "totpSecret",
    "clientDataJSON",
    "newpassword",
    "x",
    "",
    "ctl00$Password",
];
const VALUES: &[&str] = &[
    "",
    "x",
    "post",
    "password",
    "hidden",
    "radio",
    "alert",
    "error",
    "refresh",
    "0;url=/y",
    "one-time-code",
    "username",
    "99999999999;url=x",
    "PHNhbWw+",
    "\u{1b}[2J",
    "SelectOption('x')",
    "a b c",
];
const ACTIONS: &[&str] = &[
    "",
    "/next",
    "?",
    "#",
    "https://idp.example.com/in",
    "https://evil.example/in",
    "//evil.example",
    "http://idp.example.com/in",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://",
    "https://idp.example.com@evil.example/",
    "\\\\evil.example",
    "https://signin.aws.amazon.com/saml",
    "https:evil",
    "/logout",
    "data:,x",
    "https://idp.example.com:8443/",
];

#[test]
fn any_page_is_read_or_refused() {
    fuzz(page(), |text| {
        if let Ok(page) = html::read(&text) {
            prop_assert!(page.forms.len() <= html::MAX_FORMS);
            prop_assert!(page.alerts.iter().all(|text| !text.contains(ESCAPE)));
            let labels = page.forms.iter().flat_map(|form| &form.controls);
            prop_assert!(
                labels
                    .into_iter()
                    .all(|control| !control.label.contains(ESCAPE))
            );
        }
        Ok(())
    });
}

/// The pages of an identity provider that means harm, one after the other.
struct Pages {
    pages: Vec<String>,
    at: usize,
    astray: Vec<String>,
}

impl Web for Pages {
    fn send(&mut self, request: &Request) -> Result<PageEvent, WebError> {
        let fields = request.fields().iter();
        let has_it = fields.into_iter().any(|(_, value)| match value {
            Value::Secret(text) => text.expose_secret().contains(PASSWORD),
            Value::Plain(text) => text.contains(PASSWORD),
        });
        let own = request.url.origin() == start().origin();
        if request.url.as_str().contains(PASSWORD) || (has_it && (!own || !request.carries_secret))
        {
            self.astray.push(request.url.to_string());
        }
        let body = self.pages.get(self.at % self.pages.len().max(1)).cloned();
        self.at += 1;
        Ok(PageEvent {
            url: request.url.clone(),
            status: 200,
            www_authenticate: vec![],
            body: body.unwrap_or_default().into(),
        })
    }

    fn local(&mut self, _: &LocalChallenge, _: &mut dyn FnMut()) -> LocalAnswer {
        LocalAnswer::Nobody
    }

    fn wait(&mut self, _: Duration) {}
}

/// Somebody who answers everything.
struct Willing(usize);

impl Person for Willing {
    fn answer(&mut self, question: &Question) -> Result<SecretString, NoAnswer> {
        if let Question::Password { .. } = question {
            self.0 += 1;
        }
        Ok(PASSWORD.into())
    }

    fn choose(&mut self, choice: &Choice) -> Result<usize, NoAnswer> {
        Ok(choice.options.len().saturating_sub(1))
    }

    fn prefer(&mut self, _: &Choice) -> Option<usize> {
        None
    }

    fn show(&mut self, _: &str) {}

    fn set_going(&mut self) {}
}

fn start() -> Url {
    "https://idp.example.com/start".parse().unwrap()
}

#[test]
fn any_login_comes_to_an_end_and_the_password_stays() {
    fuzz(proptest::collection::vec(page(), 1..6), |pages| {
        let origins = Origins::new(&start(), &[]);
        // Without a name of its own: what is typed first is the password, by mistake.
        let name = Some("jane".to_owned());
        let mut flow = Forms::new(start(), origins, name, FormFields::default());
        let mut web = Pages {
            pages,
            at: 0,
            astray: vec![],
        };
        let mut person = Willing(0);
        let _ = login::drive(&mut flow, &mut web, &mut person, Limits::default());
        prop_assert!(web.astray.is_empty(), "sent to {:?}", web.astray);
        prop_assert!(web.at <= Limits::default().steps);
        prop_assert!(person.0 <= 1, "asked for the password {} times", person.0);
        Ok(())
    });
}

const RESPONSE: &str = "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol'>\
    <p:Status><p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>\
    <a:Assertion xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'><a:Conditions NotOnOrAfter='2030-01-01T00:00:00Z'/>\
    <a:AttributeStatement><a:Attribute Name='https://aws.amazon.com/SAML/Attributes/Role'>\
    <a:AttributeValue>arn:aws:iam::111122223333:role/R,arn:aws:iam::111122223333:saml-provider/P</a:AttributeValue>\
    </a:Attribute></a:AttributeStatement></a:Assertion></p:Response>";

const XML: &[&str] = &[
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "&a;",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "<!-- -->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0' encoding='utf-16'?>",
    "<?x?>",
    "</a:Assertion>",
    "<a:Assertion>",
    "<a:EncryptedAssertion/>",
    " xmlns='urn:x'",
    " xmlns:a='urn:y'",
    " Name='x'",
    "<",
    ">",
    "'",
    "\"",
    "\0",
    "arn:aws:iam::",
    ":role/",
    ",",
];

#[test]
fn any_response_is_read_or_refused() {
    // A good one with pieces put in, taken out and doubled, and any text at all.
    let edit = (
        any::<prop::sample::Index>(),
        0_usize..40,
        select(XML.to_vec()),
        0_u8..3,
    );
    let mutated = proptest::collection::vec(edit, 0..8).prop_map(|edits| {
        let mut text: Vec<char> = RESPONSE.chars().collect();
        for (at, length, piece, how) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + length).min(text.len());
            let cut: Vec<char> = text.get(at..end).unwrap_or_default().to_vec();
            match how {
                0 => drop(text.splice(at..at, piece.chars()).count()),
                1 => drop(text.drain(at..end).count()),
                _ => drop(text.splice(at..at, cut).count()),
            }
        }
        text.into_iter().collect::<String>()
    });
    let encoded = mutated.prop_map(|text| STANDARD.encode(text));
    fuzz(
        prop_oneof![9 => encoded.boxed(), 1 => ".{0,200}".boxed()],
        |text| {
            match saml::read(&Assertion::new(text)) {
                Ok(response) => prop_assert!(response.roles.len() <= 10),
                Err(error) => prop_assert!(!error.to_string().contains(ESCAPE)),
            }
            Ok(())
        },
    );
}

#[test]
fn any_cookie_goes_back_only_where_it_came_from() {
    let word = select(vec![
        "a",
        "=",
        ";",
        "; ",
        "Path=/",
        "Domain=example.com",
        "Domain=.com",
        "Domain=idp.example.com",
        "Secure",
        "HttpOnly",
        "Max-Age=-1",
        "Max-Age=99999999999999999999",
        "Expires=Fri, 31 Dec 9999 23:59:59 GMT",
        "Expires=x",
        "\"",
        ",",
        "SameSite=None",
        "__Host-a=b",
        "\t",
        "é",
    ]);
    let header = proptest::collection::vec(
        prop_oneof![4 => word.prop_map(str::to_owned), 1 => ".{0,8}"],
        0..12,
    );
    fuzz(
        proptest::collection::vec(header.prop_map(|words| words.concat()), 0..6),
        |headers| {
            let cookies = Cookies::default();
            let values: Vec<HeaderValue> = headers
                .iter()
                .filter_map(|text| HeaderValue::from_bytes(text.as_bytes()).ok())
                .collect();
            cookies.set_cookies(&mut values.iter(), &start());
            let again = Cookies::of(&cookies.kept());
            for other in [
                "https://evil.example/",
                "https://evil.com/",
                "https://com/",
                "https://example.org/",
            ] {
                prop_assert_eq!(again.cookies(&other.parse().unwrap()), None);
            }
            let pairs = |cookies: &Cookies| {
                let header = cookies.cookies(&start())?;
                let text = String::from_utf8_lossy(header.as_bytes()).into_owned();
                let mut pairs: Vec<String> = text.split("; ").map(str::to_owned).collect();
                pairs.sort();
                Some(pairs)
            };
            prop_assert_eq!(pairs(&cookies), pairs(&again));
            Ok(())
        },
    );
}

/// What was kept may have been written by anybody who can write there.
#[test]
fn any_kept_cookies_are_read_or_none() {
    fuzz("[\\[\\]{}\":,a-z0-9 ]{0,80}", |text| {
        let _ = Cookies::of(&text.into()).cookies(&start());
        Ok(())
    });
}
