//! Okta Verify on the person's machine: plain HTTP on ports of 127.0.0.1, as a page of the org speaks to
//! it. It knows the org that it is enrolled with by the `Origin` of a request and answers nobody else, and
//! a challenge is answered to the org and not to the caller.
//!
//! After Okta's sign-in widget, which is the caller in a browser.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use serde_json::Value;

use super::org::Proof;
use super::setup::Verify;
use crate::bed::Bed;
use crate::ledger::Service;
use crate::server::{Answer, Heard};

/// Somebody else's, who is signed in on this machine as well: it is there, and means "not me".
pub(crate) fn of_another(bed: Arc<Bed>) -> Router {
    Router::new().fallback(not_me).with_state(bed)
}

/// The person's own.
pub(crate) fn own(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn not_me(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::OktaVerify, &[]);
    let answer = match (heard.method.as_str(), heard.path.as_str()) {
        ("GET", "/probe") => answer(200),
        _ => answer(503).note("not the one who is meant"),
    };
    answer.send(ticket, bed.clock.now())
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::OktaVerify, &[]);
    answered(&bed, &heard).send(ticket, bed.clock.now())
}

fn answered(bed: &Bed, heard: &Heard) -> Answer {
    if heard.header("origin") != bed.okta_origin {
        return answer(401).note("refused: origin");
    }
    if !heard.header("cookie").is_empty() || !heard.query.is_empty() {
        return answer(400).note("refused: more than a challenge");
    }
    match (heard.method.as_str(), heard.path.as_str()) {
        ("GET", "/probe") => answer(200).note("probed"),
        ("POST", "/challenge") if heard.header("content-type") == "application/json" => {
            challenge(bed, &heard.body)
        }
        _ => answer(404).note("refused: nothing there"),
    }
}

fn challenge(bed: &Bed, body: &[u8]) -> Answer {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let members = body.as_object().filter(|members| members.len() == 1);
    let request = members.and_then(|members| members.get("challengeRequest")?.as_str());
    let Some(request) = request else {
        return answer(400).note("refused: no challenge");
    };
    let proof = match bed.scenario.okta.verify {
        None | Some(Verify::Fails) => return answer(500).note("it fails"),
        Some(Verify::Confirms) => Proof::Given,
        Some(Verify::Denies) => Proof::Denied,
    };
    match bed.okta.prove(request, proof) {
        true => answer(200).note("challenge answered"),
        false => answer(400).note("refused: no challenge of the org's"),
    }
}

fn answer(status: u16) -> Answer {
    Answer::new(status, "text/plain", "")
}
