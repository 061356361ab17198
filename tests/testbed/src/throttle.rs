//! So many requests a second, and no more.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A bucket of as many tokens as flow into it within a second.
#[derive(Debug, Default)]
pub(crate) struct Bucket(Mutex<Level>);

#[derive(Debug, Default)]
struct Level {
    left: f64,
    at: Option<Instant>,
}

impl Bucket {
    /// Whether one more request is served.
    pub(crate) fn take(&self, per_second: f64) -> bool {
        let mut level = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let flowed = match level.at {
            Some(at) => now.duration_since(at).as_secs_f64() * per_second,
            None => per_second,
        };
        level.at = Some(now);
        level.left = (level.left + flowed).min(per_second);
        if level.left < 1.0 {
            return false;
        }
        level.left -= 1.0;
        true
    }
}
