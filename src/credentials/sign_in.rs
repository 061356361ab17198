//! One login at one identity provider: one at a time across processes, with what the last one left,
//! and none that is known to come to nothing.

mod lesson;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::config::env as names;
use crate::format::saml;
use crate::login::{
    self, Adfs, AuthnRequest, Capture, Flow, FlowError, Forms, Limits, LoginError, Origins, Person,
    Recorded, Refused,
};
use crate::model::{Assertion, IdpName, RoleArn, SamlWay, Timestamp};
use crate::sys::env::Env;
use crate::sys::http::{Cookies, Http};
use crate::sys::{clock, random};

use super::CredentialError;
use super::answers::{Answers, Sent};
use super::browser::{self, InBrowser, Profile, Window};
use super::by_command;
use super::choices::Choices;
use super::entries::Entries;
use super::failures::{Failures, Outcome};
use super::key::Key;
use super::manner::{By, Heed, Patience};
use super::password::{self, Saved, Saving};
use super::reach::Reach;
use super::route::Login;
use super::session::{Session, Sessions};
use super::turn::{Turn, turn};

use lesson::{is_sessions_fault, lesson};

/// What a login may take beside its own limit: a person's answers here, and STS.
const BESIDE: Duration = Duration::from_secs(300);

/// How long somebody may take to confirm a code: a little longer than Okta's own ten minutes, so that
/// it is Okta who says that they are over.
const DEVICE_WAIT: Duration = Duration::from_secs(660);

/// A login that may be made.
pub(super) struct SignIn<'a> {
    pub(super) env: &'a Env,
    pub(super) root: &'a Path,
    pub(super) idp: &'a IdpName,
    pub(super) login: Login<'a>,
    pub(super) askpass: Option<&'a [String]>,
    pub(super) may_ask: bool,
    pub(super) entries: &'a Entries<'a>,
    pub(super) saving: Saving,
    pub(super) notes: &'a dyn Fn(&str),
    pub(super) done: &'a dyn Fn(&str),
    /// Where the pages are taken down, if they are.
    pub(super) capture: Option<&'a RefCell<Capture>>,
    /// A client with these cookies.
    pub(super) http: &'a dyn Fn(Cookies) -> Http,
    pub(super) browser: browser::Choice<'a>,
    /// How the person wants to sign in where that is by a browser.
    pub(super) by: By,
    /// The declared roles that an assertion is for.
    pub(super) roles: BTreeSet<RoleArn>,
}

impl SignIn<'_> {
    /// The assertion of a login that some process made a moment ago.
    pub(super) fn kept(&self) -> Option<Assertion> {
        let kept = self.sessions().get(clock::now())?.assertion?;
        self.serves(&kept).ok()?;
        Some(kept)
    }

    /// What an assertion says, provided that it can be read and offers a declared role. Any other one
    /// would only stand in the way of the next login.
    fn serves(&self, assertion: &Assertion) -> Result<saml::Response, LoginError> {
        let said = saml::read(assertion)?;
        login::any_of(&said.roles, &self.roles)
            .map_err(|error| LoginError::NotOffered(Box::new(error)))?;
        Ok(said)
    }

    /// STS took it no more.
    pub(super) fn forget_kept(&self) {
        // Then it is refused once more.
        let _ = self.sessions().forget();
    }

    /// Waits for the turn, and says so once where another process has it.
    pub(super) fn turn(&self, patience: Patience) -> Result<Turn, CredentialError> {
        let wait = self.wait(patience);
        let turn = turn(&self.reach(patience), &self.key(), self.idp, wait);
        let turn = turn.map_err(|source| CredentialError::Locked {
            idp: self.idp.clone(),
            source,
        })?;
        self.entries.begin();
        Ok(turn)
    }

    /// How long to wait for another process: as long as its login may take, for whoever waits is not to
    /// give up before the one who signs in.
    fn wait(&self, patience: Patience) -> Duration {
        match patience {
            Patience::None => Duration::ZERO,
            Patience::UntilDone => longest(&self.login.saml.way, self.browser.limit),
        }
    }

    /// Logs in, in the turn, and keeps what that leaves. The client can go on to STS.
    pub(super) fn run(
        &self,
        turn: &Turn,
        patience: Patience,
        heed: Heed,
    ) -> Result<(Assertion, Http), CredentialError> {
        let failures = Failures::of(self.root, &self.key());
        self.not_again(turn, patience, heed, &failures)?;
        log::info!("logging in to {} at {}", self.idp, self.login.saml.origin());
        let mut person = Answers {
            idp: self.idp,
            saml: self.login.saml,
            reach: self.reach(patience),
            saved: Saved::of(self.entries, self.login.saml.origin(), self.saving),
            choices: Choices::of(self.root, &self.key()),
            notes: self.notes,
            sent: Sent::default(),
            opens_pages: self.may_ask && heed == Heed::Nothing && self.by == By::Best,
            browser: self.browser.program,
        };
        let mut outcome = self.drive(&mut person, patience, heed);
        if let Err(LoginError::Refused(refusal)) = &outcome
            && refusal.what == Refused::Password
            && let Some(username) = person.saved.refused()
        {
            (self.notes)(&format!(
                "{} refused the saved password of {username}, so it is forgotten: {}",
                self.idp, refusal.text
            ));
            if self.may_ask {
                outcome = self.attempt(&mut person, None);
            }
        }
        match outcome {
            Ok(done) => {
                match self.serves(&done.0) {
                    Ok(_) => failures.forget(),
                    // Whoever waited would get the same.
                    Err(error) => {
                        if let Some((outcome, words)) = lesson(&error, Sent::default()) {
                            failures.remember(outcome, &words, clock::now());
                        }
                    }
                }
                person.choices.keep();
                self.sweep(clock::now());
                self.save(&mut person.saved)?;
                Ok(done)
            }
            Err(source) => {
                person.choices.forget_used();
                if let Some((outcome, words)) = lesson(&source, person.sent) {
                    failures.remember(outcome, &words, clock::now());
                } else if patience == Patience::None && failures.last(clock::now()).is_none() {
                    // What this one got as far as sending is not sent anew by every call until then.
                    failures.remember(Outcome::NotYet, &source.to_string(), clock::now());
                }
                Err(CredentialError::Login {
                    idp: self.idp.clone(),
                    source,
                })
            }
        }
    }

    /// Takes away what nobody uses any more.
    fn sweep(&self, now: Timestamp) {
        self.entries.sweep(now);
        Failures::sweep(self.root, now);
        let declared = &self.browser.declared;
        browser::sweep(self.root, |idp| declared.contains(idp), now);
    }

    /// Saves the password that worked, where that was asked for.
    fn save(&self, saved: &mut Saved<'_>) -> Result<(), CredentialError> {
        let username = saved.keep().map_err(|source| CredentialError::NotSaved {
            idp: self.idp.clone(),
            source,
        })?;
        match username {
            Some(username) => (self.done)(&format!(
                "saved the password of {username} for {} in the keyring",
                self.idp
            )),
            None if self.saving == Saving::Save => (self.notes)(&format!(
                "{} asked for no password, so none was saved",
                self.idp
            )),
            None => {}
        }
        Ok(())
    }

    /// In the user's browser, which keeps most of its session itself.
    fn in_browser(
        &self,
        url: &Url,
        person: &mut dyn Person,
        window: Window,
        heed: Heed,
    ) -> Result<(Assertion, Http), LoginError> {
        let last = self.sessions().get(clock::now());
        let profile = Profile::of(self.root, &self.key());
        let signed = InBrowser {
            env: self.env,
            idp: self.idp,
            url,
            choice: &self.browser,
            profile: &profile,
            window,
            heed,
        }
        .run(last.as_ref(), person);
        if self.entries.logged_out_meanwhile() {
            // As nothing else of this login is kept.
            let _ = profile.remove();
        }
        let signed = signed?;
        let began = last.filter(|_| !signed.by_person).map(|last| last.began);
        self.keep_session(signed.cookies, began, &signed.assertion);
        Ok((signed.assertion, (self.http)(Cookies::default())))
    }

    /// The page where a person begins; `None` where nothing declares it.
    pub(super) fn address(&self) -> Result<Option<Url>, FlowError> {
        let Some(url) = self.login.saml.url() else {
            return Ok(None);
        };
        let (service, issuer) = login::adfs_service(url);
        self.start(url, &service, issuer).map(Some)
    }

    /// Keeps an assertion that a person brought, with whatever cookies there are.
    pub(super) fn brought(&self, assertion: &Assertion) -> Http {
        let last = self.sessions().get(clock::now());
        let (cookies, began) = match last {
            Some(last) => (last.cookies, Some(last.began)),
            None => (SecretString::from(""), None),
        };
        self.keep_session(cookies, began, assertion);
        Failures::of(self.root, &self.key()).forget();
        Profile::of(self.root, &self.key()).forget_last();
        (self.http)(Cookies::default())
    }

    /// This login serves its caller also where its session is not kept.
    fn keep_session(&self, cookies: SecretString, began: Option<Timestamp>, assertion: &Assertion) {
        let now = clock::now();
        let said = self.serves(assertion);
        let session = Session {
            cookies,
            began: began.unwrap_or(now),
            assertion: said.is_ok().then(|| assertion.clone()),
        };
        let end = said.ok().and_then(|said| said.not_on_or_after);
        let what = format!("session of {}", self.idp);
        self.sessions().put(&session, &what, end, now);
    }

    /// With the cookies of the last login, where there are any, which may make questions needless.
    /// Where they only confuse the identity provider, without.
    fn drive(
        &self,
        person: &mut Answers<'_>,
        patience: Patience,
        heed: Heed,
    ) -> Result<(Assertion, Http), LoginError> {
        if let SamlWay::Browser { url } = &self.login.saml.way {
            let (service, issuer) = login::adfs_service(url);
            let start = self.start(url, &service, issuer)?;
            let window = match (self.may_ask, patience) {
                (false, _) => Window::No,
                (true, Patience::None) => Window::Later,
                (true, Patience::UntilDone) => Window::Yes,
            };
            return self.in_browser(&start, person, window, heed);
        }
        if let SamlWay::Command { .. } = self.login.saml.way {
            // What it knows of earlier logins is its own.
            return self.attempt(person, None);
        }
        // Whoever wants a password saved is to be asked for it.
        let last = match self.saving {
            Saving::Use => self.sessions().get(clock::now()),
            Saving::Save => None,
        };
        if let Some(last) = last {
            match self.attempt(person, Some(&last)) {
                Err(error) if !person.sent.answer && is_sessions_fault(&error) => {
                    self.forget_kept();
                    if person.sent.anything {
                        return Err(error);
                    }
                }
                done => return done,
            }
        }
        // Nothing is sent for a login that must end at its first question.
        if !self.is_by_device() {
            person.foreseen()?;
        } else if heed == Heed::Failures && !person.reach.is_there() {
            // A code that nobody sees is confirmed by nobody. `fedgit login` says where it is shown.
            return Err(person.reach.nobody("a device login").into());
        }
        self.attempt(person, None)
    }

    fn attempt(
        &self,
        person: &mut Answers<'_>,
        last: Option<&Session>,
    ) -> Result<(Assertion, Http), LoginError> {
        let mut http = (self.http)(
            last.map(|last| Cookies::of(&last.cookies))
                .unwrap_or_default(),
        );
        let assertion = self.assertion(&mut http, person)?;
        let began = last.filter(|_| !person.sent.answer).map(|last| last.began);
        self.keep_session(http.cookies().kept(), began, &assertion);
        Ok((assertion, http))
    }

    /// By whatever way this identity provider is declared with.
    fn assertion(
        &self,
        http: &mut Http,
        person: &mut Answers<'_>,
    ) -> Result<Assertion, LoginError> {
        let saml = self.login.saml;
        let username = || saml.username.clone();
        let origins = |url| Origins::new(url, &saml.allow_hosts);
        let mut flow: Box<dyn Flow> = match &saml.way {
            SamlWay::Adfs { url } => {
                let (service, issuer) = login::adfs_service(url);
                let start = self.start(url, &service, issuer)?;
                Box::new(Adfs::new(start, origins(url), username()))
            }
            SamlWay::Okta(okta) => Box::new(login::Okta::new(okta, origins(&okta.url), username())),
            SamlWay::Forms { url, fields } => {
                let start = self.start(url, url, None)?;
                Box::new(Forms::new(start, origins(url), username(), fields.clone()))
            }
            SamlWay::Command { program, .. } => {
                let printed = by_command::assertion(program, self.idp, saml, &person.reach);
                return Ok(printed?);
            }
            // It is no flow of pages: `drive` sends it elsewhere.
            SamlWay::Browser { .. } => return Err(FlowError::OutOfTurn.into()),
        };
        let mut limits = Limits::default();
        if self.is_by_device() {
            limits.waiting = DEVICE_WAIT;
        }
        let Some(capture) = self.capture else {
            return login::drive(flow.as_mut(), http, person, limits);
        };
        if let Some(name) = &saml.username {
            capture.borrow_mut().hide_user(name);
        }
        let mut recorded = Recorded { web: http, capture };
        let mut overheard = login::Overheard { person, capture };
        let outcome = login::drive(flow.as_mut(), &mut recorded, &mut overheard, limits);
        let words = match &outcome {
            Ok(_) => "an assertion".to_owned(),
            Err(error) => error.to_string(),
        };
        capture.borrow_mut().end(&words);
        outcome
    }

    /// Whether somebody confirms a code in a browser, so that nothing is typed here.
    fn is_by_device(&self) -> bool {
        matches!(&self.login.saml.way, SamlWay::Okta(okta) if okta.device.is_some())
    }

    /// The address that the login starts at: the declared one, or where a request of ours makes the
    /// identity provider's single sign-on service begin.
    fn start(&self, url: &Url, service: &Url, issuer: Option<String>) -> Result<Url, FlowError> {
        if !self.login.saml.sp_initiated {
            return Ok(url.clone());
        }
        let request = AuthnRequest {
            partition: self.login.partition,
            issuer,
            id: random::name().map_err(|_| FlowError::NoRandom)?,
            now: clock::now(),
        };
        Ok(request.address(service))
    }

    /// Stops before a password goes out that was refused: one that a program, the environment or the
    /// keychain would give again, and any while the process waited for somebody else's try. And where there is
    /// something valid in hand, before a renewal that failed a moment ago is tried again.
    fn not_again(
        &self,
        turn: &Turn,
        patience: Patience,
        heed: Heed,
        failures: &Failures,
    ) -> Result<(), CredentialError> {
        let now = clock::now();
        let Some(last) = failures.last(now).filter(|_| heed == Heed::Failures) else {
            return Ok(());
        };
        let given = || {
            self.env.os(names::FEDGIT_PASSWORD).is_some()
                || self.login.saml.password_command.is_some()
                || password::is_there(self.entries, self.login.saml)
                // What goes out then is a code or a push, which nobody here has a say in.
                || !self.reach(patience).is_there() && self.sessions().get(now).is_some()
        };
        let unasked = last.outcome == Outcome::Refused && given();
        if !unasked && !last.settles(now, turn.waited_since, patience == Patience::None) {
            return Ok(());
        }
        Err(CredentialError::FailedBefore {
            idp: self.idp.clone(),
            outcome: last.outcome,
            seconds: now.since(last.at),
            text: last.text,
        })
    }

    fn reach(&self, patience: Patience) -> Reach<'_> {
        Reach {
            env: self.env,
            needs: self.idp.as_str(),
            askpass: self.askpass,
            may_ask: self.may_ask,
            root: self.root,
            notes: self.notes,
            wait: self.wait(patience),
        }
    }

    fn sessions(&self) -> Sessions<'_> {
        Sessions::of(self.entries, &self.key())
    }

    fn key(&self) -> Key {
        key(self.login)
    }
}

/// How long a login may take that another process makes.
fn longest(way: &SamlWay, browser: Duration) -> Duration {
    BESIDE
        + match way {
            SamlWay::Browser { .. } => browser,
            SamlWay::Command { .. } => by_command::LIMIT,
            SamlWay::Adfs { .. } | SamlWay::Okta(_) | SamlWay::Forms { .. } => {
                Limits::default().total
            }
        }
}

/// The login: who, and where.
pub(super) fn key(login: Login<'_>) -> Key {
    let saml = login.saml;
    let username = saml.username.as_deref().unwrap_or_default();
    let place = saml.place();
    let mut parts = vec![place.as_bytes(), username.as_bytes()];
    if !saml.names_user() {
        // Two identity providers with one address may be two users.
        parts.push(login.idp.name.as_str().as_bytes());
    }
    if saml.sp_initiated {
        // Each partition is asked for by a request of its own, and answered by an assertion of its own.
        parts.push(login.partition.as_str().as_bytes());
    }
    Key::of("login", &parts)
}

#[cfg(test)]
mod tests;
