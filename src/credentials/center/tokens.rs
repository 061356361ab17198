//! Where the token of a session is kept: in `~/.aws/sso/cache`, as the AWS CLI and the SDKs keep it, so
//! that whoever signs in serves all of them. Where the user wants no secrets in files, in the keychain or
//! nowhere; what others left in that folder is used all the same.

use std::io;
use std::path::PathBuf;

use crate::credentials::entries::{Entries, EntryError, Kind};
use crate::credentials::key::Key;
use crate::format::sso_cache::{
    Client, LARGEST, Refresh, Registration, Token, is_name, read_registration, read_token,
    registration_name, render_registration, render_token, same_portal, token_name,
};
use crate::login::identity_center::SCOPE;
use crate::model::{IdentityCenter, IdpName, Timestamp};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::{fs, private};

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

    /// The token of this session while it can be used or renewed, else the one of its portal that
    /// lasts longest, whoever wrote it. A file that is no token, or half of one, is passed over.
    pub(super) fn get(&self, now: Timestamp) -> Option<Token> {
        let serves = |token: &Token| {
            let renews = |refresh: &Refresh| refresh.client.expires > now;
            token.expires > now || token.refresh.as_ref().is_some_and(renews)
        };
        let own = self.own_name();
        let mut others = self.entry();
        for (path, token) in self.all() {
            if path.ends_with(&own) && serves(&token) {
                return Some(token);
            }
            if others
                .as_ref()
                .is_none_or(|best| best.expires < token.expires)
            {
                others = Some(token);
            }
        }
        others
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
        let mut gone: Vec<Token> = self.entry().into_iter().collect();
        self.entries.forget(Kind::Session, &self.key)?;
        for (path, token) in self.all() {
            private::remove(&path)?;
            gone.push(token);
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

    fn entry(&self) -> Option<Token> {
        if self.entries.are_files() {
            return None;
        }
        let token = read_token(&self.entries.get(Kind::Session, &self.key)?);
        token.filter(|token| self.is_ours(token))
    }

    fn own_name(&self) -> String {
        token_name(self.idp.as_str())
    }

    /// Every token of this portal. A session of this name at another portal is not it.
    fn all(&self) -> Vec<(PathBuf, Token)> {
        let Some(folder) = &self.folder else {
            return Vec::new();
        };
        let mut names: Vec<String> = fs::names(folder, MOST_FILES);
        names.retain(|name| is_name(name));
        let token = |name: String| {
            let path = folder.join(name);
            let bytes = private::read_own(&path, LARGEST).ok()??;
            let token = read_token(&bytes).filter(|token| self.is_ours(token))?;
            Some((path, token))
        };
        names.into_iter().filter_map(token).collect()
    }

    fn is_ours(&self, token: &Token) -> bool {
        same_portal(&token.start_url, self.center.start_url.as_str())
            && token.region == self.center.region.as_str()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let missing = || io::Error::other("no home folder is known");
        let folder = self.folder.as_ref().ok_or_else(missing)?;
        private::is_own_folder(folder)?;
        fs::write_private(folder, name, bytes)
    }
}
