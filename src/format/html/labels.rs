//! What a page calls its controls, and what it complains of: told by structure, and only then by words.

use std::collections::HashMap;

use scraper::ElementRef;

use super::{Form, MAX_PIECES, MAX_TEXT, attribute, inside, text_in};
use crate::format::printable::printable;

/// Complaints of one page that are kept.
pub(super) const MAX_ALERTS: usize = 50;

/// `<label for=ID>` by ID.
#[derive(Default)]
pub(super) struct Labels {
    by_id: HashMap<String, String>,
}

impl Labels {
    pub(super) fn add(&mut self, label: ElementRef<'_>) {
        let id = attribute(label, "for");
        if !id.is_empty() && self.by_id.len() < MAX_PIECES {
            self.by_id.entry(id).or_insert_with(|| text_in(label));
        }
    }

    /// A label that names a control wins over what the control says of itself.
    pub(super) fn give(&self, forms: &mut [Form]) {
        for control in forms.iter_mut().flat_map(|form| &mut form.controls) {
            if let Some(text) = self.by_id.get(&control.id).filter(|text| !text.is_empty()) {
                control.label.clone_from(text);
            }
        }
    }
}

/// What the control itself says: a button's text, the label around it, what assistive programs read.
pub(super) fn own(element: ElementRef<'_>) -> String {
    let said = |name: &str| printable(&attribute(element, name), MAX_TEXT);
    let is_button = element.value().name() == "button";
    let text = if is_button {
        text_in(element)
    } else {
        around(element)
    };
    let value = if ["submit", "image"].contains(&attribute(element, "type").trim()) {
        said("value")
    } else {
        String::new()
    };
    [
        text,
        value,
        said("aria-label"),
        said("alt"),
        said("placeholder"),
        said("title"),
    ]
    .into_iter()
    .find(|text| !text.is_empty())
    .unwrap_or_default()
}

fn around(element: ElementRef<'_>) -> String {
    let mut labels = element
        .ancestors()
        .take(8)
        .filter_map(ElementRef::wrap)
        .filter(|ancestor| ancestor.value().name() == "label");
    labels.next().map(text_in).unwrap_or_default()
}

/// An element whose purpose is a complaint: by its role for assistive programs, or by the names that
/// every style sheet gives it. Not one that other controls stand in: that is the page's frame.
pub(super) fn alert(element: ElementRef<'_>) -> Option<String> {
    if !is_alert(element) {
        return None;
    }
    // A sign without words stands for what is beside it.
    let is_sign = ["img", "svg", "i"].contains(&element.value().name());
    let beside = element.parent().and_then(ElementRef::wrap);
    let speaks = beside.filter(|beside| is_sign && !holds_controls(*beside));
    Some(text_in(speaks.unwrap_or(element)))
}

fn is_alert(element: ElementRef<'_>) -> bool {
    const BAD: [&str; 4] = ["error", "alert", "danger", "invalid"];
    const GOOD: [&str; 5] = ["info", "success", "positive", "hidden", "none"];
    let name = element.value().name();
    if [
        "html", "body", "form", "input", "script", "style", "template",
    ]
    .contains(&name)
        || inside(element, "head")
    {
        return false;
    }
    let is_any = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
    let classes: Vec<String> = element.value().classes().map(str::to_lowercase).collect();
    let id = attribute(element, "id").to_lowercase();
    if classes.iter().any(|class| is_any(&GOOD, class)) {
        return false;
    }
    let says_so = attribute(element, "role") == "alert"
        || classes.iter().any(|class| is_any(&BAD, class))
        || is_any(&BAD, &id);
    says_so && !holds_controls(element)
}

fn holds_controls(element: ElementRef<'_>) -> bool {
    element
        .descendants()
        .take(200)
        .filter_map(ElementRef::wrap)
        .any(|inner| ["input", "form", "button", "select"].contains(&inner.value().name()))
}
