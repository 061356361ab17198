//! JSON to and from an Okta org. Every request of a login carries what lets its holder go on with it
//! (a state token at least), so all of them go to the org's own origins alone.

use secrecy::{ExposeSecret, SecretString};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use url::Url;

use super::OktaError;
use crate::format::printable::printable;
use crate::format::secret_json;
use crate::login::{Body, FlowError, Method, Origins, PageEvent, Request, place};

/// The org, and where its secrets may go.
pub(super) struct Org {
    /// The address of the AWS application.
    pub(super) app: Url,
    /// Who may be told.
    pub(super) origins: Origins,
}

impl Org {
    /// A path on the org.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.app.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        url
    }

    /// A link of an answer, provided that it stays on the org.
    pub(super) fn link(&self, page: &Url, href: &str) -> Result<Url, FlowError> {
        page.join(href)
            .ok()
            .filter(|url| self.origins.may_know(url))
            .ok_or_else(|| {
                let link = printable(href.split(['?', '#']).next().unwrap_or_default(), 80);
                let page = place(page);
                OktaError::Elsewhere { page, link }.into()
            })
    }
}

/// A body in the making, without a copy of a secret that nobody wipes.
pub(super) enum Node<'a> {
    Text(&'a str),
    Secret(&'a SecretString),
    Given(&'a Value),
    Yes,
    Object(Vec<(&'a str, Node<'a>)>),
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Secret(text) => to.serialize_str(text.expose_secret()),
            Self::Given(value) => value.serialize(to),
            Self::Yes => to.serialize_bool(true),
            Self::Object(members) => {
                let mut map = to.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// Posts JSON of this kind and wants the same back.
pub(super) fn post(
    url: Url,
    kind: &'static str,
    members: Vec<(&str, Node<'_>)>,
) -> Result<Request, FlowError> {
    Ok(Request {
        method: Method::Post,
        body: Body::Json(json_text(members)?),
        headers: vec![
            ("accept", kind.to_owned()),
            ("content-type", kind.to_owned()),
        ],
        carries_secret: true,
        ..Request::get(url)
    })
}

/// A JSON object as it is sent.
pub(super) fn json_text(members: Vec<(&str, Node<'_>)>) -> Result<SecretString, FlowError> {
    let bytes = secret_json::render(&Node::Object(members)).map_err(|_| FlowError::OutOfTurn)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| FlowError::OutOfTurn)?;
    Ok(SecretString::from(text))
}

/// The JSON of an answer. serde_json goes no deeper than 128 levels, and the page was read within its
/// own limit.
pub(super) fn read(page: &PageEvent) -> Result<Value, FlowError> {
    let wrong = |why: String| {
        FlowError::from(OktaError::NotOkta {
            place: place(&page.url),
            status: page.status,
            why,
        })
    };
    let value: Value = serde_json::from_str(page.body.expose_secret()).map_err(|e| {
        // Its message quotes no text; where it stopped is enough for a bug report.
        wrong(format!(
            "no JSON (line {}, column {})",
            e.line(),
            e.column()
        ))
    })?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(wrong("no JSON object".to_owned())),
    }
}

/// The text at a place (RFC 6901); `None` where nothing or something else stands there.
pub(super) fn text(value: &Value, pointer: &str) -> Option<String> {
    let text = value.pointer(pointer)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// The same, or a number, fit to print.
pub(super) fn shown(value: &Value, pointer: &str) -> Option<String> {
    let text = match value.pointer(pointer)? {
        Value::String(text) => printable(text, 200),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The list at a place; empty where there is none.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
