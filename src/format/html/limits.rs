//! What a page may cost, settled before the parser runs: html5ever has no limits of its own, and three
//! of its steps, as the HTML standard words them, are quadratic.

/// A page that is larger is no sign-in page: AD FS's own have some 10 KiB, with every script inlined
/// some hundred.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Tags on one page. Every start tag looks through the open elements, so 200,000 nested `<div>`s in
/// 1 MiB would take many minutes; a sign-in page has some hundred tags.
pub const MAX_TAGS: usize = 5_000;
/// `<b>`, `<font>` and their like on one page: the parser opens all that are unclosed again in every
/// new paragraph, so their number multiplies with that of the other tags.
pub const MAX_FORMATTING: usize = 250;
/// Attributes of one tag: each is compared with all before it. Real tags have some ten; the limit is
/// far above that because `i<n` in a script looks like a tag until the next `>`.
pub const MAX_ATTRIBUTES: usize = 3_000;
/// Bytes that the search for attributes may look at.
const MAX_LOOKED_AT: usize = 16 * MAX_BYTES;

/// Why a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the page has more than {limit} {what}, which no sign-in page has")]
pub struct TooMuch {
    /// Of what.
    pub what: &'static str,
    /// The limit that was passed.
    pub limit: usize,
}

/// Refuses a page that the parser would take too long over.
pub(super) fn check(text: &str) -> Result<(), TooMuch> {
    const FORMATTING: [&str; 14] = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
        "u",
    ];
    let within = |count: usize, what, limit| match count <= limit {
        true => Ok(()),
        false => Err(TooMuch { what, limit }),
    };
    within(text.len(), "bytes", MAX_BYTES)?;
    let (mut tags, mut formatting, mut looked_at) = (0, 0, 0);
    for (at, _) in text.match_indices('<') {
        let rest = &text.as_bytes()[at + 1..];
        if !rest
            .first()
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/')
        {
            continue;
        }
        tags += 1;
        within(tags, "tags", MAX_TAGS)?;
        let name: Vec<u8> = rest
            .iter()
            .take(7)
            .take_while(|b| b.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
            .collect();
        formatting += usize::from(FORMATTING.iter().any(|f| f.as_bytes() == name));
        within(formatting, "formatting tags", MAX_FORMATTING)?;
        let (attributes, bytes) = attributes(rest);
        looked_at += bytes;
        within(attributes, "attributes in one tag", MAX_ATTRIBUTES)?;
        within(looked_at, "bytes of unclosed tags", MAX_LOOKED_AT)?;
    }
    Ok(())
}

/// How many attributes a tag has at most, and how many bytes it took to know. Every `<` is looked at
/// for itself: whether it is one to the parser depends on all that stands before it.
fn attributes(tag: &[u8]) -> (usize, usize) {
    let (mut count, mut at, mut after_equals, mut in_gap) = (0, 0, false, false);
    while let Some(byte) = tag.get(at)
        && count <= MAX_ATTRIBUTES
    {
        at += 1;
        match byte {
            b'>' => break,
            b'"' | b'\'' if after_equals => {
                let value = &tag[at..];
                at += value
                    .iter()
                    .position(|b| b == byte)
                    .map_or(value.len(), |end| end + 1);
                (after_equals, in_gap) = (false, true);
            }
            b'=' => after_equals = true,
            b'/' => in_gap = true,
            b if b.is_ascii_whitespace() => in_gap = true,
            _ => {
                count += usize::from(in_gap);
                (after_equals, in_gap) = (false, false);
            }
        }
    }
    (count, at)
}
