//! One cache for fedgit, the AWS CLI and the SDKs: whose token is used, whose is renewed, and where the
//! new one goes. The test-bed gives a new refresh token each time, and the old one serves no more.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fedgit_testbed::{Scenario, Service};
use serde_json::Value;

use super::Center;
use super::center::start;

const RENEWED: &str = "a token for a refresh token";
const USED_UP: &str = "Invalid refresh token";
/// Seconds: due for renewal from the start, and valid for a while.
const DUE: i64 = 600;

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn refresh_token(path: &Path) -> String {
    read(path)["refreshToken"].as_str().unwrap().to_owned()
}

fn set(path: &Path, key: &str, value: &str) {
    let mut token = read(path);
    token[key] = value.into();
    std::fs::write(path, token.to_string()).unwrap();
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Makes the session's token one of another session at the same portal.
fn give_away(center: &Center) -> PathBuf {
    let name = format!(".aws/sso/cache/{}.json", "a".repeat(40));
    let other = center.home.file(&name);
    std::fs::rename(center.token_file(), &other).unwrap();
    center.forget_credentials();
    other
}

const IN_THE_PAST: &str = "2020-01-02T03:04:05Z";

#[test]
fn what_is_renewed_goes_back_to_whose_it_was() {
    for store in ["file", "none"] {
        let center = Center::signed_in(Scenario::adfs().token_lifetime(DUE));
        let other = give_away(&center);
        let before = refresh_token(&other);
        for count in 1..=2 {
            center.forget_credentials();
            let mut process = center.fedgit(&["credential-process", "--profile", "reader"]);
            process.env("FEDGIT_SETTINGS__STORE", store);
            center.home.run(&mut process).exits(0);
            assert_eq!(center.noted(Service::Oidc, RENEWED), count, "{store}");
        }
        assert_ne!(refresh_token(&other), before, "{store}");
        assert!(!center.token_file().exists(), "{store}: two would share it");
        assert_eq!(center.noted(Service::Oidc, USED_UP), 0, "{store}");
        // Its owner goes on with it, as if nobody had been there.
        std::fs::rename(&other, center.token_file()).unwrap();
        center.forget_credentials();
        center.credentials("reader").exits(0);
        assert_eq!(center.sign_ins(), 1);
    }
}

#[test]
fn two_identity_providers_of_one_portal_leave_each_other_signed_in() {
    let center = Center::signed_in(Scenario::adfs().token_lifetime(DUE));
    let config = center.home.read(".config/fedgit/fedgit.toml");
    let again = format!(
        "{config}\n[idp.again]\nkind = \"identity-center\"\nstart_url = \"{}\"\nregion = \"{}\"\n\
         [role.again]\nidp = \"again\"\naccount = \"prod\"\npermission_set = \"ReadOnly\"\n",
        center.home.world.start_url(),
        center.home.world.center_region(),
    );
    center.home.write(".config/fedgit/fedgit.toml", again);
    for profile in ["again", "reader", "again"] {
        center.forget_credentials();
        center.credentials(profile).exits(0);
    }
    assert_eq!(center.noted(Service::Oidc, USED_UP), 0);
    assert_eq!(center.sign_ins(), 1);
}

/// `fedgit login` signs in anew, and where nobody can it takes what somebody's sign-in left.
#[test]
fn a_login_without_a_person_takes_the_token_that_is_there() {
    let center = Center::signed_in(Scenario::adfs());
    let login = || {
        let mut login = center.fedgit(&["--no-input", "login", "cloud"]);
        center.home.run(&mut login)
    };
    login().exits(0).tells(&["reader: credentials until"]);
    // That of another session of this portal too, as `aws sso login` leaves one.
    let other = give_away(&center);
    login().exits(0).tells(&["reader: credentials until"]);
    center.credentials("reader").exits(0);
    // What is over is renewed.
    set(&other, "expiresAt", IN_THE_PAST);
    login().exits(0);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 1);
    // What the portal takes no more, and does not renew, is none.
    center.home.world.revoke_tokens();
    login().exits(4).tells(&["fedgit login cloud"]);
    assert_eq!(center.sign_ins(), 1);
}

/// A copy of a file holds the same refresh token.
#[test]
fn a_copy_is_renewed_with_its_original() {
    let center = Center::signed_in(Scenario::adfs().token_lifetime(DUE));
    let copy = center.token_file().with_file_name("b".repeat(40) + ".json");
    std::fs::copy(center.token_file(), &copy).unwrap();
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(refresh_token(&copy), refresh_token(&center.token_file()));
    std::fs::remove_file(center.token_file()).unwrap();
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(center.noted(Service::Oidc, USED_UP), 0);
}

#[test]
fn what_could_not_be_kept_is_not_renewed() {
    let center = Center::signed_in(Scenario::adfs().token_lifetime(DUE));
    let before = refresh_token(&center.token_file());
    center.forget_credentials();
    let folder = center.token_file().parent().unwrap().to_owned();
    mode(&folder, 0o777);
    // It opens the portal still.
    let said = center.credentials("reader").exits(0);
    said.tells(&["is not renewed", "can be written by others"]);
    mode(&folder, 0o700);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 0);
    assert_eq!(refresh_token(&center.token_file()), before);
}

#[test]
fn one_of_another_session_serves_before_the_own_one_is_renewed() {
    let center = Center::signed_in(Scenario::adfs());
    let other = center.token_file().with_file_name("a".repeat(40) + ".json");
    std::fs::copy(center.token_file(), &other).unwrap();
    set(&center.token_file(), "expiresAt", IN_THE_PAST);
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 0);

    // Where none serves the own one is renewed; where it is refused, the next.
    set(&other, "expiresAt", "2020-01-01T00:00:00Z");
    set(&center.token_file(), "refreshToken", "used-up");
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(center.noted(Service::Oidc, USED_UP), 1);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 1);
    assert_eq!(center.sign_ins(), 1);

    // One that the portal refuses is not the last word either.
    std::fs::copy(&other, center.token_file()).unwrap();
    set(&center.token_file(), "accessToken", "revoked");
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(center.noted(Service::Portal, "Unauthorized"), 1);
    assert_eq!(center.sign_ins(), 1);
}

/// Of several the one that lasts longest is not the only one: its client may have ended.
#[test]
fn each_of_the_others_is_tried() {
    let center = Center::signed_in(Scenario::adfs());
    let first = give_away(&center);
    set(&first, "expiresAt", "2020-01-01T00:00:00Z");
    let second = first.with_file_name("b".repeat(40) + ".json");
    std::fs::copy(&first, &second).unwrap();
    set(&second, "expiresAt", IN_THE_PAST);
    set(&second, "registrationExpiresAt", IN_THE_PAST);
    center.credentials("reader").exits(0);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 1);
}

/// Other programs sign in too, and name what they keep there as they like.
#[test]
fn a_token_by_any_name_serves_while_it_lasts() {
    let center = Center::signed_in(Scenario::adfs());
    let other = center.token_file().with_file_name("company-sso.json");
    let whole = std::fs::read(center.token_file()).unwrap();
    std::fs::remove_file(center.token_file()).unwrap();
    let serves = |what: &str, serves: bool| {
        center.forget_credentials();
        let said = center.credentials("reader");
        let code = if serves { 0 } else { 4 };
        assert_eq!(said.code, code, "{what}: {}", said.err);
    };
    serves("nothing is there", false);
    // What else is there has no say.
    let kiro = r#"{"accessToken":"x","refreshToken":"y","expiresAt":"2099-01-02T03:04:05Z",
        "clientIdHash":"z","region":"us-east-1"}"#;
    std::fs::write(other.with_file_name("kiro-auth-token.json"), kiro).unwrap();
    let crowd = (0..300).map(|n| other.with_file_name(format!("zz-{n}.json")));
    crowd.for_each(|file| std::fs::write(file, "{}").unwrap());
    std::fs::write(&other, &whole).unwrap();
    mode(&other, 0o600);
    serves("another's", true);

    mode(&other, 0o660);
    serves("others can write it", false);
    mode(&other, 0o600);
    for (key, value) in [
        ("startUrl", "https://d-0000000000.awsapps.com/start"),
        ("region", "eu-south-2"),
        // It is for its owner to renew.
        ("expiresAt", IN_THE_PAST),
    ] {
        set(&other, key, value);
        serves(key, false);
        std::fs::write(&other, &whole).unwrap();
    }
    let registration = other.with_file_name("botocore-client-id-eu-west-1.json");
    std::fs::rename(&other, &registration).unwrap();
    serves("a registration", false);
    std::fs::rename(&registration, &other).unwrap();
    serves("it again", true);
    assert_eq!(std::fs::read(&other).unwrap(), whole);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 0);
    assert_eq!(center.sign_ins(), 1);
    // Who logs out here is not to go on with it.
    center.home.fedgit(&["logout"]).exits(0);
    assert!(!other.exists());
}

/// The AWS CLI makes its folder with the umask, which may be 002; and people link it elsewhere.
#[test]
fn the_aws_clis_own_folder_is_good_enough() {
    let center = Center::new(Scenario::adfs());
    let elsewhere = center.home.file("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    mode(&elsewhere, 0o775);
    std::fs::create_dir_all(center.home.file(".aws/sso")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, center.home.file(".aws/sso/cache")).unwrap();
    let said = center.by_code(&mut center.fedgit(&["login", "cloud"]));
    let said = said.exits(0);
    assert!(!said.err.contains("cannot keep"), "{}", said.err);
    let kept = std::fs::metadata(center.token_file()).unwrap();
    assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(center.sign_ins(), 1);
    // What stands there belongs to this test, and is no leak.
    std::fs::remove_file(center.home.file(".aws/sso/cache")).unwrap();
    std::fs::remove_dir_all(elsewhere).unwrap();
}

/// They know nothing of each other but the file.
#[test]
fn many_with_other_cache_folders_and_names_renew_one_after_the_other() {
    let center = Center::signed_in(Scenario::adfs().token_lifetime(DUE));
    let mut started = Vec::new();
    for number in 0..6 {
        let mut process = center.fedgit(&["credential-process", "--profile", "reader"]);
        process.env(
            "FEDGIT_CACHE_DIR",
            center.home.file(&format!("cache/{number}")),
        );
        let child = start(&mut process);
        started.push((process, child));
    }
    for (process, child) in started {
        center.end(&process, child).exits(0);
    }
    assert_eq!(center.noted(Service::Oidc, USED_UP), 0);
    assert_eq!(center.noted(Service::Oidc, RENEWED), 6);
    assert_eq!(center.sign_ins(), 1);
    // Credentials stand there by this test's wish.
    std::fs::remove_dir_all(center.home.file("cache")).unwrap();
}

/// The AWS CLI truncates, and then writes.
#[test]
fn a_token_that_is_being_written_is_waited_for() {
    let center = Center::signed_in(Scenario::adfs());
    let whole = std::fs::read(center.token_file()).unwrap();
    let mut process = center.on_desktop(&["credential-process", "--profile", "reader"]);
    let before = center.windows().len();
    for left in (0..10).rev() {
        center.forget_credentials();
        std::fs::write(center.token_file(), &whole[..whole.len() / 2]).unwrap();
        let begun = Instant::now();
        let mut child = start(&mut process);
        std::thread::sleep(Duration::from_millis(200));
        std::fs::write(center.token_file(), &whole).unwrap();
        // It waits for a second: a writer who was slower on a busy machine shows nothing.
        if begun.elapsed() > Duration::from_millis(900) {
            assert_ne!(left, 0, "this machine is too slow to show it");
            child.kill().unwrap();
            child.wait().unwrap();
            continue;
        }
        center.end(&process, child).exits(0);
        break;
    }
    assert_eq!(center.windows().len(), before);
    assert_eq!(center.sign_ins(), 1);
}
