//! IAM Identity Center: `[sso-session]` sections, the profiles that name one, and the older
//! profiles that hold the start URL themselves. The AWS CLI and aws-sso-util write both.

use super::facts;
use super::found::{Found, From, Idp, Kind, Notes, Place};
use crate::format::ini::{Document, Section};
use crate::format::shlex;
use crate::model::{AccountId, IdpName, Region, Target};

/// What the sources of these are called in comments.
pub(super) const TOOL: &str = "an Identity Center profile";
const SESSION: &str = "an sso-session";

/// The scope that the AWS CLI registers with where none is set.
const USUAL_SCOPE: &str = "sso:account:access";

/// An `[sso-session NAME]`.
#[derive(Debug)]
pub(super) struct Session {
    name: String,
    idp: Option<Idp>,
    at: Place,
}

/// Every `[sso-session]`; those that cannot be kept are here without their identity provider.
pub(super) fn sessions(
    document: &Document,
    place: impl Fn(&Section) -> Place,
    found: &mut Found,
) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    for section in document.sections() {
        let words = shlex::split(&section.name).unwrap_or_default();
        let [kind, name] = words.as_slice() else {
            continue;
        };
        if kind != "sso-session" {
            continue;
        }
        let at = place(section);
        let what = format!("[sso-session {name}]");
        // As to botocore, the later takes the place of the earlier.
        if let Some(earlier) = sessions.iter().position(|session| session.name == *name) {
            let why =
                "a later section is the session of that name, and the AWS tools read that one";
            found.leave(&sessions.remove(earlier).at, &what, why);
        }
        let idp = found.keep(&at, &what, |notes| session(name, section, &at, notes));
        sessions.push(Session {
            name: name.clone(),
            idp,
            at,
        });
    }
    sessions
}

fn session(name: &str, section: &Section, at: &Place, notes: &mut Notes) -> Result<Idp, String> {
    let idp = portal(section, at, SESSION, notes)?;
    let scopes = section.get("sso_registration_scopes").unwrap_or_default();
    if scopes
        .split(',')
        .map(str::trim)
        .any(|scope| !scope.is_empty() && scope != USUAL_SCOPE)
    {
        notes.part(
            "sso_registration_scopes",
            format!("fedgit asks for {USUAL_SCOPE}, which is what roles need"),
        );
    }
    let name: IdpName = name
        .parse()
        .map_err(|bad: crate::model::BadName| format!("its name is not usable: {}", bad.why))?;
    Ok(Idp {
        name: Some(name),
        section: Some(section.name.clone()),
        ..idp
    })
}

/// `sso_start_url` and `sso_region`, of a session or of an older profile.
fn portal(
    section: &Section,
    at: &Place,
    tool: &'static str,
    notes: &mut Notes,
) -> Result<Idp, String> {
    let start_url = section
        .get("sso_start_url")
        .ok_or("it has no sso_start_url")?;
    let region = section.get("sso_region").ok_or("it has no sso_region")?;
    let region: Region = region
        .parse()
        .map_err(|_| "its sso_region is not an AWS region".to_owned())?;
    Ok(Idp {
        kind: Kind::IdentityCenter {
            start_url: facts::url(start_url, notes)?,
            region,
        },
        username: None,
        ca_bundle: None,
        name: None,
        section: None,
        at: at.clone(),
        tool,
    })
}

/// The identity providers of the sessions, whether a profile names them or not.
pub(super) fn idps(sessions: &[Session]) -> impl Iterator<Item = Idp> + '_ {
    sessions.iter().filter_map(|session| session.idp.clone())
}

/// Whether a profile gets its credentials from Identity Center.
pub(super) fn is_profile(section: &Section) -> bool {
    [
        "sso_session",
        "sso_start_url",
        "sso_account_id",
        "sso_role_name",
    ]
    .iter()
    .any(|key| section.get(key).is_some())
}

/// Where a profile signs in, and which permission set it is.
pub(super) fn profile(
    section: &Section,
    sessions: &[Session],
    at: &Place,
    notes: &mut Notes,
) -> Result<(From, Target), String> {
    let key = |key: &str| section.get(key).map(str::trim).filter(|v| !v.is_empty());
    let (Some(account), Some(role)) = (key("sso_account_id"), key("sso_role_name")) else {
        return Err(
            "it has no sso_account_id and sso_role_name, so it gives no AWS credentials".to_owned(),
        );
    };
    let account: AccountId = account
        .parse()
        .map_err(|_| "its sso_account_id is not twelve digits".to_owned())?;
    // IAM Identity Center API reference: a permission set's name is [\w+=,.@-]{1,32}.
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !role.chars().all(plain) {
        return Err("its sso_role_name is not the name of a permission set".to_owned());
    }
    let idp = match section.get("sso_session") {
        Some(name) => sessions
            .iter()
            .find(|session| session.name == name)
            .ok_or("there is no [sso-session] of the name that it has as sso_session")?
            .idp
            .clone()
            .ok_or("its [sso-session] is not carried over")?,
        None => portal(section, at, TOOL, notes)?,
    };
    let target = Target::PermissionSet {
        account,
        name: role.to_owned(),
    };
    Ok((From::Idp(Box::new(idp)), target))
}
