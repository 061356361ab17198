//! The tokens of one portal that are at hand: which of them serves, and which are to be renewed, in
//! what order. No effects.

use std::cmp::Reverse;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use crate::format::sso_cache::{Refresh, Token};
use crate::model::Timestamp;

/// botocore takes a token with less left for one that is due. Seconds.
const RENEWAL_WINDOW: i64 = 15 * 60;
/// What a request needs at least to get through. Seconds.
const LAST_SECONDS: i64 = 10;

/// Where a token was found, and where the one that takes its place belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Among fedgit's own entries.
    Entry,
    /// A file of the cache that all share.
    File(PathBuf),
}

/// Whose a token is, in the order in which they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// The session's own.
    Own,
    /// Of another session of the same portal, for the AWS CLI and the SDKs.
    Session,
    /// Of a program that alone knows the file: it serves while it lasts, and who wrote it renews it.
    Other,
}

/// A token, and whose. Without Debug on purpose.
pub(super) struct Held {
    pub(super) token: Token,
    pub(super) place: Place,
    pub(super) owner: Owner,
}

impl Held {
    /// Whether it opens the portal, and need not be renewed or cannot be.
    pub(super) fn serves(&self, now: Timestamp) -> bool {
        let left = self.token.expires.since(now);
        left > RENEWAL_WINDOW || (self.opens(now) && self.renews(now).is_none())
    }

    /// Whether it opens the portal still, if only for a while.
    pub(super) fn opens(&self, now: Timestamp) -> bool {
        self.token.expires.since(now) > LAST_SECONDS
    }

    /// What it can be renewed by.
    pub(super) fn renews(&self, now: Timestamp) -> Option<&Refresh> {
        let refresh = self.token.refresh.as_ref();
        refresh.filter(|refresh| refresh.client.expires > now)
    }

    /// Whether it is none of those that the portal has refused.
    pub(super) fn is_new(&self, refused: &[SecretString]) -> bool {
        let access = self.token.access.expose_secret();
        refused
            .iter()
            .all(|refused| refused.expose_secret() != access)
    }

    /// Whether it is renewed by this refresh token, which serves once.
    pub(super) fn shares(&self, used: &Refresh) -> bool {
        let own = self.token.refresh.as_ref();
        own.is_some_and(|own| own.token.expose_secret() == used.token.expose_secret())
    }
}

/// The session's own first; of each sort of others the one that lasts longest.
pub(super) fn in_order(mut held: Vec<Held>) -> Vec<Held> {
    held.sort_by_key(|held| (held.owner, Reverse(held.token.expires)));
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::sso_cache::Client;

    const NOW: i64 = 1_000_000;

    fn held(name: &str, left: i64, refresh: Option<i64>, owner: Owner) -> Held {
        let secret = |text: &str| SecretString::from(text.to_owned());
        Held {
            token: Token {
                start_url: String::new(),
                region: String::new(),
                access: secret(name),
                expires: Timestamp::from_unix(NOW + left),
                refresh: refresh.map(|left| Refresh {
                    token: secret(&format!("refresh {name}")),
                    client: Client {
                        id: String::new(),
                        secret: secret("x"),
                        expires: Timestamp::from_unix(NOW + left),
                    },
                }),
            },
            place: Place::File(name.into()),
            owner,
        }
    }

    #[test]
    fn what_serves_need_not_be_renewed() {
        let now = Timestamp::from_unix(NOW);
        let serves = |left, refresh| held("a", left, refresh, Owner::Own).serves(now);
        assert!(serves(3600, Some(9999)) && serves(3600, None));
        assert!(!serves(600, Some(9999)), "it is due");
        assert!(serves(600, None), "it cannot be renewed");
        assert!(serves(600, Some(-1)), "its client has ended");
        assert!(!serves(5, None) && !serves(-5, Some(9999)));
    }

    #[test]
    fn the_own_one_comes_first_and_then_what_lasts_longest() {
        let all = vec![
            held("others", 9999, None, Owner::Other),
            held("soon", 60, None, Owner::Session),
            held("late", 7200, None, Owner::Session),
            held("own", -60, Some(9999), Owner::Own),
        ];
        let order: Vec<String> = in_order(all)
            .iter()
            .map(|held| held.token.access.expose_secret().to_owned())
            .collect();
        assert_eq!(order, ["own", "late", "soon", "others"]);
    }

    #[test]
    fn a_refresh_token_is_known_wherever_it_stands() {
        let (one, other) = (
            held("a", 0, Some(1), Owner::Own),
            held("b", 0, Some(1), Owner::Session),
        );
        let used = one.token.refresh.clone().unwrap();
        assert!(one.shares(&used) && !other.shares(&used));
        assert!(!one.is_new(&[SecretString::from("a")]) && other.is_new(&[]));
    }
}
