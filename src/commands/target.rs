//! What a `codecommit://` URL comes to: who signs, for which region, where; and why. Nobody's
//! credentials are asked for.

use crate::cli::report::Failure;
use crate::config::{Selection, Watched, env as names, origins};
use crate::credentials::Own;
use crate::credentials::existing::NoWay;
use crate::git::choice::{Reason, Signer, choose};
use crate::git::remembered::{Target, projects};
use crate::git::{Place, RemoteUrl};
use crate::model::{Model, ProfileName, Region, Repo};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::private;

use super::served::{self, Whose};
use super::wired;

/// A target with what it rests on.
pub(super) struct Resolved {
    pub(super) target: Target,
    /// Why this signer.
    pub(super) reason: Reason,
    /// What says which region.
    pub(super) region_by: String,
    /// What must stay as it is for the same URL to come to the same; `None` where a project's file
    /// had a say, or another directory would find another one.
    pub(super) watched: Option<Vec<Watched>>,
}

/// Resolves a URL.
pub(super) fn resolve(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    url: &RemoteUrl,
) -> Result<Resolved, Failure> {
    // Before anything is read: a file that changes meanwhile is then seen as changed.
    let own = Own::default();
    let watched = watched(env, paths, selection, url, &own);
    let everywhere = wired::endpoint(env)?;
    let around_region = served::region(env)?;
    let (signer, reason) = signer(env, paths, selection, url, &own)?;
    let Signer::Profile(profile) = &signer else {
        let region = url.region.clone().map(|region| (region, by_url()));
        let (region, region_by) = region
            .or_else(|| by_variable(around_region))
            .ok_or_else(|| Failure::no_own_region("default"))?;
        let target = Target {
            place: place(env, None, everywhere.as_ref(), &region, url),
            signer,
            region,
            flags: Vec::new(),
        };
        return Ok(Resolved {
            target,
            reason,
            region_by,
            watched,
        });
    };
    match served::whose(env, paths, selection, profile, &own)? {
        Some(Whose::Declared(loaded)) => {
            let model = loaded.model;
            let Some(declared) = model.profiles.get(profile) else {
                return Err(unknown(env, &own, Some(&model), profile));
            };
            let repo = repo(&model, profile, url);
            let (region, region_by) = match (&url.region, &repo) {
                (Some(region), _) => (region.clone(), by_url()),
                (None, Some(repo)) => (repo.region.clone(), format!("[repo.{}]", repo.alias)),
                (None, None) => {
                    // Not the environment's: it may be another role's, inside of `fedgit exec`.
                    let by = format!("[role.{}]", declared.role);
                    (declared.region.clone(), by)
                }
            };
            let flags = wired::flags(env, paths, selection, declared)?;
            let target = Target {
                place: place(env, repo.as_ref(), everywhere.as_ref(), &region, url),
                region,
                flags: wired::flag_words(&flags),
                signer,
            };
            Ok(Resolved {
                target,
                reason,
                region_by,
                watched: watched.filter(|_| loaded.watched.is_some()),
            })
        }
        Some(Whose::Own(region)) => {
            let here = || region_of(profile, region.as_deref());
            let region = url.region.clone().map(|region| (region, by_url()));
            let (region, region_by) = match region.or_else(|| by_variable(around_region)) {
                Some(found) => found,
                None => here()?.ok_or_else(|| Failure::no_own_region(profile.as_str()))?,
            };
            // As far as can be told without running or asking anything.
            own.leads(env, profile).map_err(|why| match why {
                NoWay::Nothing(_) => Failure::no_own_credentials(profile.as_str()),
                why => Failure::message(&format!("no credentials for profile {profile}: {why}"))
                    .hint(why.hint()),
            })?;
            let target = Target {
                place: place(env, None, everywhere.as_ref(), &region, url),
                signer,
                region,
                flags: Vec::new(),
            };
            Ok(Resolved {
                target,
                reason,
                region_by,
                watched,
            })
        }
        None if reason == Reason::Default => {
            // As for somebody who has configured nothing at all.
            match url.region.is_some() || around_region.is_some() {
                true => Err(Failure::no_own_credentials("default")),
                false => Err(Failure::no_own_region("default")),
            }
        }
        None => {
            let loaded = served::load(env, paths, selection)?;
            let model = loaded.as_ref().map(|loaded| &loaded.model);
            Err(unknown(env, &own, model, profile))
        }
    }
}

/// Who signs, where the URL does not say.
fn signer(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    url: &RemoteUrl,
    own: &Own,
) -> Result<(Signer, Reason), Failure> {
    if let Some(profile) = &url.profile {
        return Ok((Signer::Profile(profile.clone()), Reason::Named));
    }
    let loaded = served::load(env, paths, selection)?;
    let empty = Model::default();
    let model = loaded.as_ref().map_or(&empty, |loaded| &loaded.model);
    // What an untrusted project file declares decides nothing.
    let named = model.repos_named(&url.repo);
    let repos = named.iter().filter(|repo| {
        repo.trusted
            && url
                .region
                .as_ref()
                .is_none_or(|region| *region == repo.region)
    });
    let default = || is_there(env, own, model, "default");
    let around = served::around(env)?;
    let profiles = || served::own_profiles(env, paths, selection);
    let chosen = choose(None, repos, &around, profiles, default);
    match chosen {
        Some(chosen) => Ok(chosen),
        // Which is not there: the messages are then about it, as git-remote-codecommit's are.
        None => {
            let default = "default".parse();
            let default =
                default.map_err(|e: crate::model::BadName| Failure::message(&e.to_string()))?;
            Ok((Signer::Profile(default), Reason::Default))
        }
    }
}

/// Whether anybody has a profile of that name.
pub(super) fn is_there(env: &Env, own: &Own, model: &Model, name: &str) -> bool {
    let known = |name: ProfileName| own.known(env, &name).ok().flatten().is_some();
    model.profiles.contains_key(name) || name.parse().is_ok_and(known)
}

/// The declaration of this very repository, for its endpoint and region.
fn repo(model: &Model, profile: &ProfileName, url: &RemoteUrl) -> Option<Repo> {
    model.repos_named(&url.repo).into_iter().find(|repo| {
        repo.profile == *profile
            && url
                .region
                .as_ref()
                .is_none_or(|region| *region == repo.region)
    })
}

fn place(
    env: &Env,
    repo: Option<&Repo>,
    everywhere: Option<&url::Url>,
    region: &Region,
    url: &RemoteUrl,
) -> Place {
    let endpoint = repo.and_then(|repo| repo.endpoint.as_ref()).or(everywhere);
    match endpoint {
        Some(endpoint) => Place::at(endpoint, url.repo.clone()),
        None if env.switch(names::AWS_USE_FIPS_ENDPOINT) => {
            Place::by_fips(region, url.repo.clone())
        }
        None => Place::in_region(region, url.repo.clone()),
    }
}

fn by_url() -> String {
    "the URL".to_owned()
}

fn by_variable(named: Option<(&'static str, Region)>) -> Option<(Region, String)> {
    named.map(|(name, region)| (region, name.to_owned()))
}

fn region_of(
    profile: &ProfileName,
    text: Option<&str>,
) -> Result<Option<(Region, String)>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let region: Region = text.parse().map_err(|e: crate::model::BadName| {
        Failure::message(&format!(
            "the profile {profile} has a region that is none: {e}"
        ))
    })?;
    Ok(Some((region, format!("the profile {profile}"))))
}

fn unknown(env: &Env, own: &Own, model: Option<&Model>, profile: &ProfileName) -> Failure {
    let mut known = own.names(env).unwrap_or_default();
    for name in model.into_iter().flat_map(|model| model.profiles.keys()) {
        if !known.iter().any(|known| known == name.as_str()) {
            known.push(name.to_string());
        }
    }
    Failure::unknown_profile(profile.as_str(), &known)
}

/// The stamps of everything that the same URL would be resolved from again.
fn watched(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    url: &RemoteUrl,
    own: &Own,
) -> Option<Vec<Watched>> {
    let anywhere = Selection {
        no_walk: true,
        ..selection.clone()
    };
    let mut watched = own.watched(env)?;
    for origin in origins(env, paths, &anywhere).ok()? {
        let path = origin.path()?.to_owned();
        let stamp = private::stamp(&path).ok()?;
        watched.push(Watched { path, stamp });
    }
    // The named path too: a link may lead elsewhere tomorrow.
    if let Some(path) = selection.clone().with_environment(env).config {
        let stamp = private::stamp(&path).ok()?;
        watched.push(Watched { path, stamp });
    }
    if url.profile.is_none() {
        let projects = projects()?;
        // One that is there may be the user's own; that a link leads to it is not worth remembering.
        if projects.iter().any(|project| project.stamp.is_some()) {
            return None;
        }
        watched.extend(projects);
    }
    Some(watched)
}
