//! Runs the real `git http-backend` as a CGI program (RFC 3875, git-http-backend(1)).
//!
//! The request's body is streamed to it, the answer is read whole. A chunked body comes
//! without CONTENT_LENGTH, and git then reads to the end; a compressed one is git's to expand.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;

use axum::body::{Body, HttpBody as _};
use axum::http::HeaderName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStdin, Command};

use crate::repositories;
use crate::server::{Answer, Heard};

/// A request that has been let in.
pub(crate) struct Call<'a> {
    /// `git-http-backend` itself: killing a `git` that has started it would leave it running.
    pub(crate) program: &'a Path,
    pub(crate) heard: &'a Heard,
    /// The folder of the region.
    pub(crate) root: PathBuf,
    /// The path below it.
    pub(crate) path: String,
    pub(crate) home: &'a Path,
    pub(crate) user: &'a str,
}

pub(crate) async fn run(call: &Call<'_>, body: Body) -> Result<Answer, String> {
    let mut command = Command::from(repositories::hermetic(call.program, call.home));
    command
        .env("GATEWAY_INTERFACE", "CGI/1.1")
        .env("GIT_PROJECT_ROOT", &call.root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", &call.path)
        .env("QUERY_STRING", &call.heard.query)
        .env("REQUEST_METHOD", &call.heard.method)
        .env("REMOTE_ADDR", "127.0.0.1")
        // Who is authenticated may push.
        .env("REMOTE_USER", call.user)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for (header, variable) in [
        ("content-type", "CONTENT_TYPE"),
        ("content-length", "CONTENT_LENGTH"),
        ("content-encoding", "HTTP_CONTENT_ENCODING"),
        ("git-protocol", "GIT_PROTOCOL"),
    ] {
        if call.heard.headers.contains_key(header) {
            command.env(variable, call.heard.header(header));
        }
    }
    let mut child = command
        .spawn()
        .map_err(|error| format!("git http-backend: {error}"))?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(stdin), Some(mut stdout), Some(mut stderr)) = pipes else {
        return Err("git http-backend has no pipes".to_owned());
    };
    let (mut output, mut complaints) = (Vec::new(), String::new());
    let (_, read, _) = tokio::join!(
        feed(stdin, body),
        stdout.read_to_end(&mut output),
        stderr.read_to_string(&mut complaints),
    );
    read.map_err(|error| format!("git http-backend: {error}"))?;
    let _ = child.wait().await;
    answer(&output).ok_or_else(|| format!("git http-backend answered badly: {complaints}"))
}

/// Ends where the body ends, or where git has read enough.
async fn feed(mut stdin: ChildStdin, mut body: Body) {
    while let Some(Ok(frame)) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        if let Ok(data) = frame.into_data()
            && stdin.write_all(&data).await.is_err()
        {
            return;
        }
    }
}

/// A CGI response: header lines, an empty line, the body. No `Status` means 200.
fn answer(output: &[u8]) -> Option<Answer> {
    let end = output.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&output[..end]).ok()?;
    let (mut status, mut content_type, mut others) = (200, "text/plain", Vec::new());
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "status" => status = value.split(' ').next()?.parse().ok()?,
            "content-type" => content_type = value,
            "content-length" => {}
            name => others.push((HeaderName::from_bytes(name.as_bytes()).ok()?, value)),
        }
    }
    let answer = Answer::new(status, content_type, &output[end + 4..]);
    Some(
        others
            .into_iter()
            .fold(answer, |answer, (name, value)| answer.header(name, value)),
    )
}
