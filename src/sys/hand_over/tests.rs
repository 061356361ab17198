use super::*;

/// What a visitor of a path gets, with a name for the host.
fn visit(port: u16, path: &str, host: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn only_who_knows_the_path_is_sent_on_and_only_once() {
    let place = HandOver::new().unwrap();
    let (port, path) = (place.port, format!("/{}", place.path));
    let own = format!("127.0.0.1:{port}");
    let browser = std::thread::spawn(move || {
        for (path, host) in [
            ("/", own.as_str()),
            ("/favicon.ico", own.as_str()),
            (&format!("{path}?x"), own.as_str()),
            // A name that its owner has made to mean this machine.
            (path.as_str(), "evil.example"),
        ] {
            let answer = visit(port, path, host);
            assert!(
                answer.starts_with("HTTP/1.1 404"),
                "{path} {host}: {answer}"
            );
        }
        visit(port, &path, &own)
    });
    place.give("https://signin.example/?t", || Ok(())).unwrap();
    let answer = browser.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains("\r\nLocation: https://signin.example/?t\r\n"));
    assert!(answer.contains("\r\nCache-Control: no-store\r\n"));
}

#[test]
fn an_opener_that_fails_ends_the_wait() {
    let place = HandOver::new().unwrap();
    let failed = place.give("https://signin.example/", || {
        Err(RunError::NoLine {
            program: "xdg-open".to_owned(),
        })
    });
    assert!(matches!(failed, Err(HandOverError::Open(_))));
}

#[test]
fn no_two_places_have_one_path() {
    let (one, other) = (HandOver::new().unwrap(), HandOver::new().unwrap());
    assert_ne!(one.path, other.path);
    assert_eq!(one.path.len(), 32);
}
