//! What the Identity Engine answers: the steps that it offers next ("remediations"), each a form that
//! says by itself what goes into it. Fields and steps that are not known are passed over.
//!
//! <https://developer.okta.com/docs/reference/api/idx/>

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::format::printable::printable;
use crate::login::okta::json::{list, shown, text};
use crate::model::is_loopback;

/// More than any answer has, for those that were made to be large.
const MOST: usize = 60;

/// Ports that Okta Verify may listen at. Okta names six.
const MOST_PORTS: usize = 16;

/// An answer. Without Debug on purpose: the handle is a secret.
pub(in crate::login::okta) struct Answer {
    /// What names this login in the next request.
    pub(super) handle: Option<String>,
    /// What may be done next.
    pub(super) steps: Vec<Remediation>,
    /// What the person is to be verified with just now.
    pub(super) current: Authenticator,
    /// What went wrong: Okta's key for it and its words, fit to print.
    pub(super) errors: Vec<Message>,
    /// Where to go once it is done.
    pub(super) success: Option<String>,
    /// To give up what waits for a program on this machine.
    pub(super) cancel: Option<String>,
}

/// A message of an answer.
pub(super) struct Message {
    pub(super) key: String,
    pub(super) text: String,
}

/// A step that is offered.
pub(super) struct Remediation {
    pub(super) name: String,
    pub(super) href: String,
    /// How long to wait before it.
    pub(super) refresh: Duration,
    pub(super) fields: Vec<Field>,
}

/// A field of a step.
pub(super) struct Field {
    pub(super) name: String,
    /// What goes back as it came; `None` where somebody has to say.
    pub(super) value: Option<Value>,
    /// Fields within it.
    pub(super) fields: Vec<Field>,
    pub(super) options: Vec<Choosable>,
}

/// An option of a field.
pub(super) struct Choosable {
    pub(super) label: String,
    pub(super) value: Option<String>,
    pub(super) fields: Vec<Field>,
    /// The key of the authenticator that it is for.
    pub(super) key: String,
    /// Its telephone number, address or name; fit to print.
    pub(super) place: String,
}

/// Something that a person is verified with.
#[derive(Default)]
pub(super) struct Authenticator {
    pub(super) key: String,
    pub(super) name: String,
    /// A telephone's number, an address.
    pub(super) place: String,
    /// A security question.
    pub(super) question: String,
    /// To be confirmed on the telephone.
    pub(super) number: Option<String>,
    /// A program on this machine is waited for (FastPass).
    pub(super) local: Option<Local>,
}

/// How the program on this machine is reached.
pub(super) enum Local {
    /// It listens on a port of this machine.
    Loopback(Loopback),
    /// By an address that only a desktop opens, or in a way that came after this was written.
    Otherwise,
}

/// Where it may listen, and what it is given. Without Debug on purpose: who answers the challenge signs in.
pub(super) struct Loopback {
    pub(super) places: Vec<Url>,
    pub(super) probe: Duration,
    pub(super) request: String,
}

/// The answer that a JSON object is.
pub(in crate::login::okta) fn read(value: &Value) -> Answer {
    let steps: Vec<Remediation> = list(value, "/remediation/value")
        .iter()
        .take(MOST)
        .filter_map(|step| remediation(value, step))
        .collect();
    let mut errors = Vec::new();
    collect(value, "/messages/value", &mut errors);
    for step in list(value, "/remediation/value").iter().take(MOST) {
        field_errors(list(step, "/value"), &mut errors);
    }
    let cancels = [
        "/currentAuthenticator/value/cancel/href",
        "/currentAuthenticator/value/contextualData/challenge/value/cancel/href",
        "/authenticatorChallenge/value/cancel/href",
    ];
    Answer {
        handle: text(value, "/stateHandle"),
        steps,
        current: current(value),
        errors,
        success: text(value, "/success/href")
            .or_else(|| text(value, "/successWithInteractionCode/href")),
        cancel: cancels.iter().find_map(|place| text(value, place)),
    }
}

fn remediation(whole: &Value, value: &Value) -> Option<Remediation> {
    let refresh = value.pointer("/refresh").and_then(Value::as_u64);
    Some(Remediation {
        name: shown(value, "/name")?,
        href: text(value, "/href").unwrap_or_default(),
        // Whatever it says: nobody is asked without a pause, nor waited for until the login is over.
        refresh: Duration::from_millis(refresh.unwrap_or(4000).clamp(1000, 10_000)),
        fields: fields(whole, list(value, "/value")),
    })
}

fn fields(whole: &Value, values: &[Value]) -> Vec<Field> {
    values
        .iter()
        .take(MOST)
        .filter_map(|value| field(whole, value))
        .collect()
}

fn field(whole: &Value, value: &Value) -> Option<Field> {
    let options = list(value, "/options").iter().take(MOST);
    // A group of fields stands under `form`, or under `value.form` where it has but one form.
    let inner = ["/form/value", "/value/form/value"]
        .iter()
        .map(|place| list(value, place))
        .find(|inner| !inner.is_empty())
        .unwrap_or_default();
    Some(Field {
        name: text(value, "/name")?,
        value: value
            .get("value")
            .filter(|own| !own.is_object() && !own.is_null())
            .cloned(),
        fields: fields(whole, inner),
        options: options.map(|option| choosable(whole, option)).collect(),
    })
}

fn choosable(whole: &Value, option: &Value) -> Choosable {
    let related = text(option, "/relatesTo").and_then(|path| related(whole, &path));
    let related = related.unwrap_or(&Value::Null);
    Choosable {
        label: shown(option, "/label").unwrap_or_default(),
        value: text(option, "/value"),
        fields: fields(whole, list(option, "/value/form/value")),
        key: text(related, "/key").unwrap_or_default(),
        place: place(related),
    }
}

/// What `$.authenticatorEnrollments.value[0]` points at; of JSONPath nothing else occurs.
fn related<'v>(whole: &'v Value, path: &str) -> Option<&'v Value> {
    let path = path
        .strip_prefix('$')?
        .replace(['.', '['], "/")
        .replace(']', "");
    whole.pointer(&path)
}

fn place(authenticator: &Value) -> String {
    [
        "/profile/phoneNumber",
        "/profile/email",
        "/profile/deviceName",
    ]
    .iter()
    .find_map(|place| shown(authenticator, place))
    .unwrap_or_default()
}

fn current(value: &Value) -> Authenticator {
    let places = [
        "/currentAuthenticatorEnrollment/value",
        "/currentAuthenticator/value",
    ];
    let both: Vec<&Value> = places
        .iter()
        .filter_map(|place| value.pointer(place))
        .collect();
    let first = |place: &str| both.iter().find_map(|one| shown(one, place));
    let challenge = value.pointer("/authenticatorChallenge/value");
    let number = "/contextualData/correctAnswer";
    let question = [
        "/profile/question",
        "/contextualData/enrolledQuestion/question",
    ];
    Authenticator {
        key: both
            .iter()
            .find_map(|one| text(one, "/key"))
            .unwrap_or_default(),
        name: first("/displayName").unwrap_or_default(),
        place: both
            .iter()
            .map(|one| place(one))
            .find(|place| !place.is_empty())
            .unwrap_or_default(),
        question: question
            .iter()
            .find_map(|place| first(place))
            .unwrap_or_default(),
        number: first(number)
            .or_else(|| challenge.and_then(|one| shown(one, number)))
            .or_else(|| challenge.and_then(|one| shown(one, "/correctAnswer"))),
        local: both.iter().copied().chain(challenge).find_map(local),
    }
}

/// What a program on this machine is to be given.
fn local(authenticator: &Value) -> Option<Local> {
    let challenge = authenticator
        .pointer("/contextualData/challenge/value")
        .unwrap_or(authenticator);
    let method = text(challenge, "/challengeMethod")?;
    let request = text(challenge, "/challengeRequest");
    let domain = text(challenge, "/domain").and_then(|domain| domain.parse().ok());
    let (true, Some(request), Some(domain)) = (method == "LOOPBACK", request, domain) else {
        return Some(Local::Otherwise);
    };
    let ports = list(challenge, "/ports").iter().take(MOST_PORTS);
    let places: Vec<Url> = ports.filter_map(|port| listens_at(&domain, port)).collect();
    if places.is_empty() {
        return Some(Local::Otherwise);
    }
    let probe = challenge
        .pointer("/probeTimeoutMillis")
        .and_then(Value::as_u64);
    Some(Local::Loopback(Loopback {
        places,
        // Nobody waits for long where no such program is.
        probe: Duration::from_millis(probe.unwrap_or(100).clamp(50, 1000)),
        request,
    }))
}

/// Plain http on this machine, at a port of no system service: an answer of the org's has fedgit speak to
/// nothing else.
fn listens_at(domain: &Url, port: &Value) -> Option<Url> {
    let number = match port {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|number| u16::try_from(number).ok()),
    };
    let port = number.filter(|port| *port >= 1024)?;
    let mut place: Url = format!("http://{}/", domain.host_str()?).parse().ok()?;
    place.set_port(Some(port)).ok()?;
    (domain.scheme() == "http" && is_loopback(&place)).then_some(place)
}

/// Messages of class ERROR; the others are news.
fn collect(value: &Value, place: &str, errors: &mut Vec<Message>) {
    for message in list(value, place).iter().take(MOST) {
        let class = text(message, "/class").unwrap_or_default();
        if class == "ERROR" || class.is_empty() {
            errors.push(Message {
                key: text(message, "/i18n/key").unwrap_or_default(),
                text: printable(&shown(message, "/message").unwrap_or_default(), 300),
            });
        }
    }
}

/// A wrong code is told at its field.
fn field_errors(fields: &[Value], errors: &mut Vec<Message>) {
    for field in fields.iter().take(MOST) {
        collect(field, "/messages/value", errors);
        for inner in ["/form/value", "/value/form/value"] {
            field_errors(list(field, inner), errors);
        }
    }
}
