//! Duo's service: the iframe of old and the Universal Prompt.
//!
//! Pages and answers have the fields of captured ones. As strict as the AD FS: a choice must be one
//! that the page offers, and each transaction is asked about under its own name.

mod pages;
mod script;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};
use serde_json::json;

use crate::bed::Bed;
use crate::ledger::Service;
use crate::scenario::{AtPhone, Factor};
use crate::server::{Answer, Heard};
use crate::text;

const SECRET_FIELDS: &[&str] = &["passcode", "adfs_context"];
const PHONES: [&str; 2] = ["phone1", "phone2"];

/// What was begun, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Transactions {
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// The AD FS's signed requests: what is for Duo, and what goes back.
    signed: HashMap<String, String>,
    /// Where the page of a Context leads back to.
    backs: HashMap<String, String>,
    /// By sid.
    prompts: HashMap<String, Prompt>,
    /// What Duo said yes with.
    answers: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Prompt {
    /// Of the iframe: what goes back. Of the page: nothing.
    app: String,
    /// Of the page: AD FS's own.
    context: String,
    back: String,
    xsrf: String,
    tx: String,
    txid: String,
    factor: String,
    polls: usize,
    allowed: bool,
    /// Of the newest page: its first call was made.
    began: bool,
}

impl Transactions {
    /// A signed request of the AD FS's for the iframe.
    pub(crate) fn sign(&self) -> String {
        let part = || text::base64(&text::random::<30>());
        let (tx, app) = (format!("TX|{}|1", part()), format!("APP|{}|1", part()));
        self.memory().signed.insert(tx.clone(), app.clone());
        format!("{tx}:{app}")
    }

    /// Where the page with this Context is.
    pub(crate) fn remember(&self, context: &str, back: &str) {
        self.memory()
            .backs
            .insert(context.to_owned(), back.to_owned());
    }

    /// Whether this is Duo's yes, with what the AD FS had signed.
    pub(crate) fn is_signed(&self, response: &str) -> bool {
        self.take(response)
    }

    /// Whether this is Duo's yes of the page.
    pub(crate) fn is_code(&self, code: &str, state: &str) -> bool {
        self.take(&format!("{code} {state}"))
    }

    /// Good once.
    fn take(&self, answer: &str) -> bool {
        let mut memory = self.memory();
        let place = memory.answers.iter().position(|known| known == answer);
        place.map(|at| memory.answers.swap_remove(at)).is_some()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no thread panicked with Duo")
    }
}

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Duo, SECRET_FIELDS);
    let answer = match answer(&bed, &heard) {
        Ok(answer) => answer,
        Err(why) => said(json!({"stat": "FAIL", "message": why})).note(format!("refused: {why}")),
    };
    answer.send(ticket, bed.clock.now())
}

fn answer(bed: &Bed, heard: &Heard) -> Result<Answer, &'static str> {
    let query = text::pairs(&heard.query);
    let mut memory = bed.duo.memory();
    let field = |name: &str| {
        text::value(&heard.form, name)
            .unwrap_or_default()
            .to_owned()
    };
    match (heard.method.as_str(), heard.path.as_str()) {
        ("POST", "/frame/web/v1/auth") => {
            let tx = text::value(&query, "tx").unwrap_or_default();
            let app = memory.signed.remove(tx).ok_or("Unknown sig_request")?;
            if text::value(&query, "v") != Some("2.3") || text::value(&query, "parent").is_none() {
                return Err("Missing parameters");
            }
            let sid = memory.begin(Prompt {
                app,
                ..Prompt::default()
            });
            Ok(moved(&format!("/frame/prompt?sid={sid}")))
        }
        ("GET", "/frame/prompt") => {
            let sid = text::value(&query, "sid").unwrap_or_default();
            memory.prompts.get(sid).ok_or("Unknown session")?;
            Ok(html(pages::prompt(sid)).note("prompt"))
        }
        ("POST", "/frame/v4/adfs") => {
            if field("adfs_auth_method") != "DuoAdfsAdapter" || heard.form.len() != 2 {
                return Err("Unknown adapter");
            }
            let context = field("adfs_context");
            let back = memory
                .backs
                .get(&context)
                .cloned()
                .ok_or("Unknown context")?;
            let (tx, xsrf) = (
                text::hex(&text::random::<9>()),
                text::hex(&text::random::<9>()),
            );
            let query = format!("tx={tx}");
            let script = bed.scenario.factors.contains(&Factor::DuoScript);
            let sid = memory.begin(Prompt {
                context,
                back,
                xsrf,
                tx,
                ..Prompt::default()
            });
            Ok(match script {
                true => moved(&format!("/frame/frameless/v4/script?authkey={sid}")),
                false => moved(&format!("/frame/frameless/v4/auth?sid={sid}&{query}")),
            })
        }
        ("GET", "/frame/frameless/v4/auth") => {
            let sid = text::value(&query, "sid").unwrap_or_default();
            let prompt = memory.prompts.get(sid).ok_or("Unknown session")?;
            Ok(html(pages::browser(&prompt.tx, &prompt.xsrf)).note("asked about the browser"))
        }
        ("POST", "/frame/frameless/v4/auth") => {
            let sid = text::value(&query, "sid").unwrap_or_default();
            let prompt = memory.prompts.get(sid).ok_or("Unknown session")?;
            let names: Vec<&str> = heard.form.iter().map(|(name, _)| name.as_str()).collect();
            if field("tx") != prompt.tx || field("_xsrf") != prompt.xsrf || names != pages::BROWSER
            {
                return Err("Invalid form");
            }
            Ok(moved(&format!(
                "/frame/v4/auth/prompt?sid={sid}&tx={}",
                prompt.tx
            )))
        }
        ("GET", "/frame/v4/auth/prompt") => {
            let sid = text::value(&query, "sid").unwrap_or_default();
            let prompt = memory.prompts.get(sid).ok_or("Unknown session")?;
            Ok(html(pages::prompt_v4(&prompt.xsrf)).note("prompt"))
        }
        ("POST", "/frame/v4/auth/prompt") => Err("Nothing to do"),
        ("POST", "/frame/prompt" | "/frame/v4/prompt") => {
            let (factor, device) = (field("factor"), field("device"));
            let right = field("passcode") == bed.codes.now;
            let prompt = memory
                .prompts
                .get_mut(&field("sid"))
                .ok_or("Unknown session")?;
            match factor.as_str() {
                "Duo Push" | "Phone Call" if PHONES.contains(&device.as_str()) => {}
                "Passcode" if device == "None" => {}
                _ => return Err("Unknown factor or device"),
            }
            if factor == "Passcode" && !right {
                return Ok(said(
                    json!({"stat": "FAIL", "message": "Incorrect passcode. Please try again."}),
                )
                .note("second factor refused"));
            }
            prompt.allowed = factor == "Passcode";
            prompt.factor = factor;
            prompt.txid = text::uuid();
            Ok(said(json!({"stat": "OK", "response": {"txid": prompt.txid}})).note("begun"))
        }
        ("POST", "/frame/status" | "/frame/v4/status") => {
            let does = bed.scenario.at_phone;
            let prompt = memory
                .prompts
                .get_mut(&field("sid"))
                .ok_or("Unknown session")?;
            if field("txid") != prompt.txid || prompt.txid.is_empty() {
                return Err("Unknown transaction");
            }
            prompt.polls += 1;
            Ok(status(bed, prompt, does))
        }
        ("POST", path) if path.starts_with("/frame/status/") => {
            let sid = field("sid");
            let prompt = memory.prompts.get(&sid).cloned().ok_or("Unknown session")?;
            if !prompt.allowed || path != format!("/frame/status/{}", prompt.txid) {
                return Err("Not allowed");
            }
            let cookie = format!("AUTH|{}|1", text::base64(&text::random::<30>()));
            memory.answers.push(format!("{cookie}:{}", prompt.app));
            bed.secrets.add(&cookie);
            Ok(
                said(json!({"stat": "OK", "response": {"cookie": cookie, "parent": ""}}))
                    .note("allowed"),
            )
        }
        ("POST", "/frame/v4/oidc/exit") => {
            let prompt = memory
                .prompts
                .get(&field("sid"))
                .cloned()
                .ok_or("Unknown session")?;
            let is_it = field("txid") == prompt.txid
                && field("_xsrf") == prompt.xsrf
                && field("factor") == prompt.factor
                && field("dampen_choice") == "false";
            if !prompt.allowed || !is_it {
                return Err("Not allowed");
            }
            let (code, state) = (
                text::hex(&text::random::<16>()),
                text::hex(&text::random::<16>()),
            );
            bed.secrets.add(&code);
            memory.answers.push(format!("{code} {state}"));
            let page = pages::back(&prompt.back, &code, &state, &prompt.context);
            Ok(html(page).note("allowed"))
        }
        _ => script::answer(bed, heard, &mut memory),
    }
}

fn status(bed: &Bed, prompt: &mut Prompt, does: AtPhone) -> Answer {
    let allow = json!({"stat": "OK", "response": {
        "status_code": "allow", "result": "SUCCESS", "status": "Success. Logging you in...",
        "result_url": format!("/frame/status/{}", prompt.txid),
    }});
    if prompt.allowed {
        return said(allow).note("allowed");
    }
    if prompt.polls < 2 {
        let number = json!({"step_up_code": bed.codes.number});
        return said(json!({"stat": "OK", "response": {
            "status_code": "pushed", "status": "Pushed a login request to your device...",
            "risk_based_factor_selection_data": number,
        }}))
        .note("waiting for the telephone");
    }
    let (code, words) = match does {
        AtPhone::Approves => {
            prompt.allowed = true;
            return said(allow).note("allowed");
        }
        AtPhone::Denies => ("deny", "Login request denied."),
        AtPhone::Ignores => ("timeout", "Login timed out."),
    };
    said(json!({"stat": "OK", "response": {
        "status_code": code, "result": "FAILURE", "status": words,
    }}))
    .note("second factor refused")
}

impl Memory {
    fn begin(&mut self, prompt: Prompt) -> String {
        let sid = text::uuid();
        self.prompts.insert(sid.clone(), prompt);
        sid
    }
}

fn moved(to: &str) -> Answer {
    html(String::new()).header(header::LOCATION, to).status(302)
}

fn html(body: String) -> Answer {
    Answer::new(200, "text/html; charset=utf-8", body)
}

fn said(value: serde_json::Value) -> Answer {
    Answer::new(200, "application/json", value.to_string())
}
