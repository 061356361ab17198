//! The services' clock: the machine's, moved by as many seconds as a test asks for.
//!
//! Every expiry in the bed is decided by this clock, and the `Date` header shows it,
//! as a real service whose clock differs from the client's would.

use std::sync::atomic::{AtomicI64, Ordering};

use time::format_description::FormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

const RFC3339: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const STAMP: &[FormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
const HTTP_DATE: &[FormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: AtomicI64,
}

impl Clock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        let now = OffsetDateTime::now_utc() + Duration::seconds(self.offset.load(Ordering::SeqCst));
        now.replace_nanosecond(0).expect("zero is a nanosecond")
    }

    pub(crate) fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::SeqCst);
    }
}

/// `2026-01-02T03:04:05Z`, as SAML and STS write it.
pub(crate) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(RFC3339).expect("a date can be written")
}

pub(crate) fn from_rfc3339(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, RFC3339)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

/// `20260102T030405Z`, as signatures write it.
pub(crate) fn stamp(at: OffsetDateTime) -> String {
    at.format(STAMP).expect("a date can be written")
}

pub(crate) fn from_stamp(text: &str) -> Option<OffsetDateTime> {
    if text.len() != 16 || !text.is_ascii() {
        return None;
    }
    PrimitiveDateTime::parse(text, STAMP)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

/// RFC 9110 section 5.6.7.
pub(crate) fn http_date(at: OffsetDateTime) -> String {
    at.format(HTTP_DATE).expect("a date can be written")
}
