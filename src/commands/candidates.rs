//! Names that complete what somebody types: as the layered configuration declares them, and nothing
//! where it cannot be read. Nobody is asked for anything.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _,
};

use crate::config::{self, Selection};
use crate::git::place;
use crate::model::Model;
use crate::sys::env::{Env, args};
use crate::sys::paths::Paths;
use crate::sys::process::{Invocation, output};

/// Names with what to say about them.
type Names = Vec<(String, String)>;

fn of(names: fn(&Model) -> Names) -> ArgValueCandidates {
    ArgValueCandidates::new(move || candidates(declared(names)))
}

fn declared(names: fn(&Model) -> Names) -> Names {
    let env = Env::real();
    let paths = Paths::new(&env);
    let selection = selection(&line(), &paths);
    let loaded = config::load(&env, &paths, &selection);
    loaded
        .map(|loaded| names(&loaded.model))
        .unwrap_or_default()
}

fn candidates(mut names: Names) -> Vec<CompletionCandidate> {
    names.sort();
    names.dedup_by(|a, b| a.0 == b.0);
    let candidate =
        |(name, help): (String, String)| CompletionCandidate::new(name).help(Some(help.into()));
    names.into_iter().map(candidate).collect()
}

/// The line that is typed: it stands behind the first `--`.
fn line() -> Vec<OsString> {
    let mut args = args().into_iter();
    args.find(|arg| arg == "--");
    args.collect()
}

/// The files that the line names. No shell has replaced a tilde in them yet.
fn selection(line: &[OsString], paths: &Paths) -> Selection {
    let named = |flag: &str| -> Option<PathBuf> {
        let mut words = line.iter();
        let value = words.find_map(|word| {
            let text = word.to_str()?;
            match text.strip_prefix(flag)? {
                "" => Some(None),
                rest => rest
                    .strip_prefix('=')
                    .map(|value| Some(OsString::from(value))),
            }
        })?;
        let value = value.or_else(|| words.next().cloned())?;
        let below = Path::new(&value).strip_prefix("~").ok();
        let home = below.and_then(|below| paths.under_home(below.to_str()?));
        Some(home.unwrap_or_else(|| value.into()))
    };
    Selection {
        config: named("--config"),
        user: named("--user"),
        project: named("--project"),
        no_walk: false,
    }
}

/// Aliases of repositories.
pub(super) fn repositories() -> ArgValueCandidates {
    of(repository_names)
}

/// Aliases of repositories; folders for `clone --all`, whose first word is one.
pub(super) fn repositories_or_folder() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        if line().iter().any(|word| word == "--all") {
            return PathCompleter::dir().complete(typed);
        }
        let mut found = candidates(declared(repository_names));
        let typed = typed.to_string_lossy();
        found.retain(|one| {
            one.get_value()
                .to_string_lossy()
                .starts_with(typed.as_ref())
        });
        found
    })
}

fn repository_names(model: &Model) -> Names {
    let repos = model.repos.values();
    let alias = |repo: &crate::model::Repo| {
        let help = format!("{} in {} as {}", repo.name, repo.region, repo.profile);
        (repo.alias.to_string(), help)
    };
    repos.map(alias).collect()
}

/// Identity providers.
pub(super) fn idps() -> ArgValueCandidates {
    of(idp_names)
}

/// Remotes of the clone at hand, as git lists them.
pub(super) fn remotes() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let listed = output(&Invocation {
            program: "git".into(),
            args: ["config", "--get-regexp", r"^remote\..*\.url$"]
                .map(OsString::from)
                .to_vec(),
            env: Vec::new(),
            inherits_login: false,
        });
        let listed = listed.unwrap_or_default();
        let remotes = listed.lines().filter_map(|line| {
            let (key, url) = line.split_once(' ')?;
            let name = key.strip_prefix("remote.")?.strip_suffix(".url")?;
            // Somebody may have written a password into it.
            let url = url.rsplit_once('@').map_or(url, |(_, place)| place);
            Some((name.to_owned(), url.to_owned()))
        });
        candidates(remotes.collect())
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
    of(|model| [idp_names(model), profile_names(model), role_names(model)].concat())
}

fn idp_names(model: &Model) -> Names {
    let idps = model.idps.keys();
    idps.map(|name| (name.to_string(), "an identity provider".to_owned()))
        .collect()
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

fn profile_names(model: &Model) -> Names {
    let profiles = model.profiles.values();
    let name = |profile: &crate::model::Profile| {
        let help = format!("a profile of the role {}", profile.role);
        (profile.name.to_string(), help)
    };
    profiles.map(name).collect()
}

fn role_names(model: &Model) -> Names {
    let profiles = model.profiles.values();
    let name = |profile: &crate::model::Profile| (profile.role.to_string(), "a role".to_owned());
    profiles.map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_a_line_names() {
        let env = Env::fixed([("HOME", "/home/jane")]);
        let paths = Paths::new(&env);
        let config = |line: &[&str]| {
            let line: Vec<OsString> = line.iter().map(OsString::from).collect();
            selection(&line, &paths).config
        };
        for line in [
            &["fedgit", "--config", "~/f.toml", "clone", ""][..],
            &["fedgit", "clone", "--config=/home/jane/f.toml", ""],
        ] {
            assert_eq!(config(line), Some("/home/jane/f.toml".into()), "{line:?}");
        }
        for line in [
            &["fedgit", "clone", ""][..],
            &["fedgit", "config", "--configure", "x"],
            &["fedgit", "--config"],
        ] {
            assert_eq!(config(line), None, "{line:?}");
        }
    }
}
