//! The access keys that the bed's STS has issued, and who stands behind each.

use std::collections::HashMap;
use std::sync::Mutex;

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::text;

/// An access key, temporary (with a token and an end) or long-term (with neither).
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
    pub(crate) expires: Option<OffsetDateTime>,
    pub(crate) principal: Principal,
    /// Whether a role assumed it with another role's key.
    pub(crate) is_chained: bool,
}

/// What GetCallerIdentity tells.
#[derive(Clone, Debug)]
pub(crate) struct Principal {
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) account: String,
}

impl Key {
    /// `ASIA…`, 40 characters of secret with `/` and `+`, 400 of token with `/`, `+` and `=`.
    pub(crate) fn temporary(principal: Principal, expires: OffsetDateTime) -> Key {
        Key {
            id: id("ASIA"),
            secret: awkward::<30>(),
            token: Some(awkward::<298>()),
            expires: Some(expires),
            principal,
            is_chained: false,
        }
    }

    /// An IAM user's key.
    pub(crate) fn long_term(principal: Principal) -> Key {
        Key {
            id: id("AKIA"),
            secret: awkward::<30>(),
            token: None,
            expires: None,
            principal,
            is_chained: false,
        }
    }

    pub(crate) fn is_expired(&self, now: OffsetDateTime) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

/// Four letters for the kind and sixteen of base 32, as IAM's unique identifiers are made.
pub(crate) fn id(kind: &str) -> String {
    id_from(kind, &text::random::<16>())
}

/// The identifier that the same thing always has.
pub(crate) fn id_of(kind: &str, thing: &str) -> String {
    id_from(kind, &Sha256::digest(thing)[..16])
}

fn id_from(kind: &str, bytes: &[u8]) -> String {
    const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters = bytes
        .iter()
        .map(|byte| char::from(BASE32[usize::from(byte % 32)]));
    kind.chars().chain(letters).collect()
}

/// Base64 of so many random bytes that shows what clients get wrong: `/` and `+` are in it.
fn awkward<const N: usize>() -> String {
    loop {
        let text = text::base64(&text::random::<N>());
        if text.contains('/') && text.contains('+') {
            return text;
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Keys {
    by_id: Mutex<HashMap<String, Key>>,
}

impl Keys {
    pub(crate) fn add(&self, key: Key) {
        self.by_id
            .lock()
            .expect("no thread panicked with the keys")
            .insert(key.id.clone(), key);
    }

    pub(crate) fn forget_all(&self) {
        self.by_id
            .lock()
            .expect("no thread panicked with the keys")
            .clear();
    }

    pub(crate) fn find(&self, id: &str) -> Option<Key> {
        self.by_id
            .lock()
            .expect("no thread panicked with the keys")
            .get(id)
            .cloned()
    }
}
