//! What AD FS wants after the password. Each page's Context is good once, each page's fields are all
//! that may come, and nothing is forgiven: so a client must read the page.

use std::time::Duration;

use axum::http::header;

use super::{Heard, factor_pages, here, joined, page, pages, sessions::Session};
use crate::bed::Bed;
use crate::scenario::{AtPhone, Factor};
use crate::server::Answer;
use crate::text;

/// How long a server that holds its answer back does so.
const CALL: Duration = Duration::from_millis(700);
/// Wrong codes before nothing is taken any more.
const MOST_WRONG: usize = 3;

pub(super) const DENIED: &str = "The request was denied.";
pub(super) const IGNORED: &str = "The request timed out.";
pub(super) const WRONG_CODE: &str = "Authentication failed. Enter a valid code.";

/// The name of an adapter, which is what AuthMethod holds.
pub(super) fn adapter(factor: Factor) -> &'static str {
    match factor {
        Factor::EntraPush | Factor::EntraCode => "AzureMfaAuthentication",
        Factor::MfaServer => "AzureMfaServerAuthentication",
        Factor::Totp => "Example.Totp.Adapter",
        Factor::SecurId | Factor::SecurIdNext => "SecurIDAuthentication",
        Factor::SecurIdV2 => "SecurIDv2Authentication",
        Factor::Vip => "VIPAuthenticationProviderUPN",
        Factor::VipOld => "SymantecVipAdapter",
        Factor::SafeNet => "SafeNet-MFA",
        Factor::Silverfort => "SilverfortAdfs",
        Factor::Defender => "Defender AD FS Adapter",
        Factor::DuoFrame | Factor::DuoPage | Factor::DuoScript => "DuoAdfsAdapter",
        Factor::Certificate => "CertificateAuthentication",
    }
}

/// The field for the code, and the button beside it, of the page at hand.
pub(super) fn code_field(
    factor: Factor,
    session: &Session,
) -> Option<(&'static str, Option<&'static str>)> {
    match factor {
        Factor::EntraCode if session.round > 0 => Some(("VerificationCode", Some("SignIn"))),
        Factor::Totp => Some(("otp_value", Some("go"))),
        Factor::SecurIdNext if session.wants_next => Some(("NextCode", Some("Submit"))),
        Factor::SecurId | Factor::SecurIdNext => Some(("Passcode", Some("Submit"))),
        Factor::SecurIdV2 if session.round > 0 => Some(("Passcode", Some("Submit"))),
        Factor::Vip => Some(("security_code", Some("Continue"))),
        Factor::VipOld => Some(("SecurityCode", None)),
        Factor::SafeNet => Some(("SAFENET_PASSWORD", None)),
        Factor::Defender => Some(("OathCode", None)),
        _ => None,
    }
}

/// Everything that the page at hand has in its form.
fn fields(factor: Factor, session: &Session) -> Vec<&'static str> {
    if matches!(factor, Factor::DuoPage | Factor::DuoScript) {
        return vec!["duo_code", "state", "context", "authMethod"];
    }
    let mut names = vec!["AuthMethod", "Context"];
    if let Some((field, button)) = code_field(factor, session) {
        names.push(field);
        names.extend(button);
        if session.wants_next {
            names.push("Passcode");
        }
    } else if matches!(factor, Factor::EntraPush | Factor::EntraCode) {
        names.push("__EVENTTARGET");
    } else if factor == Factor::DuoFrame {
        names.push("sig_response");
    }
    names
}

/// A request of somebody whose password was right.
pub(super) async fn at(bed: &Bed, heard: &Heard, cookie: &str, mut session: Session) -> Answer {
    let several = bed.scenario.factors.len() > 1;
    if heard.method != "POST" {
        if several {
            session.factor = None;
            bed.sessions.put(cookie, session);
            let body = factor_pages::options(&here(heard), &bed.scenario.factors);
            return page(200, body).note("offered methods");
        }
        session.factor = bed.scenario.factors.first().copied();
        session.round = 0;
        return show(bed, heard, cookie, session, "").note("asked for a second factor");
    }
    let mut names: Vec<&str> = heard.form.iter().map(|(name, _)| name.as_str()).collect();
    let Some(factor) = session.factor else {
        let wanted = joined(&heard.form, "AuthMethod").unwrap_or_default();
        let chosen = bed.scenario.factors.iter().copied();
        let chosen = chosen.clone().find(|factor| adapter(*factor) == wanted);
        if names != ["AuthMethod"] || chosen.is_none() {
            return refused("no method that was offered");
        }
        session.factor = chosen;
        session.round = 0;
        return show(bed, heard, cookie, session, "").note(format!("method chosen: {wanted}"));
    };
    let mut expected = fields(factor, &session);
    names.sort_unstable();
    expected.sort_unstable();
    if names != expected {
        return refused(&format!(
            "the page's fields are {expected:?}, not {names:?}"
        ));
    }
    let named = |one: &str, other: &str| joined(&heard.form, one).or(joined(&heard.form, other));
    if named("Context", "context").as_deref() != Some(&session.context) {
        return refused("another Context");
    }
    if named("AuthMethod", "authMethod").as_deref() != Some(adapter(factor)) {
        return refused("another AuthMethod");
    }
    if let Some((field, _)) = code_field(factor, &session) {
        let code = joined(&heard.form, field).unwrap_or_default();
        return code_came(bed, heard, cookie, session, &code);
    }
    session.round += 1;
    match factor {
        Factor::DuoFrame | Factor::DuoPage | Factor::DuoScript => {
            let value = |name| joined(&heard.form, name).unwrap_or_default();
            let is_right = match factor {
                Factor::DuoFrame => bed.duo.is_signed(&value("sig_response")),
                _ => bed.duo.is_code(&value("duo_code"), &value("state")),
            };
            match is_right {
                true => pass(bed, heard, cookie, session),
                false => refused("Duo has not said yes"),
            }
        }
        Factor::EntraPush if session.round < 3 => {
            show(bed, heard, cookie, session, "").note("waiting for the telephone")
        }
        Factor::EntraCode | Factor::SecurIdV2 => {
            show(bed, heard, cookie, session, "").note("asked for a code")
        }
        Factor::EntraPush => answered(bed, heard, cookie, session),
        Factor::MfaServer | Factor::Silverfort => {
            tokio::time::sleep(CALL).await;
            answered(bed, heard, cookie, session)
        }
        _ => refused("no page of this method"),
    }
}

/// The person has done at the telephone what they do.
fn answered(bed: &Bed, heard: &Heard, cookie: &str, session: Session) -> Answer {
    let silverfort = session.factor == Some(Factor::Silverfort);
    let (own, words) = match bed.scenario.at_phone {
        AtPhone::Approves => return pass(bed, heard, cookie, session),
        AtPhone::Denies => ("Not authorized", DENIED),
        AtPhone::Ignores => ("MFA request expired", IGNORED),
    };
    if silverfort {
        return page(200, factor_pages::silverfort_end(own)).note("second factor refused");
    }
    show(bed, heard, cookie, session, words).note("second factor refused")
}

fn code_came(bed: &Bed, heard: &Heard, cookie: &str, mut session: Session, code: &str) -> Answer {
    let wanted = match session.wants_next {
        true => &bed.codes.next,
        false => &bed.codes.now,
    };
    if session.wrong >= MOST_WRONG || code != wanted {
        session.wrong += 1;
        return show(bed, heard, cookie, session, WRONG_CODE).note("second factor refused");
    }
    if session.factor == Some(Factor::SecurIdNext) && !session.wants_next {
        session.wants_next = true;
        return show(bed, heard, cookie, session, "").note("asked for the next code");
    }
    pass(bed, heard, cookie, session)
}

fn pass(bed: &Bed, heard: &Heard, cookie: &str, mut session: Session) -> Answer {
    session.passed = true;
    session.context.clear();
    bed.sessions.put(cookie, session);
    let second = text::base64(&text::random::<96>());
    page(302, pages::moved())
        .header(header::LOCATION, here(heard))
        .header(
            header::SET_COOKIE,
            format!("MSISAuth1={second}; path=/adfs; HttpOnly; Secure"),
        )
        .note("second factor accepted")
}

/// The method's page, with a Context of its own.
fn show(bed: &Bed, heard: &Heard, cookie: &str, mut session: Session, error: &str) -> Answer {
    session.context = format!(
        "<EncryptedData>{}</EncryptedData>",
        text::base64(&text::random::<300>())
    );
    bed.secrets.add(&session.context);
    let body = factor_pages::of(bed, &session, &here(heard), error);
    bed.sessions.put(cookie, session);
    page(200, body)
}

fn refused(why: &str) -> Answer {
    page(200, pages::error("An error occurred.")).note(format!("refused: {why}"))
}
