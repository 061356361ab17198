//! `fedgit console`: the browser signs in, and what signs it in stands nowhere else.

use std::path::Path;
use std::process::Command;

use fedgit_testbed::{Scenario, Service};

use super::{fedgit, logged_in};
use crate::world::{Home, path, write_program};

/// `fedgit console ARGS` against the test-bed.
fn console(home: &Home, args: &[&str]) -> Command {
    let mut command = fedgit(home, &["console"]);
    command
        .args(args)
        // The profile's own region is what counts.
        .env("AWS_REGION", "ap-south-1")
        .env("AWS_DEFAULT_REGION", "ap-south-1")
        .env("AWS_ENDPOINT_URL_SIGNIN", home.world.sign_in_url());
    command
}

/// A field of the last request for a sign-in token.
fn asked(home: &Home, name: &str) -> Option<String> {
    let ledger = home.world.ledger();
    let entry = ledger.of(Service::SignIn).last().unwrap().clone();
    let field = entry.form.into_iter().find(|(field, _)| field == name);
    field.map(|(_, value)| value)
}

#[test]
fn an_address_for_the_console_of_a_service() {
    let home = logged_in();
    let mut command = console(&home, &["adfs", "--service", "codecommit", "--print"]);
    let said = home.run_for_credentials(&mut command).exits(0);
    let start = format!("{}/federation?Action=login&", home.world.sign_in_url());
    assert!(said.out.starts_with(&start), "{}", said.out);
    let destination = "Destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fcodesuite\
                       %2Fcodecommit%2Fhome%3Fregion%3Dus-east-1&SigninToken=";
    assert!(said.out.contains(destination), "{}", said.out);
    assert_eq!(said.err, "");
    assert_eq!(asked(&home, "SessionDuration").as_deref(), Some("3600"));

    // A chained role's session is as long as its credentials, and must not be asked for.
    let mut command = console(&home, &["deployer", "--print"]);
    let said = home.run_for_credentials(&mut command).exits(0);
    assert!(
        said.out
            .contains("eu-west-1.console.aws.amazon.com%2Fconsole%2Fhome")
    );
    assert_eq!(asked(&home, "SessionDuration"), None);
    // No secret went in a URL.
    let ledger = home.world.ledger();
    assert!(
        ledger
            .of(Service::SignIn)
            .all(|entry| entry.query.is_empty())
    );

    let said = home.run(&mut console(
        &home,
        &["adfs", "--service", "../x", "--print"],
    ));
    said.exits(2)
        .tells(&["\"../x\" is not the name of a service"]);
}

/// STS gave the role less than is declared, since its maximum is less; the console would refuse more.
#[test]
fn the_console_lasts_no_longer_than_the_role_may() {
    let home = Home::empty(Scenario::sts_over_max_duration(3600));
    let config = home.example().replace(
        "[role.developer]",
        "[role.developer]\nsession_duration = \"12h\"",
    );
    home.write(".config/fedgit/fedgit.toml", config);
    home.fedgit_as_script(&["login"]).exits(0);
    home.run_for_credentials(&mut console(&home, &["adfs", "--print"]))
        .exits(0);
    assert_eq!(asked(&home, "SessionDuration").as_deref(), Some("3600"));
}

#[test]
fn each_partition_and_region_signs_in_at_its_own_host() {
    for (partition, region, host) in [
        ("aws", "us-east-1", "signin.aws.amazon.com"),
        ("aws", "eu-west-1", "eu-west-1.signin.aws.amazon.com"),
        ("aws-us-gov", "us-gov-west-1", "signin.amazonaws-us-gov.com"),
        ("aws-cn", "cn-north-1", "signin.amazonaws.cn"),
    ] {
        let iam = format!("arn:{partition}:iam::111122223333");
        let (role, provider) = (
            format!("{iam}:role/There"),
            format!("{iam}:saml-provider/ADFS"),
        );
        let home = Home::empty(Scenario::adfs().roles(&[(&role, &provider)]));
        let config = home
            .example()
            .replace("arn:aws:iam::111122223333:role/ADFS-Production", &role)
            .replace("[repo.", &format!("region = \"{region}\"\n\n[repo."));
        home.write(".config/fedgit/fedgit.toml", config);
        // By the real names, which the test-bed's proxy takes to it.
        let mut command = fedgit(&home, &["console", "adfs", "--print"]);
        command
            .env("FEDGIT_PASSWORD", home.world.password())
            .env("HTTPS_PROXY", home.world.proxy_url())
            .env_remove("AWS_ENDPOINT_URL_STS");
        let said = home.run_for_credentials(&mut command).exits(0);
        assert!(
            said.out.starts_with(&format!("https://{host}/federation?")),
            "{}",
            said.out
        );
        let ledger = home.world.ledger();
        assert_eq!(ledger.of(Service::SignIn).last().unwrap().host, host);
    }
}

#[test]
fn aws_sign_in_says_no() {
    let home = logged_in();
    home.world.set_clock_offset(2 * 3600);
    home.run(&mut console(&home, &["adfs", "--print"]))
        .exits(5)
        .tells(&[
            "refused to sign profile adfs in",
            "HTTP 400",
            "fedgit logout adfs",
        ]);
    // Credentials go nowhere in the clear.
    let mut command = console(&home, &["adfs", "--print"]);
    let said = home.run(command.env("AWS_ENDPOINT_URL_SIGNIN", "http://signin.example.com"));
    said.exits(1)
        .tells(&["plain http is accepted for loopback hosts alone"]);
    // What answers is no sign-in service.
    let mut command = console(&home, &["adfs", "--print"]);
    let said = home.run(command.env("AWS_ENDPOINT_URL_SIGNIN", home.world.sts_url()));
    assert_ne!(said.code, 0);
    said.tells(&["127.0.0.1"]);
}

/// A folder outside of home with an `xdg-open` of this script, for the front of PATH.
fn opener(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("#!/bin/bash\ncd '{}'\n{script}", folder.path().display());
    write_program(&folder.path().join("xdg-open"), &script);
    folder
}

fn path_with(folder: &Path) -> std::ffi::OsString {
    let behind = path();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&behind));
    std::env::join_paths(folders).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn the_browser_is_sent_on_by_an_address_that_is_no_secret() {
    let home = logged_in();
    // A browser: visits what it was started with, twice. Before that another user of the machine does,
    // where this one may become another.
    let browser = opener(
        r#"
echo "$1" > started-with
export rest=${1#http://}; export place=${rest%%/*}
visit='exec 3<>"/dev/tcp/127.0.0.1/${place#*:}" &&
    printf "GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n" "${rest#*/}" "$place" >&3 && cat <&3'
if [ "$(id -u)" = 0 ] && command -v setpriv; then
    setpriv --reuid=65534 --clear-groups bash -c "$visit" > other
fi
for try in first second; do
    bash -c "$visit" > "$try"
    # Long enough to be looked at.
    sleep 0.1
done
touch done
"#,
    );
    let mut command = console(&home, &["adfs", "--service", "s3"]);
    let said = home.run(command.env("PATH", path_with(browser.path())));
    let said = said.exits(0).tells(&["adfs: the browser is signing in"]);
    assert_eq!(said.out, "");
    let read = |name: &str| std::fs::read_to_string(browser.path().join(name)).unwrap();
    // fedgit does not wait for what the browser does next.
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !browser.path().join("done").exists() {
        assert!(std::time::Instant::now() < end, "the browser does not end");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(read("started-with").starts_with("http://127.0.0.1:"));
    let location = format!(
        "Location: {}/federation?Action=login&Destination=https%3A%2F%2Fconsole.aws.amazon.com",
        home.world.sign_in_url()
    );
    if browser.path().join("other").exists() {
        let other = read("other");
        assert!(other.starts_with("HTTP/1.1 404 "), "{other}");
    }
    let first = read("first");
    assert!(
        first.starts_with("HTTP/1.1 303 ") && first.contains(&location),
        "{first}"
    );
    assert!(!first.contains("Session="));
    assert_eq!(read("second"), "");
}

#[test]
#[cfg(target_os = "linux")]
fn no_browser_opens() {
    let home = logged_in();
    let nothing = tempfile::tempdir().unwrap();
    let before = home.world.ledger().count(Service::SignIn);
    let mut command = console(&home, &["adfs"]);
    let said = home.run(command.env("PATH", nothing.path()));
    said.exits(1)
        .tells(&["nothing on this machine opens a browser", "--print"]);
    assert_eq!(home.world.ledger().count(Service::SignIn), before);

    let broken = opener("exit 3");
    let mut command = console(&home, &["adfs"]);
    let said = home.run(command.env("PATH", path_with(broken.path())));
    said.exits(1)
        .tells(&["the browser was not opened", "xdg-open", "--print"]);
}
