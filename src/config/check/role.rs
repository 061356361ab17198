//! `[role.NAME]`: expanded over accounts and regions to profiles, with their sources followed.

mod source;
mod target;

use std::collections::HashMap;

use super::Checker;
use super::aws;
use crate::config::diagnostic::{Code, Part};
use crate::config::trust::HINT as UNTRUSTED_HINT;
use crate::config::wire;
use crate::model::{
    Assume, IdpName, Model, Profile, ProfileName, Region, RoleName, SessionDuration, Source, Target,
};

use source::profiles_by_source;
use target::Accounts;

/// What a role's `idp`, `source` or `source_profile` says, before the source's profile is known.
#[derive(Clone)]
enum From {
    Idp(IdpName),
    Role(String),
    Existing(ProfileName),
}

/// A profile that still waits for its source.
struct Draft {
    name: ProfileName,
    role: RoleName,
    from: From,
    target: Target,
    region: Region,
    duration: SessionDuration,
    assume: Assume,
    settings: aws::Settings,
}

/// More is a mistake, or an attack on whoever clones the file: a few lines can ask for a billion.
const MOST_PROFILES: usize = 500_000;
/// Characters.
const LONGEST_TEMPLATE: usize = 512;

impl Checker<'_> {
    pub(super) fn roles(&mut self, model: &mut Model) {
        let accounts = self.accounts();
        model.accounts = accounts.names();
        let mut drafts: Vec<Draft> = Vec::new();
        let settings = self.settings;
        for (name, wire) in &settings.file.role {
            drafts.extend(self.role(name, wire, &accounts));
        }
        self.duplicates(&drafts);
        self.loops();
        self.depths();
        self.not_ours(&drafts);
        let by_source = profiles_by_source(&drafts);
        let mut profiles = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let role = draft.role.as_str();
            let source = match draft.from {
                From::Idp(idp) => Some(Source::Idp(idp)),
                From::Role(source) => self.source(role, &source, &by_source).map(Source::Profile),
                From::Existing(profile) => Some(Source::Existing(profile)),
            };
            if let Some(source) = source {
                let profile = Profile {
                    name: draft.name.clone(),
                    declared_in: self.declared_in(&["role", role]),
                    role: draft.role,
                    source,
                    target: draft.target,
                    region: draft.region,
                    duration: draft.duration,
                    assume: draft.assume,
                    settings: draft.settings,
                };
                profiles.push((draft.name, profile));
            }
        }
        // All at once: a map that grows by sorted insertion is half empty.
        model.profiles = profiles.into_iter().collect();
        model.undiscovered = std::mem::take(&mut self.undiscovered);
    }

    fn role(&mut self, name: &str, wire: &wire::Role, accounts: &Accounts) -> Vec<Draft> {
        let role: Option<RoleName> = self.name(name, &["role", name]);
        let from = self.from(name, wire);
        let regions = self.regions(name, wire);
        let targets = self.targets(name, wire, accounts, regions.first());
        let duration = self.duration(name, wire);
        let assume = self.assume(name, wire);
        let own = self.aws(&["role", name, "aws"], wire.aws.as_ref());
        let settings = aws::over(&self.defaults.aws, own);
        self.one_way(name, wire);
        let (Some(role), Some(from), Some(duration)) = (role, from, duration) else {
            return Vec::new();
        };
        let template = wire.profile.clone().unwrap_or_else(|| {
            // Of every account there may be one today, and two tomorrow.
            let varies = targets.len() > 1 || wire.accounts == Some(wire::Accounts::All);
            let account = if varies { "{account}-" } else { "" };
            let region = if regions.len() > 1 { "-{region}" } else { "" };
            format!("{account}{{role}}{region}")
        });
        let of_this_role = targets.len().saturating_mul(regions.len().max(1));
        self.expanded = self.expanded.saturating_add(of_this_role);
        if self.expanded > MOST_PROFILES || template.len() > LONGEST_TEMPLATE {
            self.report(
                Code::BadValue,
                &["role", name],
                Part::Key,
                format!("[role.{name}] would make {of_this_role} profiles"),
                Some(format!(
                    "a configuration has at most {MOST_PROFILES} profiles in all, and a profile's \
                     template at most {LONGEST_TEMPLATE} characters"
                )),
            );
            return Vec::new();
        }
        let untrusted = self
            .declared_by(&["role", name])
            .is_some_and(|layer| !layer.trusted);
        let mut drafts = Vec::new();
        for (account, target) in &targets {
            let regions: Vec<Region> = if regions.is_empty() {
                vec![self.partition(wire, target).default_region()]
            } else {
                regions.clone()
            };
            for region in regions {
                if !self.same_partition(name, wire, target, &region) {
                    continue;
                }
                let text = template
                    .replace("{role}", name)
                    .replace("{account}", account)
                    .replace("{region}", region.as_str());
                let Some(profile) = self.parse(&text, &["role", name, "profile"]) else {
                    continue;
                };
                let discovered =
                    wire.accounts == Some(wire::Accounts::All) && template.contains("{account}");
                if discovered && text == "default" {
                    self.is_discovered_default(name);
                    continue;
                }
                if untrusted && text == "default" {
                    self.becomes_default(name);
                    continue;
                }
                drafts.push(Draft {
                    name: profile,
                    role: role.clone(),
                    from: from.clone(),
                    target: target.clone(),
                    region,
                    duration,
                    assume: assume.clone(),
                    settings: settings.clone(),
                });
            }
        }
        drafts
    }

    /// What every tool uses that names no profile, whatever the template calls it.
    fn becomes_default(&mut self, name: &str) {
        self.report(
            Code::Untrusted,
            &["role", name],
            Part::Key,
            format!(
                "[role.{name}] would become everybody's default profile, and this file is not trusted"
            ),
            Some(UNTRUSTED_HINT.to_owned()),
        );
    }

    /// What an account is called is for whoever may name it in Identity Center.
    fn is_discovered_default(&mut self, name: &str) {
        self.report(
            Code::BadValue,
            &["role", name, "accounts"],
            Part::Value,
            format!(
                "[role.{name}] would become everybody's default profile by what an account is called"
            ),
            Some(
                "give that account a name of your own: [account.NAME] id = \"...\", or let profile \
                 hold more than {account}"
                    .to_owned(),
            ),
        );
    }

    fn regions(&mut self, name: &str, wire: &wire::Role) -> Vec<Region> {
        match (&wire.region, &wire.regions) {
            (Some(_), Some(_)) => {
                self.report(
                    Code::Exclusive,
                    &["role", name, "regions"],
                    Part::Key,
                    format!("[role.{name}] has both region and regions"),
                    Some("keep one".to_owned()),
                );
                Vec::new()
            }
            (Some(region), None) => self
                .parse(region, &["role", name, "region"])
                .into_iter()
                .collect(),
            (None, Some(regions)) => regions
                .iter()
                .enumerate()
                .filter_map(|(i, text)| {
                    self.parse(text, &["role", name, "regions", &i.to_string()])
                })
                .collect(),
            (None, None) => self.defaults.region.clone().into_iter().collect(),
        }
    }

    fn duration(&mut self, name: &str, wire: &wire::Role) -> Option<SessionDuration> {
        let chained = wire.source.is_some();
        let Some(own) = &wire.session_duration else {
            let default = self.defaults.duration.unwrap_or(SessionDuration::DEFAULT);
            // A default of more than an hour is meant for logins; a chained role gets its hour.
            let most = if chained {
                SessionDuration::CHAINED_MAX
            } else {
                default
            };
            return Some(default.min(most));
        };
        let path = ["role", name, "session_duration"];
        let own: SessionDuration = self.parse(&own.0, &path)?;
        if chained && own > SessionDuration::CHAINED_MAX {
            self.report(
                Code::BadValue,
                &path,
                Part::Value,
                "a chained role gets one hour at most",
                Some("STS refuses more for credentials that come from another role".to_owned()),
            );
            return None;
        }
        Some(own)
    }

    fn duplicates(&mut self, drafts: &[Draft]) {
        let mut seen: HashMap<&ProfileName, &RoleName> = HashMap::with_capacity(drafts.len());
        for draft in drafts {
            let Some(first) = seen.insert(&draft.name, &draft.role) else {
                continue;
            };
            let path = ["role", draft.role.as_str()];
            let (message, hint) = if first == &draft.role {
                (
                    format!(
                        "[role.{first}] gives the profile {} more than once",
                        draft.name
                    ),
                    "let its profile name hold {account} and {region} where these vary",
                )
            } else {
                (
                    format!(
                        "[role.{first}] and [role.{}] both give the profile {}",
                        draft.role, draft.name
                    ),
                    "give one of them another profile name",
                )
            };
            self.report(
                Code::DuplicateProfile,
                &path,
                Part::Key,
                message,
                Some(hint.to_owned()),
            );
        }
    }
}
