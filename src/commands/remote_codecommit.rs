//! git's remote helper for `codecommit://[PROFILE@]REPO`, in the place of the Python
//! git-remote-codecommit: the same URLs, variables and situations, told in its words.
//!
//! It says where the repository is and has git's own https helper do the rest, told to ask fedgit for
//! credentials over the credential-helper pipe. It holds no secret itself, and needs none until the
//! server asks. It waits for that helper to say who asked, should git fail: git tells that nowhere.

use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::cli::ui::Ui;
use crate::config::Selection;
use crate::git::remembered::{self, Target};
use crate::git::remote::RemoteUrl;
use crate::git::{Place, place, wiring};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::process::{Invocation, relayed};
use crate::sys::programs;

use super::served::Served;
use super::target::resolve;
use super::{Context, after_git, wired};

/// `git-remote-codecommit REMOTE URL`.
///
/// # Errors
/// Whatever comes before git's own helper; its exit code is given back.
pub fn run(env: &Env, paths: &Paths, ui: &Ui, args: &[OsString]) -> Result<Exit, Failure> {
    let (remote, text) = match args {
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
                "Too few arguments. This hook requires the git command and remote.",
            ));
        }
        _ => {
            let argv: Vec<String> = args.iter().map(|arg| format!("{arg:?}")).collect();
            return Err(Failure::message(&format!(
                "Too many arguments. Hook only accepts the git command and remote, but argv was: {}",
                argv.join(", ")
            )));
        }
    };
    let url: RemoteUrl = text.parse()?;
    let target = match remembered::recall(env, &text, &url) {
        Some(target) => target,
        None => {
            let (selection, warn) = (Selection::default(), |text: &str| ui.warn(text));
            let resolved = resolve(&Served::new(env, paths, &selection, &warn), &url)?;
            if let Some(watched) = &resolved.watched {
                remembered::remember(env, &text, &url, &resolved.target, watched);
            }
            resolved.target
        }
    };
    let Target {
        signer,
        region,
        place,
        flags,
    } = &target;
    if !place::is_offered_in(region) {
        ui.warn(&format!(
            "fedgit does not know of CodeCommit in {region}; it is tried all the same"
        ));
    }
    let program = programs::sibling("fedgit");
    let program = programs::which(env, &program).unwrap_or(program);
    let settings = wired::settings(env, &program, flags, place, signer, region);
    let mut git = wiring::as_args(&settings);
    git.extend([
        OsString::from(format!("remote-{}", scheme(place))),
        remote.clone(),
        place.to_string().into(),
    ]);
    let status = relayed(&Invocation {
        program: "git".into(),
        args: git,
        env: Vec::new(),
        // git held them before we did; its credential helper, which is ours again, may need them.
        inherits_login: true,
    })?;
    if after_git::gave_up(status) {
        let context = Context {
            env,
            ui,
            paths: paths.clone(),
            selection: Selection::default(),
            may_ask: false,
            may_ask_here: false,
        };
        ui.tell(&after_git::told(&context, (signer, region, &place.repo)));
    }
    Ok(status.into())
}

fn scheme(place: &Place) -> &str {
    if place.origin.starts_with("http:") {
        "http"
    } else {
        "https"
    }
}
