//! A checkpoint for tests of concurrency: logins wait at it until it is released.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Holds every login that arrives until it is released or dropped. Where there are several
/// gates, a login waits for all of them.
#[derive(Debug)]
pub struct LoginGate {
    gates: Arc<Gates>,
}

impl LoginGate {
    /// Lets the waiting logins, and all later ones, go on.
    pub fn release(self) {}

    /// How many logins are waiting; those whose client has gone are not counted.
    pub fn waiting(&self) -> usize {
        self.gates.waiting.load(Ordering::SeqCst)
    }

    /// Waits until at least `count` logins are waiting; false where that took too long.
    pub fn wait_for(&self, count: usize, at_most: Duration) -> bool {
        let end = Instant::now() + at_most;
        while self.waiting() < count {
            if Instant::now() > end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

impl Drop for LoginGate {
    fn drop(&mut self) {
        self.gates.closed.send_modify(|closed| *closed -= 1);
    }
}

#[derive(Debug)]
pub(crate) struct Gates {
    closed: watch::Sender<usize>,
    waiting: AtomicUsize,
}

impl Gates {
    pub(crate) fn new() -> Arc<Gates> {
        Arc::new(Gates {
            closed: watch::Sender::new(0),
            waiting: AtomicUsize::new(0),
        })
    }

    pub(crate) fn close(self: &Arc<Self>) -> LoginGate {
        self.closed.send_modify(|closed| *closed += 1);
        LoginGate {
            gates: Arc::clone(self),
        }
    }

    /// Returns once no gate is closed.
    pub(crate) async fn pass(&self) {
        let _waiting = Waiting::new(&self.waiting);
        // An error would mean that the sender is gone, and it is ours.
        let _ = self
            .closed
            .subscribe()
            .wait_for(|closed| *closed == 0)
            .await;
    }
}

/// Counts one for as long as it lives, also where the waiting ends by the client's leaving.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Waiting<'a> {
        count.fetch_add(1, Ordering::SeqCst);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
