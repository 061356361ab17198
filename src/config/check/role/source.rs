//! Where a role's credentials come from: a login, another role's profile, or one of the user's own.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Draft, From};
use crate::config::check::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::merge::nearest;
use crate::config::wire;
use crate::model::{ProfileName, RoleName};

impl Checker<'_> {
    pub(super) fn from(&mut self, name: &str, wire: &wire::Role) -> Option<From> {
        let given = [
            ("idp", wire.idp.is_some()),
            ("source", wire.source.is_some()),
            ("source_profile", wire.source_profile.is_some()),
        ];
        let given: Vec<&str> = given
            .iter()
            .filter(|(_, is)| *is)
            .map(|(key, _)| *key)
            .collect();
        if let [first, .., last] = given.as_slice() {
            self.report(
                Code::Exclusive,
                &["role", name, last],
                Part::Key,
                format!("[role.{name}] has both {first} and {last}"),
                Some(
                    "idp: a login gives this role; source: another role assumes it; \
                     source_profile: a profile of your own does; keep one"
                        .to_owned(),
                ),
            );
            return None;
        }
        match (&wire.idp, &wire.source, &wire.source_profile) {
            (Some(idp), _, _) => {
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
            (None, Some(source), _) => Some(From::Role(source.clone())),
            (None, None, Some(profile)) => self
                .parse(profile, &["role", name, "source_profile"])
                .map(From::Existing),
            (None, None, None) => {
                self.missing(
                    &["role", name, "idp"],
                    &format!("[role.{name}] does not say where its credentials come from"),
                    "add idp = \"NAME\" (a login), source = \"ROLE\" (another role assumes it), or \
                     source_profile = \"PROFILE\" (a profile of your own does)",
                );
                None
            }
        }
    }

    /// A `source_profile` that fedgit itself writes would lead to fedgit again.
    pub(super) fn not_ours(&mut self, drafts: &[Draft]) {
        let ours: HashMap<&ProfileName, &RoleName> = drafts
            .iter()
            .map(|draft| (&draft.name, &draft.role))
            .collect();
        // A role may have thousands of profiles, and one mistake.
        let mut told: HashSet<&RoleName> = HashSet::new();
        for draft in drafts {
            let From::Existing(profile) = &draft.from else {
                continue;
            };
            let Some(role) = ours.get(profile).filter(|_| told.insert(&draft.role)) else {
                continue;
            };
            self.report(
                Code::Exclusive,
                &["role", draft.role.as_str(), "source_profile"],
                Part::Value,
                format!(
                    "{profile} is a profile of [role.{role}], and a source_profile is your own"
                ),
                Some(if **role == draft.role {
                    "give this role another profile name".to_owned()
                } else {
                    format!("write source = \"{role}\" instead")
                }),
            );
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
        From::Idp(_) | From::Existing(_) => None,
    });
    let mut by_source: BTreeMap<String, Vec<ProfileName>> = sources.collect();
    for draft in drafts {
        if let Some(profiles) = by_source.get_mut(draft.role.as_str()) {
            profiles.push(draft.name.clone());
        }
    }
    by_source
}
