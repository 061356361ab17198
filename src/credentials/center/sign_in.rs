//! A sign-in by the person: in a browser here, or by a code on whatever device they have at hand.

use std::time::Duration;

use secrecy::SecretString;

use crate::credentials::manner::By;
use crate::credentials::pace::Failure as _;
use crate::credentials::page;
use crate::format::{qr, sso_cache::Registration};
use crate::login::identity_center::{Answer, CALLBACK, Polling, RANDOM, Secret};
use crate::sys::callback::{Callback, Shown};
use crate::sys::process::{self, Invocation};
use crate::sys::{browser, clock, random, terminal};

use super::Center;
use super::LONGEST_CALL;
use super::error::CenterError;
use super::oidc::{Device, Oidc, Polled};

/// How long somebody may take in the browser.
const BROWSER_LIMIT: Duration = Duration::from_secs(600);
/// A registration with less left might not see the sign-in through. Seconds.
const REGISTRATION_LEFT: i64 = 3600;

/// What can be done here.
enum Way {
    Opened(Invocation),
    Printed,
    DeviceCode,
}

/// What is done where the browser has a place to come back to, or none; `None` where nobody would see
/// what there is to do.
fn way(has_place: bool, opener: Option<Invocation>, is_here: bool) -> Option<Way> {
    match (has_place, opener) {
        (true, Some(opener)) => Some(Way::Opened(opener)),
        (true, None) => is_here.then_some(Way::Printed),
        // No port is free, or no browser would find its way: a code needs neither.
        (false, _) => is_here.then_some(Way::DeviceCode),
    }
}

impl Center<'_> {
    /// A token by the person's own doing, kept.
    pub(super) fn sign_in(&self) -> Result<SecretString, CenterError> {
        let oidc = self.oidc(LONGEST_CALL)?;
        let is_here = self.is_watched || terminal::is_ours();
        if !self.may_ask {
            return Err(self.nobody());
        }
        // Where the browser comes back to also decides whether it can be one here.
        let comes_back = match self.by {
            By::DeviceCode => false,
            By::Best => self.sees_browsers(),
            // Whoever says so has a browser that finds its way here, over a forwarded port perhaps.
            By::OwnBrowser => true,
        };
        let place = comes_back.then(|| Callback::new(CALLBACK));
        let place = place.and_then(|place| {
            place
                .inspect_err(|e| (self.notes)(&format!("{e}; a code is used instead")))
                .ok()
        });
        let start = place.as_ref().filter(|_| self.by == By::Best);
        let opener =
            start.and_then(|place| browser::opener(self.env, self.browser, &place.start()));
        let way = way(place.is_some(), opener, is_here).ok_or_else(|| self.nobody())?;
        match (way, place) {
            (Way::Opened(opener), Some(place)) => self.by_browser(&oidc, place, Some(&opener)),
            (Way::Printed, Some(place)) => self.by_browser(&oidc, place, None),
            _ => self.by_code(&oidc),
        }
    }

    /// Whether a browser on this machine would be in front of the person.
    fn sees_browsers(&self) -> bool {
        page::is_seen(self.env) && !self.center.by_device_code
    }

    fn by_browser(
        &self,
        oidc: &Oidc<'_>,
        place: Callback,
        opener: Option<&Invocation>,
    ) -> Result<SecretString, CenterError> {
        let client = self.client(oidc, true)?;
        // The service may have forgotten it, which is seen in the browser alone. It is kept again when
        // it has signed somebody in, whatever ends this before.
        let tokens = self.tokens();
        tokens.forget_registration();
        let random_failed = |e| CenterError::Callback(e);
        let verifier: [u8; RANDOM] = random::bytes().map_err(|e| random_failed(e.into()))?;
        let state: [u8; 32] = random::bytes().map_err(|e| random_failed(e.into()))?;
        let secret = Secret::new(&verifier, &state);
        let redirect = place.redirect();
        let page = secret.page(oidc.address(), &client.client.id, &redirect);
        let idp = self.idp;
        let mut opened = None;
        match opener {
            Some(opener) => {
                self.tell(&format!(
                    "sign in to {idp} in the browser; where none opens, open this: {page}"
                ));
                // The address is told already.
                match process::start(opener) {
                    Ok(process) => opened = Some(process),
                    Err(e) => self.tell(&e.to_string()),
                }
            }
            None if self.sees_browsers() => {
                self.tell(&format!("to sign in to {idp}, open this here: {page}"));
            }
            None => self.tell(&format!(
                "to sign in to {idp}, open this: {page}\n\
                 fedgit: the browser comes back to {redirect}, so it is to be on this machine, or that \
                 port forwarded from its own; else: fedgit login {idp} --device-code"
            )),
        }
        let meanwhile = || {
            let failed = opened.as_mut().and_then(|opened| opened.check().err());
            if let Some(error) = failed {
                opened = None;
                self.tell(&format!("the browser was not opened: {error}"));
            }
        };
        let judge = |query: &str| {
            let answer = secret.answer(query)?;
            let shown = match answer {
                Answer::Code(_) => ALLOWED,
                Answer::Refused(_) => REFUSED,
            };
            Some((answer, shown))
        };
        let answer = place.wait(page.as_str(), BROWSER_LIMIT, meanwhile, judge);
        let code = match answer {
            Ok(Answer::Code(code)) => code,
            Ok(Answer::Refused(refused)) => {
                tokens.put_registration(&client);
                return Err(CenterError::Denied(refused.text));
            }
            Err(error) => return Err(error.into()),
        };
        let grant = oidc.redeem(&client.client, &code, &redirect, secret.verifier())?;
        tokens.put_registration(&client);
        let client = client.client;
        let token = grant.first(self.center, &client, clock::now());
        Ok(self.keep(token, &client))
    }

    fn by_code(&self, oidc: &Oidc<'_>) -> Result<SecretString, CenterError> {
        let mut client = self.client(oidc, false)?.client;
        let start_url = &self.center.start_url;
        let device = match oidc.device(&client, start_url) {
            Err(CenterError::Refused { code, .. }) if code == "InvalidClientException" => {
                // The service does not know it any more, whatever it said of its end.
                self.tokens().forget_registration();
                client = self.client(oidc, false)?.client;
                oidc.device(&client, start_url)?
            }
            other => other?,
        };
        self.show(&device);
        let began = clock::start();
        let limit = Duration::from_secs(u64::try_from(device.seconds).unwrap_or(0).min(900));
        let mut polling = Polling::every(device.interval);
        while began.elapsed() < limit {
            std::thread::sleep(polling.pause());
            match oidc.poll(&client, &device) {
                Ok(Polled::Pending) => {}
                Ok(Polled::SlowDown) => polling.slow_down(),
                // RFC 8628, section 3.5: less often, and not the end. The person may be typing it now.
                Err(error) if error.is_passing() => {
                    log::info!("asking for the device's token again: {error}");
                    polling.slow_down();
                }
                Err(error) => return Err(error),
                Ok(Polled::Granted(grant)) => {
                    let token = grant.first(self.center, &client, clock::now());
                    return Ok(self.keep(token, &client));
                }
            }
        }
        Err(CenterError::CodeExpired)
    }

    fn show(&self, device: &Device) {
        let Device {
            user_code,
            page,
            whole_page,
            seconds,
            ..
        } = device;
        let minutes = seconds / 60;
        let idp = self.idp;
        let colour = terminal::is_ours() && self.env.os("NO_COLOR").is_none();
        let code = qr::render(whole_page.as_str(), colour);
        // What is read comes last: the code may fill the terminal.
        let code = code.map(|code| format!(" let a camera read this:\n{code}or"));
        self.tell(&format!(
            "to sign in to {idp},{} enter the code {user_code} on any device at {page}\n\
             fedgit: waiting for it; the code is good for {minutes} minutes",
            code.unwrap_or_default()
        ));
    }

    /// The client to sign in as: the one that is registered, else a new one.
    fn client(&self, oidc: &Oidc<'_>, by_browser: bool) -> Result<Registration, CenterError> {
        let tokens = self.tokens();
        let lasts =
            |made: &Registration| made.client.expires.since(clock::now()) > REGISTRATION_LEFT;
        if let Some(made) = tokens.registration(by_browser).filter(lasts) {
            return Ok(made);
        }
        let made = oidc.register(self.idp, self.center, by_browser)?;
        tokens.put_registration(&made);
        Ok(made)
    }

    /// On the terminal where the person sits; else where the command that they typed talks to them.
    fn tell(&self, text: &str) {
        if !self.reach().tell(text) && self.is_watched {
            (self.say)(&format!("fedgit: {text}"));
        }
    }

    pub(super) fn nobody(&self) -> CenterError {
        let what = format!("a sign-in to {}", self.idp);
        self.reach().nobody(&what).into()
    }
}

const ALLOWED: Shown = Shown {
    heading: "fedgit has its answer",
    sentence: "You may close this window, and go on where you started fedgit.",
};

const REFUSED: Shown = Shown {
    heading: "The sign-in was refused",
    sentence: "fedgit got no access. You may close this window.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_place_to_come_back_to_it_is_a_code() {
        let opener = || {
            Some(Invocation {
                program: "xdg-open".into(),
                args: Vec::new(),
                env: Vec::new(),
                inherits_login: false,
            })
        };
        assert!(matches!(way(true, opener(), false), Some(Way::Opened(_))));
        assert!(matches!(way(true, None, true), Some(Way::Printed)));
        assert!(matches!(way(false, None, true), Some(Way::DeviceCode)));
        // An SDK that started this shows nobody what it says.
        assert!(way(false, None, false).is_none() && way(true, None, false).is_none());
    }
}
