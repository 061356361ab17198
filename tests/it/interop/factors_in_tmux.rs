//! Every kind of second factor as a person at a terminal meets it: what is asked, what is shown while a
//! telephone is waited for, and how it ends.

use fedgit_testbed::{AtPhone, Factor, Push, Scenario, Verify};

use super::tmux::Pane;
use crate::adfs::named_home;
use crate::okta::{self, ENGINES};
use crate::world::Home;

/// A login as a person goes through it.
struct Login {
    /// For the message where it goes wrong.
    name: String,
    home: Home,
    /// Whether Duo is told its own name, by the proxy.
    by_proxy: bool,
    asks_password: bool,
    /// What is on the screen, and what is typed then.
    talk: Vec<(String, Option<String>)>,
    code: i32,
    /// What is on the screen in the end.
    ends: Vec<&'static str>,
}

impl Login {
    fn of(name: impl Into<String>, home: Home) -> Self {
        Self {
            name: name.into(),
            home,
            by_proxy: false,
            asks_password: true,
            talk: Vec::new(),
            code: 0,
            ends: vec!["adfs: credentials until"],
        }
    }

    /// With a code or an answer, typed where it is asked for.
    fn types(mut self, answer: &str) -> Self {
        let asked = "for corp:".to_owned();
        self.talk.push((asked, Some(answer.to_owned())));
        self
    }

    /// Something is shown, and somebody does it elsewhere.
    fn shows(mut self, text: impl Into<String>) -> Self {
        self.talk.push((text.into(), None));
        self
    }

    fn by_proxy(self) -> Self {
        Self {
            by_proxy: true,
            ..self
        }
    }

    /// It is refused, with these words.
    fn refused(self, words: &'static str) -> Self {
        Self {
            code: 5,
            ends: vec!["refused the ", words],
            ..self
        }
    }

    fn goes_as_it_should(&self) {
        let (home, name) = (&self.home, &self.name);
        let pane = Pane::open(home);
        let proxy = match self.by_proxy {
            true => format!("HTTPS_PROXY={} ", home.world.proxy_url()),
            false => String::new(),
        };
        // The mark is not in what is typed.
        pane.line(&format!(
            "{proxy}{} login corp; echo en\"\"ded $?",
            env!("CARGO_BIN_EXE_fedgit")
        ));
        if self.asks_password {
            pane.shows("password of username@domain for corp");
            pane.line(home.world.password());
        }
        for (text, answer) in &self.talk {
            let screen = pane.shows(text);
            // The end may be there before anybody looked.
            let ended = screen.find("ended ");
            let before = ended.is_none_or(|end| screen.find(&**text).is_some_and(|at| at < end));
            assert!(before, "{name}, {text}: {screen}");
            if let Some(answer) = answer {
                pane.line(answer);
            }
        }
        let screen = pane.shows("ended ");
        assert!(
            screen.contains(&format!("ended {}", self.code)),
            "{name}: {screen}"
        );
        for text in &self.ends {
            assert!(screen.contains(text), "{name}: no {text:?} in {screen}");
        }
        let typed = self.talk.iter().filter_map(|(_, answer)| answer.as_deref());
        for secret in typed.chain([home.world.password()]) {
            assert!(!screen.contains(secret), "{name}: {secret} is echoed");
        }
    }
}

fn at_adfs(factor: Factor, does: AtPhone) -> Login {
    let scenario = Scenario::adfs().second_factors(&[factor]).at_phone(does);
    Login::of(format!("{factor:?}, {does:?}"), Home::new(scenario))
}

#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn codes_of_ad_fs() {
    for factor in [
        Factor::EntraCode,
        Factor::Totp,
        Factor::SecurId,
        Factor::SecurIdV2,
        Factor::Vip,
        Factor::VipOld,
        Factor::SafeNet,
        Factor::Defender,
    ] {
        let login = at_adfs(factor, AtPhone::Approves);
        let code = login.home.world.mfa_code().to_owned();
        login.types(&code).goes_as_it_should();
    }
    let login = at_adfs(Factor::SecurId, AtPhone::Approves);
    let login = login.types("00000000").refused("Authentication failed");
    login.goes_as_it_should();
    let login = at_adfs(Factor::SecurIdNext, AtPhone::Approves);
    let world = &login.home.world;
    let (code, next) = (
        world.mfa_code().to_owned(),
        world.next_mfa_code().to_owned(),
    );
    let mut login = login.types(&code);
    let asked = "then enter the next one.) for corp:".to_owned();
    login.talk.push((asked, Some(next)));
    login.goes_as_it_should();
}

#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn pushes_and_calls_of_ad_fs() {
    for (factor, text, no, over) in [
        (
            Factor::EntraPush,
            "the number to choose is NN",
            "was denied",
            "timed out",
        ),
        (
            Factor::MfaServer,
            "We are calling your phone",
            "was denied",
            "timed out",
        ),
        (
            Factor::Silverfort,
            "Confirm the request",
            "Not authorized",
            "expired",
        ),
    ] {
        for (does, words) in [
            (AtPhone::Approves, None),
            (AtPhone::Denies, Some(no)),
            (AtPhone::Ignores, Some(over)),
        ] {
            let login = at_adfs(factor, does);
            let text = text.replace("NN", login.home.world.number());
            let login = login.shows(text);
            match words {
                Some(words) => login.refused(words).goes_as_it_should(),
                None => login.goes_as_it_should(),
            }
        }
    }
}

#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn duo_behind_ad_fs() {
    for factor in [Factor::DuoFrame, Factor::DuoPage, Factor::DuoScript] {
        let (push, call) = match factor {
            Factor::DuoScript => ("push to work", "Phone Call DP2"),
            _ => ("Duo Push phone1", "Phone Call phone1"),
        };
        let at_duo = |does: AtPhone, mfa: &str| {
            let scenario = Scenario::adfs().second_factors(&[factor]).at_phone(does);
            let home = named_home(scenario, &format!("mfa = \"{mfa}\""));
            Login::of(format!("{factor:?}, {does:?}, {mfa}"), home).by_proxy()
        };
        let number = "the number to enter is";
        at_duo(AtPhone::Approves, push)
            .shows(number)
            .goes_as_it_should();
        at_duo(AtPhone::Denies, push)
            .shows(number)
            .refused("Login request denied.")
            .goes_as_it_should();
        at_duo(AtPhone::Ignores, call)
            .refused("Login timed out.")
            .goes_as_it_should();
        let login = at_duo(AtPhone::Ignores, "Passcode");
        let code = login.home.world.mfa_code().to_owned();
        login.types(&code).goes_as_it_should();
    }
}

#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn codes_and_answers_of_okta() {
    for engine in ENGINES {
        for factor in [
            "totp", "google", "sms", "call", "email", "token", "question",
        ] {
            let scenario = engine().okta_factors(&[factor]);
            let name = format!("{factor} of {scenario:?}");
            // A telephone is one authenticator with two ways.
            let keys = match factor {
                "sms" | "call" => format!(
                    "mfa = \"{factor}\"
"
                ),
                _ => String::new(),
            };
            let login = Login::of(name, okta::home(scenario, &keys));
            let world = &login.home.world;
            let answer = match factor {
                "question" => world.okta_answer().to_owned(),
                _ => world.okta_code().to_owned(),
            };
            login.types(&answer).goes_as_it_should();
        }
        let home = okta::home(engine().okta_factors(&["totp"]), "");
        let login = Login::of("a wrong code", home).types("00000000");
        login.refused("code").goes_as_it_should();
    }
}

#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn pushes_of_okta() {
    let over = [
        "nobody answered the push in time",
        "The push notification has expired.",
    ];
    for (engine, over) in ENGINES.into_iter().zip(over) {
        let push = |does: Push| engine().okta_factors(&["push"]).okta_push(does);
        let of = |scenario| Login::of(format!("{scenario:?}"), okta::home(scenario, ""));
        of(push(Push::Approved).okta_push_with_number())
            .shows("choose 44 on the device")
            .goes_as_it_should();
        of(push(Push::Approved))
            .shows("approve it on the device")
            .goes_as_it_should();
        of(push(Push::Refused))
            .shows("approve it on the device")
            .refused("second factor")
            .goes_as_it_should();
        of(push(Push::Unanswered))
            .shows("approve it on the device")
            .refused(over)
            .goes_as_it_should();
    }
}

#[test]
#[ignore = "needs tmux: .ci/run installs it and runs this"]
fn duo_and_fastpass_of_okta() {
    let duo = |does: AtPhone, mfa: &str| {
        let scenario = Scenario::okta_classic()
            .okta_factors(&["duo"])
            .at_phone(does);
        let home = okta::duo::home(scenario, mfa);
        Login::of(format!("Duo of Okta, {does:?}, {mfa}"), home).by_proxy()
    };
    let push = "Duo Push phone1";
    let number = "the number to enter is";
    duo(AtPhone::Approves, push)
        .shows(number)
        .goes_as_it_should();
    duo(AtPhone::Denies, push)
        .shows(number)
        .refused("Login request denied.")
        .goes_as_it_should();
    duo(AtPhone::Ignores, push)
        .shows(number)
        .refused("Login timed out.")
        .goes_as_it_should();
    let login = duo(AtPhone::Ignores, "Passcode");
    let code = login.home.world.mfa_code().to_owned();
    login.types(&code).goes_as_it_should();

    // Neither a name nor a password is asked for where Okta Verify vouches for the machine.
    let fastpass = |verify: Verify| {
        let scenario = Scenario::okta_identity_engine().okta_asks_fastpass();
        let home = okta::home(scenario.okta_verify(verify), "");
        Login {
            asks_password: false,
            ..Login::of(format!("FastPass, {verify:?}"), home)
        }
        .shows("Okta Verify on this computer: confirm it there")
    };
    fastpass(Verify::Confirms).goes_as_it_should();
    fastpass(Verify::Denies)
        .refused("chosen to reject")
        .goes_as_it_should();
}
