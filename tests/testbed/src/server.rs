//! Serving HTTP over TLS on a loopback port, and the request and answer that the services
//! of the bed talk in.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, Request, Response, StatusCode, header};
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::ServerConfig;
use time::OffsetDateTime;
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio::task::AbortHandle;

use crate::bed::Bed;
use crate::ledger::{Entry, Service, Ticket};
use crate::{clock, text};

/// No form of the bed's services comes near this.
const MAX_FORM: usize = 4 << 20;

/// Connections that may wait.
const BACKLOG: u32 = 128;

/// A port of 127.0.0.1 that nobody else has. The port is known before anything is served, so
/// that services can name each other.
pub(crate) fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// A port of 127.0.0.1 where nobody listens, nor can as long as the socket is held.
pub(crate) fn reserve() -> io::Result<(TcpSocket, SocketAddr)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = socket.local_addr()?;
    Ok((socket, address))
}

/// Serves until the runtime is shut down, or until it is aborted.
pub(crate) fn serve(
    runtime: &Runtime,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    service: Router,
) -> io::Result<AbortHandle> {
    let _inside = runtime.enter();
    let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(tls));
    let server = axum_server::from_tcp(listener)?
        .http1_only()
        .acceptor(acceptor.acceptor(NoDelayAcceptor::new()));
    let serving = runtime.spawn(server.serve(service.into_make_service()));
    Ok(serving.abort_handle())
}

/// Ends what served there. Nobody listens there any more when it returns, nor can anybody else as
/// long as the socket is held.
///
/// # Errors
///
/// Those of binding; a service that has not ended yet is waited for.
pub(crate) fn stop(serving: &AbortHandle, address: SocketAddr) -> io::Result<TcpSocket> {
    serving.abort();
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        let socket = TcpSocket::new_v4()?;
        // Past connections that linger are no reason against it; for others it is not to be had.
        socket.set_reuseaddr(true)?;
        match socket.bind(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(10));
            }
            bound => {
                bound?;
                socket.set_reuseaddr(false)?;
                return Ok(socket);
            }
        }
    }
}

/// The same without TLS, for what listens on a person's own machine.
pub(crate) fn serve_plainly(
    runtime: &Runtime,
    socket: TcpSocket,
    service: Router,
) -> io::Result<()> {
    let _inside = runtime.enter();
    let listener = socket.listen(BACKLOG)?.into_std()?;
    let server = axum_server::from_tcp(listener)?.http1_only();
    runtime.spawn(server.serve(service.into_make_service()));
    Ok(())
}

/// A request as a service reads it.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    /// Empty where the service reads the body itself.
    pub(crate) body: Bytes,
    /// Empty unless the content type says that the body is a form.
    pub(crate) form: Vec<(String, String)>,
}

impl Heard {
    /// Reads the request whole.
    pub(crate) async fn whole(request: Request<Body>) -> Heard {
        let (mut heard, body) = Heard::head(request);
        // A body that breaks off, or that is too long, is a body without content.
        heard.body = axum::body::to_bytes(body, MAX_FORM)
            .await
            .unwrap_or_default();
        let content_type = heard.header("content-type").to_ascii_lowercase();
        if content_type.split(';').next().map(str::trim)
            == Some("application/x-www-form-urlencoded")
        {
            heard.form = text::pairs(&String::from_utf8_lossy(&heard.body));
        }
        heard
    }

    /// Reads all but the body.
    pub(crate) fn head(request: Request<Body>) -> (Heard, Body) {
        let (parts, body) = request.into_parts();
        let mut heard = Heard {
            method: parts.method.as_str().to_owned(),
            host: String::new(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: Bytes::new(),
            form: Vec::new(),
        };
        heard.host = heard.header("host").to_owned();
        (heard, body)
    }

    /// The header's value; empty where it is missing or not ASCII.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The host without its port.
    pub(crate) fn host_name(&self) -> &str {
        self.host
            .rsplit_once(':')
            .map_or(self.host.as_str(), |(name, _)| name)
    }

    /// Begins this request's entry in the ledger; `secret_fields` are not written down.
    pub(crate) fn enter(&self, bed: &Bed, service: Service, secret_fields: &[&str]) -> Ticket {
        let blot = |(name, value): &(String, String)| {
            let is_secret = secret_fields.contains(&name.as_str());
            let value = match value.as_str() {
                "" => String::new(),
                _ if is_secret => "[secret]".to_owned(),
                value => bed.secrets.redact(value),
            };
            (name.clone(), value)
        };
        bed.book.open(Entry {
            service,
            method: self.method.clone(),
            host: self.host.clone(),
            path: bed.secrets.redact(&self.path),
            query: bed.secrets.redact(&self.query),
            form: self.form.iter().map(blot).collect(),
            user_agent: self.header("user-agent").to_owned(),
            status: 0,
            note: String::new(),
        })
    }
}

/// An answer, with what the ledger is to say about it.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
    note: String,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).expect("the bed uses real status codes"),
            headers: vec![(header::CONTENT_TYPE, content_type.to_owned())],
            body: body.into(),
            note: String::new(),
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Answer {
        self.status = StatusCode::from_u16(status).expect("the bed uses real status codes");
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Answer {
        self.note = note.into();
        self
    }

    /// Completes the ledger's entry and makes the response.
    pub(crate) fn send(self, ticket: Ticket, now: OffsetDateTime) -> Response<Body> {
        ticket.close(self.status.as_u16(), &self.note);
        // Clients learn a service's clock from this header.
        let mut response = Response::builder()
            .status(self.status)
            .header(header::DATE, clock::http_date(now));
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response
            .body(Body::from(self.body))
            .expect("the bed writes valid headers")
    }
}
