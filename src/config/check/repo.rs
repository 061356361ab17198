//! `[repo.ALIAS]`: whose credentials, which name, where.

use std::collections::{BTreeMap, BTreeSet};

use super::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::merge::nearest;
use crate::config::wire;
use crate::model::{Model, ProfileName, Region, Repo, RepoAlias, RepoGroup, RepoName, RepoPattern};

/// One repository, or all whose names fit.
enum Named {
    One(RepoName),
    Many(Vec<RepoPattern>),
}

impl Checker<'_> {
    pub(super) fn repos(&mut self, model: &mut Model) {
        let settings = self.settings;
        let named = settings.file.repo.values();
        let named = named.filter_map(|repo| repo.role.as_deref()).collect();
        let by_role = by_role(model, &named);
        for (text, wire) in &settings.file.repo {
            let alias: Option<RepoAlias> = self.name(text, &["repo", text]);
            let named = self.named(text, wire);
            let region: Option<Option<Region>> = match &wire.region {
                Some(region) => self.parse(region, &["repo", text, "region"]).map(Some),
                None => Some(None),
            };
            let endpoint = match &wire.endpoint {
                Some(endpoint) => self.url(endpoint, &["repo", text, "endpoint"]).map(Some),
                None => Some(None),
            };
            let profile = self.repo_profile(text, wire, model, &by_role);
            if let (Some(alias), Some(named), Some(region), Some(endpoint), Some(profile)) =
                (alias, named, region, endpoint, profile)
            {
                let region = region.or_else(|| Some(model.profiles.get(&profile)?.region.clone()));
                let trusted = self
                    .declared_by(&["repo", text])
                    .is_some_and(|layer| layer.trusted);
                let Some(region) = region else { continue };
                match named {
                    Named::One(name) => {
                        let repo = Repo {
                            alias: alias.clone(),
                            profile,
                            name,
                            region,
                            endpoint,
                            trusted,
                        };
                        model.repos.insert(alias, repo);
                    }
                    Named::Many(names) => {
                        let group = RepoGroup {
                            alias: alias.clone(),
                            names,
                            profile,
                            region,
                            endpoint,
                            trusted,
                        };
                        model.repo_groups.insert(alias, group);
                    }
                }
            }
        }
    }

    fn named(&mut self, alias: &str, wire: &wire::Repo) -> Option<Named> {
        let Some(names) = &wire.names else {
            let name = match &wire.name {
                Some(name) => self.parse(name, &["repo", alias, "name"]),
                None => self.name(alias, &["repo", alias]),
            };
            return name.map(Named::One);
        };
        let path = ["repo", alias, "names"];
        if wire.name.is_some() {
            self.report(
                Code::Exclusive,
                &path,
                Part::Key,
                format!("[repo.{alias}] has both name and names"),
                Some("keep one".to_owned()),
            );
            return None;
        }
        if names.is_empty() {
            self.report(
                Code::BadValue,
                &path,
                Part::Value,
                "a list of names is empty",
                Some("names = [\"*\"] stands for every repository".to_owned()),
            );
            return None;
        }
        let names = names.iter().map(|name| self.parse(name, &path));
        names.collect::<Option<_>>().map(Named::Many)
    }

    fn repo_profile(
        &mut self,
        alias: &str,
        wire: &wire::Repo,
        model: &Model,
        by_role: &ByRole,
    ) -> Option<ProfileName> {
        match (&wire.role, &wire.profile) {
            (Some(_), Some(_)) => {
                self.report(
                    Code::Exclusive,
                    &["repo", alias, "profile"],
                    Part::Key,
                    format!("[repo.{alias}] has both role and profile"),
                    Some("keep one; profile where the role has several".to_owned()),
                );
                None
            }
            (None, None) => {
                self.missing(
                    &["repo", alias, "role"],
                    &format!("[repo.{alias}] does not say whose credentials it needs"),
                    "add role = \"NAME\" of a [role.NAME]",
                );
                None
            }
            (Some(role), None) => self.profile_of_role(alias, role, by_role),
            (None, Some(profile)) => {
                let path = ["repo", alias, "profile"];
                let name: ProfileName = self.parse(profile, &path)?;
                if model.profiles.contains_key(&name) {
                    return Some(name);
                }
                // It may be in an account that is not known yet.
                if !model.undiscovered.is_empty() {
                    return None;
                }
                let hint = nearest(profile, model.profiles.keys().map(ProfileName::as_str));
                self.report(
                    Code::UnknownName,
                    &path,
                    Part::Value,
                    format!("no role gives a profile named {profile:?}"),
                    hint,
                );
                None
            }
        }
    }

    fn profile_of_role(
        &mut self,
        alias: &str,
        role: &str,
        by_role: &ByRole,
    ) -> Option<ProfileName> {
        let path = ["repo", alias, "role"];
        match by_role.get(role).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            Some([first, ..]) => {
                self.report(
                    Code::Exclusive,
                    &path,
                    Part::Value,
                    format!("[role.{role}] has several profiles"),
                    Some(format!("say which one: profile = \"{first}\"")),
                );
                None
            }
            None | Some([]) => {
                // A role that is there but has its own mistakes was reported already.
                if !self.settings.file.role.contains_key(role) {
                    let known = self.settings.file.role.keys().map(String::as_str);
                    let hint = nearest(role, known).unwrap_or_else(|| format!("add [role.{role}]"));
                    self.report(
                        Code::UnknownName,
                        &path,
                        Part::Value,
                        format!("no role is named {role:?}"),
                        Some(hint),
                    );
                }
                None
            }
        }
    }
}

/// The profiles of each role that a repository names: a company's file has thousands of both.
type ByRole = BTreeMap<String, Vec<ProfileName>>;

fn by_role(model: &Model, named: &BTreeSet<&str>) -> ByRole {
    let mut by_role = ByRole::new();
    for profile in model.profiles.values() {
        if named.contains(profile.role.as_str()) {
            by_role
                .entry(profile.role.to_string())
                .or_default()
                .push(profile.name.clone());
        }
    }
    by_role
}
