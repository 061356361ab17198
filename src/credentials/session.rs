//! An identity provider's session between runs: its cookies, with which the next login may need no
//! answer, and the assertion of the last one, which serves every role in it for some minutes. Twenty
//! profiles need one password so, whichever processes ask for them.
//!
//! Whoever holds these can get credentials, so they are kept as credentials are. A damaged file is as
//! good as none.

use std::io;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::model::{Assertion, Timestamp};
use crate::sys::{fs, private};

use super::key::Key;

/// The version of the file's form; another one is a miss.
const VERSION: u32 = 1;

/// An assertion may have 1 MiB, and base64 and JSON make more of it.
const LARGEST: u64 = 4 << 20;

/// No identity provider's session is known to last longer than a working day; one that does is asked
/// for the password once a day. Seconds.
const LONGEST: i64 = 12 * 3600;

/// STS takes an assertion for five minutes. Less a little, for the way there. Seconds.
const ASSERTION: i64 = 300 - 30;

/// Where the session of one login is kept.
#[derive(Debug)]
pub(super) struct Sessions {
    folder: PathBuf,
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

impl Sessions {
    /// Of the login with this key.
    pub(super) fn of(root: &Path, login: &Key) -> Self {
        Self {
            folder: root.join("sessions"),
            key: login.clone(),
        }
    }

    /// What is kept, if anything, at this time.
    pub(super) fn get(&self, now: Timestamp) -> Option<Session> {
        let bytes = private::read(&self.folder.join(self.key.as_str()), LARGEST).ok()??;
        let bytes = Zeroizing::new(bytes);
        let stored: Stored = serde_json::from_slice(&bytes).ok()?;
        let began = Timestamp::from_unix(stored.began);
        let is_it = stored.version == VERSION && stored.key == self.key.as_str();
        if !is_it || !(0..LONGEST).contains(&now.since(began)) {
            return None;
        }
        let left = Timestamp::from_unix(stored.assertion_end).since(now);
        // A clock that was set back makes an old assertion look young.
        let serves = (1..=ASSERTION).contains(&left);
        Some(Session {
            cookies: SecretString::from(stored.cookies.as_str()),
            began,
            assertion: serves.then(|| Assertion::new(stored.assertion.to_string())),
        })
    }

    /// Keeps what a login gave; `end` is the assertion's own, where it says one.
    pub(super) fn put(
        &self,
        session: &Session,
        end: Option<Timestamp>,
        now: Timestamp,
    ) -> io::Result<()> {
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
        let bytes = Zeroizing::new(serde_json::to_vec(&stored)?);
        fs::write_private(&self.folder, self.key.as_str(), &bytes)
    }

    /// Forgets it; whether there was one.
    pub(super) fn forget(&self) -> io::Result<bool> {
        private::remove(&self.folder.join(self.key.as_str()))
    }
}

/// Forgets the sessions of every login.
///
/// # Errors
/// As [`private::remove_all`].
pub(super) fn forget_all(root: &Path) -> io::Result<usize> {
    private::remove_all(&root.join("sessions"), |name| Key::from_hex(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let sessions = Sessions::of(root.path(), &key);
        assert!(sessions.get(at(0)).is_none());
        sessions.put(&session(), None, at(0)).unwrap();
        let has = |seconds| sessions.get(at(seconds)).map(|s| s.assertion.is_some());
        assert_eq!(has(0), Some(true));
        assert_eq!(has(269), Some(true));
        assert_eq!(has(270), Some(false));
        assert_eq!(has(LONGEST - 1), Some(false));
        assert_eq!(has(LONGEST), None);
        assert_eq!(has(-1), None, "the clock was set back");
        sessions.put(&session(), Some(at(60)), at(0)).unwrap();
        assert_eq!((has(59), has(60)), (Some(true), Some(false)));
        sessions.put(&session(), Some(at(9000)), at(0)).unwrap();
        assert_eq!((has(269), has(270)), (Some(true), Some(false)));

        // One in another's place is not taken for it.
        let other = Key::of("test", &[b"b"]);
        let folder = root.path().join("sessions");
        let bytes = private::read(&folder.join(key.as_str()), LARGEST)
            .unwrap()
            .unwrap();
        fs::write_private(&folder, other.as_str(), &bytes).unwrap();
        assert!(Sessions::of(root.path(), &other).get(at(0)).is_none());
        assert!(Sessions::of(root.path(), &other).forget().unwrap());
        assert!(sessions.forget().unwrap());
        assert!(!sessions.forget().unwrap());
    }
}
