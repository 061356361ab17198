//! Signature Version 4 of a small call: a POST of a text, with its signature in a header. Two services
//! that fedgit asks one question each do not carry a whole SDK. Pure.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use url::Url;
use zeroize::Zeroizing;

use crate::model::{Credentials, Region, Timestamp};

/// Headers of a call, beside the host's.
pub type Headers = Vec<(&'static str, Zeroizing<String>)>;

/// Signs a POST of `body` to `url`, with these headers, for a service of a region.
#[must_use]
pub fn signed(
    url: &Url,
    own: &[(&'static str, &str)],
    body: &str,
    credentials: &Credentials,
    (service, region): (&str, &Region),
    now: Timestamp,
) -> Headers {
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let stamp = format!("{}Z", now.compact());
    let day = stamp.get(..8).unwrap_or_default();
    let own = own.iter();
    let mut headers: Headers = own
        .map(|(name, value)| (*name, Zeroizing::new((*value).to_owned())))
        .collect();
    headers.push(("x-amz-date", Zeroizing::new(stamp.clone())));
    let token = credentials.session_token.expose_secret();
    if !token.is_empty() {
        headers.push(("x-amz-security-token", Zeroizing::new(token.to_owned())));
    }
    let mut lines: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    lines.push(("host", &host));
    lines.sort_unstable();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let mut canonical = Zeroizing::new(format!("POST\n{}\n\n", url.path()));
    for (name, value) in &lines {
        for part in [*name, ":", *value, "\n"] {
            canonical.push_str(part);
        }
    }
    canonical.push_str(&format!("\n{names}\n{}", hex(body.as_bytes())));
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}",
        hex(canonical.as_bytes())
    );
    let key = generate_signing_key(
        credentials.secret_access_key.expose_secret(),
        now.system_time(),
        region.as_str(),
        service,
    );
    let signature = calculate_signature(key, to_sign.as_bytes());
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        credentials.access_key_id
    );
    headers.push(("authorization", authorization.into()));
    headers
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
