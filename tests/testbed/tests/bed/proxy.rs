//! The real names, by way of the proxy.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use fedgit_testbed::{Scenario, Service, World};

use crate::client::{Client, Credentials, git_password};
use crate::codecommit::{git, succeeded};

/// The status of CONNECT and the connection.
fn connect(world: &World, method: &str, target: &str) -> (String, TcpStream) {
    let proxy = world.proxy_url();
    let mut socket =
        TcpStream::connect(proxy.strip_prefix("http://").expect("http")).expect("a connection");
    let request = format!("{method} {target} HTTP/1.1\r\nHost: {target}\r\n\r\n");
    socket.write_all(request.as_bytes()).expect("sent");
    // The server says nothing before the client does, so no byte of TLS is lost here.
    let mut reader = BufReader::new(socket.try_clone().expect("a second handle"));
    let mut status = String::new();
    reader.read_line(&mut status).expect("a status line");
    let mut line = status.clone();
    while line.trim() != "" {
        line.clear();
        reader.read_line(&mut line).expect("a header");
    }
    (
        status.split(' ').nth(1).expect("a status").to_owned(),
        socket,
    )
}

#[test]
fn every_name_leads_to_its_service_under_its_own_certificate() {
    let world = World::start(Scenario::adfs());
    let client = Client::of(&world);
    for (host, path, status) in [
        (
            "adfs.example.com",
            "/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices",
            200,
        ),
        ("sts.amazonaws.com", "/", 400),
        ("sts.eu-west-1.amazonaws.com", "/", 400),
        ("sts.cn-north-1.amazonaws.com.cn", "/", 400),
        (
            "git-codecommit.us-gov-west-1.amazonaws.com",
            "/v1/repos/x/info/refs",
            401,
        ),
        (
            "git-codecommit.cn-northwest-1.amazonaws.com.cn",
            "/v1/repos/x/info/refs",
            401,
        ),
    ] {
        let (connected, socket) = connect(&world, "CONNECT", &format!("{host}:443"));
        assert_eq!(connected, "200");
        let response = client.exchange(socket, host, host, path, "GET", &[], "");
        assert_eq!(response.status, status, "{host}");
        if host.starts_with("adfs") {
            assert!(
                response
                    .body
                    .contains("action=\"https://adfs.example.com:443/adfs/ls/")
            );
        }
    }
    assert_eq!(world.ledger().count(Service::Proxy), 6);
}

#[test]
fn no_other_name_leads_anywhere() {
    let world = World::start(Scenario::adfs());
    for target in [
        "example.com:443",
        "sts.eu-west-1.amazonaws.com:80",
        "sts.eu-west-1.amazonaws.com.cn:443",
        "git-codecommit.us-east-1.amazonaws.com.evil.example:443",
        "127.0.0.1:443",
    ] {
        assert_eq!(connect(&world, "CONNECT", target).0, "403", "{target}");
    }
    assert_eq!(connect(&world, "GET", "http://example.com/").0, "405");
}

#[test]
fn git_believes_that_it_talks_to_codecommit() {
    let (region, name) = ("cn-north-1", "ExampleCorpRepository");
    let host = format!("git-codecommit.{region}.amazonaws.com.cn");
    let world = World::start(Scenario::adfs());
    world.add_repository(region, name);
    let (id, secret) = world.add_static_key();
    let folder = tempfile::tempdir().expect("a folder");
    let clone = |signed_host: &str| {
        let who = Credentials {
            id: id.clone(),
            secret: secret.clone(),
            token: None,
        };
        let (user, password) = git_password(&who, region, signed_host, name);
        let url = format!("https://{user}:{password}@{host}/v1/repos/{name}");
        let target = folder.path().join(signed_host);
        git(
            &world,
            folder.path(),
            folder.path(),
            &["clone", &url, target.to_str().expect("UTF-8")],
        )
        .env("HTTPS_PROXY", world.proxy_url())
        .output()
        .expect("git")
    };
    succeeded(&clone(&host));
    assert!(
        !clone("git-codecommit.us-east-1.amazonaws.com")
            .status
            .success()
    );
    let ledger = world.ledger();
    assert!(
        ledger
            .of(Service::CodeCommit)
            .any(|entry| entry.note == "signature ok (host)")
    );
    assert_eq!(
        ledger.entries().last().expect("an entry").note,
        "refused: wrong signature"
    );
}
