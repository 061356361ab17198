//! What the git commands share: where a repository is served and how git is told whom to ask.

use std::path::{Path, PathBuf};

use url::Url;

use crate::cli::report::Failure;
use crate::config::{Selection, env as names};
use crate::git::place::Everywhere;
use crate::git::{Place, Signer, place, wiring};
use crate::model::{Model, Profile, Region, Repo, is_loopback};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::programs::program;

/// What the environment says of where all repositories are.
pub(super) fn everywhere(env: &Env) -> Result<Everywhere, Failure> {
    Ok(Everywhere {
        endpoint: endpoint(env)?,
        fips: env.switch(names::AWS_USE_FIPS_ENDPOINT),
    })
}

/// The endpoint that it names for every repository.
fn endpoint(env: &Env) -> Result<Option<Url>, Failure> {
    let read = |variable| match env.text(variable) {
        None => Ok(None),
        Some(text) => place::endpoint(&text)
            .map(Some)
            .map_err(|why| Failure::variable(variable, &why)),
    };
    if let Some(url) = read(names::CODE_COMMIT_ENDPOINT)? {
        return Ok(Some(url));
    }
    // AWS serves git elsewhere than the API that this variable names. An emulator on this machine
    // serves both in one place.
    Ok(read(names::AWS_ENDPOINT_URL_CODECOMMIT)?.filter(is_loopback))
}

/// git's settings for one repository.
pub(super) fn settings(
    env: &Env,
    program: &Path,
    flags: &[String],
    place: &Place,
    signer: &Signer,
    region: &Region,
) -> Vec<(String, String)> {
    let ca_bundle = ca_bundle(env);
    let wired = wiring::Wiring {
        program,
        selection: flags,
        signer,
        region,
        ca_bundle: ca_bundle.as_deref(),
    };
    wiring::settings(place, &wired)
}

/// The certificate authorities that git is told of.
pub(super) fn ca_bundle(env: &Env) -> Option<PathBuf> {
    // git reads its own variable for the same purpose, and that one wins.
    let own = env.os("GIT_SSL_CAINFO").is_some();
    let ca_bundle = env.path(names::AWS_CA_BUNDLE).filter(|_| !own);
    ca_bundle.and_then(|path| std::path::absolute(path).ok())
}

/// git's settings for the hosts of all repositories that are declared by patterns.
pub(super) fn groups(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    model: &Model,
) -> Result<Vec<(String, String)>, Failure> {
    let everywhere = everywhere(env)?;
    let mut settings = Vec::new();
    for group in model.repo_groups.values().filter(|group| group.trusted) {
        let (Some(profile), Ok(any)) = (model.profiles.get(&group.profile), "any".parse()) else {
            continue;
        };
        let place = place::of_repo(&group.repo(any), &everywhere);
        let flags = flag_words(&flags(env, paths, selection, profile)?);
        let (program, ca_bundle) = (own_program()?, ca_bundle(env));
        let ours = place::codecommit_region(&place.host).is_some();
        let host = (!ours).then_some(place.host.as_str());
        settings.extend(wiring::host_settings(
            &place.origin,
            host,
            &program,
            &flags,
            ca_bundle.as_deref(),
        ));
    }
    Ok(settings)
}

/// git's settings for CodeCommit's own hosts, whichever repository is meant.
pub(super) fn hosts(
    env: &Env,
    selection: &Selection,
    hosts: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    let flags = selection_words(env, selection)?;
    let (program, ca_bundle) = (own_program()?, ca_bundle(env));
    let of = |host: &String| {
        let origin = format!("https://{host}");
        wiring::host_settings(&origin, None, &program, &flags, ca_bundle.as_deref())
    };
    Ok(hosts.iter().flat_map(of).collect())
}

/// The flags that select the same configuration from any directory.
pub(super) fn selection_words(env: &Env, selection: &Selection) -> Result<Vec<String>, Failure> {
    let selection = selection.clone().with_environment(env);
    let words = selection.flags().into_iter().map(|(flag, path)| {
        let path = std::path::absolute(path).map_err(|e| Failure::file("find", path, &e))?;
        Ok([flag.to_owned(), path.display().to_string()])
    });
    Ok(words.collect::<Result<Vec<_>, Failure>>()?.concat())
}

/// Where a declared repository is served, and git's settings for it.
pub(super) fn repo(
    env: &Env,
    flags: &[String],
    repo: &Repo,
) -> Result<(Place, Vec<(String, String)>), Failure> {
    let place = place::of_repo(repo, &everywhere(env)?);
    let settings = settings(
        env,
        &own_program()?,
        flags,
        &place,
        &Signer::Profile(repo.profile.clone()),
        &repo.region,
    );
    Ok((place, settings))
}

/// The absolute path of `fedgit`, as it goes into files.
pub(super) fn own_program() -> Result<PathBuf, Failure> {
    program().map_err(|e| Failure::own_path(&e))
}

/// The flags that make fedgit read the same configuration again from any directory and with any
/// environment, for a profile.
pub(super) fn flags(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    profile: &Profile,
) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    // Links unresolved: whoever manages the file by one leads it elsewhere tomorrow.
    let absolute =
        |path: &Path| std::path::absolute(path).map_err(|e| Failure::file("find", path, &e));
    let selection = selection.clone().with_environment(env);
    if let Some(config) = &selection.config {
        return Ok(vec![("--config", absolute(config)?)]);
    }
    // Always: the line must mean the same wherever XDG_CONFIG_HOME or HOME lead its caller.
    let mut flags = Vec::new();
    let user = selection.user.clone().or_else(|| paths.user_config());
    if let Some(user) = user.filter(|user| user.is_file()) {
        flags.push(("--user", absolute(&user)?));
    }
    let known = [
        paths.user_config(),
        selection.user.clone(),
        Some(paths.system_config()),
    ];
    let declared = profile.declared_in.as_ref();
    if let Some(project) = declared.filter(|path| !known.contains(&Some((*path).clone()))) {
        flags.push(("--project", absolute(project)?));
    }
    Ok(flags)
}

/// The same as words.
pub(super) fn flag_words(flags: &[(&'static str, PathBuf)]) -> Vec<String> {
    flags
        .iter()
        .flat_map(|(flag, path)| [(*flag).to_owned(), path.display().to_string()])
        .collect()
}
