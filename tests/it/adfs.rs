//! AD FS in its versions and with each second factor, from the built binary. The test-bed takes
//! nothing but what its page asked for; the ledger tells whether anything else came.

use std::process::Command;

use fedgit_testbed::{AtPhone, Factor, Scenario, Service};

use crate::world::{Home, Said};

/// `fedgit login corp` as a script, with a password and a code in the environment.
fn login(home: &Home, code: &str) -> Said {
    home.run(script(home, code).args(["login", "corp"]))
}

fn script(home: &Home, code: &str) -> Command {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command.env("FEDGIT_PASSWORD", home.world.password());
    if !code.is_empty() {
        command.env("FEDGIT_MFA_CODE", code);
    }
    command
}

/// A home whose [idp.corp] has further lines.
fn home_with(scenario: Scenario, lines: &str) -> Home {
    let home = Home::empty(scenario);
    let text = home.example();
    let text = text.replacen("username = ", &format!("{lines}\nusername = "), 1);
    home.write(".config/fedgit/fedgit.toml", text);
    home
}

/// The same with the names that everybody knows the services by, through the proxy: Duo has no other.
pub(crate) fn named_home(scenario: Scenario, lines: &str) -> Home {
    let home = home_with(scenario, lines);
    let text = home.read(".config/fedgit/fedgit.toml");
    let text = text.replace(&home.world.adfs_url(), &home.world.adfs_named_url());
    home.write(".config/fedgit/fedgit.toml", text);
    home
}

fn notes(home: &Home) -> Vec<String> {
    let ledger = home.world.ledger();
    let entries = ledger.entries().iter();
    entries.map(|entry| entry.note.clone()).collect()
}

fn count(home: &Home, note: &str) -> usize {
    notes(home)
        .iter()
        .filter(|said| said.contains(note))
        .count()
}

/// Nothing was sent that no page had asked for.
#[track_caller]
fn nothing_was_amiss(home: &Home) {
    let amiss: Vec<String> = notes(home)
        .into_iter()
        .filter(|note| note.starts_with("refused:") && note != "refused: Nothing to do")
        .collect();
    assert!(amiss.is_empty(), "{amiss:#?}");
}

#[test]
fn every_version_signs_in() {
    for scenario in [
        Scenario::adfs(),
        Scenario::adfs_2_0(),
        Scenario::adfs_2016(),
        Scenario::adfs_2019(),
    ] {
        let home = Home::new(scenario);
        login(&home, "").exits(0);
        nothing_was_amiss(&home);
        let ledger = home.world.ledger();
        assert_eq!((ledger.logins(), ledger.login_attempts()), (1, 1));
        // Keep me signed in is nobody's to say but the person's.
        let mut forms = ledger.of(Service::Adfs).flat_map(|entry| &entry.form);
        assert!(forms.all(|(name, _)| name != "Kmsi"));
        // The session serves the next login.
        login(&home, "").exits(0);
        assert_eq!(home.world.ledger().login_attempts(), 1);
    }
}

#[test]
fn a_wrong_password_is_told_in_every_version() {
    for scenario in [
        Scenario::adfs_2_0(),
        Scenario::adfs_2016(),
        Scenario::adfs_2019(),
    ] {
        let home = Home::new(scenario);
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .env("FEDGIT_PASSWORD", "wrong")
            .args(["login", "corp"]);
        home.run(&mut command)
            .exits(5)
            .tells(&["Incorrect user ID or password"]);
        assert_eq!(home.world.ledger().login_attempts(), 1);
    }
}

#[test]
fn a_locked_account_and_an_old_password_are_told() {
    let home = Home::new(Scenario::adfs());
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .env("FEDGIT_PASSWORD", "wrong")
        .args(["login", "corp"]);
    for _ in 0..3 {
        home.run(&mut command).exits(5);
    }
    login(&home, "").exits(5).tells(&["Your account is locked"]);

    let home = Home::new(Scenario::adfs_password_expired());
    login(&home, "")
        .exits(5)
        .tells(&["wants the password changed", "in a browser"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn where_the_sign_on_page_is_disabled_a_request_begins_the_login() {
    let home = Home::new(Scenario::adfs_sp_only());
    login(&home, "").exits(5).tells(&["is not available"]);
    let home = home_with(Scenario::adfs_sp_only(), "sp_initiated = true");
    // The address of the sign-on page will do, and that of the service as well.
    login(&home, "").exits(0);
    nothing_was_amiss(&home);
    let text = home.read(".config/fedgit/fedgit.toml");
    let text = text.replace(&home.world.adfs_url(), &home.world.adfs_service_url());
    home.write(".config/fedgit/fedgit.toml", text);
    login(&home, "").exits(0);
    nothing_was_amiss(&home);
    assert_eq!(home.world.ledger().logins(), 2);
    // Every request has a name of its own.
    let ledger = home.world.ledger();
    let queries = ledger
        .of(Service::Adfs)
        .filter(|entry| entry.method == "GET");
    let mut requests: Vec<&str> = queries
        .filter_map(|entry| {
            entry
                .query
                .split('&')
                .find(|pair| pair.starts_with("SAMLRequest="))
        })
        .collect();
    requests.sort_unstable();
    requests.dedup();
    assert_eq!(requests.len(), 2, "{requests:?}");
}

#[test]
fn each_code_opens_the_door_and_a_wrong_one_does_not() {
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
        let home = Home::new(Scenario::adfs().second_factors(&[factor]));
        login(&home, "00000000")
            .exits(5)
            .tells(&["refused the code", "Authentication failed"]);
        assert_eq!(count(&home, "second factor refused"), 1, "{factor:?}: once");
        login(&home, home.world.mfa_code()).exits(0);
        nothing_was_amiss(&home);
        assert_eq!(count(&home, "second factor accepted"), 1, "{factor:?}");
        // With the session nobody is asked, for the password or for a code.
        login(&home, "").exits(0);
        assert_eq!(home.world.ledger().login_attempts(), 2, "{factor:?}");
    }
}

#[test]
fn a_code_comes_from_a_program_too_and_goes_out_once() {
    let home = Home::new(Scenario::adfs().second_factors(&[Factor::SecurIdNext]));
    // The next tokencode is another one; what answers the same again is not believed.
    login(&home, home.world.mfa_code())
        .exits(5)
        .tells(&["refused the code", "sent once"]);
    assert_eq!(count(&home, "asked for the next code"), 1);
    assert_eq!(count(&home, "second factor refused"), 0, "it was not sent");

    let home = home_with(
        Scenario::adfs().second_factors(&[Factor::Totp]),
        "mfa_command = [\"cat\", \"code\"]",
    );
    // A pipe, so that the code lies nowhere.
    let fifo = home.file("code");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let code = home.world.mfa_code().to_owned();
    let writer = std::thread::spawn(move || std::fs::write(fifo, format!("{code}\n")));
    login(&home, "").exits(0);
    writer.join().unwrap().unwrap();
    std::fs::remove_file(home.file("code")).unwrap();
}

#[test]
fn a_push_shows_its_number_and_says_how_it_ended() {
    for (factor, tells, no, over) in [
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
        for (does, code, words) in [
            (AtPhone::Approves, 0, ""),
            (AtPhone::Denies, 5, no),
            (AtPhone::Ignores, 5, over),
        ] {
            let home = Home::new(Scenario::adfs().second_factors(&[factor]).at_phone(does));
            let tells = tells.replace("NN", home.world.number());
            let said = login(&home, "").exits(code).tells(&[&tells, words]);
            assert_eq!(
                said.err.matches(&tells).count(),
                1,
                "told once: {}",
                said.err
            );
            if code == 5 {
                said.tells(&["refused the second factor"]);
            }
            nothing_was_amiss(&home);
        }
    }
}

/// The session knows the password still. A second try without it would send a push to somebody who has
/// just said no, or a code that was refused.
#[test]
fn within_a_session_a_no_is_a_no_as_well() {
    let home = Home::new(Scenario::adfs().second_factors(&[Factor::Totp]));
    login(&home, home.world.mfa_code()).exits(0);
    home.world.forget_second_factors();
    login(&home, "00000000")
        .exits(5)
        .tells(&["refused the code"]);
    assert_eq!(count(&home, "second factor refused"), 1);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    login(&home, home.world.mfa_code()).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), 1);

    let scenario = Scenario::adfs().at_phone(AtPhone::Denies);
    let home = home_with(
        scenario.second_factors(&[Factor::SecurId, Factor::EntraPush]),
        "mfa = \"rsa\"",
    );
    login(&home, home.world.mfa_code()).exits(0);
    home.world.forget_second_factors();
    let text = home.read(".config/fedgit/fedgit.toml");
    home.write(
        ".config/fedgit/fedgit.toml",
        text.replace("\"rsa\"", "\"azure\""),
    );
    login(&home, "")
        .exits(5)
        .tells(&["refused the second factor"]);
    assert_eq!(count(&home, "second factor refused"), 1);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn duo_is_asked_at_its_own_place() {
    for factor in [Factor::DuoFrame, Factor::DuoPage, Factor::DuoScript] {
        let (push, call) = match factor {
            Factor::DuoScript => ("push to work", "Phone Call DP2"),
            _ => ("Duo Push phone1", "Phone Call phone1"),
        };
        for (does, mfa, code, words) in [
            (AtPhone::Approves, push, 0, "the number to enter is"),
            (AtPhone::Denies, push, 5, "Login request denied."),
            (AtPhone::Ignores, call, 5, "Login timed out."),
            (AtPhone::Ignores, "Passcode", 0, ""),
        ] {
            let home = named_home(
                Scenario::adfs().second_factors(&[factor]).at_phone(does),
                &format!("mfa = \"{mfa}\""),
            );
            let proxy = home.world.proxy_url();
            let mut command = script(&home, home.world.mfa_code());
            command.env("HTTPS_PROXY", &proxy).args(["login", "corp"]);
            home.run(&mut command).exits(code).tells(&[words]);
            nothing_was_amiss(&home);
            let ledger = home.world.ledger();
            // The password is no business of Duo's.
            let mut told = ledger.of(Service::Duo).flat_map(|entry| &entry.form);
            assert!(told.all(|(name, _)| name != "Password" && name != "UserName"));
            assert!(ledger.count(Service::Duo) > 3);
        }
        let home = named_home(
            Scenario::adfs().second_factors(&[factor]),
            "mfa = \"Passcode\"",
        );
        let proxy = home.world.proxy_url();
        let mut command = script(&home, "00000000");
        command.env("HTTPS_PROXY", &proxy).args(["login", "corp"]);
        home.run(&mut command)
            .exits(5)
            .tells(&["refused the code", "Incorrect passcode"]);
        assert_eq!(count(&home, "second factor refused"), 1);
    }
}

/// Two telephones, of which none is preferred.
#[test]
fn among_what_the_file_leaves_open_the_person_chooses() {
    let scenario = Scenario::adfs().second_factors(&[Factor::DuoFrame]);
    let home = named_home(scenario, "mfa = \"push\"");
    let line = format!(
        "HTTPS_PROXY={} {} login corp; echo \"code $?\"",
        home.world.proxy_url(),
        env!("CARGO_BIN_EXE_fedgit")
    );
    for is_asked in [true, false] {
        let mut person = crate::prompt::at_terminal(&home, &line);
        person.exp_string("password of ").unwrap();
        person.send_line(home.world.password()).unwrap();
        if is_asked {
            person.exp_string("way to confirm to Duo").unwrap();
            let offered = person.exp_string("1 to 2: ").unwrap();
            assert!(
                !offered.contains("call") && !offered.contains("passcode"),
                "{offered}"
            );
            person.send_line("2").unwrap();
        }
        let shown = person.exp_string("code 0").unwrap();
        assert!(!shown.contains("way to confirm"), "{shown}");
        home.fedgit(&["logout"]).exits(0);
    }
    let ledger = home.world.ledger();
    let devices: Vec<&str> = ledger
        .of(Service::Duo)
        .flat_map(|entry| &entry.form)
        .filter(|(name, _)| name == "device")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(devices, ["phone2", "phone2"]);
}

const BOTH: [Factor; 3] = [Factor::Certificate, Factor::EntraPush, Factor::SecurId];

#[test]
fn a_method_is_chosen_by_the_file() {
    for (mfa, code, note) in [
        ("rsa", "right", "method chosen: SecurIDAuthentication"),
        (
            "AzureMfaAuthentication",
            "",
            "method chosen: AzureMfaAuthentication",
        ),
    ] {
        let home = home_with(
            Scenario::adfs().second_factors(&BOTH),
            &format!("mfa = \"{mfa}\""),
        );
        let code = if code.is_empty() {
            ""
        } else {
            home.world.mfa_code()
        };
        login(&home, code).exits(0);
        assert_eq!(count(&home, note), 1);
        nothing_was_amiss(&home);
    }
    // Nobody chooses for somebody who is not there.
    let home = Home::new(Scenario::adfs().second_factors(&BOTH));
    login(&home, "").exits(4).tells(&["second factor"]);
    let home =
        Home::new(Scenario::adfs().second_factors(&[Factor::Certificate, Factor::Certificate]));
    login(&home, "")
        .exits(1)
        .tells(&["X.509", "kind = \"browser\""]);
}

mod at_terminal {
    use super::*;
    use crate::prompt::at_terminal;

    fn line() -> String {
        format!(
            "{} login corp; echo \"code $?\"",
            env!("CARGO_BIN_EXE_fedgit")
        )
    }

    #[test]
    fn a_method_is_chosen_once_and_asked_anew_after_a_failure() {
        let home = Home::new(Scenario::adfs().second_factors(&BOTH));
        let log_in = |chooses: bool, code: &str, ends: &str| {
            home.world.end_sessions();
            let mut person = at_terminal(&home, &line());
            person.exp_string("password of").unwrap();
            person.send_line(home.world.password()).unwrap();
            if chooses {
                person
                    .exp_string("1) Azure Multi-Factor Authentication")
                    .unwrap();
                person.exp_string("2) RSA SecurID").unwrap();
                person.send_line("2").unwrap();
            }
            person
                .exp_string("Enter your passcode.) for corp: ")
                .unwrap();
            person.send_line(code).unwrap();
            let shown = person.exp_string(ends).unwrap();
            assert!(!shown.contains(code), "the code was echoed");
        };
        let code = home.world.mfa_code();
        log_in(true, code, "code 0");
        log_in(false, code, "code 0");
        log_in(false, "00000000", "code 5");
        log_in(true, code, "code 0");
        nothing_was_amiss(&home);
    }

    #[test]
    fn the_next_tokencode_is_asked_for() {
        let home = Home::new(Scenario::adfs().second_factors(&[Factor::SecurIdNext]));
        let mut person = at_terminal(&home, &line());
        person.exp_string("password of").unwrap();
        person.send_line(home.world.password()).unwrap();
        person
            .exp_string("Enter your passcode.) for corp: ")
            .unwrap();
        person.send_line(home.world.mfa_code()).unwrap();
        person
            .exp_string("then enter the next one.) for corp: ")
            .unwrap();
        person.send_line(home.world.next_mfa_code()).unwrap();
        person.exp_string("code 0").unwrap();
        nothing_was_amiss(&home);
    }

    #[test]
    fn the_number_is_shown_while_it_is_waited_for() {
        let scenario = Scenario::adfs().second_factors(&[Factor::EntraPush]);
        let home = Home::new(scenario);
        let mut person = at_terminal(&home, &line());
        person.exp_string("password of").unwrap();
        person.send_line(home.world.password()).unwrap();
        person
            .exp_string(&format!(
                "fedgit: the number to choose is {}",
                home.world.number()
            ))
            .unwrap();
        assert_eq!(
            count(&home, "second factor accepted"),
            0,
            "before it is over"
        );
        person.exp_string("code 0").unwrap();
    }

    #[test]
    fn an_organization_is_chosen_once() {
        for scenario in [Scenario::adfs_home_realm(), Scenario::adfs_2_0_home_realm()] {
            let home = Home::new(scenario);
            for chooses in [true, false] {
                home.world.end_sessions();
                let mut person = at_terminal(&home, &line());
                if chooses {
                    person.exp_string("organization for corp").unwrap();
                    person.exp_string("2) Example Partner").unwrap();
                    person.send_line("active").unwrap();
                }
                person.exp_string("password of").unwrap();
                person.send_line(home.world.password()).unwrap();
                person.exp_string("code 0").unwrap();
            }
            nothing_was_amiss(&home);
            assert_eq!(count(&home, "the organization was chosen"), 2);
        }
    }
}
