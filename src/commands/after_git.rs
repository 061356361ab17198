//! Whose credentials were to sign, told where git failed: git names an address and a number, and not
//! whose credentials it had.

use std::process::ExitStatus;

use crate::config::Selection;
use crate::git::Signer;
use crate::model::{Region, RepoName};
use crate::sys::env::Env;
use crate::sys::paths::Paths;

use super::served::{Served, Whose};

/// What git ends with where it gives up: on an answer of the server's, and on much else that it cannot get
/// over; not where it says no itself, as to a push that is no fast-forward.
const GAVE_UP: i32 = 128;

/// Whether there may be something to say.
pub(super) fn gave_up(status: ExitStatus) -> bool {
    status.code() == Some(GAVE_UP)
}

/// What to say beneath git's own words.
pub(super) fn told(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    (signer, region, repo): (&Signer, &Region, &RepoName),
) -> String {
    let who = match signer {
        Signer::Environment => "a key in the environment".to_owned(),
        Signer::Profile(profile) => {
            // Whatever is wrong with the configuration was told before, or is not what failed.
            let silent = |_: &str| {};
            let served = Served::new(env, paths, selection, &silent);
            let role = match served.whose(profile) {
                Ok(Some(Whose::Declared(loaded))) => {
                    let declared = loaded.model.profiles.get(profile.as_str());
                    declared.map(|declared| format!(" ({})", declared.target))
                }
                _ => None,
            };
            format!("profile {profile}{}", role.unwrap_or_default())
        }
    };
    format!(
        "note: {who} was to sign for {repo} in {region}\n  \
         help: 403 says that it may not, or that its credentials ended meanwhile, and the same again \
         has new ones; 404, that its account has no {repo} there"
    )
}
