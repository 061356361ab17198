//! A profile of the user's own that IAM Identity Center gives credentials for, in either of the forms
//! that the SDKs read: with an `[sso-session]`, and as it was before there were any.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>

use url::Url;

use super::found::Found;
use super::{Files, NoWay};
use crate::model::{AccountId, IdpName, ProfileName, Region};

/// Where its credentials are, and whose token opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtPortal {
    /// The profile that says so.
    pub profile: ProfileName,
    /// What the session is called.
    pub session: IdpName,
    /// The portal.
    pub start_url: Url,
    /// The region of the instance.
    pub region: Region,
    /// The account.
    pub account: AccountId,
    /// The permission set.
    pub permission_set: String,
}

/// Reads such a profile.
///
/// # Errors
/// [`NoWay`], where it is not whole.
pub(super) fn of_portal(files: Files<'_>, found: &Found<'_>) -> Result<AtPortal, NoWay> {
    let named = found.get("sso_session");
    let session = named.map(|name| files.config.sso_session(name).ok_or(name));
    let session = session.transpose().map_err(|name| {
        let why = format!("there is no [sso-session {name}]");
        found.value("sso_session", &why)
    })?;
    let get = |key: &'static str| {
        let of_session = session.and_then(|session| session.get(key));
        let text = of_session.or_else(|| found.get(key));
        text.ok_or_else(|| found.value(key, &"it is not there"))
    };
    let own = |key: &'static str| {
        let text = found.get(key);
        text.ok_or_else(|| found.value(key, &"it is not there"))
    };
    Ok(AtPortal {
        profile: found.name.clone(),
        // Without a session it has no name; the token is found by its portal.
        session: named
            .unwrap_or("sso_start_url")
            .parse()
            .map_err(|e| found.value("sso_session", &e))?,
        start_url: Url::parse(get("sso_start_url")?)
            .map_err(|e| found.value("sso_start_url", &e))?,
        region: get("sso_region")?
            .parse()
            .map_err(|e| found.value("sso_region", &e))?,
        account: own("sso_account_id")?
            .parse()
            .map_err(|e| found.value("sso_account_id", &e))?,
        permission_set: own("sso_role_name")?.to_owned(),
    })
}
