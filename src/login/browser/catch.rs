//! Which of a browser's requests is the one that carries the response to AWS, and whether it is one for
//! the roles at hand. Pure.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use crate::format::printable::printable;
use crate::format::saml;
use crate::login::{FlowError, LoginError, acs, any_of, place};
use crate::model::{Assertion, Partition, RoleArn};

/// What an audience is that means AWS: alone, or with a partition's own word after a colon.
const AUDIENCE: &str = "urn:amazon:webservices";

/// A request that waits for us, as the Fetch domain tells it. Without Debug on purpose.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paused {
    pub(super) request_id: String,
    /// Whose it is. That of a page has the page's own name.
    #[serde(default)]
    pub(super) frame_id: String,
    /// What it is for; a page that is to be shown is a `Document`.
    #[serde(default)]
    resource_type: String,
    request: Request,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    url: String,
    method: String,
    post_data: Option<Zeroizing<String>>,
    /// Also where it is too long to be told.
    #[serde(default)]
    has_post_data: bool,
    #[serde(default)]
    post_data_entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    bytes: Option<Zeroizing<String>>,
}

/// What becomes of a request.
pub(super) enum Verdict {
    /// It is the one.
    Take(Assertion),
    /// It is none of our business.
    Pass,
    /// It must not be sent; why, where it was a form with a response. Any page that the browser comes
    /// by can send one, so it ends nothing.
    Block(Option<LoginError>),
}

/// What a response is to be for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Where the declared roles are.
    pub partitions: BTreeSet<Partition>,
    /// The declared roles, one of which it has to offer; where there are none, any will do.
    pub roles: BTreeSet<RoleArn>,
}

/// The addresses that are looked at: AWS's sign-in hosts, those of its regions, with whatever name, port
/// or dot an address may have besides, and what only looks like them to a pattern. Nothing else that the
/// browser sends is ever seen here.
pub(super) fn patterns() -> Vec<String> {
    let hosts = Partition::ALL.map(Partition::signin_host);
    hosts
        .iter()
        .flat_map(|host| ["", ".", ":*", ".:*"].map(|rest| format!("*://*{host}{rest}/*")))
        .collect()
}

/// Whether this is the form with the response.
pub(super) fn judge(paused: &Paused, wanted: &Wanted) -> Verdict {
    let request = &paused.request;
    let Ok(url) = Url::parse(&request.url) else {
        return Verdict::Pass;
    };
    // A look-alike gets what it would get without us; a page on AWS's own sign-in is no form to it.
    if !is_at_sign_in(&url) || request.method != "POST" {
        return Verdict::Pass;
    }
    let assertion = match request.response() {
        Held::Nothing => return Verdict::Pass,
        Held::Unclear => return Verdict::Block(None),
        // A script's request: no form that AWS would take, nor a page that somebody looks at.
        Held::Empty | Held::Response(_) if !paused.is_page() => return Verdict::Block(None),
        Held::Empty | Held::Response(_) if !is_saml(&url) => {
            return block(FlowError::OtherPage { to: place(&url) });
        }
        Held::Empty => {
            return block(FlowError::EmptyAssertion { page: place(&url) });
        }
        Held::Response(assertion) => assertion,
    };
    let Some(partition) = acs::partition(&url) else {
        return block(FlowError::AssertionElsewhere { to: place(&url) });
    };
    let said = match saml::read(&assertion) {
        Ok(said) => said,
        Err(error) => return block(error),
    };
    if let Err(error) = admit(&said, Some(partition), &wanted.partitions) {
        return block(error);
    }
    match any_of(&said.roles, &wanted.roles) {
        Ok(()) => Verdict::Take(assertion),
        Err(error) => block(LoginError::NotOffered(Box::new(error))),
    }
}

fn block(why: impl Into<LoginError>) -> Verdict {
    Verdict::Block(Some(why.into()))
}

impl Paused {
    fn is_page(&self) -> bool {
        self.resource_type == "Document"
    }
}

/// The page that takes a response for roles.
fn is_saml(url: &Url) -> bool {
    let below = url.path().strip_prefix("/saml");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a request's body has of a response.
enum Held {
    Nothing,
    /// It cannot be read, or has one in a form that AWS does not take.
    Unclear,
    /// The field, with nothing in it.
    Empty,
    Response(Assertion),
}

/// That by its own word a response is for AWS, and for an AWS in which declared roles are. `sent_to` is
/// where it was sent, if anywhere.
///
/// # Errors
/// [`FlowError::OtherParty`], [`FlowError::OtherPartition`].
pub fn admit(
    said: &saml::Response,
    sent_to: Option<Partition>,
    wanted: &BTreeSet<Partition>,
) -> Result<(), FlowError> {
    let other = |party: &str| FlowError::OtherParty {
        party: printable(party, 200),
    };
    let mut partitions: BTreeSet<Partition> = sent_to.into_iter().collect();
    if let Some(audience) = &said.audience {
        let audience = audience.trim();
        let rest = audience.strip_prefix(AUDIENCE);
        let is_aws = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        let partition = partition_named(audience).or_else(|| partition_of(audience));
        if !is_aws && partition.is_none() {
            return Err(other(audience));
        }
        partitions.extend(partition);
    }
    for delivery in [&said.destination, &said.recipient].into_iter().flatten() {
        partitions.insert(partition_of(delivery).ok_or_else(|| other(delivery))?);
    }
    let stranger = partitions
        .iter()
        .find(|partition| !wanted.contains(partition));
    match stranger {
        Some(partition) if !wanted.is_empty() => Err(FlowError::OtherPartition {
            partition: partition.as_str(),
            wanted: wanted
                .iter()
                .map(|partition| partition.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        }),
        _ => Ok(()),
    }
}

impl Request {
    fn response(&self) -> Held {
        let Some(body) = self.body() else {
            return Held::Unclear;
        };
        let mut fields = url::form_urlencoded::parse(&body);
        let Some((_, value)) = fields.find(|(name, _)| name == acs::FIELD) else {
            let name = acs::FIELD.as_bytes();
            return match body.windows(name.len()).any(|part| part == name) {
                true => Held::Unclear,
                false => Held::Nothing,
            };
        };
        let value = Zeroizing::new(value.into_owned());
        match value.trim() {
            "" => Held::Empty,
            trimmed => Held::Response(Assertion::new(trimmed.to_owned())),
        }
    }

    fn body(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut body = Zeroizing::new(Vec::new());
        for entry in &self.post_data_entries {
            let bytes = STANDARD.decode(entry.bytes.as_ref()?.as_bytes()).ok()?;
            body.extend_from_slice(&Zeroizing::new(bytes));
        }
        if body.is_empty() {
            match &self.post_data {
                Some(text) => body.extend_from_slice(text.as_bytes()),
                None if self.has_post_data => return None,
                None => {}
            }
        }
        Some(body)
    }
}

/// The partition whose own name this is; that of all of AWS may stand for any.
fn partition_named(audience: &str) -> Option<Partition> {
    let named = |partition: &Partition| partition.relying_party() == audience;
    let found = Partition::ALL.into_iter().find(named);
    found.filter(|_| audience != AUDIENCE)
}

fn partition_of(address: &str) -> Option<Partition> {
    acs::partition(&Url::parse(address.trim()).ok()?)
}

/// On a host of AWS's sign-in or beneath one, whatever the scheme and port.
fn is_at_sign_in(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    // The whole name, as one may write it.
    let host = host.strip_suffix('.').unwrap_or(host);
    Partition::ALL.into_iter().any(|partition| {
        host.strip_suffix(partition.signin_host())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

#[cfg(test)]
mod tests;
