//! The Identity Engine's forms: what each stage of a login offers.

use serde_json::{Value, json};

use super::Call;
use crate::okta::link;
use crate::okta::org::{Stage, id};
use crate::okta::setup::Account;
use crate::server::Answer;
use crate::text;

use super::{ION, PASSWORD};

impl Call<'_> {
    /// The steps that this stage offers.
    pub(super) fn offer(self) -> Answer {
        let setup = &self.bed.scenario.okta;
        if setup.fastpass && self.login.stage == Stage::Start && !self.login.gave_up_local {
            return self.local();
        }
        match self.login.stage {
            Stage::Start => {
                let mut fields =
                    vec![json!({ "name": "identifier", "label": "Username", "required": true })];
                if setup.one_page {
                    fields.push(typed(&[
                        json!({ "name": "passcode", "label": "Password", "secret": true }),
                    ]));
                }
                fields.push(json!({ "name": "rememberMe", "type": "boolean", "label": "Keep me signed in" }));
                let steps = [
                    self.step("identify", "/idp/idx/identify", fields),
                    self.step("select-enroll-profile", "/idp/idx/enroll", vec![]),
                ];
                self.say(json!({ "remediation": steps_of(&steps) }))
                    .note("asked for the name")
            }
            Stage::Named => {
                let fields = vec![typed(&[
                    json!({ "name": "passcode", "label": "Password", "secret": true }),
                ])];
                let steps = [self.step(
                    "challenge-authenticator",
                    "/idp/idx/challenge/answer",
                    fields,
                )];
                let password = json!({ "type": "object", "value": {
                    "type": "password", "key": "okta_password", "id": PASSWORD, "displayName": "Password" } });
                self.say(
                    json!({ "remediation": steps_of(&steps), "currentAuthenticator": password }),
                )
                .note("asked for the password")
            }
            Stage::Warned => {
                let fields = vec![typed(&[
                    json!({ "name": "passcode", "label": "New password", "secret": true }),
                ])];
                let expired = setup.account == Account::PasswordExpired;
                let steps = match (setup.account, expired) {
                    (Account::MustEnroll, _) => vec![self.step(
                        "select-authenticator-enroll",
                        "/idp/idx/credential/enroll",
                        vec![],
                    )],
                    (_, true) => vec![self.step(
                        "reenroll-authenticator",
                        "/idp/idx/challenge/answer",
                        fields,
                    )],
                    (_, false) => vec![
                        self.step(
                            "reenroll-authenticator-warning",
                            "/idp/idx/challenge/answer",
                            fields,
                        ),
                        self.step("skip", "/idp/idx/skip", vec![]),
                    ],
                };
                self.say(json!({ "remediation": steps_of(&steps) }))
            }
            Stage::Factors => self.select(),
            Stage::Factor(at, _) => self.factor(at),
            Stage::Done => self.success(),
        }
    }

    fn select(self) -> Answer {
        let setup = &self.bed.scenario.okta;
        let mut enrolled = Vec::new();
        let mut options = Vec::new();
        for (at, name) in setup.factors.iter().enumerate() {
            let (key, label, methods) = authenticator(name);
            let mut form = vec![
                json!({ "name": "id", "value": id(setup, at), "required": true, "mutable": false }),
            ];
            match methods {
                [one] => form.push(json!({ "name": "methodType", "value": one, "required": false, "mutable": false })),
                many => {
                    let many: Vec<Value> = many.iter().map(|m| json!({ "value": m, "label": format!("by {m}") })).collect();
                    form.push(json!({ "name": "methodType", "type": "string", "required": false, "options": many }));
                }
            }
            if key == "phone_number" {
                form.push(json!({ "name": "enrollmentId", "value": "pae1", "required": true, "mutable": false }));
            }
            options.push(json!({
                "label": label,
                "value": { "form": { "value": form } },
                "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"),
            }));
            enrolled.push(json!({ "type": "x", "key": key, "id": format!("enr{at}"), "displayName": label, "profile": profile(name) }));
        }
        let fields = vec![json!({ "name": "authenticator", "type": "object", "options": options })];
        let steps = [self.step(
            "select-authenticator-authenticate",
            "/idp/idx/challenge",
            fields,
        )];
        self.say(json!({
            "remediation": steps_of(&steps),
            "authenticatorEnrollments": { "type": "array", "value": enrolled },
        }))
        .note("a factor is wanted")
    }

    /// A factor that is being verified.
    pub(super) fn factor(mut self, at: usize) -> Answer {
        let setup = &self.bed.scenario.okta;
        let name = setup.factors.get(at).copied().unwrap_or_default();
        let (key, label, _) = authenticator(name);
        let mut own = json!({ "type": "x", "key": key, "id": id(setup, at), "displayName": label, "profile": profile(name) });
        let step = match name {
            "push" => {
                if setup.number {
                    own["contextualData"] = json!({ "correctAnswer": 44 });
                }
                let mut step = self.step("challenge-poll", "/idp/idx/authenticators/poll", vec![]);
                step["refresh"] = json!(1000);
                step
            }
            "fastpass" => {
                own["contextualData"] =
                    json!({ "challenge": { "type": "object", "value": self.loopback() } });
                own["cancel"] = self.cancel_polling();
                let mut step = self.step("challenge-poll", "/idp/idx/authenticators/poll", vec![]);
                step["refresh"] = json!(1000);
                step
            }
            "question" => {
                own["profile"] = json!({ "questionKey": "disliked_food", "question": "What did you eat first?" });
                let fields = [
                    json!({ "name": "questionKey", "value": "disliked_food", "mutable": false }),
                    json!({ "name": "answer", "label": "Answer", "secret": true }),
                ];
                self.step(
                    "challenge-authenticator",
                    "/idp/idx/challenge/answer",
                    vec![typed(&fields)],
                )
            }
            "totp" => self.step(
                "challenge-authenticator",
                "/idp/idx/challenge/answer",
                vec![typed(&[json!({ "name": "totp", "label": "Enter code" })])],
            ),
            _ => self.step(
                "challenge-authenticator",
                "/idp/idx/challenge/answer",
                vec![typed(&[
                    json!({ "name": "passcode", "label": "Enter code" }),
                ])],
            ),
        };
        let again = self.step(
            "select-authenticator-authenticate",
            "/idp/idx/challenge",
            vec![],
        );
        let mut body = json!({ "remediation": steps_of(&[step, again]) });
        // Okta Verify on this machine is no enrollment that was chosen, but the authenticator itself.
        let place = match name {
            "fastpass" => "currentAuthenticator",
            _ => "currentAuthenticatorEnrollment",
        };
        body[place] = json!({ "type": "object", "value": own });
        self.say(body).note(format!("{name} wanted"))
    }

    /// Okta Verify on the person's own machine is waited for.
    fn local(mut self) -> Answer {
        let mut step = self.step(
            "device-challenge-poll",
            "/idp/idx/authenticators/poll",
            vec![],
        );
        step["refresh"] = json!(1000);
        let mut challenge = self.loopback();
        challenge["cancel"] = self.cancel_polling();
        let challenge = json!({ "type": "object", "value": challenge });
        self.say(json!({ "remediation": steps_of(&[step]), "authenticatorChallenge": challenge }))
            .note("Okta Verify on this machine wanted")
    }

    fn loopback(&mut self) -> Value {
        let ports: Vec<String> = self.bed.verify_ports.iter().map(u16::to_string).collect();
        json!({
            "challengeMethod": "LOOPBACK", "challengeRequest": self.challenged(),
            "domain": "http://localhost", "probeTimeoutMillis": 1000, "ports": ports,
        })
    }

    fn cancel_polling(&self) -> Value {
        json!({ "rel": ["create-form"], "name": "cancel-polling", "method": "POST",
                "href": link(self.heard, "/idp/idx/authenticators/poll/cancel") })
    }

    pub(super) fn success(self) -> Answer {
        let token = text::percent_encode(&self.handle);
        let href = link(
            self.heard,
            &format!("/login/token/redirect?stateToken={token}"),
        );
        self.say(
            json!({ "success": { "name": "success-redirect", "href": href, "method": "GET" } }),
        )
        .note("login succeeded")
    }

    pub(super) fn step(&self, name: &str, path: &str, mut fields: Vec<Value>) -> Value {
        fields.push(json!({ "name": "stateHandle", "required": true, "value": self.handle, "visible": false, "mutable": false }));
        json!({ "rel": ["create-form"], "name": name, "href": link(self.heard, path), "method": "POST", "value": fields })
    }

    fn say(self, mut body: Value) -> Answer {
        body["version"] = json!("1.0.0");
        body["stateHandle"] = json!(self.handle);
        body["intent"] = json!("LOGIN");
        Answer::new(200, ION, body.to_string())
    }
}

pub(super) fn steps_of(steps: &[Value]) -> Value {
    json!({ "type": "array", "value": steps })
}

pub(super) fn typed(fields: &[Value]) -> Value {
    json!({ "name": "credentials", "type": "object", "form": { "value": fields }, "required": true })
}

/// Key, name and ways of an authenticator.
pub(super) fn authenticator(name: &str) -> (&'static str, &'static str, &'static [&'static str]) {
    match name {
        "push" => ("okta_verify", "Okta Verify", &["push"]),
        "totp" => ("okta_verify", "Okta Verify", &["totp"]),
        "google" => ("google_otp", "Google Authenticator", &["otp"]),
        "sms" | "call" => ("phone_number", "Phone", &["sms", "voice"]),
        "email" => ("okta_email", "Email", &["email"]),
        "question" => (
            "security_question",
            "Security Question",
            &["security_question"],
        ),
        "token" => ("yubikey_token", "YubiKey", &["otp"]),
        "duo" => ("duo", "Duo Security", &["duo"]),
        "fastpass" => ("okta_verify", "Okta Verify", &["signed_nonce"]),
        _ => ("webauthn", "Security Key", &["webauthn"]),
    }
}

fn profile(name: &str) -> Value {
    match name {
        "sms" | "call" => json!({ "phoneNumber": "+1 XXX-XXX-1234" }),
        "email" => json!({ "email": "u***e@domain" }),
        "push" => json!({ "deviceName": "Telephone" }),
        _ => json!({}),
    }
}
