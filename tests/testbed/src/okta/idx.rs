//! The Identity Engine's API: each answer names the steps that may come next.

use serde_json::{Map, Value, json};

use super::org::{Login, Stage, id};
use super::setup::{Account, Push};
use super::{error, is_known_device, link, member, members, rate_limited};
use crate::bed::Bed;
use crate::server::{Answer, Heard};
use crate::text;

const ION: &str = "application/ion+json; okta-version=1.0.0";
const PASSWORD: &str = "aut-password";

pub(super) async fn answer(bed: &Bed, heard: &Heard) -> Answer {
    if let Some(limited) = rate_limited(bed) {
        return limited;
    }
    let known: &[&str] = match heard.path.as_str() {
        "/idp/idx/introspect" => &["stateToken"],
        "/idp/idx/identify" => &["identifier", "credentials", "stateHandle"],
        "/idp/idx/challenge" => &["authenticator", "stateHandle"],
        "/idp/idx/challenge/answer" => &["credentials", "stateHandle"],
        "/idp/idx/authenticators/poll" | "/idp/idx/skip" => &["stateHandle"],
        "/idp/idx/authenticators/poll/cancel" => &["reason", "statusCode", "stateHandle"],
        _ => return error(404, "E0000007", "Not found: Resource not found"),
    };
    let body = match members(heard, ION, known) {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let name = match heard.path.as_str() {
        "/idp/idx/introspect" => "stateToken",
        _ => "stateHandle",
    };
    let handle = member(&body, name).to_owned();
    let Some(login) = bed.okta.login(&handle) else {
        let text = "The session has expired.";
        return failed(401, &handle, "idx.session.expired", text, Value::Null);
    };
    let call = Call {
        bed,
        heard,
        handle,
        login,
    };
    match heard.path.as_str() {
        "/idp/idx/introspect" => call.offer(),
        "/idp/idx/identify" => call.identify(&body).await,
        "/idp/idx/challenge" => call.challenge(&body),
        "/idp/idx/challenge/answer" => call.given(&body).await,
        "/idp/idx/authenticators/poll" => call.poll(),
        "/idp/idx/skip" => call.skip(),
        _ => call.cancel(&body),
    }
}

struct Call<'a> {
    bed: &'a Bed,
    heard: &'a Heard,
    handle: String,
    login: Login,
}

impl Call<'_> {
    /// The steps that this stage offers.
    fn offer(self) -> Answer {
        let setup = &self.bed.scenario.okta;
        if setup.fastpass && self.login.stage == Stage::Start && !self.login.gave_up_local {
            return self.local();
        }
        match self.login.stage {
            Stage::Start => {
                let mut fields =
                    vec![json!({ "name": "identifier", "label": "Username", "required": true })];
                if setup.one_page {
                    fields.push(credentials(&[
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
                let fields = vec![credentials(&[
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
                let fields = vec![credentials(&[
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
    fn factor(self, at: usize) -> Answer {
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
            "question" => {
                own["profile"] = json!({ "questionKey": "disliked_food", "question": "What did you eat first?" });
                let fields = [
                    json!({ "name": "questionKey", "value": "disliked_food", "mutable": false }),
                    json!({ "name": "answer", "label": "Answer", "secret": true }),
                ];
                self.step(
                    "challenge-authenticator",
                    "/idp/idx/challenge/answer",
                    vec![credentials(&fields)],
                )
            }
            "totp" => self.step(
                "challenge-authenticator",
                "/idp/idx/challenge/answer",
                vec![credentials(&[
                    json!({ "name": "totp", "label": "Enter code" }),
                ])],
            ),
            _ => self.step(
                "challenge-authenticator",
                "/idp/idx/challenge/answer",
                vec![credentials(&[
                    json!({ "name": "passcode", "label": "Enter code" }),
                ])],
            ),
        };
        let again = self.step(
            "select-authenticator-authenticate",
            "/idp/idx/challenge",
            vec![],
        );
        self.say(json!({
            "remediation": steps_of(&[step, again]),
            "currentAuthenticatorEnrollment": { "type": "object", "value": own },
        }))
        .note(format!("{name} wanted"))
    }

    /// Okta Verify on the person's own machine is waited for.
    fn local(self) -> Answer {
        let mut step = self.step(
            "device-challenge-poll",
            "/idp/idx/authenticators/poll",
            vec![],
        );
        step["refresh"] = json!(2000);
        let challenge = json!({ "type": "object", "value": {
            "challengeMethod": "LOOPBACK", "challengeRequest": "eyJraWQ.challenge.jwt",
            "domain": "http://localhost", "probeTimeoutMillis": 100, "ports": ["8769", "65111"],
            "cancel": { "name": "cancel-polling", "href": link(self.heard, "/idp/idx/authenticators/poll/cancel"), "method": "POST" },
        } });
        self.say(json!({ "remediation": steps_of(&[step]), "authenticatorChallenge": challenge }))
            .note("Okta Verify on this machine wanted")
    }

    fn cancel(mut self, body: &Map<String, Value>) -> Answer {
        if !member(body, "reason").starts_with("OV_") && member(body, "reason") != "USER_CANCELED" {
            return error(400, "E0000001", "Api validation failed: reason");
        }
        self.login.gave_up_local = true;
        self.keep();
        self.offer()
    }

    async fn identify(mut self, body: &Map<String, Value>) -> Answer {
        let name = member(body, "identifier");
        if self.login.stage != Stage::Start || name.is_empty() {
            return error(400, "E0000001", "Api validation failed: identifier");
        }
        // Whether the name is known is nobody's business.
        let is_known = self.bed.user.is_called(name);
        let one_page = self.bed.scenario.okta.one_page;
        match (body.get("credentials"), one_page) {
            (None, false) => {
                self.login.stage = Stage::Named;
                self.keep();
                self.offer()
            }
            (Some(credentials), true) => self.password(credentials, is_known).await,
            _ => error(400, "E0000001", "Api validation failed: credentials"),
        }
    }

    async fn password(mut self, credentials: &Value, is_known: bool) -> Answer {
        let Some(password) = only(credentials, "passcode", 1) else {
            return error(400, "E0000001", "Api validation failed: credentials");
        };
        self.bed.book.password_posted();
        self.bed.gates.pass().await;
        let setup = &self.bed.scenario.okta;
        if setup.account == Account::LockedOut || self.bed.okta.is_locked() {
            let text = "Your account is locked. Contact your administrator.";
            return failed(403, &self.handle, "errors.E0000119", text, Value::Null);
        }
        if !is_known || password != self.bed.user.password {
            self.bed.okta.wrong_password();
            let fields = vec![super::idx::credentials(&[
                json!({ "name": "passcode", "label": "Password", "secret": true }),
            ])];
            let steps = steps_of(&[self.step(
                "challenge-authenticator",
                "/idp/idx/challenge/answer",
                fields,
            )]);
            return failed(
                401,
                &self.handle,
                "errors.E0000004",
                "Authentication failed",
                steps,
            );
        }
        self.bed.book.password_accepted();
        self.login.stage = match setup.account {
            Account::Good | Account::LockedOut => self.after_password(),
            _ => Stage::Warned,
        };
        self.keep();
        self.offer()
    }

    fn after_password(&self) -> Stage {
        let setup = &self.bed.scenario.okta;
        let needs_none = setup.factors.is_empty() || setup.step_up;
        match needs_none || is_known_device(self.bed, self.heard) {
            true => Stage::Done,
            false => Stage::Factors,
        }
    }

    fn skip(mut self) -> Answer {
        if self.login.stage != Stage::Warned
            || self.bed.scenario.okta.account != Account::PasswordWarn
        {
            return error(403, "E0000079", "This operation is not allowed now.");
        }
        self.login.stage = self.after_password();
        self.keep();
        self.offer()
    }

    fn challenge(mut self, body: &Map<String, Value>) -> Answer {
        let setup = &self.bed.scenario.okta;
        let wanted = |name: &str| {
            body["authenticator"][name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let at = (0..setup.factors.len()).find(|at| id(setup, *at) == wanted("id"));
        let is_now = matches!(self.login.stage, Stage::Factors | Stage::Factor(..));
        let (true, Some(at)) = (is_now && body.contains_key("authenticator"), at) else {
            return error(400, "E0000001", "Api validation failed: authenticator");
        };
        let name = setup.factors.get(at).copied().unwrap_or_default();
        let (key, _, methods) = authenticator(name);
        let enrolled = key != "phone_number" || wanted("enrollmentId") == "pae1";
        if !methods.contains(&wanted("methodType").as_str()) || !enrolled {
            return error(400, "E0000001", "Api validation failed: methodType");
        }
        self.login.stage = Stage::Factor(at, 0);
        self.keep();
        self.offer()
    }

    async fn given(self, body: &Map<String, Value>) -> Answer {
        let null = Value::Null;
        let credentials = body.get("credentials").unwrap_or(&null);
        let Stage::Factor(at, _) = self.login.stage else {
            return match self.login.stage {
                Stage::Named => self.password(credentials, true).await,
                _ => error(403, "E0000079", "This operation is not allowed now."),
            };
        };
        let setup = &self.bed.scenario.okta;
        let (field, members, right) = match setup.factors.get(at).copied().unwrap_or_default() {
            "totp" => ("totp", 1, &self.bed.okta.code),
            "question" => ("answer", 2, &self.bed.okta.answer),
            "push" => return error(400, "E0000001", "Api validation failed: credentials"),
            _ => ("passcode", 1, &self.bed.okta.code),
        };
        let Some(given) = only(credentials, field, members) else {
            return error(400, "E0000001", "Api validation failed: credentials");
        };
        if given != *right {
            return self.wrong_code(field);
        }
        self.verified()
    }

    /// Told at the field, and nowhere else.
    fn wrong_code(self, field: &str) -> Answer {
        let message = json!({ "type": "array", "value": [{ "class": "ERROR",
            "message": "Invalid code. Try again.", "i18n": { "key": "api.authn.error.PASSCODE_INVALID" } }] });
        let fields = vec![credentials(&[
            json!({ "name": field, "messages": message }),
        ])];
        let steps = [self.step(
            "challenge-authenticator",
            "/idp/idx/challenge/answer",
            fields,
        )];
        let mut body = json!({ "remediation": steps_of(&steps) });
        body["stateHandle"] = json!(self.handle);
        super::reply(400, &body).note("refused: wrong code")
    }

    fn poll(mut self) -> Answer {
        let Stage::Factor(at, asked) = self.login.stage else {
            return error(403, "E0000079", "This operation is not allowed now.");
        };
        match (self.bed.scenario.okta.push, asked) {
            (_, 0) | (Push::Unanswered, 1) => {
                self.login.stage = Stage::Factor(at, asked + 1);
                self.keep();
                self.factor(at)
            }
            (Push::Approved, _) => self.verified(),
            (Push::Refused, _) => {
                let text = "You have chosen to reject this login.";
                failed(400, &self.handle, "oie.push.rejected", text, Value::Null)
            }
            (Push::Unanswered, _) => {
                let text = "The push notification has expired.";
                failed(400, &self.handle, "oie.push.timeout", text, Value::Null)
            }
        }
    }

    fn verified(mut self) -> Answer {
        self.login.stage = Stage::Done;
        self.keep();
        self.success().note("factor accepted")
    }

    fn success(self) -> Answer {
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

    fn keep(&self) {
        self.bed.okta.put(&self.handle, self.login.clone());
    }

    fn step(&self, name: &str, path: &str, mut fields: Vec<Value>) -> Value {
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

fn steps_of(steps: &[Value]) -> Value {
    json!({ "type": "array", "value": steps })
}

fn credentials(fields: &[Value]) -> Value {
    json!({ "name": "credentials", "type": "object", "form": { "value": fields }, "required": true })
}

/// The text of a member in an object of so many.
fn only<'v>(value: &'v Value, name: &str, members: usize) -> Option<&'v str> {
    let object = value.as_object().filter(|object| object.len() == members)?;
    object.get(name)?.as_str()
}

fn failed(status: u16, handle: &str, key: &str, text: &str, steps: Value) -> Answer {
    let mut body = json!({
        "version": "1.0.0",
        "stateHandle": handle,
        "messages": { "type": "array", "value": [{ "message": text, "i18n": { "key": key }, "class": "ERROR" }] },
    });
    if !steps.is_null() {
        body["remediation"] = steps;
    }
    super::reply(status, &body).note(format!("refused: {key}"))
}

/// Key, name and ways of an authenticator.
fn authenticator(name: &str) -> (&'static str, &'static str, &'static [&'static str]) {
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
