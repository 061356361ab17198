//! The body of a step's request: what its form gives goes back as it came, and what is open is the
//! user's.

use secrecy::SecretString;

use super::answer::{Field, Remediation};
use crate::login::okta::json::Node;

/// The members of the body, the state handle with them.
pub(super) fn members<'a>(
    step: &'a Remediation,
    handle: &'a str,
    username: &'a str,
    secret: Option<&'a SecretString>,
) -> Vec<(&'a str, Node<'a>)> {
    let given = step.fields.iter().filter_map(|field| {
        let name = field.name.as_str();
        let node = match (name, secret) {
            ("identifier", _) => Node::Text(username),
            ("credentials", Some(secret)) => credentials(field, secret),
            ("stateHandle", _) => return None,
            // Where the org lets a browser be remembered, this device is; `fedgit logout` forgets it.
            ("rememberMe", _) => Node::Yes,
            _ => Node::Given(field.value.as_ref()?),
        };
        Some((name, node))
    });
    given.chain([("stateHandle", Node::Text(handle))]).collect()
}

/// The field for what somebody types, in a step that has one which a keyboard can fill.
pub(super) fn open_field(step: &Remediation) -> Option<&'static str> {
    let credentials = step
        .fields
        .iter()
        .find(|field| field.name == "credentials")?;
    open(credentials)
}

fn open(credentials: &Field) -> Option<&'static str> {
    ["passcode", "totp", "answer"].into_iter().find(|name| {
        let mut fields = credentials.fields.iter();
        fields.any(|field| field.name == *name && field.value.is_none())
    })
}

fn credentials<'a>(field: &'a Field, secret: &'a SecretString) -> Node<'a> {
    let open = open(field);
    let members = field.fields.iter().filter_map(|field| {
        let node = match open {
            Some(name) if name == field.name => Node::Secret(secret),
            _ => Node::Given(field.value.as_ref()?),
        };
        Some((field.name.as_str(), node))
    });
    Node::Object(members.collect())
}
