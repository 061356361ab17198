//! Takes the user's browser to a page, and waits on 127.0.0.1 for it to come back with an answer
//! (RFC 8252, section 7.3).
//!
//! What a program is started with can be read by everybody on the machine, and the page's address holds
//! what an answer is known by. So the browser is started with an address of ours, which only this user's
//! programs are taken on from.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::hand_over::{LONGEST_HEAD, PATIENCE, STEP, peer};
use super::{clock, random};

/// As many are listened to at once: a browser opens a few connections ahead of need.
const MOST: usize = 64;

/// A place on this machine where a browser comes back to.
#[derive(Debug)]
pub struct Callback {
    listener: TcpListener,
    port: u16,
    /// Nobody can guess it.
    start: String,
    path: &'static str,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// No place could be made.
    #[error("cannot wait for the browser on 127.0.0.1: {0}")]
    Listen(#[from] io::Error),
    /// Nobody came back.
    #[error("nobody came back from the browser within {} minutes", .0.as_secs() / 60)]
    NobodyCame(Duration),
}

/// What the browser shows at the end: a heading and a sentence, without markup.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Also the window's title.
    pub heading: &'static str,
    /// What it means.
    pub sentence: &'static str,
}

impl Callback {
    /// Makes the place; the browser is to come back to `path`.
    ///
    /// # Errors
    /// Where there is no free port, or the system has no random numbers.
    pub fn new(path: &'static str) -> Result<Self, CallbackError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let start = random::name()?;
        Ok(Self {
            listener,
            port,
            start,
            path,
        })
    }

    /// What the browser is to be started with.
    #[must_use]
    pub fn start(&self) -> String {
        format!("http://127.0.0.1:{}/{}", self.port, self.start)
    }

    /// Where it is to come back to.
    #[must_use]
    pub fn redirect(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }

    /// Sends the browser on to `page`, and waits for it to come back with a query that `judge` takes.
    /// One that is no answer is told so, and waited on: any page of the web can send a browser here.
    /// `meanwhile` is run now and then.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub fn wait<T>(
        self,
        page: &str,
        limit: Duration,
        mut meanwhile: impl FnMut(),
        mut judge: impl FnMut(&str) -> Option<(T, Shown)>,
    ) -> Result<T, CallbackError> {
        let begin = clock::start();
        // All are listened to together, so that none who is silent keeps the browser waiting.
        let mut visitors: Vec<Visitor> = Vec::new();
        while begin.elapsed() < limit {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    visitors.extend(self.admit(stream));
                    if visitors.len() > MOST {
                        visitors.remove(0);
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    meanwhile();
                    std::thread::sleep(STEP);
                }
                // Of a visitor who was gone before it was let in.
                Err(e) if is_of_a_visitor(e.kind()) => {}
                Err(e) => return Err(e.into()),
            }
            for mut visitor in std::mem::take(&mut visitors) {
                match visitor.listen() {
                    Heard::More => visitors.push(visitor),
                    Heard::Nothing => {}
                    // A visitor who hangs up was not the browser.
                    Heard::All => {
                        if let Ok(Some(answer)) = self.receive(visitor, page, &mut judge) {
                            return Ok(answer);
                        }
                    }
                }
            }
        }
        Err(CallbackError::NobodyCame(limit))
    }

    /// A visitor to listen to; another user of the machine is none.
    fn admit(&self, stream: TcpStream) -> Option<Visitor> {
        let ours = SocketAddrV4::new(Ipv4Addr::LOCALHOST, self.port);
        // Before anything is read, while the connection stands.
        if peer::is_another_users(&stream, ours) || stream.set_nonblocking(true).is_err() {
            return None;
        }
        Some(Visitor {
            is_user: peer::is_this_user(&stream, ours),
            stream,
            since: clock::start(),
            head: Vec::new(),
        })
    }

    fn receive<T>(
        &self,
        visitor: Visitor,
        page: &str,
        judge: &mut impl FnMut(&str) -> Option<(T, Shown)>,
    ) -> io::Result<Option<T>> {
        let Visitor {
            stream: mut visitor,
            is_user,
            head,
            ..
        } = visitor;
        visitor.set_nonblocking(false)?;
        visitor.set_write_timeout(Some(PATIENCE))?;
        let head = String::from_utf8_lossy(&head);
        let Some(target) = self.target(&head) else {
            respond(&mut visitor, "404 Not Found", "", NOT_HERE)?;
            return Ok(None);
        };
        if is_user && target.strip_prefix('/') == Some(self.start.as_str()) {
            let location = format!("Location: {page}\r\n");
            respond(&mut visitor, "303 See Other", &location, NOT_HERE)?;
            return Ok(None);
        }
        let Some(query) = target
            .strip_prefix(self.path)
            .and_then(|rest| rest.strip_prefix('?'))
        else {
            respond(&mut visitor, "404 Not Found", "", NOT_HERE)?;
            return Ok(None);
        };
        let Some((answer, shown)) = judge(query) else {
            respond(&mut visitor, "400 Bad Request", "", NOT_OURS)?;
            return Ok(None);
        };
        // The answer is here, whether its bearer can be thanked or not.
        let _ = respond(&mut visitor, "200 OK", "", shown);
        Ok(Some(answer))
    }

    /// What is asked for, by a browser that knows whom it asks: a name that leads here is another
    /// site's.
    fn target<'h>(&self, head: &'h str) -> Option<&'h str> {
        let mut lines = head.lines();
        let line = lines.next()?.strip_prefix("GET ")?;
        let host = format!("127.0.0.1:{}", self.port);
        let is_host = |line: &str| {
            line.split_once(':').is_some_and(|(name, value)| {
                name.eq_ignore_ascii_case("host") && value.trim() == host
            })
        };
        lines.any(is_host).then_some(())?;
        line.strip_suffix(" HTTP/1.1")
    }
}

/// Who has come, and has not said all yet.
struct Visitor {
    stream: TcpStream,
    is_user: bool,
    since: Instant,
    head: Vec<u8>,
}

/// What a visitor has said.
enum Heard {
    /// All.
    All,
    /// Not all yet.
    More,
    /// Nothing that is worth an answer.
    Nothing,
}

impl Visitor {
    /// Takes what there is, and waits for nothing.
    fn listen(&mut self) -> Heard {
        let mut part = [0_u8; 4096];
        loop {
            match self.stream.read(&mut part) {
                Ok(0) => return Heard::Nothing,
                Ok(length) => self.head.extend(part.iter().take(length)),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Heard::Nothing,
            }
            if self.head.windows(4).any(|end| end == b"\r\n\r\n") {
                return Heard::All;
            }
            if self.head.len() >= LONGEST_HEAD {
                return Heard::Nothing;
            }
        }
        match self.since.elapsed() < PATIENCE {
            true => Heard::More,
            false => Heard::Nothing,
        }
    }
}

fn is_of_a_visitor(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(kind, ConnectionAborted | ConnectionReset | Interrupted)
}

const NOT_HERE: Shown = Shown {
    heading: "There is nothing here",
    sentence: "This address belongs to a sign-in of fedgit. You may close this window.",
};

const NOT_OURS: Shown = Shown {
    heading: "This answer belongs to another sign-in",
    sentence: "fedgit did not ask for it, and goes on waiting for its own. You may close this window.",
};

/// A page of our own: nothing in it is from elsewhere, nothing is loaded, and nothing runs.
fn respond(visitor: &mut TcpStream, status: &str, more: &str, shown: Shown) -> io::Result<()> {
    let Shown { heading, sentence } = shown;
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{heading} - fedgit</title>\n\
         <style>:root {{ color-scheme: light dark; }} \
         body {{ font: 1.25rem/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; \
         padding: 0 1rem; }}</style>\n\
         </head>\n<body>\n<main>\n<h1>{heading}</h1>\n<p role=\"status\">{sentence}</p>\n</main>\n\
         </body>\n</html>\n"
    );
    let answer = format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    visitor.write_all(answer.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Shown = Shown {
        heading: "Done",
        sentence: "Close it.",
    };

    /// The whole answer to a request.
    fn visit(address: &str, host: &str) -> String {
        let rest = address.strip_prefix("http://").unwrap();
        let (place, path) = rest.split_once('/').unwrap();
        let mut socket = TcpStream::connect(place).unwrap();
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn the_browser_is_taken_on_and_comes_back_once() {
        let place = Callback::new("/back").unwrap();
        let (start, redirect) = (place.start(), place.redirect());
        let host = format!("127.0.0.1:{}", place.port);
        let browser = std::thread::spawn(move || {
            let at = |address: &str| visit(address, &host);
            let there = at(&start);
            assert!(
                there.starts_with("HTTP/1.1 303 ") && there.contains("Location: https://x/y\r\n")
            );
            assert!(at(&format!("http://{host}/favicon.ico")).starts_with("HTTP/1.1 404 "));
            assert!(at(&redirect).starts_with("HTTP/1.1 404 "));
            // Another sign-in's answer, and a name of another site that leads here.
            assert!(at(&format!("{redirect}?state=other")).starts_with("HTTP/1.1 400 "));
            let rebound = visit(&format!("{redirect}?state=ours"), "evil.example");
            assert!(rebound.starts_with("HTTP/1.1 404 "));
            let done = at(&format!("{redirect}?state=ours&code=1"));
            assert!(done.starts_with("HTTP/1.1 200 ") && done.contains("<h1>Done</h1>"));
            assert!(done.contains("default-src 'none'"));
        });
        let ours = |query: &str| {
            let is_ours = query.starts_with("state=ours");
            is_ours.then(|| (query.to_owned(), SHOWN))
        };
        let limit = Duration::from_secs(60);
        let answer = place.wait("https://x/y", limit, || {}, ours).unwrap();
        assert_eq!(answer, "state=ours&code=1");
        browser.join().unwrap();
    }

    /// One after the other these would take longer than the whole wait.
    #[test]
    fn who_is_silent_keeps_nobody_waiting() {
        let place = Callback::new("/back").unwrap();
        let redirect = place.redirect();
        let host = format!("127.0.0.1:{}", place.port);
        let silent: Vec<TcpStream> = (0..60)
            .map(|_| TcpStream::connect(&host).unwrap())
            .collect();
        let browser = std::thread::spawn(move || visit(&format!("{redirect}?ours"), &host));
        let limit = Duration::from_secs(60);
        let taken = |query: &str| Some((query.to_owned(), SHOWN));
        let answer = place.wait("https://x/", limit, || {}, taken).unwrap();
        assert_eq!(answer, "ours");
        assert!(browser.join().unwrap().starts_with("HTTP/1.1 200 "));
        drop(silent);
    }

    #[test]
    fn a_visitor_who_is_gone_ends_nothing() {
        assert!(is_of_a_visitor(io::ErrorKind::ConnectionAborted));
        assert!(is_of_a_visitor(io::ErrorKind::ConnectionReset));
        assert!(!is_of_a_visitor(io::ErrorKind::PermissionDenied));
    }

    #[test]
    fn a_browser_that_never_comes_back_is_not_waited_for_without_end() {
        let place = Callback::new("/back").unwrap();
        let mut ticks = 0;
        let limit = Duration::from_millis(200);
        let answer = place.wait("https://x/", limit, || ticks += 1, |_| Some(((), SHOWN)));
        assert!(matches!(answer, Err(CallbackError::NobodyCame(_))));
        assert!(ticks > 0);
    }
}
