//! Who signed for a question of git's the last time, and for which region, so that the next one need
//! not read the configuration for it.

use std::fmt::Write as _;

use crate::config::{Selection, Watched};
use crate::credentials::key::Key;
use crate::model::Region;
use crate::sys::env::Env;

use super::choice::Signer;
use super::remembered;

/// The first line of such a file; another one is a miss.
const FIRST_LINE: &str = "fedgit choice 1";

/// A question, and what the helper's line adds to it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The host, as git names it.
    pub host: &'a str,
    /// The path, as it is signed.
    pub path: &'a str,
    /// The user name in the URL.
    pub username: Option<&'a str>,
    /// The region that the line names.
    pub region: Option<&'a Region>,
}

/// What it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Whose credentials sign.
    pub signer: Signer,
    /// Whether that is a profile of the user's own.
    pub is_own: bool,
    /// The region to sign for.
    pub region: Region,
}

/// What the question came to before.
#[must_use]
pub fn recall(env: &Env, selection: &Selection, asked: &Asked<'_>) -> Option<Choice> {
    remembered::read(env, &key(env, selection, asked)?, parse)
}

/// Remembers it. Where that cannot be done the next call takes the long way.
pub fn remember(
    env: &Env,
    selection: &Selection,
    asked: &Asked<'_>,
    choice: &Choice,
    watched: &[Watched],
) {
    if let Some(key) = key(env, selection, asked) {
        remembered::write(env, &key, &render(choice), watched);
    }
}

fn key(env: &Env, selection: &Selection, asked: &Asked<'_>) -> Option<Key> {
    let username = asked.username.unwrap_or_default();
    let region = asked.region.map_or("", Region::as_str);
    let mut words = [asked.host, asked.path, username, region]
        .map(str::as_bytes)
        .to_vec();
    for (flag, path) in selection.flags() {
        if !path.is_absolute() {
            return None;
        }
        words.extend([flag.as_bytes(), path.as_os_str().as_encoded_bytes()]);
    }
    remembered::key(env, "choice", &words, true)
}

fn render(choice: &Choice) -> String {
    let mut text = format!("{FIRST_LINE}\n");
    let _ = match &choice.signer {
        Signer::Environment => writeln!(text, "environment"),
        Signer::Profile(profile) if choice.is_own => writeln!(text, "own {profile}"),
        Signer::Profile(profile) => writeln!(text, "profile {profile}"),
    };
    let _ = writeln!(text, "region {}", choice.region);
    text
}

fn parse(head: &str) -> Option<Choice> {
    let mut lines = head.lines();
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let (signer, is_own) = match lines.next()?.split_once(' ') {
        Some(("own", profile)) => (Signer::Profile(profile.parse().ok()?), true),
        Some(("profile", profile)) => (Signer::Profile(profile.parse().ok()?), false),
        None => (Signer::Environment, false),
        Some(_) => return None,
    };
    let region = lines.next()?.strip_prefix("region ")?.parse().ok()?;
    Some(Choice {
        signer,
        is_own,
        region,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let region: Region = "cn-north-1".parse().unwrap();
        let profile = || Signer::Profile("a@b".parse().unwrap());
        for (signer, is_own) in [
            (profile(), true),
            (profile(), false),
            (Signer::Environment, false),
        ] {
            let choice = Choice {
                signer,
                is_own,
                region: region.clone(),
            };
            let text = render(&choice);
            assert!(!text.contains("\n\n"));
            assert_eq!(parse(&text), Some(choice));
            assert_eq!(parse(&text.replace("choice 1", "choice 2")), None);
        }
        assert_eq!(parse(""), None);
    }
}
