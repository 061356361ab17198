//! What the AD FS remembers between two requests.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use time::{Duration, OffsetDateTime};

use crate::scenario::Factor;
use crate::text;

/// The default lifetime of AD FS single sign-on.
const SESSION: Duration = Duration::hours(8);
/// So many wrong passwords in a row lock an account.
const LOCK_AFTER: usize = 3;

#[derive(Debug, Default)]
pub(crate) struct Sessions {
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// By cookie.
    sessions: HashMap<String, Session>,
    view_states: HashSet<(String, String)>,
    /// Wrong passwords in a row, by user name in lower case.
    wrong: HashMap<String, usize>,
}

/// A browser that has sent the right password.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user: String,
    end: OffsetDateTime,
    /// Whether nothing more is wanted.
    pub(crate) passed: bool,
    /// The additional method at hand.
    pub(crate) factor: Option<Factor>,
    /// What the method's last page is to bring back; good once.
    pub(crate) context: String,
    /// Pages of that method that were answered.
    pub(crate) round: usize,
    /// The first code was right, and the next is wanted.
    pub(crate) wants_next: bool,
    /// Wrong codes.
    pub(crate) wrong: usize,
}

impl Sessions {
    pub(super) fn begin(&self, user: &str, passed: bool, now: OffsetDateTime) -> String {
        let cookie = text::base64(&text::random::<192>());
        let mut memory = self.memory();
        memory.wrong.remove(&user.to_ascii_lowercase());
        let session = Session {
            user: user.to_owned(),
            end: now + SESSION,
            passed,
            factor: None,
            context: String::new(),
            round: 0,
            wants_next: false,
            wrong: 0,
        };
        memory.sessions.insert(cookie.clone(), session);
        cookie
    }

    pub(super) fn get(&self, cookie: &str, now: OffsetDateTime) -> Option<Session> {
        let memory = self.memory();
        let session = memory.sessions.get(cookie)?;
        (session.end > now).then(|| session.clone())
    }

    pub(super) fn put(&self, cookie: &str, session: Session) {
        self.memory().sessions.insert(cookie.to_owned(), session);
    }

    /// Ends every session, as an administrator or a restart does.
    pub(crate) fn end_all(&self) {
        self.memory().sessions.clear();
    }

    /// A new `__VIEWSTATE` and `__EVENTVALIDATION`.
    pub(super) fn new_view_state(&self) -> (String, String) {
        let pair = (
            text::base64(&text::random::<124>()),
            text::base64(&text::random::<64>()),
        );
        self.memory().view_states.insert(pair.clone());
        pair
    }

    pub(super) fn is_view_state(&self, view_state: &str, validation: &str) -> bool {
        let pair = (view_state.to_owned(), validation.to_owned());
        self.memory().view_states.contains(&pair)
    }

    pub(super) fn wrong_password(&self, user: &str) {
        *self
            .memory()
            .wrong
            .entry(user.to_ascii_lowercase())
            .or_default() += 1;
    }

    pub(super) fn is_locked(&self, user: &str) -> bool {
        self.memory()
            .wrong
            .get(&user.to_ascii_lowercase())
            .is_some_and(|&n| n >= LOCK_AFTER)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory
            .lock()
            .expect("no thread panicked with the sessions")
    }
}
