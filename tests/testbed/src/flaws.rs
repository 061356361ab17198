//! Requests that fail once: every so manieth that was never seen before, and the next of the same is
//! served.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(crate) struct Flaws(Mutex<State>);

#[derive(Default)]
struct State {
    /// 0 for none.
    every: usize,
    seen: HashSet<String>,
}

impl Flaws {
    pub(crate) fn set(&self, every: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).every = every;
    }

    /// Whether this request is to fail.
    pub(crate) fn strikes(&self, request: &str) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.every > 0
            && state.seen.insert(request.to_owned())
            && state.seen.len().is_multiple_of(state.every)
    }
}
