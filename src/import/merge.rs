//! From what was found to what is declared: what is the same is put together, everything has a
//! name, and every role's source is there.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, From, Idp, LeftOut, Notes, Repo, Role, Settings};
use super::naming::{self, Given};
use super::same::same_page;
use super::{extras, facts};
use crate::model::{AccountId, ProfileName, Target};

/// What `fedgit.toml` shall declare.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// Identity providers by name.
    pub idps: Vec<(String, Idp)>,
    /// Accounts by name.
    pub accounts: Vec<(String, AccountId)>,
    /// Roles by name, each with the name of what it comes from.
    pub roles: Vec<DeclaredRole>,
    /// Repositories by alias, each with the name of its role.
    pub repos: Vec<(String, String, Repo)>,
}

/// A role with its name.
#[derive(Debug, Clone)]
pub struct DeclaredRole {
    /// The NAME of `[role.NAME]`.
    pub name: String,
    /// The `idp`, or the `source` where [`Role::from`] is a profile.
    pub from: String,
    /// The rest.
    pub role: Role,
}

/// Puts together what was found; what has no place is left out.
pub(super) fn merge(found: Found) -> (Declared, Vec<LeftOut>) {
    let mut merger = Merger {
        declared: Declared::default(),
        idp_names: Given::default(),
        rest: Found {
            left_out: found.left_out,
            ..Found::default()
        },
    };
    let mut settings: BTreeMap<ProfileName, Settings> = BTreeMap::new();
    for one in found.settings {
        settings.insert(one.profile.clone(), one);
    }
    let mut roles = found.roles;
    merger.tool_roles(found.tool_roles, &mut roles, &found.taken, settings);
    // A session's name is given by the file; the others make way for it.
    let (named, nameless): (Vec<Idp>, Vec<Idp>) =
        found.idps.into_iter().partition(|idp| idp.name.is_some());
    for idp in &named {
        merger.idp(idp);
    }
    // Those with a user name first, so that those without one find them.
    let all = roles.iter().filter_map(|role| match &role.from {
        From::Idp(idp) => Some(idp.as_ref()),
        From::Profile(_) => None,
    });
    let mut all: Vec<&Idp> = all.chain(&nameless).collect();
    all.sort_by_key(|idp| idp.username.is_none());
    for idp in all {
        merger.idp(idp);
    }
    merger.roles(roles);
    merger.repos(found.repos);
    (merger.declared, merger.rest.left_out)
}

struct Merger {
    declared: Declared,
    idp_names: Given,
    /// Keeps what is left out.
    rest: Found,
}

impl Merger {
    /// Roles of other tools' files become profiles under the names that those tools write keys
    /// under, with what `~/.aws/config` says of such a profile.
    fn tool_roles(
        &mut self,
        tool_roles: Vec<Role>,
        roles: &mut Vec<Role>,
        taken: &[ProfileName],
        mut settings: BTreeMap<ProfileName, Settings>,
    ) {
        let mut given = Given::default();
        for name in taken {
            given.take(name.as_str());
        }
        for mut role in tool_roles {
            let same = |other: &Role| other.profile == role.profile && other.target == role.target;
            if roles.iter().any(same) {
                continue;
            }
            let wanted = role.profile.clone();
            if given.take(wanted.as_str()) {
                if let Some(settings) = settings.remove(&wanted) {
                    self.fill(&mut role, settings);
                }
            } else {
                let by_role = role.arn().map(|arn| naming::valid(arn.role_name()));
                let name = given.give(&by_role.unwrap_or_else(|| wanted.to_string()));
                let Ok(name) = name.parse::<ProfileName>() else {
                    continue;
                };
                let why = format!(
                    "another one has it; its profile is {name:?} now",
                    name = name.as_str()
                );
                let what = format!("the profile name {wanted} of a role of {}", role.tool);
                self.rest.leave(&role.at, what, why);
                role.profile = name;
            }
            roles.push(role);
        }
    }

    fn fill(&mut self, role: &mut Role, settings: Settings) {
        let what = format!("[{}]", settings.section);
        let own =
            |notes: &mut Notes| Ok(facts::region(settings.region.as_deref(), role.arn(), notes));
        if let Some(Some(region)) = self.rest.keep(&settings.at, &what, own) {
            role.region = Some(region);
        }
        self.rest.left_out.extend(settings.left_out);
        role.extras = settings.extras;
        role.section = Some(settings.section);
    }

    /// The name of an identity provider, which is declared once however often it was found.
    fn idp(&mut self, idp: &Idp) -> String {
        if let Some(at) = self.position(idp) {
            return self
                .declared
                .idps
                .get(at)
                .map_or_else(String::new, |(name, _)| name.clone());
        }
        let name = match &idp.name {
            Some(name) => self.idp_names.give(name.as_str()),
            None => self.idp_names.give(&naming::of_idp(&idp.kind)),
        };
        self.declared.idps.push((name.clone(), idp.clone()));
        name
    }

    fn position(&self, idp: &Idp) -> Option<usize> {
        let idps = || {
            self.declared
                .idps
                .iter()
                .map(|(_, known)| known)
                .enumerate()
        };
        if let Some(name) = &idp.name {
            return idps()
                .find(|(_, known)| known.name.as_ref() == Some(name))
                .map(|(at, _)| at);
        }
        let mut same = idps().filter(|(_, known)| {
            same_page(&known.kind, &idp.kind) && known.ca_bundle == idp.ca_bundle
        });
        match &idp.username {
            // Windows and Okta both fold the case of user names.
            Some(name) => same.find(|(_, known)| {
                known
                    .username
                    .as_ref()
                    .is_some_and(|k| k.eq_ignore_ascii_case(name))
            }),
            None => same.next(),
        }
        .map(|(at, _)| at)
    }

    fn roles(&mut self, roles: Vec<Role>) {
        let mut accounts = Given::default();
        let profiles: BTreeMap<ProfileName, usize> = roles
            .iter()
            .enumerate()
            .map(|(at, role)| (role.profile.clone(), at))
            .collect();
        for role in &roles {
            let from = match &role.from {
                From::Idp(idp) => self.idp(idp),
                From::Profile(source) => match starts_at_a_login(&roles, &profiles, source) {
                    Ok(()) => source.to_string(),
                    Err(why) => {
                        self.rest
                            .leave(&role.at, format!("[profile {}]", role.profile), why);
                        continue;
                    }
                },
            };
            self.account(role, &mut accounts);
            self.declared.roles.push(DeclaredRole {
                // A profile's name is a role's name too, and stands once.
                name: role.profile.to_string(),
                from,
                role: role.clone(),
            });
        }
    }

    /// A name for the account of a permission set, where the tool has one.
    fn account(&mut self, role: &Role, names: &mut Given) {
        let (Target::PermissionSet { account, .. }, Some(name)) =
            (&role.target, &role.account_name)
        else {
            return;
        };
        if !self
            .declared
            .accounts
            .iter()
            .any(|(_, known)| known == account)
        {
            // Digits alone would read as another account's id.
            let mut name = naming::valid(name);
            if name.bytes().all(|b| b.is_ascii_digit()) {
                name.insert_str(0, "account-");
            }
            self.declared
                .accounts
                .push((names.give(&name), account.clone()));
        }
    }

    fn repos(&mut self, repos: Vec<Repo>) {
        let mut aliases = Given::default();
        let mut seen = BTreeSet::new();
        for repo in repos {
            let role = self
                .declared
                .roles
                .iter()
                .find(|role| role.role.profile == repo.profile);
            let Some(role) = role else {
                let what = format!("the repository {}", repo.name);
                let why = format!(
                    "its profile {} is not carried over",
                    extras::shown(repo.profile.as_str())
                );
                self.rest.leave(&repo.at, what, why);
                continue;
            };
            let region = repo.region.clone().or_else(|| role.role.region.clone());
            let key = (
                repo.name.to_string(),
                repo.profile.clone(),
                region.clone(),
                repo.endpoint.clone(),
            );
            if !seen.insert(key) {
                continue;
            }
            let role = role.name.clone();
            // A second one of that name is another region's or account's, most often.
            let mut alias = repo.name.to_string();
            if !aliases.take(&alias) {
                let apart = region.map_or_else(|| role.clone(), |region| region.to_string());
                alias = aliases.give(&format!("{alias}-{apart}"));
            }
            self.declared.repos.push((alias, role, repo));
        }
    }
}

/// Whether a chain of sources ends at a login that is carried over.
fn starts_at_a_login(
    roles: &[Role],
    profiles: &BTreeMap<ProfileName, usize>,
    source: &ProfileName,
) -> Result<(), String> {
    let (mut here, mut steps) = (source, 0);
    loop {
        let Some(role) = profiles.get(here).and_then(|at| roles.get(*at)) else {
            return Err(format!("its source_profile {here} is not carried over"));
        };
        match &role.from {
            From::Idp(_) => return Ok(()),
            From::Profile(next) => here = next,
        }
        steps += 1;
        if steps > roles.len() {
            return Err("its source_profile leads back to it".to_owned());
        }
    }
}

#[cfg(test)]
#[path = "merge/tests.rs"]
mod tests;
