//! A response that a person copied out of their browser's tools, in the forms in which these show it.
//! Pure.

use zeroize::Zeroizing;

use super::acs::FIELD;
use crate::model::Assertion;

/// More than any form with a response that STS takes.
pub const LONGEST_PASTE: usize = 512 << 10;

/// Quotes, and what shells and JSON put before one that is meant.
const QUOTES: [char; 4] = ['"', '\'', '\\', '^'];

/// The response in a text: the field's value, as it is or URL-encoded, alone or with the field's name; or
/// the whole form, or the page's field, or a record of the request. Line ends and blanks within count for
/// nothing. `None` where there is none.
#[must_use]
pub fn pasted(text: &str) -> Option<Assertion> {
    // What names other things may name this one too: each place is tried.
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    let mut named = false;
    for (at, _) in lower.match_indices(&FIELD.to_ascii_lowercase()) {
        named = true;
        let found = tag(text, &lower, at).or_else(|| after(text, at + FIELD.len()));
        if let Some(assertion) = found.and_then(value) {
            return Some(assertion);
        }
    }
    match named {
        true => None,
        false => value(text.trim().trim_matches(['"', '\''])),
    }
}

/// The value within the tag of the page's field, before the name or after it.
fn tag<'t>(text: &'t str, lower: &str, at: usize) -> Option<&'t str> {
    let from = lower.get(..at)?.rfind('<')?;
    if lower.get(from..at)?.contains('>') {
        return None;
    }
    let to = lower
        .get(at..)?
        .find('>')
        .map_or(text.len(), |length| at + length);
    for (place, word) in lower.get(from..to)?.match_indices("value") {
        let rest = text.get(from + place + word.len()..to)?.trim_start();
        let Some(rest) = rest.strip_prefix('=') else {
            continue;
        };
        let rest = rest.trim_start();
        return match rest.chars().next()? {
            quote @ ('"' | '\'') => rest.get(1..)?.split(quote).next(),
            _ => rest.split_whitespace().next(),
        };
    }
    None
}

/// The value after a name: behind a sign, a tab or a line's end, and before the next field.
fn after(text: &str, at: usize) -> Option<&str> {
    let quotes = |c: char| QUOTES.contains(&c);
    let rest = text.get(at..)?.trim_start_matches(quotes);
    let unspaced = rest.trim_start_matches(' ');
    // A record of the request has the value under a name of its own.
    let unnamed = unspaced.strip_prefix(',').and_then(|rest| {
        let rest = rest.trim_start_matches(|c: char| quotes(c) || c.is_whitespace());
        Some(
            rest.strip_prefix("value")?
                .trim_start_matches(quotes)
                .trim_start(),
        )
    });
    let rest = unnamed.unwrap_or(unspaced);
    // Else it is a word in a sentence.
    let rest = rest.strip_prefix(['=', ':', '\t', '\n', '\r'])?;
    let rest = rest.trim_start_matches(|c: char| quotes(c) || c.is_whitespace());
    let end = rest.find(['&', '"', '\'', '<', '\t']);
    let entity = |at: usize| rest.get(at..).is_some_and(|rest| rest.starts_with("&#"));
    let end = match end {
        // In a form as a page's source has it.
        Some(at) if entity(at) => rest.find(['"', '\'', '<', '\t']),
        end => end,
    };
    let rest = rest.get(..end.unwrap_or(rest.len()))?;
    rest.get(..next_field(rest))
}

/// Where a line begins another field (`RelayState: …`), as browsers list them.
fn next_field(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let name = line
            .trim()
            .split([':', ' ', '\t'])
            .next()
            .unwrap_or_default();
        let is_field = line.contains(':') && name.chars().all(is_name);
        if at > 0 && (is_field || name == "RelayState") {
            return at;
        }
        at += line.len();
    }
    text.len()
}

/// A field's value, as one of the ways to write it down has it.
fn value(text: &str) -> Option<Assertion> {
    let text = entities(text);
    let decoded = Zeroizing::new(if text.contains('%') {
        // In a form `+` is a blank; in base64 it is itself, which a form writes as %2B.
        let decoded = url::form_urlencoded::parse(text.as_bytes()).next()?.0;
        decoded.into_owned()
    } else {
        text.to_string()
    });
    let mut base64 = String::with_capacity(decoded.len());
    base64.extend(decoded.chars().filter(|c| !c.is_whitespace()));
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    (!base64.is_empty() && base64.chars().all(is_base64)).then(|| Assertion::new(base64))
}

/// With the signs of base64 for what pages and records write instead of them.
fn entities(text: &str) -> Zeroizing<String> {
    const WRITTEN: [(&str, &str); 14] = [
        ("^", ""),
        ("\\r", ""),
        ("\\n", ""),
        ("\\u002b", "+"),
        ("\\u003d", "="),
        ("\\/", "/"),
        ("&#x2b;", "+"),
        ("&#43;", "+"),
        ("&plus;", "+"),
        ("&#x3d;", "="),
        ("&#61;", "="),
        ("&equals;", "="),
        ("&#x2f;", "/"),
        ("&#47;", "/"),
    ];
    // Never longer than before, so no copy is left behind in freed memory.
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let written = WRITTEN.iter().find(|(written, _)| {
            let start = rest.get(..written.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(written))
        });
        let length = match written {
            Some((written, sign)) => {
                plain.push_str(sign);
                written.len()
            }
            None => {
                plain.push(next);
                next.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    plain
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
            // Without quotes, in capitals, the other way round, with entities.
            "<input type=hidden name=SAMLResponse value=QUJD+/8= >",
            r#"<INPUT TYPE="hidden" NAME="SAMLResponse" VALUE="QUJD+/8="/>"#,
            r#"<input value='QUJD+/8=' type="hidden" name='SAMLResponse'>"#,
            r#"<input name="SAMLResponse" value="QUJD&#x2b;/8&#x3d;">"#,
            r#"<form action="https://signin.aws.amazon.com/saml"><input name="RelayState" value="x"><input
               name="SAMLResponse" value="QUJD&#43;&#47;8&#61;"></form>"#,
            // The lists of Chrome and of Firefox.
            "SAMLResponse: QUJD+/8=\nRelayState: https://console.aws.amazon.com/",
            "SAMLResponse: QUJD\n+/8=\nRelayState: ",
            "RelayState: x\r\nSAMLResponse: QUJD+/8=\r\n",
            "SAMLResponse\tQUJD+/8=\tRelayState\tx",
            "SAMLResponse\nQUJD+/8=\nRelayState\nx",
            "SAMLResponse\nQUJD+/8=",
            "SAMLResponse\t\"QUJD+/8=\"\nRelayState\t\"\"",
            // HAR.
            r#"{ "name": "SAMLResponse", "value": "QUJD+/8=" }"#,
            "\"params\": [ {\n \"name\": \"SAMLResponse\",\n \"value\": \"QUJD%2B%2F8%3D\"\n } ]",
            r#"{"name":"SAMLResponse","value":"QUJD\u002b\/8\u003d"}"#,
            r#""text": "SAMLResponse=QUJD%2B%2F8%3D&RelayState=""#,
            // As cURL, for bash and for cmd.
            "curl 'https://signin.aws.amazon.com/saml' --data-raw 'SAMLResponse=QUJD%2B%2F8%3D&RelayState='",
            r#"curl ^"https://signin.aws.amazon.com/saml^" --data-raw ^"SAMLResponse=QUJD^%^2B^%^2F8^%^3D^&RelayState=^""#,
            // Another field that names it.
            "RelayState=SAMLResponse&SAMLResponse=QUJD%2B%2F8%3D",
            "RelayState: https://x.example/?SAMLResponse=%25\nSAMLResponse: QUJD+/8=",
        ] {
            let found = pasted(text);
            let found = found.as_ref().map(Assertion::expose);
            assert_eq!(found, Some("QUJD+/8="), "{text}");
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
