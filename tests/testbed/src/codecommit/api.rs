//! CodeCommit's service beside git's: ListRepositories, as the API reference has it (version
//! 2015-04-13, JSON protocol 1.1). Pages are short, so that whoever reads the first alone is seen.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use serde_json::{Value, json};

use crate::bed::Bed;
use crate::ledger::Service;
use crate::regions;
use crate::server::{Answer, Heard};
use crate::sigv4;

const TARGET: &str = "CodeCommit_20150413.";
const PAGE: usize = 30;

pub(super) async fn handle(bed: &Arc<Bed>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(bed, Service::CodeCommitApi, &[]);
    let operation = heard.header("x-amz-target").to_owned();
    let body = String::from_utf8_lossy(&heard.body);
    if bed
        .flaws
        .strikes(&format!("{operation} {} {body}", heard.host))
    {
        let answer = fault(503, "ServiceUnavailable", "a flaw").note("a flaw");
        return answer.send(ticket, bed.clock.now());
    }
    let answer = answer(bed, &heard).unwrap_or_else(|fault| fault);
    answer.send(ticket, bed.clock.now())
}

fn fault(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({ "__type": code, "message": message });
    Answer::new(status, "application/x-amz-json-1.1", body.to_string()).note(code)
}

fn answer(bed: &Bed, heard: &Heard) -> Result<Answer, Answer> {
    let signed = sigv4::Request {
        method: &heard.method,
        path: &heard.path,
        query: &heard.query,
        headers: &heard.headers,
        body: &heard.body,
    };
    let regions = regions::regions_of("codecommit", heard.host_name());
    sigv4::verify(&signed, "codecommit", &regions, &bed.keys, bed.clock.now())
        .map_err(|refusal| fault(400, refusal.code, &refusal.message))?;
    if (heard.method.as_str(), heard.path.as_str()) != ("POST", "/") {
        return Err(fault(404, "UnknownOperationException", "not POST /"));
    }
    if heard.header("content-type") != "application/x-amz-json-1.1" {
        return Err(fault(400, "SerializationException", "not JSON 1.1"));
    }
    let body: Value = serde_json::from_slice(&heard.body)
        .map_err(|_| fault(400, "SerializationException", "not JSON"))?;
    match heard.header("x-amz-target").strip_prefix(TARGET) {
        Some("ListRepositories") => list(bed, heard, &body),
        _ => Err(fault(400, "UnknownOperationException", "no such operation")),
    }
}

fn list(bed: &Bed, heard: &Heard, body: &Value) -> Result<Answer, Answer> {
    for (key, allowed) in [
        ("sortBy", ["repositoryName", "lastModifiedDate"]),
        ("order", ["ascending", "descending"]),
    ] {
        if body
            .get(key)
            .is_some_and(|value| !allowed.contains(&value.as_str().unwrap_or("")))
        {
            return Err(fault(400, "InvalidSortByException", key));
        }
    }
    // The region is the signature's: on loopback every region is at one address.
    let authorization = heard.header("authorization");
    let region = authorization.split('/').nth(2).unwrap_or_default();
    let folder = bed.repositories.join(region);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let start = match body.get("nextToken").and_then(Value::as_str) {
        None => 0,
        Some(token) => token
            .strip_prefix("after-")
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| fault(400, "InvalidContinuationTokenException", "nextToken"))?,
    };
    let page: Vec<Value> = names
        .iter()
        .skip(start)
        .take(PAGE)
        .map(|name| json!({ "repositoryName": name, "repositoryId": format!("id-of-{name}") }))
        .collect();
    let mut answer = json!({ "repositories": page });
    if names.len() > start + PAGE {
        answer["nextToken"] = json!(format!("after-{}", start + PAGE));
    }
    Ok(Answer::new(200, "application/x-amz-json-1.1", answer.to_string()).note("signature ok"))
}
