//! Issues SAML responses of the form that AD FS gives to AWS.
//!
//! Follows SAML 2.0 core sections 2 and 3, and "Configure SAML assertions for the
//! authentication response" of the IAM user guide for the attributes. The signature has the
//! shape of one and no more: STS here asks instead whether it has issued these very bytes.

use std::collections::HashSet;
use std::sync::Mutex;

use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use crate::clock::rfc3339;
use crate::scenario::{Issues, Scenario};
use crate::text;

pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
pub(crate) const AUDIENCE: &str = "urn:amazon:webservices";
pub(crate) const RECIPIENT: &str = "https://signin.aws.amazon.com/saml";
pub(crate) const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
pub(crate) const SESSION_NAME: &str = "https://aws.amazon.com/SAML/Attributes/RoleSessionName";

const ISSUER: &str = "http://adfs.example.com/adfs/services/trust";

/// What AD FS grants the subject and the conditions where nobody has changed it.
const SUBJECT_LIFETIME: i64 = 300;
const CONDITIONS_LIFETIME: i64 = 3600;

/// Digests of the responses that were issued, in place of the check of a signature.
#[derive(Debug, Default)]
pub(crate) struct Issued {
    digests: Mutex<HashSet<[u8; 32]>>,
}

impl Issued {
    pub(crate) fn has(&self, response: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(response).into();
        self.digests
            .lock()
            .expect("no thread panicked with the digests")
            .contains(&digest)
    }

    fn remember(&self, response: &[u8]) {
        let digest: [u8; 32] = Sha256::digest(response).into();
        self.digests
            .lock()
            .expect("no thread panicked with the digests")
            .insert(digest);
    }
}

/// The value of `SAMLResponse` for a person who has signed in.
pub(crate) fn issue(
    scenario: &Scenario,
    issued: &Issued,
    user: &str,
    now: OffsetDateTime,
) -> String {
    match scenario.issues {
        Issues::Assertion => {
            let response = response(scenario, user, now);
            issued.remember(response.as_bytes());
            text::base64(response.as_bytes())
        }
        Issues::NotBase64 => format!("*** not base64: {} ***", text::uuid()),
        Issues::NotXml => {
            text::base64(format!("This is not XML, and {} < 1 & 2.", text::uuid()).as_bytes())
        }
        Issues::WithDtd => text::base64(with_dtd(&response(scenario, user, now)).as_bytes()),
    }
}

/// The same response behind a DTD whose entity stands in for the name "Role".
fn with_dtd(response: &str) -> String {
    let dtd = "<!DOCTYPE samlp:Response [<!ENTITY role \"role\">]>";
    format!("{dtd}{}", response.replacen(":role/", ":&role;/", 1))
}

fn response(scenario: &Scenario, user: &str, now: OffsetDateTime) -> String {
    let until =
        |default| rfc3339(now + Duration::seconds(scenario.assertion_lifetime.unwrap_or(default)));
    let instant = rfc3339(now);
    let (subject_until, conditions_until) = (until(SUBJECT_LIFETIME), until(CONDITIONS_LIFETIME));
    let (response_id, assertion_id) = (text::uuid(), text::uuid());
    let digest = text::base64(&text::random::<32>());
    let signature = text::base64(&text::random::<256>());
    let name_id = text::escape(user);
    let role_values: String = scenario
        .roles
        .iter()
        .map(|(role, provider)| {
            format!(
                "<AttributeValue>{},{}</AttributeValue>",
                text::escape(provider),
                text::escape(role),
            )
        })
        .collect();
    // An attribute must have a value, so no roles means no attribute.
    let roles = match role_values.as_str() {
        "" => String::new(),
        values => format!("<Attribute Name=\"{ROLE}\">{values}</Attribute>"),
    };
    format!(
        "<samlp:Response ID=\"_{response_id}\" Version=\"2.0\" IssueInstant=\"{instant}\" \
         Destination=\"{RECIPIENT}\" xmlns:samlp=\"{PROTOCOL}\">\
         <Issuer xmlns=\"{ASSERTION}\">{ISSUER}</Issuer>\
         <samlp:Status><samlp:StatusCode Value=\"{SUCCESS}\" /></samlp:Status>\
         <Assertion ID=\"_{assertion_id}\" IssueInstant=\"{instant}\" Version=\"2.0\" \
         xmlns=\"{ASSERTION}\"><Issuer>{ISSUER}</Issuer>\
         <ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\" />\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\" />\
         <ds:Reference URI=\"#_{assertion_id}\">\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\" />\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue>{signature}</ds:SignatureValue></ds:Signature>\
         <Subject><NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">\
         {name_id}</NameID>\
         <SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <SubjectConfirmationData NotOnOrAfter=\"{subject_until}\" Recipient=\"{RECIPIENT}\" />\
         </SubjectConfirmation></Subject>\
         <Conditions NotBefore=\"{instant}\" NotOnOrAfter=\"{conditions_until}\">\
         <AudienceRestriction><Audience>{AUDIENCE}</Audience></AudienceRestriction></Conditions>\
         <AttributeStatement>\
         <Attribute Name=\"{SESSION_NAME}\"><AttributeValue>{name_id}</AttributeValue></Attribute>\
         {roles}</AttributeStatement>\
         <AuthnStatement AuthnInstant=\"{instant}\" SessionIndex=\"_{assertion_id}\">\
         <AuthnContext><AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
         </AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion></samlp:Response>"
    )
}
