//! The files of `~/.aws/sso/cache`, as the AWS CLI and the SDKs write and read them: a token for each
//! session, and the client that a session was registered as. Readers of ours live with missing keys and
//! with unknown ones.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::secret_json;
use crate::model::Timestamp;

/// More bytes than such a file has.
pub const LARGEST: u64 = 256 << 10;

/// A token. Without Debug on purpose.
#[derive(Clone)]
pub struct Token {
    /// The portal, as it was configured.
    pub start_url: String,
    /// Its region.
    pub region: String,
    /// Opens the portal.
    pub access: SecretString,
    /// Until when.
    pub expires: Timestamp,
    /// What gets the next one.
    pub refresh: Option<Refresh>,
}

/// What gets the next token without a person. Without Debug on purpose.
#[derive(Clone)]
pub struct Refresh {
    /// The refresh token.
    pub token: SecretString,
    /// Whom it was given to.
    pub client: Client,
}

/// A registered client. Without Debug on purpose.
#[derive(Clone)]
pub struct Client {
    /// Its name.
    pub id: String,
    /// What it shows with it.
    pub secret: SecretString,
    /// Until when it is known.
    pub expires: Timestamp,
}

/// A registration. Without Debug on purpose.
#[derive(Clone)]
pub struct Registration {
    /// What came of it.
    pub client: Client,
    /// What it was registered for; nothing where it did not say.
    pub grant_types: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenFile {
    start_url: String,
    region: String,
    access_token: Zeroizing<String>,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Zeroizing<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationFile {
    client_id: String,
    client_secret: Zeroizing<String>,
    expires_at: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grant_types: Vec<String>,
}

/// What a registration is told from others by. The keys are in the order of their names.
#[derive(Serialize)]
struct RegistrationKey<'a> {
    region: &'a str,
    scopes: &'a [&'a str],
    session_name: &'a str,
    #[serde(rename = "startUrl")]
    start_url: &'a str,
    tool: &'a str,
}

/// The name of the file that holds the token of a session, or of a start URL where there is no
/// session.
#[must_use]
pub fn token_name(session: &str) -> String {
    name(session)
}

/// The name of the file that holds the registration of a session.
#[must_use]
pub fn registration_name(session: &str, start_url: &str, region: &str, scopes: &[&str]) -> String {
    let key = RegistrationKey {
        region,
        scopes,
        session_name: session,
        start_url,
        tool: "botocore",
    };
    name(&as_python(&key))
}

/// Whether a file of the folder is named as the AWS CLI and the SDKs name those that hold a token or a
/// registration.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let digits = name.strip_suffix(".json");
    digits.is_some_and(|digits| digits.len() == 40 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether a file of the folder may hold a token, by its name: whoever else signs in names its own as
/// it likes. Registrations from before there were sessions have names of their own.
#[must_use]
pub fn may_hold_token(name: &str) -> bool {
    name.ends_with(".json") && !name.starts_with("botocore-client-id-")
}

/// A token file's content; nothing where it is none, or only half of one.
#[must_use]
pub fn read_token(bytes: &[u8]) -> Option<Token> {
    let file: TokenFile = serde_json::from_slice(bytes).ok()?;
    let refresh = match (
        file.refresh_token,
        file.client_id,
        file.client_secret,
        file.registration_expires_at,
    ) {
        (Some(token), Some(id), Some(secret), Some(expires)) => {
            time(&expires).map(|expires| Refresh {
                token: SecretString::from(token.as_str()),
                client: Client {
                    id,
                    secret: SecretString::from(secret.as_str()),
                    expires,
                },
            })
        }
        _ => None,
    };
    // It goes into a header.
    let plain = file.access_token.bytes().all(|b| b.is_ascii_graphic());
    (plain && !file.access_token.is_empty()).then_some(())?;
    Some(Token {
        start_url: file.start_url,
        region: file.region,
        access: SecretString::from(file.access_token.as_str()),
        expires: time(&file.expires_at)?,
        refresh,
    })
}

/// The content of a token's file; `client` is whom it was given to.
///
/// # Errors
/// None in practice: it is all strings.
pub fn render_token(token: &Token, client: &Client) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let refresh = token.refresh.as_ref();
    secret_json::render(&TokenFile {
        start_url: token.start_url.clone(),
        region: token.region.clone(),
        access_token: wiped(&token.access),
        expires_at: token.expires.to_string(),
        client_id: Some(client.id.clone()),
        client_secret: Some(wiped(&client.secret)),
        registration_expires_at: Some(client.expires.to_string()),
        refresh_token: refresh.map(|refresh| wiped(&refresh.token)),
    })
}

/// A registration file's content.
#[must_use]
pub fn read_registration(bytes: &[u8]) -> Option<Registration> {
    let file: RegistrationFile = serde_json::from_slice(bytes).ok()?;
    Some(Registration {
        client: Client {
            id: file.client_id,
            secret: SecretString::from(file.client_secret.as_str()),
            expires: time(&file.expires_at)?,
        },
        grant_types: file.grant_types,
        scopes: file.scopes,
    })
}

/// The content of a registration's file.
///
/// # Errors
/// None in practice: it is all strings.
pub fn render_registration(made: &Registration) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    secret_json::render(&RegistrationFile {
        client_id: made.client.id.clone(),
        client_secret: wiped(&made.client.secret),
        expires_at: made.client.expires.to_string(),
        scopes: made.scopes.clone(),
        grant_types: made.grant_types.clone(),
    })
}

/// Whether two start URLs are one portal's, however they are written: `/start`, `/start/`,
/// `/start/#/`.
#[must_use]
pub fn same_portal(one: &str, other: &str) -> bool {
    bare(one).eq_ignore_ascii_case(bare(other))
}

fn bare(url: &str) -> &str {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    url.trim_end_matches('/')
}

/// As the AWS CLI wrote it before 2.9, too: `2026-01-02T03:04:05UTC`.
fn time(text: &str) -> Option<Timestamp> {
    match text.strip_suffix("UTC") {
        Some(bare) => Timestamp::parse_rfc3339(&format!("{bare}Z")),
        None => Timestamp::parse_rfc3339(text),
    }
}

fn wiped(text: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(text.expose_secret().to_owned())
}

fn name(text: &str) -> String {
    let hash = Sha1::digest(text.as_bytes());
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}.json")
}

/// JSON with a blank after each comma and colon, and nothing but ASCII: as Python writes it.
fn as_python<T: Serialize>(value: &T) -> String {
    let mut bytes = Vec::new();
    let mut writer = serde_json::Serializer::with_formatter(&mut bytes, Python);
    // Strings: they always have a form in JSON.
    let _ = value.serialize(&mut writer);
    String::from_utf8(bytes).unwrap_or_default()
}

struct Python;

impl serde_json::ser::Formatter for Python {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
    ) -> std::io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> std::io::Result<()> {
        for c in fragment.chars() {
            if c.is_ascii() {
                writer.write_all(&[u8::try_from(c).unwrap_or(b'?')])?;
                continue;
            }
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By Python: `hashlib.sha1(json.dumps({...}, sort_keys=True).encode()).hexdigest()`.
    #[test]
    fn names_are_the_aws_clis() {
        assert_eq!(
            token_name("cloud"),
            "000e793db70c59309fa6f0f36d0046d110f3be3c.json"
        );
        let url = "https://d-1234567890.awsapps.com/start";
        assert_eq!(
            registration_name("cloud", url, "eu-west-1", &["sso:account:access"]),
            "487cd98fa8aa119860167ab66757bc82eb053798.json"
        );
        assert_eq!(
            registration_name("clöud", "https://x/\"", "r", &["a", "b"]),
            "b2f83bd26148b87bc1a4370ba1c5d35022cd07f8.json"
        );
        assert!(is_name(&token_name("x")) && !is_name("botocore-client-eu-west-1.json"));
    }

    const WHOLE: &str = r#"{"startUrl": "https://x.awsapps.com/start", "region": "eu-west-1",
        "accessToken": "MARKER", "expiresAt": "2026-01-02T03:04:05Z", "clientId": "i",
        "clientSecret": "s", "registrationExpiresAt": "2026-03-02T03:04:05UTC",
        "refreshToken": "r", "receivedAt": "x"}"#;

    #[test]
    fn a_token_is_read_as_others_write_it() {
        let token = read_token(WHOLE.as_bytes()).unwrap();
        assert_eq!(token.expires.to_string(), "2026-01-02T03:04:05Z");
        let refresh = token.refresh.clone().unwrap();
        assert_eq!(refresh.client.id, "i");
        let written = render_token(&token, &refresh.client).unwrap();
        let again = read_token(&written).unwrap();
        assert_eq!(again.refresh.unwrap().token.expose_secret(), "r");
        assert_eq!(refresh.client.expires.to_string(), "2026-03-02T03:04:05Z");
        // Without what it takes to refresh it, it still opens the portal.
        let lame = WHOLE.replace("05UTC", "05 UTC");
        assert!(read_token(lame.as_bytes()).unwrap().refresh.is_none());
        let least =
            r#"{"startUrl":"u","region":"r","accessToken":"t","expiresAt":"2026-01-02T03:04:05Z"}"#;
        assert!(read_token(least.as_bytes()).is_some());
    }

    #[test]
    fn half_a_file_is_none() {
        for end in 0..WHOLE.len() {
            if WHOLE.is_char_boundary(end) {
                assert!(read_token(&WHOLE.as_bytes()[..end]).is_none());
            }
        }
        for bad in [
            "",
            "[]",
            "{}",
            &WHOLE.replace("MARKER", "a b"),
            &WHOLE.replace("MARKER", ""),
        ] {
            assert!(read_token(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(read_registration(b"{").is_none());
    }

    #[test]
    fn a_portal_is_one_however_it_is_written() {
        let plain = "https://d-1.awsapps.com/start";
        for other in [
            "https://d-1.awsapps.com/start/",
            "https://D-1.awsapps.com/start/#/",
            "https://d-1.awsapps.com/start#",
        ] {
            assert!(same_portal(plain, other), "{other}");
        }
        assert!(!same_portal(plain, "https://d-2.awsapps.com/start"));
    }
}
