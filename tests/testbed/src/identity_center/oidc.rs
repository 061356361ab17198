//! The OIDC service: register, authorize, device_authorization and token.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};
use serde_json::{Map, Value, json};
use time::Duration;

use super::answers::{Fault, ok};
use super::between::{Failing, fail};
use super::{Authorization, Client, Decision, Device, REGION, SCOPE, START_URLS, grants, pages};
use crate::bed::Bed;
use crate::ledger::Service;
use crate::server::{Answer, Heard};
use crate::text;

const DEVICE_PAGE: &str = "/device";
const CONSENT: &str = "/authorize/consent";

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Oidc, &["ticket"]);
    if heard.path == "/token" {
        let is_down = {
            let mut memory = bed.center.lock();
            let was_down = memory.down > 0;
            memory.down = memory.down.saturating_sub(1);
            was_down
        };
        if is_down {
            return fail(&bed, ticket, Failing::Unavailable).await;
        }
    }
    let answer = match (heard.method.as_str(), heard.path.as_str()) {
        ("POST", "/client/register") => register(&bed, &heard),
        ("POST", "/device_authorization") => device_authorization(&bed, &heard),
        ("POST", "/token") => grants::token(&bed, &heard),
        ("GET", "/authorize") => authorize(&bed, &heard),
        ("POST", CONSENT) => {
            bed.gates.pass().await;
            Ok(consent(&bed, &heard))
        }
        ("GET", DEVICE_PAGE) => Ok(device_page(&bed, &heard)),
        ("POST", DEVICE_PAGE) => {
            bed.gates.pass().await;
            Ok(device_decision(&bed, &heard))
        }
        _ => Err(Fault::not_found("there is no such path")),
    };
    let answer = answer.unwrap_or_else(Fault::into_answer);
    answer.send(ticket, bed.clock.now())
}

/// The members of a JSON body.
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn of(heard: &Heard, known: &[&str]) -> Result<Members, Fault> {
        let kind = heard.header("content-type");
        if kind != "application/json" {
            return Err(Fault::request(format!("the body is {kind:?}, not JSON")));
        }
        if !heard.query.is_empty() {
            return Err(Fault::request("there are no parameters in the query"));
        }
        let Ok(Value::Object(members)) = serde_json::from_slice(&heard.body) else {
            return Err(Fault::request("the body is no JSON object"));
        };
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Fault::request(format!("there is no member {name:?}"))),
            None => Ok(Members(members)),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Fault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(Fault::request(format!("{name} is no text"))),
        }
    }

    pub(super) fn need(&self, name: &str) -> Result<&str, Fault> {
        self.text(name)?
            .ok_or_else(|| Fault::request(format!("{name} is missing")))
    }

    fn list(&self, name: &str) -> Result<Vec<String>, Fault> {
        let wrong = || Fault::request(format!("{name} is no list of texts"));
        let Some(value) = self.0.get(name) else {
            return Ok(Vec::new());
        };
        let list = value.as_array().ok_or_else(wrong)?;
        let texts = list.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().ok_or_else(wrong)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

fn register(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let known = [
        "clientName",
        "clientType",
        "scopes",
        "redirectUris",
        "grantTypes",
        "issuerUrl",
    ];
    let members = Members::of(heard, &known)?;
    let name = members.need("clientName")?;
    if members.need("clientType")? != "public" {
        return Err(Fault::request("the client type is not public"));
    }
    let scopes = members.list("scopes")?;
    if let Some(scope) = scopes.iter().find(|scope| *scope != SCOPE) {
        return Err(Fault::scope(format!("there is no scope {scope:?}")));
    }
    let grants = members.list("grantTypes")?;
    let possible = ["authorization_code", "refresh_token", grants::DEVICE];
    if let Some(grant) = grants
        .iter()
        .find(|grant| !possible.contains(&grant.as_str()))
    {
        return Err(Fault::grant_type(format!("there is no grant {grant:?}")));
    }
    let redirects = members.list("redirectUris")?;
    if let Some(redirect) = redirects.iter().find(|redirect| !is_redirect(redirect)) {
        return Err(Fault::redirect(format!("{redirect} is not on loopback")));
    }
    if grants.iter().any(|grant| grant == "authorization_code") {
        if redirects.is_empty() {
            return Err(Fault::redirect("redirectUris is missing"));
        }
        let issuer = members.need("issuerUrl")?;
        if !is_start_url(issuer) {
            return Err(Fault::request("Invalid issuer url provided"));
        }
    }
    in_region(heard)?;
    let id = text::base64(&text::random::<21>()).replace(['/', '+'], "_");
    let secret = format!("eyJraWQi.{}", text::hex(&text::random::<60>()));
    bed.secrets.add(&secret);
    let (now, life) = (bed.clock.now(), bed.scenario.center.client_lifetime);
    let expires = now + Duration::seconds(life);
    let client = Client {
        secret: secret.clone(),
        name: name.to_owned(),
        scopes,
        grants,
        redirects,
        expires,
    };
    let note = format!(
        "registered {name}, scopes {:?}, {:?}",
        client.scopes, client.grants
    );
    bed.center.lock().clients.insert(id.clone(), client);
    Ok(ok(&json!({
        "clientId": id,
        "clientSecret": secret,
        "clientIdIssuedAt": now.unix_timestamp(),
        "clientSecretExpiresAt": expires.unix_timestamp(),
    }))
    .note(note))
}

/// The real one takes http on loopback without a port, and adds any port later (RFC 8252, 7.3).
fn is_redirect(uri: &str) -> bool {
    ["http://127.0.0.1/", "http://[::1]/", "http://localhost/"]
        .iter()
        .any(|start| uri.starts_with(start))
}

fn is_start_url(url: &str) -> bool {
    START_URLS.contains(&url.trim_end_matches('/'))
}

/// Another region has another service, which knows nothing of this instance.
fn in_region(heard: &Heard) -> Result<(), Fault> {
    let host = heard.host_name();
    let ours = format!("oidc.{REGION}.amazonaws.com");
    match host == ours || host == "127.0.0.1" || host == "localhost" {
        true => Ok(()),
        false => Err(Fault::request("Invalid start url provided")),
    }
}

/// The client that a request is made by.
pub(super) fn client(bed: &Bed, members: &Members) -> Result<(String, Client), Fault> {
    let (id, secret) = (members.need("clientId")?, members.need("clientSecret")?);
    let known = bed.center.lock().clients.get(id).cloned();
    let client = known.ok_or_else(|| Fault::client("Invalid client provided"))?;
    if client.secret != secret {
        return Err(Fault::client("Invalid client provided"));
    }
    if client.expires <= bed.clock.now() {
        return Err(Fault::client("the client's registration has expired"));
    }
    Ok((id.to_owned(), client))
}

fn device_authorization(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let members = Members::of(heard, &["clientId", "clientSecret", "startUrl"])?;
    let (id, client) = client(bed, &members)?;
    let has_grant = client.grants.is_empty() || client.grants.iter().any(|g| g == grants::DEVICE);
    if !has_grant {
        let why = "the client has no device grant";
        return Err(Fault::unauthorized_client(why));
    }
    if !is_start_url(members.need("startUrl")?) {
        return Err(Fault::request("Invalid start url provided"));
    }
    in_region(heard)?;
    let letters = text::hex(&text::random::<4>()).to_ascii_uppercase();
    let letters: String = letters
        .chars()
        .map(|c| char::from(b'B' + u8::try_from(c.to_digit(16).unwrap_or(0)).unwrap_or(0)))
        .collect();
    let user_code = format!("{}-{}", &letters[..4], &letters[4..]);
    let code = text::base64(&text::random::<48>());
    bed.secrets.add(&code);
    let center = &bed.scenario.center;
    let device = Device {
        client: id,
        user_code: user_code.clone(),
        decision: Decision::Open,
        expires: bed.clock.now() + Duration::seconds(center.device_lifetime),
        polls: 0,
        last_poll: None,
    };
    bed.book.password_posted();
    bed.center.lock().devices.insert(code.clone(), device);
    let page = format!("https://{}{DEVICE_PAGE}", heard.host);
    Ok(ok(&json!({
        "deviceCode": code,
        "userCode": user_code,
        "verificationUri": page,
        "verificationUriComplete": format!("{page}?user_code={user_code}"),
        "expiresIn": center.device_lifetime,
        "interval": center.interval,
    }))
    .note(format!("a device authorization for {}", client.name)))
}

fn authorize(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let pairs = text::pairs(&heard.query);
    let known = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "code_challenge_method",
        "code_challenge",
        "scopes",
    ];
    let need = |name: &str| {
        let mut values = pairs.iter().filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) if !value.is_empty() => Ok(value.clone()),
            (None, _) | (Some(_), None) => Err(Fault::request(format!("{name} is missing"))),
            _ => Err(Fault::request(format!("{name} stands there twice"))),
        }
    };
    if let Some((name, _)) = pairs
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()))
    {
        return Err(Fault::request(format!("there is no parameter {name:?}")));
    }
    if need("response_type")? != "code" {
        return Err(Fault::request("the response type is not code"));
    }
    let id = need("client_id")?;
    let client = bed.center.lock().clients.get(&id).cloned();
    let client = client.ok_or_else(|| Fault::client("Invalid client provided"))?;
    if client.expires <= bed.clock.now() {
        return Err(Fault::client("the client's registration has expired"));
    }
    if !client
        .grants
        .iter()
        .any(|grant| grant == "authorization_code")
    {
        let why = "the client has no authorization_code grant";
        return Err(Fault::unauthorized_client(why));
    }
    let redirect = need("redirect_uri")?;
    if !client
        .redirects
        .iter()
        .any(|known| same_but_port(known, &redirect))
    {
        return Err(Fault::redirect(format!("{redirect} is not registered")));
    }
    if need("code_challenge_method")? != "S256" {
        return Err(Fault::request("the challenge's method is not S256"));
    }
    let challenge = need("code_challenge")?;
    let is_base64url = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if challenge.len() != 43 || !challenge.chars().all(is_base64url) {
        return Err(Fault::request("the challenge is no base64url of SHA-256"));
    }
    let state = need("state")?;
    if state.len() < 16 {
        return Err(Fault::request("a state that can be guessed"));
    }
    let scopes: Vec<String> = need("scopes")?.split(' ').map(str::to_owned).collect();
    if let Some(scope) = scopes.iter().find(|scope| !client.scopes.contains(scope)) {
        return Err(Fault::scope(format!("{scope} is not the client's")));
    }
    in_region(heard)?;
    let ticket = text::hex(&text::random::<16>());
    let asked = Authorization {
        client: id,
        redirect,
        challenge,
        state,
    };
    bed.book.password_posted();
    bed.center.lock().asked.insert(ticket.clone(), asked);
    let said = format!("{} wants to access your AWS accounts.", client.name);
    Ok(pages::question("Allow access?", &said, CONSENT, ("ticket", &ticket)).note("asks a person"))
}

/// RFC 8252, section 7.3: the port is chosen when the request is made.
fn same_but_port(registered: &str, sent: &str) -> bool {
    let Some((start, path)) = registered
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let Some(rest) = sent
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_prefix(start))
        .and_then(|rest| rest.strip_prefix(':'))
    else {
        return false;
    };
    let Some((port, rest)) = rest.split_once('/') else {
        return false;
    };
    port.parse::<u16>().is_ok_and(|port| port > 0) && rest == path
}

fn consent(bed: &Bed, heard: &Heard) -> Answer {
    let ticket = text::value(&heard.form, "ticket").unwrap_or_default();
    let Some(asked) = bed.center.lock().asked.remove(ticket) else {
        return pages::told(400, "Error", "This page is no longer valid.")
            .note("refused: no ticket");
    };
    let state = text::form_encode(&asked.state);
    let (to, note) = if text::value(&heard.form, "action") == Some("allow") {
        let code = text::base64(&text::random::<60>());
        bed.secrets.add(&code);
        let to = format!(
            "{}?code={}&state={state}",
            asked.redirect,
            text::form_encode(&code)
        );
        bed.book.password_accepted();
        bed.center.lock().codes.insert(code, asked);
        (to, "allowed")
    } else {
        let redirect = &asked.redirect;
        let error = "error=access_denied&error_description=User+denied+access";
        (format!("{redirect}?{error}&state={state}"), "denied")
    };
    Answer::new(302, "text/plain", "")
        .header(header::LOCATION, to)
        .note(note)
}

fn device_page(bed: &Bed, heard: &Heard) -> Answer {
    let pairs = text::pairs(&heard.query);
    let Some(user_code) = text::value(&pairs, "user_code") else {
        return pages::code_form(DEVICE_PAGE).note("asks for a code");
    };
    let user_code = user_code.to_ascii_uppercase();
    if !bed.center.open_user_codes().contains(&user_code) {
        return pages::told(400, "Error", "The code is not valid.").note("refused: no such code");
    }
    let said = format!("Is {user_code} the code that your device shows?");
    let hidden = ("user_code", user_code.as_str());
    pages::question("Authorization requested", &said, DEVICE_PAGE, hidden).note("asks a person")
}

fn device_decision(bed: &Bed, heard: &Heard) -> Answer {
    let user_code = text::value(&heard.form, "user_code").unwrap_or_default();
    let allowed = text::value(&heard.form, "action") == Some("allow");
    let decision = if allowed {
        Decision::Allowed
    } else {
        Decision::Denied
    };
    if !bed.center.decide(user_code, decision) {
        return pages::told(400, "Error", "The code is not valid.").note("refused: no such code");
    }
    match allowed {
        true => pages::told(200, "Request approved", "You can close this window.").note("allowed"),
        false => pages::told(200, "Request denied", "You can close this window.").note("denied"),
    }
}
