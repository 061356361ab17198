//! A program on this machine, which is a server here. What to make of its answers is `login::drive`'s.

use super::*;

const ORIGIN: &str = "https://example.okta.com";

#[test]
fn it_is_probed_and_given_a_challenge() {
    let (place, seen) = server(vec![ok("", ""), ok("", "")]);
    let soon = Duration::from_secs(5);
    assert_eq!(http().probe(&place, ORIGIN, soon), Some(200));
    let body = "{\"challengeRequest\":\"x\"}".into();
    assert_eq!(http().challenge(&place, ORIGIN, &body), Some(200));
    let probe = seen.recv().unwrap();
    assert_eq!(probe.line, "GET /probe HTTP/1.1");
    assert_eq!(
        (probe.header("origin"), probe.body.as_str()),
        (Some(ORIGIN), "")
    );
    let given = seen.recv().unwrap();
    assert_eq!(given.line, "POST /challenge HTTP/1.1");
    assert_eq!(given.header("origin"), Some(ORIGIN));
    assert_eq!(given.header("content-type"), Some("application/json"));
    assert_eq!(given.header("cookie"), None);
    assert_eq!(given.body, body.expose_secret());
}

#[test]
fn it_leads_nowhere_else() {
    let (place, seen) = server(vec![to(302, "/else", ""), String::new()]);
    let body = "{}".into();
    assert_eq!(http().challenge(&place, ORIGIN, &body), Some(302));
    assert_eq!(http().challenge(&place, ORIGIN, &body), None);
    assert_eq!(seen.iter().count(), 2, "no redirect is followed");
    for far in ["http://192.0.2.1:8769/", "https://example.com/"] {
        assert_eq!(http().challenge(&far.parse().unwrap(), ORIGIN, &body), None);
    }
}

/// Whoever listens and says nothing does not hold a login up.
#[test]
fn it_has_little_time_to_be_there() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = format!("http://{}/", silent.local_addr().unwrap());
    let within = Duration::from_millis(50);
    assert_eq!(http().probe(&place.parse().unwrap(), ORIGIN, within), None);
}
