//! Roles that start from a profile of the user's own: keys, a program, a role of these, an MFA device.

use std::process::Command;

use fedgit_testbed::{Scenario, Service};

use crate::prompt::at_terminal;
use crate::world::{Home, Said};

const DEVICE: &str = "arn:aws:iam::111122223333:mfa/jane";

/// A role of the profile `mine`, with more lines.
fn role(more: &str) -> String {
    format!(
        "[role.hub]\nsource_profile = \"mine\"\nregion = \"us-east-1\"\n\
         arn = \"arn:aws:iam::444455556666:role/Hub\"\n{more}\n"
    )
}

fn home(scenario: Scenario, toml: &str) -> Home {
    let home = Home::empty(scenario);
    home.write(".config/fedgit/fedgit.toml", toml);
    home
}

/// Puts new keys of the IAM user into `[mine]` of `~/.aws/credentials`.
fn new_keys(home: &Home) {
    let (id, secret) = home.world.add_static_key();
    home.write(
        ".aws/credentials",
        format!("[mine]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"),
    );
}

fn ask(home: &Home, profile: &str) -> Said {
    home.fedgit(&["credential-process", "--profile", profile])
}

/// The key id of a profile's credentials.
#[track_caller]
fn key_id(home: &Home, profile: &str) -> String {
    let answer: serde_json::Value = serde_json::from_str(&ask(home, profile).exits(0).out).unwrap();
    answer["AccessKeyId"].as_str().unwrap().to_owned()
}

/// What STS was asked for.
fn asked(home: &Home) -> Vec<String> {
    let entries = home.world.ledger();
    entries
        .of(Service::Sts)
        .map(|entry| entry.note.clone())
        .collect()
}

#[test]
fn keys_of_an_iam_user_assume_it_and_new_keys_are_seen_at_once() {
    let home = home(Scenario::adfs(), &role("session_duration = \"2h\""));
    new_keys(&home);
    let first = key_id(&home, "hub");
    // From the cache, and by the short way.
    assert_eq!(key_id(&home, "hub"), first);
    assert_eq!(
        asked(&home),
        ["AssumeRole arn:aws:iam::444455556666:role/Hub by arn:aws:iam::111122223333:user/example"]
    );
    new_keys(&home);
    assert_ne!(key_id(&home, "hub"), first);
    assert_eq!(asked(&home).len(), 2);
    // Signing out forgets what they got, and the next use gets it anew.
    home.fedgit(&["logout", "hub"])
        .exits(0)
        .tells(&["hub: forgotten"]);
    key_id(&home, "hub");
    assert_eq!(asked(&home).len(), 3);
    // Without them nothing is handed out.
    home.write(".aws/credentials", "");
    ask(&home, "hub")
        .exits(2)
        .tells(&["no credentials for profile hub: neither", "a profile mine"]);
}

#[test]
fn a_role_that_allows_less_is_asked_for_less() {
    let home = home(
        Scenario::sts_over_max_duration(3600),
        &role("session_duration = \"12h\""),
    );
    new_keys(&home);
    ask(&home, "hub")
        .exits(0)
        .tells(&["role/Hub allows sessions of 1h at most, not 12h"]);
    let durations = || -> Vec<String> {
        let ledger = home.world.ledger();
        let fields = ledger.of(Service::Sts).flat_map(|entry| &entry.form);
        let durations = fields.filter(|(name, _)| name == "DurationSeconds");
        durations.map(|(_, value)| value.clone()).collect()
    };
    let first = ["43200", "28800", "14400", "7200", "3600"];
    assert_eq!(durations(), first);
    // What worked is remembered, and nobody is told again.
    home.fedgit(&["logout", "hub"]).exits(0);
    assert_eq!(ask(&home, "hub").exits(0).err, "");
    assert_eq!(durations()[first.len()..], ["3600"]);
}

#[test]
fn a_program_gives_the_keys_and_only_where_it_does() {
    let home = home(Scenario::adfs(), &role(""));
    let (id, secret) = home.world.add_static_key();
    let config = format!(
        "[profile mine]\ncredential_process = cat {}\n",
        home.file(".aws/keys.json").display()
    );
    home.write(".aws/config", config);
    let keys = serde_json::json!({
        "Version": 1, "AccessKeyId": id, "SecretAccessKey": secret,
    });
    home.write(".aws/keys.json", "{}");
    ask(&home, "hub").exits(1).tells(&[
        "the credential_process of the profile mine failed",
        "no JSON object with Version",
    ]);
    let mut over = keys.clone();
    over["Expiration"] = "2001-01-01T00:00:00Z".into();
    home.write(".aws/keys.json", over.to_string());
    ask(&home, "hub").exits(1).tells(&["have ended already"]);
    home.write(".aws/keys.json", keys.to_string());
    let first = key_id(&home, "hub");
    assert_eq!(key_id(&home, "hub"), first);
    assert_eq!(asked(&home).len(), 1);
}

#[test]
fn a_role_of_the_users_own_is_a_link_that_declared_roles_share() {
    // STS gives a session's role no more than an hour, whatever is wanted.
    let more = "session_duration = \"2h\"\n[role.spoke]\nsource_profile = \"mine\"\nregion = \"us-east-1\"\n\
                arn = \"arn:aws:iam::777788889999:role/Spoke\"\n\
                [role.far]\nsource = \"spoke\"\nregion = \"us-east-1\"\n\
                arn = \"arn:aws:iam::777788889999:role/Far\"\n";
    let home = home(Scenario::adfs(), &role(more));
    let (id, secret) = home.world.add_static_key();
    home.write(
        ".aws/config",
        format!(
            "[profile mine]\nrole_arn = arn:aws:iam::111122223333:role/Own\nsource_profile = user\n\
             [profile user]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"
        ),
    );
    // The keys are in the file that is searched for what fedgit leaves behind.
    let config = home.read(".aws/config");
    home.write(".aws/credentials", config.replace("[profile ", "["));
    fs_remove(&home, ".aws/config");
    key_id(&home, "hub");
    key_id(&home, "far");
    let asked = asked(&home);
    let roles: Vec<&str> = asked
        .iter()
        .filter_map(|note| {
            note.strip_prefix("AssumeRole ")?
                .split(' ')
                .next()?
                .split('/')
                .nth(1)
        })
        .collect();
    assert_eq!(roles, ["Own", "Hub", "Spoke", "Far"]);
}

fn fs_remove(home: &Home, name: &str) {
    std::fs::remove_file(home.file(name)).unwrap();
}

#[test]
fn what_leads_elsewhere_is_refused_with_what_to_write_instead() {
    let home = home(Scenario::adfs(), &role(""));
    home.write(".aws/config", "[profile mine]\nlogin_session = corp\n");
    ask(&home, "hub").exits(2).tells(&[
        "the credentials of the profile mine come from aws login",
        "declare anything else in fedgit.toml",
    ]);
    let status = home.fedgit(&["status"]).exits(0);
    for part in [
        "unusable",
        "the credentials of the profile mine come from aws login",
        "declare anything else in fedgit.toml",
    ] {
        assert!(status.out.contains(part), "{part}: {}", status.out);
    }
    let json = home.fedgit(&["status", "--json"]).exits(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let row = &json["profiles"][0];
    assert!(row["why"].as_str().unwrap().contains("come from aws login"));
    assert!(row["next"].as_str().unwrap().contains("declare"));
    home.fedgit(&["login", "hub"])
        .exits(2)
        .tells(&["nowhere to log in", "fedgit whoami hub"]);
    assert_eq!(asked(&home), Vec::<String>::new());
}

#[test]
fn the_code_of_the_device_is_asked_once() {
    let with_device = role(&format!("mfa_serial = \"{DEVICE}\""));
    let home = home(Scenario::sts_asks_for_mfa(DEVICE, "123456"), &with_device);
    new_keys(&home);
    ask(&home, "hub").exits(4).tells(&[
        "code of arn:aws:iam::111122223333:mfa/jane for hub",
        "fedgit whoami hub",
    ]);
    let with_code = |code: &str| -> Said {
        let mut command: Command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(["credential-process", "--profile", "hub"]);
        home.run(command.env("FEDGIT_MFA_CODE", code))
    };
    with_code("12 34").exits(1).tells(&["a code is six digits"]);
    with_code("654321")
        .exits(5)
        .tells(&["MultiFactorAuthentication failed", "wait for the next one"]);
    let line = format!(
        "{} credential-process --profile hub >out 2>err </dev/null; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = at_terminal(&home, &line);
    person
        .exp_string("code of arn:aws:iam::111122223333:mfa/jane for hub: ")
        .unwrap();
    person.send_line("123 456").unwrap();
    let shown = person.exp_string("code 0").unwrap();
    assert!(!shown.contains("123 456"), "the code was echoed");
    fs_remove(&home, "out");
    // The session is kept, so nobody is asked again; nor as long as it lasts.
    key_id(&home, "hub");
    let entries = std::fs::read_dir(home.file(".cache/fedgit/credentials")).unwrap();
    for entry in entries {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        // Set back, the clock makes them due.
        stored["issued"] = "2100-01-01T00:00:00Z".into();
        std::fs::write(&path, stored.to_string()).unwrap();
    }
    let mut person = at_terminal(&home, &line);
    let shown = person.exp_string("code 0").unwrap();
    assert!(!shown.contains("code of"), "{shown}");
    let told = home.read("err");
    assert!(told.contains("fedgit logout hub, then try again"), "{told}");
    fs_remove(&home, "out");
}

#[test]
fn whoever_waits_for_a_code_that_is_refused_does_not_ask_for_another() {
    let with_device = role(&format!("mfa_serial = \"{DEVICE}\""));
    let home = home(Scenario::sts_asks_for_mfa(DEVICE, "123456"), &with_device);
    new_keys(&home);
    let line = format!(
        "{} credential-process --profile hub </dev/null; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let prompt = "code of arn:aws:iam::111122223333:mfa/jane for hub: ";
    for (answer, code, told) in [
        ("654321", "code 5", "the answer was not sent again"),
        ("\x03", "code 4", "nobody was asked again"),
    ] {
        let mut person = at_terminal(&home, &line);
        person.exp_string(prompt).unwrap();
        let mut waiting = at_terminal(&home, &line);
        waiting.exp_string("waiting for it").unwrap();
        person.send_line(answer).unwrap();
        let shown = waiting.exp_string(code).unwrap();
        assert!(shown.contains(told), "{shown}");
        assert!(!shown.contains(prompt), "{shown}");
    }
    // Whoever comes later is asked.
    let mut person = at_terminal(&home, &line);
    person.exp_string(prompt).unwrap();
    person.send_line("\x03").unwrap();
    person.exp_string("code 130").unwrap();
}
