//! What a question of git's about an https address comes to: who signs, for which region; and why.

use crate::cli::report::Failure;
use crate::git::choice::{Reason, Signer, choose};
use crate::git::helper::Wanted;
use crate::git::line::Line;
use crate::git::place::{codecommit_region, of_repo};
use crate::model::{ProfileName, Repo};

use super::served::{Served, Told, Whose};
use super::wired;

/// Who signs for a question.
pub(super) struct Chosen {
    pub(super) signer: Signer,
    pub(super) reason: Reason,
    /// For which region, and what says so; `None` where nothing does.
    pub(super) region: Option<Told>,
}

/// Who signs; `None` where nothing says so. `username` is the one in the URL.
pub(super) fn chosen(
    served: &Served<'_>,
    line: &Line,
    username: Option<&str>,
    wanted: &Wanted,
) -> Result<Option<Chosen>, Failure> {
    let (signer, reason) = match (&line.profile, line.environment) {
        (Some(profile), _) => (Signer::Profile(profile.clone()), Reason::Line),
        (None, true) => (Signer::Environment, Reason::Line),
        (None, false) => match by_rule(served, username, wanted)? {
            Some(chosen) => chosen,
            None => return Ok(None),
        },
    };
    let region = match by_address(line, wanted) {
        Some(told) => Some(told),
        None => region(served, &signer, wanted)?,
    };
    Ok(Some(Chosen {
        signer,
        reason,
        region,
    }))
}

/// The region, whoever signs. The host tells it, and wins: a signature for another region is refused
/// anyway.
pub(super) fn by_address(line: &Line, wanted: &Wanted) -> Option<Told> {
    let by_host = wanted.region.clone().map(|r| (r, "the host".to_owned()));
    let by_line = line.region.clone();
    let by_line = by_line.map(|r| (r, "the helper's line in git's configuration".to_owned()));
    by_host.or(by_line)
}

/// Whose the profile is that signs.
pub(super) fn whose<'s>(
    served: &'s Served<'_>,
    profile: &ProfileName,
) -> Result<Whose<'s>, Failure> {
    served
        .whose(profile)?
        .ok_or_else(|| served.unknown(profile))
}

/// That nothing says who signs.
pub(super) fn nobody(served: &Served<'_>, wanted: &Wanted) -> Result<Failure, Failure> {
    let (model, repo) = (served.model()?, wanted.repo.as_str());
    // None of them is for this host.
    let named = model.repos_named(&wanted.repo);
    let everywhere = wired::everywhere(served.env).unwrap_or_default();
    let elsewhere: Vec<String> = trusted(&named)
        .map(|repo| {
            let (alias, region) = (&repo.alias, &repo.region);
            let host = of_repo(repo, &everywhere).host;
            format!("[repo.{alias}] is for {host} ({region})")
        })
        .collect();
    if !elsewhere.is_empty() {
        let here = format!("at {}", wanted.host);
        return Ok(Failure::no_signer_here(repo, &here, &elsewhere));
    }
    let others = model.repos.values().map(|repo| repo.name.as_str());
    Ok(Failure::no_signer(
        repo,
        others.filter(|name| *name != repo),
    ))
}

/// What an untrusted project file declares decides nothing.
pub(super) fn trusted(repos: &[Repo]) -> impl Iterator<Item = &Repo> {
    repos.iter().filter(|repo| repo.trusted)
}

fn by_rule(
    served: &Served<'_>,
    username: Option<&str>,
    wanted: &Wanted,
) -> Result<Option<(Signer, Reason)>, Failure> {
    // The user name in the URL is a profile, where there is one of that name.
    let named = match username {
        Some(name) if served.is_there(name)? => name.parse::<ProfileName>().ok(),
        _ => None,
    };
    let model = served.model()?;
    choose(
        named.as_ref(),
        fitting(served, &model.repos_named(&wanted.repo), wanted),
        served.around(),
        || served.own_profiles(),
        || served.is_there("default"),
    )
}

/// The declarations of the repository at this host.
fn fitting<'r>(served: &Served<'_>, repos: &'r [Repo], wanted: &Wanted) -> Vec<&'r Repo> {
    // Where a variable names no host, nobody was sent to it.
    let everywhere = wired::everywhere(served.env).unwrap_or_default();
    let host_region = codecommit_region(&wanted.host);
    let fits = |repo: &&Repo| {
        let place = of_repo(repo, &everywhere);
        // Another name of the same service: FIPS, a VPC endpoint.
        let elsewhere = repo.endpoint.is_none() && host_region.as_ref() == Some(&repo.region);
        place.host == wanted.host || elsewhere
    };
    trusted(repos).filter(fits).collect()
}

/// The region, where neither the host nor the line says it.
fn region(served: &Served<'_>, signer: &Signer, wanted: &Wanted) -> Result<Option<Told>, Failure> {
    let Signer::Profile(profile) = signer else {
        return served.region_of_keys();
    };
    let repos = served.model()?.repos_named(&wanted.repo);
    let repos = fitting(served, &repos, wanted);
    if let Some(repo) = repos.into_iter().find(|repo| repo.profile == *profile) {
        return Ok(Some((
            repo.region.clone(),
            format!("[repo.{}]", repo.alias),
        )));
    }
    match whose(served, profile)? {
        Whose::Declared(loaded) => {
            let declared = loaded.model.profiles.get(profile);
            Ok(declared.map(|p| (p.region.clone(), format!("[role.{}]", p.role))))
        }
        Whose::Own(region) => served.region_of_own(profile, region.as_deref()),
    }
}
