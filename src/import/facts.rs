//! Single values of other tools' files, as fedgit takes them: parsed or refused with a reason, and
//! what cannot be kept of them noted.

use url::Url;

use super::found::Notes;
use crate::format::ini::{Document, ParseError};
use crate::format::printable::printable;
use crate::model::{ProfileName, Region, RoleArn, SessionDuration, is_loopback};

/// A file in the grammar of Python's configparser: `~/.aws/config` and gimme-aws-creds's file. The other tools' writers begin with a byte order mark on Windows.
pub(super) fn ini(bytes: &[u8]) -> Result<Document, (Option<usize>, String)> {
    Document::parse(utf8(bytes)?.as_bytes()).map_err(|ParseError { line, why, hint }| {
        let why = printable(
            &format!("the file cannot be read, since {why}; {hint}"),
            400,
        );
        (Some(line), why)
    })
}

/// A file's text, or the line that is none.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, (Option<usize>, String)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|bad| {
        let before = bytes.iter().take(bad.valid_up_to());
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        (Some(line), "the file is not UTF-8 text".to_owned())
    })
}

/// The address of a sign-on page.
pub(super) fn url(text: &str, notes: &mut Notes) -> Result<Url, String> {
    // Not quoted: `jane:secret@host` is no URL either.
    let mut url =
        Url::parse(text).map_err(|e| format!("its sign-on address is not a URL ({e})"))?;
    let known = url.scheme() == "https" || url.scheme() == "http";
    if !known || !url.has_host() {
        return Err("its sign-on address does not start with https://".to_owned());
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(
            "its sign-on address is plain http, over which fedgit sends no password".to_owned(),
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        notes.part(
            "the user name and password in the address",
            "fedgit.toml holds no secret",
        );
        let bare = url.set_username("").and_then(|()| url.set_password(None));
        bare.map_err(|()| "its sign-on address holds a user name".to_owned())?;
    }
    Ok(url)
}

/// A role's ARN. Values are not quoted here: who knows what somebody put into them.
pub(super) fn arn(text: &str) -> Result<RoleArn, String> {
    text.trim()
        .parse::<RoleArn>()
        .map_err(|bad| format!("its role is not named by its ARN: {}", bad.why))
}

/// A profile's name. Anything is a name to the AWS tools, an address with a password too.
pub(super) fn profile(text: &str) -> Result<ProfileName, String> {
    if holds_secret(text) {
        return Err("its profile's name is an address with a password".to_owned());
    }
    text.parse::<ProfileName>()
        .map_err(|bad| format!("its profile's name is not usable: {}", bad.why))
}

/// Whether a text has a user name or password in an address.
pub(super) fn holds_secret(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        authority.contains('@')
    })
}

/// A profile's region. One of another partition than the role's was never usable.
pub(super) fn region(
    text: Option<&str>,
    arn: Option<&RoleArn>,
    notes: &mut Notes,
) -> Option<Region> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let region = match text.parse::<Region>() {
        Ok(region) => region,
        Err(bad) => {
            notes.part("the region", format!("it is not {}", bad.what));
            return None;
        }
    };
    match arn {
        Some(arn) if arn.partition() != region.partition() => {
            let (here, there) = (arn.partition(), region.partition());
            notes.part(
                "the region",
                format!("{region} is in {there}, and the role is in {here}"),
            );
            None
        }
        _ => Some(region),
    }
}

/// How long credentials are asked for, in seconds, within what STS gives.
pub(super) fn duration(
    text: Option<&str>,
    most: i64,
    notes: &mut Notes,
) -> Option<SessionDuration> {
    const LEAST: i64 = 900;
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let Ok(seconds) = text.parse::<i64>() else {
        notes.part("the session duration", "it is not a number of seconds");
        return None;
    };
    // saml2aws and others write 0 for "what the service gives".
    if seconds == 0 {
        return None;
    }
    let within = seconds.clamp(LEAST, most);
    if within != seconds {
        notes.part(
            format!("the session duration of {seconds} seconds"),
            format!("STS gives {LEAST} to {most} here; it is {within} now"),
        );
    }
    SessionDuration::from_seconds(within).ok()
}

/// The longest session of a role that a login gives.
pub(super) const LOGIN_MOST: i64 = 43_200;

/// Who signs in.
pub(super) fn username(text: Option<&str>, notes: &mut Notes) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    if text.chars().any(char::is_control) || text.len() > 256 || holds_secret(text) {
        notes.part("the user name", "it is not a name");
        return None;
    }
    Some(text.to_owned())
}

/// A file of certificate authorities. The other tools look for a relative one in whatever directory
/// they run, fedgit beside its file.
pub(super) fn ca_bundle(text: Option<&str>, notes: &mut Notes) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let usable = std::path::Path::new(text).is_absolute() && !text.chars().any(char::is_control);
    if !usable || holds_secret(text) {
        notes.part(
            "the CA bundle",
            "its path is not absolute; set ca_bundle in the [idp] table",
        );
        return None;
    }
    Some(text.to_owned())
}

/// The sign-on page of AD FS for a relying party, as saml2aws and aws-adfs make it.
pub(super) fn adfs_page(origin: &str, relying_party: &str) -> String {
    let origin = origin.trim_end_matches('/');
    format!(
        "{origin}/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp={}",
        in_query(relying_party)
    )
}

/// A value for a query; a URN stays readable.
pub(super) fn in_query(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ":._-/".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A value of the other tools that is there and says something: Python writes `None` for nothing.
pub(super) fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim)
        .filter(|text| !text.is_empty() && *text != "None")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let mut notes = Notes::default();
        assert!(url("https://adfs.example.com/adfs", &mut notes).is_ok());
        assert!(url("http://127.0.0.1:1/", &mut notes).is_ok());
        for bad in [
            "",
            "adfs.example.com",
            "http://adfs.example.com",
            "ftp://x",
            "https:",
        ] {
            assert!(url(bad, &mut notes).is_err(), "{bad:?}");
        }
        let bare = url("https://jane:hunter2@adfs.example.com/x", &mut notes).unwrap();
        assert_eq!(bare.as_str(), "https://adfs.example.com/x");
        let why = url("jane:hunter2@adfs.example.com", &mut notes).unwrap_err();
        assert!(!why.contains("hunter2"), "{why}");
    }

    #[test]
    fn a_password_in_an_address_is_seen() {
        for text in ["https://jane:x@h/", "a https://h b://jane@h", "x://@"] {
            assert!(holds_secret(text), "{text}");
        }
        for text in [
            "https://h/a@b",
            "jane@example.com",
            "a:b@c",
            "https://h?x=a@b",
        ] {
            assert!(!holds_secret(text), "{text}");
        }
        assert!(profile("https://jane:x@h/").is_err());
        assert!(profile("a@b:c").is_ok());
    }

    #[test]
    fn durations_stay_within_what_sts_gives() {
        let mut notes = Notes::default();
        let mut seconds = |text| duration(Some(text), LOGIN_MOST, &mut notes).map(|d| d.seconds());
        assert_eq!(seconds("28800"), Some(28_800));
        assert_eq!(seconds("60"), Some(900));
        assert_eq!(seconds("99999"), Some(43_200));
        assert_eq!(seconds("0"), None);
        assert_eq!(seconds("an hour"), None);
    }

    #[test]
    fn regions_of_the_roles_partition() {
        let arn = arn("arn:aws-cn:iam::111122223333:role/R").unwrap();
        let mut notes = Notes::default();
        let mut kept = |text| region(Some(text), Some(&arn), &mut notes).is_some();
        assert!(kept("cn-north-1"));
        assert!(!kept("us-east-1"));
        assert!(!kept("US-EAST-1"));
        assert!(!kept(" "));
    }

    #[test]
    fn pages_of_adfs() {
        assert_eq!(
            adfs_page("https://adfs.example.com/", "urn:amazon:webservices"),
            "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices"
        );
        assert!(adfs_page("https://h", "a&b=c").ends_with("loginToRp=a%26b%3Dc"));
    }
}
