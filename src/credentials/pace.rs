//! As fast as a service allows. STS and the portal of IAM Identity Center refuse what comes faster than
//! some twenty requests a second, and do not say how many.

use std::cell::RefCell;
use std::fmt::Display;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::sys::random;

/// Questions at the same time.
pub(super) const AT_ONCE: usize = 8;

/// A question that fails so often, and not by its being asked too fast, is given up.
const MOST_FAILURES: u32 = 3;

/// Nor is one asked again that has failed for so long: each try may take a connection's time limit.
const LONGEST_FAILURE: Duration = Duration::from_secs(25);

/// Nor is one that is asked too fast where none was answered for so long. No shorter than an assertion
/// is good for: after that nothing is to be had by it, and until then every role may be.
const LONGEST_REFUSAL: Duration = Duration::from_secs(300);

/// Why a question was not answered, as far as it matters to whether it is asked again.
pub(super) trait Failure: Display {
    /// Whether it was asked too fast.
    fn is_throttling(&self) -> bool;

    /// Whether it may be answered a moment later.
    fn is_passing(&self) -> bool;
}

/// The rhythm of questions to one service, which lose nothing by being asked again.
#[derive(Debug)]
pub(super) struct Pace {
    state: RefCell<State>,
    longest_failure: Duration,
    longest_refusal: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self::within(LONGEST_REFUSAL)
    }
}

#[derive(Debug, Default)]
struct State {
    rhythm: Rhythm,
    /// When the next question may go.
    next: Option<Instant>,
    /// Since when every question was too fast.
    refusing_since: Option<Instant>,
}

impl Pace {
    /// Gives a question up that has come to nothing for `limit`.
    pub(super) fn within(limit: Duration) -> Self {
        Self {
            state: RefCell::default(),
            longest_failure: limit.min(LONGEST_FAILURE),
            longest_refusal: limit.min(LONGEST_REFUSAL),
        }
    }

    /// Asks in its turn, and again where it was too fast, or where nothing came back.
    pub(super) async fn ask<T, E: Failure>(
        &self,
        question: impl AsyncFn() -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut failed, mut failing_since) = (0, None);
        loop {
            let epoch = self.turn().await;
            let asked = Instant::now();
            match question().await {
                Err(error) if error.is_throttling() => {
                    if self.refused(epoch) >= self.longest_refusal {
                        return Err(error);
                    }
                    log::debug!("asking more slowly: {error}");
                }
                Err(error)
                    if error.is_passing()
                        && failed < MOST_FAILURES
                        && failing_since.get_or_insert(asked).elapsed() < self.longest_failure =>
                {
                    failed += 1;
                    log::debug!("asking once more: {error}");
                    sleep_until(Instant::now() + Duration::from_millis(200) * (1 << failed)).await;
                }
                done => {
                    let mut state = self.state.borrow_mut();
                    state.rhythm.faster();
                    state.refusing_since = None;
                    return done;
                }
            }
        }
    }

    /// For how long every question has been too fast.
    fn refused(&self, epoch: u64) -> Duration {
        let mut state = self.state.borrow_mut();
        state.rhythm.slower(epoch);
        let since = state.refusing_since.get_or_insert_with(Instant::now);
        since.elapsed()
    }

    async fn turn(&self) -> u64 {
        let (at, epoch) = {
            let mut state = self.state.borrow_mut();
            let now = Instant::now();
            let at = state.next.map_or(now, |next| next.max(now));
            state.next = Some(at + jittered(state.rhythm.interval));
            (at, state.rhythm.epoch)
        };
        sleep_until(at).await;
        epoch
    }
}

/// Half of it to one and a half: others who were refused at the same moment come back at another.
fn jittered(interval: Duration) -> Duration {
    match interval.is_zero() {
        true => interval,
        false => interval.mul_f64(0.5 + random::fraction()),
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

    #[derive(Debug)]
    enum No {
        TooFast,
        Broken,
    }

    impl Display for No {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{self:?}")
        }
    }

    impl Failure for No {
        fn is_throttling(&self) -> bool {
            matches!(self, Self::TooFast)
        }

        fn is_passing(&self) -> bool {
            true
        }
    }

    /// What becomes of a question, and how often it was asked.
    fn asked(pace: &Pace, answer: impl Fn(u32) -> Result<(), No>) -> (Result<(), No>, u32) {
        let count = std::cell::Cell::new(0);
        let question = async || {
            count.set(count.get() + 1);
            answer(count.get())
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        (runtime.block_on(pace.ask(question)), count.get())
    }

    #[test]
    fn too_fast_is_no_failure_until_nobody_is_answered_any_more() {
        // Ten refusals, and a broken connection for good measure.
        let (done, count) = asked(&Pace::default(), |count| match count {
            ..=10 => Err(No::TooFast),
            11 => Err(No::Broken),
            _ => Ok(()),
        });
        assert!(done.is_ok() && count == 12, "{done:?} {count}");
        let pace = Pace::within(Duration::from_millis(100));
        let (done, _) = asked(&pace, |_| Err(No::TooFast));
        assert!(matches!(done, Err(No::TooFast)));
        // An answer to any of them is hope for all.
        assert!(pace.state.borrow().refusing_since.is_some());
        asked(&pace, |_| Ok(())).0.unwrap();
        assert!(pace.state.borrow().refusing_since.is_none());
    }

    #[test]
    fn what_fails_is_asked_four_times() {
        let (done, count) = asked(&Pace::default(), |_| Err(No::Broken));
        assert!(done.is_err() && count == 4, "{done:?} {count}");
    }

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
