//! A browser's worth of HTTPS and no more, so that nothing is hidden by a library's kindness;
//! and signatures of its own, for the services to check.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use fedgit_testbed::World;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use sha2::{Digest as _, Sha256};

pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case; every value of a name.
    pub(crate) headers: BTreeMap<String, Vec<String>>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|values| values[0].as_str())
            .unwrap_or_default()
    }

    /// `name=value` of the cookie that was set.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let cookies = self.headers.get("set-cookie").expect("a cookie");
        let cookie = cookies
            .iter()
            .find(|cookie| cookie.starts_with(name))
            .expect("the cookie");
        cookie.split(';').next().expect("a value").to_owned()
    }

    /// The text between two others.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(before)
            .unwrap_or_else(|| panic!("no {before}"));
        let (found, _) = rest
            .split_once(after)
            .unwrap_or_else(|| panic!("no {after}"));
        found.replace("&amp;", "&").replace("&#39;", "'")
    }
}

#[derive(Clone)]
pub(crate) struct Client {
    tls: Arc<ClientConfig>,
}

impl Client {
    pub(crate) fn of(world: &World) -> Client {
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_file(world.ca_file()).expect("a certificate");
        roots.add(ca).expect("a CA");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Client { tls: Arc::new(tls) }
    }

    pub(crate) fn get(&self, url: &str, headers: &[(&str, &str)]) -> Response {
        self.send("GET", url, headers, "")
    }

    pub(crate) fn post(&self, url: &str, form: &[(&str, &str)]) -> Response {
        self.post_with(url, &[], form)
    }

    pub(crate) fn post_with(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> Response {
        let mut headers = headers.to_vec();
        headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        self.send("POST", url, &headers, &encode(form))
    }

    pub(crate) fn post_json(&self, url: &str, body: &serde_json::Value) -> Response {
        let kind = [("Content-Type", "application/json")];
        self.send("POST", url, &kind, &body.to_string())
    }

    pub(crate) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let (host, path) = split(url);
        let socket = TcpStream::connect(host).expect("a connection");
        self.exchange(socket, host, host, path, method, headers, body)
    }

    /// The exchange itself, over a connection that may lead through a proxy.
    #[expect(clippy::too_many_arguments, reason = "a request has as many parts")]
    pub(crate) fn exchange(
        &self,
        socket: TcpStream,
        host: &str,
        host_header: &str,
        path: &str,
        method: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let name = host.split(':').next().expect("a name").to_owned();
        let name = ServerName::try_from(name).expect("a server's name");
        let tls = ClientConnection::new(Arc::clone(&self.tls), name).expect("TLS");
        let mut stream = StreamOwned::new(tls, socket);
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host_header}\r\nConnection: close\r\n\
             User-Agent: test-client\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len(),
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        parse(&String::from_utf8(answer).expect("text"))
    }
}

/// Host with port, and path with query.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("https://").expect("https");
    rest.find('/')
        .map_or((rest, "/"), |slash| rest.split_at(slash))
}

fn parse(answer: &str) -> Response {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status");
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header");
        headers
            .entry(name.to_ascii_lowercase())
            .or_default()
            .push(value.trim().to_owned());
    }
    Response {
        status: status.parse().expect("a number"),
        headers,
        body: body.to_owned(),
    }
}

/// For a query or a form.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn encode(form: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.join("&")
}

/// Signs in and brings the assertion.
pub(crate) fn sign_in(world: &World, client: &Client) -> String {
    let url = world.adfs_url();
    let form = [
        ("UserName", world.username()),
        ("Password", world.password()),
        ("AuthMethod", "FormsAuthentication"),
    ];
    let accepted = client.post(&url, &form);
    let cookie = accepted.cookie("MSISAuth");
    let page = client.get(accepted.header("location"), &[("Cookie", &cookie)]);
    page.between("name=\"SAMLResponse\" value=\"", "\"")
}

#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// Calls STS for the role of `Scenario::adfs()`.
pub(crate) fn assume(world: &World, client: &Client) -> Credentials {
    let assertion = sign_in(world, client);
    credentials(&client.post(&world.sts_url(), &with_saml(&assertion, "3600")))
}

pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/ADFS-Production";
pub(crate) const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/ADFS";

pub(crate) fn with_saml<'a>(assertion: &'a str, duration: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("Action", "AssumeRoleWithSAML"),
        ("Version", "2011-06-15"),
        ("RoleArn", ROLE),
        ("PrincipalArn", PROVIDER),
        ("SAMLAssertion", assertion),
        ("DurationSeconds", duration),
    ]
}

pub(crate) fn credentials(response: &Response) -> Credentials {
    assert_eq!(response.status, 200, "{}", response.body);
    Credentials {
        id: response.between("<AccessKeyId>", "<"),
        secret: response.between("<SecretAccessKey>", "<"),
        token: Some(response.between("<SessionToken>", "<")),
    }
}

/// A call of STS, signed for us-east-1 now.
pub(crate) fn signed_call(
    world: &World,
    client: &Client,
    who: &Credentials,
    form: &[(&str, &str)],
) -> Response {
    signed_for("sts", &world.sts_url(), client, who, form)
}

/// The same for a service at an address.
pub(crate) fn signed_for(
    service: &str,
    url: &str,
    client: &Client,
    who: &Credentials,
    form: &[(&str, &str)],
) -> Response {
    let (host, _) = split(url);
    let stamp = stamp_now();
    let body = encode(form);
    let content_type = "application/x-www-form-urlencoded";
    let mut headers = vec![
        ("content-type", content_type),
        ("host", host),
        ("x-amz-date", stamp.as_str()),
    ];
    if let Some(token) = &who.token {
        headers.push(("x-amz-security-token", token));
    }
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let canonical = format!("POST\n/\n\n{lines}\n{names}\n{}", hash(body.as_bytes()));
    let (scope, signature) = sign(
        &who.secret,
        &stamp,
        &stamp,
        "us-east-1",
        service,
        &canonical,
    );
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        who.id,
    );
    headers.retain(|(name, _)| *name != "host" && *name != "content-type");
    headers.push(("Authorization", &authorization));
    client.post_with(url, &headers, form)
}

/// User name and password for CodeCommit.
pub(crate) fn git_password(
    who: &Credentials,
    region: &str,
    host: &str,
    repository: &str,
) -> (String, String) {
    let stamp = stamp_now();
    let canonical = format!("GIT\n/v1/repos/{repository}\n\nhost:{host}\n\nhost\n");
    let (_, signature) = sign(
        &who.secret,
        &stamp,
        &stamp[..15],
        region,
        "codecommit",
        &canonical,
    );
    let user = match &who.token {
        Some(token) => format!("{}%{token}", who.id),
        None => who.id.clone(),
    };
    (user, format!("{stamp}{signature}"))
}

/// The scope and the signature.
fn sign(
    secret: &str,
    stamp: &str,
    signed_stamp: &str,
    region: &str,
    service: &str,
    canonical: &str,
) -> (String, String) {
    let scope = format!("{}/{region}/{service}/aws4_request", &stamp[..8]);
    let hash = hash(canonical.as_bytes());
    let to_sign = format!("AWS4-HMAC-SHA256\n{signed_stamp}\n{scope}\n{hash}");
    let key = scope
        .split('/')
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| {
            mac(&key, part.as_bytes())
        });
    (scope, hex(&mac(&key, to_sign.as_bytes())))
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hash(message: &[u8]) -> String {
    hex(&Sha256::digest(message))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn stamp_now() -> String {
    let now = time::OffsetDateTime::now_utc();
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    now.format(&format).expect("a stamp")
}
