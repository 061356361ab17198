//! The one JSON object of `credential_process`, version 1: written as botocore and the AWS SDK for
//! Rust both read it, and read as they do.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::secret_json;
use crate::model::{Credentials, Keys, Timestamp};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
}

/// The answer with its line end.
#[must_use]
pub fn render(credentials: &Credentials) -> Zeroizing<String> {
    let answer = Answer {
        version: 1,
        access_key_id: &credentials.access_key_id,
        secret_access_key: credentials.secret_access_key.expose_secret(),
        session_token: credentials.session_token.expose_secret(),
        expiration: credentials.expiration.to_string(),
        account_id: credentials
            .account
            .as_ref()
            .map(crate::model::AccountId::as_str),
    };
    // Strings and a number: serializing cannot fail.
    let mut bytes = secret_json::render(&answer).unwrap_or_default();
    bytes.push(b'\n');
    // The same buffer, moved; serde_json writes nothing but UTF-8.
    let text = String::from_utf8(std::mem::take(&mut *bytes));
    Zeroizing::new(text.unwrap_or_default())
}

/// What another program answered.
#[derive(Debug)]
pub struct Given {
    /// The keys.
    pub keys: Keys,
    /// When they end; never, for those of an IAM user.
    pub expiration: Option<Timestamp>,
}

/// Why an answer is none. Never with the answer's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// Not the JSON object, or without one of its keys.
    #[error("it is no JSON object with Version, AccessKeyId and SecretAccessKey")]
    Form,
    /// Another version.
    #[error("its Version is not 1")]
    Version,
    /// A value that can be no key.
    #[error("a key in it is empty, or is no printable ASCII")]
    Key,
    /// A time that is none.
    #[error("its Expiration is not a time like 2030-01-31T12:00:00Z")]
    Expiration,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Read {
    /// botocore compares it with 1, and so takes 1.0 for it.
    version: f64,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expiration: Option<String>,
}

/// Reads another program's answer.
///
/// # Errors
/// [`BadAnswer`].
pub fn read(bytes: &[u8]) -> Result<Given, BadAnswer> {
    let read: Read = serde_json::from_slice(bytes).map_err(|_| BadAnswer::Form)?;
    if (read.version - 1.0).abs() > f64::EPSILON {
        return Err(BadAnswer::Version);
    }
    let whole = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
    let token = read.session_token.filter(|token| !token.is_empty());
    if !whole(&read.access_key_id)
        || !whole(&read.secret_access_key)
        || !token.as_ref().is_none_or(|token| whole(token))
    {
        return Err(BadAnswer::Key);
    }
    let expiration = read.expiration.map(|text| expiration(&text));
    Ok(Given {
        keys: Keys {
            access_key_id: read.access_key_id,
            secret_access_key: SecretString::from(read.secret_access_key.as_str()),
            session_token: token.map(|token| SecretString::from(token.as_str())),
        },
        expiration: match expiration {
            Some(None) => return Err(BadAnswer::Expiration),
            Some(end) => end,
            None => None,
        },
    })
}

/// A time, its offset with a colon or, as botocore takes it too, without one.
#[must_use]
pub fn expiration(text: &str) -> Option<Timestamp> {
    let at = text.len().checked_sub(5);
    let offset = at.and_then(|at| text.get(at..));
    let is_offset = |offset: &str| {
        let digits = offset.strip_prefix(['+', '-']);
        digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let Some(offset) = offset.filter(|offset| is_offset(offset)) else {
        return Timestamp::parse_rfc3339(text);
    };
    let (hours, minutes) = offset.split_at(3);
    let date = text.strip_suffix(offset)?;
    Timestamp::parse_rfc3339(&format!("{date}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_what_others_write() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: SecretString::from("secret"),
            session_token: SecretString::from("token"),
            expiration: Timestamp::from_unix(1_900_000_000),
            account: None,
        };
        let given = read(render(&credentials).as_bytes()).unwrap();
        assert_eq!(given.keys.access_key_id, "ASIAEXAMPLE");
        assert_eq!(given.keys.session_token.unwrap().expose_secret(), "token");
        assert_eq!(given.expiration, Some(credentials.expiration));
        let user =
            r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"","x":1}"#;
        let given = read(user.as_bytes()).unwrap();
        assert!(given.keys.session_token.is_none() && given.expiration.is_none());
        assert!(!format!("{given:?}").contains("\"s\""));
        // What botocore takes beside the standard.
        let others = r#"{"Version":1.0,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2030-01-31T13:00:00+0100"}"#;
        let end = Timestamp::parse_rfc3339("2030-01-31T12:00:00Z");
        assert_eq!(read(others.as_bytes()).unwrap().expiration, end);
    }

    #[test]
    fn what_is_no_answer() {
        for (text, expected) in [
            ("", BadAnswer::Form),
            ("[]", BadAnswer::Form),
            (r#"{"Version":1,"AccessKeyId":"A"}"#, BadAnswer::Form),
            (
                r#"{"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"}"#,
                BadAnswer::Version,
            ),
            (
                r#"{"Version":1.5,"AccessKeyId":"A","SecretAccessKey":"s"}"#,
                BadAnswer::Version,
            ),
            (
                r#"{"Version":1,"AccessKeyId":"","SecretAccessKey":"s"}"#,
                BadAnswer::Key,
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"a\nb"}"#,
                BadAnswer::Key,
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"}"#,
                BadAnswer::Expiration,
            ),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), expected, "{text}");
        }
    }
}
