//! The forms of a page and what stands in them, as a browser would send it.

use std::collections::HashMap;

use scraper::ElementRef;

use super::{
    Control, ControlKind, Form, FormMethod, MAX_CONTROLS, MAX_FORMS, TooMuch, attribute, labels,
    text_in,
};

/// Elements around a control that are asked whether they hide it.
const DEEPEST: usize = 32;

/// Forms and controls while the page is walked: which form a control belongs to is settled at the end.
#[derive(Default)]
pub(super) struct Fields<'a> {
    forms: Vec<Form>,
    /// The element of each form.
    elements: Vec<ElementRef<'a>>,
    found: Vec<Found>,
    captchas: Vec<Owner>,
}

struct Found {
    control: Control,
    owner: Owner,
}

enum Owner {
    /// Index of the form it stands in.
    Inside(usize),
    /// The id in its `form` attribute, which wins over where it stands.
    Named(String),
    /// In no form; the form that was opened last before it.
    After(Option<usize>),
}

impl<'a> Fields<'a> {
    pub(super) fn open_form(&mut self, element: ElementRef<'a>) -> Result<(), TooMuch> {
        if self.forms.len() == MAX_FORMS {
            return Err(TooMuch {
                what: "forms",
                limit: MAX_FORMS,
            });
        }
        let method = attribute(element, "method");
        self.elements.push(element);
        self.forms.push(Form {
            id: attribute(element, "id"),
            name: attribute(element, "name"),
            // HTML strips leading and trailing blanks of a URL attribute.
            action: attribute(element, "action").trim().to_owned(),
            method: method_of(&method),
            ..Form::default()
        });
        Ok(())
    }

    pub(super) fn add(&mut self, element: ElementRef<'a>) -> Result<(), TooMuch> {
        let Some(control) = control(element) else {
            return Ok(());
        };
        if self.found.len() == MAX_CONTROLS {
            return Err(TooMuch {
                what: "form controls",
                limit: MAX_CONTROLS,
            });
        }
        let owner = match element.value().attr("form") {
            Some(id) => Owner::Named(id.to_owned()),
            None => self.place(element),
        };
        self.found.push(Found { control, owner });
        Ok(())
    }

    pub(super) fn add_captcha(&mut self, element: ElementRef<'a>) {
        if self.captchas.len() < MAX_CONTROLS {
            self.captchas.push(self.place(element));
        }
    }

    fn place(&self, element: ElementRef<'a>) -> Owner {
        element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|a| a.value().name() == "form")
            .and_then(|form| self.elements.iter().position(|e| *e == form))
            .map_or_else(
                || Owner::After(self.forms.len().checked_sub(1)),
                Owner::Inside,
            )
    }

    /// Descendants first, then `form=` references; a form that got nothing by these is one that the
    /// parser took apart (`<table><form>` moves the rows out of the form, while a browser still
    /// submits them with it), so it gets the stray controls up to the next form.
    pub(super) fn into_forms(self) -> Vec<Form> {
        let Self {
            mut forms,
            found,
            captchas,
            ..
        } = self;
        let named: HashMap<String, usize> = forms
            .iter()
            .enumerate()
            .rev()
            .map(|(at, form)| (form.id.clone(), at))
            .collect();
        let owner = |owner: &Owner| match owner {
            Owner::Inside(at) => Some(*at),
            Owner::Named(id) => named.get(id).copied().filter(|_| !id.is_empty()),
            Owner::After(_) => None,
        };
        let mut has_own = vec![false; forms.len()];
        for at in found.iter().filter_map(|found| owner(&found.owner)) {
            has_own[at] = true;
        }
        let settled = |place: &Owner| {
            let stray = match place {
                Owner::After(at) => at.filter(|at| !has_own[*at]),
                _ => None,
            };
            owner(place).or(stray)
        };
        for at in captchas.iter().filter_map(settled) {
            forms[at].captcha = true;
        }
        for found in found {
            let Some(at) = settled(&found.owner) else {
                continue;
            };
            if found.control.kind == ControlKind::Submit {
                forms[at].submits.push(found.control);
            } else {
                forms[at].controls.push(found.control);
            }
        }
        forms
    }
}

fn method_of(text: &str) -> FormMethod {
    match text.trim().eq_ignore_ascii_case("post") {
        true => FormMethod::Post,
        false => FormMethod::Get,
    }
}

/// `None` for what is never sent: resets, plain buttons, files.
fn control(element: ElementRef<'_>) -> Option<Control> {
    let kind_text = attribute(element, "type").trim().to_ascii_lowercase();
    let name = element.value().name();
    let kind = match (name, kind_text.as_str()) {
        ("select", _) => ControlKind::Select,
        ("textarea", _) => ControlKind::Text,
        ("input" | "button", "reset" | "button") | ("input", "file") => return None,
        ("input", "submit" | "image") | ("button", _) => ControlKind::Submit,
        ("input", "password") => ControlKind::Password,
        ("input", "hidden") => ControlKind::Hidden,
        ("input", "checkbox" | "radio") => ControlKind::Check,
        _ => ControlKind::Text,
    };
    let has = |attribute: &str| element.value().attr(attribute).is_some();
    let options = match kind {
        ControlKind::Select => options(element),
        _ => Vec::new(),
    };
    let of_button = |name: &str| {
        let value = element.value().attr(name).filter(|text| !text.is_empty());
        value.filter(|_| kind == ControlKind::Submit)
    };
    let value = match (kind, name) {
        (ControlKind::Select, _) => selected(element),
        (_, "textarea") => Some(element.text().collect()),
        (ControlKind::Check, _) if !has("value") => Some("on".to_owned()),
        _ => Some(attribute(element, "value")),
    };
    Some(Control {
        name: attribute(element, "name"),
        id: attribute(element, "id"),
        kind,
        sent: !has("disabled") && value.is_some() && (kind != ControlKind::Check || has("checked")),
        value: value.unwrap_or_default(),
        autocomplete: attribute(element, "autocomplete")
            .trim()
            .to_ascii_lowercase(),
        label: labels::own(element),
        disabled: has("disabled"),
        preselected: options.iter().any(|o| o.value().attr("selected").is_some()),
        concealed: is_concealed(element),
        read_only: has("readonly"),
        form_action: of_button("formaction").map(|text| text.trim().to_owned()),
        form_method: of_button("formmethod").map(method_of),
        input_type: match name {
            "textarea" => name.to_owned(),
            _ => kind_text,
        },
        options: options.into_iter().map(option).collect(),
    })
}

/// Hidden by its own markup, or by that of what it stands in: a trap for programs that fill in all there
/// is. What a style sheet hides is not known here.
pub(super) fn is_concealed(element: ElementRef<'_>) -> bool {
    let above = element.ancestors().filter_map(ElementRef::wrap);
    let hides = |element: ElementRef<'_>| {
        let style: String = attribute(element, "style")
            .to_ascii_lowercase()
            .split_whitespace()
            .collect();
        element.value().attr("hidden").is_some()
            || ["display:none", "visibility:hidden"]
                .iter()
                .any(|word| style.contains(word))
    };
    let skipped = attribute(element, "tabindex").trim().starts_with('-')
        && attribute(element, "aria-hidden") == "true";
    skipped
        || std::iter::once(element)
            .chain(above.take(DEEPEST))
            .any(hides)
}

/// The last option marked as selected, else the first that is not disabled. Of a `multiple` select
/// nothing is selected by itself; several selected options are not a thing of sign-in pages.
fn selected(select: ElementRef<'_>) -> Option<String> {
    let options = options(select);
    let chosen = options
        .iter()
        .rfind(|o| o.value().attr("selected").is_some());
    let first = options
        .first()
        .filter(|_| select.value().attr("multiple").is_none());
    chosen.or(first).map(|chosen| option(*chosen).0)
}

fn options(select: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    select
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|e| e.value().name() == "option" && e.value().attr("disabled").is_none())
        .collect()
}

/// Value and text.
fn option(option: ElementRef<'_>) -> (String, String) {
    let text = || {
        let text: String = option.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let value = option.value().attr("value").map(str::to_owned);
    (value.unwrap_or_else(text), text_in(option))
}
