//! This machine's clock against AWS's: every answer of STS has its time on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::UNIX_EPOCH;

use crate::model::Timestamp;

/// AWS refuses requests that are signed more than five minutes off. Told a little before. Seconds.
const NOTABLE: i64 = 240;

/// Seconds that this machine is ahead of AWS, as of the last answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Skew(Arc<AtomicI64>);

impl Skew {
    /// Takes the `Date` header of an answer that came now.
    pub(super) fn note(&self, date: Option<&str>, now: Timestamp) {
        let time = date.and_then(|date| httpdate::parse_http_date(date).ok());
        let seconds = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        if let Some(aws) = seconds.and_then(|s| i64::try_from(s.as_secs()).ok()) {
            let ahead = now.since(Timestamp::from_unix(aws));
            self.0.store(ahead, Ordering::Relaxed);
        }
    }

    /// What a person should know of it, where it matters.
    pub(super) fn told(&self) -> Option<String> {
        let ahead = self.0.load(Ordering::Relaxed);
        let (side, off) = if ahead > 0 {
            ("ahead of", ahead)
        } else {
            ("behind", -ahead)
        };
        (off >= NOTABLE).then(|| {
            format!(
                "this machine's clock is {} minutes {side} AWS's, which refuses requests of more \
                 than 5 minutes: set the clock",
                (off + 30) / 60
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_is_told() {
        let skew = Skew::default();
        let date = "Mon, 23 Nov 2026 04:00:00 GMT";
        let aws = Timestamp::parse_rfc3339("2026-11-23T04:00:00Z").unwrap();
        let at = |seconds| {
            skew.note(Some(date), aws.plus(seconds));
            skew.told()
        };
        assert_eq!(at(0), None);
        assert_eq!(at(239), None);
        assert!(at(600).unwrap().contains("10 minutes ahead of AWS's"));
        assert!(at(-420).unwrap().contains("7 minutes behind AWS's"));
        // What cannot be read says nothing new.
        skew.note(Some("yesterday"), aws);
        skew.note(None, aws);
        assert!(skew.told().is_some());
    }
}
