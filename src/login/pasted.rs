//! A response that a person copied out of their browser's tools, in the forms in which these show it.
//! Pure.

use zeroize::Zeroizing;

use super::acs::FIELD;
use crate::model::Assertion;

/// More than any form with a response that STS takes.
pub const LONGEST_PASTE: usize = 512 << 10;

/// The response in a text: the field's value, as it is or URL-encoded, alone or with the field's name;
/// or the whole form, or the page's field. Line ends and blanks within count for nothing. `None` where there is none.
#[must_use]
pub fn pasted(text: &str) -> Option<Assertion> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let value = match text.find(FIELD) {
        Some(at) => {
            let rest = text.get(at + FIELD.len()..)?;
            let rest = rest.trim_start_matches(['"', '\'', ' ', '\t']);
            let rest = rest.strip_prefix("value").unwrap_or(rest);
            let rest = rest.strip_prefix(['=', ':'])?.trim_start();
            let rest = rest.trim_start_matches(['"', '\'']);
            let end = rest.find(['&', '"', '\'']).unwrap_or(rest.len());
            rest.get(..end)?
        }
        None => text,
    };
    let value = Zeroizing::new(if value.contains('%') {
        // In a form `+` is a blank; in base64 it is itself, which a form writes as %2B.
        let decoded = url::form_urlencoded::parse(value.as_bytes()).next()?.0;
        decoded.into_owned()
    } else {
        value.to_owned()
    });
    let mut base64 = String::with_capacity(value.len());
    base64.extend(value.chars().filter(|c| !c.is_whitespace()));
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    (!base64.is_empty() && base64.chars().all(is_base64)).then(|| Assertion::new(base64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_browsers_show_it() {
        for text in [
            "QUJD+/8=",
            "  QUJD\r\n+/8=\n",
            "\"QUJD+/8=\"",
            "QUJD%2B%2F8%3D",
            "SAMLResponse=QUJD%2B%2F8%3D&RelayState=",
            "RelayState=x%20y&SAMLResponse=QUJD%2B%2F8%3D",
            "SAMLResponse: QUJD+/8=\n",
            "\"SAMLResponse\": \"QUJD+/8=\",",
            r#"<input type="hidden" name="SAMLResponse" value="QUJD+/8=" />"#,
        ] {
            assert_eq!(pasted(text).unwrap().expose(), "QUJD+/8=", "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "  ",
            "SAMLResponse=",
            "<html>",
            "https://signin.aws.amazon.com/saml",
            "{}",
        ] {
            assert!(pasted(text).is_none(), "{text}");
        }
    }
}
