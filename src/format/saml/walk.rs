//! One pass over the XML. An element counts only at its full path from the root and in its namespace:
//! an assertion anywhere but directly in the response is what signature-wrapping attacks are made of.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;
use quick_xml::{XmlVersion, escape};

use super::{MAX_ATTRIBUTES, MAX_DEPTH, Response, SamlError};
use crate::format::printable::printable;

const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Where in the response an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Response,
    Status,
    StatusCode,
    StatusMessage,
    Assertion,
    Subject,
    SubjectConfirmation,
    SubjectConfirmationData,
    Conditions,
    AudienceRestriction,
    Audience,
    AttributeStatement,
    Attribute,
    Role,
    RoleValue,
    SessionName,
    SessionNameValue,
    SessionDuration,
    SessionDurationValue,
    /// Of no interest, and so is all within.
    Elsewhere,
}

impl Place {
    /// The place of a child element; an attribute's own place is refined by its name.
    fn child(self, namespace: &str, local: &str) -> Self {
        match (self, namespace, local) {
            (Self::Response, PROTOCOL, "Status") => Self::Status,
            (Self::Status | Self::StatusCode, PROTOCOL, "StatusCode") => Self::StatusCode,
            (Self::Status, PROTOCOL, "StatusMessage") => Self::StatusMessage,
            (Self::Response, ASSERTION, "Assertion") => Self::Assertion,
            (Self::Assertion, ASSERTION, "Subject") => Self::Subject,
            (Self::Subject, ASSERTION, "SubjectConfirmation") => Self::SubjectConfirmation,
            (Self::SubjectConfirmation, ASSERTION, "SubjectConfirmationData") => {
                Self::SubjectConfirmationData
            }
            (Self::Assertion, ASSERTION, "Conditions") => Self::Conditions,
            (Self::Conditions, ASSERTION, "AudienceRestriction") => Self::AudienceRestriction,
            (Self::AudienceRestriction, ASSERTION, "Audience") => Self::Audience,
            (Self::Assertion, ASSERTION, "AttributeStatement") => Self::AttributeStatement,
            (Self::AttributeStatement, ASSERTION, "Attribute") => Self::Attribute,
            (Self::Role, ASSERTION, "AttributeValue") => Self::RoleValue,
            (Self::SessionName, ASSERTION, "AttributeValue") => Self::SessionNameValue,
            (Self::SessionDuration, ASSERTION, "AttributeValue") => Self::SessionDurationValue,
            _ => Self::Elsewhere,
        }
    }

    fn attribute(name: &str) -> Self {
        match name {
            "https://aws.amazon.com/SAML/Attributes/Role" => Self::Role,
            "https://aws.amazon.com/SAML/Attributes/RoleSessionName" => Self::SessionName,
            "https://aws.amazon.com/SAML/Attributes/SessionDuration" => Self::SessionDuration,
            _ => Self::Elsewhere,
        }
    }

    /// What AWS calls the attribute.
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Role => Some("Role"),
            Self::SessionName => Some("RoleSessionName"),
            Self::SessionDuration => Some("SessionDuration"),
            _ => None,
        }
    }

    /// Whether its text is read.
    fn is_text(self) -> bool {
        matches!(
            self,
            Self::StatusMessage
                | Self::Audience
                | Self::RoleValue
                | Self::SessionNameValue
                | Self::SessionDurationValue
        )
    }
}

#[derive(Default)]
struct Walk {
    response: Response,
    places: Vec<Place>,
    /// Text of the innermost element that is read; CDATA does not divide it.
    text: String,
    /// The attributes of AWS's so far.
    attributes: Vec<Place>,
    roots: usize,
    assertions: usize,
    encrypted: bool,
}

/// Reads the whole text, so that what is wrong behind the assertion is seen too.
pub(super) fn walk(xml: &str) -> Result<Response, SamlError> {
    let mut reader = NsReader::from_str(xml.strip_prefix('\u{feff}').unwrap_or(xml));
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_comments = true;
    let mut walk = Walk::default();
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(ill_formed)?;
        match event {
            Event::Start(start) => {
                let namespace = match namespace {
                    ResolveResult::Bound(Namespace(name)) => name,
                    ResolveResult::Unbound => "",
                    ResolveResult::Unknown(prefix) => {
                        let why = format!("the prefix {prefix:?} is not bound to a namespace");
                        return Err(ill_formed(why));
                    }
                };
                walk.open(namespace, &start)?;
            }
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.text(&text.xml10_content())?,
            Event::CData(text) => walk.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref().map_err(ill_formed)? {
                    Some(c) if !c.is_control() || "\t\n\r".contains(c) => c.to_string(),
                    Some(_) => return Err(ill_formed("a reference to a control character")),
                    None => escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| SamlError::Entity(printable(&reference, 40)))?
                        .to_owned(),
                };
                walk.text(&text)?;
            }
            Event::DocType(_) => return Err(SamlError::DocType),
            Event::Eof => break,
            Event::Comment(_) | Event::PI(_) => walk.aside()?,
            Event::Empty(_) | Event::Decl(_) => {}
        }
    }
    walk.finish()
}

impl Walk {
    fn open(&mut self, namespace: &str, start: &BytesStart<'_>) -> Result<(), SamlError> {
        if self.places.len() == MAX_DEPTH {
            return Err(SamlError::TooDeep);
        }
        let name = start.local_name();
        let local = name.as_ref();
        let mut place = match self.places.last() {
            Some(parent) => parent.child(namespace, local),
            None => {
                self.roots += 1;
                match (self.roots, namespace, local) {
                    (1, PROTOCOL, "Response") => Place::Response,
                    (1, ..) => return Err(SamlError::NotAResponse(printable(local, 80))),
                    _ => return Err(ill_formed("there is more than one root element")),
                }
            }
        };
        if self.places.last().is_some_and(|parent| parent.is_text()) {
            return Err(ill_formed("an element stands inside a value"));
        }
        if namespace == ASSERTION && ["Assertion", "EncryptedAssertion"].contains(&local) {
            self.encrypted |= local == "EncryptedAssertion";
            self.assertions += 1;
            if self.assertions > 1 {
                return Err(SamlError::TwoAssertions);
            }
            if self.places.last() != Some(&Place::Response) {
                return Err(SamlError::MisplacedAssertion);
            }
        }
        // All of them, whatever the element: the reader notices a doubled one only when it gets there.
        for (count, attribute) in start.attributes().enumerate() {
            if count == MAX_ATTRIBUTES {
                return Err(ill_formed(format!("more than {MAX_ATTRIBUTES} attributes")));
            }
            let attribute = attribute.map_err(ill_formed)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(ill_formed)?;
            let kept = || Some(printable(&value, 500)).filter(|text| !text.is_empty());
            match (place, attribute.key.0) {
                (Place::Attribute, "Name") => {
                    place = Place::attribute(&value);
                    self.names(place)?;
                }
                (Place::Response, "Destination") => self.response.destination = kept(),
                (Place::SubjectConfirmationData, "Recipient") => self.response.recipient = kept(),
                (Place::SubjectConfirmationData | Place::Conditions, "NotOnOrAfter") => {
                    self.response.limit(&value);
                }
                (Place::StatusCode, "Value") => self.response.status.extend(kept()),
                _ => {}
            }
        }
        self.text.clear();
        self.places.push(place);
        Ok(())
    }

    /// Readers differ in whether the second of two attributes adds to the first, replaces it, or is nothing.
    fn names(&mut self, attribute: Place) -> Result<(), SamlError> {
        let Some(name) = attribute.name() else {
            return Ok(());
        };
        if self.attributes.contains(&attribute) {
            return Err(SamlError::TwoAttributes(name));
        }
        self.attributes.push(attribute);
        Ok(())
    }

    /// A comment or a processing instruction. Within a value it is where some readers end the value
    /// (CVE-2017-11427); what the identity provider says of its own failure is only shown.
    fn aside(&self) -> Result<(), SamlError> {
        match self.places.last() {
            Some(Place::StatusMessage) => Ok(()),
            Some(place) if place.is_text() => Err(SamlError::Divided),
            _ => Ok(()),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), SamlError> {
        match self.places.last() {
            None if !text.trim().is_empty() => {
                Err(ill_formed("text stands outside the root element"))
            }
            Some(place) if place.is_text() => {
                self.text.push_str(text);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn close(&mut self) {
        let Some(place) = self.places.pop() else {
            return;
        };
        let value = self.text.trim();
        if !place.is_text() || value.is_empty() {
            return;
        }
        let response = &mut self.response;
        let kept = || Some(printable(value, 500));
        match place {
            Place::RoleValue => {
                let value = value.to_owned();
                response.add_role(&value);
            }
            Place::SessionNameValue => {
                response.session_name = response.session_name.take().or_else(kept)
            }
            Place::SessionDurationValue => response.session_duration = value.parse().ok(),
            Place::Audience => response.audience = response.audience.take().or_else(kept),
            Place::StatusMessage => response.status_message = kept(),
            _ => {}
        }
        self.text.clear();
    }

    fn finish(self) -> Result<Response, SamlError> {
        if !self.places.is_empty() {
            return Err(ill_formed("it ends before its elements are closed"));
        }
        if self.roots == 0 {
            return Err(ill_formed("there is no element"));
        }
        if self.encrypted {
            return Err(SamlError::Encrypted);
        }
        let response = self.response;
        match response.status.first() {
            Some(status) if status != SUCCESS => {
                let short = |code: &String| code.rsplit(':').next().unwrap_or_default().to_owned();
                let codes: Vec<String> = response.status.iter().map(short).collect();
                let message = response
                    .status_message
                    .map(|m| format!(": {m}"))
                    .unwrap_or_default();
                Err(SamlError::Status(printable(
                    &format!("{}{message}", codes.join(", ")),
                    500,
                )))
            }
            _ if self.assertions == 0 => Err(SamlError::NoAssertion),
            _ => Ok(response),
        }
    }
}

fn ill_formed(why: impl ToString) -> SamlError {
    SamlError::NotXml(printable(&why.to_string(), 200))
}
