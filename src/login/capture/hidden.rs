//! What was answered in a login, which a page may show again: in capitals, in a link, in a script's
//! text. Whatever form a page gives it, it is told and taken out. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

use crate::format::printable::printable;

/// Ways to read a text: a link in a script in an attribute is decoded three times.
const MOST_READINGS: usize = 24;
/// Fewer characters than these are in every text.
const SHORTEST: usize = 3;
/// What no text has that was put on a line.
const MARK: char = '\u{0}';

/// Answers, and what stands for them. Without Debug on purpose.
#[derive(Default)]
pub(super) struct Hidden(Vec<Known>);

/// One of them, with blanks as in a line.
struct Known {
    text: SecretString,
    /// Whether it is told in capitals, too; then the text is in small letters.
    in_any_case: bool,
    /// Whether it is the domain of users' names: a host may be called like it.
    is_domain: bool,
}

impl Hidden {
    /// Nothing is to show this password, code or answer.
    pub(super) fn add(&mut self, secret: &str) {
        for encoded in encodings(secret.as_bytes()) {
            self.put(&encoded, true, false);
        }
        for encoded in encodings(secret.trim().as_bytes()) {
            self.put(&encoded, true, false);
        }
        self.put(secret, true, false);
    }

    /// Nor this user's name, nor the parts of it, which pages show alone. A user may be called `username`,
    /// and the field `UserName` is still to be told.
    pub(super) fn add_user(&mut self, name: &str) {
        for encoded in encodings(name.as_bytes()) {
            self.put(&encoded, true, false);
        }
        let (user, domain) = match (name.split_once('@'), name.split_once('\\')) {
            (Some((user, domain)), _) | (None, Some((domain, user))) => (user, domain),
            (None, None) => (name, ""),
        };
        self.put(domain, true, true);
        if user != name {
            self.put(name, true, false);
        }
        if !user.chars().all(char::is_alphabetic) {
            return self.put(user, true, false);
        }
        let lower = user.to_lowercase();
        let mut capital = lower.clone();
        if let Some(first) = lower.chars().next() {
            let first_upper = first.to_uppercase().to_string();
            capital.replace_range(..first.len_utf8(), &first_upper);
        }
        for form in [user, &lower, &user.to_uppercase(), &capital] {
            self.put(form, false, false);
        }
    }

    fn put(&mut self, text: &str, in_any_case: bool, is_domain: bool) {
        let text = match in_any_case {
            true => line(text).to_lowercase(),
            false => line(text),
        };
        let same =
            |known: &&Known| known.in_any_case == in_any_case && known.text.expose_secret() == text;
        if text.chars().count() < SHORTEST || self.0.iter().any(|known| same(&known)) {
            return;
        }
        self.0.push(Known {
            text: text.into(),
            in_any_case,
            is_domain,
        });
    }

    /// The text on one line without any of it.
    pub(super) fn without(&self, text: &str, instead: &str) -> String {
        taken_out(text, || self.0.iter(), instead)
    }

    /// The same of an address, whose host may be the domain of the users.
    pub(super) fn address(&self, address: &str, instead: &str) -> String {
        let known = || self.0.iter().filter(|known| !known.is_domain);
        taken_out(address, known, instead)
    }
}

fn taken_out<'a, I>(text: &str, known: impl Fn() -> I, instead: &str) -> String
where
    I: Iterator<Item = &'a Known>,
{
    let mut text = line(text);
    for known in known() {
        // In place where that is told byte by byte; the rest is below.
        let searched = match known.in_any_case {
            true => text.to_ascii_lowercase(),
            false => text.clone(),
        };
        let mut left = String::new();
        let mut from = 0;
        for (at, found) in searched.match_indices(known.text.expose_secret()) {
            left.push_str(text.get(from..at).unwrap_or_default());
            left.push(MARK);
            from = at + found.len();
        }
        if from > 0 {
            left.push_str(text.get(from..).unwrap_or_default());
            text = left;
        }
    }
    let is_in = |reading: &str| {
        let (reading, lower) = (line(reading), line(reading).to_lowercase());
        known().any(|known| {
            let searched = if known.in_any_case { &lower } else { &reading };
            searched.contains(known.text.expose_secret())
        })
    };
    // Each way to read it, and each to read that: an answer may look like an escape itself.
    let mut readings = vec![text.clone()];
    let mut at = 0;
    while let Some(reading) = readings.get(at).cloned() {
        // A person's address in the form of a link.
        let finds_somebody = addresses(&reading) > addresses(&text);
        if is_in(&reading) || finds_somebody {
            return instead.to_owned();
        }
        // In a form's data a plus is a blank, and one that was meant is spelled out.
        let of_a_form = reading.replace('+', " ");
        let more = [
            decoded(&reading, percent),
            decoded(&of_a_form, percent),
            decoded(&reading, entity),
            decoded(&reading, script),
        ];
        for reading in more {
            if readings.len() < MOST_READINGS && !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        at += 1;
    }
    text.replace(MARK, instead)
}

fn addresses(text: &str) -> usize {
    text.matches('@').count()
}

/// As every text of a page is shown.
fn line(text: &str) -> String {
    printable(text, usize::MAX)
}

/// As headers and tokens carry it, wherever in them it begins.
fn encodings(bytes: &[u8]) -> Vec<String> {
    let mut encoded: Vec<String> = Vec::new();
    if bytes.len() < SHORTEST {
        return encoded;
    }
    encoded.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    for before in 0..3 {
        let mut whole = vec![0; before];
        whole.extend_from_slice(bytes);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&whole);
            // What neighbours have a part in is left out at both ends.
            let start = [0, 2, 3][before];
            let end = whole.len() * 8 / 6;
            encoded.extend(text.get(start..end).map(str::to_owned));
        }
    }
    encoded.retain(|text| text.len() >= 2 * SHORTEST);
    encoded
}

/// What an escape at the start of a text stands for, and its length.
type Escape = fn(&str) -> Option<(usize, Vec<u8>)>;

/// One layer of such escapes taken off.
fn decoded(text: &str, escape: Escape) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match escape(rest) {
            Some((taken, bytes)) => {
                out.extend_from_slice(&bytes);
                taken
            }
            None => {
                let length = first.len_utf8();
                out.extend_from_slice(rest.get(..length).unwrap_or_default().as_bytes());
                length
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Of an address.
fn percent(text: &str) -> Option<(usize, Vec<u8>)> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    Some((3, vec![u8::from_str_radix(digits, 16).ok()?]))
}

/// Of a script or of JSON.
fn script(text: &str) -> Option<(usize, Vec<u8>)> {
    if text.starts_with("\\/") {
        return Some((2, vec![b'/']));
    }
    [("\\u", 4), ("\\x", 2)]
        .into_iter()
        .find_map(|(prefix, digits)| {
            let code = text.strip_prefix(prefix)?.get(..digits)?;
            let code = u32::from_str_radix(code, 16).ok()?;
            Some((prefix.len() + digits, sign(code)?))
        })
}

/// Of HTML.
fn entity(text: &str) -> Option<(usize, Vec<u8>)> {
    const NAMED: [(&str, u8); 6] = [
        ("&amp;", b'&'),
        ("&lt;", b'<'),
        ("&gt;", b'>'),
        ("&quot;", b'"'),
        ("&apos;", b'\''),
        ("&commat;", b'@'),
    ];
    if let Some(rest) = text.strip_prefix("&#") {
        let end = rest.bytes().take(9).position(|byte| byte == b';')?;
        let number = rest.get(..end)?;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some((2 + end + 1, sign(code)?));
    }
    let (name, is) = NAMED.iter().find(|(name, _)| text.starts_with(name))?;
    Some((name.len(), vec![*is]))
}

fn sign(code: u32) -> Option<Vec<u8>> {
    char::from_u32(code).map(|c| c.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        let mut hidden = Hidden::default();
        hidden.add("pa&ss  w\"rd é!");
        hidden.add_user("jane.doe@example.com");
        hidden.without(text, "-")
    }

    #[test]
    fn in_every_form() {
        for text in [
            "pa&ss w\"rd é!",
            "PA&SS W\"RD É!",
            "pa&amp;ss w&quot;rd &#233;!",
            "pa&amp;amp;ss  w&#x22;rd é!",
            "/x/pa%26ss%20%20w%22rd%20%C3%A9!",
            "pa%2526ss%2520%2520w%2522rd%2520%25C3%25A9%21",
            "pa%26ss++w%22rd+%C3%A9%21",
            "pa\\u0026ss  w\\u0022rd \\u00e9!",
            "p\u{200b}a&ss w\"rd é!",
            "Jane.Doe",
            "jane%2Edoe",
            "other%40example.org",
            "mail of EXAMPLE.COM",
        ] {
            let left = without(text);
            for part in ["pa", "PA", "rd", "oe", "other", "COM"] {
                assert!(!left.contains(part), "{part} of {text} is in {left}");
            }
        }
        let base64 = STANDARD_NO_PAD.encode("jane:pa&ss  w\"rd é!");
        let left = without(&base64);
        assert!(
            left.contains('-') && left.len() < base64.len() / 2,
            "{left}"
        );
        let hex: String = "pa&ss  w\"rd é!"
            .bytes()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        assert_eq!(without(&hex), "-");
    }

    #[test]
    fn and_nothing_else() {
        for text in [
            "100% of it",
            "a + b",
            "Sign in & go",
            "%zz \\u12 &#; &#x110000;",
            "%",
        ] {
            assert_eq!(without(text), text);
        }
        assert_eq!(without("Hello jane.doe, hello"), "Hello -, hello");
        let mut hidden = Hidden::default();
        hidden.add_user("jane@example.com");
        hidden.add("ab");
        assert_eq!(hidden.address("idp.example.com", "-"), "idp.example.com");
        assert_eq!(hidden.address("jane.example.com", "-"), "-.example.com");
        assert_eq!(hidden.without("abc", "-"), "abc");
        let mut hidden = Hidden::default();
        hidden.add_user("CORP\\username");
        assert_eq!(
            hidden.without("UserName userName: username, USERNAME of corp", "-"),
            "UserName userName: -, - of -"
        );
    }
}
