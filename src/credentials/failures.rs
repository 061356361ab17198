//! A login that came to nothing is not made again by the next process: an account is locked after a
//! few wrong passwords, and a burst of processes, or a script with an old password, would lock it in a
//! second. Nor do ninety-nine processes that waited for one person's answer ask that person again, or
//! wait one after the other for an STS that does not answer.
//!
//! Kept are the time, the sort and the words. Nothing of the answer is, not even a digest: a password
//! can be guessed at from that.

use std::path::{Path, PathBuf};

use crate::format::printable::printable;
use crate::model::Timestamp;
use crate::sys::private;

use super::key::Key;

/// How long it is remembered, in seconds. `fedgit login` does not heed it, and a login that works ends
/// it.
const MEMORY: i64 = 300;

/// How long a failed renewal is not tried again, in seconds, by processes that have something valid
/// in hand: each try may take a connection's time limit.
const RENEWAL_PAUSE: i64 = 60;

/// Words that are kept, in letters.
const LONGEST: usize = 1000;

/// What a login, or a question to STS, came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What was answered was refused.
    Refused,
    /// Nobody answered, or somebody said no.
    Unanswered,
    /// A person would have been asked, and was not: there was something valid in hand.
    NotYet,
    /// The login worked, and offered no declared role.
    Lacking,
    /// Something else went wrong.
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::NotYet => "not yet",
            Self::Lacking => "lacking",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Refused,
            Self::Unanswered,
            Self::NotYet,
            Self::Lacking,
            Self::Failed,
        ];
        all.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// The last failure of one login, or of one role, on disk.
pub(super) struct Failures {
    folder: PathBuf,
    name: String,
}

/// A remembered failure.
#[derive(Debug)]
pub(super) struct Remembered {
    /// When.
    pub(super) at: Timestamp,
    /// What sort.
    pub(super) outcome: Outcome,
    /// In words; the identity provider's own where it said no.
    pub(super) text: String,
}

impl Remembered {
    /// Whether the same need not be tried again: it failed while this process waited for whoever
    /// tried, or a moment ago and there is something valid in hand. That nobody was asked yet is
    /// nothing to one who has nothing in hand.
    pub(super) fn settles(
        &self,
        now: Timestamp,
        waited_since: Option<Timestamp>,
        valid_in_hand: bool,
    ) -> bool {
        let tried = self.outcome != Outcome::NotYet;
        tried && waited_since.is_some_and(|since| self.at >= since)
            || valid_in_hand && now.since(self.at) < RENEWAL_PAUSE
    }
}

impl Failures {
    /// Of the login, or the role, with this key.
    pub(super) fn of(root: &Path, key: &Key) -> Self {
        Self {
            folder: root.join("failures"),
            name: key.as_str().to_owned(),
        }
    }

    /// The last failure, while it is remembered.
    pub(super) fn last(&self, now: Timestamp) -> Option<Remembered> {
        let bytes = private::read_in(&self.folder, &self.name, 16 << 10).ok()??;
        let text = String::from_utf8(bytes).ok()?;
        let (first, text) = text.split_once('\n')?;
        let (at, outcome) = first.split_once(' ')?;
        let at = Timestamp::from_unix(at.parse().ok()?);
        let remembered = Remembered {
            at,
            outcome: Outcome::parse(outcome)?,
            text: text.to_owned(),
        };
        (0..MEMORY).contains(&now.since(at)).then_some(remembered)
    }

    /// Remembers. Where it cannot be kept there is no harm but a second try.
    pub(super) fn remember(&self, outcome: Outcome, words: &str, now: Timestamp) {
        log::debug!(
            "remembering for a while that this is {}: {words}",
            outcome.as_str()
        );
        // No longer than what is read back.
        let words = printable(words, LONGEST);
        let text = format!("{} {}\n{words}", now.unix(), outcome.as_str());
        let _ = private::write_in(&self.folder, &self.name, text.as_bytes());
    }

    /// Forgets: a login worked.
    pub(super) fn forget(&self) {
        let _ = private::remove(&self.folder.join(&self.name));
    }

    /// Forgets those that are remembered no more.
    pub(super) fn sweep(root: &Path, now: Timestamp) {
        let folder = root.join("failures");
        for name in private::older(&folder, now.plus(-MEMORY)) {
            if Key::from_hex(&name).is_some() {
                let _ = private::remove(&folder.join(name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_nobody_was_asked_yet_settles_nothing_for_whoever_has_nothing() {
        let at = Timestamp::from_unix(1_000_000);
        let settles = |outcome, valid_in_hand| {
            let text = String::new();
            let last = Remembered { at, outcome, text };
            last.settles(at.plus(1), Some(at), valid_in_hand)
        };
        assert!(settles(Outcome::Unanswered, false));
        assert!(!settles(Outcome::NotYet, false));
        assert!(settles(Outcome::NotYet, true));
    }

    #[test]
    fn what_is_kept_is_read_back_however_long() {
        let root = tempfile::tempdir().unwrap();
        let failures = Failures::of(root.path(), &Key::of("login", &[b"a"]));
        let now = Timestamp::from_unix(1_000_000);
        failures.remember(Outcome::Refused, &"no\n\u{1b}[2J".repeat(20_000), now);
        let last = failures.last(now.plus(MEMORY - 1)).unwrap();
        assert_eq!(last.outcome, Outcome::Refused);
        assert!(last.text.starts_with("no") && !last.text.contains('\u{1b}'));
        assert!(failures.last(now.plus(MEMORY)).is_none());
    }
}
