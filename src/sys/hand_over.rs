//! Hands an address that is a secret to the user's browser. What a program is started with can be
//! read by everybody on the machine, so the browser is started with an address of ours, which works
//! once, for a minute, and leads to the real one.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::time::Duration;

use super::process::RunError;
use super::{clock, random};

pub(super) mod peer;

/// How often it is looked whether the browser has come.
pub(super) const STEP: Duration = Duration::from_millis(20);
/// How long it may take: a browser that was not running yet has to start.
const LIMIT: Duration = Duration::from_secs(60);
/// How long one visitor may keep the others waiting.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// More than the head of any browser's request.
pub(super) const LONGEST_HEAD: usize = 32 << 10;

/// What follows the address in the answer.
const REST: &str = "\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Length: 0\r\n\
                    Connection: close\r\n\r\n";

/// A place on this machine where the browser is sent first.
#[derive(Debug)]
pub struct HandOver {
    listener: TcpListener,
    port: u16,
    /// Nobody can guess it.
    path: String,
}

/// Why the browser did not get the address.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// No place could be made.
    #[error("cannot wait for the browser on 127.0.0.1: {0}")]
    Listen(#[from] io::Error),
    /// The program that opens addresses could not.
    #[error("the browser was not opened: {0}")]
    Open(#[from] RunError),
    /// Nobody came.
    #[error("no browser came within {} seconds", LIMIT.as_secs())]
    NobodyCame,
}

impl HandOver {
    /// Makes the place.
    ///
    /// # Errors
    /// Where there is no free port, or the system has no random numbers.
    pub fn new() -> Result<Self, HandOverError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            port,
            path: random::name()?,
        })
    }

    /// What the browser is to be started with.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{}", self.port, self.path)
    }

    /// Waits for the browser, once, and sends it on. `opener` says whether the program that opens it
    /// has failed.
    ///
    /// # Errors
    /// [`HandOverError`].
    pub fn give(
        self,
        address: &str,
        mut opener: impl FnMut() -> Result<(), RunError>,
    ) -> Result<(), HandOverError> {
        let start = clock::start();
        while start.elapsed() < LIMIT {
            match self.listener.accept() {
                // A visitor who hangs up was not the browser.
                Ok((visitor, _)) => {
                    if self.receive(visitor, address).unwrap_or(false) {
                        return Ok(());
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    opener()?;
                    std::thread::sleep(STEP);
                }
                Err(e) => return Err(e.into()),
            }
        }
        Err(HandOverError::NobodyCame)
    }

    /// Whether it was the browser.
    fn receive(&self, mut visitor: TcpStream, address: &str) -> io::Result<bool> {
        visitor.set_nonblocking(false)?;
        visitor.set_write_timeout(Some(PATIENCE))?;
        let ours = SocketAddrV4::new(Ipv4Addr::LOCALHOST, self.port);
        // Before anything is read: another user's is not waited for.
        let is_user = peer::is_this_user(&visitor, ours);
        let head = if is_user {
            head(&mut visitor)?
        } else {
            String::new()
        };
        if !is_user || !self.is_asked_for(&head) {
            visitor.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            )?;
            return Ok(false);
        }
        // Part by part: put together, the address would stand in one more place.
        for part in ["HTTP/1.1 303 See Other\r\nLocation: ", address, REST] {
            visitor.write_all(part.as_bytes())?;
        }
        Ok(true)
    }

    /// By the path, and by the name that the browser thinks this is: no page of another site can ask.
    fn is_asked_for(&self, head: &str) -> bool {
        let mut lines = head.lines();
        let wanted = format!("GET /{} HTTP/1.1", self.path);
        let host = format!("127.0.0.1:{}", self.port);
        let is_host = |line: &str| {
            line.split_once(':').is_some_and(|(name, value)| {
                name.eq_ignore_ascii_case("host") && value.trim() == host
            })
        };
        lines.next() == Some(wanted.as_str()) && lines.any(is_host)
    }
}

/// The request line and the headers, as far as they came in the time that one visitor has: a byte now
/// and then does not prolong it.
pub(super) fn head(visitor: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut buffer = [0_u8; 4096];
    let start = clock::start();
    while head.len() < LONGEST_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let left = PATIENCE.saturating_sub(start.elapsed());
        if left.is_zero() {
            break;
        }
        visitor.set_read_timeout(Some(left))?;
        match visitor.read(&mut buffer)? {
            0 => break,
            n => head.extend(buffer.iter().take(n)),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests;
