//! The Identity Engine's API: each answer names the steps that may come next.

mod forms;

use serde_json::{Map, Value, json};

use self::forms::{authenticator, steps_of, typed};
use super::org::{Login, Proof, Stage, id};
use super::setup::{Account, Push};
use super::{error, is_known_device, member, members, rate_limited, too_often};
use crate::bed::Bed;
use crate::server::{Answer, Heard};

const ION: &str = "application/ion+json; okta-version=1.0.0";
const PASSWORD: &str = "aut-password";

pub(super) async fn answer(bed: &Bed, heard: &Heard) -> Answer {
    if let Some(limited) = rate_limited(bed) {
        return limited;
    }
    let known: &[&str] = match heard.path.as_str() {
        "/idp/idx/introspect" => &["stateToken"],
        "/idp/idx/identify" => &["identifier", "credentials", "rememberMe", "stateHandle"],
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
    fn cancel(mut self, body: &Map<String, Value>) -> Answer {
        let status = body.get("statusCode");
        let is_told = match member(body, "reason") {
            "OV_UNREACHABLE_BY_LOOPBACK" | "USER_CANCELED" => status.is_none(),
            "OV_RETURNED_ERROR" => status.is_none_or(Value::is_u64),
            _ => false,
        };
        if !is_told || self.login.challenge.take().is_none() {
            return error(400, "E0000001", "Api validation failed: reason");
        }
        self.login.gave_up_local = true;
        if let Stage::Factor(..) = self.login.stage {
            self.login.stage = Stage::Factors;
        }
        let note = format!("given up: {}", member(body, "reason"));
        self.keep();
        self.offer().note(note)
    }

    /// A challenge for Okta Verify, the same one until it is given up.
    fn challenged(&mut self) -> String {
        let make = || self.bed.okta.challenge(&self.bed.secrets);
        let challenge = self.login.challenge.get_or_insert_with(make).clone();
        self.keep();
        challenge
    }

    /// What Okta Verify has answered; the stage that it was asked in tells what comes of it.
    fn proven(self) -> Answer {
        let challenge = self.login.challenge.clone().unwrap_or_default();
        match self.bed.okta.proof(&challenge) {
            Some(Proof::Given) => self.verified(),
            Some(Proof::Denied) => {
                let text = "You have chosen to reject this login.";
                failed(
                    400,
                    &self.handle,
                    "oie.fastpass.rejected",
                    text,
                    Value::Null,
                )
            }
            Some(Proof::Open) => self.offer(),
            None => error(403, "E0000079", "This operation is not allowed now."),
        }
    }

    async fn identify(mut self, body: &Map<String, Value>) -> Answer {
        let name = member(body, "identifier");
        if self.login.stage != Stage::Start || name.is_empty() {
            return error(400, "E0000001", "Api validation failed: identifier");
        }
        match body.get("rememberMe") {
            None => {}
            Some(Value::Bool(wanted)) => self.login.wants_remembering = *wanted,
            Some(_) => return error(400, "E0000001", "Api validation failed: rememberMe"),
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
            let fields = vec![typed(&[
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
            "push" | "fastpass" => {
                return error(400, "E0000001", "Api validation failed: credentials");
            }
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
        let fields = vec![typed(&[json!({ "name": field, "messages": message })])];
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
        if self.login.challenge.is_some() {
            return self.proven();
        }
        let Stage::Factor(at, asked) = self.login.stage else {
            return error(403, "E0000079", "This operation is not allowed now.");
        };
        if let (Some(seconds), 0) = (self.bed.scenario.okta.push_rate_limit, asked) {
            self.login.stage = Stage::Factor(at, 1);
            self.keep();
            return too_often(self.bed, seconds);
        }
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
        let (bed, login) = (self.bed, self.login.clone());
        super::remembered(bed, &login, self.success()).note("factor accepted")
    }

    fn keep(&self) {
        self.bed.okta.put(&self.handle, self.login.clone());
    }
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
