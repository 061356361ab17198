//! The longest session that a role allows, where that is shorter than what was asked for. STS does not
//! say how long that is: it is found out once, by asking for less and less, and remembered.

use std::path::{Path, PathBuf};

use crate::model::{RoleArn, SessionDuration, Timestamp};
use crate::sys::private;

use super::exchange::StsError;
use super::key::Key;

/// For so long nobody asks STS again whether a role allows more. `fedgit login` does. Seconds.
const MEMORY: i64 = 7 * 24 * 3600;

/// What administrators choose from: the console offers one, two, four, eight and twelve hours. Every
/// role allows one.
const STEPS: [i64; 4] = [8 * 3600, 4 * 3600, 2 * 3600, 3600];

/// What was found out about one role.
#[derive(Debug)]
pub(super) struct Longest {
    folder: PathBuf,
    name: String,
}

impl Longest {
    /// Of a role that is asked for sessions of this length.
    pub(super) fn of(root: &Path, role: &RoleArn, asked: SessionDuration) -> Self {
        let asked = asked.seconds().to_le_bytes();
        Self {
            folder: root.join("durations"),
            name: Key::of("longest", &[role.as_str().as_bytes(), &asked]).to_string(),
        }
    }

    /// What it allows, where that is known.
    pub(super) fn known(&self, now: Timestamp) -> Option<SessionDuration> {
        let bytes = private::read_in(&self.folder, &self.name, 100).ok()??;
        let text = String::from_utf8(bytes).ok()?;
        let (at, seconds) = text.trim().split_once(' ')?;
        let at = Timestamp::from_unix(at.parse().ok()?);
        let known = SessionDuration::from_seconds(seconds.parse().ok()?).ok()?;
        (0..MEMORY).contains(&now.since(at)).then_some(known)
    }

    /// Remembers what worked. Where it cannot be kept it is found out again.
    pub(super) fn remember(&self, allowed: SessionDuration, now: Timestamp) {
        let text = format!("{} {}\n", now.unix(), allowed.seconds());
        let _ = private::write_in(&self.folder, &self.name, text.as_bytes());
    }
}

/// What to ask for after STS refused a session of this length, if it refused the length.
pub(super) fn shorter(refused: SessionDuration, error: &StsError) -> Option<SessionDuration> {
    let StsError::Refused { code, message, .. } = error else {
        return None;
    };
    if code != "ValidationError" || !message.contains("MaxSessionDuration") {
        return None;
    }
    let steps = STEPS
        .iter()
        .filter_map(|s| SessionDuration::from_seconds(*s).ok());
    steps.into_iter().find(|step| *step < refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: i64) -> SessionDuration {
        SessionDuration::from_seconds(hours * 3600).unwrap()
    }

    fn role() -> RoleArn {
        "arn:aws:iam::111122223333:role/R".parse().unwrap()
    }

    #[test]
    fn steps_down_only_where_the_length_was_refused() {
        let refused = |code: &str, message: &str| StsError::Refused {
            role: role().to_string(),
            code: code.to_owned(),
            message: message.to_owned(),
        };
        let too_long = refused(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        );
        let mut asked = hours(12);
        let mut tried = Vec::new();
        while let Some(next) = shorter(asked, &too_long) {
            tried.push(next.seconds() / 3600);
            asked = next;
        }
        assert_eq!(tried, [8, 4, 2, 1]);
        let between = SessionDuration::from_seconds(5 * 3600).unwrap();
        assert_eq!(shorter(between, &too_long), Some(hours(4)));
        assert_eq!(
            shorter(hours(12), &refused("AccessDenied", "MaxSessionDuration")),
            None
        );
        assert_eq!(
            shorter(hours(12), &refused("ValidationError", "x is invalid")),
            None
        );
    }

    #[test]
    fn what_worked_is_remembered_for_a_week() {
        let root = tempfile::tempdir().unwrap();
        let longest = Longest::of(root.path(), &role(), hours(12));
        let now = Timestamp::from_unix(1_000_000);
        assert_eq!(longest.known(now), None);
        longest.remember(hours(4), now);
        assert_eq!(longest.known(now.plus(MEMORY - 1)), Some(hours(4)));
        assert_eq!(longest.known(now.plus(MEMORY)), None);
        assert_eq!(longest.known(now.plus(-1)), None, "the clock was set back");
        assert_eq!(Longest::of(root.path(), &role(), hours(8)).known(now), None);
    }
}
