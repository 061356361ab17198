//! The warm path: the answer to `credential-process` from two small files, without reading any
//! configuration. Every AWS call and every git command runs it, so nothing is done here that need
//! not be.
//!
//! The first file, the *pointer*, belongs to a profile as it was asked for, and says so itself: moved to
//! another profile's place it is none. It names the cache entry and holds the stamps of everything that the way to it was computed from: each configuration file
//! (also those that were not there), the user's AWS files where it starts from a profile of theirs, and the environment variables that have a say. While all are as
//! they were, the way is as it was. The second file is the cache entry. Credentials that are not kept
//! in files have no pointer: asking a keychain costs many times what reading the configuration does.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::config::{self, Loaded, Selection, Watched};
use crate::model::{Credentials, Store, Timestamp};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::private;

use super::cache;
use super::fresh::{Freshness, freshness};
use super::key::Key;

/// The first line of a pointer; another one is a miss.
const FIRST_LINE: &str = "fedgit pointer 2";

/// Where pointers are, in the cache folder.
const FOLDER: &str = "pointers";

/// Far more than a pointer has: a line for each configuration file.
const LARGEST_POINTER: u64 = 64 << 10;

/// Fresh credentials of a profile, if everything is as it was when they were found.
#[must_use]
pub fn credentials(
    env: &Env,
    selection: &Selection,
    profile: &str,
    now: Timestamp,
) -> Option<Credentials> {
    let root = Paths::new(env).cache()?;
    // Where others can write, the long way refuses, and says what to do.
    private::is_own_folder_anywhere(&root).ok()?;
    let own = own_key(env, selection, profile)?;
    let pointer = private::read_in(&root.join(FOLDER), own.as_str(), LARGEST_POINTER).ok()??;
    let key = follow(std::str::from_utf8(&pointer).ok()?, &own, env)?;
    let entry = cache::in_file(&root, &key)?;
    let fresh = freshness(entry.issued, entry.credentials.expiration, now) == Freshness::Fresh;
    fresh.then_some(entry.credentials)
}

/// Remembers that this profile, asked for in this way, is served by this entry; `also` is what the way
/// to it rests on beside the configuration. Where it cannot be
/// remembered the next call takes the long way: no reason to fail this one.
pub fn remember(
    root: &Path,
    env: &Env,
    selection: &Selection,
    profile: &str,
    loaded: &Loaded,
    also: Option<Vec<Watched>>,
    key: &Key,
) {
    if loaded.model.settings.store != Store::File {
        return;
    }
    let (Some(watched), Some(also)) = (&loaded.watched, &also) else {
        return;
    };
    let Some(stamps) = stamps(env, watched.iter().chain(also)) else {
        return;
    };
    let Some(own) = own_key(env, selection, profile) else {
        return;
    };
    let text = format!("{FIRST_LINE}\n{own}\n{key}\n{stamps}");
    let _ = private::write_in(&root.join(FOLDER), own.as_str(), text.as_bytes());
}

/// The pointer's own key, which names its file; `None` where a relative path makes the answer depend on
/// the directory.
fn own_key(env: &Env, selection: &Selection, profile: &str) -> Option<Key> {
    let selection = selection.clone().with_environment(env);
    let mut parts: Vec<&[u8]> = vec![profile.as_bytes()];
    let user = Paths::new(env).user_config().unwrap_or_default();
    if selection.config.is_none() && selection.user.is_none() {
        // Another home has another file of the same name.
        parts.extend([b"user file", user.as_os_str().as_encoded_bytes()]);
    }
    for (flag, path) in selection.flags() {
        if !path.is_absolute() {
            return None;
        }
        parts.extend([flag.as_bytes(), path.as_os_str().as_encoded_bytes()]);
    }
    Some(Key::of("pointer", &parts))
}

fn follow(pointer: &str, own: &Key, env: &Env) -> Option<Key> {
    let mut lines = pointer.lines();
    if lines.next()? != FIRST_LINE || lines.next()? != own.as_str() {
        return None;
    }
    let key = Key::from_hex(lines.next()?)?;
    holds(lines, env).then_some(key)
}

/// What something was computed from, as lines: the variables and the stamps of the files; `None` where
/// a path cannot be written on one.
pub(crate) fn stamps<'w>(
    env: &Env,
    watched: impl IntoIterator<Item = &'w Watched>,
) -> Option<String> {
    let mut text = format!("{}\n", variables(env));
    for Watched { path, stamp } in watched {
        let path = path.to_str().filter(|path| !path.contains('\n'))?;
        let stamp = stamp.map_or_else(|| "absent".to_owned(), |stamp| stamp.to_string());
        let _ = writeln!(text, "{stamp} {path}");
    }
    Some(text)
}

/// Whether everything in the lines of [`stamps`] is as it was.
pub(crate) fn holds<'l>(mut lines: impl Iterator<Item = &'l str>, env: &Env) -> bool {
    lines.next() == Some(&variables(env)) && lines.all(|line| is_as_it_was(line).unwrap_or(false))
}

fn is_as_it_was(line: &str) -> Option<bool> {
    let (stamp, path) = line.split_once(' ')?;
    let now = private::stamp(Path::new(path)).ok()?;
    Some(match now {
        Some(now) => now.to_string() == stamp,
        None => stamp == "absent",
    })
}

/// A digest of the variables that have a say in the way: those that set keys of the configuration,
/// and those that lead to another STS, another portal or to other AWS files.
fn variables(env: &Env) -> String {
    let mut hash = Sha256::new();
    let mut any = false;
    let endpoints = [
        config::env::AWS_ENDPOINT_URL,
        config::env::AWS_ENDPOINT_URL_STS,
        config::env::AWS_ENDPOINT_URL_SSO,
    ]
    .into_iter()
    .filter_map(|name| Some((name.to_owned(), env.text(name)?)));
    // As the files are found in the end: other variables may stand in these.
    let paths = Paths::new(env);
    let files = [
        (config::env::AWS_CONFIG_FILE, paths.aws_config()),
        (
            config::env::AWS_SHARED_CREDENTIALS_FILE,
            paths.aws_credentials(),
        ),
    ]
    .into_iter()
    .filter(|(name, _)| env.os(name).is_some())
    .filter_map(|(name, path)| Some((name.to_owned(), path?.to_str()?.to_owned())));
    let own = config::variables(env).into_iter();
    for (name, value) in own.chain(endpoints).chain(files) {
        any = true;
        for part in [name, value] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    if !any {
        return "-".to_owned();
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_in_the_path_of_a_file_has_a_say() {
        let digest = |here: &str| {
            let config = ("AWS_CONFIG_FILE", "$HERE/config");
            variables(&Env::fixed([
                ("HOME", "/home/jane"),
                ("HERE", here),
                config,
            ]))
        };
        assert_eq!(digest("/a"), digest("/a"));
        assert_ne!(digest("/a"), digest("/b"));
    }
}
