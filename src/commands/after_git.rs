//! Whose credentials were to sign, told where git failed: git names an address and a number, and not
//! whose credentials it had.

use std::process::ExitStatus;

use crate::config::Loaded;
use crate::git::Signer;
use crate::model::{ProfileName, Region, RepoName, Store};

use super::Context;
use super::served::{Served, Whose};

/// What git ends with where it gives up: on an answer of the server's, and on much else that it cannot get
/// over; not where it says no itself, as to a push that is no fast-forward.
const GAVE_UP: i32 = 128;

/// Whether there may be something to say.
pub(super) fn gave_up(status: ExitStatus) -> bool {
    status.code() == Some(GAVE_UP)
}

/// What to say beneath git's own words. Whether it was CodeCommit that said no only those tell, so what a
/// no means is told for each.
pub(super) fn told(
    context: &Context<'_>,
    (signer, region, repo): (&Signer, &Region, &RepoName),
) -> String {
    let elsewhere = "get new ones where those come from".to_owned();
    let (who, renewal) = match signer {
        Signer::Environment => ("a key in the environment".to_owned(), elsewhere),
        Signer::Profile(profile) => {
            // Whatever is wrong with the configuration was told before, or is not what failed.
            let silent = |_: &str| {};
            let (paths, selection) = (&context.paths, &context.selection);
            let served = Served::new(context.env, paths, selection, &silent);
            match served.whose(profile) {
                Ok(Some(Whose::Declared(loaded))) => {
                    let declared = loaded.model.profiles.get(profile.as_str());
                    let role = declared.map(|declared| format!(" ({})", declared.target));
                    let who = format!("profile {profile}{}", role.unwrap_or_default());
                    let note = format!("note: {who} was to sign for {repo} in {region}");
                    match (
                        loaded.model.settings.store,
                        is_kept(context, loaded, profile),
                    ) {
                        // None were handed out, so nothing was refused.
                        (Store::File, Some(false)) => {
                            return format!(
                                "{note}\n  help: no credentials of it are at hand; to get some, or to \
                                 hear why there are none: fedgit whoami {profile}"
                            );
                        }
                        (Store::None, _) => (who, "the same again has new ones".to_owned()),
                        _ => (who, format!("to have new ones: fedgit logout {profile}")),
                    }
                }
                _ => (format!("profile {profile}"), elsewhere),
            }
        }
    };
    format!(
        "note: {who} was to sign for {repo} in {region}\n  \
         help: where git says 403, it may not, or its credentials ended meanwhile or were revoked; \
         {renewal}. Where git says not found (404), its account has no {repo} there"
    )
}

/// Whether the cache has credentials of a profile; `None` where that cannot be told.
fn is_kept(context: &Context<'_>, loaded: &Loaded, profile: &ProfileName) -> Option<bool> {
    let silent = |_: &str| {};
    let broker = context.broker(&loaded.model, &silent).ok()?;
    Some(broker.cached(profile.as_str()).ok()?.is_some())
}
