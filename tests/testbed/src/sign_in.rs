//! AWS sign-in's federation endpoint: credentials for a sign-in token.
//!
//! Follows "Enable custom identity broker access to the AWS console" of the IAM User Guide. Stricter
//! than the real one in one thing: credentials in a URL are refused, since URLs are logged.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;

use crate::bed::Bed;
use crate::keys::Key;
use crate::ledger::Service;
use crate::server::{Answer, Heard};
use crate::text;

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::SignIn, &["Session", "SigninToken"]);
    let answer = match sign_in_token(&bed, &heard) {
        Ok(answer) => answer,
        // The real one sends a page that says hardly more.
        Err(why) => Answer::new(
            400,
            "text/html",
            "<html>Invalid credentials parameter</html>",
        )
        .note(format!("refused: {why}")),
    };
    answer.send(ticket, bed.clock.now())
}

fn sign_in_token(bed: &Bed, heard: &Heard) -> Result<Answer, &'static str> {
    if (heard.method.as_str(), heard.path.as_str()) != ("POST", "/federation") {
        return Err("there is no such path");
    }
    if !heard.query.is_empty() {
        return Err("something stands in the URL");
    }
    if text::value(&heard.form, "Action") != Some("getSigninToken") {
        return Err("there is no such action");
    }
    let session = text::value(&heard.form, "Session").ok_or("no session")?;
    let key = key(bed, session)?;
    let duration = text::value(&heard.form, "SessionDuration");
    if let Some(seconds) = duration {
        if key.is_chained {
            return Err("a duration for a chained role");
        }
        let seconds: u32 = seconds.parse().map_err(|_| "the duration is no number")?;
        if !(900..=43_200).contains(&seconds) {
            return Err("the duration is out of range");
        }
    }
    let token = text::base64(&text::random::<60>());
    bed.secrets.add(&token);
    let answer = serde_json::json!({ "SigninToken": token }).to_string();
    let note = format!(
        "sign-in token for {}, {}",
        key.principal.arn,
        duration.map_or("as long as its credentials".to_owned(), |s| format!(
            "{s} s"
        ))
    );
    Ok(Answer::new(200, "application/json", answer).note(note))
}

/// The temporary key that a session is made of.
fn key(bed: &Bed, session: &str) -> Result<Key, &'static str> {
    let session: serde_json::Value =
        serde_json::from_str(session).map_err(|_| "the session is no JSON")?;
    let part = |name: &str| session[name].as_str().unwrap_or_default();
    let key = bed.keys.find(part("sessionId")).ok_or("no such key")?;
    let token = key.token.as_deref().ok_or("a long-term key")?;
    if part("sessionKey") != key.secret || part("sessionToken") != token {
        return Err("another secret or token");
    }
    if key.is_expired(bed.clock.now()) {
        return Err("the key has expired");
    }
    Ok(key)
}
