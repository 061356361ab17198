//! Whose a profile is that git's helpers are asked for, and what the environment says to them.

use crate::cli::report::Failure;
use crate::config::{self, ConfigError, Loaded, Selection, env as names};
use crate::credentials::Own;
use crate::git::choice::Around;
use crate::model::{ProfileName, Region};
use crate::sys::env::Env;
use crate::sys::paths::Paths;

/// Where a profile is served from.
pub(super) enum Whose {
    /// fedgit.toml declares it.
    Declared(Box<Loaded>),
    /// `~/.aws/config` or `~/.aws/credentials` has it, with this region.
    Own(Option<String>),
}

/// Whose a profile is; `None` where nobody has it.
///
/// A project's file comes last: git runs its helpers in the clone, and a file that came with it is
/// not to take the place of a profile that the user has. A profile that fedgit wrote for a project
/// comes after that project's own file, by the line that stands in it.
pub(super) fn whose(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    profile: &ProfileName,
    own: &Own,
) -> Result<Option<Whose>, Failure> {
    let anywhere = Selection {
        no_walk: true,
        ..selection.clone()
    };
    if let Some(loaded) = declared(env, paths, &anywhere, profile)? {
        return Ok(Some(loaded));
    }
    let known = own
        .known(env, profile)
        .map_err(|e| Failure::message(&e.to_string()).hint(e.hint()))?;
    if let Some(known) = known.as_ref().filter(|known| !known.ours) {
        return Ok(Some(Whose::Own(known.region.clone())));
    }
    if let Some(loaded) = declared(env, paths, selection, profile)? {
        return Ok(Some(loaded));
    }
    Ok(known.map(|known| Whose::Own(known.region)))
}

fn declared(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    profile: &ProfileName,
) -> Result<Option<Whose>, Failure> {
    Ok(load(env, paths, selection)?
        .filter(|loaded| loaded.model.profiles.contains_key(profile.as_str()))
        .map(|loaded| Whose::Declared(Box::new(loaded))))
}

/// The configuration; `None` where there is none at all: whoever comes from another helper has no
/// fedgit.toml.
pub(super) fn load(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
) -> Result<Option<Loaded>, Failure> {
    match config::load(env, paths, selection) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(ConfigError::Nowhere(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The profiles that the user's own and the system's file declare: a project's file does not decide
/// who signs by being the only one to declare anybody.
pub(super) fn own_profiles(env: &Env, paths: &Paths, selection: &Selection) -> Vec<ProfileName> {
    let anywhere = Selection {
        no_walk: true,
        ..selection.clone()
    };
    let loaded = load(env, paths, &anywhere).ok().flatten();
    loaded.map_or_else(Vec::new, |loaded| {
        loaded.model.profiles.into_keys().collect()
    })
}

/// What the environment says about whose credentials to use. `AWS_DEFAULT_PROFILE` comes first, as
/// in botocore.
pub(super) fn around(env: &Env) -> Result<Around, Failure> {
    let named = [names::AWS_DEFAULT_PROFILE, names::AWS_PROFILE]
        .into_iter()
        .find_map(|name| Some((name, env.text(name)?)));
    let profile = match named {
        None => None,
        Some((name, text)) => {
            let profile: Result<ProfileName, _> = text.parse();
            Some((
                name,
                profile.map_err(|e| Failure::variable(name, &e.to_string()))?,
            ))
        }
    };
    Ok(Around {
        keys: env.os(names::AWS_ACCESS_KEY_ID).is_some(),
        profile,
    })
}

/// The region that the environment names, and by which variable.
pub(super) fn region(env: &Env) -> Result<Option<(&'static str, Region)>, Failure> {
    let named = [names::AWS_REGION, names::AWS_DEFAULT_REGION]
        .into_iter()
        .find_map(|name| Some((name, env.text(name)?)));
    let Some((name, text)) = named else {
        return Ok(None);
    };
    let region = text
        .parse()
        .map_err(|e: crate::model::BadName| Failure::variable(name, &e.to_string()))?;
    Ok(Some((name, region)))
}
