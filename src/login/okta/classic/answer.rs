//! What the authentication API of the Classic engine answers, as a state. Fields and states that are
//! not known are passed over or named; nothing here is a reason to stop but that what is needed is
//! missing.
//!
//! <https://developer.okta.com/docs/reference/api/authn/#transaction-state>

use serde_json::Value;

use super::factor::Factor;
use crate::format::printable::printable;
use crate::login::okta::json::{list, shown, text};

/// The state of a login. Without Debug on purpose: tokens are in it.
#[derive(Clone)]
pub(in crate::login::okta) enum Answer {
    /// Signed in: a token for the session, or where to go on.
    SignedIn {
        session: Option<String>,
        next: Option<String>,
    },
    /// A factor is to be chosen.
    Required {
        token: String,
        factors: Vec<Factor>,
        /// Whether the org lets this device be remembered.
        remember: bool,
    },
    /// A factor is being verified.
    Challenge {
        token: String,
        factor: Option<Factor>,
        progress: Progress,
        next: Option<String>,
        /// To be confirmed on the telephone.
        number: Option<String>,
    },
    /// The password must be changed.
    PasswordExpired,
    /// The password must be changed soon, or a factor may be set up: both can be left for later.
    Later { token: String, skip: String },
    /// A factor must be set up.
    Enroll { offered: String },
    /// The account is locked.
    LockedOut,
    /// A state that came after this was written, or something without one.
    Unknown { status: String },
    /// No state, but an error.
    Error { code: String, text: String },
}

/// How far a factor's verification is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::login::okta) enum Progress {
    /// It waits for a code.
    Open,
    /// It waits for somebody's telephone.
    Waiting,
    /// Somebody refused it there.
    Rejected,
    /// Nobody answered.
    TimedOut,
    /// It ended otherwise.
    Ended(String),
}

impl Progress {
    /// Whether there is something to do, or to wait for.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self, Self::Open | Self::Waiting)
    }
}

/// The state that an answer stands for.
///
/// # Errors
/// What is missing.
pub(in crate::login::okta) fn read(value: &Value) -> Result<Answer, &'static str> {
    if let Some(code) = shown(value, "/errorCode") {
        // The cause is more exact than "Api validation failed".
        let cause = shown(value, "/errorCauses/0/errorSummary");
        let text = cause.or_else(|| shown(value, "/errorSummary"));
        return Ok(Answer::Error {
            code,
            text: text.unwrap_or_default(),
        });
    }
    let token = || text(value, "/stateToken").ok_or("it has no stateToken");
    let next = text(value, "/_links/next/href");
    let skip = text(value, "/_links/skip/href");
    let status = shown(value, "/status").unwrap_or_default();
    Ok(match (status.as_str(), skip) {
        ("SUCCESS", _) => Answer::SignedIn {
            session: text(value, "/sessionToken"),
            next,
        },
        ("MFA_REQUIRED", _) => Answer::Required {
            token: token()?,
            factors: factors(value),
            remember: value
                .pointer("/_embedded/policy/allowRememberDevice")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        },
        ("MFA_CHALLENGE", _) => Answer::Challenge {
            token: token()?,
            factor: value.pointer("/_embedded/factor").and_then(Factor::read),
            progress: progress(value),
            next,
            number: shown(value, "/_embedded/factor/_embedded/challenge/correctAnswer"),
        },
        ("PASSWORD_WARN" | "MFA_ENROLL" | "MFA_ENROLL_ACTIVATE", Some(skip)) => Answer::Later {
            token: token()?,
            skip,
        },
        ("PASSWORD_EXPIRED" | "PASSWORD_WARN" | "PASSWORD_RESET", _) => Answer::PasswordExpired,
        ("MFA_ENROLL" | "MFA_ENROLL_ACTIVATE", None) => {
            let names: Vec<String> = factors(value).iter().map(Factor::label).collect();
            Answer::Enroll {
                offered: printable(&names.join(", "), 200),
            }
        }
        ("LOCKED_OUT", _) => Answer::LockedOut,
        _ => Answer::Unknown { status },
    })
}

fn factors(value: &Value) -> Vec<Factor> {
    // Nobody has more; a hostile answer may.
    let all = list(value, "/_embedded/factors").iter();
    all.filter_map(Factor::read).take(50).collect()
}

fn progress(value: &Value) -> Progress {
    match shown(value, "/factorResult").as_deref() {
        None | Some("CHALLENGE") => Progress::Open,
        Some("WAITING") => Progress::Waiting,
        Some("REJECTED") => Progress::Rejected,
        Some("TIMEOUT") => Progress::TimedOut,
        Some(other) => Progress::Ended(other.to_owned()),
    }
}
