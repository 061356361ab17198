//! The authenticators that the Identity Engine lets somebody choose from.

use super::answer::{Choosable, Field, Remediation};
use crate::format::printable::printable;
use crate::login::Offer;

/// One way to verify a person.
pub(super) struct Pick {
    /// What it is called in `mfa` of a configuration.
    pub(super) name: &'static str,
    pub(super) label: String,
    /// What goes into the request.
    pub(super) members: Vec<(String, serde_json::Value)>,
}

/// Its name, what it is called where the answer does not say, and whether it needs no browser.
fn known(key: &str, method: &str) -> (&'static str, &'static str, bool) {
    match (method, key) {
        ("password", _) | ("", "okta_password") => ("password", "password", true),
        ("push", _) => ("push", "push", true),
        ("totp", _) => ("totp", "code", true),
        ("sms", _) => ("sms", "SMS", true),
        ("voice", _) => ("call", "voice call", true),
        ("email", _) | ("", "okta_email") => ("email", "e-mail", true),
        ("security_question", _) | ("", "security_question") => ("question", "question", true),
        ("otp", "google_otp") | ("", "google_otp") => ("google", "code", true),
        ("otp" | "hotp", _) => ("token", "code", true),
        ("signed_nonce", _) => ("fastpass", "FastPass", true),
        ("webauthn", _) => ("webauthn", "security key", false),
        ("duo", _) => ("duo", "Duo", false),
        _ => ("other", "other", false),
    }
}

/// What can be picked in a step, those that only a browser can do in the second list.
pub(super) fn picks(step: &Remediation) -> (Vec<Pick>, Vec<String>) {
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    let Some(field) = step
        .fields
        .iter()
        .find(|field| field.name == "authenticator")
    else {
        return (ours, others);
    };
    let alone;
    let options = if field.options.is_empty() {
        // One is given, and only the way to it is open.
        alone = Choosable {
            label: String::new(),
            value: None,
            fields: Vec::new(),
            key: String::new(),
            place: String::new(),
        };
        vec![(&alone, field.fields.as_slice())]
    } else {
        field
            .options
            .iter()
            .map(|option| (option, option.fields.as_slice()))
            .collect()
    };
    for (option, fields) in options {
        for (method, method_label) in methods(fields) {
            let (name, word, is_ours) = known(&option.key, &method);
            let label = label(option, word, &method_label);
            if is_ours {
                let members = members(fields, &method);
                ours.push(Pick {
                    name,
                    label,
                    members,
                });
            } else {
                others.push(label);
            }
        }
    }
    (ours, others)
}

/// The ways of an authenticator, with what they are called.
fn methods(fields: &[Field]) -> Vec<(String, String)> {
    let Some(field) = fields.iter().find(|field| field.name == "methodType") else {
        return vec![(String::new(), String::new())];
    };
    if let Some(value) = field.value.as_ref().and_then(|value| value.as_str()) {
        return vec![(value.to_owned(), String::new())];
    }
    let given = field.options.iter();
    given
        .filter_map(|option| Some((option.value.clone()?, option.label.clone())))
        .collect()
}

fn label(option: &Choosable, word: &str, method_label: &str) -> String {
    let name = match (option.label.as_str(), method_label) {
        ("", "") => word.to_owned(),
        // Its name alone does not say which of its ways is meant.
        (label, "") if option.key == "okta_verify" => format!("{label} {word}"),
        (label, "") => label.to_owned(),
        ("", method) => method.to_owned(),
        (label, method) => format!("{label}: {method}"),
    };
    match option.place.as_str() {
        "" => name,
        place => format!("{name} ({place})"),
    }
}

/// What was given goes back as it came.
fn members(fields: &[Field], method: &str) -> Vec<(String, serde_json::Value)> {
    fields
        .iter()
        .filter_map(|field| match (&field.value, field.name.as_str()) {
            (Some(value), name) => Some((name.to_owned(), value.clone())),
            (None, "methodType") => Some(("methodType".to_owned(), method.into())),
            (None, _) => None,
        })
        .collect()
}

/// Options to choose from: by their names where those tell them apart.
pub(super) fn offers(picks: &[Pick]) -> Vec<Offer> {
    let count = |name: &str| picks.iter().filter(|other| other.name == name).count();
    let id = |pick: &Pick| {
        let own = pick
            .members
            .iter()
            .find(|(name, _)| name == "enrollmentId" || name == "id");
        let own = own
            .and_then(|(_, value)| value.as_str())
            .unwrap_or_default();
        match count(pick.name) {
            1 => pick.name.to_owned(),
            _ => format!("{}:{}", pick.name, printable(own, 100)),
        }
    };
    picks
        .iter()
        .map(|pick| Offer {
            id: id(pick),
            label: pick.label.clone(),
        })
        .collect()
}
