//! As fast as the portal allows: it refuses what comes faster than some twenty requests a second, and
//! does not say how many.

use std::cell::RefCell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::error::CenterError;

/// Questions at the same time.
pub(in crate::credentials) const AT_ONCE: usize = 8;

/// A question that is refused so often, with the longest pauses between, is given up.
const MOST_REFUSALS: u32 = 60;
/// The same for one that fails otherwise.
const MOST_FAILURES: u32 = 3;

/// Nor is one asked again that has failed for so long: each try may take a connection's time limit.
const LONGEST_FAILURE: Duration = Duration::from_secs(25);

/// The rhythm of questions to one portal, which lose nothing by being asked again.
#[derive(Debug)]
pub(in crate::credentials) struct Pace {
    state: RefCell<State>,
    longest_failure: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self::within(LONGEST_FAILURE)
    }
}

#[derive(Debug, Default)]
struct State {
    rhythm: Rhythm,
    /// When the next question may go.
    next: Option<Instant>,
}

impl Pace {
    /// Gives a question up that has failed for `limit`.
    pub(in crate::credentials) fn within(limit: Duration) -> Self {
        Self {
            state: RefCell::default(),
            longest_failure: limit.min(LONGEST_FAILURE),
        }
    }

    /// Asks in its turn, and again where it was too fast, or where nothing came back.
    pub(in crate::credentials) async fn ask<T>(
        &self,
        question: impl AsyncFn() -> Result<T, CenterError>,
    ) -> Result<T, CenterError> {
        let (mut refused, mut failed) = (0, 0);
        let began = Instant::now();
        loop {
            let epoch = self.turn().await;
            match question().await {
                Err(CenterError::Busy {
                    throttled: true, ..
                }) if refused < MOST_REFUSALS => {
                    refused += 1;
                    self.state.borrow_mut().rhythm.slower(epoch);
                }
                Err(error)
                    if error.is_passing()
                        && failed < MOST_FAILURES
                        && began.elapsed() < self.longest_failure =>
                {
                    failed += 1;
                    log::debug!("asking once more: {error}");
                    sleep_until(Instant::now() + Duration::from_millis(200) * (1 << failed)).await;
                }
                done => {
                    self.state.borrow_mut().rhythm.faster();
                    return done;
                }
            }
        }
    }

    async fn turn(&self) -> u64 {
        let (at, epoch) = {
            let mut state = self.state.borrow_mut();
            let now = Instant::now();
            let at = state.next.map_or(now, |next| next.max(now));
            state.next = Some(at + state.rhythm.interval);
            (at, state.rhythm.epoch)
        };
        sleep_until(at).await;
        epoch
    }
}

/// The time between two questions: a quarter more for each refusal, and a hundredth less for each
/// answer.
#[derive(Debug, Default)]
struct Rhythm {
    interval: Duration,
    /// How often it was slowed down: eight questions that are refused together are one refusal.
    epoch: u64,
}

impl Rhythm {
    const FIRST: Duration = Duration::from_millis(25);
    const LONGEST: Duration = Duration::from_secs(2);

    fn slower(&mut self, epoch: u64) {
        if epoch == self.epoch {
            self.epoch += 1;
            self.interval = (self.interval * 5 / 4).clamp(Self::FIRST, Self::LONGEST);
        }
    }

    fn faster(&mut self) {
        self.interval = self.interval * 99 / 100;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_settles_near_what_is_allowed() {
        // Twenty a second, in a bucket of twenty.
        let (mut rhythm, mut tokens) = (Rhythm::default(), 20.0_f64);
        let (mut answered, mut refused, mut seconds) = (0_u32, 0_u32, 0.0_f64);
        while answered < 2000 {
            let pause = rhythm.interval.as_secs_f64().max(0.001);
            seconds += pause;
            tokens = (tokens + pause * 20.0).min(20.0);
            if tokens < 1.0 {
                refused += 1;
                rhythm.slower(rhythm.epoch);
            } else {
                tokens -= 1.0;
                answered += 1;
                rhythm.faster();
            }
        }
        assert!(seconds < 2000.0 / 20.0 * 1.25, "{seconds} s");
        assert!(refused < 400, "{refused} refusals");
    }

    #[test]
    fn what_was_refused_together_counts_once() {
        let mut rhythm = Rhythm::default();
        for _ in 0..8 {
            rhythm.slower(0);
        }
        assert_eq!(rhythm.interval, Rhythm::FIRST);
        for _ in 0..100 {
            rhythm.slower(rhythm.epoch);
        }
        assert_eq!(rhythm.interval, Rhythm::LONGEST);
    }
}
