//! A login in the user's own browser. Its profile is fedgit's own, of this login alone, and keeps the
//! identity provider's session; so the browser is started unseen first, and a window is opened only
//! where a person is needed.

mod profile;

use std::collections::BTreeSet;
use std::time::Duration;

use url::Url;

use crate::login::browser::{BrowserError, Outcome, Visit, Wanted, visit};
use crate::login::{LoginError, Person};
use crate::model::{Assertion, IdpName, Store};
use crate::sys::browsers::{has_display, installed};
use crate::sys::clock;
use crate::sys::devtools::{self, Started};
use crate::sys::env::Env;

use super::manner::Heed;
use super::session::Session;
use profile::Last;
pub(super) use profile::{Profile, remove_all, remove_all_of, sweep};

/// Which browser, and for what.
#[derive(Debug, Clone)]
pub(super) struct Choice<'a> {
    /// `[settings] browser`.
    pub(super) program: Option<&'a [String]>,
    /// `[settings] browser_seconds`.
    pub(super) limit: Duration,
    /// What a response is to be for.
    pub(super) wanted: Wanted,
    /// Where things are kept between runs.
    pub(super) store: Store,
    /// Every identity provider that is declared, whose session may stay.
    pub(super) declared: BTreeSet<&'a str>,
}

/// A login by a browser.
pub(super) struct InBrowser<'a> {
    pub(super) env: &'a Env,
    pub(super) idp: &'a IdpName,
    pub(super) url: &'a Url,
    pub(super) choice: &'a Choice<'a>,
    pub(super) profile: &'a Profile,
    pub(super) window: Window,
    pub(super) heed: Heed,
}

/// Whether a window may be opened for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// Nobody is to be asked.
    No,
    /// Not yet: there is something valid in hand.
    Later,
    /// Where somebody sees it.
    Yes,
}

/// An assertion, the cookies to keep, and whether a person signed in for it.
pub(super) struct Signed {
    pub(super) assertion: Assertion,
    pub(super) cookies: secrecy::SecretString,
    pub(super) by_person: bool,
}

/// What one browser came to.
enum Attempt {
    Signed(Signed),
    /// Without a person it goes no further; why, where more is known.
    NeedsPerson(Option<LoginError>),
}

impl InBrowser<'_> {
    /// Unseen where somebody has signed in before, else in a window.
    pub(super) fn run(
        &self,
        last: Option<&Session>,
        person: &mut dyn Person,
    ) -> Result<Signed, LoginError> {
        let signed = self.try_both(last, person);
        if signed.is_ok() {
            self.profile.remember_signed_in();
        }
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
        let can_open = self.can_open();
        let needs_person = self.profile.came_to(Last::NeedsPerson, clock::now());
        // A window does all that an unseen one would. Else who asks for it may know better.
        let known = needs_person.is_some() && (can_open.is_ok() || self.heed == Heed::Failures);
        if self.profile.is_signed_in() && !known {
            match self.attempt(last, false, person)? {
                Attempt::Signed(signed) => return Ok(signed),
                // It is told again to whoever waited.
                Attempt::NeedsPerson(Some(why)) if can_open.is_err() => return Err(why),
                Attempt::NeedsPerson(_) => {
                    self.profile.remember(Last::NeedsPerson, clock::now());
                }
            }
        }
        can_open?;
        person.show(&format!(
            "sign in to {} in the browser's window; to give up, close it",
            self.idp
        ));
        match self.attempt(last, true, person) {
            Ok(Attempt::Signed(signed)) => Ok(signed),
            // Only one that nobody sees waits for a person.
            Ok(Attempt::NeedsPerson(_)) => Err(BrowserError::Mute.into()),
            Err(error) => {
                if matches!(error, LoginError::NoAnswer(_)) {
                    self.profile.remember(Last::NobodySignedIn, clock::now());
                }
                Err(error)
            }
        }
    }

    /// Whether a person may be asked, and would see the window.
    fn can_open(&self) -> Result<(), BrowserError> {
        match self.window {
            Window::No => return Err(BrowserError::Forbidden),
            Window::Later => return Err(BrowserError::NotYet),
            Window::Yes => {}
        }
        if !has_display(self.env) {
            return Err(BrowserError::NoDisplay);
        }
        let closed = self.profile.came_to(Last::NobodySignedIn, clock::now());
        match closed {
            Some(seconds) if self.heed == Heed::Failures => Err(BrowserError::NotAgain { seconds }),
            _ => Ok(()),
        }
    }

    /// With one browser, and where that fails by itself, with one more: browsers do crash, and who
    /// signs in at the second has lost little.
    fn attempt(
        &self,
        last: Option<&Session>,
        window: bool,
        person: &mut dyn Person,
    ) -> Result<Attempt, LoginError> {
        let attempt = self.attempt_once(last, window);
        let Err(LoginError::Browser(BrowserError::Crashed(ended))) = &attempt else {
            return attempt;
        };
        if !ended.by_itself {
            return attempt;
        }
        let told = format!(
            "the browser failed ({}); it is started once more",
            ended.how
        );
        match window {
            true => person.show(&told),
            false => log::info!("{told}"),
        }
        self.attempt_once(last, window)
    }

    fn attempt_once(&self, last: Option<&Session>, window: bool) -> Result<Attempt, LoginError> {
        let choice = self.choice;
        let browser = installed(self.env, choice.program).ok_or_else(|| BrowserError::Missing {
            named: choice.program.and_then(|words| words.first().cloned()),
        })?;
        // Then it is found by its key alone.
        let _ = self.profile.begin(self.idp);
        let browser = devtools::start(&Started {
            program: &browser.program,
            args: &browser.args,
            profile: &self.profile.browsers(),
            window,
            // Also where a signal is what ends this login.
            forget: (choice.store == Store::None).then_some(self.profile.folder()),
        })
        .map_err(BrowserError::from)?;
        let outcome = visit(
            browser,
            &Visit {
                url: self.url,
                wanted: &choice.wanted,
                cookies: last.map(|last| &last.cookies),
                window,
                limit: choice.limit,
            },
        )?;
        Ok(match outcome {
            Outcome::Caught { assertion, cookies } => Attempt::Signed(Signed {
                assertion,
                cookies,
                by_person: window,
            }),
            Outcome::PersonNeeded(why) => Attempt::NeedsPerson(why),
        })
    }
}
