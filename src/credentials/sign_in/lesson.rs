//! What a failed login teaches: this process, whether it is worth a try without the last one's cookies,
//! and the others, whether they need try at all. No effects.

use crate::credentials::answers::Sent;
use crate::credentials::failures::Outcome;
use crate::login::{LoginError, NoAnswer, Refused};

/// Whether a login with the last one's cookies may have failed for them, so that it is worth a try
/// without. A code or a push that was refused is none: the session knew the password, and whoever said
/// no to a push is not sent a second one.
pub(super) fn is_sessions_fault(error: &LoginError) -> bool {
    match error {
        LoginError::Flow(_) | LoginError::TooLong { .. } => true,
        LoginError::Refused(refusal) => !matches!(refusal.what, Refused::Code | Refused::Factor),
        _ => false,
    }
}

/// What other processes should know of a failed login. Nothing where this one could not ask: another
/// one may.
pub(super) fn lesson(error: &LoginError, sent: Sent) -> Option<(Outcome, String)> {
    Some(match error {
        LoginError::NoAnswer(none) if none.was_not_asked() => return None,
        LoginError::Browser(error) if error.is_of_the_person() => return None,
        // A page that says no before anything was sent to it is no word on any password.
        LoginError::Refused(refusal) => match sent.anything {
            true => (Outcome::Refused, refusal.text.clone()),
            false => (Outcome::Failed, refusal.text.clone()),
        },
        LoginError::NotOffered(refusal) => (Outcome::Lacking, refusal.to_string()),
        // Whoever was there will be asked again, and may answer otherwise.
        LoginError::NoAnswer(
            other @ (NoAnswer::Interrupted
            | NoAnswer::Declined(_)
            | NoAnswer::TimedOut { .. }
            | NoAnswer::NoSuch(_)),
        ) => (Outcome::Unanswered, other.to_string()),
        // Whatever came of it, the password is out: a page that nobody knows may be a refusal in a form
        // of its own, a telephone has rung, and an answer that was lost may have been a no.
        other if sent.answer => (Outcome::Refused, other.to_string()),
        LoginError::NoAnswer(other) => (Outcome::Unanswered, other.to_string()),
        other => (Outcome::Failed, other.to_string()),
    })
}
