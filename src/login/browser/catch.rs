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
    if let Some(audience) = &said.audience {
        let rest = audience.trim().strip_prefix(AUDIENCE);
        let is_aws = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        if !is_aws && partition_of(audience).is_none() {
            return Err(other(audience));
        }
    }
    let mut partitions: BTreeSet<Partition> = sent_to.into_iter().collect();
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
mod tests {
    use super::*;

    fn paused(kind: &str, url: &str, method: &str, body: &str) -> Paused {
        let encoded = STANDARD.encode(body);
        let text = serde_json::json!({
            "requestId": "1",
            "resourceType": kind,
            "request": { "url": url, "method": method, "postDataEntries": [{ "bytes": encoded }] },
        });
        serde_json::from_value(text).unwrap()
    }

    fn verdict(url: &str, method: &str, body: &str) -> String {
        verdict_of(&paused("Document", url, method, body))
    }

    fn verdict_of(paused: &Paused) -> String {
        match judge(paused, &wanted()) {
            Verdict::Take(assertion) => format!("take {}", assertion.expose()),
            Verdict::Pass => "pass".to_owned(),
            Verdict::Block(None) => "block".to_owned(),
            Verdict::Block(Some(error)) => error.to_string(),
        }
    }

    #[test]
    fn what_is_no_form_for_saml_ends_nothing() {
        let response = format!("SAMLResponse={}", url_encoded(&good()));
        let (response, taken) = (response.as_str(), format!("take {}", good()));
        let saml = "https://signin.aws.amazon.com/saml";
        for (kind, url, body, expected) in [
            (
                "Document",
                "https://signin.aws.amazon.com/saml/x",
                response,
                taken.as_str(),
            ),
            (
                "Document",
                "https://signin.aws.amazon.com/oauth",
                "a=b",
                "pass",
            ),
            ("Document", saml, "a=b", "pass"),
            ("XHR", saml, "a=b", "pass"),
            (
                "Ping",
                "https://us-east-1.signin.aws.amazon.com/metrics",
                "",
                "pass",
            ),
            ("Fetch", saml, response, "block"),
            (
                "Document",
                "https://signin.aws.amazon.com/samlish",
                response,
                "the SAML response would be posted to https://signin.aws.amazon.com/samlish, where AWS \
                 takes none for roles",
            ),
            (
                "Fetch",
                "https://signin.aws.amazon.com/samlish",
                response,
                "block",
            ),
            // As a form with files has it.
            (
                "Document",
                saml,
                "--x\r\nname=\"SAMLResponse\"\r\n\r\nQUJD",
                "block",
            ),
        ] {
            assert_eq!(
                verdict_of(&paused(kind, url, "POST", body)),
                expected,
                "{kind} {url}"
            );
        }
        let untold = serde_json::json!({ "requestId": "1", "resourceType": "Document", "request": {
            "url": saml, "method": "POST", "hasPostData": true } });
        assert_eq!(
            verdict_of(&serde_json::from_value(untold).unwrap()),
            "block"
        );
    }

    #[test]
    fn the_form_for_aws_and_nothing_else() {
        let body = &format!(
            "RelayState=&SAMLResponse={}%0D%0A&x=1",
            url_encoded(&good())
        );
        let taken = format!("take {}", good());
        for url in [
            "https://signin.aws.amazon.com/saml",
            "https://us-west-2.signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com:443/saml",
            "https://signin.aws.amazon.com./saml",
            "https://x:y@signin.aws.amazon.com/saml",
        ] {
            assert_eq!(verdict(url, "POST", body), taken, "{url}");
            assert_eq!(verdict(url, "GET", ""), "pass", "{url}");
            assert!(verdict(url, "POST", "SAMLResponse=+").contains("nothing in it"));
        }
        for lookalike in [
            "https://signin.aws.amazon.com.evil.example/saml",
            "https://evil.example/?.signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com@evil.example/saml",
            "https://evilsignin.aws.amazon.com/saml",
            "https://sso.example.com/saml",
        ] {
            assert_eq!(verdict(lookalike, "POST", body), "pass", "{lookalike}");
        }
        for closed in [
            "http://signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com:8443/saml",
            "https://evil.signin.aws.amazon.com/saml",
            "https://us-east-1.signin.amazonaws.cn/saml",
        ] {
            let told = verdict(closed, "POST", body);
            assert!(
                told.contains("not an AWS sign-in address"),
                "{closed}: {told}"
            );
        }
        // Another partition than that of the roles, whose response says nothing itself.
        let china = verdict(
            "https://signin.amazonaws.cn/saml",
            "POST",
            &format!("SAMLResponse={}", url_encoded(&response(AUDIENCE, "", ""))),
        );
        assert_eq!(
            china,
            "the SAML response is for the partition aws-cn, but the roles are in aws"
        );
    }

    #[test]
    fn what_serves_no_declared_role_is_not_taken() {
        let saml = "https://signin.aws.amazon.com/saml";
        let send = |response: &str| {
            let body = format!("SAMLResponse={}", url_encoded(response));
            paused("Document", saml, "POST", &body)
        };
        for nonsense in ["QUJD", "!", &STANDARD.encode("<Response/>")] {
            let told = verdict_of(&send(nonsense));
            assert!(told.contains("the SAML response "), "{nonsense}: {told}");
        }
        let roles = |name: &str| BTreeSet::from([name.parse().unwrap()]);
        let good = send(&good());
        let others = Wanted {
            roles: roles("arn:aws:iam::111122223333:role/Other"),
            ..wanted()
        };
        let Verdict::Block(Some(error)) = judge(&good, &others) else {
            panic!("taken");
        };
        assert!(
            error
                .to_string()
                .contains("does not offer arn:aws:iam::111122223333:role/Other")
        );
        let ours = Wanted {
            roles: roles("arn:aws:iam::111122223333:role/R"),
            ..wanted()
        };
        assert!(matches!(judge(&good, &ours), Verdict::Take(_)));
    }

    #[test]
    fn a_body_in_parts_or_in_one_text() {
        let text = serde_json::json!({ "requestId": "1", "resourceType": "Document", "request": {
            "url": "https://signin.aws.amazon.com/saml", "method": "POST",
            "postData": format!("SAMLResponse={}", url_encoded(&good())), "hasPostData": true } });
        let Verdict::Take(assertion) = judge(&serde_json::from_value(text).unwrap(), &wanted())
        else {
            panic!("not taken");
        };
        assert_eq!(assertion.expose(), good());
    }

    #[test]
    fn what_it_is_for_by_its_own_word() {
        let wanted = BTreeSet::from([Partition::Aws]);
        let told = |audience: &str, recipient: &str, destination: &str| {
            let assertion = Assertion::new(response(audience, recipient, destination));
            let said = saml::read(&assertion).unwrap();
            admit(&said, None, &wanted).map_err(|error| error.to_string())
        };
        let acs = "https://signin.aws.amazon.com/saml";
        for (audience, recipient, destination) in [
            (AUDIENCE, acs, acs),
            ("urn:amazon:webservices:other", "", acs),
            (acs, "https://eu-west-1.signin.aws.amazon.com/saml", ""),
        ] {
            assert!(told(audience, recipient, destination).is_ok());
        }
        for (audience, recipient, destination, expected) in [
            (
                "https://wiki.example.com",
                acs,
                acs,
                "for https://wiki.example.com, not for AWS",
            ),
            ("urn:amazon:webservicesx", acs, acs, "not for AWS"),
            (
                AUDIENCE,
                "https://wiki.example.com/acs",
                acs,
                "wiki.example.com/acs",
            ),
            (
                AUDIENCE,
                acs,
                "http://signin.aws.amazon.com/saml",
                "not for AWS",
            ),
            (
                AUDIENCE,
                "https://signin.amazonaws.cn/saml",
                "",
                "partition aws-cn",
            ),
        ] {
            let Err(error) = told(audience, recipient, destination) else {
                panic!("{audience} {recipient} {destination}");
            };
            assert!(error.contains(expected), "{error}");
        }
        let china = BTreeSet::from([Partition::China]);
        let cn = Assertion::new(response("urn:amazon:webservices:cn-north-1", "", ""));
        let cn = saml::read(&cn).unwrap();
        assert!(admit(&cn, Some(Partition::China), &china).is_ok());
    }

    #[test]
    fn every_sign_in_host_is_looked_at() {
        let patterns = patterns();
        for partition in Partition::ALL {
            let host = partition.signin_host();
            assert!(patterns.contains(&format!("*://*{host}/*")));
            assert!(patterns.contains(&format!("*://*{host}.:*/*")));
        }
    }

    fn wanted() -> Wanted {
        Wanted {
            partitions: BTreeSet::from([Partition::Aws]),
            roles: BTreeSet::new(),
        }
    }

    fn good() -> String {
        response(AUDIENCE, "", "")
    }

    /// A response of one role, unsigned, in base64.
    fn response(audience: &str, recipient: &str, destination: &str) -> String {
        let attribute = |name: &str, value: &str| match value {
            "" => String::new(),
            value => format!(" {name}=\"{value}\""),
        };
        STANDARD.encode(format!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"{}><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><Assertion><Subject><SubjectConfirmation><SubjectConfirmationData{}/></SubjectConfirmation></Subject><Conditions><AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions><AttributeStatement><Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><AttributeValue>arn:aws:iam::111122223333:role/R,arn:aws:iam::111122223333:saml-provider/P</AttributeValue></Attribute></AttributeStatement></Assertion></samlp:Response>"#,
            attribute("Destination", destination),
            attribute("Recipient", recipient),
        ))
    }

    fn url_encoded(text: &str) -> String {
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }
}
