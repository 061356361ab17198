//! The XML that STS answers with: the Query protocol's results and errors.

use axum::http::HeaderName;
use sha2::{Digest as _, Sha256};

use super::assertion::Assertion;
use crate::keys::{Key, Principal};
use crate::saml;
use crate::server::Answer;
use crate::{clock, text};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// An error of the caller's making.
#[derive(Debug)]
pub(super) struct Fault {
    status: u16,
    code: &'static str,
    message: String,
}

impl Fault {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Fault {
        Fault {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn throttling() -> Fault {
        Fault::new(400, "Throttling", "Rate exceeded")
    }

    pub(super) fn validation(message: impl Into<String>) -> Fault {
        Fault::new(400, "ValidationError", message)
    }

    pub(super) fn invalid_token(message: &str) -> Fault {
        Fault::new(400, "InvalidIdentityToken", message)
    }

    pub(super) fn expired_assertion() -> Fault {
        let message = "Token must be redeemed within 5 minutes of issuance";
        Fault::new(400, "ExpiredTokenException", message)
    }

    #[cfg(test)]
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    pub(super) fn into_answer(self) -> Answer {
        let request_id = text::uuid();
        let Fault {
            status,
            code,
            message,
        } = self;
        let escaped = text::escape(&message);
        let xml = format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>Sender</Type>\n    \
             <Code>{code}</Code>\n    <Message>{escaped}</Message>\n  </Error>\n  \
             <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
        );
        Answer::new(status, "text/xml", xml)
            .header(REQUEST_ID, request_id)
            .note(format!("refused: {code}: {message}"))
    }
}

pub(super) fn assume_role_with_saml(
    key: &Key,
    assertion: &Assertion,
    provider: &str,
    account: &str,
) -> Answer {
    let fields = [
        ("Audience", saml::RECIPIENT),
        ("Issuer", &assertion.issuer),
        (
            "NameQualifier",
            &name_qualifier(&assertion.issuer, account, provider),
        ),
        ("PackedPolicySize", "0"),
        ("Subject", &assertion.subject),
        ("SubjectType", "persistent"),
    ];
    result(
        "AssumeRoleWithSAML",
        &(credentials(key) + &elements(&fields)),
    )
}

pub(super) fn assume_role(key: &Key) -> Answer {
    result(
        "AssumeRole",
        &(credentials(key) + &elements(&[("PackedPolicySize", "0")])),
    )
}

pub(super) fn caller_identity(principal: &Principal) -> Answer {
    let fields = [
        ("Arn", principal.arn.as_str()),
        ("UserId", &principal.user_id),
        ("Account", &principal.account),
    ];
    result("GetCallerIdentity", &elements(&fields))
        .note(format!("GetCallerIdentity {}", principal.arn))
}

fn credentials(key: &Key) -> String {
    let expires = key.expires.map(clock::rfc3339).unwrap_or_default();
    let credentials = elements(&[
        ("AccessKeyId", &key.id),
        ("SecretAccessKey", &key.secret),
        ("SessionToken", key.token.as_deref().unwrap_or_default()),
        ("Expiration", &expires),
    ]);
    let user = elements(&[
        ("AssumedRoleId", &key.principal.user_id),
        ("Arn", &key.principal.arn),
    ]);
    format!("<AssumedRoleUser>{user}</AssumedRoleUser><Credentials>{credentials}</Credentials>")
}

/// STS has the SHA-1 of issuer, account and provider name here, in base64: 20 bytes that are
/// the same for the same provider. The bed's are cut from a SHA-256.
fn name_qualifier(issuer: &str, account: &str, provider: &str) -> String {
    let name = provider
        .rsplit_once(":saml-provider")
        .map_or(provider, |(_, name)| name);
    text::base64(&Sha256::digest(format!("{issuer}{account}{name}"))[..20])
}

fn elements(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("<{name}>{}</{name}>", text::escape(value)))
        .collect()
}

fn result(action: &str, content: &str) -> Answer {
    let request_id = text::uuid();
    let xml = format!(
        "<{action}Response xmlns=\"{NAMESPACE}\">\n<{action}Result>{content}</{action}Result>\n\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\n\
         </{action}Response>\n"
    );
    Answer::new(200, "text/xml", xml).header(REQUEST_ID, request_id)
}
