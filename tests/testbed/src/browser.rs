//! A person at a browser: opens a page, follows where it leads, and presses a button.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::text;

/// More redirects and pages than any sign-in has.
const MOST_PAGES: usize = 12;

/// A page that the browser came to.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its address.
    pub url: String,
    /// Its status.
    pub status: u16,
    /// Its source.
    pub body: String,
}

pub(crate) struct Browser {
    tls: Arc<ClientConfig>,
}

impl Browser {
    pub(crate) fn trusting(ca: &Path) -> Result<Browser, Box<dyn Error>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca)?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Browser { tls: Arc::new(tls) })
    }

    /// Opens an address, presses the button of this name wherever there is one, and says what it saw,
    /// redirects left out.
    pub(crate) fn visit(&self, url: &str, button: &str) -> Result<Vec<Seen>, Box<dyn Error>> {
        let (mut url, mut form, mut pages) = (url.to_owned(), None, Vec::new());
        for _ in 0..MOST_PAGES {
            let answer = self.fetch(&url, form.take())?;
            if let Some(location) = answer.location {
                url = location;
                continue;
            }
            let Some((action, fields)) = pressed(&answer.body, button) else {
                pages.push(answer.seen(&url));
                return Ok(pages);
            };
            pages.push(answer.seen(&url));
            url = absolute(&url, &action);
            form = Some(fields);
        }
        Err("the pages lead on and on".into())
    }

    fn fetch(&self, url: &str, form: Option<String>) -> Result<Fetched, Box<dyn Error>> {
        let (scheme, rest) = url.split_once("://").ok_or("no address")?;
        let at = rest.find('/').unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        let (method, body) = match &form {
            Some(form) => ("POST", form.as_str()),
            None => ("GET", ""),
        };
        let kind = match form {
            Some(_) => "Content-Type: application/x-www-form-urlencoded\r\n",
            None => "",
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{kind}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut socket = TcpStream::connect(host)?;
        let mut answer = Vec::new();
        if scheme == "https" {
            let name = host.split(':').next().unwrap_or_default().to_owned();
            let name = ServerName::try_from(name)?;
            let tls = ClientConnection::new(Arc::clone(&self.tls), name)?;
            let mut stream = StreamOwned::new(tls, socket);
            stream.write_all(request.as_bytes())?;
            stream.read_to_end(&mut answer)?;
        } else {
            socket.write_all(request.as_bytes())?;
            socket.read_to_end(&mut answer)?;
        }
        Fetched::parse(&String::from_utf8_lossy(&answer))
    }
}

struct Fetched {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Fetched {
    fn parse(answer: &str) -> Result<Fetched, Box<dyn Error>> {
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no head")?;
        let status = head.split(' ').nth(1).ok_or("no status")?.parse()?;
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location")
                .then(|| value.trim().to_owned())
        };
        Ok(Fetched {
            status,
            location: head
                .lines()
                .find_map(header)
                .filter(|_| (300..400).contains(&status)),
            body: body.to_owned(),
        })
    }

    fn seen(self, url: &str) -> Seen {
        Seen {
            url: url.to_owned(),
            status: self.status,
            body: self.body,
        }
    }
}

/// The form of a page with a button of this name, as it is sent when that is pressed.
fn pressed(page: &str, button: &str) -> Option<(String, String)> {
    let form = page.split_once("<form ")?.1.split_once("</form>")?.0;
    let attribute = |tag: &str, name: &str| {
        let start = format!("{name}=\"");
        let (_, rest) = tag.split_once(&start)?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let pressed = form
        .split("<button ")
        .skip(1)
        .find(|tag| attribute(tag, "id").as_deref() == Some(button))?;
    let hidden = form
        .split("<input ")
        .skip(1)
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)));
    let pressed = (attribute(pressed, "name")?, attribute(pressed, "value")?);
    let fields: Vec<String> = hidden
        .chain([pressed])
        .map(|(name, value)| format!("{}={}", text::form_encode(&name), text::form_encode(&value)))
        .collect();
    Some((attribute(form, "action")?, fields.join("&")))
}

fn absolute(page: &str, action: &str) -> String {
    if action.contains("://") {
        return action.to_owned();
    }
    let start = page.find("://").map_or(0, |at| at + 3);
    let end = page[start..].find('/').map_or(page.len(), |at| start + at);
    format!("{}{action}", &page[..end])
}
