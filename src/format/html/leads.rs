//! Where a page leads without anybody's doing: its refresh, and what a script of it sends.

use scraper::ElementRef;

use super::{Jump, Refresh, attribute, text_in};

/// Bytes of a base address that is believed: every form keeps it.
const LONGEST_BASE: usize = 2_000;

/// `content="0; url='…'"`: the number, a separator, `url=`, an address with or without quotes.
pub(super) fn refresh(meta: ElementRef<'_>) -> Option<Refresh> {
    if !attribute(meta, "http-equiv").eq_ignore_ascii_case("refresh") {
        return None;
    }
    let content = attribute(meta, "content");
    let content = content.trim();
    let end = content
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(content.len());
    let delay = content[..end].parse().ok()?;
    let rest = content[end..].trim_start_matches(|c: char| {
        c.is_ascii_digit() || c == '.' || c == ';' || c == ',' || c.is_whitespace()
    });
    let address = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => rest[3..]
            .trim_start()
            .strip_prefix('=')
            .unwrap_or(rest)
            .trim(),
        _ => rest,
    };
    let address = ['"', '\'']
        .into_iter()
        .find_map(|quote| address.strip_prefix(quote)?.split(quote).next())
        .unwrap_or(address);
    Some(Refresh {
        delay,
        url: address.to_owned(),
    })
}

/// A link within the page.
pub(super) fn jump(link: ElementRef<'_>) -> Option<Jump> {
    let target = link.value().attr("href")?.trim().strip_prefix('#')?;
    let (target, text) = (target.to_owned(), text_in(link));
    (!target.is_empty() && !text.is_empty()).then_some(Jump { target, text })
}

/// `<base href>`, where it could be an address at all.
pub(super) fn base(element: ElementRef<'_>) -> String {
    let href = attribute(element, "href").trim().to_owned();
    if href.len() > LONGEST_BASE {
        return String::new();
    }
    href
}

/// How a script sends a form without anybody's doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AutoSubmit {
    /// As soon as the page is there.
    AtOnce,
    /// By a timer, as a page does that looks again and again whether somebody has answered elsewhere.
    Later,
}

/// How this script sends a form as soon as it runs, or this page once it is there. A handler for a form
/// that a person sends (`submit(function () {…})`) does not.
pub(super) fn sends(element: ElementRef<'_>) -> Option<AutoSubmit> {
    let script = match element.value().name() {
        "script" => element.text().collect(),
        "body" => attribute(element, "onload"),
        _ => return None,
    };
    let script: String = script.split_whitespace().collect();
    let calls = |names: &[&str]| names.iter().any(|name| script.contains(name));
    calls(&[".submit()", "submit.call(", ".click()"]).then(|| {
        match calls(&["setTimeout(", "setInterval("]) {
            true => AutoSubmit::Later,
            false => AutoSubmit::AtOnce,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::AutoSubmit;
    use crate::format::html::read;

    #[test]
    fn links_within_a_page() {
        let page = read(
            "<a href='#a'><b>One</b></a><a href='#'>x</a><a href='#b'></a><a href='/#c'>x</a>",
        );
        let jumps = page.unwrap().jumps;
        let jumps: Vec<_> = jumps.iter().map(|j| (&*j.target, &*j.text)).collect();
        assert_eq!(jumps, [("a", "One")]);
    }

    #[test]
    fn pages_that_send_themselves() {
        for (text, expected) in [
            (
                "<body onload='document.forms[0].submit()'>",
                Some(AutoSubmit::AtOnce),
            ),
            (
                "<script>document . f . submit ( )</script>",
                Some(AutoSubmit::AtOnce),
            ),
            (
                "<script>HTMLFormElement.prototype.submit.call(f)</script>",
                Some(AutoSubmit::AtOnce),
            ),
            (
                "<body onload='setTimeout(() => f.submit(), 3000)'>",
                Some(AutoSubmit::Later),
            ),
            (
                "<script>window.setInterval ('f.submit()', 3000)</script>",
                Some(AutoSubmit::Later),
            ),
            ("<script>setTimeout(hide, 3000)</script>", None),
            (
                "<script>$('form').submit(function () { wait() })</script>",
                None,
            ),
            ("<p>.submit()</p>", None),
            // What a person's click sends stands before what a timer does.
            (
                "<script>function choose() { f.submit() }</script>\
                 <script>setTimeout(() => f.submit(), 3000)</script>",
                Some(AutoSubmit::Later),
            ),
        ] {
            assert_eq!(read(text).unwrap().sends_itself, expected, "{text}");
        }
    }
}
