//! Logins at an Okta org of either engine, with every kind of second factor.

pub(crate) mod duo;
mod fastpass;
#[cfg(unix)]
mod terminal;

use fedgit_testbed::{Browser, Hostile, Push, Scenario, Service};

use crate::world::{Home, Said};

const PROFILE: [&str; 3] = ["credential-process", "--profile", "adfs"];
const LOUD: [&str; 4] = ["-vvv", "credential-process", "--profile", "adfs"];

/// Both engines; what is true of one is true of the other.
pub(crate) const ENGINES: [fn() -> Scenario; 2] =
    [Scenario::okta_classic, Scenario::okta_identity_engine];

/// A user of the org, whose `[idp.corp]` has these keys too.
pub(crate) fn home(scenario: Scenario, keys: &str) -> Home {
    let home = Home::empty(scenario);
    let (adfs, okta) = (home.world.adfs_url(), home.world.okta_url());
    let config = home.example().replace(&adfs, &okta);
    let kind = format!("kind = \"okta\"\n{keys}");
    let config = config.replace("kind = \"adfs\"\n", &kind);
    home.write(".config/fedgit/fedgit.toml", config);
    home
}

/// With the right password and this code in the environment.
pub(crate) fn with_code(home: &Home, args: &[&str], code: &str) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    let password = home.world.password();
    home.run(
        command
            .args(args)
            .env("FEDGIT_PASSWORD", password)
            .env("FEDGIT_MFA_CODE", code),
    )
}

fn notes(home: &Home) -> Vec<String> {
    let ledger = home.world.ledger();
    ledger
        .of(Service::Okta)
        .map(|entry| entry.note.clone())
        .collect()
}

#[test]
fn a_password_is_all_that_is_wanted() {
    let both = [
        Scenario::okta_classic(),
        Scenario::okta_identity_engine(),
        Scenario::okta_identity_engine().okta_one_page(),
        Scenario::okta_classic().okta_password_warn(),
        Scenario::okta_identity_engine().okta_password_warn(),
    ];
    for scenario in both {
        let shown = format!("{scenario:?}");
        let home = home(scenario, "");
        let said = home.fedgit_as_script(&PROFILE);
        assert_eq!(said.code, 0, "{shown}: {}", said.err);
        assert!(said.out.contains("\"SessionToken\""));
        let ledger = home.world.ledger();
        assert_eq!(
            (ledger.logins(), ledger.login_attempts()),
            (1, 1),
            "{shown}"
        );
        // And not again.
        home.fedgit(&PROFILE).exits(0);
        assert_eq!(home.world.ledger().logins(), 1);
    }
}

#[test]
fn every_factor_with_a_code() {
    for engine in ENGINES {
        for factor in [
            "totp", "google", "sms", "call", "email", "token", "question",
        ] {
            let home = home(engine().okta_factors(&[factor]), "");
            let code = match factor {
                "question" => home.world.okta_answer().to_owned(),
                _ => home.world.okta_code().to_owned(),
            };
            // A telephone has two ways in the Identity Engine.
            let config = home.read(".config/fedgit/fedgit.toml");
            let mfa = format!("kind = \"okta\"\nmfa = \"{factor}\"\n");
            home.write(
                ".config/fedgit/fedgit.toml",
                config.replace("kind = \"okta\"\n", &mfa),
            );
            // With everything told that is told at all: what is secret must not be in it.
            let said = with_code(&home, &LOUD, &code);
            assert_eq!(said.code, 0, "{factor}: {}\n{:?}", said.err, notes(&home));
            assert_eq!(home.world.ledger().logins(), 1);
            assert!(
                notes(&home)
                    .iter()
                    .any(|note| note.contains("factor accepted"))
            );
        }
    }
}

#[test]
fn a_wrong_code_is_sent_once() {
    for engine in ENGINES {
        for factor in ["totp", "email", "question"] {
            let home = home(engine().okta_factors(&[factor]), "");
            with_code(&home, &PROFILE, "00000000").exits(5).tells(&[
                "refused the code",
                "nvalid",
                "help:",
            ]);
            let wrong = notes(&home)
                .into_iter()
                .filter(|note| note.contains("E0000068") || note.contains("wrong code"));
            assert_eq!(wrong.count(), 1);
        }
    }
}

#[test]
fn a_wrong_password_is_sent_once() {
    for engine in ENGINES {
        let home = home(engine().okta_factors(&["totp"]), "");
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        home.run(command.args(PROFILE).env("FEDGIT_PASSWORD", "wrong"))
            .exits(5)
            .tells(&[
                "refused the user name or password",
                "Authentication failed",
                "help:",
            ]);
        let ledger = home.world.ledger();
        assert_eq!((ledger.logins(), ledger.login_attempts()), (0, 1));
    }
}

#[test]
fn a_push_that_is_approved() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["push"]).okta_push_with_number();
        let home = home(scenario, "");
        home.fedgit_as_script(&PROFILE)
            .exits(0)
            .tells(&["choose 44 on the device"]);
        let home = self::home(engine().okta_factors(&["push"]), "");
        home.fedgit_as_script(&PROFILE)
            .exits(0)
            .tells(&["approve it on the device"]);
    }
}

#[test]
fn a_push_that_is_not() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["push"]);
        let home = home(scenario.okta_push(Push::Refused), "");
        let said = home.fedgit_as_script(&PROFILE).exits(5);
        assert!(
            said.err.contains("refused") || said.err.contains("reject"),
            "{}",
            said.err
        );
        let scenario = engine().okta_factors(&["push"]);
        let home = self::home(scenario.okta_push(Push::Unanswered), "");
        let said = home.fedgit_as_script(&PROFILE).exits(5);
        assert!(
            said.err.contains("in time") || said.err.contains("expired"),
            "{}",
            said.err
        );
    }
}

#[test]
fn the_configuration_chooses_the_factor() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["push", "totp", "sms", "webauthn"]);
        let home = home(scenario, "mfa = \"sms\"\n");
        let code = home.world.okta_code().to_owned();
        with_code(&home, &PROFILE, &code).exits(0);
        assert!(notes(&home).iter().any(|note| note.contains("sms")));
        assert!(!notes(&home).iter().any(|note| note.contains("push")));
    }
    // Nothing says which, and nobody is there to say it.
    let home = home(Scenario::okta_classic().okta_factors(&["push", "totp"]), "");
    home.fedgit_as_script(&PROFILE)
        .exits(4)
        .tells(&["second factor"]);
}

#[test]
fn factors_that_only_a_browser_gives() {
    for engine in ENGINES {
        let home = home(engine().okta_factors(&["webauthn"]), "");
        home.fedgit_as_script(&PROFILE)
            .exits(1)
            .tells(&["only a browser can give", "kind = \"browser\""]);
    }
    for scenario in [
        Scenario::okta_identity_engine().okta_factors(&["duo"]),
        Scenario::okta_classic().okta_factors(&["u2f"]),
    ] {
        let home = home(scenario, "");
        home.fedgit_as_script(&PROFILE)
            .exits(1)
            .tells(&["only a browser can give", "kind = \"browser\""]);
    }
}

#[test]
fn the_application_wants_a_factor_of_its_own() {
    for engine in ENGINES {
        let home = home(engine().okta_factors(&["totp"]).okta_step_up(), "");
        let code = home.world.okta_code().to_owned();
        with_code(&home, &PROFILE, &code).exits(0);
        let notes = notes(&home);
        assert!(
            notes
                .iter()
                .any(|note| note.contains("the application asks for a factor"))
        );
        assert_eq!(home.world.ledger().logins(), 1);
    }
}

#[test]
fn a_remembered_device_is_asked_for_the_password_alone() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["totp"]);
        let home = home(scenario.okta_remembers_devices(), "");
        let code = home.world.okta_code().to_owned();
        with_code(&home, &PROFILE, &code).exits(0);
        home.world.end_sessions();
        forget(&home);
        home.fedgit_as_script(&PROFILE).exits(0);
        assert_eq!(home.world.ledger().logins(), 2);
        // It is forgotten with the session.
        home.fedgit(&["logout"]).exits(0);
        home.fedgit_as_script(&PROFILE).exits(4);
    }
}

/// Credentials are gone, and the time that STS takes an assertion is over.
pub(crate) fn forget(home: &Home) {
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    for entry in std::fs::read_dir(home.file(".cache/fedgit/sessions")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        stored["assertion_end"] = 1.into();
        std::fs::write(&path, stored.to_string()).unwrap();
    }
}

#[test]
fn the_session_makes_the_next_login_ask_nothing() {
    for engine in ENGINES {
        let home = home(engine().okta_factors(&["totp"]), "");
        let code = home.world.okta_code().to_owned();
        with_code(&home, &PROFILE, &code).exits(0);
        forget(&home);
        let before = home.world.ledger().count(Service::Okta);
        home.fedgit(&PROFILE).exits(0);
        assert_eq!(home.world.ledger().count(Service::Okta), before + 1);
        // Until the org has ended it.
        forget(&home);
        home.world.end_sessions();
        home.fedgit(&PROFILE).exits(4).tells(&["fedgit login corp"]);
    }
}

#[test]
fn several_roles_are_one_login() {
    for engine in ENGINES {
        let provider = "arn:aws:iam::111122223333:saml-provider/ADFS";
        let scenario = engine().okta_factors(&["totp"]).roles(&[
            ("arn:aws:iam::111122223333:role/ADFS-Production", provider),
            ("arn:aws:iam::111122223333:role/Second", provider),
        ]);
        let home = home(scenario, "");
        let config = home.read(".config/fedgit/fedgit.toml");
        let second =
            "[role.second]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/Second\"\n";
        home.write(".config/fedgit/fedgit.toml", format!("{config}{second}"));
        let code = home.world.okta_code().to_owned();
        with_code(&home, &["login", "corp"], &code)
            .exits(0)
            .tells(&["adfs: credentials until", "second: credentials until"]);
        assert_eq!(home.world.ledger().logins(), 1);
    }
}

#[test]
fn accounts_that_cannot_sign_in() {
    for engine in ENGINES {
        let home = home(engine().okta_locked_out(), "");
        home.fedgit_as_script(&PROFILE)
            .exits(5)
            .tells(&["account is locked"]);
        assert_eq!(home.world.ledger().login_attempts(), 1);
        let home = self::home(engine().okta_password_expired(), "");
        home.fedgit_as_script(&PROFILE)
            .exits(5)
            .tells(&["wants the password changed", "in a browser"]);
        let home = self::home(engine().okta_must_enroll(), "");
        home.fedgit_as_script(&PROFILE)
            .exits(5)
            .tells(&["wants a second factor set up first"]);
        let home = self::home(engine().okta_rate_limit(1000), "");
        let said = home.fedgit_as_script(&PROFILE).exits(1);
        said.tells(&["takes no more requests for", "rate limit", "help:"]);
    }
}

/// The push is out: whoever is to ask for its answer less often waits, and asks on.
#[test]
fn a_push_outlives_a_rate_limit() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["push"]).okta_push_rate_limit(2);
        let home = home(scenario, "");
        home.fedgit_as_script(&PROFILE).exits(0);
        let limited = |entry: &&fedgit_testbed::Entry| entry.status == 429;
        let ledger = home.world.ledger();
        assert_eq!(ledger.of(Service::Okta).filter(limited).count(), 1);
        assert_eq!(ledger.login_attempts(), 1);
    }
    // Nobody waits for longer than for a telephone.
    let scenario = Scenario::okta_classic().okta_factors(&["push"]);
    let home = home(scenario.okta_push_rate_limit(1000), "");
    home.fedgit_as_script(&PROFILE)
        .exits(1)
        .tells(&["takes no more requests for"]);
}

#[test]
fn a_device_login() {
    let device = |browser| {
        let scenario = Scenario::okta_identity_engine().okta_factors(&["webauthn"]);
        let home = home(scenario.okta_browser(browser), "");
        let (client, app) = home.world.okta_ids();
        let config = home.read(".config/fedgit/fedgit.toml");
        let keys = format!("kind = \"okta\"\nclient_id = \"{client}\"\napp_id = \"{app}\"\n");
        home.write(
            ".config/fedgit/fedgit.toml",
            config.replace("kind = \"okta\"\n", &keys),
        );
        home
    };
    let home = device(Browser::Confirms);
    // A program that asks for credentials in the background has nobody to show a code to.
    home.fedgit(&PROFILE).exits(4).tells(&["fedgit login corp"]);
    // Nor does a program that may reach somebody and may not stand for somebody who reads it.
    #[cfg(unix)]
    {
        let mut apart = home.command("setsid");
        apart
            .args(["--wait", env!("CARGO_BIN_EXE_fedgit")])
            .args(PROFILE)
            .env_remove("GIT_TERMINAL_PROMPT")
            .env("SSH_ASKPASS", "/bin/false");
        let said = home.run(&mut apart).exits(4);
        said.tells(&["nobody is there to be asked for a device login"]);
    }
    let said = home.fedgit(&["login", "corp"]).exits(0);
    said.tells(&[
        "/activate?user_code=BDWC-HQPK",
        "BDWC-HQPK",
        "credentials until",
    ]);
    assert_eq!(home.world.ledger().login_attempts(), 0);
    home.fedgit(&PROFILE).exits(0);

    let home = device(Browser::Refuses);
    home.fedgit(&["login", "corp"])
        .exits(5)
        .tells(&["refused in the browser"]);
    let home = device(Browser::Waits);
    home.fedgit(&["login", "corp"])
        .exits(5)
        .tells(&["nobody confirmed the code in time"]);
    let home = device(Browser::ConfirmsTooLittle);
    home.fedgit(&["login", "corp"])
        .exits(1)
        .tells(&["assurance requirements", "Allowed Web SSO"]);
    let home = device(Browser::Confirms);
    let config = home.read(".config/fedgit/fedgit.toml");
    let (_, app) = home.world.okta_ids();
    let without = config.replace(&format!("app_id = \"{app}\"\n"), "");
    home.write(".config/fedgit/fedgit.toml", without);
    home.fedgit(&["login", "corp"])
        .exits(2)
        .tells(&["has client_id and no app_id"]);
}

#[test]
fn the_profile_works_and_so_does_a_clone() {
    for engine in ENGINES {
        let home = home(engine().okta_factors(&["totp"]), "");
        let code = home.world.okta_code().to_owned();
        home.world
            .add_repository("us-east-1", "ExampleCorpRepository");
        home.fedgit(&["apply"]).exits(0).tells(&["1 added"]);
        with_code(&home, &["clone", "example", "work"], &code).exits(0);
        assert!(home.file("work/README.md").exists());
        home.git("work", &["fetch"]).exits(0);
        assert_eq!(home.world.ledger().logins(), 1);
    }
}

#[test]
fn answers_that_no_org_gives() {
    for engine in ENGINES {
        for (hostile, code, parts) in [
            (Hostile::Large, 1, &["sent more than"][..]),
            (Hostile::Deep, 1, &["not what Okta answers"]),
            (
                Hostile::OtherHost,
                1,
                &["evil.example", "not on the Okta org"],
            ),
            (Hostile::Script, 1, &["javascript:", "not on the Okta org"]),
            (Hostile::NoToken, 1, &["it has no state"]),
            (Hostile::Loop, 1, &["came to no end"]),
            (Hostile::Unknown, 1, &["does not know", "TELEPATHY"]),
        ] {
            let home = home(engine().okta_hostile(hostile), "");
            let said = with_code(&home, &PROFILE, "12345678");
            assert_eq!(said.code, code, "{hostile:?}: {}", said.err);
            let err = said.err.to_lowercase();
            for part in parts {
                assert!(
                    err.contains(&part.to_lowercase()),
                    "{hostile:?}: {}",
                    said.err
                );
            }
            assert!(!said.err.contains('\u{1b}'), "{}", said.err);
            assert!(home.world.ledger().login_attempts() <= 1, "{hostile:?}");
        }
    }
}

#[test]
fn a_site_that_is_no_okta_org() {
    let home = Home::empty(Scenario::adfs());
    let config = home.example().replace("kind = \"adfs\"", "kind = \"okta\"");
    home.write(".config/fedgit/fedgit.toml", config);
    home.fedgit_as_script(&PROFILE)
        .exits(1)
        .tells(&["does not say that it is an Okta org", "help:"]);
    assert_eq!(home.world.ledger().login_attempts(), 0);
}
