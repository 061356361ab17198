//! Names that complete what somebody types: as the layered configuration declares them, and nothing
//! where it cannot be read. Nobody is asked for anything.

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::config::{self, Selection};
use crate::git::place;
use crate::model::Model;
use crate::sys::env::Env;
use crate::sys::paths::Paths;

fn of(names: fn(&Model) -> Vec<(String, String)>) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let env = Env::real();
        let loaded = config::load(&env, &Paths::new(&env), &Selection::default());
        let mut names = loaded
            .map(|loaded| names(&loaded.model))
            .unwrap_or_default();
        names.sort();
        names.dedup_by(|a, b| a.0 == b.0);
        let candidate =
            |(name, help): (String, String)| CompletionCandidate::new(name).help(Some(help.into()));
        names.into_iter().map(candidate).collect()
    })
}

/// Aliases of repositories.
pub(super) fn repositories() -> ArgValueCandidates {
    of(|model| {
        let repos = model.repos.values();
        let alias = |repo: &crate::model::Repo| {
            let help = format!("{} in {} as {}", repo.name, repo.region, repo.profile);
            (repo.alias.to_string(), help)
        };
        repos.map(alias).collect()
    })
}

/// Profiles.
pub(super) fn profiles() -> ArgValueCandidates {
    of(profile_names)
}

/// Declared roles.
pub(super) fn declared_roles() -> ArgValueCandidates {
    of(role_names)
}

/// Roles and profiles.
pub(super) fn roles() -> ArgValueCandidates {
    of(|model| [profile_names(model), role_names(model)].concat())
}

/// Identity providers, roles and profiles.
pub(super) fn owners() -> ArgValueCandidates {
    of(|model| {
        let idps = model.idps.keys();
        let idps = idps.map(|name| (name.to_string(), "an identity provider".to_owned()));
        [idps.collect(), profile_names(model), role_names(model)].concat()
    })
}

/// Regions: those of the configuration and those that have CodeCommit.
pub(super) fn regions() -> ArgValueCandidates {
    of(|model| {
        let own = model.profiles.values();
        let own = own.map(|profile| (profile.region.to_string(), "of a role".to_owned()));
        let all = place::regions().map(|region| (region.to_string(), "has CodeCommit".to_owned()));
        own.chain(all).collect()
    })
}

fn profile_names(model: &Model) -> Vec<(String, String)> {
    let profiles = model.profiles.values();
    let name = |profile: &crate::model::Profile| {
        let help = format!("a profile of the role {}", profile.role);
        (profile.name.to_string(), help)
    };
    profiles.map(name).collect()
}

fn role_names(model: &Model) -> Vec<(String, String)> {
    let profiles = model.profiles.values();
    let name = |profile: &crate::model::Profile| (profile.role.to_string(), "a role".to_owned());
    profiles.map(name).collect()
}
