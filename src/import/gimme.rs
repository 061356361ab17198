//! gimme-aws-creds: the sections of `~/.okta_aws_login_config`, a file of Python's configparser.
//!
//! `[DEFAULT]` is a configuration of its own and what all others take from; `inherits = NAME` takes
//! from another one first.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{self, said};
use super::found::{Found, From, Idp, Kind, Notes, Place, Role, Text};
use crate::format::ini::Section;
use crate::model::{RoleArn, Target};

pub(super) const TOOL: &str = "gimme-aws-creds";

/// As many as any sane file has, and an end to a ring.
const MOST_INHERITED: usize = 16;

type Values = BTreeMap<String, String>;

/// Reads the file.
pub(super) fn read(text: &Text, found: &mut Found) {
    let place = |line| Place {
        file: text.file.clone(),
        line,
    };
    let document = match facts::ini(&text.bytes) {
        Ok(document) => document,
        Err((line, why)) => return found.leave(&place(line), "the file", why),
    };
    let file = File {
        by_name: document
            .sections()
            .iter()
            .map(|s| (s.name.as_str(), s))
            .collect(),
        defaults: document
            .sections()
            .iter()
            .filter(|s| s.is_python_default())
            .collect(),
    };
    let bases: BTreeSet<&str> = document
        .sections()
        .iter()
        .filter_map(|s| s.get("inherits"))
        .collect();
    for section in document.sections() {
        let at = place(Some(section.header + 1));
        let what = format!("the configuration [{}]", section.name);
        let Some(values) = found.keep(&at, &what, |_| file.values(&section.name, 0)) else {
            continue;
        };
        // What is there for others to take from gives no role itself.
        if bases.contains(section.name.as_str()) && section.get("aws_rolename").is_none() {
            continue;
        }
        let Some(idp) = found.keep(&at, &what, |notes| idp(&values, &at, notes)) else {
            continue;
        };
        let roles = found.keep(&at, &what, |notes| {
            Ok(roles(&section.name, &values, &idp, &at, notes))
        });
        match roles {
            Some(roles) if !roles.is_empty() => found.tool_roles.extend(roles),
            _ => found.idps.push(idp),
        }
    }
}

/// The sections of the file, for those that take from others.
struct File<'a> {
    by_name: BTreeMap<&'a str, &'a Section>,
    defaults: Vec<&'a Section>,
}

impl File<'_> {
    /// A configuration's keys. Those of `[DEFAULT]` are its own to configparser, and so come before
    /// what it inherits.
    fn values(&self, name: &str, depth: usize) -> Result<Values, String> {
        if depth > MOST_INHERITED {
            return Err("what it inherits from leads back to it".to_owned());
        }
        let section = self
            .by_name
            .get(name)
            .ok_or("it inherits from a configuration that is not there")?;
        let mut values = Values::new();
        for entry in self
            .defaults
            .iter()
            .chain([section])
            .flat_map(|s| &s.entries)
        {
            values.insert(entry.key.clone(), entry.value.clone());
        }
        let Some(base) = values.remove("inherits") else {
            return Ok(values);
        };
        let mut whole = self.values(&base, depth + 1)?;
        whole.extend(values);
        Ok(whole)
    }
}

/// A value, `%%` read as configparser reads it.
fn get(values: &Values, key: &str) -> Result<Option<String>, String> {
    let Some(value) = said(values.get(key).map(String::as_str)) else {
        return Ok(None);
    };
    if value.replace("%%", "").contains('%') {
        return Err(format!("its {key} holds a %, which configparser fills in"));
    }
    Ok(Some(value.replace("%%", "%")))
}

fn idp(values: &Values, at: &Place, notes: &mut Notes) -> Result<Idp, String> {
    let url = get(values, "app_url")?.ok_or(
        "it has no app_url, the address of the AWS application in Okta, from which fedgit starts",
    )?;
    if get(values, "preferred_mfa_type")?.is_some() {
        notes.part(
            "preferred_mfa_type",
            "this version of fedgit does no second factor",
        );
    }
    Ok(Idp {
        kind: Kind::Okta(facts::url(&url, notes)?),
        username: facts::username(get(values, "okta_username")?.as_deref(), notes),
        ca_bundle: None,
        name: None,
        section: None,
        at: at.clone(),
        tool: TOOL,
    })
}

fn roles(section: &str, values: &Values, idp: &Idp, at: &Place, notes: &mut Notes) -> Vec<Role> {
    let named = get(values, "aws_rolename").unwrap_or_default();
    let Some(named) = named else {
        notes.part(
            "a role",
            "it names no aws_rolename, and gimme-aws-creds asks; add a [role] table",
        );
        return Vec::new();
    };
    let duration = values.get("aws_default_duration").map(String::as_str);
    let duration = facts::duration(duration, facts::LOGIN_MOST, notes);
    let mut roles = Vec::new();
    let mut arns: Vec<RoleArn> = Vec::new();
    for name in named
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        match (name, facts::arn(name)) {
            (_, Ok(arn)) => arns.push(arn),
            ("all", _) => notes.part(
                "the role \"all\"",
                "fedgit declares each role; add a [role] table for those that you use",
            ),
            (pattern, _) if pattern.starts_with('/') => notes.part(
                "a pattern for roles",
                "fedgit declares each role; add a [role] table for those that you use",
            ),
            (_, Err(why)) => notes.part("a role", why),
        }
    }
    for arn in &arns {
        let profile = profile(section, values, arn, arns.len());
        let profile = match facts::profile(&profile) {
            Ok(profile) => profile,
            Err(why) => {
                notes.part(format!("the role {arn}"), why);
                continue;
            }
        };
        roles.push(Role {
            profile,
            from: From::Idp(Box::new(idp.clone())),
            target: Target::Role(arn.clone()),
            account_name: None,
            region: None,
            duration,
            external_id: None,
            session_name: None,
            extras: Vec::new(),
            section: None,
            at: at.clone(),
            tool: TOOL,
        });
    }
    roles
}

/// The profile that gimme-aws-creds writes keys into. An account's alias is not known without
/// asking AWS, so its number stands in for it.
fn profile(section: &str, values: &Values, arn: &RoleArn, roles: usize) -> String {
    let writes = values.get("write_aws_creds").map(String::as_str);
    let named = values.get("cred_profile").map(String::as_str);
    let role = match values.get("include_path").map(String::as_str) {
        Some("y" | "True") => arn
            .as_str()
            .split_once(":role")
            .map_or("", |(_, path)| path),
        _ => arn.role_name(),
    };
    match named.map(str::trim) {
        // Nothing is written, so no profile has a name yet: the configuration's own is at hand.
        _ if writes != Some("True") && writes != Some("y") => match (section, roles) {
            ("DEFAULT", _) | (_, 2..) => arn.role_name().to_owned(),
            (section, _) => section.to_owned(),
        },
        None | Some("" | "role") => role.to_owned(),
        Some("acc") => arn.account().to_string(),
        Some("acc-role") => format!("{}-{role}", arn.account()),
        Some(name) => name.to_owned(),
    }
}

#[cfg(test)]
#[path = "gimme/tests.rs"]
mod tests;
