//! Where a role's credentials come from: a login, or another role's profile.

use std::collections::BTreeMap;

use super::{Draft, From};
use crate::config::check::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::merge::nearest;
use crate::config::wire;
use crate::model::ProfileName;

impl Checker<'_> {
    pub(super) fn from(&mut self, name: &str, wire: &wire::Role) -> Option<From> {
        match (&wire.idp, &wire.source) {
            (Some(_), Some(_)) => {
                self.report(
                    Code::Exclusive,
                    &["role", name, "source"],
                    Part::Key,
                    format!("[role.{name}] has both idp and source"),
                    Some(
                        "idp: a login gives this role; source: another role assumes it; keep one"
                            .to_owned(),
                    ),
                );
                None
            }
            (Some(idp), None) => {
                if !self.settings.file.idp.contains_key(idp) {
                    let known = self.settings.file.idp.keys().map(String::as_str);
                    let hint = nearest(idp, known).unwrap_or_else(|| format!("add [idp.{idp}]"));
                    self.report(
                        Code::UnknownName,
                        &["role", name, "idp"],
                        Part::Value,
                        format!("no identity provider is named {idp:?}"),
                        Some(hint),
                    );
                    return None;
                }
                self.parse(idp, &["role", name, "idp"]).map(From::Idp)
            }
            (None, Some(source)) => Some(From::Role(source.clone())),
            (None, None) => {
                self.missing(
                    &["role", name, "idp"],
                    &format!("[role.{name}] does not say where its credentials come from"),
                    "add idp = \"NAME\" (a login), or source = \"ROLE\" (another role assumes it)",
                );
                None
            }
        }
    }

    pub(super) fn source(
        &mut self,
        role: &str,
        source: &str,
        by_source: &BTreeMap<String, Vec<ProfileName>>,
    ) -> Option<ProfileName> {
        let path = ["role", role, "source"];
        match by_source.get(source).map(Vec::as_slice) {
            Some([profile]) => Some(profile.clone()),
            Some(several) if !several.is_empty() => {
                self.report(
                    Code::Exclusive,
                    &path,
                    Part::Value,
                    format!(
                        "[role.{source}] has {} profiles, and a source is one",
                        several.len()
                    ),
                    Some("declare a role for the one account that is meant".to_owned()),
                );
                None
            }
            _ => {
                // A role that is there but has its own mistakes was reported already.
                if !self.settings.file.role.contains_key(source) {
                    let known = self.settings.file.role.keys().map(String::as_str);
                    let hint =
                        nearest(source, known).unwrap_or_else(|| format!("add [role.{source}]"));
                    self.report(
                        Code::UnknownName,
                        &path,
                        Part::Value,
                        format!("no role is named {source:?}"),
                        Some(hint),
                    );
                }
                None
            }
        }
    }
}

/// The profiles of every role that is another one's source.
pub(super) fn profiles_by_source(drafts: &[Draft]) -> BTreeMap<String, Vec<ProfileName>> {
    let sources = drafts.iter().filter_map(|draft| match &draft.from {
        From::Role(source) => Some((source.clone(), Vec::new())),
        From::Idp(_) => None,
    });
    let mut by_source: BTreeMap<String, Vec<ProfileName>> = sources.collect();
    for draft in drafts {
        if let Some(profiles) = by_source.get_mut(draft.role.as_str()) {
            profiles.push(draft.name.clone());
        }
    }
    by_source
}
