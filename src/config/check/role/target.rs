//! What a role stands for: an ARN, a name in some accounts, or a permission set in some.

use std::collections::BTreeMap;

use crate::config::check::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::merge::nearest;
use crate::config::wire;
use crate::format::sso_cache::same_portal;
use crate::model::{AccountId, Partition, Region, RoleArn, Target, permission_set};

impl Checker<'_> {
    pub(super) fn accounts(&mut self) -> Accounts {
        let settings = self.settings;
        let mut accounts = Accounts::default();
        for (name, wire) in &settings.file.account {
            let path = ["account", name.as_str(), "id"];
            if name.parse::<AccountId>().is_ok() {
                // Roles that name the account by these digits would mean another one.
                self.report(
                    Code::BadName,
                    &["account", name],
                    Part::Key,
                    format!("{name:?} is an account's id, not a name"),
                    Some("give it a name that is not twelve digits".to_owned()),
                );
                continue;
            }
            match &wire.id {
                Some(id) => {
                    if let Some(id) = self.parse::<AccountId>(id, &path) {
                        let layer = self.layer_that_declares(&["account", name]);
                        let names = accounts.by_id.entry(id.clone()).or_default();
                        names.push((layer, name.clone()));
                        names.sort();
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

    /// What the role stands for: one target, or one for each account, with the account's name for
    /// the profile's name.
    pub(super) fn targets(
        &mut self,
        name: &str,
        wire: &wire::Role,
        accounts: &Accounts,
        region: Option<&Region>,
    ) -> Vec<(String, Target)> {
        let layer = self.layer_that_declares(&["role", name]);
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
                .map(|arn| (accounts.label(arn.account(), layer), Target::Role(arn)))
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
        if let Some(Err(bad)) = wire.permission_set.as_deref().map(permission_set) {
            let path = ["role", name, "permission_set"];
            self.bad_name(Code::BadValue, &bad, &path, Part::Value);
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
            (None, Some(wire::Accounts::All)) => return self.every_account(name, wire, accounts),
            (None, Some(wire::Accounts::These(list))) => list
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
                let layer = self.layer_that_declares(&["role", name]);
                found.push((accounts.label(&id, layer), id));
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

    /// Every account that offers the permission set, as it was last seen.
    fn every_account(
        &mut self,
        name: &str,
        wire: &wire::Role,
        accounts: &Accounts,
    ) -> Vec<(String, AccountId)> {
        let (Some(set), Some(idp)) = (&wire.permission_set, &wire.idp) else {
            self.report(
                Code::BadValue,
                &["role", name, "accounts"],
                Part::Value,
                format!("[role.{name}] cannot be in every account without a permission set"),
                Some(
                    "only IAM Identity Center tells which accounts there are; list them".to_owned(),
                ),
            );
            return Vec::new();
        };
        let start_url = self
            .settings
            .file
            .idp
            .get(idp)
            .and_then(|idp| idp.start_url.as_ref());
        let offer = self.settings.discovered.get(idp);
        let offer = offer.filter(|offer| {
            start_url.is_some_and(|start_url| same_portal(start_url, &offer.start_url))
        });
        let Some(offer) = offer else {
            self.undiscovered.push((name.to_owned(), idp.clone()));
            return Vec::new();
        };
        let layer = self.layer_that_declares(&["role", name]);
        let found = offer.with(set).into_iter();
        let labelled = found.map(|(label, id)| match accounts.name(&id, layer) {
            Some(own) => (own, id),
            None => (label, id),
        });
        labelled.collect()
    }

    /// A permission set is what IAM Identity Center gives, and all that it gives.
    pub(super) fn one_way(&mut self, name: &str, wire: &wire::Role) {
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
            (None, Some(_)) if wire.source_profile.is_some() => (
                "permission_set",
                format!(
                    "[role.{name}] has a source_profile, which assumes a role and no permission set"
                ),
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
    pub(super) fn partition(&self, wire: &wire::Role, target: &Target) -> Partition {
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

    pub(super) fn same_partition(
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
}

/// `[account.NAME]`, both ways round.
#[derive(Default)]
pub(super) struct Accounts {
    by_name: BTreeMap<String, AccountId>,
    /// With the layer that declares the name, the lowest first.
    by_id: BTreeMap<AccountId, Vec<(usize, String)>>,
}

impl Accounts {
    /// The first name of each.
    pub(super) fn names(&self) -> BTreeMap<AccountId, String> {
        let first = |(id, names): (&AccountId, &Vec<(usize, String)>)| {
            let (_, name) = names.first()?;
            Some((id.clone(), name.clone()))
        };
        self.by_id.iter().filter_map(first).collect()
    }

    /// What an account is called in a profile's name: its own name, or its digits. Only names count
    /// that stand in the role's own layer or below: a project's file names no account of the user's
    /// roles anew.
    fn label(&self, id: &AccountId, layer: usize) -> String {
        self.name(id, layer).unwrap_or_else(|| id.to_string())
    }

    fn name(&self, id: &AccountId, layer: usize) -> Option<String> {
        let names = self.by_id.get(id).map(Vec::as_slice).unwrap_or_default();
        let known = names.iter().find(|(declared, _)| *declared <= layer);
        known.map(|(_, name)| name.clone())
    }
}
