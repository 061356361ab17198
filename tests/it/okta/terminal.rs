//! What a person at a terminal sees of a second factor.

use fedgit_testbed::{Push, Scenario};

use super::{ENGINES, home};
use crate::prompt::at_terminal;
use crate::world::Home;

fn login(home: &Home) -> rexpect::session::PtySession {
    let line = format!(
        "{} login corp; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = at_terminal(home, &line);
    person
        .exp_string("password of username@domain for corp")
        .unwrap();
    person.send_line(home.world.password()).unwrap();
    person
}

#[test]
fn the_factor_is_chosen_once() {
    for engine in ENGINES {
        let home = home(engine().okta_factors(&["push", "totp", "email"]), "");
        let mut person = login(&home);
        person.exp_string("second factor for corp:").unwrap();
        person.exp_string("1) ").unwrap();
        person.exp_string("1 to 3: ").unwrap();
        person.send_line("2").unwrap();
        person.exp_string("for corp: ").unwrap();
        person.send_line(home.world.okta_code()).unwrap();
        let shown = person.exp_string("code 0").unwrap();
        assert!(
            !shown.contains(home.world.okta_code()),
            "the code was echoed"
        );
        drop(person);

        // The next login takes the same one.
        home.fedgit(&["logout"]).exits(0);
        let mut person = login(&home);
        let shown = person.exp_string("for corp: ").unwrap();
        assert!(!shown.contains("second factor"), "{shown}");
        person.send_line("00000000").unwrap();
        person.exp_string("refused the code").unwrap();
        person.exp_string("code 5").unwrap();
        drop(person);

        // It came to nothing: whoever has lost the telephone is asked again.
        let mut person = login(&home);
        person.exp_string("second factor for corp:").unwrap();
        person.send_control('c').unwrap();
        person.exp_string("code 130").unwrap();
    }
}

#[test]
fn the_number_is_shown_while_the_push_is_waited_for() {
    for engine in ENGINES {
        let scenario = engine().okta_factors(&["push"]).okta_push_with_number();
        let home = home(scenario, "");
        let mut person = login(&home);
        person.exp_string("choose 44 on the device").unwrap();
        let shown = person.exp_string("code 0").unwrap();
        assert!(!shown.contains("choose"), "shown once: {shown}");

        let scenario = engine().okta_factors(&["push"]).okta_push(Push::Refused);
        let home = super::home(scenario, "");
        let mut person = login(&home);
        person.exp_string("approve it on the device").unwrap();
        person.exp_string("code 5").unwrap();
    }
}

#[test]
fn a_missing_user_name_is_asked_for() {
    for engine in ENGINES {
        let home = home(engine(), "");
        let config = home.read(".config/fedgit/fedgit.toml");
        let user = format!("username = \"{}\"\n", home.world.username());
        home.write(".config/fedgit/fedgit.toml", config.replace(&user, ""));
        let line = format!(
            "{} login corp; echo \"code $?\"",
            env!("CARGO_BIN_EXE_fedgit")
        );
        let mut person = at_terminal(&home, &line);
        person.exp_string("user name for corp").unwrap();
        person.send_line(home.world.username()).unwrap();
        person
            .exp_string("password of username@domain for corp")
            .unwrap();
        person.send_line(home.world.password()).unwrap();
        person.exp_string("code 0").unwrap();
    }
}

#[test]
fn a_device_login_shows_where_to_go() {
    let home = home(Scenario::okta_identity_engine(), "");
    let (client, app) = home.world.okta_ids();
    let config = home.read(".config/fedgit/fedgit.toml");
    let keys = format!("kind = \"okta\"\nclient_id = \"{client}\"\napp_id = \"{app}\"\n");
    home.write(
        ".config/fedgit/fedgit.toml",
        config.replace("kind = \"okta\"\n", &keys),
    );
    let line = format!(
        "{} login corp; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = at_terminal(&home, &line);
    person
        .exp_string("/activate?user_code=BDWC-HQPK in a browser")
        .unwrap();
    person.exp_string("confirm the code BDWC-HQPK").unwrap();
    // A full block as the terminal's bytes are read here.
    person.exp_string("\u{e2}\u{96}\u{88}").unwrap();
    person.exp_string("code 0").unwrap();
}

/// Where a browser is in front of the person, it opens the page; by an address that tells nobody the code.
#[test]
fn a_device_login_opens_its_page() {
    let home = home(Scenario::okta_identity_engine(), "");
    let (client, app) = home.world.okta_ids();
    let config = home.read(".config/fedgit/fedgit.toml");
    let keys = format!("kind = \"okta\"\nclient_id = \"{client}\"\napp_id = \"{app}\"\n");
    home.write(
        ".config/fedgit/fedgit.toml",
        config.replace("kind = \"okta\"\n", &keys),
    );
    home.program(
        "bin/xdg-open",
        "#!/bin/sh\necho \"$1\" >> \"$OPENED\"\n\
         curl --silent --include --noproxy \"*\" \"$1\" >> \"$OPENED\"\n",
    );
    let path = std::env::join_paths(
        std::iter::once(home.file("bin")).chain(std::env::split_paths(&crate::world::path())),
    );
    let path = path.unwrap();
    let tried = std::cell::Cell::new(0);
    let login = |args: &[&str], more: &[(&str, &str)]| {
        // A browser of an earlier try may be late.
        tried.set(tried.get() + 1);
        let opened = home.file(&format!("opened-{}", tried.get()));
        home.fedgit(&["logout"]).exits(0);
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(args)
            .env("PATH", &path)
            .env("DISPLAY", ":99")
            .env("OPENED", &opened)
            .env_remove("GIT_TERMINAL_PROMPT")
            .envs(more.iter().copied());
        let said = home.run(&mut command).exits(0);
        said.tells(&["/activate?user_code=BDWC-HQPK"]);
        std::fs::read_to_string(opened).unwrap_or_default()
    };
    // The code is confirmed at once here, so that a slow machine's browser may come after the end.
    let mut tries = std::iter::repeat_with(|| login(&["login", "corp"], &[])).take(30);
    let opened = tries
        .find(|opened| opened.contains("303 See Other"))
        .unwrap();
    let (address, answer) = opened.split_once('\n').unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{opened}");
    assert!(!address.contains("BDWC"), "{opened}");
    assert!(answer.contains("/activate?user_code=BDWC-HQPK"), "{opened}");
    for (args, more) in [
        (&["login", "corp", "--no-browser"][..], &[][..]),
        (&["login", "corp", "--device-code"], &[]),
        (&["login", "corp", "--no-input"], &[]),
        (&["login", "corp"], &[("SSH_CONNECTION", "a 1 b 2")]),
        (&["login", "corp"], &[("DISPLAY", "")]),
    ] {
        assert_eq!(login(args, more), "", "{args:?} {more:?}");
    }
}
