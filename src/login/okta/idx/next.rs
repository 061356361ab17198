//! Of the steps that an answer offers, the one that leads on.

use super::OktaError;
use super::answer::{Answer, Authenticator, Local, Loopback, Remediation};
use super::body::open_field;
use crate::format::printable::printable;

/// What comes next.
pub(super) enum Next {
    /// A session, there.
    SignedIn { href: String },
    /// The user name, and perhaps the password.
    Identify(Remediation),
    /// A password, a code or an answer, into this field.
    Challenge {
        step: Remediation,
        by: Authenticator,
        field: &'static str,
    },
    /// Somebody has to answer elsewhere.
    Poll {
        step: Remediation,
        by: Authenticator,
    },
    /// A program on this machine is to answer; where it does not, `cancel` says so to the org.
    AskLocal {
        step: Remediation,
        program: Loopback,
        cancel: Option<String>,
    },
    /// A program on this machine is waited for, which is not spoken to.
    GiveUpLocal { href: String },
    /// An authenticator is to be chosen.
    Choose(Remediation),
    /// Something that can be left for later.
    Skip(Remediation),
    /// The password must be changed.
    PasswordExpired,
    /// Nothing that leads on from here.
    Stuck(OktaError),
}

/// Whether the program on this machine was asked in this step of the login.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Not,
    /// And it took the challenge: the org hears from it.
    Took,
    /// And it is not there, or did not take it.
    InVain,
}

/// What a keyboard can do comes first, and what only a browser can do is passed over while there is
/// something else.
pub(super) fn next(answer: Answer, asked: Asked) -> Next {
    let Answer {
        mut steps,
        mut current,
        success,
        cancel,
        ..
    } = answer;
    if let Some(href) = success {
        return Next::SignedIn { href };
    }
    let names: Vec<String> = steps.iter().map(|step| printable(&step.name, 60)).collect();
    let mut take = |wanted: &[&str]| {
        let is_it = |step: &Remediation| wanted.contains(&step.name.as_str());
        Some(steps.swap_remove(steps.iter().position(is_it)?))
    };
    if let Some(step) = take(&["identify"]) {
        return Next::Identify(step);
    }
    if let Some(step) = take(&["challenge-authenticator"])
        && let Some(field) = open_field(&step)
    {
        let by = current;
        return Next::Challenge { step, by, field };
    }
    if let Some(step) = take(&["challenge-poll", "device-challenge-poll"]) {
        match (current.local.take(), asked, cancel) {
            (None, ..) | (Some(_), Asked::Took, _) => return Next::Poll { step, by: current },
            (Some(Local::Loopback(program)), Asked::Not, cancel) => {
                return Next::AskLocal {
                    step,
                    program,
                    cancel,
                };
            }
            (Some(Local::Otherwise), Asked::Not, Some(href)) => return Next::GiveUpLocal { href },
            (Some(local), ..) => current.local = Some(local),
        }
    }
    let choices = [
        "select-authenticator-authenticate",
        "authenticator-verification-data",
    ];
    if let Some(step) = take(&choices) {
        return Next::Choose(step);
    }
    if let Some(step) = take(&["skip"]) {
        return Next::Skip(step);
    }
    stuck(&names, &current)
}

fn stuck(names: &[String], current: &Authenticator) -> Next {
    let has = |part: &str| names.iter().any(|name| name.contains(part));
    let all = names.join(", ");
    if has("reenroll-authenticator") || has("reset-authenticator") {
        return Next::PasswordExpired;
    }
    Next::Stuck(
        if has("enroll-authenticator") || has("select-authenticator-enroll") {
            OktaError::Enroll { offered: all }
        } else if current.local.is_some() || has("webauthn") || current.key == "webauthn" {
            OktaError::Browser {
                factor: match current.name.as_str() {
                    "" => "a device's own proof (FastPass, security key)".to_owned(),
                    name => name.to_owned(),
                },
            }
        } else if has("redirect-idp") {
            OktaError::HandedOver {
                host: "another organization".to_owned(),
            }
        } else if all.is_empty() {
            OktaError::UnknownStep {
                step: "none is offered".to_owned(),
            }
        } else {
            OktaError::UnknownStep { step: all }
        },
    )
}
