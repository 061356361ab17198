//! A page's structure without its contents, for somebody else to look at: which elements stand in which,
//! what they are called and what a form does; no value, no script, no comment, no query.

use scraper::{ElementRef, Html};

use super::limits;
use super::{MAX_NODES, TooMuch};

/// Attributes that say what an element is. Every other one is left out by name, too: a name may be data.
const KEPT: [&str; 15] = [
    "id",
    "name",
    "type",
    "for",
    "form",
    "class",
    "role",
    "method",
    "autocomplete",
    "http-equiv",
    "checked",
    "disabled",
    "selected",
    "aria-label",
    "placeholder",
];
/// Attributes that hold an address.
const ADDRESSES: [&str; 3] = ["action", "formaction", "href"];
/// Elements of no interest, with all that is in them.
const DROPPED: [&str; 6] = ["script", "style", "svg", "noscript", "template", "link"];

/// What to do with the texts that stay.
pub struct Rules<'a> {
    /// A text as it may be shown.
    pub text: &'a dyn Fn(&str) -> String,
    /// A name, which is told by more of itself.
    pub name: &'a dyn Fn(&str) -> String,
    /// An address as it may be shown.
    pub address: &'a dyn Fn(&str) -> String,
    /// Whether no text is shown that stands in something with this id, name or class.
    pub private: &'a dyn Fn(&str) -> bool,
}

/// The outline, a line for an element or a text.
///
/// # Errors
/// Where the page passes one of the limits of this module.
pub fn outline(text: &str, rules: &Rules<'_>) -> Result<String, TooMuch> {
    limits::check(text)?;
    let document = Html::parse_document(text);
    if document.tree.nodes().count() > MAX_NODES {
        return Err(TooMuch {
            what: "elements",
            limit: MAX_NODES,
        });
    }
    let mut out = String::new();
    // What is known of each node that is open, so that no node looks at all those above it.
    let mut open = Vec::new();
    for node in document.root_element().descendants() {
        let parent = node.parent().map(|parent| parent.id());
        while open.last().is_some_and(|(id, _)| Some(*id) != parent) {
            open.pop();
        }
        let above: Within = open.last().map(|(_, within)| *within).unwrap_or_default();
        let element = ElementRef::wrap(node);
        let within = element.map_or(above, |element| above.and(element, rules));
        open.push((node.id(), within));
        if above.dropped {
            continue;
        }
        if let Some(element) = element {
            line(&mut out, above.depth, &tag(element, rules));
        } else if let Some(text) = node.value().as_text()
            && !holds_a_value(node.parent().and_then(ElementRef::wrap))
        {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = match text.is_empty() || !above.private {
                true => (rules.text)(&text),
                false => "(removed)".to_owned(),
            };
            if !text.is_empty() {
                line(&mut out, above.depth, &text);
            }
        }
    }
    Ok(out)
}

/// What a node has from the elements that it stands in.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    depth: usize,
    dropped: bool,
    private: bool,
}

impl Within {
    fn and(self, element: ElementRef<'_>, rules: &Rules<'_>) -> Self {
        Self {
            depth: self.depth + 1,
            dropped: self.dropped || is_dropped(element),
            private: self.private || is_private(element, rules),
        }
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    // However deep a hostile page is, its outline is as long as it.
    out.push_str(&"  ".repeat(depth.min(20)));
    out.push_str(text);
    out.push('\n');
}

fn is_dropped(element: ElementRef<'_>) -> bool {
    DROPPED.contains(&element.value().name())
}

fn is_private(element: ElementRef<'_>, rules: &Rules<'_>) -> bool {
    let names = ["id", "name", "class"];
    let mut names = names
        .into_iter()
        .filter_map(|name| element.value().attr(name));
    names.any(|name| (rules.private)(name))
}

/// What a person has typed into it, or would.
fn holds_a_value(parent: Option<ElementRef<'_>>) -> bool {
    parent.is_some_and(|p| p.value().name() == "textarea")
}

fn tag(element: ElementRef<'_>, rules: &Rules<'_>) -> String {
    let mut tag = format!("<{}", (rules.name)(element.value().name()));
    for name in KEPT.into_iter().chain(ADDRESSES).chain(["value"]) {
        let Some(value) = element.value().attr(name) else {
            continue;
        };
        let value = match name {
            "value" if value.is_empty() => String::new(),
            "value" => "(removed)".to_owned(),
            "class" | "aria-label" | "placeholder" => (rules.text)(value),
            name if ADDRESSES.contains(&name) => (rules.address)(value),
            _ => (rules.name)(value),
        };
        tag.push_str(&format!(" {name}={value:?}"));
    }
    tag.push('>');
    tag
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// However deep an element stands, it is looked at once: not once more for each above it.
    #[test]
    fn the_work_grows_with_the_page_alone() {
        let looked = |depth: usize| {
            let asked = Cell::new(0_usize);
            let count = |text: &str| {
                asked.set(asked.get() + 1);
                text.to_owned()
            };
            let rules = Rules {
                text: &count,
                name: &count,
                address: &count,
                private: &|_| {
                    asked.set(asked.get() + 1);
                    false
                },
            };
            let page = "<div id=a class=error>x".repeat(depth);
            outline(&page, &rules).unwrap();
            asked.get()
        };
        let (few, many) = (looked(100), looked(1_000));
        assert!(many <= 11 * few, "{few} and {many}");
    }
}
