//! The device grant and the exchange of its tokens for a web SSO token.

use axum::http::header;
use serde_json::json;

use super::setup::Browser;
use super::{APP_ID, CLIENT_ID, assertion, link, page, pages, reply};
use crate::bed::Bed;
use crate::server::{Answer, Heard};
use crate::text;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

pub(super) fn answer(bed: &Bed, heard: &Heard) -> Answer {
    if !heard
        .header("content-type")
        .starts_with("application/x-www-form-urlencoded")
    {
        return error(400, "invalid_request", "The request body is no form.");
    }
    if heard.path == "/login/token/sso" {
        return sso(bed, heard);
    }
    if !heard.header("accept").contains("application/json") {
        return error(406, "invalid_request", "Only JSON is here.");
    }
    let field = |name| text::value(&heard.form, name).unwrap_or_default();
    if field("client_id") != CLIENT_ID {
        return error(
            401,
            "invalid_client",
            "Invalid value for 'client_id' parameter.",
        );
    }
    match (heard.path.as_str(), field("grant_type")) {
        ("/oauth2/v1/device/authorize", "") => {
            let scopes: Vec<&str> = field("scope").split(' ').collect();
            if !["openid", "okta.apps.sso"]
                .iter()
                .all(|scope| scopes.contains(scope))
            {
                return error(400, "invalid_scope", "The scopes are not enough.");
            }
            let code = bed.okta.grant(&bed.secrets);
            let body = json!({
                "device_code": code,
                "user_code": "BDWC-HQPK",
                "verification_uri": link(heard, "/activate"),
                "verification_uri_complete": link(heard, "/activate?user_code=BDWC-HQPK"),
                "expires_in": 600,
                "interval": 1,
            });
            reply(200, &body).note("device code given")
        }
        ("/oauth2/v1/token", DEVICE) => poll(bed, field("device_code")),
        ("/oauth2/v1/token", EXCHANGE) => exchange(bed, heard),
        _ => error(
            400,
            "unsupported_grant_type",
            "The grant type is not supported.",
        ),
    }
}

fn poll(bed: &Bed, code: &str) -> Answer {
    let Some(polls) = bed.okta.poll(code) else {
        return error(
            400,
            "invalid_grant",
            "The device code is invalid or has expired.",
        );
    };
    let text = "The device authorization is pending. Please try again later.";
    match (bed.scenario.okta.browser, polls) {
        (_, 1) => error(400, "authorization_pending", text),
        (Browser::Refuses, _) => error(400, "access_denied", "The user denied it."),
        (Browser::Waits, _) => error(400, "expired_token", "The device code has expired."),
        (Browser::Confirms | Browser::ConfirmsTooLittle, _) => {
            let (access, id) = bed.okta.tokens(&bed.secrets, code);
            let body = json!({
                "token_type": "Bearer",
                "expires_in": 3600,
                "access_token": access,
                "scope": "okta.apps.read okta.apps.sso openid",
                "id_token": id,
            });
            reply(200, &body).note("tokens given")
        }
    }
}

fn exchange(bed: &Bed, heard: &Heard) -> Answer {
    let field = |name| text::value(&heard.form, name).unwrap_or_default();
    let types = [
        (
            "actor_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        ),
        (
            "requested_token_type",
            "urn:okta:oauth:token-type:web_sso_token",
        ),
    ];
    if types.iter().any(|(name, value)| field(name) != *value) {
        return error(400, "invalid_request", "A token type is not supported.");
    }
    if field("audience") != format!("urn:okta:apps:{APP_ID}") {
        return error(400, "invalid_target", "The audience is invalid.");
    }
    if !bed
        .okta
        .are_tokens(field("actor_token"), field("subject_token"))
    {
        return error(400, "invalid_grant", "'subject_token' is invalid.");
    }
    if bed.scenario.okta.browser == Browser::ConfirmsTooLittle {
        let text = "The application's assurance requirements are not met by the 'subject_token'.";
        return error(400, "invalid_grant", text);
    }
    let token = bed.okta.sso_token(&bed.secrets);
    let body = json!({
        "token_type": "N_A",
        "expires_in": 300,
        "access_token": token,
        "issued_token_type": "urn:okta:oauth:token-type:web_sso_token",
    });
    reply(200, &body).note("web SSO token given")
}

fn sso(bed: &Bed, heard: &Heard) -> Answer {
    if !bed
        .okta
        .spend_sso(text::value(&heard.form, "token").unwrap_or_default())
    {
        return page(403, pages::error("The token is not valid")).note("refused: web SSO token");
    }
    let sid = bed.okta.session(&bed.secrets, true);
    assertion(bed).header(
        header::SET_COOKIE,
        format!("sid={sid}; Path=/; Secure; HttpOnly; SameSite=None"),
    )
}

fn error(status: u16, code: &str, text: &str) -> Answer {
    let body = json!({ "error": code, "error_description": text });
    reply(status, &body).note(format!("refused: {code}"))
}
