//! Properties over many cases: `FEDGIT_FUZZ_CASES` says how many, and `FEDGIT_FUZZ_SECONDS` goes on with
//! new ones until so much time has passed.

use std::time::Duration;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::sys::clock;

/// Runs a property over many cases, and over new ones as long as there is time.
pub(super) fn fuzz<S: Strategy>(
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let cases = u32::try_from(number("FEDGIT_FUZZ_CASES").unwrap_or(256)).unwrap();
    let limit = number("FEDGIT_FUZZ_SECONDS").map(Duration::from_secs);
    let start = clock::start();
    loop {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        if let Err(error) = runner.run(&strategy, &property) {
            panic!("{error}");
        }
        if limit.is_none_or(|limit| start.elapsed() > limit) {
            break;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
