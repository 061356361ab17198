//! Foreign text made fit for a terminal. What a page, a response or a network error says is shown to
//! people; an escape sequence in it would move the cursor, recolour the prompt or retitle the window.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// `text` on one line: blanks collapsed, control and invisible direction characters out, at most
/// `limit` characters with an ellipsis where it was longer.
#[must_use]
pub fn printable(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let (mut length, mut blank) = (0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if !shown(c) {
            continue;
        }
        let width = 1 + usize::from(blank && length > 0);
        if length + width > limit {
            out.push('…');
            break;
        }
        if width == 2 {
            out.push(' ');
        }
        out.push(c);
        length += width;
        blank = false;
    }
    out
}

/// The same text with its lines, every other control character spelled out: for messages that quote
/// a path, a key or a value that somebody else may have chosen.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c == '\n' || c == '\t' || shown(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let spelled = text.chars().map(|c| match plain(c) {
        true => c.to_string(),
        false => c.escape_default().to_string(),
    });
    Cow::Owned(spelled.collect())
}

/// A text of somebody else's within a line: every control character spelled out, newlines too.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match shown(c) {
            true => f.write_char(c),
            false => write!(f, "{}", c.escape_default()),
        })
    }
}

/// Not a control character (C0, DEL, C1), nor one of the invisible characters that reorder or join
/// what stands around them ("Trojan Source", Unicode TR 36).
fn shown(c: char) -> bool {
    let invisible = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' |
        '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_their_escape() {
        assert_eq!(
            printable("\u{1b}[31mred\u{1b}]0;t\u{7}\u{9b}1m", 80),
            "[31mred]0;t1m"
        );
        assert_eq!(printable("pay\u{202e}lap", 80), "paylap");
    }

    #[test]
    fn one_line_and_bounded() {
        assert_eq!(
            printable("  wrong\r\n\tpassword \u{a0} again ", 80),
            "wrong password again"
        );
        assert_eq!(printable("abcdef", 6), "abcdef");
        assert_eq!(printable("abcdef", 5), "abcde…");
        assert_eq!(printable("ab cd", 3), "ab…");
        assert_eq!(printable("", 0), "");
    }
}
