//! The exact spellings that `apply` writes, answered from the cache before clap is even built:
//! parsing the command line would cost more than the rest of the warm path together. Anything else
//! returns `None` and goes the whole way, which gives the same answer.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::config::Selection;
use crate::credentials::warm;
use crate::format::process;
use crate::sys::clock;
use crate::sys::env::Env;

use super::exit::Exit;
use super::report::Failure;
use super::ui::Ui;

/// Answers `credential-process --profile NAME [--config FILE] [--user FILE] [--project FILE]`.
pub(super) fn answer(args: &[OsString]) -> Option<Exit> {
    let (command, flags) = args.get(1..)?.split_first()?;
    if command != "credential-process" {
        return None;
    }
    let (profile, selection) = parse(flags)?;
    let credentials = warm::credentials(&Env::real(), &selection, profile, clock::now())?;
    let ui = Ui::plain();
    match ui.data(&process::render(&credentials)) {
        Ok(()) => Some(Exit::Done),
        // Not the long way: a part may be written, and there must be one object only.
        Err(error) => {
            let failure = Failure::from(error);
            if !failure.is_silent() {
                ui.tell(&failure.render(false));
            }
            Some(failure.exit())
        }
    }
}

fn parse(flags: &[OsString]) -> Option<(&str, Selection)> {
    let mut profile = None;
    let mut selection = Selection::default();
    for pair in flags.chunks(2) {
        let [flag, value] = pair else { return None };
        match flag.to_str()? {
            "--profile" if profile.is_none() => profile = Some(text(value)?),
            "--config" if selection.config.is_none() => selection.config = Some(path(value)?),
            "--user" if selection.user.is_none() => selection.user = Some(path(value)?),
            "--project" if selection.project.is_none() => selection.project = Some(path(value)?),
            _ => return None,
        }
    }
    Some((profile?, selection))
}

/// A value, and not an option that clap would see in its place.
fn text(value: &OsStr) -> Option<&str> {
    value.to_str().filter(|text| !text.starts_with('-'))
}

fn path(value: &OsStr) -> Option<PathBuf> {
    text(value).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Option<(String, Selection)> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        parse(&args).map(|(profile, selection)| (profile.to_owned(), selection))
    }

    #[test]
    fn only_what_apply_writes() {
        let (profile, selection) = parsed(&["--profile", "adfs", "--config", "/f"]).unwrap();
        assert_eq!(profile, "adfs");
        assert_eq!(selection.config, Some("/f".into()));
        for other in [
            &[][..],
            &["--config", "/f"],
            &["--profile"],
            &["--profile", "a", "--profile", "b"],
            &["--profile", "--config"],
            &["--profile=a"],
            &["--profile", "a", "-v"],
            &["--help"],
        ] {
            assert_eq!(parsed(other), None, "{other:?}");
        }
    }
}
