//! Helpers behind ours in git's configuration: a git before 2.46 knows pairs alone, and tells every
//! helper of one that worked.

use std::ffi::OsString;
use std::path::Path;

use crate::git::behind::behind;
use crate::git::setup::{WHOLE_VALUES, is_at_least};
use crate::sys::process::{Invocation, output};

use super::Context;
use super::ask_git::git;

/// Every helper that is configured, for whatever address.
const HELPERS: &str = r"^credential\.(.*\.)?helper$";

/// Warns where one would keep a pair of this address, as git is configured in a folder. Where the
/// address holds a user name, a newer git gets a pair too.
pub(super) fn warn(context: &Context<'_>, folder: Option<&Path>, address: &str, is_named: bool) {
    // It may stand in another folder, where git was told so.
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return;
    }
    let Ok(version) = git(&["version"]) else {
        return;
    };
    let is_old = !is_at_least(&version, WHOLE_VALUES);
    if !is_old && !is_named {
        return;
    }
    let way_out = match is_old {
        true => "use git 2.46 or newer",
        false => "leave the profile out of the URL",
    };
    let mut args: Vec<OsString> = Vec::new();
    if let Some(folder) = folder {
        args.extend(["-C".into(), folder.into()]);
    }
    args.extend(["config", "--null", "--get-regexp", HELPERS].map(OsString::from));
    let listed = output(&Invocation {
        program: "git".into(),
        args,
        env: Vec::new(),
        inherits_login: false,
    });
    // Where git says no there is nothing to warn of.
    for helper in behind(&listed.unwrap_or_default(), address) {
        // A script of somebody's own may hold a password.
        let helper = helper.split_whitespace().next().unwrap_or_default();
        context.ui.warn(&format!(
            "git's helper {helper:?} comes after fedgit's, and this git ({}) tells it of every pair \
             that worked, the session token among it; git-credential-store writes that to disk. Take \
             it out, name it before fedgit's, or {way_out}",
            version.trim_start_matches("git version ")
        ));
    }
}
