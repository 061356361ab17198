//! Where the token of a session is kept: in `~/.aws/sso/cache`, as the AWS CLI and the SDKs keep it, so
//! that whoever signs in serves all of them. Where the user wants no secrets in files, in the keychain or
//! nowhere; what others left in that folder is used all the same, and what comes of it stays there.
//!
//! The folder may be the AWS CLI's own, made with the umask: where that is 002 the user's group can
//! write in it. Whoever is in that group can take files away, or put others in their place; so nothing
//! is read but files that are the user's own and that nobody else can write.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::credentials::entries::{Entries, EntryError};
use crate::credentials::key::Key;
use crate::credentials::kind::Kind;
use crate::format::sso_cache::{
    Client, LARGEST, Refresh, Registration, Token, is_name, read_registration, read_token,
    registration_name, render_registration, render_token, same_portal, token_name,
};
use crate::login::identity_center::SCOPE;
use crate::model::{IdentityCenter, IdpName, Timestamp};
use crate::sys::env::Env;
use crate::sys::lock::{Lock, LockError};
use crate::sys::paths::Paths;
use crate::sys::{fs, private};

use super::files::candidates;
use super::held::{Held, Owner, Place, in_order};

/// More files than such a folder has.
const MOST_FILES: usize = 2000;

/// The tokens of one session.
pub(in crate::credentials) struct Tokens<'a> {
    /// Unknown where no home folder is.
    folder: Option<PathBuf>,
    entries: &'a Entries<'a>,
    idp: &'a IdpName,
    center: &'a IdentityCenter,
    key: Key,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(
        env: &Env,
        entries: &'a Entries<'a>,
        idp: &'a IdpName,
        center: &'a IdentityCenter,
        key: &Key,
    ) -> Self {
        Self {
            folder: Paths::new(env).under_home(".aws/sso/cache"),
            entries,
            idp,
            center,
            key: key.clone(),
        }
    }

    /// Every token of this portal, whoever wrote it: the session's own first, then those of other
    /// sessions, then what else there is; of each sort those that last longest. A file that is no token, or half of one, is passed over, and so is a session of this
    /// name at another portal.
    pub(super) fn all(&self) -> Vec<Held> {
        let by_url = token_name(self.center.start_url.as_str());
        let looked_up = [self.own_name(), by_url];
        let files = self.folder.iter().flat_map(|folder| {
            let names = candidates(fs::names(folder, MOST_FILES), &looked_up);
            names.into_iter().map(|name| Place::File(folder.join(name)))
        });
        let places = files.chain([Place::Entry]);
        in_order(places.filter_map(|place| self.at(&place)).collect())
    }

    /// The token at a place, as it is by now.
    pub(super) fn at(&self, place: &Place) -> Option<Held> {
        let (token, owner) = match place {
            Place::Entry if self.entries.are_files() => return None,
            Place::Entry => {
                let bytes = self.entries.get(Kind::Session, &self.key)?;
                (read_token(&bytes)?, Owner::Own)
            }
            Place::File(path) => {
                let own = path.ends_with(self.own_name()).then_some(Owner::Own);
                let owner = own.unwrap_or(match is_named_by_aws(path) {
                    true => Owner::Session,
                    false => Owner::Other,
                });
                (read_file(path)?, owner)
            }
        };
        self.is_ours(&token).then(|| Held {
            token,
            place: place.clone(),
            owner,
        })
    }

    /// Whether the session's own file is there, and is no token: the AWS CLI writes in place.
    pub(super) fn is_half_written(&self) -> bool {
        let Some(path) = self
            .folder
            .as_ref()
            .map(|folder| folder.join(self.own_name()))
        else {
            return false;
        };
        let bytes = private::read_own(&path, LARGEST);
        matches!(bytes, Ok(Some(bytes)) if read_token(&bytes).is_none())
    }

    /// The turn to renew what stands at a place. It is found from the token itself, by whoever comes to
    /// it by another name or with another cache folder; and it is not in the token's folder, where the
    /// AWS CLI takes every file for a token. The AWS CLI and the SDKs know no such turn.
    pub(super) fn lock(
        &self,
        place: &Place,
        wait: Duration,
        notes: &dyn Fn(&str),
    ) -> Result<Lock, LockError> {
        let own = self.own_name();
        let name = match place {
            Place::File(path) => path.file_name().map_or(own.as_ref(), Path::new),
            Place::Entry => own.as_ref(),
        };
        let beside = self.folder.as_ref().and_then(|folder| folder.parent());
        let folder = beside.unwrap_or(self.entries.root()).join("fedgit-locks");
        let path = folder.join(name).with_extension("lock");
        Lock::acquire(&path, wait, |holder| {
            notes(&format!("waiting for {holder}, which renews a session"));
        })
    }

    /// Whether a new token could be put where the old one stands. What is asked for and not kept is
    /// lost to whoever has the old one.
    pub(super) fn may_put_back(&self, place: &Place) -> io::Result<()> {
        match place {
            Place::Entry => Ok(()),
            Place::File(path) => fs::may_write_private(&own_folder(path)?, path),
        }
    }

    /// Puts a new token wherever the refresh token stands that was used for it, and nowhere else: of
    /// two that have the new one, the second would find it used up.
    pub(super) fn put_back(
        &self,
        held: &Held,
        used: &Refresh,
        token: &Token,
        what: &str,
    ) -> Result<(), EntryError> {
        let Ok(bytes) = render_token(token, &used.client) else {
            return Ok(());
        };
        let shared = self.all().into_iter().filter(|other| other.shares(used));
        let mut places: Vec<Place> = shared.map(|other| other.place).collect();
        if !places.contains(&held.place) {
            places.push(held.place.clone());
        }
        for place in places {
            match place {
                Place::Entry => self
                    .entries
                    .try_put(Kind::Session, &self.key, what, &bytes)?,
                Place::File(path) => write(&path, &bytes)?,
            }
        }
        Ok(())
    }

    /// Keeps a token.
    pub(super) fn put(&self, token: &Token, client: &Client, what: &str) -> Result<(), EntryError> {
        // Strings: they always have a form in JSON.
        let Ok(bytes) = render_token(token, client) else {
            return Ok(());
        };
        if !self.entries.are_files() {
            return self.entries.try_put(Kind::Session, &self.key, what, &bytes);
        }
        Ok(self.write(&self.own_name(), &bytes)?)
    }

    /// Forgets every token that this session would use; those that there were.
    pub(in crate::credentials) fn forget(&self) -> Result<Vec<Token>, EntryError> {
        let mut gone = Vec::new();
        let all = self.all();
        self.entries.forget(Kind::Session, &self.key)?;
        for held in all {
            if let Place::File(path) = &held.place {
                private::remove(path)?;
            }
            gone.push(held.token);
        }
        Ok(gone)
    }

    /// What fedgit or the AWS CLI registered for this session, if it is for this sort of sign-in.
    pub(super) fn registration(&self, by_browser: bool) -> Option<Registration> {
        let path = self.folder.as_ref()?.join(self.registration_name());
        let made = read_registration(&private::read_own(&path, LARGEST).ok()??)?;
        let for_browser = made.grant_types.iter().any(|g| g == "authorization_code");
        let fits = match by_browser {
            true => for_browser,
            false => made.grant_types.is_empty(),
        };
        fits.then_some(made)
    }

    /// Keeps a registration; where that cannot be, the next sign-in registers anew.
    pub(super) fn put_registration(&self, made: &Registration) {
        if let (true, Ok(bytes)) = (self.entries.are_files(), render_registration(made)) {
            let _ = self.write(&self.registration_name(), &bytes);
        }
    }

    /// The service does not know it any more.
    pub(super) fn forget_registration(&self) {
        if let Some(folder) = &self.folder {
            let _ = private::remove(&folder.join(self.registration_name()));
        }
    }

    fn registration_name(&self) -> String {
        let IdentityCenter {
            start_url, region, ..
        } = self.center;
        registration_name(
            self.idp.as_str(),
            start_url.as_str(),
            region.as_str(),
            &[SCOPE],
        )
    }

    fn own_name(&self) -> String {
        token_name(self.idp.as_str())
    }

    fn is_ours(&self, token: &Token) -> bool {
        same_portal(&token.start_url, self.center.start_url.as_str())
            && token.region == self.center.region.as_str()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let missing = || io::Error::other("no home folder is known");
        write(&self.folder.as_ref().ok_or_else(missing)?.join(name), bytes)
    }
}

/// How many sessions there are, of whatever portal, that can be used without a person.
pub(in crate::credentials) fn shared_sessions(env: &Env, now: Timestamp) -> usize {
    let Some(folder) = Paths::new(env).under_home(".aws/sso/cache") else {
        return 0;
    };
    let names = candidates(fs::names(&folder, MOST_FILES), &[]).into_iter();
    let lasts = |name: &String| {
        let token = read_file(&folder.join(name))?;
        let renews = |refresh: &Refresh| refresh.client.expires > now;
        Some(token.expires > now || token.refresh.as_ref().is_some_and(renews))
    };
    names.filter(|name| lasts(name) == Some(true)).count()
}

/// The token in a file. Of what a program keeps by a name of its own only the access token is used: a
/// refresh token serves once, that program would not look for the new one under a lock of ours, and
/// what else it may keep in the file would be lost.
fn read_file(path: &Path) -> Option<Token> {
    let bytes = private::read_own(path, LARGEST).ok()??;
    let mut token = read_token(&bytes)?;
    if !is_named_by_aws(path) {
        token.refresh = None;
    }
    Some(token)
}

fn is_named_by_aws(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(is_name)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| io::Error::other("it has no name"))?;
    fs::write_private(&own_folder(path)?, name, bytes)
}

/// The folder that a file is in, or is to be in.
fn own_folder(path: &Path) -> io::Result<PathBuf> {
    let folder = path.parent().unwrap_or(path);
    Ok(private::shared_folder(folder)?.unwrap_or_else(|| folder.to_owned()))
}
