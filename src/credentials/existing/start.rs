//! What a profile starts from where it assumes no role, in botocore's order.

use super::found::{Found, ID, SECRET};
use super::portal::of_portal;
use super::{Files, NoWay, Start};
use crate::format::ini::Section;
use crate::format::shlex;
use crate::model::{Keys, SecretString};

/// The token of a session's keys; the older name comes first, as in botocore.
const TOKENS: [&str; 2] = ["aws_security_token", "aws_session_token"];

pub(super) fn start(files: Files<'_>, found: &Found<'_>) -> Result<Start, NoWay> {
    if found.get("web_identity_token_file").is_some() {
        return Err(found.other("a web identity token"));
    }
    let at_portal = ["sso_account_id", "sso_role_name"];
    if at_portal.into_iter().any(|key| found.get(key).is_some()) {
        return Ok(Start::Portal(of_portal(files, found)?));
    }
    if let Some(keys) = keys(found, found.credentials)? {
        return Ok(keys);
    }
    if found.get("login_session").is_some() {
        return Err(found.other("aws login"));
    }
    if let Some(process) = process(found)? {
        return Ok(process);
    }
    if let Some(keys) = keys(found, found.config)? {
        return Ok(keys);
    }
    Err(nothing(found))
}

/// What it lacks, where it gives nothing.
fn nothing(found: &Found<'_>) -> NoWay {
    if found.get(SECRET).is_some() {
        return found.half(ID);
    }
    let portal = ["sso_session", "sso_start_url"];
    if portal.into_iter().any(|key| found.get(key).is_some()) {
        return found.value("sso_account_id", &"it is not there");
    }
    NoWay::Nothing(found.name.clone())
}

/// All of them from one file.
fn keys(found: &Found<'_>, section: Option<&Section>) -> Result<Option<Start>, NoWay> {
    let get = |key: &str| section?.get(key).filter(|value| !value.is_empty());
    let Some(id) = get(ID) else { return Ok(None) };
    let secret = get(SECRET).ok_or_else(|| found.half(SECRET))?;
    let token = TOKENS.into_iter().find_map(get);
    Ok(Some(Start::Keys {
        profile: found.name.clone(),
        keys: Keys {
            access_key_id: id.to_owned(),
            secret_access_key: secret.into(),
            session_token: token.map(SecretString::from),
        },
    }))
}

fn process(found: &Found<'_>) -> Result<Option<Start>, NoWay> {
    let Some(line) = found.get("credential_process") else {
        return Ok(None);
    };
    // Never the line itself: an argument may be a secret.
    let command = shlex::split(line).filter(|words| !words.is_empty());
    Ok(Some(Start::Process {
        profile: found.name.clone(),
        command: command
            .ok_or_else(|| found.value("credential_process", &"its quotes do not match"))?,
    }))
}
