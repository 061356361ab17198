//! How the Okta org behaves: data, refined by builder methods of the scenario.

use crate::scenario::Scenario;

/// What runs the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Classic,
    Identity,
}

/// What the person does with a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// Approves it while it is asked for the second time.
    Approved,
    /// Refuses it.
    Refused,
    /// Does nothing, until the org gives up.
    Unanswered,
}

/// What Okta Verify on the person's machine makes of a challenge (FastPass).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Answers the org that the person confirmed it.
    Confirms,
    /// Takes it, and answers the org that the person did not want it.
    Denies,
    /// Does not take it.
    Fails,
}

/// What the browser at the other end of a device login does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Confirms the code while it is asked for the second time.
    Confirms,
    /// Refuses it.
    Refuses,
    /// Does nothing, until the code has expired.
    Waits,
    /// Confirms it, but the application's policy wants more than that.
    ConfirmsTooLittle,
}

/// What stands in the way of a right password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    Good,
    LockedOut,
    PasswordExpired,
    PasswordWarn,
    MustEnroll,
}

/// An answer that no org gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hostile {
    /// Ten million bytes.
    Large,
    /// A hundred thousand levels.
    Deep,
    /// Links of factors and steps lead to another host.
    OtherHost,
    /// They lead to a script.
    Script,
    /// No state token, no state handle.
    NoToken,
    /// The same state again and again.
    Loop,
    /// A state that nobody knows, and fields of types that nobody expects.
    Unknown,
}

#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) engine: Engine,
    pub(crate) factors: Vec<&'static str>,
    pub(crate) account: Account,
    pub(crate) push: Push,
    pub(crate) number: bool,
    pub(crate) step_up: bool,
    pub(crate) remembers: bool,
    /// Seconds for which the org takes no login.
    pub(crate) rate_limit: Option<i64>,
    /// Whoever looks first whether a push was answered is to come back after so many seconds.
    pub(crate) push_rate_limit: Option<i64>,
    /// The name and the password are asked for on one page (Identity Engine).
    pub(crate) one_page: bool,
    /// A program on the person's machine is asked first (Identity Engine).
    pub(crate) fastpass: bool,
    /// What that program does; `None` where it is not there.
    pub(crate) verify: Option<Verify>,
    /// The host that is called Duo's, where it is not.
    pub(crate) duo_host: Option<&'static str>,
    /// Where Duo's answer is to go, where that is not the org.
    pub(crate) duo_callback: Option<&'static str>,
    pub(crate) browser: Browser,
    pub(crate) hostile: Option<Hostile>,
}

impl Setup {
    pub(crate) fn new(engine: Engine) -> Setup {
        Setup {
            engine,
            factors: Vec::new(),
            account: Account::Good,
            push: Push::Approved,
            number: false,
            step_up: false,
            remembers: false,
            rate_limit: None,
            push_rate_limit: None,
            one_page: false,
            fastpass: false,
            verify: None,
            duo_host: None,
            duo_callback: None,
            browser: Browser::Confirms,
            hostile: None,
        }
    }
}

impl Scenario {
    /// An Okta org of the Classic engine that wants no second factor.
    pub fn okta_classic() -> Scenario {
        Scenario {
            okta: Setup::new(Engine::Classic),
            ..Scenario::adfs()
        }
    }

    /// An Okta org of the Identity Engine that asks for the name first, and wants no second factor.
    pub fn okta_identity_engine() -> Scenario {
        Scenario {
            okta: Setup::new(Engine::Identity),
            ..Scenario::adfs()
        }
    }

    /// The person's second factors: push, totp, google, sms, call, email, question, token, duo,
    /// webauthn, u2f; one of them is wanted after the password.
    pub fn okta_factors(mut self, factors: &[&'static str]) -> Scenario {
        self.okta.factors = factors.to_vec();
        self
    }

    /// What comes of a push.
    pub fn okta_push(mut self, push: Push) -> Scenario {
        self.okta.push = push;
        self
    }

    /// A push shows a number to choose.
    pub fn okta_push_with_number(mut self) -> Scenario {
        self.okta.number = true;
        self
    }

    /// The factor is not wanted at the login but by the AWS application.
    pub fn okta_step_up(mut self) -> Scenario {
        self.okta.step_up = true;
        self
    }

    /// A device that was remembered needs no second factor.
    pub fn okta_remembers_devices(mut self) -> Scenario {
        self.okta.remembers = true;
        self
    }

    /// The account is locked.
    pub fn okta_locked_out(mut self) -> Scenario {
        self.okta.account = Account::LockedOut;
        self
    }

    /// The password has expired.
    pub fn okta_password_expired(mut self) -> Scenario {
        self.okta.account = Account::PasswordExpired;
        self
    }

    /// The password will expire, which can be left for later.
    pub fn okta_password_warn(mut self) -> Scenario {
        self.okta.account = Account::PasswordWarn;
        self
    }

    /// The person has no second factor and must set one up.
    pub fn okta_must_enroll(mut self) -> Scenario {
        self.okta.account = Account::MustEnroll;
        self
    }

    /// Too many logins: none is taken for so many seconds.
    pub fn okta_rate_limit(mut self, seconds: i64) -> Scenario {
        self.okta.rate_limit = Some(seconds);
        self
    }

    /// The first look at a push comes too soon: only after so many seconds is there an answer.
    pub fn okta_push_rate_limit(mut self, seconds: i64) -> Scenario {
        self.okta.push_rate_limit = Some(seconds);
        self
    }

    /// Name and password on one page (Identity Engine).
    pub fn okta_one_page(mut self) -> Scenario {
        self.okta.one_page = true;
        self
    }

    /// Okta Verify on the person's own machine is asked before anything else (Identity Engine).
    pub fn okta_asks_fastpass(mut self) -> Scenario {
        self.okta.fastpass = true;
        self
    }

    /// Okta Verify runs on the person's machine. Another one, of somebody else's, runs there as well.
    pub fn okta_verify(mut self, verify: Verify) -> Scenario {
        self.okta.verify = Some(verify);
        self
    }

    /// The org calls this host Duo's (Classic).
    pub fn okta_duo_at(mut self, host: &'static str) -> Scenario {
        self.okta.duo_host = Some(host);
        self
    }

    /// The org wants Duo's answer sent here (Classic).
    pub fn okta_duo_answers_to(mut self, href: &'static str) -> Scenario {
        self.okta.duo_callback = Some(href);
        self
    }

    /// What comes of a device login.
    pub fn okta_browser(mut self, browser: Browser) -> Scenario {
        self.okta.browser = browser;
        self
    }

    /// The API answers as no org does.
    pub fn okta_hostile(mut self, hostile: Hostile) -> Scenario {
        self.okta.hostile = Some(hostile);
        self
    }
}
