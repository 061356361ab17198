//! What `-vv` tells of a request: whom it went to and what came back. No query, no body, no header, and
//! of a path nothing that may be a token.

use std::time::Instant;

use url::Url;

/// Longer ones are made by machines for machines.
const LONGEST_SEGMENT: usize = 40;

/// Tells of a request that was sent at `since`; `status` is that of the answer, if one came.
pub fn tell(method: &str, url: &Url, since: Instant, status: Option<u16>) {
    let took = since.elapsed().as_millis();
    match status {
        Some(status) => log::debug!("{method} {}: {status} after {took} ms", place(url)),
        None => log::debug!("{method} {}: no answer after {took} ms", place(url)),
    }
}

fn place(url: &Url) -> String {
    let mut text = url.host_str().unwrap_or_default().to_owned();
    if let Some(port) = url.port() {
        text.push_str(&format!(":{port}"));
    }
    for segment in url.path_segments().into_iter().flatten() {
        text.push('/');
        // `;jsessionid=` and the like.
        let (segment, rest) = segment.split_once(';').unwrap_or((segment, ""));
        if segment.len() > LONGEST_SEGMENT {
            text.push('…');
        } else {
            text.push_str(segment);
        }
        if !rest.is_empty() {
            text.push_str(";…");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_be_a_token() {
        let long = "x".repeat(41);
        for (url, told) in [
            (
                "https://sts.corp.example/adfs/ls/?a=b#c".to_owned(),
                "sts.corp.example/adfs/ls/",
            ),
            (
                "https://jane:pw@h.example:8443/a".to_owned(),
                "h.example:8443/a",
            ),
            (
                "https://h.example/a;jsessionid=1/b".to_owned(),
                "h.example/a;…/b",
            ),
            (format!("https://h.example/{long}/b"), "h.example/…/b"),
        ] {
            assert_eq!(place(&Url::parse(&url).unwrap()), told);
        }
    }
}
