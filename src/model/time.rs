//! Points in time, to the second. Time is an argument everywhere; only `sys/clock` asks the system.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From seconds since the epoch.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 stamp; fractions of a second are dropped.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let stamp = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
        Some(Self(stamp.unix_timestamp()))
    }

    /// This time moved by so many seconds.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this time; negative where this time is the earlier one.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The stamp of AWS signatures, `YYYYMMDDTHHMMSS`: CodeCommit signs it without the final `Z`.
    #[must_use]
    pub fn compact(self) -> String {
        let t = self.utc();
        format!(
            "{:04}{:02}{:02}T{:02}{:02}{:02}",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }

    /// As the system's own time type, for crates that want it.
    #[must_use]
    pub fn system_time(self) -> std::time::SystemTime {
        self.utc().into()
    }

    fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// RFC 3339 in UTC without a fraction, the one form that botocore and the AWS SDK for Rust both read.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.utc();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_both_ways() {
        let t = Timestamp::parse_rfc3339("2026-01-02T03:04:05.678+01:00").unwrap();
        assert_eq!(t.to_string(), "2026-01-02T02:04:05Z");
        assert_eq!(t.compact(), "20260102T020405");
        assert_eq!(Timestamp::parse_rfc3339("yesterday"), None);
    }
}
