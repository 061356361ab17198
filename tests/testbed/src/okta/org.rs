//! What the Okta org remembers: logins on their way, sessions, devices.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};

use super::duo::AtDuo;
use super::setup::Setup;
use crate::secrets::Secrets;
use crate::text;

/// Wrong passwords until the account is locked.
const LOCK_AFTER: usize = 5;

/// How far a login is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody is known yet (Identity Engine).
    Start,
    /// A name was given, and no password.
    Named,
    /// The password expires soon.
    Warned,
    /// A second factor is to be chosen.
    Factors,
    /// This one is being verified; how often it was asked for.
    Factor(usize, usize),
    /// Done.
    Done,
}

/// A login on its way.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) stage: Stage,
    /// Whether the application wants more of somebody who has a session.
    pub(super) step_up: Option<String>,
    pub(super) wants_remembering: bool,
    pub(super) gave_up_local: bool,
    /// What Okta Verify on the person's machine was given to answer.
    pub(super) challenge: Option<String>,
    /// Where Duo is asked.
    pub(super) duo: Option<AtDuo>,
}

/// A session in a browser.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    /// Whether the application's own factor was given.
    pub(super) stepped_up: bool,
}

/// What is known of a challenge for Okta Verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nobody has answered it.
    Open,
    /// The person's own device answered it.
    Given,
    /// The person did not want it.
    Denied,
}

/// A device login.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) polls: usize,
    pub(super) tokens: Option<(String, String)>,
}

#[derive(Debug, Default)]
struct Memory {
    logins: HashMap<String, Login>,
    sessions: HashMap<String, Session>,
    session_tokens: HashMap<String, bool>,
    devices: Vec<String>,
    grants: HashMap<String, Grant>,
    sso_tokens: Vec<String>,
    proofs: HashMap<String, Proof>,
    wrong: usize,
}

/// The org.
pub(crate) struct Org {
    memory: Mutex<Memory>,
    /// The one code that every device shows and every message tells.
    pub(crate) code: String,
    /// The answer to the security question.
    pub(crate) answer: String,
}

impl Org {
    pub(crate) fn new(secrets: &Secrets) -> Org {
        let digits = u64::from_le_bytes(text::random::<8>()) % 90_000_000 + 10_000_000;
        let org = Org {
            memory: Mutex::default(),
            code: digits.to_string(),
            answer: format!("Answer {}", text::hex(&text::random::<6>())),
        };
        secrets.add(&org.code);
        secrets.add(&org.answer);
        org
    }

    pub(super) fn begin(&self, secrets: &Secrets, stage: Stage, step_up: Option<String>) -> String {
        // With a dash, which pages escape.
        let token = format!("02-{}", text::hex(&text::random::<20>()));
        secrets.add(&token);
        let login = Login {
            stage,
            step_up,
            wants_remembering: false,
            gave_up_local: false,
            challenge: None,
            duo: None,
        };
        self.memory().logins.insert(token.clone(), login);
        token
    }

    pub(super) fn login(&self, token: &str) -> Option<Login> {
        self.memory().logins.get(token).cloned()
    }

    pub(super) fn put(&self, token: &str, login: Login) {
        self.memory().logins.insert(token.to_owned(), login);
    }

    /// A challenge for Okta Verify; whoever has it could answer it.
    pub(super) fn challenge(&self, secrets: &Secrets) -> String {
        let challenge = format!("eyJraWQ.{}", text::hex(&text::random::<24>()));
        secrets.add(&challenge);
        self.memory().proofs.insert(challenge.clone(), Proof::Open);
        challenge
    }

    /// Okta Verify answers it; `false` where it is none of the org's.
    pub(super) fn prove(&self, challenge: &str, proof: Proof) -> bool {
        let mut memory = self.memory();
        let known = memory.proofs.get_mut(challenge);
        known.map(|known| *known = proof).is_some()
    }

    pub(super) fn proof(&self, challenge: &str) -> Option<Proof> {
        self.memory().proofs.get(challenge).copied()
    }

    pub(super) fn end(&self, token: &str) {
        self.memory().logins.remove(token);
    }

    /// A token that becomes a session once.
    pub(super) fn session_token(&self, secrets: &Secrets) -> String {
        let token = format!("2011{}", text::hex(&text::random::<20>()));
        secrets.add(&token);
        self.memory().session_tokens.insert(token.clone(), true);
        token
    }

    pub(super) fn spend(&self, token: &str) -> bool {
        self.memory().session_tokens.remove(token).is_some()
    }

    pub(super) fn session(&self, secrets: &Secrets, stepped_up: bool) -> String {
        let sid = format!("102{}", text::hex(&text::random::<16>()));
        secrets.add(&sid);
        self.memory()
            .sessions
            .insert(sid.clone(), Session { stepped_up });
        sid
    }

    pub(super) fn find(&self, sid: &str) -> Option<Session> {
        self.memory().sessions.get(sid).cloned()
    }

    pub(super) fn step_up(&self, sid: &str) {
        if let Some(session) = self.memory().sessions.get_mut(sid) {
            session.stepped_up = true;
        }
    }

    /// No session knows a second factor any more.
    pub(crate) fn forget_factors(&self) {
        for session in self.memory().sessions.values_mut() {
            session.stepped_up = false;
        }
    }

    /// Ends every session; devices stay known.
    pub(crate) fn end_all(&self) {
        self.memory().sessions.clear();
    }

    pub(super) fn device(&self, secrets: &Secrets) -> String {
        let token = text::hex(&text::random::<16>());
        secrets.add(&token);
        self.memory().devices.push(token.clone());
        token
    }

    pub(super) fn knows(&self, device: &str) -> bool {
        self.memory().devices.iter().any(|known| known == device)
    }

    pub(super) fn wrong_password(&self) {
        self.memory().wrong += 1;
    }

    pub(super) fn is_locked(&self) -> bool {
        self.memory().wrong >= LOCK_AFTER
    }

    pub(super) fn grant(&self, secrets: &Secrets) -> String {
        let code = text::uuid();
        secrets.add(&code);
        let grant = Grant {
            polls: 0,
            tokens: None,
        };
        self.memory().grants.insert(code.clone(), grant);
        code
    }

    /// How often it was asked for, this time included.
    pub(super) fn poll(&self, code: &str) -> Option<usize> {
        let mut memory = self.memory();
        let grant = memory.grants.get_mut(code)?;
        grant.polls += 1;
        Some(grant.polls)
    }

    pub(super) fn tokens(&self, secrets: &Secrets, code: &str) -> (String, String) {
        let token = |name: &str| {
            let token = format!("eyJ{name}.{}", text::hex(&text::random::<24>()));
            secrets.add(&token);
            token
        };
        let tokens = (token("access"), token("id"));
        if let Some(grant) = self.memory().grants.get_mut(code) {
            grant.tokens = Some(tokens.clone());
        }
        tokens
    }

    pub(super) fn are_tokens(&self, access: &str, id: &str) -> bool {
        let tokens = (access.to_owned(), id.to_owned());
        self.memory()
            .grants
            .values()
            .any(|grant| grant.tokens.as_ref() == Some(&tokens))
    }

    pub(super) fn sso_token(&self, secrets: &Secrets) -> String {
        let token = format!("eyJsso.{}", text::hex(&text::random::<24>()));
        secrets.add(&token);
        self.memory().sso_tokens.push(token.clone());
        token
    }

    pub(super) fn spend_sso(&self, token: &str) -> bool {
        let mut memory = self.memory();
        let before = memory.sso_tokens.len();
        memory.sso_tokens.retain(|known| known != token);
        memory.sso_tokens.len() < before
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no thread panicked with the org")
    }
}

/// A factor's id, by its place.
pub(super) fn id(setup: &Setup, at: usize) -> String {
    let name = setup.factors.get(at).copied().unwrap_or_default();
    format!("{name}{at}x0h7")
}

/// Type, provider and profile of a factor of the Classic engine.
pub(super) fn classic(name: &str) -> (&'static str, &'static str, Value) {
    let phone = json!({ "phoneNumber": "+1 XXX-XXX-1234" });
    match name {
        "push" => (
            "push",
            "OKTA",
            json!({ "credentialId": "username@domain", "name": "Telephone", "platform": "ANDROID",
                    "keys": [{ "kty": "RSA", "kid": "default" }] }),
        ),
        "totp" => (
            "token:software:totp",
            "OKTA",
            json!({ "credentialId": "username@domain" }),
        ),
        "google" => (
            "token:software:totp",
            "GOOGLE",
            json!({ "credentialId": "username@domain" }),
        ),
        "sms" => ("sms", "OKTA", phone),
        "call" => ("call", "OKTA", phone),
        "email" => ("email", "OKTA", json!({ "email": "u...e@domain" })),
        "question" => (
            "question",
            "OKTA",
            json!({ "question": "disliked_food", "questionText": "What did you eat first?" }),
        ),
        "token" => (
            "token:hardware",
            "YUBICO",
            json!({ "credentialId": "000009884014" }),
        ),
        "rsa" => ("token", "RSA", json!({ "credentialId": "username@domain" })),
        "duo" => ("web", "DUO", json!({ "credentialId": "username@domain" })),
        "webauthn" => (
            "webauthn",
            "FIDO",
            json!({ "authenticatorName": "YubiKey" }),
        ),
        "u2f" => ("u2f", "FIDO", json!({})),
        _ => ("claims_provider", "CUSTOM", json!({})),
    }
}
