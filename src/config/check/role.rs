//! `[role.NAME]`: expanded over accounts and regions to profiles, with their sources followed.

use std::collections::{BTreeMap, HashMap};

use super::Checker;
use super::aws;
use crate::config::diagnostic::{Code, Part};
use crate::config::merge::nearest;
use crate::config::wire;
use crate::model::{
    AccountId, IdpName, Model, Partition, Profile, ProfileName, Region, RoleArn, RoleName,
    SessionDuration, Source, Target,
};

/// What a role's `idp` or `source` says, before the source's profile is known.
enum From {
    Idp(IdpName),
    Role(String),
}

/// A profile that still waits for its source.
struct Draft {
    name: ProfileName,
    role: RoleName,
    from: From,
    target: Target,
    region: Region,
    duration: SessionDuration,
    settings: aws::Settings,
}

impl Checker<'_> {
    pub(super) fn roles(&mut self, model: &mut Model) {
        let accounts = self.accounts();
        let mut drafts: Vec<Draft> = Vec::new();
        let settings = self.settings;
        for (name, wire) in &settings.file.role {
            drafts.extend(self.role(name, wire, &accounts));
        }
        self.duplicates(&drafts);
        self.loops();
        self.depths();
        let by_source = profiles_by_source(&drafts);
        let mut profiles = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let role = draft.role.as_str();
            let source = match draft.from {
                From::Idp(idp) => Some(Source::Idp(idp)),
                From::Role(source) => self.source(role, &source, &by_source).map(Source::Profile),
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
                    settings: draft.settings,
                };
                profiles.push((draft.name, profile));
            }
        }
        // All at once: a map that grows by sorted insertion is half empty.
        model.profiles = profiles.into_iter().collect();
    }

    fn accounts(&mut self) -> Accounts {
        let settings = self.settings;
        let mut accounts = Accounts::default();
        for (name, wire) in &settings.file.account {
            let path = ["account", name.as_str(), "id"];
            match &wire.id {
                Some(id) => {
                    if let Some(id) = self.parse::<AccountId>(id, &path) {
                        accounts.by_id.insert(id.clone(), name.clone());
                        accounts.by_name.insert(name.clone(), id);
                    }
                }
                None => self.missing(
                    &path,
                    &format!("[account.{name}] has no id"),
                    "add id = \"111122223333\", the account's twelve digits",
                ),
            }
        }
        accounts
    }

    fn role(&mut self, name: &str, wire: &wire::Role, accounts: &Accounts) -> Vec<Draft> {
        let role: Option<RoleName> = self.name(name, &["role", name]);
        let from = self.from(name, wire);
        let regions = self.regions(name, wire);
        let targets = self.targets(name, wire, accounts, regions.first());
        let duration = self.duration(name, wire);
        let own = self.aws(&["role", name, "aws"], wire.aws.as_ref());
        let settings = aws::over(&self.defaults.aws, own);
        self.one_way(name, wire);
        let (Some(role), Some(_), Some(duration)) = (role, &from, duration) else {
            return Vec::new();
        };
        let template = wire.profile.clone().unwrap_or_else(|| {
            let account = if targets.len() > 1 { "{account}-" } else { "" };
            let region = if regions.len() > 1 { "-{region}" } else { "" };
            format!("{account}{{role}}{region}")
        });
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
                let from = match &from {
                    Some(From::Idp(idp)) => From::Idp(idp.clone()),
                    Some(From::Role(source)) => From::Role(source.clone()),
                    None => continue,
                };
                drafts.push(Draft {
                    name: profile,
                    role: role.clone(),
                    from,
                    target: target.clone(),
                    region,
                    duration,
                    settings: settings.clone(),
                });
            }
        }
        drafts
    }

    fn from(&mut self, name: &str, wire: &wire::Role) -> Option<From> {
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

    /// What the role stands for: one target, or one for each account, with the account's name for
    /// the profile's name.
    fn targets(
        &mut self,
        name: &str,
        wire: &wire::Role,
        accounts: &Accounts,
        region: Option<&Region>,
    ) -> Vec<(String, Target)> {
        let ways = [&wire.arn, &wire.role_name, &wire.permission_set];
        if ways.iter().filter(|way| way.is_some()).count() > 1 {
            self.report(
                Code::Exclusive,
                &["role", name],
                Part::Key,
                format!("[role.{name}] names its role in more than one way"),
                Some("keep one of arn, role_name and permission_set".to_owned()),
            );
            return Vec::new();
        }
        if let Some(arn) = &wire.arn {
            if wire.account.is_some() || wire.accounts.is_some() {
                self.report(
                    Code::Exclusive,
                    &["role", name, "arn"],
                    Part::Key,
                    format!("[role.{name}] has an arn, which names the account, and an account"),
                    Some("use role_name with account or accounts".to_owned()),
                );
                return Vec::new();
            }
            let arn: Option<RoleArn> = self.parse(arn, &["role", name, "arn"]);
            return arn
                .map(|arn| (accounts.label(arn.account()), Target::Role(arn)))
                .into_iter()
                .collect();
        }
        if wire.role_name.is_none() && wire.permission_set.is_none() {
            self.missing(
                &["role", name, "arn"],
                &format!("[role.{name}] does not say which role it is"),
                "add arn = \"arn:aws:iam::111122223333:role/Name\"",
            );
            return Vec::new();
        }
        let partition = region.map_or(Partition::Aws, Region::partition);
        let mut targets = Vec::new();
        for (label, account) in self.role_accounts(name, wire, accounts) {
            let target = match (&wire.role_name, &wire.permission_set) {
                (Some(role_name), _) => match RoleArn::new(partition, &account, role_name) {
                    Ok(arn) => Target::Role(arn),
                    Err(bad) => {
                        let path = ["role", name, "role_name"];
                        self.bad_name(Code::BadValue, &bad, &path, Part::Value);
                        return Vec::new();
                    }
                },
                (None, Some(set)) => Target::PermissionSet {
                    account,
                    name: set.clone(),
                },
                (None, None) => continue,
            };
            targets.push((label, target));
        }
        targets
    }

    fn role_accounts(
        &mut self,
        name: &str,
        wire: &wire::Role,
        accounts: &Accounts,
    ) -> Vec<(String, AccountId)> {
        let named: Vec<(&String, Vec<String>)> = match (&wire.account, &wire.accounts) {
            (Some(account), None) => vec![(account, vec!["account".to_owned()])],
            (None, Some(list)) => list
                .iter()
                .enumerate()
                .map(|(i, account)| (account, vec!["accounts".to_owned(), i.to_string()]))
                .collect(),
            (Some(_), Some(_)) => {
                self.report(
                    Code::Exclusive,
                    &["role", name, "accounts"],
                    Part::Key,
                    format!("[role.{name}] has both account and accounts"),
                    Some("keep one".to_owned()),
                );
                return Vec::new();
            }
            (None, None) => {
                self.missing(
                    &["role", name, "account"],
                    &format!("[role.{name}] does not say in which account its role is"),
                    "add account = \"NAME\" of an [account.NAME], or twelve digits",
                );
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for (text, key) in named {
            if let Some(id) = accounts.by_name.get(text) {
                found.push((text.clone(), id.clone()));
            } else if let Ok(id) = text.parse::<AccountId>() {
                found.push((accounts.label(&id), id));
            } else {
                let mut path = vec!["role", name];
                path.extend(key.iter().map(String::as_str));
                let hint = nearest(text, accounts.by_name.keys().map(String::as_str))
                    .unwrap_or_else(|| {
                        format!("add [account.{text}] with its id, or write the twelve digits")
                    });
                self.report(
                    Code::UnknownName,
                    &path,
                    Part::Value,
                    format!("no account is named {text:?}"),
                    Some(hint),
                );
            }
        }
        found
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

    /// A permission set is what IAM Identity Center gives, and all that it gives.
    fn one_way(&mut self, name: &str, wire: &wire::Role) {
        let idp = wire.idp.as_ref().and_then(|idp| {
            let kind = self.settings.file.idp.get(idp)?.kind?;
            Some((idp, kind))
        });
        let (key, message, hint) = match (idp, &wire.permission_set) {
            (Some((idp, kind)), Some(_)) if kind != wire::IdpKind::IdentityCenter => (
                "permission_set",
                format!(
                    "[idp.{idp}] is of kind {:?}, which gives no permission sets",
                    kind.as_str()
                ),
                "write arn, or role_name with account or accounts, instead",
            ),
            (Some((idp, wire::IdpKind::IdentityCenter)), None)
                if wire.arn.is_some() || wire.role_name.is_some() =>
            {
                let key = if wire.arn.is_some() {
                    "arn"
                } else {
                    "role_name"
                };
                let message =
                    format!("[idp.{idp}] is IAM Identity Center, which gives permission sets");
                (
                    key,
                    message,
                    "write permission_set with account or accounts instead",
                )
            }
            (None, Some(_)) if wire.source.is_some() => (
                "permission_set",
                format!("[role.{name}] has a source, which assumes a role and no permission set"),
                "write the arn of the role instead",
            ),
            _ => return,
        };
        let path = ["role", name, key];
        self.report(
            Code::Exclusive,
            &path,
            Part::Key,
            message,
            Some(hint.to_owned()),
        );
    }

    /// The partition that a target is in: its ARN says, or the region of the identity provider.
    fn partition(&self, wire: &wire::Role, target: &Target) -> Partition {
        if let Target::Role(arn) = target {
            return arn.partition();
        }
        let idp = wire
            .idp
            .as_ref()
            .and_then(|idp| self.settings.file.idp.get(idp));
        let region: Option<Region> = idp.and_then(|idp| idp.region.as_ref()?.parse().ok());
        region.map_or(Partition::Aws, |region| region.partition())
    }

    fn same_partition(
        &mut self,
        name: &str,
        wire: &wire::Role,
        target: &Target,
        region: &Region,
    ) -> bool {
        let partition = self.partition(wire, target);
        if partition == region.partition() {
            return true;
        }
        let what = match target {
            Target::Role(arn) => arn.to_string(),
            Target::PermissionSet { account, .. } => format!("account {account}"),
        };
        let own = wire.region.is_some();
        let path = if own {
            vec!["role", name, "region"]
        } else {
            vec!["role", name]
        };
        self.report(
            Code::WrongPartition,
            &path,
            if own { Part::Value } else { Part::Key },
            format!(
                "{what} is in the partition {partition}, but {region} is in {}",
                region.partition()
            ),
            Some(format!("give [role.{name}] a region of {partition}")),
        );
        false
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

    fn source(
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
fn profiles_by_source(drafts: &[Draft]) -> BTreeMap<String, Vec<ProfileName>> {
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

/// `[account.NAME]`, both ways round.
#[derive(Default)]
struct Accounts {
    by_name: BTreeMap<String, AccountId>,
    by_id: BTreeMap<AccountId, String>,
}

impl Accounts {
    /// What an account is called in a profile's name: its own name, or its digits.
    fn label(&self, id: &AccountId) -> String {
        self.by_id
            .get(id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }
}
