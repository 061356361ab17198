//! The authentication API of the Classic engine.

use serde_json::{Map, Value, json};

use super::org::{Login, Stage, classic, id};
use super::setup::{Account, Push};
use super::{duo, error, is_known_device, link, member, members, rate_limited, too_often};
use crate::bed::Bed;
use crate::server::{Answer, Heard};
use crate::text;

const JSON: &str = "application/json";
const FACTORS: &str = "/api/v1/authn/factors/";

pub(super) async fn answer(bed: &Bed, heard: &Heard) -> Answer {
    if let Some(limited) = rate_limited(bed) {
        return limited;
    }
    if let Some(taken) = duo::callback(bed, heard) {
        return taken;
    }
    let known = ["username", "password", "stateToken", "passCode", "answer"];
    let body = match members(heard, JSON, &known) {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let token = member(&body, "stateToken");
    match heard.path.as_str() {
        "/api/v1/authn" if token.is_empty() => primary(bed, heard, &body).await,
        "/api/v1/authn" if body.len() == 1 => match bed.okta.login(token) {
            Some(_) => factors(bed, heard, token),
            None => invalid_token(),
        },
        "/api/v1/authn/skip" => match bed.okta.login(token) {
            Some(login) if login.stage == Stage::Warned => after_password(bed, heard),
            _ => not_now(),
        },
        path => match path
            .strip_prefix(FACTORS)
            .and_then(|rest| rest.strip_suffix("/verify"))
        {
            Some(factor) => verify(bed, heard, &body, token, factor),
            None => error(404, "E0000007", "Not found: Resource not found"),
        },
    }
}

async fn primary(bed: &Bed, heard: &Heard, body: &Map<String, Value>) -> Answer {
    let (name, password) = (member(body, "username"), member(body, "password"));
    if body.len() != 2 || name.is_empty() || password.is_empty() {
        return error(400, "E0000001", "Api validation failed: authRequest");
    }
    bed.book.password_posted();
    bed.gates.pass().await;
    if bed.scenario.okta.account == Account::LockedOut || bed.okta.is_locked() {
        return state(json!({ "status": "LOCKED_OUT", "_links": {} })).note("refused: locked out");
    }
    if !bed.user.is_called(name) || password != bed.user.password {
        bed.okta.wrong_password();
        return error(401, "E0000004", "Authentication failed");
    }
    bed.book.password_accepted();
    let begin = |stage| bed.okta.begin(&bed.secrets, stage, None);
    match bed.scenario.okta.account {
        Account::PasswordExpired => state(json!({
            "stateToken": begin(Stage::Warned),
            "status": "PASSWORD_EXPIRED",
            "_links": { "next": { "name": "changePassword", "href": link(heard, "/api/v1/authn/credentials/change_password") } },
        })),
        Account::PasswordWarn => state(json!({
            "stateToken": begin(Stage::Warned),
            "status": "PASSWORD_WARN",
            "_embedded": { "policy": { "expiration": { "passwordExpireDays": 5 } } },
            "_links": {
                "next": { "name": "changePassword", "href": link(heard, "/api/v1/authn/credentials/change_password") },
                "skip": { "name": "skip", "href": link(heard, "/api/v1/authn/skip") },
            },
        })),
        Account::MustEnroll => {
            let factor = |name| {
                let (type_, provider, _) = classic(name);
                json!({ "factorType": type_, "provider": provider, "status": "NOT_SETUP" })
            };
            state(json!({
                "stateToken": begin(Stage::Warned),
                "status": "MFA_ENROLL",
                "_embedded": { "factors": [factor("push"), factor("sms")] },
                "_links": { "cancel": { "href": link(heard, "/api/v1/authn/cancel") } },
            }))
        }
        Account::Good | Account::LockedOut => after_password(bed, heard),
    }
}

fn after_password(bed: &Bed, heard: &Heard) -> Answer {
    let setup = &bed.scenario.okta;
    if setup.factors.is_empty() || setup.step_up || is_known_device(bed, heard) {
        return success(bed);
    }
    let token = bed.okta.begin(&bed.secrets, Stage::Factors, None);
    factors(bed, heard, &token)
}

/// Tells a session token, which is good once.
fn success(bed: &Bed) -> Answer {
    let token = bed.okta.session_token(&bed.secrets);
    state(json!({
        "expiresAt": "2026-09-14T21:13:02.000Z",
        "status": "SUCCESS",
        "sessionToken": token,
        "_embedded": { "user": { "id": "00u1", "profile": { "login": bed.user.name, "locale": "en" } } },
    }))
    .note("login succeeded")
}

fn factors(bed: &Bed, heard: &Heard, token: &str) -> Answer {
    let setup = &bed.scenario.okta;
    let factors = (0..setup.factors.len()).map(|at| factor(bed, heard, at, true));
    state(json!({
        "stateToken": token,
        "type": "SESSION_STEP_UP",
        "status": "MFA_REQUIRED",
        "_embedded": {
            "factors": factors.collect::<Vec<_>>(),
            "policy": { "allowRememberDevice": setup.remembers, "rememberDeviceByDefault": false },
        },
        "_links": { "cancel": { "href": link(heard, "/api/v1/authn/cancel"), "hints": { "allow": ["POST"] } } },
    }))
    .note("a factor is wanted")
}

fn factor(bed: &Bed, heard: &Heard, at: usize, linked: bool) -> Value {
    let setup = &bed.scenario.okta;
    let name = setup.factors.get(at).copied().unwrap_or_default();
    let (type_, provider, profile) = classic(name);
    let id = id(setup, at);
    let mut factor = json!({
        "id": id, "factorType": type_, "provider": provider, "vendorName": provider, "profile": profile,
    });
    if linked {
        let href = link(heard, &format!("{FACTORS}{id}/verify"));
        factor["_links"] = json!({ "verify": { "href": href, "hints": { "allow": ["POST"] } } });
    }
    if setup.number && name == "push" && !linked {
        factor["_embedded"] = json!({ "challenge": { "correctAnswer": 44 } });
    }
    factor
}

fn verify(
    bed: &Bed,
    heard: &Heard,
    body: &Map<String, Value>,
    token: &str,
    factor_id: &str,
) -> Answer {
    let setup = &bed.scenario.okta;
    let Some(mut login) = bed.okta.login(token) else {
        return invalid_token();
    };
    let Some(at) = (0..setup.factors.len()).find(|at| id(setup, *at) == factor_id) else {
        return error(404, "E0000007", "Not found: Resource not found");
    };
    match heard.query.as_str() {
        "" => {}
        "rememberDevice=true" if setup.remembers => login.wants_remembering = true,
        _ => return error(400, "E0000001", "Api validation failed: query"),
    }
    let name = setup.factors.get(at).copied().unwrap_or_default();
    let (code, answer) = (body.get("passCode"), body.get("answer"));
    let asked = match login.stage {
        Stage::Factors => 0,
        Stage::Factor(which, times) if which == at => times,
        _ => return not_now(),
    };
    match name {
        "push" if code.is_none() && answer.is_none() => push(bed, heard, token, login, at, asked),
        "sms" | "call" | "email" if code.is_none() && asked == 0 && answer.is_none() => {
            login.stage = Stage::Factor(at, 1);
            bed.okta.put(token, login);
            state(challenge(bed, heard, token, at, None)).note(format!("{name} sent"))
        }
        // A code that was never sent is nobody's.
        "sms" | "call" | "email" if asked == 0 => not_now(),
        "sms" | "call" | "email" | "totp" | "google" | "token" | "rsa" if answer.is_none() => {
            given(bed, heard, token, login, code, &bed.okta.code)
        }
        "duo" if code.is_none() && answer.is_none() => {
            duo::verify(bed, heard, token, login, at, asked)
        }
        "question" if code.is_none() => given(bed, heard, token, login, answer, &bed.okta.answer),
        _ => error(400, "E0000001", "Api validation failed: factor"),
    }
}

fn given(
    bed: &Bed,
    heard: &Heard,
    token: &str,
    login: Login,
    given: Option<&Value>,
    right: &str,
) -> Answer {
    match given.and_then(Value::as_str) {
        Some(given) if given == right => verified(bed, heard, token, login),
        _ => error(403, "E0000068", "Invalid Passcode/Answer"),
    }
}

fn push(
    bed: &Bed,
    heard: &Heard,
    token: &str,
    mut login: Login,
    at: usize,
    asked: usize,
) -> Answer {
    login.stage = Stage::Factor(at, asked + 1);
    if let (Some(seconds), 1) = (bed.scenario.okta.push_rate_limit, asked) {
        bed.okta.put(token, login);
        return too_often(bed, seconds);
    }
    let result = match (bed.scenario.okta.push, asked) {
        (_, 0 | 1) => "WAITING",
        (Push::Approved, _) => return verified(bed, heard, token, login),
        (Push::Refused, _) => "REJECTED",
        (Push::Unanswered, _) => "TIMEOUT",
    };
    bed.okta.put(token, login);
    state(challenge(bed, heard, token, at, Some(result))).note(format!("push {result}"))
}

pub(super) fn challenge(
    bed: &Bed,
    heard: &Heard,
    token: &str,
    at: usize,
    result: Option<&str>,
) -> Value {
    let next = link(
        heard,
        &format!("{FACTORS}{}/verify", id(&bed.scenario.okta, at)),
    );
    let mut body = json!({
        "stateToken": token,
        "status": "MFA_CHALLENGE",
        "_embedded": { "factor": factor(bed, heard, at, false) },
        "_links": {
            "next": { "name": if result.is_some() { "poll" } else { "verify" }, "href": next },
            "resend": [{ "name": "again", "href": format!("{next}/resend") }],
        },
    });
    if let Some(result) = result {
        body["factorResult"] = json!(result);
    }
    body
}

/// A session token, or the way back to the application that asked.
pub(super) fn verified(bed: &Bed, heard: &Heard, token: &str, mut login: Login) -> Answer {
    if login.step_up.is_none() {
        bed.okta.end(token);
        return super::remembered(bed, &login, success(bed)).note("factor accepted");
    }
    login.stage = Stage::Done;
    bed.okta.put(token, login);
    let token = text::percent_encode(token);
    let next = link(
        heard,
        &format!("/login/step-up/redirect?stateToken={token}"),
    );
    state(json!({
        "stateToken": token,
        "type": "SESSION_STEP_UP",
        "status": "SUCCESS",
        "_links": { "next": { "name": "original", "href": next, "hints": { "allow": ["GET"] } } },
    }))
    .note("factor accepted")
}

pub(super) fn state(body: Value) -> Answer {
    let status = body["status"].as_str().unwrap_or_default().to_owned();
    super::reply(200, &body).note(status)
}

pub(super) fn invalid_token() -> Answer {
    error(401, "E0000011", "Invalid token provided")
}

pub(super) fn not_now() -> Answer {
    error(
        403,
        "E0000079",
        "This operation is not allowed in the current authentication state.",
    )
}
