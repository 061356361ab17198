//! Reads a SAML request as AD FS does: SAML 2.0 core, section 3.4.1, by the HTTP-Redirect binding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Document;
use time::{Duration, OffsetDateTime};

use super::{Heard, with_port};
use crate::{clock, saml, text};

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// What is wrong with the request in the query; `None` where nothing is.
pub(super) fn fault(heard: &Heard, now: OffsetDateTime) -> Option<&'static str> {
    check(heard, now).err()
}

fn check(heard: &Heard, now: OffsetDateTime) -> Result<(), &'static str> {
    let query = text::pairs(&heard.query);
    let mut requests = query.iter().filter(|(name, _)| name == "SAMLRequest");
    let (Some((_, request)), None) = (requests.next(), requests.next()) else {
        return Err("there is not one SAMLRequest");
    };
    let packed = STANDARD.decode(request).map_err(|_| "it is not base64")?;
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, 64 << 10)
        .map_err(|_| "it is not a DEFLATE stream")?;
    let xml = String::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let document = Document::parse(&xml).map_err(|_| "it is not XML")?;
    let root = document.root_element();
    if !root.has_tag_name((saml::PROTOCOL, "AuthnRequest")) {
        return Err("it is no AuthnRequest");
    }
    let attribute = |name| root.attribute(name).unwrap_or_default();
    // An xs:ID begins with a letter or an underscore.
    let id = attribute("ID");
    if id.len() < 16 || !id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Err("its ID is none");
    }
    if attribute("Version") != "2.0" {
        return Err("its version is not 2.0");
    }
    let instant =
        clock::from_rfc3339(attribute("IssueInstant")).ok_or("IssueInstant is no time")?;
    if (now - instant).abs() > Duration::minutes(5) {
        return Err("it is not of now");
    }
    let own = [heard.host.clone(), with_port(&heard.host)];
    let own = own.map(|host| format!("https://{host}{}", heard.path));
    if !own.contains(&attribute("Destination").to_owned()) {
        return Err("it is for another destination");
    }
    if attribute("AssertionConsumerServiceURL") != saml::RECIPIENT
        || attribute("ProtocolBinding") != POST
    {
        return Err("the answer would go elsewhere");
    }
    let issuer = root
        .children()
        .find(|node| node.has_tag_name((saml::ASSERTION, "Issuer")))
        .and_then(|node| node.text());
    match issuer {
        Some(saml::AUDIENCE) => Ok(()),
        _ => Err("the relying party is not known"),
    }
}
