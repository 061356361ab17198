//! Checks the password that a CodeCommit client signs for itself.
//!
//! It is a Signature Version 4 of the method `GIT`, the repository's path and the host, with
//! nothing after the list of signed headers; the time is signed without its `Z` and shown
//! with it. The session token stands in the user name and is not signed. There is no
//! document of AWS's about it: `vectors-codecommit.json` holds what its clients agree on.

use time::OffsetDateTime;

use crate::keys::{Key, Keys};
use crate::sigv4::{self, TOLERANCE};
use crate::{clock, text};

const SERVICE: &str = "codecommit";

/// User name and password as HTTP Basic brought them, taken apart.
#[derive(Debug)]
pub(super) struct Password<'a> {
    key_id: &'a str,
    token: Option<&'a str>,
    stamp: &'a str,
    at: OffsetDateTime,
    pub(super) signature: &'a str,
}

/// What a right password proves.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) region: &'static str,
    /// Index into the hosts that were tried.
    pub(super) host: usize,
}

impl<'a> Password<'a> {
    /// `AKID[%TOKEN]`, and a stamp followed by 64 digits in lower case.
    pub(super) fn parse(user: &'a str, password: &'a str) -> Option<Password<'a>> {
        let (key_id, token) = match user.split_once('%') {
            Some((key_id, token)) => (key_id, Some(token)),
            None => (user, None),
        };
        let (stamp, signature) = password.split_at_checked(16)?;
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if signature.len() != 64 || !signature.bytes().all(is_hex) {
            return None;
        }
        Some(Password {
            key_id,
            token,
            stamp,
            at: clock::from_stamp(stamp)?,
            signature,
        })
    }

    /// Tries every host and region; the reason for a refusal is for the ledger alone.
    pub(super) fn verify(
        &self,
        path: &str,
        hosts: &[&str],
        regions: &[&'static str],
        keys: &Keys,
        now: OffsetDateTime,
    ) -> Result<Proof, &'static str> {
        let key = keys.find(self.key_id).ok_or("unknown access key")?;
        self.check_key(&key, now)?;
        for region in regions.iter().copied() {
            for (host, name) in hosts.iter().enumerate() {
                if self.expected(&key.secret, region, name, path) == self.signature {
                    return Ok(Proof { region, host });
                }
            }
        }
        Err("wrong signature")
    }

    fn check_key(&self, key: &Key, now: OffsetDateTime) -> Result<(), &'static str> {
        if self.token != key.token.as_deref() {
            return Err("the session token is not the access key's");
        }
        if key.is_expired(now) {
            return Err("expired credentials");
        }
        if (now - self.at).abs() > TOLERANCE {
            return Err("the signature is more than 15 minutes from now");
        }
        Ok(())
    }

    fn expected(&self, secret: &str, region: &str, host: &str, path: &str) -> String {
        let date = &self.stamp[..8];
        let signed_stamp = &self.stamp[..15];
        let request = format!("GIT\n{path}\n\nhost:{host}\n\nhost\n");
        let scope = format!("{date}/{region}/{SERVICE}/aws4_request");
        let hash = sigv4::sha256_hex(request);
        let to_sign = format!("AWS4-HMAC-SHA256\n{signed_stamp}\n{scope}\n{hash}");
        let key = sigv4::signing_key(secret, date, region, SERVICE);
        text::hex(&sigv4::hmac(&key, to_sign.as_bytes()))
    }
}

#[cfg(test)]
mod tests;
