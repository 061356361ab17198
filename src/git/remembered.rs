//! What a `codecommit://` URL came to the last time, so that the next git command need not read the
//! configuration for it; and how such a thing is remembered. It holds while everything is as it was that it rests on: the configuration
//! files and those that were not there, the user's AWS files, and the variables that have a say.

use std::fmt::Write as _;

use url::Url;

use crate::config::{Watched, env as names};
use crate::credentials::key::Key;
use crate::credentials::warm;
use crate::model::{Region, RepoName};
use crate::sys::env::{Env, current_dir};
use crate::sys::paths::Paths;
use crate::sys::private;

use super::choice::Signer;
use super::place::Place;
use super::remote::RemoteUrl;

/// What a head begins with; another one is a miss.
const FIRST_LINE: &str = "fedgit remote 2";

/// Where they are, in the cache folder.
const FOLDER: &str = "remotes";

/// Far more than one has.
const LARGEST: u64 = 64 << 10;

/// The variables that have a say beside those that every remembered way depends on.
const VARIABLES: &[&str] = &[
    names::FEDGIT_CONFIG,
    names::AWS_PROFILE,
    names::AWS_DEFAULT_PROFILE,
    names::AWS_REGION,
    names::AWS_DEFAULT_REGION,
    names::AWS_USE_FIPS_ENDPOINT,
    names::AWS_ENDPOINT_URL_CODECOMMIT,
    names::CODE_COMMIT_ENDPOINT,
];

/// What a URL came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whose credentials sign.
    pub signer: Signer,
    /// The region to sign for.
    pub region: Region,
    /// Where the repository is.
    pub place: Place,
    /// The flags by which the credential helper reads the same configuration.
    pub flags: Vec<String>,
}

/// What the URL came to before.
#[must_use]
pub fn recall(env: &Env, text: &str, url: &RemoteUrl) -> Option<Target> {
    read(env, &of_url(env, text, url)?, |head| parse(head, &url.repo))
}

/// Remembers it. Where that cannot be done the next call takes the long way.
pub fn remember(env: &Env, text: &str, url: &RemoteUrl, target: &Target, watched: &[Watched]) {
    if let (Some(key), Some(head)) = (of_url(env, text, url), render(target)) {
        write(env, &key, &head, watched);
    }
}

fn of_url(env: &Env, text: &str, url: &RemoteUrl) -> Option<Key> {
    key(env, "remote", &[text.as_bytes()], url.profile.is_none())
}

/// The places in which a project's file would decide as well, since the URL names no profile.
#[must_use]
pub fn projects() -> Option<Vec<Watched>> {
    let folder = current_dir().ok()?;
    let watched = folder.ancestors().map(|at| {
        let path = at.join("fedgit.toml");
        let stamp = private::stamp(&path).ok()?;
        Some(Watched { path, stamp })
    });
    watched.collect()
}

/// What is remembered by this key, while everything is as it was that it rests on. A file names its own
/// key: moved to another one's place it is none.
pub(super) fn read<T>(env: &Env, key: &Key, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let root = Paths::new(env).cache()?;
    // Where others can write, the long way refuses, and says what to do.
    private::is_own_folder_anywhere(&root).ok()?;
    let bytes = private::read_in(&root.join(FOLDER), key.as_str(), LARGEST).ok()??;
    let text = std::str::from_utf8(&bytes).ok()?;
    let (own, text) = text.split_once('\n')?;
    let (head, stamps) = text.split_once("\n\n")?;
    let remembered = parse(head).filter(|_| own == key.as_str())?;
    warm::holds(stamps.lines(), env).then_some(remembered)
}

/// Remembers it. `head` holds no empty line: that one ends it.
pub(super) fn write(env: &Env, key: &Key, head: &str, watched: &[Watched]) {
    let written = || {
        let root = Paths::new(env).cache()?;
        let text = format!("{key}\n{head}\n{}", warm::stamps(env, watched)?);
        private::write_in(&root.join(FOLDER), key.as_str(), text.as_bytes()).ok()
    };
    let _ = written();
}

/// The key for what was asked in these words; `by_place` is whether the directory and the keys in
/// the environment have a say. `None` where a relative path makes the answer depend on the directory.
pub(super) fn key(env: &Env, what: &str, words: &[&[u8]], by_place: bool) -> Option<Key> {
    let paths = Paths::new(env);
    let mut parts: Vec<Vec<u8>> = words.iter().map(|word| word.to_vec()).collect();
    // Another home has other files of the same names.
    for path in [
        paths.user_config(),
        paths.aws_config(),
        paths.aws_credentials(),
    ] {
        let path = path.unwrap_or_default();
        if !path.is_absolute() {
            return None;
        }
        parts.push(path.into_os_string().into_encoded_bytes());
    }
    if by_place {
        let folder = current_dir().ok()?;
        parts.push(folder.into_os_string().into_encoded_bytes());
        // That there are keys, not which.
        let keys = env.os(names::AWS_ACCESS_KEY_ID).is_some();
        parts.push(vec![u8::from(keys)]);
    }
    for name in VARIABLES {
        let value = env.os(name).unwrap_or_default();
        parts.push(value.into_encoded_bytes());
    }
    // It names a file, which then has to be watched by a path that means the same everywhere.
    let named = env.path(names::FEDGIT_CONFIG);
    if named.is_some_and(|path| !path.is_absolute()) {
        return None;
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Some(Key::of(what, &parts))
}

/// Without an empty line: that one ends it.
fn render(target: &Target) -> Option<String> {
    let Target {
        signer,
        region,
        place,
        flags,
    } = target;
    let mut text = format!("{FIRST_LINE}\n");
    let signer = match signer {
        Signer::Profile(profile) => format!("profile {profile}"),
        Signer::Environment => "environment".to_owned(),
    };
    let _ = writeln!(text, "{signer}\nregion {region}\norigin {}", place.origin);
    for flag in flags {
        if flag.is_empty() || flag.contains('\n') {
            return None;
        }
        let _ = writeln!(text, "flag {flag}");
    }
    Some(text)
}

fn parse(head: &str, repo: &RepoName) -> Option<Target> {
    let mut lines = head.lines();
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let signer = match lines.next()?.split_once(' ') {
        Some(("profile", profile)) => Signer::Profile(profile.parse().ok()?),
        None => Signer::Environment,
        Some(_) => return None,
    };
    let region = lines.next()?.strip_prefix("region ")?.parse().ok()?;
    let origin = Url::parse(lines.next()?.strip_prefix("origin ")?).ok()?;
    let flags = lines.map(|line| Some(line.strip_prefix("flag ")?.to_owned()));
    Some(Target {
        signer,
        region,
        place: Place::at(&origin, repo.clone()),
        flags: flags.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let region: Region = "cn-north-1".parse().unwrap();
        let repo: RepoName = "R".parse().unwrap();
        let target = Target {
            signer: Signer::Profile("a b".replace(' ', "@").parse().unwrap()),
            place: Place::in_region(&region, repo.clone()),
            region,
            flags: vec!["--user".into(), "/with a blank/f.toml".into()],
        };
        let text = render(&target).unwrap();
        assert!(!text.contains("\n\n"));
        assert_eq!(parse(&text, &repo).unwrap(), target);
        let environment = Target {
            signer: Signer::Environment,
            flags: Vec::new(),
            ..target.clone()
        };
        let text = render(&environment).unwrap();
        assert_eq!(parse(&text, &repo).unwrap(), environment);
        assert_eq!(parse(&text.replace("remote 2", "remote 1"), &repo), None);
        assert_eq!(parse("", &repo), None);
        let broken = Target {
            flags: vec!["a\nregion x".into()],
            ..target
        };
        assert_eq!(render(&broken), None);
    }
}
