//! Second factors, by the names that the demo has for them.

use fedgit_testbed::{AtPhone, Factor, Scenario};

/// What may be asked for.
pub(crate) const KINDS: &str = "push, denied, ignored, call, code, rsa, duo, methods";

/// An AD FS that wants it.
pub(crate) fn scenario(kind: &str) -> Option<Scenario> {
    let (factors, does): (&[Factor], AtPhone) = match kind {
        "push" => (&[Factor::EntraPush], AtPhone::Approves),
        "denied" => (&[Factor::EntraPush], AtPhone::Denies),
        "ignored" => (&[Factor::EntraPush], AtPhone::Ignores),
        "call" => (&[Factor::MfaServer], AtPhone::Approves),
        "code" => (&[Factor::EntraCode], AtPhone::Approves),
        "rsa" => (&[Factor::SecurIdNext], AtPhone::Approves),
        "duo" => (&[Factor::DuoPage], AtPhone::Approves),
        "methods" => (
            &[Factor::EntraPush, Factor::SecurId, Factor::Totp],
            AtPhone::Approves,
        ),
        _ => return None,
    };
    Some(Scenario::adfs().second_factors(factors).at_phone(does))
}
