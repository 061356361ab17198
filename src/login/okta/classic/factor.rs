//! The second factors of the Classic engine.

use serde_json::Value;

use super::verification::Verification;
use crate::format::printable::printable;
use crate::login::Offer;
use crate::login::okta::json::{shown, text};

/// A factor that somebody has set up.
#[derive(Clone)]
pub(in crate::login::okta) struct Factor {
    /// Okta's id of it, the same in each login.
    pub(super) id: String,
    pub(super) kind: Kind,
    /// Where it is: a telephone's number, a device's name, a question. Fit to print.
    pub(super) where_to: String,
    /// Who made it, as a message names it.
    vendor: String,
    /// Where it is verified; not there while it is.
    pub(super) verify: Option<String>,
    /// For Duo; not there until it is verified.
    pub(super) verification: Option<Box<Verification>>,
}

/// How a factor is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::login::okta) enum Kind {
    /// On a telephone.
    Push,
    /// With a code of Okta Verify.
    Totp,
    /// With a code of Google Authenticator, or another app that counts as one.
    Google,
    /// With a code that is sent first.
    Sms,
    /// By a voice.
    Call,
    /// By e-mail.
    Email,
    /// With the answer to a question.
    Question,
    /// With a code of a device.
    Token,
    /// At Duo.
    Duo,
    /// With a security key or this device's own.
    WebAuthn,
    /// At another identity provider, or in a way that is not known.
    Other,
}

impl Factor {
    /// A factor of an answer; `None` where it has no type.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let type_ = text(value, "/factorType")?;
        let provider = shown(value, "/provider").unwrap_or_default();
        let kind = match (type_.as_str(), provider.as_str()) {
            ("push", _) => Kind::Push,
            ("token:software:totp", "GOOGLE") => Kind::Google,
            ("token:software:totp", _) => Kind::Totp,
            ("sms", _) => Kind::Sms,
            ("call", _) => Kind::Call,
            ("email", _) => Kind::Email,
            ("question", _) => Kind::Question,
            ("token" | "token:hardware" | "token:hotp", _) => Kind::Token,
            ("web", "DUO") => Kind::Duo,
            ("webauthn" | "u2f" | "signed_nonce", _) => Kind::WebAuthn,
            _ => Kind::Other,
        };
        let places = [
            "name",
            "phoneNumber",
            "email",
            "questionText",
            "authenticatorName",
        ];
        let where_to = places
            .iter()
            .find_map(|name| shown(value, &format!("/profile/{name}")));
        let vendor = shown(value, "/vendorName").unwrap_or(provider);
        Some(Self {
            id: shown(value, "/id").unwrap_or_default(),
            kind,
            where_to: where_to.unwrap_or_default(),
            vendor: match kind {
                Kind::Other => printable(&format!("{type_} {vendor}"), 60),
                _ => vendor,
            },
            verify: text(value, "/_links/verify/href"),
            verification: Verification::read(value).map(Box::new),
        })
    }

    /// With what the org tells of it while it is verified; that need not repeat its name.
    pub(super) fn told(self, told: Option<Self>) -> Self {
        Self {
            verification: told.and_then(|told| told.verification),
            ..self
        }
    }

    /// What it is called in a list.
    pub(super) fn label(&self) -> String {
        let what = match self.kind {
            Kind::Push => "Okta Verify push".to_owned(),
            Kind::Totp => "Okta Verify code".to_owned(),
            Kind::Google => "Google Authenticator code".to_owned(),
            Kind::Sms => "SMS".to_owned(),
            Kind::Call => "voice call".to_owned(),
            Kind::Email => "e-mail".to_owned(),
            Kind::Question => "security question".to_owned(),
            Kind::Token => format!("{} token", self.vendor),
            Kind::Duo => "Duo".to_owned(),
            Kind::WebAuthn => "security key (WebAuthn)".to_owned(),
            Kind::Other => self.vendor.clone(),
        };
        match self.where_to.as_str() {
            "" => what,
            place => format!("{what} ({place})"),
        }
    }

    /// What to type.
    pub(super) fn prompt(&self) -> String {
        let to = match self.where_to.as_str() {
            "" => String::new(),
            place => format!(" to {place}"),
        };
        match self.kind {
            Kind::Sms => format!("code sent by SMS{to}"),
            Kind::Call => format!("code told by a call{to}"),
            Kind::Email => format!("code sent by e-mail{to}"),
            Kind::Question => format!("answer to {:?}", self.where_to),
            Kind::Google => "code of Google Authenticator".to_owned(),
            Kind::Token => format!("code of the {} token", self.vendor),
            _ => "code of Okta Verify".to_owned(),
        }
    }
}

impl Kind {
    /// What it is called in `mfa` of a configuration.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Totp => "totp",
            Self::Google => "google",
            Self::Sms => "sms",
            Self::Call => "call",
            Self::Email => "email",
            Self::Question => "question",
            Self::Token => "token",
            Self::Duo => "duo",
            Self::WebAuthn => "webauthn",
            Self::Other => "other",
        }
    }

    /// Whether it can be answered without a browser.
    pub(super) fn is_ours(self) -> bool {
        !matches!(self, Self::WebAuthn | Self::Other)
    }

    /// Whether its code has to be sent to somebody first.
    pub(super) fn is_sent(self) -> bool {
        matches!(self, Self::Sms | Self::Call | Self::Email)
    }
}

/// Options to choose from: by the names of their kinds where those tell them apart.
pub(super) fn offers(factors: &[Factor]) -> Vec<Offer> {
    let count = |kind| factors.iter().filter(|other| other.kind == kind).count();
    let offer = |factor: &Factor| Offer {
        id: match (count(factor.kind), factor.kind.name()) {
            (1, name) => name.to_owned(),
            (_, name) => format!("{name}:{}", factor.id),
        },
        label: factor.label(),
    };
    factors.iter().map(offer).collect()
}
