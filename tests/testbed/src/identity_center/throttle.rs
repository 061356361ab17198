//! So many requests a second, and no more.

use std::time::Instant;

/// A bucket of as many tokens as flow into it within a second.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    left: f64,
    at: Option<Instant>,
}

impl Bucket {
    /// Whether one more request is served.
    pub(crate) fn take(&mut self, per_second: f64) -> bool {
        let now = Instant::now();
        let flowed = match self.at {
            Some(at) => now.duration_since(at).as_secs_f64() * per_second,
            None => per_second,
        };
        self.at = Some(now);
        self.left = (self.left + flowed).min(per_second);
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}
