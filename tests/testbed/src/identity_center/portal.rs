//! The portal: accounts, roles and credentials, for whoever has an access token.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use serde_json::json;
use time::Duration;

use super::REGION;
use super::answers::{Fault, ok};
use super::between::fail;
use crate::bed::{Bed, User};
use crate::keys::{self, Key, Principal};
use crate::ledger::Service;
use crate::server::{Answer, Heard};
use crate::text;

const MOST_AT_ONCE: usize = 100;
/// Where nobody says how many.
const USUAL_PAGE: usize = 20;

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Portal, &[]);
    let fails = bed.center.lock().fails;
    if let Some(how) = fails
        && bed
            .flaws
            .strikes(&format!("{} {}?{}", heard.method, heard.path, heard.query))
    {
        return fail(&bed, ticket, how).await;
    }
    let answer = answer(&bed, &heard).unwrap_or_else(Fault::into_answer);
    answer.send(ticket, bed.clock.now())
}

fn answer(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let host = heard.host_name();
    let ours = format!("portal.sso.{REGION}.amazonaws.com");
    if host != ours && host != "127.0.0.1" && host != "localhost" {
        return Err(Fault::unauthorized());
    }
    if let Some(per_second) = bed.scenario.center.requests_per_second
        && !bed.center.lock().bucket.take(f64::from(per_second))
    {
        return Err(Fault::too_many());
    }
    if let Some(every) = bed.scenario.center.throttles_every {
        let mut memory = bed.center.lock();
        memory.asked_portal += 1;
        if memory.asked_portal.is_multiple_of(every) {
            return Err(Fault::too_many());
        }
    }
    let token = heard.header("x-amz-sso_bearer_token");
    if token.is_empty() {
        return Err(Fault::unauthorized());
    }
    let client = {
        let memory = bed.center.lock();
        let known = memory.tokens.get(token);
        known
            .filter(|token| token.expires > bed.clock.now())
            .map(|token| token.client.clone())
            .ok_or_else(Fault::unauthorized)?
    };
    match (heard.method.as_str(), heard.path.as_str()) {
        ("GET", "/federation/credentials") => credentials(bed, heard, &client),
        ("GET", "/assignment/accounts") => accounts(bed, heard),
        ("GET", "/assignment/roles") => roles(bed, heard),
        ("POST", "/logout") => {
            bed.center.lock().tokens.remove(token);
            Ok(Answer::new(200, "application/json", "").note("signed out"))
        }
        _ => Err(Fault::not_found("there is no such path")),
    }
}

/// The parameters of a query, each once and each known.
fn parameters(heard: &Heard, known: &[&str]) -> Result<Vec<(String, String)>, Fault> {
    let pairs = text::pairs(&heard.query);
    for (at, (name, _)) in pairs.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            return Err(Fault::request(format!("there is no parameter {name:?}")));
        }
        if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(Fault::request(format!("{name} stands there twice")));
        }
    }
    Ok(pairs)
}

fn account_of(pairs: &[(String, String)]) -> Result<String, Fault> {
    let account = text::value(pairs, "account_id").unwrap_or_default();
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::request("account_id is not twelve digits"));
    }
    Ok(account.to_owned())
}

fn credentials(bed: &Bed, heard: &Heard, client: &str) -> Result<Answer, Fault> {
    let pairs = parameters(heard, &["role_name", "account_id"])?;
    let account = account_of(&pairs)?;
    let role = text::value(&pairs, "role_name").unwrap_or_default();
    if role.is_empty() {
        return Err(Fault::request("role_name is missing"));
    }
    if !has(bed, &account, role) {
        return Err(Fault::forbidden());
    }
    let lifetime = bed.scenario.credential_lifetime.unwrap_or(3600);
    let expires = bed.clock.now() + Duration::seconds(lifetime);
    let iam = format!(
        "AWSReservedSSO_{role}_{}",
        &keys::id_of("", role)[..16].to_ascii_lowercase()
    );
    let key = Key::temporary(
        Principal {
            arn: format!("arn:aws:sts::{account}:assumed-role/{iam}/{}", User::NAME),
            user_id: format!(
                "{}:{}",
                keys::id_of("AROA", &format!("{account}/{role}")),
                User::NAME
            ),
            account: account.clone(),
        },
        expires,
    );
    bed.secrets.add(&key.secret);
    let token = key.token.clone().unwrap_or_default();
    bed.secrets.add(&token);
    let body = json!({ "roleCredentials": {
        "accessKeyId": key.id,
        "secretAccessKey": key.secret,
        "sessionToken": token,
        "expiration": expires.unix_timestamp() * 1000,
    }});
    bed.keys.add(key);
    Ok(ok(&body).note(format!("credentials of {role} in {account} for {client}")))
}

fn accounts(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let pairs = parameters(heard, &["max_result", "next_token"])?;
    let gone = bed.center.lock().gone.clone();
    let all = bed.scenario.center.accounts.iter();
    let all = all.filter(|account| !gone.contains(&account.id));
    let list: Vec<_> = all
        .map(|account| {
            json!({
                "accountId": account.id,
                "accountName": account.name,
                "emailAddress": format!("{}@example.com", account.name.replace(' ', ".")),
            })
        })
        .collect();
    page(bed, &pairs, "accountList", list)
}

fn roles(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let pairs = parameters(heard, &["max_result", "next_token", "account_id"])?;
    let account = account_of(&pairs)?;
    let sets = &bed.scenario.center.permission_sets;
    let list: Vec<_> = sets
        .iter()
        .filter(|set| has(bed, &account, set))
        .map(|set| json!({ "roleName": set, "accountId": account }))
        .collect();
    if list.is_empty() {
        return Err(Fault::forbidden());
    }
    page(bed, &pairs, "roleList", list)
}

fn has(bed: &Bed, account: &str, set: &str) -> bool {
    let center = &bed.scenario.center;
    let gone = &bed.center.lock().gone;
    let is_gone = |name: &str| gone.iter().any(|gone| gone == name);
    center.accounts.iter().any(|known| known.id == account)
        && center.permission_sets.iter().any(|known| known == set)
        && !is_gone(account)
        && !is_gone(set)
        && !is_gone(&format!("{account}/{set}"))
}

fn page(
    bed: &Bed,
    pairs: &[(String, String)],
    name: &str,
    list: Vec<serde_json::Value>,
) -> Result<Answer, Fault> {
    let most = match text::value(pairs, "max_result") {
        None => USUAL_PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|most| (1..=MOST_AT_ONCE).contains(most))
            .ok_or_else(|| Fault::request("max_result is not 1 to 100"))?,
    };
    // A token of ours is base64 of where the next page starts: it must be sent as it came.
    let start = match text::value(pairs, "next_token") {
        None => 0,
        Some(token) => text::from_base64(token)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.strip_prefix("start at+/")?.parse().ok())
            .ok_or_else(|| Fault::request("there is no such next_token"))?,
    };
    let end = (start + most).min(list.len());
    let mut body = json!({ name: list.get(start..end).unwrap_or_default() });
    let end_or_start = match bed.scenario.center.lists_end {
        true => end,
        false => start,
    };
    if end_or_start < list.len() {
        let end = end_or_start;
        body["nextToken"] = text::base64(format!("start at+/{end}").as_bytes()).into();
    }
    Ok(ok(&body).note(format!("{name} {start} to {end} of {}", list.len())))
}
