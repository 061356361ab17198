//! Whether cached credentials still serve.

use crate::model::Timestamp;

/// What to do with credentials of a known age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Hand them out.
    Fresh,
    /// Get new ones; hand these out only where that fails.
    Renew,
    /// AWS refuses them, or will before a request is through.
    Expired,
}

/// botocore calls the process again for credentials with less than 15 minutes left, so that is when
/// new ones are due. Sessions of less than an hour are renewed in their last quarter: a session
/// of 15 minutes would otherwise be stale at birth, and every call a login.
const RENEWAL_WINDOW: i64 = 15 * 60;

/// What a request needs at least to get through.
const LAST_SECONDS: i64 = 10;

/// Judges credentials issued at `issued` that end at `expiration`.
#[must_use]
pub fn freshness(issued: Timestamp, expiration: Timestamp, now: Timestamp) -> Freshness {
    let left = expiration.since(now);
    let lifetime = expiration.since(issued);
    if left <= LAST_SECONDS {
        return Freshness::Expired;
    }
    // A clock that was set back makes old credentials look young.
    if now < issued || left < RENEWAL_WINDOW.min(lifetime / 4) {
        return Freshness::Renew;
    }
    Freshness::Fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(lifetime: i64, age: i64) -> Freshness {
        let issued = Timestamp::from_unix(1_000_000);
        freshness(issued, issued.plus(lifetime), issued.plus(age))
    }

    #[test]
    fn an_hour_is_renewed_in_its_last_quarter_and_ends() {
        assert_eq!(judge(3600, 0), Freshness::Fresh);
        assert_eq!(judge(3600, 2700), Freshness::Fresh);
        assert_eq!(judge(3600, 2701), Freshness::Renew);
        assert_eq!(judge(3600, 3590), Freshness::Expired);
        assert_eq!(judge(3600, -1), Freshness::Renew);
    }

    #[test]
    fn twelve_hours_are_renewed_in_their_last_15_minutes() {
        assert_eq!(judge(43_200, 43_200 - 901), Freshness::Fresh);
        assert_eq!(judge(43_200, 43_200 - 899), Freshness::Renew);
    }

    #[test]
    fn the_shortest_session_is_not_stale_at_birth() {
        assert_eq!(judge(900, 1), Freshness::Fresh);
        assert_eq!(judge(900, 700), Freshness::Renew);
        assert_eq!(judge(0, 0), Freshness::Expired);
        assert_eq!(judge(-5, 0), Freshness::Expired);
    }
}
