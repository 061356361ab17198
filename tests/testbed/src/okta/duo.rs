//! Duo as a factor of the Classic engine: a request that the org signs for Duo's iframe, and a link of
//! its own that takes Duo's answer as a form.
//!
//! <https://developer.okta.com/docs/reference/api/authn/#verify-duo-factor>

use serde_json::{Value, json};

use super::classic::{challenge, invalid_token, not_now, verified};
use super::org::{Login, Stage, id};
use super::{error, link};
use crate::bed::Bed;
use crate::regions;
use crate::server::{Answer, Heard};
use crate::text;

const FACTORS: &str = "/api/v1/authn/factors/";
const CALLBACK: &str = "/lifecycle/duoCallback";

/// What a login has of Duo.
#[derive(Clone, Debug)]
pub(super) struct AtDuo {
    /// What goes back behind Duo's answer.
    app: String,
    said_yes: bool,
}

/// The factor is verified: first by a request for Duo, then by the question whether that was heard,
/// which is answered with "not yet" once.
pub(super) fn verify(
    bed: &Bed,
    heard: &Heard,
    token: &str,
    mut login: Login,
    at: usize,
    asked: usize,
) -> Answer {
    let said_yes = login.duo.as_ref().is_some_and(|duo| duo.said_yes);
    if said_yes && asked > 1 {
        return verified(bed, heard, token, login);
    }
    let mut signature = String::new();
    if asked == 0 {
        signature = bed.duo.sign();
        let app = signature.split_once(':').map(|(_, app)| app.to_owned());
        login.duo = app.map(|app| AtDuo {
            app,
            said_yes: false,
        });
    }
    login.stage = Stage::Factor(
        at,
        if asked == 0 || said_yes {
            asked + 1
        } else {
            asked
        },
    );
    bed.okta.put(token, login);
    let (mut body, note) = (
        challenge(bed, heard, token, at, Some("WAITING")),
        "duo WAITING",
    );
    body["_embedded"]["factor"]["_embedded"] = verification(bed, heard, at, &signature);
    super::classic::state(body).note(note)
}

fn verification(bed: &Bed, heard: &Heard, at: usize, signature: &str) -> Value {
    let setup = &bed.scenario.okta;
    let own = link(heard, &format!("{FACTORS}{}{CALLBACK}", id(setup, at)));
    let complete = setup.duo_callback.map_or(own, str::to_owned);
    json!({ "verification": {
        "host": setup.duo_host.unwrap_or(regions::DUO_HOST),
        "signature": signature,
        "factorResult": "WAITING",
        "_links": {
            "complete": { "href": complete, "hints": { "allow": ["POST"] } },
            "script": { "href": link(heard, "/js/sections/duo/Duo-Web-v2.js"), "type": "text/javascript; charset=utf-8" },
        },
    } })
}

/// Duo's answer, where this request brings one.
pub(super) fn callback(bed: &Bed, heard: &Heard) -> Option<Answer> {
    let factor_id = heard.path.strip_prefix(FACTORS)?.strip_suffix(CALLBACK)?;
    Some(taken(bed, heard, factor_id))
}

fn taken(bed: &Bed, heard: &Heard, factor_id: &str) -> Answer {
    let names: Vec<&str> = heard.form.iter().map(|(name, _)| name.as_str()).collect();
    if names != ["id", "stateToken", "sig_response"] || !heard.query.is_empty() {
        return error(400, "E0000001", "Api validation failed: duoCallback");
    }
    let field = |name| text::value(&heard.form, name).unwrap_or_default();
    let token = field("stateToken");
    let Some(mut login) = bed.okta.login(token) else {
        return invalid_token();
    };
    let Stage::Factor(at, _) = login.stage else {
        return not_now();
    };
    let is_it = field("id") == factor_id && factor_id == id(&bed.scenario.okta, at);
    let response = field("sig_response");
    let Some(duo) = login.duo.as_mut().filter(|duo| is_it && !duo.said_yes) else {
        return not_now();
    };
    // Of this login, and Duo's own.
    if !response.ends_with(&format!(":{}", duo.app)) || !bed.duo.is_signed(response) {
        return error(403, "E0000068", "Invalid Passcode/Answer");
    }
    duo.said_yes = true;
    bed.okta.put(token, login);
    Answer::new(200, "text/html;charset=utf-8", String::new()).note("Duo's answer taken")
}
