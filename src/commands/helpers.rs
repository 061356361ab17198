//! Which helpers git asks for an address: git's own configuration, read by git.

use std::collections::BTreeMap;
use std::ffi::OsString;

use url::Url;

use crate::cli::report::Failure;
use crate::git::line::{self, Helpers, helpers};

use super::ask_git::git_or_nothing;

/// Lists every helper that is configured, for whatever address.
const EVERY: [&str; 4] = [
    "config",
    "--null",
    "--get-regexp",
    r"^credential\.(.*\.)?helper$",
];

/// The lines of fedgit's that name who signs at one address, as git's settings; `elsewhere` is where git
/// is told to work.
pub(super) fn naming(elsewhere: &[OsString]) -> Result<Vec<(String, String)>, Failure> {
    let every = EVERY.map(OsString::from);
    let args: Vec<OsString> = elsewhere.iter().cloned().chain(every).collect();
    Ok(line::naming(&git_or_nothing(&args)?))
}

/// What git asks for `url`, which holds no password.
pub(super) fn asked(url: &Url) -> Result<Helpers, Failure> {
    let all = git_or_nothing(&EVERY)?;
    let mut matches: BTreeMap<String, bool> = BTreeMap::new();
    let mut values = Vec::new();
    for entry in all.split_terminator('\0') {
        // A key without a value is no helper.
        let Some((key, value)) = entry.split_once('\n') else {
            continue;
        };
        let section = key.strip_suffix(".helper").unwrap_or(key);
        let holds = match matches.get(section) {
            Some(holds) => *holds,
            None => {
                let holds = section == "credential" || holds_for(section, url)?;
                matches.insert(section.to_owned(), holds);
                holds
            }
        };
        if holds {
            values.push(value.to_owned());
        }
    }
    Ok(helpers(&values))
}

/// Whether git takes a section for an address. git itself says so: its rules about hosts, ports, paths
/// and asterisks have changed with its versions.
fn holds_for(section: &str, url: &Url) -> Result<bool, Failure> {
    // There git ends the key, and no address of CodeCommit's has one.
    if section.contains('=') {
        return Ok(false);
    }
    let probe = format!("{section}.fedgitprobe=yes");
    let key = "credential.fedgitprobe";
    let url = url.as_str();
    Ok(!git_or_nothing(&["-c", &probe, "config", "--get-urlmatch", key, url])?.is_empty())
}
