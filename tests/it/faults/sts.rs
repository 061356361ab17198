//! An STS that is none, or has a bad day, over plain sockets: what the test-bed's is too good for.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use super::*;
use crate::world::Said;

/// Answers every request in the same way.
struct BadSts {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl BadSts {
    fn start(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        // Ends with the test's process: it may wait for somebody who never comes.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (count, answer) = (Arc::clone(&count), answer.clone());
                std::thread::spawn(move || {
                    if read_request(&stream).is_some() {
                        count.fetch_add(1, Ordering::SeqCst);
                        answer(stream);
                    }
                });
            }
        });
        Self { url, asked }
    }

    fn saying(status: &'static str, body: impl Into<String>) -> Self {
        let body = body.into();
        Self::start(move |stream| say(stream, status, &body))
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn say(mut stream: TcpStream, status: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    // Whoever has seen enough goes away.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
}

/// Reads a whole request; `None` where none came.
fn read_request(stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()
}

fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    )
}

/// What a good day gives.
fn credentials() -> String {
    let end = in_seconds(3600);
    format!(
        "<AssumeRoleWithSAMLResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <AssumeRoleWithSAMLResult><Credentials><AccessKeyId>ASIAGOOD</AccessKeyId>\
         <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
         <Expiration>{end}</Expiration></Credentials></AssumeRoleWithSAMLResult>\
         </AssumeRoleWithSAMLResponse>"
    )
}

fn ask(home: &Home, sts: &BadSts) -> Said {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(PROFILE)
        .env("AWS_ENDPOINT_URL_STS", &sts.url)
        .env("FEDGIT_PASSWORD", home.world.password());
    home.run(&mut command)
}

/// The login works and STS does not: the exit code, how often STS was asked, and what is said.
#[track_caller]
fn fails(sts: &BadSts, code: i32, asked: usize, tells: &[&str]) {
    let home = Home::new(Scenario::adfs());
    let said = ask(&home, sts).exits(code);
    assert_eq!(said.out, "");
    said.tells(&["no credentials for profile adfs"])
        .tells(tells);
    assert_eq!(sts.asked(), asked);
    // The login was not in vain: once STS is well again nobody is asked.
    home.fedgit(&PROFILE).exits(0);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn says_no() {
    let sts = BadSts::saying(
        "400 Bad Request",
        error("PackedPolicyTooLarge", "the packed size is 131%"),
    );
    let told = [
        "STS refused",
        "PackedPolicyTooLarge: the packed size is 131%",
    ];
    fails(&sts, 5, 1, &told);
    let sts = BadSts::saying(
        "403 Forbidden",
        error("RegionDisabledException", "not here"),
    );
    fails(&sts, 5, 1, &["RegionDisabledException: not here"]);
}

#[test]
fn cannot_now() {
    let sts = BadSts::saying(
        "503 Service Unavailable",
        error("ServiceUnavailable", "come back later"),
    );
    let told = [
        "STS in us-east-1 could not serve",
        "ServiceUnavailable: come back later",
        "help: try again in a minute",
    ];
    fails(&sts, 1, 4, &told);
}

#[test]
fn somebody_else_answers() {
    let page = "<html><h1>Proxy authentication required</h1></html>";
    let sts = BadSts::saying("502 Bad Gateway", page);
    let told = [
        "what came back (HTTP 502) is not an answer of STS's",
        "HTTPS_PROXY",
    ];
    fails(&sts, 1, 4, &told);
    let sts = BadSts::saying("200 OK", page);
    fails(
        &sts,
        1,
        1,
        &["no answer from STS in us-east-1", "HTTPS_PROXY"],
    );
}

#[test]
fn hangs_up() {
    let sts = BadSts::start(drop);
    fails(&sts, 1, 4, &["127.0.0.1", "help:"]);
}

#[test]
fn says_more_than_sts_ever_would() {
    let sts = BadSts::saying("200 OK", "x".repeat(2 << 20));
    fails(&sts, 1, 1, &["the answer is larger than any of STS's"]);
}

#[test]
fn valid_credentials_are_used_meanwhile() {
    let first = Arc::new(AtomicUsize::new(0));
    let sts = BadSts::start(move |stream| {
        if first.fetch_add(1, Ordering::SeqCst) == 0 {
            say(stream, "200 OK", &credentials());
        } else {
            say(
                stream,
                "500 Internal Server Error",
                &error("InternalFailure", "oops"),
            );
        }
    });
    let home = Home::new(Scenario::adfs());
    let good = ask(&home, &sts).exits(0).out;
    make_due(&home);
    let said = ask(&home, &sts).exits(0).tells(&[
        "could not renew the credentials of adfs, so these are used until",
        "InternalFailure: oops",
    ]);
    let id = |answer: &str| serde_json::from_str::<Value>(answer).unwrap()["AccessKeyId"].clone();
    assert_eq!(id(&said.out), id(&good));
    // And STS is not asked again by every call.
    let asked = sts.asked();
    let said = ask(&home, &sts)
        .exits(0)
        .tells(&["so it was not tried again", "InternalFailure: oops"]);
    assert_eq!(id(&said.out), id(&good));
    assert_eq!(sts.asked(), asked);
    assert_eq!(home.world.ledger().login_attempts(), 1);
    // With nothing that is good it is asked: it may be well again.
    change(&home, "credentials", |stored| {
        stored["expiration"] = "2020-01-01T01:00:00Z".into();
    });
    home.fedgit(&PROFILE).exits(0);
}

/// The one that asks waits for some seconds, and whoever asks meanwhile no longer than it.
#[test]
fn an_sts_that_hangs_holds_nobody_up_who_has_valid_credentials() {
    let first = Arc::new(AtomicUsize::new(0));
    let sts = BadSts::start(move |stream| {
        if first.fetch_add(1, Ordering::SeqCst) == 0 {
            say(stream, "200 OK", &credentials());
        } else {
            std::thread::sleep(Duration::from_secs(600));
        }
    });
    let home = Home::new(Scenario::adfs());
    let good = ask(&home, &sts).exits(0).out;
    make_due(&home);
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                let said = ask(&home, &sts).exits(0);
                assert!(said.out.contains("ASIAGOOD"), "{}", said.out);
                said.tells(&["could not renew the credentials of adfs"]);
            });
        }
    });
    assert_eq!(sts.asked(), 2, "{good}");
    ask(&home, &sts)
        .exits(0)
        .tells(&["so it was not tried again", "timed out"]);
    assert_eq!(sts.asked(), 2);
}

/// Slow is not down: what comes within the limit of a request is taken, and asked for once.
#[test]
fn answers_late() {
    let sts = BadSts::start(|stream| {
        std::thread::sleep(Duration::from_secs(8));
        say(stream, "200 OK", &credentials());
    });
    let home = Home::new(Scenario::adfs());
    ask(&home, &sts).exits(0);
    assert_eq!(sts.asked(), 1);
}

fn one_byte_a_second(mut stream: TcpStream) {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 2000\r\n\r\n";
    let _ = stream.write_all(head);
    while stream.write_all(b" ").is_ok() {
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// A minute in all, not a minute for each of four tries.
#[test]
#[ignore = "takes a minute: .ci/run runs this"]
fn drips() {
    let sts = BadSts::start(one_byte_a_second);
    fails(
        &sts,
        1,
        1,
        &["no answer from STS in us-east-1", "timed out"],
    );
}

#[test]
#[ignore = "takes a minute: .ci/run runs this"]
fn never_answers() {
    let sts = BadSts::start(|stream| {
        std::thread::sleep(Duration::from_secs(600));
        drop(stream);
    });
    fails(
        &sts,
        1,
        2,
        &["no answer from STS in us-east-1", "timed out"],
    );
}

/// The keys of the role before are got anew once, and only where it is they that STS refuses.
#[test]
fn a_chain_is_tried_again_once_and_only_with_other_keys() {
    for (code, asked) in [("InvalidClientTokenId", 4), ("AccessDenied", 2)] {
        let count = Arc::new(AtomicUsize::new(0));
        // Of these four every second one is AssumeRole.
        let sts = BadSts::start(move |stream| {
            if count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                say(stream, "200 OK", &credentials());
            } else {
                say(stream, "403 Forbidden", &error(code, "no"));
            }
        });
        let home = Home::empty(Scenario::adfs());
        let chain =
            "[role.deployer]\nsource = \"developer\"\narn = \"arn:aws:iam::444455556666:role/D\"\n";
        let config = format!("{}{chain}", home.example());
        home.write(".config/fedgit/fedgit.toml", config);
        ask(&home, &sts).exits(0);
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(["credential-process", "--profile", "deployer"])
            .env("AWS_ENDPOINT_URL_STS", &sts.url);
        home.run(&mut command)
            .exits(5)
            .tells(&["no credentials for profile deployer", code]);
        assert_eq!(sts.asked(), asked, "{code}");
    }
}

const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/ADFS";

/// A person of so many roles, each of which is declared.
fn of_many_roles(scenario: Scenario, count: usize) -> Home {
    let arns: Vec<String> = (0..count)
        .map(|n| format!("arn:aws:iam::111122223333:role/R{n}"))
        .collect();
    let offered: Vec<(&str, &str)> = arns.iter().map(|arn| (arn.as_str(), PROVIDER)).collect();
    let home = Home::empty(scenario.roles(&offered));
    let example = home.example();
    let mut config = example.split("[role.").next().unwrap().to_owned();
    for (n, arn) in arns.iter().enumerate() {
        config += &format!("[role.r{n}]\nidp = \"corp\"\narn = \"{arn}\"\n");
    }
    home.write(".config/fedgit/fedgit.toml", config);
    home
}

/// A throttled STS slows all of them down, and none is given up that it would have served in the end.
fn every_role_comes(scenario: Scenario, count: usize) {
    let home = of_many_roles(scenario, count);
    let said = home.fedgit_as_script(&["login", "corp"]).exits(0);
    assert_eq!(said.err.matches(": credentials until ").count(), count);
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn a_throttled_login_gets_every_role() {
    // Four tries of each would all be refused.
    every_role_comes(Scenario::sts_throttles(5 * 4), 5);
}

#[test]
#[ignore = "takes half a minute: .ci/run runs this"]
fn a_hundred_roles_at_five_a_second() {
    every_role_comes(Scenario::sts_requests_per_second(5), 100);
}

/// Roles are asked for side by side, but never more than eight: a throttled account is everybody's.
#[test]
fn eight_questions_at_a_time() {
    const ROLES: usize = 20;
    // All that came, those that wait for an answer, and the most of these.
    let seen = Arc::new((Mutex::new((0_usize, 0_usize, 0_usize)), Condvar::new()));
    let counts = Arc::clone(&seen);
    let sts = BadSts::start(move |stream| {
        let (lock, changed) = &*counts;
        let mut now = lock.lock().unwrap();
        *now = (now.0 + 1, now.1 + 1, now.2.max(now.1 + 1));
        changed.notify_all();
        // Nobody is answered before eight have come.
        let limit = Duration::from_secs(20);
        let (mut now, _) = changed
            .wait_timeout_while(now, limit, |now| now.0 < 8)
            .unwrap();
        now.1 -= 1;
        drop(now);
        say(stream, "200 OK", &credentials());
    });
    let home = of_many_roles(Scenario::adfs(), ROLES);
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login", "corp"])
        .env("AWS_ENDPOINT_URL_STS", &sts.url)
        .env("FEDGIT_PASSWORD", home.world.password());
    home.run(&mut command).exits(0);
    assert_eq!(*seen.0.lock().unwrap(), (ROLES, 0, 8));
    assert_eq!(home.world.ledger().login_attempts(), 1);
}
