//! The browser profile of one login: the identity provider's session, and what is known of it.

use std::io;
use std::path::{Path, PathBuf};

use crate::credentials::key::Key;
use crate::model::{IdpName, Timestamp};
use crate::sys::{devtools, fs, private};

/// Said of a profile in which somebody has signed in; as old as the last login by it.
const SIGNED_IN: &str = "signed-in";

/// Whose login it is, for whoever looks for those of an identity provider that is declared otherwise by now.
const IDP: &str = "idp";

/// What the last try came to, where it came to nothing.
const LAST: &str = "last";

/// The browser's own folder within ours.
const PROFILE: &str = "profile";

/// How long it is remembered that the session alone is not enough, in seconds: each try takes some.
const SESSION_PAUSE: i64 = 300;

/// How long a person who closed the window is left alone, in seconds.
const WINDOW_PAUSE: i64 = 60;

/// Of an identity provider that nothing declares, it is of use to another configuration that is used
/// now and then. Seconds.
const UNUSED: i64 = 7 * 24 * 3600;

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Unseen, it needed a person.
    NeedsPerson,
    /// A window was there, and nobody signed in.
    NobodySignedIn,
}

impl Last {
    fn as_str(self) -> &'static str {
        match self {
            Self::NeedsPerson => "person",
            Self::NobodySignedIn => "window",
        }
    }

    fn pause(self) -> i64 {
        match self {
            Self::NeedsPerson => SESSION_PAUSE,
            Self::NobodySignedIn => WINDOW_PAUSE,
        }
    }
}

/// The browser profile of one login.
pub(in crate::credentials) struct Profile(PathBuf);

impl Profile {
    pub(in crate::credentials) fn of(root: &Path, login: &Key) -> Self {
        Self(all(root).join(login.as_str()))
    }

    /// Removes it with the session that it keeps; whether there was one.
    pub(in crate::credentials) fn remove(&self) -> io::Result<bool> {
        if let Some(holder) = devtools::holder(&self.browsers()) {
            let folder = self.browsers();
            let folder = folder.display();
            return Err(io::Error::other(format!(
                "the browser profile {folder} is in use by {holder}; close that browser first"
            )));
        }
        private::remove_folder(&self.0)
    }

    /// Forgets that it needs a person: one has signed in otherwise.
    pub(in crate::credentials) fn forget_last(&self) {
        let _ = private::remove(&self.0.join(LAST));
    }

    /// All of it.
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    /// What of it is the browser's own.
    pub(super) fn browsers(&self) -> PathBuf {
        self.0.join(PROFILE)
    }

    pub(super) fn is_signed_in(&self) -> bool {
        matches!(private::stamp(&self.0.join(SIGNED_IN)), Ok(Some(_)))
    }

    /// A login by it worked. What cannot be noted is asked for once more.
    pub(super) fn remember_signed_in(&self) {
        let _ = fs::write_private(&self.0, SIGNED_IN, b"");
        self.forget_last();
    }

    /// Notes whose it is, before anything is in it.
    pub(super) fn begin(&self, idp: &IdpName) -> io::Result<()> {
        private::is_own_folder(&self.0)?;
        fs::write_private(&self.0, IDP, idp.as_str().as_bytes())
    }

    /// Remembers what a try came to, for a while.
    pub(super) fn remember(&self, last: Last, now: Timestamp) {
        let text = format!("{} {}", now.unix(), last.as_str());
        let _ = fs::write_private(&self.0, LAST, text.as_bytes());
    }

    /// How long ago, in seconds, the last try came to this, while that is remembered.
    pub(super) fn came_to(&self, wanted: Last, now: Timestamp) -> Option<i64> {
        let bytes = private::read(&self.0.join(LAST), 100).ok()??;
        let text = String::from_utf8(bytes).ok()?;
        let (at, last) = text.split_once(' ')?;
        let since = now.since(Timestamp::from_unix(at.parse().ok()?));
        (last == wanted.as_str() && (0..wanted.pause()).contains(&since)).then_some(since)
    }

    fn is_of(&self, idp: &str) -> bool {
        self.idp().as_deref() == Some(idp)
    }

    fn idp(&self) -> Option<String> {
        let bytes = private::read(&self.0.join(IDP), 1000).ok()??;
        String::from_utf8(bytes).ok()
    }
}

/// Removes every profile; how many there were. One that is in use keeps no other one from it.
pub(in crate::credentials) fn remove_all(root: &Path) -> io::Result<usize> {
    remove_those(root, |_| true)
}

/// The same of one identity provider, also from when it was declared otherwise.
pub(in crate::credentials) fn remove_all_of(root: &Path, idp: &IdpName) -> io::Result<usize> {
    remove_those(root, |profile| profile.is_of(idp.as_str()))
}

/// Removes those of identity providers that nothing declares, and that nobody used for long. Where that
/// fails there is a next time.
pub(in crate::credentials) fn sweep(
    root: &Path,
    is_declared: impl Fn(&str) -> bool,
    now: Timestamp,
) {
    let then = now.plus(-UNUSED);
    let _ = remove_those(root, |profile| {
        let old = private::older(&profile.0, then);
        old.iter().any(|name| name == SIGNED_IN)
            && profile.idp().is_some_and(|idp| !is_declared(&idp))
    });
}

fn remove_those(root: &Path, is_meant: impl Fn(&Profile) -> bool) -> io::Result<usize> {
    let (mut count, mut failed) = (0, None);
    for name in private::names(&all(root)) {
        let Some(key) = Key::from_hex(&name) else {
            continue;
        };
        let profile = Profile::of(root, &key);
        if !is_meant(&profile) {
            continue;
        }
        match profile.remove() {
            Ok(was_there) => count += usize::from(was_there),
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(count),
    }
}

fn all(root: &Path) -> PathBuf {
    root.join("browser")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idp(name: &str) -> IdpName {
        name.parse().unwrap()
    }

    fn profile(root: &Path, key: &str, name: &str) -> Profile {
        let profile = Profile::of(root, &Key::of("login", &[key.as_bytes()]));
        profile.begin(&idp(name)).unwrap();
        profile.remember_signed_in();
        profile
    }

    #[test]
    fn those_of_an_identity_provider_go_together() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let now = profile(root, "a", "corp");
        let before = profile(root, "b", "corp");
        let other = profile(root, "c", "corporate");
        assert_eq!(remove_all_of(root, &idp("corp")).unwrap(), 2);
        assert!(!now.is_signed_in() && !before.is_signed_in() && other.is_signed_in());
        assert_eq!(remove_all(root).unwrap(), 1);
        assert_eq!(remove_all(root).unwrap(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn one_that_cannot_be_removed_keeps_no_other() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let first = profile(root, "a", "corp");
        let second = profile(root, "b", "corp");
        // A link in the place of one is nothing that may be followed.
        private::remove_folder(first.folder()).unwrap();
        symlink(root, first.folder()).unwrap();
        remove_all(root).unwrap_err();
        assert!(!second.is_signed_in());
    }

    #[test]
    fn what_nothing_declares_goes_when_nobody_uses_it() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let declared = profile(root, "a", "corp");
        let gone = profile(root, "b", "gone");
        let is_declared = |name: &str| name == "corp";
        let now = crate::sys::clock::now();
        sweep(root, is_declared, now);
        assert!(declared.is_signed_in() && gone.is_signed_in());
        sweep(root, is_declared, now.plus(UNUSED + 60));
        assert!(declared.is_signed_in() && !gone.is_signed_in());
    }

    #[test]
    fn what_a_try_came_to_is_remembered_for_a_while() {
        let root = tempfile::tempdir().unwrap();
        let profile = profile(root.path(), "a", "corp");
        let now = Timestamp::from_unix(1_000_000);
        profile.remember(Last::NeedsPerson, now);
        let since = |last, seconds| profile.came_to(last, now.plus(seconds));
        assert_eq!(
            since(Last::NeedsPerson, SESSION_PAUSE - 1),
            Some(SESSION_PAUSE - 1)
        );
        assert_eq!(since(Last::NeedsPerson, SESSION_PAUSE), None);
        assert_eq!(since(Last::NeedsPerson, -1), None);
        assert_eq!(since(Last::NobodySignedIn, 0), None);
        profile.remember(Last::NobodySignedIn, now);
        assert_eq!(
            since(Last::NobodySignedIn, WINDOW_PAUSE - 1),
            Some(WINDOW_PAUSE - 1)
        );
        assert_eq!(since(Last::NeedsPerson, 0), None);
        profile.remember_signed_in();
        assert_eq!(since(Last::NobodySignedIn, 0), None);
    }
}
