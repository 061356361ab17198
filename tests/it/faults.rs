//! What goes wrong around credentials, and what the person in front of it sees: the cache, STS, the
//! identity provider, a process that dies, credentials that nobody takes any more.

mod cache;
mod kills;
mod sts;

use std::path::PathBuf;
use std::time::Duration;

use fedgit_testbed::Scenario;
use serde_json::Value;

use crate::world::Home;

const PROFILE: [&str; 3] = ["credential-process", "--profile", "adfs"];

/// The mission's home with credentials in the cache, and their text.
fn with_credentials() -> (Home, String) {
    let home = Home::new(Scenario::adfs());
    let answer = home.fedgit_as_script(&PROFILE).exits(0).out;
    // The second call remembers no less than the first.
    assert_eq!(home.fedgit(&PROFILE).exits(0).out, answer);
    (home, answer)
}

/// The one file of a folder in the cache.
fn only_file(home: &Home, folder: &str) -> PathBuf {
    let folder = home.file(".cache/fedgit").join(folder);
    let files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [file] = files.as_slice() else {
        panic!("{files:?}");
    };
    file.clone()
}

/// Changes the one entry of a folder in the cache.
fn change(home: &Home, folder: &str, change: impl FnOnce(&mut Value)) {
    let path = only_file(home, folder);
    let mut stored = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut stored);
    std::fs::write(path, stored.to_string()).unwrap();
}

/// New credentials are due, and these serve until then.
fn make_due(home: &Home) {
    change(home, "credentials", |stored| {
        // Of the day that AWS allows them at most, little is left.
        stored["issued"] = "2020-01-01T00:00:00Z".into();
        stored["expiration"] = in_seconds(600).into();
    });
}

/// RFC 3339.
fn in_seconds(seconds: u64) -> String {
    let date = std::process::Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M:%SZ", "-d"])
        .arg(format!("{seconds} seconds"))
        .output();
    String::from_utf8(date.unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}

/// No assertion and no cookies: the next credentials need a login.
fn forget_session(home: &Home) {
    std::fs::remove_dir_all(home.file(".cache/fedgit/sessions")).unwrap();
}

/// Nobody is asked for what is not needed yet: a caller that ends us after a minute would have nothing.
#[test]
fn valid_credentials_are_not_withheld_for_a_question() {
    let (home, answer) = with_credentials();
    make_due(&home);
    forget_session(&home);
    let line = format!(
        "{} credential-process --profile adfs >out 2>err </dev/null; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    for _ in 0..2 {
        let mut person = crate::prompt::at_terminal(&home, &line);
        let shown = person.exp_string("code 0").unwrap();
        assert!(!shown.contains("password"), "{shown}");
        assert_ne!(home.read("out"), "");
        let told = home.read("err");
        assert!(
            told.contains("nobody is asked for new ones before"),
            "{told}"
        );
        assert!(told.contains("fedgit login corp"), "{told}");
    }
    assert_eq!(
        answer.contains("SessionToken"),
        home.read("out").contains("SessionToken")
    );
    // Once they have ended, somebody is: that nobody was before is no reason not to.
    change(&home, "credentials", |stored| {
        stored["expiration"] = in_seconds(5).into();
    });
    let mut person = crate::prompt::at_terminal(&home, &line);
    person.exp_string("password of").unwrap();
    person.send_line(home.world.password()).unwrap();
    person.exp_string("code 0").unwrap();
    std::fs::remove_file(home.file("out")).unwrap();
}

/// Nor for the role that a chain starts from, while that one has a little left.
#[test]
fn a_chain_starts_from_what_is_still_valid() {
    let home = Home::new(Scenario::adfs());
    let chain = "[role.deployer]\nsource = \"developer\"\n\
                 arn = \"arn:aws:iam::444455556666:role/Deploy\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{}{chain}", home.example()),
    );
    home.fedgit_as_script(&["login"]).exits(0);
    forget_session(&home);
    for entry in std::fs::read_dir(home.file(".cache/fedgit/credentials")).unwrap() {
        let path = entry.unwrap().path();
        let mut stored: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        stored["issued"] = "2020-01-01T00:00:00Z".into();
        let left = match stored["account_id"].as_str() {
            Some("111122223333") => 600,
            _ => 5,
        };
        stored["expiration"] = in_seconds(left).into();
        std::fs::write(path, stored.to_string()).unwrap();
    }
    let line = format!(
        "{} credential-process --profile deployer >out 2>err </dev/null; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = crate::prompt::at_terminal(&home, &line);
    let shown = person.exp_string("code 0").unwrap();
    assert!(!shown.contains("password"), "{shown}");
    let told = home.read("err");
    assert!(told.contains("the credentials of adfs end at"), "{told}");
    std::fs::remove_file(home.file("out")).unwrap();
}

#[test]
fn an_identity_provider_that_is_down() {
    let (home, answer) = with_credentials();
    home.world.stop_adfs();
    forget_session(&home);
    // Nobody notices while credentials are fresh.
    let said = home.fedgit_as_script(&PROFILE).exits(0);
    assert_eq!((said.out, said.err), (answer.clone(), String::new()));
    // New ones are due, and these are still good.
    make_due(&home);
    let due = |told: &[&str]| {
        let said = home.fedgit_as_script(&PROFILE).exits(0).tells(told);
        let said: Value = serde_json::from_str(&said.out).unwrap();
        let first: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(said["AccessKeyId"], first["AccessKeyId"]);
    };
    due(&[
        "could not renew the credentials of adfs, so these are used until",
        "127.0.0.1",
        "refused",
    ]);
    // And it is not tried again by every call.
    due(&["so it was not tried again"]);
    // With nothing that is good, that is an error.
    change(&home, "credentials", |stored| {
        stored["expiration"] = "2020-01-01T01:00:00Z".into();
    });
    let said = home.fedgit_as_script(&PROFILE).exits(1);
    assert_eq!(said.out, "");
    said.tells(&["cannot log in to corp", "refused", "help:"]);
}

#[test]
fn a_clock_that_was_set_back() {
    let (home, answer) = with_credentials();
    let from_tomorrow = |home: &Home| {
        change(home, "credentials", |stored| {
            stored["issued"] = in_seconds(86_400).into();
            stored["expiration"] = in_seconds(90_000).into();
        });
    };
    // They cannot be from tomorrow. How old they are nobody knows: new ones, without a question.
    from_tomorrow(&home);
    let said = home.fedgit(&PROFILE).exits(0);
    assert_ne!(said.out, answer);
    assert_eq!(said.err, "");
    // Where there are none to be had, they may still serve.
    from_tomorrow(&home);
    forget_session(&home);
    home.fedgit(&PROFILE)
        .exits(0)
        .tells(&["could not renew", "nobody is there to be asked"]);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn credentials_that_were_revoked() {
    let home = Home::empty(Scenario::adfs());
    let chain =
        "[role.deployer]\nsource = \"developer\"\narn = \"arn:aws:iam::444455556666:role/D\"\n";
    let config = format!("{}{chain}", home.example());
    home.write(".config/fedgit/fedgit.toml", config);
    home.fedgit_as_script(&PROFILE).exits(0);
    home.world.revoke_keys();
    // The cache cannot know; whoever asks STS is told.
    home.fedgit(&PROFILE).exits(0);
    home.fedgit(&["whoami", "adfs"]).exits(5).tells(&[
        "STS does not say who profile adfs is",
        "InvalidClientTokenId",
        "may have been revoked",
        "fedgit logout adfs",
    ]);
    // And that helps.
    home.fedgit(&["logout"]).exits(0);
    home.fedgit_as_script(&PROFILE).exits(0);
    home.fedgit(&["whoami", "adfs"]).exits(0);
    // A role that is assumed from these asks STS, and gets new ones by itself.
    let deployer = ["credential-process", "--profile", "deployer"];
    home.world.revoke_keys();
    home.fedgit(&deployer)
        .exits(0)
        .tells(&["takes the credentials of adfs in the cache no more"]);
    assert_eq!(home.fedgit(&["whoami", "adfs"]).exits(0).err, "");
    // By another login where that of a moment ago is over.
    let deep =
        "[role.deepest]\nsource = \"deployer\"\narn = \"arn:aws:iam::444455556666:role/E\"\n";
    let config = home.read(".config/fedgit/fedgit.toml");
    home.write(".config/fedgit/fedgit.toml", format!("{config}{deep}"));
    let deepest = ["credential-process", "--profile", "deepest"];
    let logins = home.world.ledger().login_attempts();
    home.world.revoke_keys();
    home.world.end_sessions();
    forget_session(&home);
    home.fedgit(&deepest).exits(4).tells(&[
        "takes the credentials of deployer in the cache no more",
        "takes the credentials of adfs in the cache no more",
        "cannot log in to corp",
    ]);
    home.fedgit_as_script(&deepest).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), logins + 1);
}
