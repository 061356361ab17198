//! Answers that no org gives: what an attacker who holds the org, or whoever can answer in its place,
//! may try.

use serde_json::json;

use super::{Hostile, link, reply};
use crate::bed::Bed;
use crate::server::{Answer, Heard};

pub(super) fn answer(bed: &Bed, heard: &Heard, hostile: Hostile) -> Answer {
    if String::from_utf8_lossy(&heard.body).contains(bed.user.password.as_str()) {
        bed.book.password_posted();
    }
    let is_idx = heard.path.starts_with("/idp/");
    let raw = |text: String| Answer::new(200, "application/json", text);
    let with_links = |href: &str| match is_idx {
        true => reply(
            200,
            &json!({ "stateHandle": "02h", "remediation": { "value": [{
                "name": "identify", "href": href,
                "value": [{ "name": "identifier" }, { "name": "stateHandle", "value": "02h" }],
            }] } }),
        ),
        false => reply(
            200,
            &json!({ "status": "MFA_REQUIRED", "stateToken": "02t", "_embedded": { "factors": [{
                "id": "a", "factorType": "token:software:totp", "provider": "OKTA",
                "_links": { "verify": { "href": href } },
            }] } }),
        ),
    };
    match hostile {
        Hostile::Large => raw(format!("{{\"status\":\"{}\"}}", "A".repeat(10_000_000))),
        Hostile::Deep => raw("[".repeat(100_000)),
        Hostile::OtherHost => with_links("https://evil.example/collect?q=1"),
        Hostile::Script => with_links("javascript:alert(1)"),
        Hostile::NoToken => reply(
            200,
            &json!({ "status": "MFA_REQUIRED", "_embedded": { "factors": [] },
                     "remediation": { "value": [{ "name": "identify", "href": "/idp/idx/identify" }] } }),
        ),
        Hostile::Loop => match is_idx {
            true => with_links(&link(heard, "/idp/idx/identify")),
            false => reply(
                200,
                &json!({ "status": "PASSWORD_WARN", "stateToken": "02t",
                         "_links": { "skip": { "href": link(heard, "/api/v1/authn/skip") } } }),
            ),
        },
        Hostile::Unknown => reply(
            200,
            &json!({ "status": "TELEPATHY\u{1b}[31m", "stateToken": ["02t"], "_embedded": 7, "_links": [],
                     "stateHandle": "02h", "messages": "x", "remediation": { "value": [
                         { "name": "challenge-telepathy\u{1b}[31m", "href": 5, "value": { "a": 1 } }, 3, null ] } }),
        ),
    }
}
