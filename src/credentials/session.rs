//! An identity provider's session between runs: its cookies, with which the next login may need no
//! answer, and the assertion of the last one, which serves every role in it for some minutes. Twenty
//! profiles need one password so, whichever processes ask for them.
//!
//! Whoever holds these can get credentials, so they are kept as credentials are. A damaged file is as
//! good as none.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::format::secret_json;
use crate::model::{Assertion, Timestamp};

use super::entries::{Entries, EntryError};
use super::key::Key;
use super::kind::Kind;

/// The version of the file's form; another one is a miss.
const VERSION: u32 = 1;

/// No identity provider's session is known to last longer than a working day; one that does is asked
/// for the password once a day. Seconds.
const LONGEST: i64 = 12 * 3600;

/// STS takes an assertion for five minutes. Less a little, for the way there. Seconds.
const ASSERTION: i64 = 300 - 30;

/// Where the session of one login is kept.
pub(super) struct Sessions<'a> {
    entries: &'a Entries<'a>,
    key: Key,
}

/// What is kept of a login. Without Debug on purpose.
pub(super) struct Session {
    /// As the HTTP client keeps them.
    pub(super) cookies: SecretString,
    /// When somebody last answered for it.
    pub(super) began: Timestamp,
    /// The last assertion, while STS takes it.
    pub(super) assertion: Option<Assertion>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    key: String,
    began: i64,
    cookies: Zeroizing<String>,
    assertion: Zeroizing<String>,
    /// From then on STS refuses the assertion.
    assertion_end: i64,
}

impl<'a> Sessions<'a> {
    /// Of the login with this key.
    pub(super) fn of(entries: &'a Entries<'a>, login: &Key) -> Self {
        Self {
            entries,
            key: login.clone(),
        }
    }

    /// What is kept, if anything, at this time.
    pub(super) fn get(&self, now: Timestamp) -> Option<Session> {
        let bytes = self.entries.get(Kind::Session, &self.key)?;
        let stored: Stored = serde_json::from_slice(&bytes).ok()?;
        let began = Timestamp::from_unix(stored.began);
        let is_it = stored.version == VERSION && stored.key == self.key.as_str();
        if !is_it || !(0..LONGEST).contains(&now.since(began)) {
            return None;
        }
        let left = Timestamp::from_unix(stored.assertion_end).since(now);
        // A clock that was set back makes an old assertion look young.
        let serves = (1..=ASSERTION).contains(&left);
        log::debug!(
            "session {} is kept, with an assertion that {}",
            self.key.short(),
            if serves { "serves" } else { "has ended" }
        );
        Some(Session {
            cookies: SecretString::from(stored.cookies.as_str()),
            began,
            assertion: serves.then(|| Assertion::new(stored.assertion.to_string())),
        })
    }

    /// Keeps what a login gave, or tells why it is not kept; `end` is the assertion's own, where it
    /// says one, and `what` names the session.
    pub(super) fn put(
        &self,
        session: &Session,
        what: &str,
        end: Option<Timestamp>,
        now: Timestamp,
    ) {
        let latest = now.plus(ASSERTION);
        let end = end.map_or(latest, |end| end.min(latest));
        let assertion = session.assertion.as_ref().map_or("", Assertion::expose);
        let stored = Stored {
            version: VERSION,
            key: self.key.as_str().to_owned(),
            began: session.began.unix(),
            cookies: Zeroizing::new(session.cookies.expose_secret().to_owned()),
            assertion: Zeroizing::new(assertion.to_owned()),
            assertion_end: end.unix(),
        };
        // Strings and numbers: they always have a form in JSON.
        if let Ok(bytes) = secret_json::render(&stored) {
            self.entries.put(Kind::Session, &self.key, what, &bytes);
        }
    }

    /// Forgets it; whether there was one.
    pub(super) fn forget(&self) -> Result<bool, EntryError> {
        self.entries.forget(Kind::Session, &self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Store;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(1_000_000 + seconds)
    }

    fn session() -> Session {
        Session {
            cookies: SecretString::from("[]"),
            began: at(0),
            assertion: Some(Assertion::new("QUJD".to_owned())),
        }
    }

    #[test]
    fn cookies_last_for_a_day_and_the_assertion_for_minutes() {
        let root = tempfile::tempdir().unwrap();
        let key = Key::of("test", &[b"a"]);
        let entries = Entries::new(Store::File, root.path(), false, &|text| panic!("{text}"));
        let sessions = Sessions::of(&entries, &key);
        assert!(sessions.get(at(0)).is_none());
        sessions.put(&session(), "a test", None, at(0));
        let has = |seconds| sessions.get(at(seconds)).map(|s| s.assertion.is_some());
        assert_eq!(has(0), Some(true));
        assert_eq!(has(269), Some(true));
        assert_eq!(has(270), Some(false));
        assert_eq!(has(LONGEST - 1), Some(false));
        assert_eq!(has(LONGEST), None);
        assert_eq!(has(-1), None, "the clock was set back");
        sessions.put(&session(), "a test", Some(at(60)), at(0));
        assert_eq!((has(59), has(60)), (Some(true), Some(false)));
        sessions.put(&session(), "a test", Some(at(9000)), at(0));
        assert_eq!((has(269), has(270)), (Some(true), Some(false)));

        // One in another's place is not taken for it.
        let other = Key::of("test", &[b"b"]);
        let bytes = entries.get(Kind::Session, &key).unwrap();
        entries.put(Kind::Session, &other, "a test", &bytes);
        assert!(Sessions::of(&entries, &other).get(at(0)).is_none());
        assert!(Sessions::of(&entries, &other).forget().unwrap());
        assert!(sessions.forget().unwrap());
        assert!(!sessions.forget().unwrap());
    }
}
