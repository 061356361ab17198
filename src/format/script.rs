//! What a script or JSON sets a name to, where that is a plain string: read off the text, since no script
//! runs here.

/// Bytes of a value that is believed; a SAML response for STS has 100,000 at most.
const LONGEST: usize = 256 * 1024;
/// Places that are looked at: a text may hold the name and nothing else.
const MOST: usize = 200;

/// The strings of base64 letters, or base64url's and the dots between them, that the name is set to:
/// `name = '…'`, `"name": "…"`, with JavaScript's escapes undone. Empty ones are passed over.
pub fn values_of<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    text.match_indices(name)
        .take(MOST)
        .filter_map(move |(at, name)| text.get(at + name.len()..))
        .filter_map(value_after)
}

fn value_after(text: &str) -> Option<String> {
    let text = text.strip_prefix(['"', '\'']).unwrap_or(text).trim_start();
    let text = text.strip_prefix(['=', ':'])?.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let rest = text.get(1..)?;
    let mut chars = rest.chars();
    // With room for all of it: a buffer that grows leaves a copy in freed memory.
    let mut value = String::with_capacity(rest.find(quote)?.min(LONGEST));
    loop {
        let c = match chars.next()? {
            c if c == quote => break,
            '\\' => match chars.next()? {
                'x' => hex(&mut chars, 2)?,
                'u' => hex(&mut chars, 4)?,
                other => other,
            },
            c => c,
        };
        if !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '=' | '+' | '/'))
            || value.len() == LONGEST
        {
            return None;
        }
        value.push(c);
    }
    (!value.is_empty()).then_some(value)
}

fn hex(chars: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let number = (0..digits).try_fold(0, |number, _| {
        Some(number * 16 + chars.next()?.to_digit(16)?)
    })?;
    char::from_u32(number)
}
