//! An Okta org with one person and one AWS application, of either engine.
//!
//! Follows Okta's public references: "Authentication API" for the Classic engine, "Identity Engine
//! (IDX)" and the answers of its sign-in widget, "Device Authorization Grant" and the exchange for a
//! web SSO token. A request that is not what the state asks for gets Okta's error and nothing else:
//! the content type, every member's name, the state token, the one-time tokens and the links count.

mod classic;
mod device;
mod duo;
mod hostile;
mod idx;
mod org;
mod pages;
mod setup;
pub(crate) mod verify;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Response, header};
use serde_json::{Map, Value, json};

pub(crate) use self::org::Org;
use self::org::Stage;
pub use self::setup::{Browser, Hostile, Push, Verify};
pub(crate) use self::setup::{Engine, Setup};
use crate::bed::Bed;
use crate::ledger::Service;
use crate::server::{Answer, Heard};
use crate::{saml, text};

/// The embed link of the application.
pub(crate) const APP: &str = "/home/amazon_aws/0oa1aws2app3id4/272";
/// The application's own id.
pub(crate) const APP_ID: &str = "0oa1aws2app3id4";
/// The native application of device logins.
pub(crate) const CLIENT_ID: &str = "0oa1native2client";

const SECRET_FIELDS: &[&str] = &[
    "device_code",
    "actor_token",
    "subject_token",
    "token",
    "stateToken",
    "sig_response",
];

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Okta, SECRET_FIELDS);
    let answer = answer(&bed, &heard).await;
    answer.send(ticket, bed.clock.now())
}

async fn answer(bed: &Bed, heard: &Heard) -> Answer {
    let is_api = heard.path.starts_with("/api/") || heard.path.starts_with("/idp/");
    if let (true, Some(hostile)) = (is_api, bed.scenario.okta.hostile) {
        return hostile::answer(bed, heard, hostile);
    }
    match (heard.method.as_str(), heard.path.as_str()) {
        ("GET", APP) => app(bed, heard),
        ("GET", "/.well-known/okta-organization") => organization(bed, heard),
        ("GET", "/login/sessionCookieRedirect") => session_redirect(bed, heard),
        ("GET", "/login/step-up/redirect" | "/login/token/redirect") => done(bed, heard),
        ("POST", path) if path.starts_with("/api/v1/authn") => classic::answer(bed, heard).await,
        ("POST", path) if path.starts_with("/idp/idx/") => idx::answer(bed, heard).await,
        ("POST", path) if path.starts_with("/oauth2/v1/") || path == "/login/token/sso" => {
            device::answer(bed, heard)
        }
        ("GET" | "POST", _) => error(404, "E0000007", "Not found: Resource not found"),
        _ => error(
            405,
            "E0000022",
            "The endpoint does not support the provided HTTP method",
        ),
    }
}

/// The application: its response where there is a session, else a page to sign in.
fn app(bed: &Bed, heard: &Heard) -> Answer {
    let setup = &bed.scenario.okta;
    let sid = cookie(heard, "sid").unwrap_or_default();
    match bed.okta.find(&sid) {
        Some(session) if setup.step_up && !session.stepped_up => {
            let stage = match setup.engine {
                Engine::Classic => Stage::Factors,
                Engine::Identity => Stage::Factors,
            };
            let token = bed.okta.begin(&bed.secrets, stage, Some(sid));
            page(200, pages::sign_in(&token)).note("the application asks for a factor")
        }
        Some(_) => assertion(bed),
        None => {
            let token = match setup.engine {
                Engine::Classic => String::new(),
                Engine::Identity => bed.okta.begin(&bed.secrets, Stage::Start, None),
            };
            page(200, pages::sign_in(&token)).note("asked to sign in")
        }
    }
}

fn assertion(bed: &Bed) -> Answer {
    let now = bed.clock.now();
    let response = saml::issue(&bed.scenario, &bed.issued, bed.user.name, now);
    bed.secrets.add(&response);
    page(200, pages::app_form(&response)).note("assertion issued")
}

fn organization(bed: &Bed, heard: &Heard) -> Answer {
    if !heard.header("accept").contains("json") {
        return error(406, "E0000022", "Only JSON is here");
    }
    let pipeline = match bed.scenario.okta.engine {
        Engine::Classic => "v1",
        Engine::Identity => "idx",
    };
    let body = json!({
        "id": "00o1org2id3",
        "cell": "ok1",
        "_links": { "organization": { "href": format!("https://{}", heard.host) } },
        "pipeline": pipeline,
        "settings": { "analyticsCollectionEnabled": false, "bugReportingEnabled": true },
    });
    reply(200, &body).note(format!("engine {pipeline}"))
}

/// A session for a token that is good once.
fn session_redirect(bed: &Bed, heard: &Heard) -> Answer {
    let query = text::pairs(&heard.query);
    let to = text::value(&query, "redirectUrl").unwrap_or_default();
    if to != link(heard, APP) {
        return page(400, pages::error("Bad redirect")).note("refused: redirectUrl");
    }
    if !bed
        .okta
        .spend(text::value(&query, "token").unwrap_or_default())
    {
        return page(403, pages::error("The token is not valid")).note("refused: session token");
    }
    signed_in(bed, to, false)
}

fn signed_in(bed: &Bed, to: &str, stepped_up: bool) -> Answer {
    let sid = bed.okta.session(&bed.secrets, stepped_up);
    page(302, String::new())
        .header(header::LOCATION, to)
        .header(
            header::SET_COOKIE,
            format!("sid={sid}; Path=/; Secure; HttpOnly; SameSite=None"),
        )
        .note("session begun")
}

/// After a factor that the application wanted, or after the Identity Engine's last step.
fn done(bed: &Bed, heard: &Heard) -> Answer {
    let query = text::pairs(&heard.query);
    let token = text::value(&query, "stateToken").unwrap_or_default();
    match bed.okta.login(token) {
        Some(login) if login.stage == Stage::Done => {
            bed.okta.end(token);
            let app = link(heard, APP);
            let answer = match &login.step_up {
                Some(sid) => {
                    bed.okta.step_up(sid);
                    page(302, String::new())
                        .header(header::LOCATION, app)
                        .note("stepped up")
                }
                None => signed_in(bed, &app, false),
            };
            remembered(bed, &login, answer)
        }
        _ => page(403, pages::error("The login is not done")).note("refused: state token"),
    }
}

/// The cookie of a device that need not be asked again.
fn remembered(bed: &Bed, login: &org::Login, answer: Answer) -> Answer {
    if !(bed.scenario.okta.remembers && login.wants_remembering) {
        return answer;
    }
    let device = bed.okta.device(&bed.secrets);
    answer.header(
        header::SET_COOKIE,
        format!("DT={device}; Max-Age=63072000; Path=/; Secure; HttpOnly"),
    )
}

fn is_known_device(bed: &Bed, heard: &Heard) -> bool {
    bed.scenario.okta.remembers && cookie(heard, "DT").is_some_and(|device| bed.okta.knows(&device))
}

/// The members of a JSON body that has only these, and of this type.
fn members(heard: &Heard, kind: &str, known: &[&str]) -> Result<Map<String, Value>, Answer> {
    if heard.header("content-type") != kind || !heard.header("accept").contains(kind) {
        return Err(
            error(415, "E0000021", "Bad media type").note("refused: content type or accept")
        );
    }
    let malformed = || error(400, "E0000003", "The request body was not well-formed.");
    let value: Value = serde_json::from_slice(&heard.body).map_err(|_| malformed())?;
    let Value::Object(members) = value else {
        return Err(malformed());
    };
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(malformed().note(format!("refused: unknown member {name}"))),
        None => Ok(members),
    }
}

fn member<'m>(members: &'m Map<String, Value>, name: &str) -> &'m str {
    members
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn rate_limited(bed: &Bed) -> Option<Answer> {
    Some(too_often(bed, bed.scenario.okta.rate_limit?))
}

/// What comes back where too much was asked: when to come back.
fn too_often(bed: &Bed, seconds: i64) -> Answer {
    let reset = bed.clock.now().unix_timestamp() + seconds;
    let answer = error(
        429,
        "E0000047",
        "API call exceeded rate limit due to too many requests.",
    );
    answer
        .header(HeaderName::from_static("x-rate-limit-limit"), "0")
        .header(HeaderName::from_static("x-rate-limit-remaining"), "0")
        .header(
            HeaderName::from_static("x-rate-limit-reset"),
            reset.to_string(),
        )
        .note("refused: rate limit")
}

fn link(heard: &Heard, path: &str) -> String {
    format!("https://{}{path}", heard.host)
}

fn cookie(heard: &Heard, wanted: &str) -> Option<String> {
    let headers = heard.headers.get_all(header::COOKIE);
    headers
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

fn page(status: u16, body: String) -> Answer {
    Answer::new(status, "text/html;charset=utf-8", body)
        .header(header::CACHE_CONTROL, "no-cache, no-store")
}

fn reply(status: u16, body: &Value) -> Answer {
    Answer::new(status, "application/json", body.to_string())
        .header(header::CACHE_CONTROL, "no-cache, no-store")
}

fn error(status: u16, code: &str, summary: &str) -> Answer {
    let body = json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": "oae1",
        "errorCauses": [],
    });
    reply(status, &body).note(format!("refused: {code}"))
}
