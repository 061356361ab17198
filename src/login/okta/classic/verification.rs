//! What the org hands out for a factor that is verified at Duo.

use serde_json::Value as Json;

use crate::login::okta::json::text;

/// What the org hands out for Duo. Without Debug on purpose: the request is signed.
#[derive(Clone)]
pub(super) struct Verification {
    pub(super) host: String,
    pub(super) signature: String,
    /// Where Duo's answer goes.
    pub(super) complete: String,
}

impl Verification {
    /// Of a factor; `None` where something is missing.
    pub(super) fn read(factor: &Json) -> Option<Self> {
        let part = |name| text(factor, &format!("/_embedded/verification/{name}"));
        Some(Self {
            host: part("host")?,
            signature: part("signature")?,
            complete: part("_links/complete/href")?,
        })
    }
}
