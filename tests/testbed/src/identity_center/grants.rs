//! `POST /token`: a device code, an authorization code or a refresh token for an access token.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use time::Duration;

use super::answers::{Fault, ok};
use super::oidc::{Members, client};
use super::{Client, Decision, Token};
use crate::bed::Bed;
use crate::server::{Answer, Heard};
use crate::text;

pub(super) const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(super) fn token(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let known = [
        "clientId",
        "clientSecret",
        "grantType",
        "deviceCode",
        "code",
        "refreshToken",
        "redirectUri",
        "codeVerifier",
    ];
    let members = Members::of(heard, &known)?;
    let (id, client) = client(bed, &members)?;
    let grant = members.need("grantType")?;
    // What belongs to another grant has no business here.
    let own: &[&str] = match grant {
        DEVICE => &["deviceCode"],
        "authorization_code" => &["code", "redirectUri", "codeVerifier"],
        "refresh_token" => &["refreshToken"],
        other => return Err(Fault::grant_type(format!("there is no grant {other:?}"))),
    };
    if let Some(name) = known[3..]
        .iter()
        .find(|name| members.has(name) && !own.contains(name))
    {
        return Err(Fault::request(format!("{name} does not belong to {grant}")));
    }
    let note = match grant {
        DEVICE => by_device(bed, &id, &members)?,
        "authorization_code" => by_code(bed, &id, &client, &members)?,
        _ => by_refresh(bed, &id, &client, &members)?,
    };
    Ok(issue(bed, &id, &client).note(note))
}

fn by_device(bed: &Bed, id: &str, members: &Members) -> Result<&'static str, Fault> {
    let code = members.need("deviceCode")?;
    let center = &bed.scenario.center;
    let mut memory = bed.center.lock();
    let device = memory
        .devices
        .get_mut(code)
        .filter(|device| device.client == id)
        .ok_or_else(|| Fault::grant("Invalid device code provided"))?;
    let last = device.last_poll.replace(Instant::now());
    device.polls += 1;
    if device.expires <= bed.clock.now() {
        return Err(Fault::expired("Device code has expired"));
    }
    // A little less than the whole interval: the way there takes no time here, and the answer none.
    let interval = std::time::Duration::from_millis(u64::from(center.interval) * 900);
    let hasty = last.is_some_and(|last| last.elapsed() < interval);
    if hasty || device.polls <= center.slow_down {
        return Err(Fault::slow_down());
    }
    if let Some((after, allow)) = center.device_decides
        && device.decision == Decision::Open
        && device.polls > after
    {
        device.decision = if allow {
            Decision::Allowed
        } else {
            Decision::Denied
        };
    }
    match device.decision {
        Decision::Open => Err(Fault::pending()),
        Decision::Denied => Err(Fault::denied()),
        Decision::Allowed => {
            memory.devices.remove(code);
            drop(memory);
            bed.book.password_accepted();
            Ok("a token for a device code")
        }
    }
}

fn by_code(bed: &Bed, id: &str, client: &Client, members: &Members) -> Result<&'static str, Fault> {
    if !client
        .grants
        .iter()
        .any(|grant| grant == "authorization_code")
    {
        let why = "the client has no authorization_code grant";
        return Err(Fault::unauthorized_client(why));
    }
    let (code, redirect) = (members.need("code")?, members.need("redirectUri")?);
    let verifier = members.need("codeVerifier")?;
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if !(43..=128).contains(&verifier.len()) || !verifier.chars().all(unreserved) {
        return Err(Fault::request("the verifier is not as RFC 7636 has it"));
    }
    // Once, whatever comes of it.
    let asked = bed.center.lock().codes.remove(code);
    let asked = asked
        .filter(|asked| asked.client == id)
        .ok_or_else(|| Fault::grant("Invalid authorization code provided"))?;
    if asked.redirect != redirect {
        return Err(Fault::grant("another redirect_uri than was authorized"));
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    if asked.challenge != challenge {
        return Err(Fault::grant("the verifier does not fit the challenge"));
    }
    Ok("a token for an authorization code")
}

fn by_refresh(
    bed: &Bed,
    id: &str,
    client: &Client,
    members: &Members,
) -> Result<&'static str, Fault> {
    let may = client.grants.is_empty() || client.grants.iter().any(|g| g == "refresh_token");
    if !may {
        return Err(Fault::unauthorized_client(
            "the client has no refresh grant",
        ));
    }
    let token = members.need("refreshToken")?;
    let mut memory = bed.center.lock();
    // Rotation: each serves once.
    match memory.refresh.remove(token) {
        Some(of) if of == id => Ok("a token for a refresh token"),
        _ => Err(Fault::grant("Invalid refresh token provided")),
    }
}

fn issue(bed: &Bed, id: &str, client: &Client) -> Answer {
    let center = &bed.scenario.center;
    let access = format!("aoaAAAAAG{}", text::base64(&text::random::<120>()));
    bed.secrets.add(&access);
    let mut body = json!({
        "accessToken": access,
        "tokenType": "Bearer",
        "expiresIn": center.token_lifetime,
    });
    let token = Token {
        expires: bed.clock.now() + Duration::seconds(center.token_lifetime),
        client: client.name.clone(),
    };
    let mut memory = bed.center.lock();
    memory.tokens.insert(access, token);
    if !client.scopes.is_empty() {
        let refresh = format!("aorAAAAAG{}", text::base64(&text::random::<120>()));
        bed.secrets.add(&refresh);
        memory.refresh.insert(refresh.clone(), id.to_owned());
        body["refreshToken"] = refresh.into();
    }
    ok(&body)
}
