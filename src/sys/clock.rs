//! The wall clock. Everything else takes `now` as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Timestamp;

/// The time by this machine's clock, to the second.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn now() -> Timestamp {
    let seconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    Timestamp::from_unix(seconds)
}

/// A point to measure from, whatever becomes of the time of day.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn start() -> std::time::Instant {
    std::time::Instant::now()
}
