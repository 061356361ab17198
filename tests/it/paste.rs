//! `fedgit login IDP --paste`: a response that comes by hand, from a browser somewhere else.

use std::process::Stdio;

use fedgit_testbed::Scenario;

use crate::prompt::{at_terminal, at_terminal_for};
use crate::world::{Home, Said};

/// A response that the identity provider has just given, as a browser's tools would show it; and nothing
/// else that fedgit could use.
fn response(home: &Home) -> String {
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let folder = home.file(".cache/fedgit/sessions");
    let mut sessions = std::fs::read_dir(folder).unwrap();
    let text = std::fs::read_to_string(sessions.next().unwrap().unwrap().path()).unwrap();
    let session: serde_json::Value = serde_json::from_str(&text).unwrap();
    home.fedgit(&["logout"]).exits(0);
    session["assertion"].as_str().unwrap().to_owned()
}

/// The form as a browser posts it.
fn form(response: &str, rest: usize) -> String {
    let value: String = url_encoded(response);
    format!("SAMLResponse={value}&RelayState={}", "x".repeat(rest))
}

fn url_encoded(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric();
    text.chars()
        .map(|c| {
            if plain(c) {
                c.to_string()
            } else {
                format!("%{:02X}", c as u32)
            }
        })
        .collect()
}

fn piped(home: &Home, args: &[&str], text: &str) -> Said {
    let file = home.file("piped");
    home.write("piped", text);
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(args)
        .stdin(std::fs::File::open(&file).unwrap());
    let said = home.run(&mut command);
    std::fs::remove_file(file).unwrap();
    said
}

#[test]
fn piped_in_it_is_a_login_like_any_other() {
    let home = Home::new(Scenario::adfs());
    let response = response(&home);
    for text in [
        response.clone(),
        form(&response, 10),
        response
            .as_bytes()
            .chunks(76)
            .map(|line| format!("{}\r\n", std::str::from_utf8(line).unwrap()))
            .collect(),
    ] {
        let said = piped(&home, &["login", "corp", "--paste"], &text);
        said.exits(0).tells(&["adfs: credentials until"]);
        home.fedgit(&["logout"]).exits(0);
    }
    // Nobody was asked for a password meanwhile.
    assert_eq!(home.world.ledger().logins(), 1);
    // And it serves every process, as after any login.
    piped(
        &home,
        &["login", "adfs", "--paste", "--no-input"],
        &response,
    )
    .exits(0);
    home.fedgit(&["credential-process", "--profile", "adfs"])
        .exits(0);
}

#[test]
fn what_is_none_is_told() {
    let home = Home::new(Scenario::adfs());
    let paste = ["login", "corp", "--paste"];
    for none in ["", "\n", "no, thanks", "<html></html>"] {
        let said = piped(&home, &paste, none);
        said.exits(1)
            .tells(&["that is no SAMLResponse", "copy the field SAMLResponse"]);
    }
    piped(&home, &paste, &"A".repeat(600 << 10))
        .exits(1)
        .tells(&["longer than"]);
    piped(&home, &paste, "QUJD")
        .exits(1)
        .tells(&["cannot read the SAML response of corp"]);
    // Of which of two, a response does not say.
    home.fedgit(&["login", "--paste", "--save-password"])
        .exits(2);
    let other = format!(
        "\n[idp.other]\nkind = \"adfs\"\nurl = \"{}\"\n[role.two]\nidp = \"other\"\n\
         arn = \"arn:aws:iam::111122223333:role/Two\"\n",
        home.world.adfs_url()
    );
    home.write(".config/fedgit/fedgit.toml", home.example() + &other);
    let said = piped(&home, &["login", "--paste"], "QUJD");
    said.exits(2).tells(&["name it: fedgit login NAME --paste"]);
}

#[test]
fn two_hundred_kibibytes_at_a_terminal() {
    let home = Home::new(Scenario::adfs());
    let response = response(&home);
    let line = format!(
        "stty -a >before; {} login corp --paste; echo \"code $?\"; stty -a >after",
        env!("CARGO_BIN_EXE_fedgit")
    );
    // Once as a terminal marks it, with a line end within and Enter after it; once as others do it.
    let long = form(&response, 200 << 10);
    for (before, after) in [("\x1b[200~", "\r\n\x1b[201~\r"), ("", "\r")] {
        let mut person = at_terminal_for(&home, &line, Some(60_000));
        let said = person.exp_string("then press Enter: ").unwrap();
        assert!(said.contains(&home.world.adfs_url()), "{said}");
        person.send(before).unwrap();
        person.flush().unwrap();
        person.send(&long).unwrap();
        person.send(after).unwrap();
        person.flush().unwrap();
        let shown = person.exp_string("code 0").unwrap();
        assert!(!shown.contains("xxx"), "it was shown");
        assert!(shown.contains("adfs: credentials until"), "{shown}");
        person.exp_eof().unwrap();
        assert_eq!(home.read("before"), home.read("after"));
        home.fedgit(&["logout"]).exits(0);
    }
}

#[test]
fn ctrl_c_ends_it_and_no_line_of_it_reaches_the_shell() {
    let home = Home::new(Scenario::adfs());
    let line = format!(
        "{} login corp --paste; echo \"code $?\"; read -t 1 rest; echo \"rest:$rest.\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let line = format!("bash -c '{line}'");
    let mut person = at_terminal(&home, &line);
    person.exp_string("then press Enter: ").unwrap();
    person.send("QUJD\x03touch stolen\r").unwrap();
    person.flush().unwrap();
    person.exp_string("code 130").unwrap();
    person.exp_string("rest:.").unwrap();
    assert!(!home.file("stolen").exists());
}

#[test]
fn without_a_terminal_and_a_pipe_it_says_how() {
    let home = Home::new(Scenario::adfs());
    let line = format!(
        "{} login corp --paste --no-input; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = at_terminal(&home, &line);
    person.exp_string("nobody is to be asked").unwrap();
    person.exp_string("code 4").unwrap();
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login", "corp", "--paste"])
        .stdin(Stdio::null());
    home.run(&mut command)
        .exits(1)
        .tells(&["that is no SAMLResponse"]);
}

/// It is wrong there, and what is printed may be kept in a log.
#[test]
fn a_response_among_the_arguments_is_not_repeated() {
    let home = Home::new(Scenario::adfs());
    let response = "QUJD+/8x".repeat(40);
    let given = format!("--paste={response}");
    let option = format!("--{response}");
    for args in [
        &["login", "corp", "--paste", &response][..],
        &["login", "corp", &given],
        &["login", "corp", &option],
        &["logout", &response],
        &["roles", &response],
        &["whoami", &response],
        &["--color", &response, "status"],
        &[&response],
    ] {
        let said = home.fedgit(args).exits(2).tells(&["is never an argument"]);
        assert!(!said.err.contains("QUJD"), "{args:?}: {}", said.err);
    }
}
