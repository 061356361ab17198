//! CodeCommit's own signature: Signature Version 4 over the method `GIT`, the repository's path and
//! the host, with an empty payload-hash line and a time stamp without `Z`. Nothing documents it but
//! the AWS CLI's credential helper and git-remote-codecommit, which agree; their vectors are in
//! `tests/cases/vectors-codecommit.json`.

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::model::{Credentials, Region, Timestamp};

/// How long the service accepts a pair: 15 minutes from its stamp, in seconds.
pub const PAIR_LIFETIME: i64 = 15 * 60;

/// A user name and password for one repository.
#[derive(Debug)]
pub struct Pair {
    /// The key id, `%` and the session token.
    pub username: SecretString,
    /// The time stamp and the signature.
    pub password: SecretString,
}

/// Signs for a path on a host as they stand in the URL (`/v1/repos/NAME`, never the path below it).
#[must_use]
pub fn sign(
    credentials: &Credentials,
    region: &Region,
    host: &str,
    path: &str,
    now: Timestamp,
) -> Pair {
    let canonical_request = format!("GIT\n{path}\n\nhost:{host}\n\nhost\n");
    let stamp = now.compact();
    let day = &stamp[..8];
    let digest = hex(&Sha256::digest(canonical_request.as_bytes()));
    let string_to_sign =
        format!("AWS4-HMAC-SHA256\n{stamp}\n{day}/{region}/codecommit/aws4_request\n{digest}");
    let key = generate_signing_key(
        credentials.secret_access_key.expose_secret(),
        now.system_time(),
        region.as_str(),
        "codecommit",
    );
    let signature = calculate_signature(key, string_to_sign.as_bytes());
    let token = credentials.session_token.expose_secret();
    let username = if token.is_empty() {
        credentials.access_key_id.clone()
    } else {
        format!("{}%{token}", credentials.access_key_id)
    };
    Pair {
        username: SecretString::from(username),
        password: SecretString::from(format!("{stamp}Z{signature}")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_vector() {
        let text = include_str!("../../tests/cases/vectors-codecommit.json");
        let published: serde_json::Value = serde_json::from_str(text).unwrap();
        let all = published["vectors"].as_array().unwrap();
        for vector in all {
            let field = |name: &str| vector[name].as_str().unwrap();
            let pair = sign(
                &vectors::credentials(&vector["input"]),
                &vector["input"]["region"].as_str().unwrap().parse().unwrap(),
                field("host"),
                field("path"),
                vectors::time(&vector["input"]),
            );
            assert_eq!(
                pair.username.expose_secret(),
                field("username"),
                "{}",
                field("id")
            );
            assert_eq!(
                pair.password.expose_secret(),
                field("password"),
                "{}",
                field("id")
            );
        }
        assert!(all.len() > 15);
    }
}

/// Reads the published vectors.
#[cfg(test)]
pub(super) mod vectors {
    use super::*;

    pub(in crate::git) fn credentials(input: &serde_json::Value) -> Credentials {
        let text = |name: &str| input[name].as_str().unwrap_or_default();
        Credentials {
            access_key_id: text("access_key_id").into(),
            secret_access_key: SecretString::from(text("secret_access_key")),
            session_token: SecretString::from(text("session_token")),
            expiration: Timestamp::from_unix(i64::MAX),
            account: None,
        }
    }

    /// `20260102T030405Z`.
    pub(in crate::git) fn time(input: &serde_json::Value) -> Timestamp {
        let t = input["timestamp_utc"].as_str().unwrap();
        let (date, clock) = (&t[..8], &t[9..15]);
        let stamp = format!(
            "{}-{}-{}T{}:{}:{}Z",
            &date[..4],
            &date[4..6],
            &date[6..],
            &clock[..2],
            &clock[2..4],
            &clock[4..]
        );
        Timestamp::parse_rfc3339(&stamp).unwrap()
    }
}
