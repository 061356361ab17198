//! Checks AWS Signature Version 4 in an `Authorization` header, from the service's side.
//!
//! Follows "Create a signed AWS API request" of the IAM user guide. Nothing is taken on
//! trust from the client but the names of the headers that it signed.

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use crate::keys::{Key, Keys};
use crate::{clock, text};

/// How far a signature's time may be from the service's.
pub(crate) const TOLERANCE: Duration = Duration::minutes(15);

pub(crate) type Hash = [u8; 32];

/// What is checked.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// An AWS error code and the sentence that goes with it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

fn refuse<T>(code: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        code,
        message: message.into(),
    })
}

/// The key that signed the request, for a service in one of these regions.
pub(crate) fn verify(
    request: &Request<'_>,
    service: &str,
    regions: &[&str],
    keys: &Keys,
    now: OffsetDateTime,
) -> Result<Key, Refusal> {
    let signed = Authorization::parse(request.headers)?;
    let Some(key) = keys.find(signed.key_id) else {
        return refuse(
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        );
    };
    let token = request
        .headers
        .get("x-amz-security-token")
        .map(|token| token.as_bytes());
    if token != key.token.as_deref().map(str::as_bytes) {
        return refuse(
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        );
    }
    if key.is_expired(now) {
        return refuse(
            "ExpiredToken",
            "The security token included in the request is expired",
        );
    }
    signed.check_scope(service, regions)?;
    signed.check_time(now)?;
    signed.check_headers(request.headers)?;

    let canonical = signed.canonical_request(request)?;
    let scope = format!("{}/{}/{service}/aws4_request", signed.date, signed.region);
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        signed.stamp,
        sha256_hex(&canonical)
    );
    let key_for_scope = signing_key(&key.secret, signed.date, signed.region, service);
    if text::hex(&hmac(&key_for_scope, to_sign.as_bytes())) != signed.signature {
        return refuse(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. \
             Check your AWS Secret Access Key and signing method. Consult the service \
             documentation for details.",
        );
    }
    Ok(key)
}

/// The header taken apart.
struct Authorization<'a> {
    key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
    stamp: &'a str,
    at: OffsetDateTime,
}

impl<'a> Authorization<'a> {
    fn parse(headers: &'a HeaderMap) -> Result<Authorization<'a>, Refusal> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(authorization) = header("authorization") else {
            return refuse(
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            );
        };
        let incomplete = |what| Refusal {
            code: "IncompleteSignature",
            message: format!("{what}: malformed"),
        };
        let fields = authorization
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .ok_or_else(|| incomplete("Algorithm"))?;
        let field = |name: &'static str| {
            fields
                .split(',')
                .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(|| incomplete(name))
        };
        let credential: Vec<&str> = field("Credential")?.split('/').collect();
        let [key_id, date, region, service, "aws4_request"] = credential[..] else {
            return Err(incomplete("Credential"));
        };
        let stamp = header("x-amz-date").ok_or_else(|| incomplete("X-Amz-Date"))?;
        let at = clock::from_stamp(stamp).ok_or_else(|| incomplete("X-Amz-Date"))?;
        Ok(Authorization {
            key_id,
            date,
            region,
            service,
            signed_headers: field("SignedHeaders")?.split(';').collect(),
            signature: field("Signature")?,
            stamp,
            at,
        })
    }

    fn check_scope(&self, service: &str, regions: &[&str]) -> Result<(), Refusal> {
        if self.service != service || !regions.contains(&self.region) {
            let scope = format!("{}/{}", self.region, self.service);
            return refuse(
                "SignatureDoesNotMatch",
                format!("Credential should be scoped to a valid region and service, not {scope}."),
            );
        }
        if !self.stamp.starts_with(self.date) {
            return refuse(
                "SignatureDoesNotMatch",
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                 from HTTP",
            );
        }
        Ok(())
    }

    fn check_time(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        let (here, there) = (clock::stamp(now), self.stamp);
        if now - self.at > TOLERANCE {
            let earliest = clock::stamp(now - TOLERANCE);
            return refuse(
                "SignatureDoesNotMatch",
                format!(
                    "Signature expired: {there} is now earlier than {earliest} ({here} - 15 min.)"
                ),
            );
        }
        if self.at - now > TOLERANCE {
            let latest = clock::stamp(now + TOLERANCE);
            return refuse(
                "SignatureDoesNotMatch",
                format!(
                    "Signature not yet current: {there} is still later than {latest} \
                     ({here} + 15 min.)"
                ),
            );
        }
        Ok(())
    }

    /// The host and every `x-amz-` header must be signed, and the list must be sorted.
    fn check_headers(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let must = |name: &str| name == "host" || name.starts_with("x-amz-");
        let unsigned = headers
            .keys()
            .map(|name| name.as_str())
            .find(|name| must(name) && !self.signed_headers.contains(name));
        match unsigned {
            Some(name) => refuse("SignatureDoesNotMatch", format!("'{name}' must be signed")),
            None if !self.signed_headers.is_sorted() => {
                refuse("SignatureDoesNotMatch", "SignedHeaders are not in order")
            }
            None => Ok(()),
        }
    }

    fn canonical_request(&self, request: &Request<'_>) -> Result<String, Refusal> {
        let mut canonical = String::new();
        for name in &self.signed_headers {
            let values: Vec<String> = request
                .headers
                .get_all(*name)
                .iter()
                .map(|value| one_blank(&String::from_utf8_lossy(value.as_bytes())))
                .collect();
            if values.is_empty() {
                return refuse("SignatureDoesNotMatch", format!("'{name}' was not sent"));
            }
            canonical += &format!("{name}:{}\n", values.join(","));
        }
        Ok(format!(
            "{}\n{}\n{}\n{canonical}\n{}\n{}",
            request.method,
            canonical_path(request.path),
            canonical_query(request.query),
            self.signed_headers.join(";"),
            sha256_hex(request.body),
        ))
    }
}

/// All services but S3 sign the path as it was sent, encoded once more.
fn canonical_path(path: &str) -> String {
    let path = if path.is_empty() { "/" } else { path };
    path.split('/')
        .map(text::percent_encode)
        .collect::<Vec<_>>()
        .join("/")
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = text::pairs(query)
        .iter()
        .map(|(name, value)| (text::percent_encode(name), text::percent_encode(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn one_blank(value: &str) -> String {
    value
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The chain of "Derive a signing key".
pub(crate) fn signing_key(secret: &str, date: &str, region: &str, service: &str) -> Hash {
    let key = hmac(format!("AWS4{secret}").as_bytes(), date.as_bytes());
    let key = hmac(&key, region.as_bytes());
    let key = hmac(&key, service.as_bytes());
    hmac(&key, b"aws4_request")
}

pub(crate) fn hmac(key: &[u8], message: &[u8]) -> Hash {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

pub(crate) fn sha256_hex(message: impl AsRef<[u8]>) -> String {
    text::hex(&Sha256::digest(message))
}

#[cfg(test)]
mod tests;
