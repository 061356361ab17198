//! A CONNECT proxy (RFC 9110 section 9.3.6) that takes the real names to the bed's services.
//!
//! With it an unmodified client believes that it talks to AWS: the names, the certificates
//! and the signed hosts are the real ones. It reaches nothing but the bed.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::bed::Bed;
use crate::ledger::{Entry, Service};

/// A request's head is no longer than this.
const MAX_HEAD: u64 = 16 << 10;

/// `name:443` to the service that answers for it.
pub(crate) type Names = HashMap<String, SocketAddr>;

pub(crate) fn serve(
    runtime: &Runtime,
    listener: TcpListener,
    bed: Arc<Bed>,
    names: Names,
) -> io::Result<()> {
    let _inside = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let names = Arc::new(names);
    runtime.spawn(async move {
        loop {
            let Ok((client, _)) = listener.accept().await else {
                continue;
            };
            let (bed, names) = (Arc::clone(&bed), Arc::clone(&names));
            tokio::spawn(async move {
                // A client that goes away in the middle is none of the bed's business.
                let _ = tunnel(client, &bed, &names).await;
            });
        }
    });
    Ok(())
}

async fn tunnel(client: TcpStream, bed: &Bed, names: &Names) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = BufReader::new(client);
    let Some(head) = read_head(&mut client).await? else {
        return Ok(());
    };
    let ticket = bed.book.open(Entry {
        service: Service::Proxy,
        method: head.method.clone(),
        host: head.target.clone(),
        path: String::new(),
        query: String::new(),
        form: Vec::new(),
        user_agent: head.user_agent,
        status: 0,
        note: String::new(),
    });
    let service = names.get(&head.target.to_ascii_lowercase());
    let (status, reason, note) = match service {
        _ if head.method != "CONNECT" => (405, "Method Not Allowed", "refused: not CONNECT"),
        None => (403, "Forbidden", "refused: not a name of the bed"),
        Some(_) => (200, "Connection established", "connected"),
    };
    ticket.close(status, note);
    let service = service.filter(|_| status == 200);
    // RFC 9110: a successful answer to CONNECT has no content.
    let length = if service.is_none() {
        "Content-Length: 0\r\nConnection: close\r\n"
    } else {
        ""
    };
    client
        .write_all(format!("HTTP/1.1 {status} {reason}\r\n{length}\r\n").as_bytes())
        .await?;
    if let Some(service) = service {
        let mut server = TcpStream::connect(service).await?;
        server.set_nodelay(true)?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    }
    Ok(())
}

struct Head {
    method: String,
    target: String,
    user_agent: String,
}

/// `None` where the client says nothing that is a request.
async fn read_head(client: &mut BufReader<TcpStream>) -> io::Result<Option<Head>> {
    let mut lines = client.take(MAX_HEAD);
    let mut head: Option<Head> = None;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        match &mut head {
            None => {
                let words: Vec<&str> = line.split(' ').collect();
                let [method, target, version] = words[..] else {
                    return Ok(None);
                };
                if !version.starts_with("HTTP/1.") {
                    return Ok(None);
                }
                let (method, target) = (method.to_owned(), target.to_owned());
                head = Some(Head {
                    method,
                    target,
                    user_agent: String::new(),
                });
            }
            Some(_) if line.is_empty() => return Ok(head),
            Some(head) => {
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("user-agent")
                {
                    value.trim().clone_into(&mut head.user_agent);
                }
            }
        }
    }
}
