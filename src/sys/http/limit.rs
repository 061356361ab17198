//! How long a server that has had enough wants to be left alone.

use std::time::Duration;

use crate::model::Timestamp;

/// From `Retry-After` (RFC 9110, 10.2.3, in seconds) or Okta's `X-Rate-Limit-Reset` (a Unix time).
pub(super) fn wait(after: Option<&str>, reset: Option<&str>, now: Timestamp) -> Option<Duration> {
    let number = |text: Option<&str>| text?.trim().parse::<i64>().ok();
    let until = |reset| Timestamp::from_unix(reset).since(now);
    let seconds = number(after).or_else(|| number(reset).map(until));
    match seconds {
        // Neither a clock that is wrong nor a header that is makes sense of a year.
        Some(seconds @ 1..=86_400) => u64::try_from(seconds).ok().map(Duration::from_secs),
        _ => None,
    }
}

/// As a message goes on after "no more requests".
pub(super) fn told(wait: Option<Duration>) -> String {
    match wait {
        Some(wait) => format!("for {} s (rate limit)", wait.as_secs()),
        None => "for now (rate limit)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_header_or_neither() {
        let now = Timestamp::from_unix(1_700_000_000);
        for (after, reset, expected) in [
            (Some("30"), None, "for 30 s (rate limit)"),
            (None, Some("1700000042"), "for 42 s (rate limit)"),
            (
                Some("Wed, 21 Oct 2015 07:28:00 GMT"),
                None,
                "for now (rate limit)",
            ),
            (None, Some("1600000000"), "for now (rate limit)"),
            (Some("9223372036854775807"), None, "for now (rate limit)"),
            (None, Some("-9223372036854775808"), "for now (rate limit)"),
            (None, None, "for now (rate limit)"),
        ] {
            assert_eq!(told(wait(after, reset, now)), expected);
        }
    }
}
