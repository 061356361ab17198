//! Profiles with `role_arn` and `source_profile`: roles that another profile's credentials assume.

use super::facts;
use super::found::{From, Notes};
use crate::format::ini::Section;
use crate::model::{ProfileName, RoleArn, SessionDuration};

/// What these are called in comments.
pub(super) const TOOL: &str = "a profile with role_arn";

/// STS gives a chained role one hour at most.
const MOST: i64 = 3_600;

/// Whose credentials, which role, and for how long.
pub(super) fn profile(
    own: &ProfileName,
    section: &Section,
    notes: &mut Notes,
) -> Result<(From, RoleArn, Option<SessionDuration>), String> {
    let arn = facts::arn(section.get("role_arn").unwrap_or_default())?;
    if section.get("mfa_serial").is_some() {
        let why = "it needs the code of an IAM device (mfa_serial); add a role with source_profile and \
                   mfa_serial";
        return Err(why.to_owned());
    }
    if section.get("credential_source").is_some() {
        return Err("its credentials come from a machine's or container's own role".to_owned());
    }
    let source = section
        .get("source_profile")
        .ok_or("it has a role_arn and no source_profile, so no AWS tool can use it either")?;
    if source == own.as_str() {
        return Err("it is its own source_profile, so it starts from stored keys".to_owned());
    }
    let source = facts::profile(source).map_err(|why| format!("of its source_profile: {why}"))?;
    let duration = facts::duration(section.get("duration_seconds"), MOST, notes);
    Ok((From::Profile(source), arn, duration))
}
