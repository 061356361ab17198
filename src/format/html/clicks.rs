//! Choices that a page makes by script: an element whose `onclick` calls a function with one word, as in
//! `SelectOption('AzureMfaAuthentication')`. No script runs here; the word is read off.

use scraper::ElementRef;

use super::text_in;
use crate::format::printable::printable;

/// Bytes of a script that are looked at.
const LONGEST: usize = 4_096;

/// An element with such a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Click {
    /// The function, with the object it belongs to: `HRD.selection`.
    pub call: String,
    /// The word in the brackets, as the script would have it.
    pub argument: String,
    /// The text in the element, else of its picture, fit to print.
    pub text: String,
}

/// What a click there does, where it is one call with one word.
pub(super) fn read(element: ElementRef<'_>) -> Option<Click> {
    let script = element.value().attr("onclick")?;
    let (call, argument) = call(script)?;
    let text = text_in(element);
    let text = match text.is_empty() {
        true => element
            .descendants()
            .filter_map(ElementRef::wrap)
            .find_map(|inner| inner.value().attr("alt"))
            .map_or(text, |alt| printable(alt, super::MAX_TEXT)),
        false => text,
    };
    Some(Click {
        call,
        argument,
        text,
    })
}

/// The first call in a script, and its one quoted argument.
fn call(script: &str) -> Option<(String, String)> {
    let script = script.get(..LONGEST).unwrap_or(script);
    let (before, after) = script.split_once('(')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
    let name = before.trim_end().rsplit(|c| !is_name(c)).next()?;
    let after = after.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut argument = String::new();
    let mut rest = after.chars();
    rest.next();
    loop {
        match rest.next()? {
            c if c == quote => break,
            '\\' => argument.push(escaped(&mut rest)?),
            c => argument.push(c),
        }
    }
    let ends = rest.as_str().trim_start().starts_with(')');
    (ends && !name.is_empty()).then(|| (name.to_owned(), argument))
}

/// `\x26`, `\u0026`, `\n`, and any other letter for itself.
fn escaped(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match rest.next()? {
        'x' => 2,
        'u' => 4,
        'n' => return Some('\n'),
        't' => return Some('\t'),
        c => return Some(c),
    };
    let code: String = rest.by_ref().take(digits).collect();
    let code = Some(code).filter(|code| code.len() == digits)?;
    char::from_u32(u32::from_str_radix(&code, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::html;

    #[test]
    fn one_call_with_one_word() {
        for (script, expected) in [
            (
                "SelectOption('Azure'); return false;",
                Some(("SelectOption", "Azure")),
            ),
            (
                "return HRD.selection( \"http:\\/\\/x\\x26y\\u0026\" )",
                Some(("HRD.selection", "http://x&y&")),
            ),
            ("f('it\\'s')", Some(("f", "it's"))),
            ("f()", None),
            ("f('a', 'b')", None),
            ("f(a)", None),
            ("('a')", None),
            ("f('a", None),
            ("f('\\u12", None),
            ("f('\\ud800')", None),
        ] {
            let found = call(script);
            let found = found.as_ref().map(|(a, b)| (a.as_str(), b.as_str()));
            assert_eq!(found, expected, "{script}");
        }
    }

    #[test]
    fn a_picture_speaks_for_itself() {
        let page = html::read(r#"<div onclick="go('a')"><img alt="Example&#27;[2J Corp"></div>"#);
        let page = page.unwrap();
        assert_eq!(page.clicks[0].text, "Example[2J Corp");
    }

    proptest! {
        #[test]
        fn any_script_is_read_or_not(script in ".{0,200}", word in "[^'\\\\]{0,40}") {
            let _ = call(&script);
            prop_assert_eq!(call(&format!("f('{word}')")), Some(("f".to_owned(), word)));
        }
    }
}
