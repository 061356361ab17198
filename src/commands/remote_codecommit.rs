//! git's remote helper for `codecommit://[PROFILE@]REPO`.
//!
//! It says where the repository is and becomes git's own https helper, told to ask fedgit for
//! credentials over the credential-helper pipe. It holds no secret itself, and needs none until the
//! server asks.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::cli::ui::Ui;
use crate::config::{self, Selection, env as names};
use crate::git::remote::RemoteUrl;
use crate::git::{Place, wiring};
use crate::model::{Model, Profile, ProfileName, Region, Repo};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::process::{self, Invocation};
use crate::sys::programs;

use super::wired;

/// What the remote comes down to.
struct Target {
    profile: ProfileName,
    region: Region,
    place: Place,
    flags: Vec<String>,
}

/// `git-remote-codecommit REMOTE URL`.
///
/// # Errors
/// Whatever comes before git's own helper; its exit code is git's business.
pub fn run(env: &Env, paths: &Paths, ui: &Ui, args: &[OsString]) -> Result<Exit, Failure> {
    let (remote, url) = match args {
        [_, remote, url] => (remote, url.to_string_lossy()),
        [_, version] if version == "--version" => {
            ui.data(concat!(
                "git-remote-codecommit ",
                env!("CARGO_PKG_VERSION"),
                "\n"
            ))?;
            return Ok(Exit::Done);
        }
        [] | [_] | [_, _] => {
            return Err(Failure::message(
                "too few arguments: this is git's remote helper, run by git as: \
                 git-remote-codecommit REMOTE URL",
            ));
        }
        _ => {
            return Err(Failure::message(
                "too many arguments: git gives a remote and a URL",
            ));
        }
    };
    let url: RemoteUrl = url.parse()?;
    let target = resolve(env, paths, &url)?;
    let program = programs::sibling("fedgit");
    let program = programs::which(env, &program).unwrap_or(program);
    let settings = wired::settings(
        env,
        &program,
        &target.flags,
        &target.place,
        &target.profile,
        &target.region,
    );
    let mut git = wiring::as_args(&settings);
    git.extend([
        OsString::from(format!("remote-{}", scheme(&target.place))),
        remote.clone(),
        target.place.to_string().into(),
    ]);
    become_git(Invocation {
        program: "git".into(),
        args: git,
        env: Vec::new(),
        // git held them before we did; its credential helper, which is ours again, may need them.
        inherits_login: true,
    })
}

fn scheme(place: &Place) -> &str {
    if place.origin.starts_with("http:") {
        "http"
    } else {
        "https"
    }
}

#[cfg(unix)]
fn become_git(invocation: Invocation) -> Result<Exit, Failure> {
    Err(process::become_program(&invocation).into())
}

#[cfg(not(unix))]
fn become_git(invocation: Invocation) -> Result<Exit, Failure> {
    Ok(process::run(&invocation)?.into())
}

/// What fedgit.toml says of the URL's profile and repository.
fn resolve(env: &Env, paths: &Paths, url: &RemoteUrl) -> Result<Target, Failure> {
    let selection = Selection::default();
    let everywhere = wired::endpoint(env)?;
    let named = match &url.profile {
        Some(profile) => Some(profile.to_string()),
        None => env.text(names::AWS_PROFILE),
    };
    let loaded = match named {
        Some(profile) => super::load_for(env, paths, &selection, &profile)?,
        None => config::load(env, paths, &selection)?,
    };
    let model = loaded.model;
    let name = profile_name(env, &model, url)?;
    let Some(profile) = model.profiles.get(&name) else {
        return Err(unknown_profile(paths, &model, &name));
    };
    let repo = declared(&model, profile, url);
    let region = url
        .region
        .clone()
        .or_else(|| repo.map(|repo| repo.region.clone()))
        .unwrap_or_else(|| profile.region.clone());
    let endpoint = repo
        .and_then(|repo| repo.endpoint.as_ref())
        .or(everywhere.as_ref());
    let place = match endpoint {
        Some(endpoint) => Place::at(endpoint, url.repo.clone()),
        None => Place::in_region(&region, url.repo.clone()),
    };
    let flags = wired::flag_words(&wired::flags(env, paths, &selection, profile)?);
    Ok(Target {
        profile: name,
        region,
        place,
        flags,
    })
}

/// The URL's profile, else `AWS_PROFILE`, else that of the one declared repository of this name,
/// else `default`.
fn profile_name(env: &Env, model: &Model, url: &RemoteUrl) -> Result<ProfileName, Failure> {
    if let Some(profile) = &url.profile {
        return Ok(profile.clone());
    }
    if let Some(text) = env.text(names::AWS_PROFILE) {
        return text.parse().map_err(|e: crate::model::BadName| {
            Failure::variable(names::AWS_PROFILE, &e.to_string())
        });
    }
    let mut declared = model
        .repos
        .values()
        .filter(|repo| repo.trusted && repo.name == url.repo);
    if let (Some(only), None) = (declared.next(), declared.next()) {
        return Ok(only.profile.clone());
    }
    "default"
        .parse()
        .map_err(|e: crate::model::BadName| Failure::message(&e.to_string()))
}

/// The declaration of this very repository, for its endpoint and region.
fn declared<'m>(model: &'m Model, profile: &Profile, url: &RemoteUrl) -> Option<&'m Repo> {
    model.repos.values().find(|repo| {
        repo.name == url.repo
            && repo.profile == profile.name
            && url
                .region
                .as_ref()
                .is_none_or(|region| *region == repo.region)
    })
}

fn unknown_profile(paths: &Paths, model: &Model, name: &ProfileName) -> Failure {
    let known = model.profiles.keys().map(ProfileName::as_str);
    let aws_config = paths.aws_config().unwrap_or_default();
    Failure::unknown_profile(name.as_str(), known, Path::new(&aws_config))
}
