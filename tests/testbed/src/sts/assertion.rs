//! Reads an assertion as STS does, and finds every reason to refuse it.

use roxmltree::{Document, Node};
use time::OffsetDateTime;

use super::answers::Fault;
use super::is_session_name;
use super::trust::Trust;
use crate::saml::{self, ASSERTION, Issued, PROTOCOL};
use crate::{clock, text};

/// An assertion for AWS that is valid now, from the bed's own identity provider or one that it was told
/// to trust.
#[derive(Debug)]
pub(super) struct Assertion {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) session_name: String,
    /// Role ARN and provider ARN.
    pairs: Vec<(String, String)>,
}

impl Assertion {
    pub(super) fn read(
        encoded: &str,
        issued: &Issued,
        trust: &Trust,
        now: OffsetDateTime,
    ) -> Result<Assertion, Fault> {
        let bytes = text::from_base64(encoded)
            .ok_or_else(|| Fault::invalid_token("Invalid base64 SAMLResponse"))?;
        let xml = String::from_utf8(bytes)
            .map_err(|_| Fault::invalid_token("Invalid SAML response: not UTF-8"))?;
        // roxmltree refuses a DTD.
        let document = Document::parse(&xml)
            .map_err(|_| Fault::invalid_token("Invalid SAML response: not well-formed"))?;
        if !issued.has(xml.as_bytes()) && !trust.vouches_for(&xml, &document) {
            return Err(Fault::invalid_token("Response signature invalid"));
        }
        let root = document.root_element();
        let status = only(root, PROTOCOL, "StatusCode")?;
        if status.attribute("Value") != Some(saml::SUCCESS) {
            return Err(Fault::invalid_token("Response status is not Success"));
        }
        let assertion = only(root, ASSERTION, "Assertion")?;
        check_audience(assertion)?;
        check_time(assertion, now)?;

        let session_name = attribute_values(assertion, saml::SESSION_NAME).pop();
        let session_name = session_name
            .filter(|name| is_session_name(name))
            .ok_or_else(|| {
                Fault::invalid_token("RoleSessionName is required in SAML authentication response")
            })?;
        Ok(Assertion {
            issuer: content(only_child(assertion, "Issuer")?),
            subject: content(only(assertion, ASSERTION, "NameID")?),
            session_name,
            pairs: attribute_values(assertion, saml::ROLE)
                .iter()
                .filter_map(|value| pair(value))
                .collect(),
        })
    }

    pub(super) fn offers(&self, role: &str, provider: &str) -> bool {
        self.pairs.iter().any(|(r, p)| r == role && p == provider)
    }
}

fn check_audience(assertion: Node<'_, '_>) -> Result<(), Fault> {
    if content(only(assertion, ASSERTION, "Audience")?) != saml::AUDIENCE {
        return Err(Fault::invalid_token(
            "Audience is not urn:amazon:webservices",
        ));
    }
    let confirmation = only(assertion, ASSERTION, "SubjectConfirmationData")?;
    if confirmation.attribute("Recipient") != Some(saml::RECIPIENT) {
        return Err(Fault::invalid_token(
            "Recipient is not the AWS sign-in endpoint",
        ));
    }
    Ok(())
}

fn check_time(assertion: Node<'_, '_>, now: OffsetDateTime) -> Result<(), Fault> {
    let time = |node: Node<'_, '_>, name| node.attribute(name).and_then(clock::from_rfc3339);
    let confirmation = only(assertion, ASSERTION, "SubjectConfirmationData")?;
    let conditions = only(assertion, ASSERTION, "Conditions")?;
    let ends = [
        time(confirmation, "NotOnOrAfter"),
        time(conditions, "NotOnOrAfter"),
    ];
    if !ends.iter().all(|end| end.is_some_and(|end| now < end)) {
        return Err(Fault::expired_assertion());
    }
    if time(conditions, "NotBefore").is_none_or(|begin| now < begin) {
        return Err(Fault::invalid_token("The assertion is not valid yet"));
    }
    Ok(())
}

/// Role and provider, in whichever order they stand.
fn pair(value: &str) -> Option<(String, String)> {
    let (a, b) = value.split_once(',')?;
    let (a, b) = (a.trim().to_owned(), b.trim().to_owned());
    if b.contains(":saml-provider/") {
        Some((a, b))
    } else {
        Some((b, a))
    }
}

fn attribute_values(assertion: Node<'_, '_>, name: &str) -> Vec<String> {
    assertion
        .descendants()
        .filter(|node| node.has_tag_name((ASSERTION, "Attribute")))
        .filter(|node| node.attribute("Name") == Some(name))
        .flat_map(|node| node.children())
        .filter(|node| node.has_tag_name((ASSERTION, "AttributeValue")))
        .map(content)
        .collect()
}

fn only<'a, 'd>(within: Node<'a, 'd>, namespace: &str, name: &str) -> Result<Node<'a, 'd>, Fault> {
    let mut found = within
        .descendants()
        .filter(|node| node.has_tag_name((namespace, name)));
    match (found.next(), found.next()) {
        (Some(node), None) => Ok(node),
        _ => Err(Fault::invalid_token(&format!(
            "There must be exactly one {name}"
        ))),
    }
}

fn only_child<'a, 'd>(parent: Node<'a, 'd>, name: &str) -> Result<Node<'a, 'd>, Fault> {
    parent
        .children()
        .find(|node| node.has_tag_name((ASSERTION, name)))
        .ok_or_else(|| Fault::invalid_token(&format!("There must be exactly one {name}")))
}

fn content(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::scenario::Scenario;

    fn issue(scenario: &Scenario, issued: &Issued, now: OffsetDateTime) -> String {
        saml::issue(scenario, issued, "username@domain", now)
    }

    #[test]
    fn its_own_assertion_is_read_while_it_is_valid() {
        let (issued, now) = (
            Issued::default(),
            clock::from_stamp("20260102T030405Z").unwrap(),
        );
        let scenario = Scenario::adfs();
        let encoded = issue(&scenario, &issued, now);
        let assertion = Assertion::read(&encoded, &issued, &Trust::default(), now).expect("valid");
        assert_eq!(assertion.session_name, "username@domain");
        let (role, provider) = &scenario.roles[0];
        assert!(assertion.offers(role, provider));
        assert!(!assertion.offers(provider, role));

        let at = |seconds| {
            Assertion::read(
                &encoded,
                &issued,
                &Trust::default(),
                now + Duration::seconds(seconds),
            )
        };
        assert!(at(299).is_ok());
        assert_eq!(at(300).unwrap_err().code(), "ExpiredTokenException");
        assert_eq!(at(-1).unwrap_err().code(), "InvalidIdentityToken");
    }

    #[test]
    fn one_changed_byte_is_another_assertion() {
        let (issued, now) = (
            Issued::default(),
            clock::from_stamp("20260102T030405Z").unwrap(),
        );
        let encoded = issue(&Scenario::adfs(), &issued, now);
        let xml = String::from_utf8(text::from_base64(&encoded).unwrap()).unwrap();
        let changed = text::base64(xml.replacen("Production", "production", 1).as_bytes());
        let refused = Assertion::read(&changed, &issued, &Trust::default(), now).unwrap_err();
        assert_eq!(refused.code(), "InvalidIdentityToken");
    }

    #[test]
    fn what_is_no_response_is_refused() {
        let (issued, now) = (
            Issued::default(),
            clock::from_stamp("20260102T030405Z").unwrap(),
        );
        for scenario in [
            Scenario::response_not_base64(),
            Scenario::response_not_xml(),
            Scenario::response_with_dtd(),
        ] {
            let encoded = issue(&scenario, &issued, now);
            let refused = Assertion::read(&encoded, &issued, &Trust::default(), now).unwrap_err();
            assert_eq!(refused.code(), "InvalidIdentityToken");
        }
    }
}
