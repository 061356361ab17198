//! Against real sockets of this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use secrecy::ExposeSecret;

use super::*;

mod local;

/// What a server saw: request line, headers in lower case, body.
#[derive(Debug)]
struct Seen {
    line: String,
    headers: Vec<String>,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|h| h.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Answers the connections in turn with what `answer` makes of each, closing after every one.
fn server(answers: Vec<String>) -> (Url, Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/start?q=1", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let (tell, seen) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = tell.send(receive(&stream));
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, seen)
}

fn receive(stream: &TcpStream) -> Seen {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        match header.trim().split_once(": ") {
            Some((name, value)) => headers.push(format!("{}: {value}", name.to_lowercase())),
            None => break,
        }
    }
    let mut seen = Seen {
        line: line.trim().to_owned(),
        headers,
        body: String::new(),
    };
    let length = seen
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    seen.body = String::from_utf8(body).unwrap();
    seen
}

fn ok(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
}

fn to(status: u16, location: &str, headers: &str) -> String {
    format!(
        "HTTP/1.1 {status} Moved\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {location}\r\n{headers}\r\n"
    )
}

fn http() -> Http {
    let second = Duration::from_secs(1);
    Http::new(HttpSettings {
        ca_bundle: None,
        aws_ca_bundle: None,
        user_agent: "fedgit-test".into(),
        timeouts: Timeouts {
            connect: 5 * second,
            request: 5 * second,
            idle: second,
            slow: 5 * second,
        },
    })
}

const PASSWORD: [Field<'static>; 2] = [
    Field {
        name: "UserName",
        value: "a b&ü",
    },
    Field {
        name: "Password",
        value: "MARKER",
    },
];

fn get(url: &Url) -> Sending<'_> {
    Sending {
        verb: Verb::Get,
        url,
        content: Content::Fields(&[]),
        headers: &[],
        carries_secret: false,
        slow: false,
    }
}

fn login(url: &Url) -> Sending<'_> {
    Sending {
        verb: Verb::Post,
        url,
        content: Content::Fields(&PASSWORD),
        headers: &[],
        carries_secret: true,
        slow: false,
    }
}

fn failure(outcome: Result<Page, WebError>) -> WebError {
    let error = outcome.err().unwrap();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("MARKER") && !shown.contains("q=1"),
        "{shown}"
    );
    error
}

#[test]
fn cookies_headers_and_charset() {
    let (url, seen) = server(vec![
        to(302, "/next", "Set-Cookie: MSISAuth=abc; Path=/; HttpOnly\r\n"),
        ok("Content-Type: text/html; charset=utf-8\r\n", "grün"),
        "HTTP/1.1 401 No\r\nConnection: close\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n\
         Content-Type: text/plain; charset=iso-8859-1\r\nContent-Length: 3\r\n\r\n"
            .to_owned() + "abc",
    ]);
    let http = http();
    let page = http.page(get(&url)).unwrap();
    assert_eq!(
        (page.status, page.url.path(), page.body.expose_secret()),
        (200, "/next", "grün")
    );
    let first = seen.recv().unwrap();
    assert_eq!(first.line, "GET /start?q=1 HTTP/1.1");
    assert!(first.header("accept").unwrap().starts_with("text/html"));
    assert_eq!(first.header("accept-language"), Some("en"));
    assert_eq!(first.header("user-agent"), Some("fedgit-test"));
    assert_eq!(first.header("cookie"), None);
    assert_eq!(seen.recv().unwrap().header("cookie"), Some("MSISAuth=abc"));
    let page = http.page(get(&url)).unwrap();
    assert_eq!(
        (page.status, page.www_authenticate),
        (401, vec!["Negotiate".to_owned(), "NTLM".into()])
    );
}

#[test]
fn fields_go_into_the_body_or_the_query() {
    let (url, seen) = server(vec![ok("", ""), ok("", ""), ok("", "")]);
    http().page(login(&url)).unwrap();
    let post = seen.recv().unwrap();
    assert_eq!(post.line, "POST /start?q=1 HTTP/1.1");
    assert_eq!(
        post.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(post.body, "UserName=a+b%26%C3%BC&Password=MARKER");
    let fields = [Field {
        name: "a",
        value: "1 2",
    }];
    http()
        .page(Sending {
            content: Content::Fields(&fields),
            ..get(&url)
        })
        .unwrap();
    assert_eq!(seen.recv().unwrap().line, "GET /start?a=1+2 HTTP/1.1");
    http().page(get(&url)).unwrap();
    assert_eq!(seen.recv().unwrap().line, "GET /start?q=1 HTTP/1.1");
}

#[test]
fn a_password_follows_no_redirect_to_another_origin() {
    for status in [307, 308] {
        let (other, at_other) = server(vec![ok("", "")]);
        let (url, seen) = server(vec![to(status, other.as_str(), "")]);
        let error = failure(http().page(login(&url)));
        assert_eq!(error.kind(), WebErrorKind::Insecure);
        assert!(
            error
                .to_string()
                .contains(&other.origin().ascii_serialization()),
            "{error}"
        );
        assert_eq!(seen.recv().unwrap().body.len(), PASSWORD_LENGTH);
        assert!(at_other.try_recv().is_err());
    }
    // To the same origin it does, as a browser would.
    let (url, seen) = server(vec![to(307, "/again", ""), ok("", "")]);
    http().page(login(&url)).unwrap();
    seen.recv().unwrap();
    let again = seen.recv().unwrap();
    assert_eq!(
        (again.line.as_str(), again.body.len()),
        ("POST /again HTTP/1.1", PASSWORD_LENGTH)
    );
    // But not again and again.
    let (url, seen) = server(vec![to(307, "/1", ""), to(307, "/2", ""), ok("", "")]);
    assert_eq!(
        failure(http().page(login(&url))).kind(),
        WebErrorKind::Insecure
    );
    assert!(seen.recv().is_ok() && seen.recv().is_ok() && seen.try_recv().is_err());
    // And the other redirects drop the body, whatever the origin.
    for status in [301, 302, 303] {
        let (other, at_other) = server(vec![ok("", "")]);
        let (url, _) = server(vec![to(status, other.as_str(), "")]);
        http().page(login(&url)).unwrap();
        let seen = at_other.recv().unwrap();
        assert_eq!(
            (seen.line.as_str(), seen.body.as_str()),
            ("GET /start?q=1 HTTP/1.1", "")
        );
    }
}

const PASSWORD_LENGTH: usize = "UserName=a+b%26%C3%BC&Password=MARKER".len();

#[test]
fn redirects_off_this_machine_must_be_encrypted() {
    let (url, _seen) = server(vec![to(302, "http://idp.example.com/", "")]);
    let error = failure(http().page(get(&url)));
    assert_eq!(error.kind(), WebErrorKind::Insecure);
    assert!(error.to_string().contains("idp.example.com"), "{error}");
}

#[test]
fn redirects_without_end() {
    let (url, seen) = server((0..20).map(|i| to(302, &format!("/{i}"), "")).collect());
    assert_eq!(
        failure(http().page(get(&url))).kind(),
        WebErrorKind::TooManyRedirects
    );
    assert_eq!(seen.try_iter().count(), MAX_REDIRECTS + 1);
}

#[test]
fn pages_are_limited_while_they_are_read() {
    let (url, _seen) = server(vec![
        ok("", &"x".repeat(MAX_PAGE)),
        ok("", &"x".repeat(MAX_PAGE + 1)),
    ]);
    assert_eq!(
        http().page(get(&url)).unwrap().body.expose_secret().len(),
        MAX_PAGE
    );
    assert_eq!(
        failure(http().page(get(&url))).kind(),
        WebErrorKind::TooLarge
    );
}

#[test]
fn failures_name_their_kind_and_host() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let url: Url = format!("http://{address}/?q=1").parse().unwrap();
    let silent = failure(http().page(login(&url)));
    assert_eq!(
        (silent.kind(), silent.host()),
        (WebErrorKind::Timeout, address.to_string().as_str())
    );
    // A port that nobody else can have meanwhile.
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/", nobody.local_addr().unwrap());
    let refused = failure(http().page(login(&url.parse().unwrap())));
    assert_eq!(refused.kind(), WebErrorKind::Connect, "{refused}");
    assert!(
        refused.to_string().contains("refused"),
        "the reason is in the chain: {refused}"
    );

    // A server that speaks no TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let secure: Url = format!("https://{}/?q=1", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let garbage = failure(http().page(get(&secure)));
    assert_eq!(garbage.kind(), WebErrorKind::Tls, "{garbage}");
    assert!(garbage.hint().unwrap().contains("ca_bundle"));
}

#[test]
fn a_bundle_that_cannot_be_used_is_named() {
    let url: Url = "https://127.0.0.1:9/".parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.persist(&path).unwrap();
        path
    };
    let damaged = "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n";
    for (bundle, says) in [
        (folder.path().join("absent.pem"), "cannot be read"),
        (folder.path().to_owned(), "cannot be read"),
        (file("empty.pem", ""), "holds no certificate"),
        (file("text.pem", "hello"), "holds no certificate"),
        (file("damaged.pem", damaged), "is damaged"),
    ] {
        let mut web = http();
        web.settings.aws_ca_bundle = Some(bundle.clone());
        let error = failure(web.page(get(&url)));
        assert_eq!(error.kind(), WebErrorKind::Trust);
        let text = error.to_string();
        assert!(
            text.contains(says) && text.contains(&bundle.display().to_string()),
            "{text}"
        );
        assert_eq!(web.plain(&url).unwrap_err().kind(), WebErrorKind::Trust);
        // The identity provider's own bundle is not AWS's business.
        let mut web = http();
        web.settings.ca_bundle = Some(bundle);
        assert!(web.plain(&url).is_ok());
        assert_eq!(failure(web.page(get(&url))).kind(), WebErrorKind::Trust);
    }
}

#[test]
fn the_plain_client_has_no_cookies_and_follows_nothing() {
    let (url, seen) = server(vec![to(302, "/next", "Set-Cookie: a=b\r\n"), ok("", "")]);
    let http = http();
    for status in [302, 200] {
        let client = http.plain(&url).unwrap();
        let answer = http
            .block_on(async { client.get(url.clone()).send().await })
            .unwrap()
            .unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(seen.recv().unwrap().header("cookie"), None);
    }
    assert_eq!(
        http.plain(&"http://sts.amazonaws.com/".parse().unwrap())
            .unwrap_err()
            .kind(),
        WebErrorKind::Insecure
    );
}
