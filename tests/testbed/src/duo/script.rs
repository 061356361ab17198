//! The newest prompt: a page without a form, and addresses that answer in JSON.

use serde_json::{Value, json};

use super::{Memory, Prompt, html, pages, said};
use crate::bed::Bed;
use crate::scenario::AtPhone;
use crate::server::{Answer, Heard};
use crate::text;

const AKEY: &str = "DA1EXAMPLE";
const PKEYS: [(&str, &str); 2] = [("DP1", "Work phone"), ("DP2", "Old phone")];

pub(super) fn answer(
    bed: &Bed,
    heard: &Heard,
    memory: &mut Memory,
) -> Result<Answer, &'static str> {
    let query = text::pairs(&heard.query);
    let asked = |name: &str| text::value(&query, name).unwrap_or_default().to_owned();
    let body: Value = serde_json::from_slice(&heard.body).unwrap_or(Value::Null);
    let field = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let is_post = heard.method == "POST";
    let key = if is_post {
        field("authkey")
    } else {
        asked("authkey")
    };
    let prompt = memory.prompts.get_mut(&key).ok_or("Unknown session")?;
    if heard.path == "/frame/frameless/v4/script" {
        return Ok(html(pages::script(AKEY, &key)).note("prompt"));
    }
    if heard.path == "/frame/frameless/v4/leave" {
        return leave(bed, memory, &key);
    }
    let path = heard
        .path
        .strip_prefix(&format!("/prompt/{AKEY}"))
        .ok_or("Not found")?;
    if heard.header("x-requested-with") != "XMLHttpRequest"
        || heard.header("x-duo-req-trace-group") != pages::TRACE
    {
        return Err("Not a script's request");
    }
    if is_post && heard.header("content-type") != "application/json" {
        return Err("Not JSON");
    }
    let number = bed.codes.number.clone();
    let ok = |response: Value| said(json!({"stat": "OK", "response": response}));
    Ok(match (heard.method.as_str(), path) {
        ("GET", "/pre_authn/initialization") => {
            prompt.began = true;
            ok(json!({}))
        }
        ("GET", "/pre_authn/evaluation") => return Err("Nothing to do"),
        ("GET", "/auth/payload") if prompt.began => ok(payload()),
        ("POST", "/auth/factors/push/auth" | "/auth/factors/phone_call") => {
            if !PKEYS.iter().any(|(pkey, _)| *pkey == field("pkey")) {
                return Err("Unknown device");
            }
            prompt.factor = path.to_owned();
            prompt.txid = text::uuid();
            let name = if path.ends_with("auth") {
                "push_txid"
            } else {
                "txid"
            };
            ok(json!({name: prompt.txid, "step_up_code": number})).note("begun")
        }
        ("POST", "/auth/factors/mobile_otp") => {
            if field("mobile_otp") != bed.codes.now {
                return Ok(said(
                    json!({"stat": "FAIL", "message": "Incorrect passcode. Please try again."}),
                )
                .note("second factor refused"));
            }
            prompt.allowed = true;
            ok(json!({})).note("allowed")
        }
        ("GET", "/auth/factors/push/status") => {
            if asked("push_txid") != prompt.txid || !prompt.factor.ends_with("/auth") {
                return Err("Unknown transaction");
            }
            if asked("saw_good_news") != (prompt.polls > 0).to_string() {
                return Err("Invalid parameters");
            }
            ok(json!({"result": stands(prompt, bed.scenario.at_phone)}))
        }
        ("GET", "/auth/factors/phone_call/poll") => {
            if asked("txid") != prompt.txid || !prompt.factor.ends_with("/phone_call") {
                return Err("Unknown transaction");
            }
            ok(stands(prompt, bed.scenario.at_phone))
        }
        ("GET", "/auth/finalize_auth") if prompt.allowed => {
            ok(json!({"url": format!("/frame/frameless/v4/leave?authkey={key}")}))
        }
        _ => return Err("Not found"),
    })
}

fn payload() -> Value {
    let phones = |kind: &str| {
        PKEYS.map(|(pkey, name)| {
            json!({"factor_type": kind, "device_info": {"pkey": pkey, "name": name, "end_of_number": "1111"}})
        })
    };
    let mut factors: Vec<Value> = phones("push")
        .into_iter()
        .chain(phones("phone_call"))
        .collect();
    factors.push(json!({"factor_type": "mobile_otp"}));
    factors.push(json!({"factor_type": "webauthn"}));
    json!({"auth_factors_context": {"available_unified_auth_factors": {"factors": factors}}})
}

fn stands(prompt: &mut Prompt, does: AtPhone) -> Value {
    prompt.polls += 1;
    if prompt.polls < 2 {
        return json!({"status_code": "pushed"});
    }
    match does {
        AtPhone::Approves => {
            prompt.allowed = true;
            json!({"result": "SUCCESS", "status_code": "allow"})
        }
        AtPhone::Denies => {
            json!({"result": "FAILURE", "status_code": "deny", "status": "Login request denied."})
        }
        AtPhone::Ignores => {
            json!({"result": "FAILURE", "status_code": "timeout", "status": "Login timed out."})
        }
    }
}

fn leave(bed: &Bed, memory: &mut Memory, key: &str) -> Result<Answer, &'static str> {
    let prompt = memory.prompts.remove(key).filter(|prompt| prompt.allowed);
    let prompt = prompt.ok_or("Not allowed")?;
    let (code, state) = (
        text::hex(&text::random::<16>()),
        text::hex(&text::random::<16>()),
    );
    bed.secrets.add(&code);
    memory.answers.push(format!("{code} {state}"));
    Ok(html(pages::back(&prompt.back, &code, &state, &prompt.context)).note("allowed"))
}
