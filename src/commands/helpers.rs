//! Which helpers git asks for an address: git's own configuration, read by git.

use std::collections::BTreeMap;

use url::Url;

use crate::cli::report::Failure;
use crate::git::line::{Helpers, helpers};

use super::ask_git::git_or_nothing;

/// What git asks for `url`, which holds no password.
pub(super) fn asked(url: &Url) -> Result<Helpers, Failure> {
    let all = git_or_nothing(&[
        "config",
        "--null",
        "--get-regexp",
        r"^credential\.(.*\.)?helper$",
    ])?;
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
