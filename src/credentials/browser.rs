//! A login in the user's own browser. Its profile is fedgit's own, of this login alone, and keeps the
//! identity provider's session; so the browser is started unseen first, and a window is opened only
//! where a person is needed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::login::browser::{BrowserError, Outcome, Visit, visit};
use crate::login::{LoginError, Person};
use crate::model::{Assertion, IdpName, Partition, Store};
use crate::sys::browsers::{has_display, installed};
use crate::sys::devtools::{self, Started};
use crate::sys::env::Env;
use crate::sys::{fs, private};

use super::key::Key;
use super::session::Session;

/// Said of a profile in which somebody has signed in.
const SIGNED_IN: &str = "signed-in";

/// The browser's own folder within ours.
const PROFILE: &str = "profile";

/// Which browser, and for what.
#[derive(Debug, Clone)]
pub(super) struct Choice<'a> {
    /// `[settings] browser`.
    pub(super) program: Option<&'a [String]>,
    /// `[settings] browser_seconds`.
    pub(super) limit: Duration,
    /// Where the declared roles are.
    pub(super) partitions: BTreeSet<Partition>,
    /// Where things are kept between runs.
    pub(super) store: Store,
}

/// A login by a browser.
pub(super) struct InBrowser<'a> {
    pub(super) env: &'a Env,
    pub(super) idp: &'a IdpName,
    pub(super) url: &'a Url,
    pub(super) choice: &'a Choice<'a>,
    pub(super) profile: &'a Profile,
    /// Whether a person may be asked.
    pub(super) may_ask: bool,
}

/// An assertion, the cookies to keep, and whether a person signed in for it.
pub(super) struct Signed {
    pub(super) assertion: Assertion,
    pub(super) cookies: secrecy::SecretString,
    pub(super) by_person: bool,
}

impl InBrowser<'_> {
    /// Unseen where somebody has signed in before, else in a window.
    pub(super) fn run(
        &self,
        last: Option<&Session>,
        person: &mut dyn Person,
    ) -> Result<Signed, LoginError> {
        let signed = self.try_both(last, person);
        // Then nothing is to stay, whatever came.
        if self.choice.store == Store::None {
            let _ = self.profile.remove();
        }
        signed
    }

    fn try_both(
        &self,
        last: Option<&Session>,
        person: &mut dyn Person,
    ) -> Result<Signed, LoginError> {
        if self.profile.is_signed_in()
            && let Some(signed) = self.attempt(last, false)?
        {
            return Ok(signed);
        }
        if !self.may_ask {
            return Err(BrowserError::Forbidden.into());
        }
        if !has_display(self.env) {
            return Err(BrowserError::NoDisplay.into());
        }
        self.profile.forget_signed_in();
        person.show(&format!(
            "sign in to {} in the browser's window; to give up, close it",
            self.idp
        ));
        let signed = self.attempt(last, true)?;
        // Without it the next login opens a window at once, which is no harm.
        let _ = self.profile.remember_signed_in();
        // Only one that nobody sees waits for a person.
        signed.ok_or_else(|| BrowserError::Crashed.into())
    }

    fn attempt(&self, last: Option<&Session>, window: bool) -> Result<Option<Signed>, LoginError> {
        let choice = self.choice;
        let browser = installed(self.env, choice.program).ok_or_else(|| BrowserError::Missing {
            named: choice.program.and_then(|words| words.first().cloned()),
        })?;
        let browser = devtools::start(&Started {
            program: &browser.program,
            args: &browser.args,
            profile: &self.profile.folder(),
            window,
            // Also where a signal is what ends this login.
            forget: (choice.store == Store::None).then_some(self.profile.0.as_path()),
        })
        .map_err(BrowserError::from)?;
        let outcome = visit(
            browser,
            &Visit {
                url: self.url,
                partitions: &choice.partitions,
                cookies: last.map(|last| &last.cookies),
                window,
                limit: choice.limit,
            },
        )?;
        Ok(match outcome {
            Outcome::Caught { assertion, cookies } => Some(Signed {
                assertion,
                cookies,
                by_person: window,
            }),
            Outcome::PersonNeeded => None,
        })
    }
}

/// The browser profile of one login.
pub(super) struct Profile(PathBuf);

impl Profile {
    pub(super) fn of(root: &Path, login: &Key) -> Self {
        Self(all(root).join(login.as_str()))
    }

    /// Removes it with the session that it keeps; whether there was one.
    pub(super) fn remove(&self) -> io::Result<bool> {
        if let Some(holder) = devtools::holder(&self.folder()) {
            let folder = self.folder();
            let folder = folder.display();
            return Err(io::Error::other(format!(
                "the browser profile {folder} is in use by {holder}; close that browser first"
            )));
        }
        private::remove_folder(&self.0)
    }

    fn folder(&self) -> PathBuf {
        self.0.join(PROFILE)
    }

    fn is_signed_in(&self) -> bool {
        matches!(private::stamp(&self.0.join(SIGNED_IN)), Ok(Some(_)))
    }

    fn remember_signed_in(&self) -> io::Result<()> {
        fs::write_private(&self.0, SIGNED_IN, b"")
    }

    fn forget_signed_in(&self) {
        let _ = private::remove(&self.0.join(SIGNED_IN));
    }
}

/// Removes every profile.
pub(super) fn remove_all(root: &Path) -> io::Result<()> {
    for name in private::names(&all(root)) {
        if let Some(key) = Key::from_hex(&name) {
            Profile::of(root, &key).remove()?;
        }
    }
    Ok(())
}

fn all(root: &Path) -> PathBuf {
    root.join("browser")
}
