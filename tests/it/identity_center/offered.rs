//! What works: signing in once for everything, whoever does it.

use fedgit_testbed::{Scenario, Service};
use serde_json::Value;

use super::Center;

const IAM: &str = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnly_";

/// The sorted keys of a JSON object.
fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn one_sign_in_in_the_browser_serves_every_role() {
    let center = Center::new(Scenario::adfs());
    let mut login = center.on_desktop(&["login", "cloud"]);
    let (said, pages) = center.by_browser(&mut login, "allow");
    let said = said.exits(0).tells(&["sign in to cloud in the browser"]);
    for profile in ["prod-admin", "staging-admin", "reader", "deployer"] {
        assert!(
            said.err.contains(&format!("{profile}: credentials until ")),
            "{}",
            said.err
        );
    }
    assert_eq!(center.sign_ins(), 1);
    assert_eq!(center.noted(Service::Portal, "credentials of"), 3);
    // The last page is ours, plain, and says what to do.
    let last = pages.last().unwrap();
    assert_eq!(last.status, 200);
    assert!(
        last.body.contains("<html lang=\"en\">") && last.body.contains("You may close this window")
    );
    assert!(!last.body.contains("<script"));
    // The browser was started with an address that is worth nothing to others.
    let windows = center.windows();
    assert_eq!(windows.len(), 1);
    assert!(windows[0].starts_with("http://127.0.0.1:") && !windows[0].contains("state"));

    // Everything after that asks nobody.
    center.credentials("prod-admin").exits(0);
    let said = center.home.fedgit(&["whoami", "reader", "--json"]).exits(0);
    assert!(said.out.contains(IAM), "{}", said.out);
    let said = center.home.fedgit(&["whoami", "deployer"]).exits(0);
    assert!(said.out.contains("assumed-role/Deploy/"), "{}", said.out);
    let said = center.home.fedgit(&["status"]).exits(0);
    assert_eq!(said.out.matches("fresh").count(), 4, "{}", said.out);
    assert_eq!((center.sign_ins(), center.windows().len()), (1, 1));
}

/// As sso-cache facts have it, which were measured on AWS CLI v2.
#[test]
fn the_token_stands_where_and_as_the_aws_cli_keeps_it() {
    use std::os::unix::fs::PermissionsExt;
    let center = Center::signed_in(Scenario::adfs());
    let token = center.token();
    assert_eq!(
        keys(&token),
        [
            "accessToken",
            "clientId",
            "clientSecret",
            "expiresAt",
            "refreshToken",
            "region",
            "registrationExpiresAt",
            "startUrl"
        ]
    );
    assert_eq!(token["startUrl"], center.home.world.start_url());
    assert_eq!(token["region"], "eu-west-1");
    let expires = token["expiresAt"].as_str().unwrap();
    assert!(expires.len() == 20 && expires.ends_with('Z'), "{expires}");
    let mode = std::fs::metadata(center.token_file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let folder = std::fs::read_dir(center.home.file(".aws/sso/cache")).unwrap();
    let mut registrations = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| *path != center.token_file())
        .map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
    let registration = registrations.next().unwrap();
    assert_eq!(
        keys(&registration),
        [
            "clientId",
            "clientSecret",
            "expiresAt",
            "grantTypes",
            "scopes"
        ]
    );
    let grants = serde_json::json!(["authorization_code", "refresh_token"]);
    assert_eq!(registration["grantTypes"], grants);
    assert!(registrations.next().is_none());

    // The next sign-in is by the same registration.
    let mut login = center.on_desktop(&["login", "cloud"]);
    let (said, _) = center.by_browser(&mut login, "allow");
    said.exits(0);
    assert_eq!(center.noted(Service::Oidc, "registered"), 1);
    assert_eq!(center.sign_ins(), 2);
}

#[test]
fn a_code_on_another_device_needs_neither_browser_nor_terminal() {
    let center = Center::new(Scenario::adfs().slow_down(0));
    // Nobody sees a browser here, so it need not be said.
    for args in [
        &["login", "cloud"][..],
        &["login", "cloud", "--device-code"],
    ] {
        let mut login = center.fedgit(args);
        let said = center.by_code(&mut login).exits(0);
        let said = said.tells(&[
            " on any device at https://",
            "the code is good for 10 minutes",
        ]);
        // A QR code.
        assert!(said.err.matches('█').count() > 100, "{}", said.err);
    }
    assert_eq!(center.sign_ins(), 2);
    // On a desktop it must be said, or set.
    let mut login = center.on_desktop(&["login", "cloud", "--device-code"]);
    center.by_code(&mut login).exits(0);
    let mut login = center.on_desktop(&["login", "cloud"]);
    login.env("FEDGIT_IDP__CLOUD__SIGN_IN", "device-code");
    center.by_code(&mut login).exits(0);
    let mut login = center.on_desktop(&["login", "cloud"]);
    login.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    center.by_code(&mut login).exits(0);
    assert!(center.windows().is_empty());
    assert_eq!(
        center.token()["refreshToken"].as_str().map(str::is_empty),
        Some(false)
    );
}

#[test]
fn the_page_is_opened_by_the_browser_that_was_chosen() {
    let center = Center::new(Scenario::adfs());
    let write =
        r#"printf '#!/bin/sh\necho "$@" >> "$FEDGIT_IT_OPENED"\n' > mine && chmod 755 mine"#;
    let written = std::process::Command::new("sh")
        .args(["-c", write])
        .current_dir(center.desktop())
        .status();
    assert!(written.unwrap().success());
    let config = center.home.read(".config/fedgit/fedgit.toml");
    let chosen = format!("[settings]\nbrowser = [\"mine\", \"--new-window\"]\n\n{config}");
    center.home.write(".config/fedgit/fedgit.toml", chosen);
    let mut login = center.on_desktop(&["login", "cloud"]);
    let child = super::center::start(&mut login);
    let opened = center.window(0);
    let page = opened.strip_prefix("--new-window ").unwrap();
    assert!(page.starts_with("http://127.0.0.1:"), "{page}");
    center.home.world.browse(page, "allow");
    center.end(&login, child).exits(0);
}

#[test]
fn the_page_can_be_opened_by_oneself() {
    use std::io::{BufRead, BufReader};
    let center = Center::new(Scenario::adfs());
    let mut login = center.on_desktop(&["login", "cloud", "--no-browser"]);
    let mut child = super::center::start(&mut login);
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    said.read_line(&mut line).unwrap();
    let page = line.trim().split_once("open this here: ").unwrap().1;
    assert!(page.starts_with(&center.home.world.oidc_url()), "{page}");
    center.home.world.browse(page, "allow");
    assert!(child.wait().unwrap().success());
    assert!(center.windows().is_empty());
    assert_eq!(center.sign_ins(), 1);
}

/// Over SSH the port is forwarded by whoever says so; they are told of the other way.
#[test]
fn the_page_is_printed_over_ssh_where_that_is_asked_for() {
    use std::io::{BufRead, BufReader};
    let center = Center::new(Scenario::adfs());
    let mut login = center.fedgit(&["login", "cloud", "--no-browser"]);
    login.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    let mut child = super::center::start(&mut login);
    let said = BufReader::new(child.stderr.take().unwrap());
    let mut lines = said.lines().map(Result::unwrap);
    let line = lines.next().unwrap();
    let page = line.split_once("open this: ").unwrap().1;
    let more = lines.next().unwrap();
    assert!(more.contains("http://127.0.0.1:"), "{more}");
    assert!(more.contains("fedgit login cloud --device-code"), "{more}");
    center.home.world.browse(page, "allow");
    // It may say more, and needs somebody who reads it.
    assert!(lines.all(|line| !line.is_empty()));
    assert!(child.wait().unwrap().success());
    assert_eq!(center.sign_ins(), 1);
}

/// A session that gives the next credentials by itself leaves nothing to do.
#[test]
fn the_status_names_a_login_only_where_one_is_needed() {
    let center = Center::signed_in(Scenario::adfs().token_lifetime(600));
    center.forget_credentials();
    let next = || {
        let said = center.home.fedgit(&["status", "--json"]).exits(0);
        let report: Value = serde_json::from_str(&said.out).unwrap();
        report["profiles"][0]["next"].clone()
    };
    assert_eq!(next(), Value::Null);
    let mut token = center.token();
    token["expiresAt"] = "2020-01-02T03:04:05Z".into();
    std::fs::write(center.token_file(), token.to_string()).unwrap();
    assert_eq!(next(), Value::Null, "it can be renewed");
    token["registrationExpiresAt"] = "2020-01-02T03:04:05Z".into();
    std::fs::write(center.token_file(), token.to_string()).unwrap();
    assert_eq!(next(), "fedgit login cloud");
}

/// As `aws sso login` of old wrote it.
#[test]
fn a_time_in_the_old_form_is_one() {
    let center = Center::signed_in(Scenario::adfs());
    let mut token = center.token();
    let expires = token["expiresAt"].as_str().unwrap().replace('Z', "UTC");
    token["expiresAt"] = expires.into();
    std::fs::write(center.token_file(), token.to_string()).unwrap();
    center.forget_credentials();
    center.credentials("reader").exits(0);
    assert_eq!(center.sign_ins(), 1);
}

#[test]
fn the_second_day_needs_no_person() {
    // Inside of the refresh window from the start.
    let center = Center::signed_in(Scenario::adfs().token_lifetime(600));
    let first = center.token();
    for _ in 0..2 {
        center.forget_credentials();
        center.credentials("reader").exits(0);
    }
    assert_eq!(
        center.noted(Service::Oidc, "a token for a refresh token"),
        2
    );
    let last = center.token();
    for key in ["accessToken", "refreshToken"] {
        assert_ne!(first[key], last[key]);
    }
    for key in ["clientId", "registrationExpiresAt", "startUrl", "region"] {
        assert_eq!(first[key], last[key]);
    }
    assert_eq!(center.sign_ins(), 1);
}

/// An SDK that runs `credential-process` on a desktop: the browser opens, once.
#[test]
fn an_sdk_on_a_desktop_opens_the_browser() {
    let center = Center::new(Scenario::adfs());
    let mut process = center.on_desktop(&["credential-process", "--profile", "reader"]);
    let (said, _) = center.by_browser(&mut process, "allow");
    let credentials: Value = serde_json::from_str(&said.exits(0).out).unwrap();
    assert_eq!(credentials["AccountId"], "111122223333");
    assert!(credentials["Expiration"].as_str().unwrap().ends_with('Z'));
    center.credentials("prod-admin").exits(0);
    assert_eq!((center.sign_ins(), center.windows().len()), (1, 1));
}

/// A token for the same portal is used whoever wrote it, under whatever name.
#[test]
fn somebody_elses_token_serves() {
    let center = Center::signed_in(Scenario::adfs());
    let text = std::fs::read_to_string(center.token_file()).unwrap();
    std::fs::remove_file(center.token_file()).unwrap();
    center.forget_credentials();
    let other = format!(".aws/sso/cache/{}.json", "a".repeat(40));
    // As botocore does it for a start URL, with keys of its own and a slash.
    let written = text.replace("\"startUrl\"", "\"receivedAt\":\"x\",\"startUrl\"");
    center
        .home
        .write(&other, written.replace("/start\"", "/start/\""));
    center.credentials("reader").exits(0);
    assert_eq!(center.sign_ins(), 1);

    // One for another portal, another region, or from yesterday does not.
    for (from, to) in [
        ("d-1234567890", "d-0000000000"),
        ("\"eu-west-1\"", "\"us-east-1\""),
        ("\"expiresAt\":\"2", "\"expiresAt\":\"1"),
    ] {
        center.forget_credentials();
        assert!(text.contains(from), "{text}");
        let without_refresh = text.replace("refreshToken", "receivedToken");
        center.home.write(&other, without_refresh.replace(from, to));
        center.credentials("reader").exits(4);
    }
    // Of an identity provider that is not declared any more.
    let center = Center::signed_in(Scenario::adfs());
    center.home.write(".config/fedgit/fedgit.toml", "");
    let said = center.home.fedgit(&["logout"]).exits(0);
    said.tells(&["1 session stays in ~/.aws/sso/cache", "aws sso logout"]);
    assert!(center.token_file().exists());
}

#[test]
fn logging_out_ends_the_session_for_all() {
    for args in [&["logout", "cloud"][..], &["logout", "reader"], &["logout"]] {
        let center = Center::signed_in(Scenario::adfs());
        let said = center.home.fedgit(args).exits(0);
        assert!(said.err.contains("cloud: signed out"), "{}", said.err);
        assert!(!center.token_file().exists());
        assert_eq!(center.noted(Service::Portal, "signed out"), 1);
        center.credentials("reader").exits(4);
    }
}

/// Where a proxy inspects TLS for these two services, and nothing else.
#[test]
fn its_own_certificates_are_trusted_for_both_its_services() {
    let center = Center::new(Scenario::adfs());
    let ca = center.home.world.ca_file().display().to_string();
    let config = center.home.read(".config/fedgit/fedgit.toml");
    let own = format!("region = \"eu-west-1\"\nca_bundle = \"{ca}\"\n");
    let config = config.replacen("region = \"eu-west-1\"\n", &own, 1);
    center.home.write(".config/fedgit/fedgit.toml", config);
    let mut login = center.fedgit(&["roles", "cloud"]);
    let said = center.by_code(login.env_remove("AWS_CA_BUNDLE")).exits(0);
    assert!(said.out.contains("ReadOnly"), "{}", said.out);
    let mut process = center.fedgit(&["credential-process", "--profile", "reader"]);
    center
        .home
        .run(process.env_remove("AWS_CA_BUNDLE"))
        .exits(0);
}

#[test]
fn git_works_with_it() {
    let center = Center::signed_in(Scenario::adfs());
    let home = &center.home;
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    home.fedgit(&["apply"]).exits(0);
    home.fedgit(&["clone", "example"]).exits(0);
    home.write("ExampleCorpRepository/x", "hello\n");
    home.git("ExampleCorpRepository", &["add", "x"]).exits(0);
    home.git("ExampleCorpRepository", &["commit", "--quiet", "-m", "x"])
        .exits(0);
    home.git("ExampleCorpRepository", &["push", "--quiet"])
        .exits(0);
    let url = "codecommit://reader@ExampleCorpRepository";
    let mut clone = home.command("git");
    clone
        .args(["clone", "--quiet", url, "again"])
        .env("CODE_COMMIT_ENDPOINT", home.world.codecommit_host());
    home.run(&mut clone).exits(0);
    assert_eq!(home.read("again/x"), "hello\n");
    assert_eq!(center.sign_ins(), 1);
}

#[test]
fn a_command_and_the_console_run_as_a_permission_set() {
    let center = Center::signed_in(Scenario::adfs());
    let mut exec = center.fedgit(&[
        "exec",
        "reader",
        "--",
        "sh",
        "-c",
        "echo $AWS_ACCESS_KEY_ID",
    ]);
    let said = center.home.run_for_credentials(&mut exec).exits(0);
    assert!(said.out.starts_with("ASIA"), "{}", said.out);
    let mut console = center.fedgit(&["console", "reader", "--print"]);
    console.env("AWS_ENDPOINT_URL_SIGNIN", center.home.world.sign_in_url());
    center.home.run_for_credentials(&mut console).exits(0);
}

#[test]
fn what_is_offered_and_what_of_it_is_declared() {
    let center = Center::signed_in(Scenario::adfs());
    let said = center.home.fedgit(&["roles", "cloud", "--json"]).exits(0);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["idp"], "cloud");
    let roles = report["roles"].as_array().unwrap();
    assert_eq!(roles.len(), 4);
    assert_eq!(
        roles[1],
        serde_json::json!({
            "account": "111122223333", "account_name": "Production", "account_alias": null,
            "account_email": "Production@example.com", "name": "ReadOnly", "arn": null,
            "permission_set": "ReadOnly", "declared": ["reader"],
        })
    );
    assert_eq!(roles[3]["declared"], serde_json::json!([]));
    // One identity provider need not be named.
    let said = center.home.fedgit(&["roles"]).exits(0);
    assert!(
        said.out.starts_with(
            "111122223333  Production  Production@example.com  AdministratorAccess  prod-admin\n"
        ),
        "{}",
        said.out
    );
}
