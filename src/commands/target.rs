//! What a `codecommit://` URL comes to: who signs, for which region, where; and why. Nobody's
//! credentials are asked for.

use crate::cli::report::Failure;
use crate::config::Watched;
use crate::credentials::existing::NoWay;
use crate::git::choice::{Reason, Signer, choose};
use crate::git::place::Everywhere;
use crate::git::remembered::Target;
use crate::git::{Place, RemoteUrl};
use crate::model::{Model, ProfileName, Region, Repo};

use super::asked::trusted;
use super::served::{Served, Told, Whose};
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
pub(super) fn resolve(served: &Served<'_>, url: &RemoteUrl) -> Result<Resolved, Failure> {
    // Before anything is read.
    let watched = served.watched(url.profile.is_none());
    let (signer, reason) = signer(served, url)?;
    let resolved =
        |place, (region, region_by): Told, flags, watched: Option<Vec<Watched>>| Resolved {
            target: Target {
                signer: signer.clone(),
                region,
                place,
                flags,
            },
            reason: reason.clone(),
            region_by,
            watched: watched.map(|watched| served.with_discovered(watched)),
        };
    let by_url = url.region.clone().map(|region| (region, "the URL".into()));
    let Signer::Profile(profile) = &signer else {
        served.keys_are_whole()?;
        let told = match by_url {
            Some(told) => Some(told),
            None => served.region_of_keys()?,
        };
        let told = told.ok_or_else(|| Failure::no_own_region("default"))?;
        let place = place(served, None, &told.0, url)?;
        return Ok(resolved(place, told, Vec::new(), watched));
    };
    match served.whose(profile)? {
        Some(Whose::Declared(loaded)) => {
            let model = &loaded.model;
            let Some(declared) = model.profiles.get(profile) else {
                return Err(served.unknown(profile));
            };
            let repo = repo(model, profile, url);
            let told = by_url.unwrap_or_else(|| match &repo {
                Some(repo) => (repo.region.clone(), format!("[repo.{}]", repo.alias)),
                // Not the environment's: it may be another role's, inside of `fedgit exec`.
                None => (declared.region.clone(), format!("[role.{}]", declared.role)),
            });
            let flags = wired::flags(served.env, served.paths, served.selection, declared)?;
            let flags = wired::flag_words(&flags);
            let place = place(served, repo.as_ref(), &told.0, url)?;
            let watched = watched.filter(|_| loaded.watched.is_some());
            Ok(resolved(place, told, flags, watched))
        }
        Some(Whose::Own(region)) => {
            let told = match by_url {
                Some(told) => Some(told),
                None => served.region_of_own(profile, region.as_deref())?,
            };
            let told = told.ok_or_else(|| Failure::no_own_region(profile.as_str()))?;
            // As far as can be told without running or asking anything.
            served
                .own
                .leads(served.env, profile)
                .map_err(|why| match why {
                    NoWay::Nothing(_) => Failure::no_own_credentials(profile.as_str()),
                    why => {
                        let text = format!("no credentials for profile {profile}: {why}");
                        Failure::message(&text).hint(why.hint())
                    }
                })?;
            let place = place(served, None, &told.0, url)?;
            Ok(resolved(place, told, Vec::new(), watched))
        }
        None if reason == Reason::Default => Err(nobody(served, url)?),
        None => Err(served.unknown(profile)),
    }
}

/// Who signs, where the URL does not say.
fn signer(served: &Served<'_>, url: &RemoteUrl) -> Result<(Signer, Reason), Failure> {
    if let Some(profile) = &url.profile {
        return Ok((Signer::Profile(profile.clone()), Reason::Named));
    }
    let named = served.model()?.repos_named(&url.repo);
    let repos = trusted(&named).filter(|repo| {
        url.region
            .as_ref()
            .is_none_or(|region| *region == repo.region)
    });
    let chosen = choose(
        None,
        repos,
        served.around(),
        || served.own_profiles(),
        || served.is_there("default"),
    )?;
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

/// That nothing says who signs.
fn nobody(served: &Served<'_>, url: &RemoteUrl) -> Result<Failure, Failure> {
    let model = served.model()?;
    if !model.profiles.is_empty() {
        let repo = url.repo.as_str();
        let named = model.repos_named(&url.repo);
        // Without a region in the URL each of them would have decided it.
        let elsewhere: Vec<String> = trusted(&named)
            .map(|repo| format!("[repo.{}] is for {}", repo.alias, repo.region))
            .collect();
        if let (Some(region), false) = (&url.region, elsewhere.is_empty()) {
            let here = format!("in {region}");
            return Ok(Failure::no_signer_here(repo, &here, &elsewhere));
        }
        let others = model.repos.values();
        let others = others.flat_map(|other| [other.name.as_str(), other.alias.as_str()]);
        return Ok(Failure::no_signer(
            repo,
            others.filter(|name| *name != repo),
        ));
    }
    // As for somebody who has configured nothing at all.
    Ok(match url.region {
        Some(_) => Failure::no_own_credentials("default"),
        None if served.region_by_variable()?.is_some() => Failure::no_own_credentials("default"),
        None => Failure::no_own_region("default"),
    })
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
    served: &Served<'_>,
    repo: Option<&Repo>,
    region: &Region,
    url: &RemoteUrl,
) -> Result<Place, Failure> {
    let own = repo.and_then(|repo| repo.endpoint.as_ref());
    // A variable that is no use is no harm where nobody needs it.
    let everywhere = match own {
        Some(_) => Everywhere::default(),
        None => wired::everywhere(served.env)?,
    };
    Ok(everywhere.place(own, region, url.repo.clone()))
}
