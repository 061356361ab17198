//! The forms of a sign-in page, as a browser would submit them. Pure; html5ever reads the page as
//! browsers do, so broken markup gives what the user would see.
//!
//! <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html>

use std::collections::HashMap;
use std::fmt;

use scraper::{ElementRef, Html};

use super::printable::printable;

mod clicks;
mod labels;
mod limits;
mod outline;

pub use clicks::Click;
pub use limits::{MAX_ATTRIBUTES, MAX_BYTES, MAX_FORMATTING, MAX_TAGS, TooMuch};
pub use outline::{Rules, outline};

/// Elements, texts and comments that the tags may come to, misnested ones opened again included.
pub const MAX_NODES: usize = 30_000;
/// Forms on one page.
pub const MAX_FORMS: usize = 64;
/// Controls on one page, options of a select not counted.
pub const MAX_CONTROLS: usize = 1_000;
/// Elements with an id whose text is kept.
pub const MAX_PIECES: usize = 1_000;
/// Characters of a text that are kept.
pub const MAX_TEXT: usize = 500;

/// What a login needs to know of a page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// `<title>`, fit to print.
    pub title: String,
    /// In document order.
    pub forms: Vec<Form>,
    /// `<meta http-equiv=refresh>`.
    pub meta_refresh: Option<Refresh>,
    /// Elements that have an id, with what stands in them.
    pub pieces: Vec<Piece>,
    /// What the page complains of or warns about, fit to print, in document order.
    pub alerts: Vec<String>,
    /// Elements that a script of the page makes a choice of.
    pub clicks: Vec<Click>,
}

/// `<meta http-equiv="refresh" content="DELAY; url=URL">`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// Seconds until the page goes on.
    pub delay: u32,
    /// Where to, as written.
    pub url: String,
}

/// An element with an id: error labels, instructions, links that stand for a choice.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The id.
    pub id: String,
    /// The element's name.
    pub element: String,
    /// Its classes.
    pub classes: Vec<String>,
    /// The text in it, fit to print; scripts and styles left out.
    pub text: String,
}

/// One `<form>`.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The `id` attribute; empty where absent.
    pub id: String,
    /// The `name` attribute; empty where absent.
    pub name: String,
    /// As written: it may be relative or a script. Empty where absent, which means the page's own URL.
    pub action: String,
    /// How it is sent.
    pub method: FormMethod,
    /// Its fields in the order of submission; buttons are in `submits`.
    pub controls: Vec<Control>,
    /// Buttons that would send it.
    pub submits: Vec<Control>,
}

/// A form's `method`. A dialog form is never sent; it counts as GET, as any unknown word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FormMethod {
    /// Fields in the URL's query.
    #[default]
    Get,
    /// Fields in the body.
    Post,
}

/// One field. Its value may be an assertion or a password, so Debug leaves the value out.
#[derive(Clone, Default)]
pub struct Control {
    /// The `name` attribute; a control without one is not sent.
    pub name: String,
    /// The `id` attribute; empty where absent. Names are what fields are told by: AD FS misspells
    /// its own ids.
    pub id: String,
    /// What it is.
    pub kind: ControlKind,
    /// What the page has put in it.
    pub value: String,
    /// Whether a browser sends it: not disabled, and checked where it can be.
    pub sent: bool,
    /// Its `type`, in lower case; empty where absent.
    pub input_type: String,
    /// Its `autocomplete`, in lower case: what browsers and password managers know it by.
    pub autocomplete: String,
    /// What it is called to the person, fit to print; empty where the page has no name for it.
    pub label: String,
    /// Whether it cannot be changed or pressed.
    pub disabled: bool,
    /// Of a select: value and text of each option that can be chosen.
    pub options: Vec<(String, String)>,
}

/// The sorts of control, as far as a login treats them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlKind {
    /// Text, e-mail, telephone and every type that HTML does not know.
    #[default]
    Text,
    /// `type=password`.
    Password,
    /// `type=hidden`.
    Hidden,
    /// A checkbox or radio button.
    Check,
    /// A select; its value is the selected option's.
    Select,
    /// Sends the form.
    Submit,
}

impl Form {
    /// The first control of that name, letter for letter.
    #[must_use]
    pub fn control(&self, name: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.name == name)
    }
}

impl Page {
    /// The text of the element with that id, where it has any.
    #[must_use]
    pub fn text_of(&self, id: &str) -> Option<&str> {
        self.pieces
            .iter()
            .find(|p| p.id == id && !p.text.is_empty())
            .map(|p| p.text.as_str())
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Reads a page.
///
/// # Errors
/// Where it passes one of the limits of this module.
pub fn read(text: &str) -> Result<Page, TooMuch> {
    limits::check(text)?;
    let document = Html::parse_document(text);
    if document.tree.nodes().count() > MAX_NODES {
        return Err(TooMuch {
            what: "elements",
            limit: MAX_NODES,
        });
    }
    let mut page = Page::default();
    let mut fields = Fields::default();
    let mut labels = labels::Labels::default();
    // Not `select`: it walks in the order in which nodes were made, and a form inside a table was
    // made before what it was moved behind.
    for element in document
        .tree
        .root()
        .descendants()
        .filter_map(ElementRef::wrap)
    {
        let name = element.value().name();
        // Controls of a template are a browser's, too, only once a script has used it.
        if inside(element, "template") {
            continue;
        }
        match name {
            "form" => fields.open_form(element)?,
            "input" | "select" | "textarea" | "button" => fields.add(element)?,
            "title" if page.title.is_empty() => page.title = text_in(element),
            "meta" if page.meta_refresh.is_none() => page.meta_refresh = refresh(element),
            "label" => labels.add(element),
            _ => {}
        }
        if page.alerts.len() < labels::MAX_ALERTS {
            page.alerts.extend(labels::alert(element));
        }
        if let Some(id) = element.value().id()
            && page.pieces.len() < MAX_PIECES
        {
            page.pieces.push(Piece {
                id: id.to_owned(),
                element: name.to_owned(),
                classes: element.value().classes().map(str::to_owned).collect(),
                text: text_in(element),
            });
        }
        if page.clicks.len() < MAX_PIECES {
            page.clicks.extend(clicks::read(element));
        }
    }
    page.alerts.retain(|text| !text.is_empty());
    page.forms = fields.into_forms();
    labels.give(&mut page.forms);
    Ok(page)
}

/// Forms and controls while the page is walked: which form a control belongs to is settled at the end.
#[derive(Default)]
struct Fields<'a> {
    forms: Vec<Form>,
    /// The element of each form.
    elements: Vec<ElementRef<'a>>,
    found: Vec<Found>,
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
    fn open_form(&mut self, element: ElementRef<'a>) -> Result<(), TooMuch> {
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
            method: if method.trim().eq_ignore_ascii_case("post") {
                FormMethod::Post
            } else {
                FormMethod::Get
            },
            ..Form::default()
        });
        Ok(())
    }

    fn add(&mut self, element: ElementRef<'a>) -> Result<(), TooMuch> {
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
            None => element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|a| a.value().name() == "form")
                .and_then(|form| self.elements.iter().position(|e| *e == form))
                .map_or_else(
                    || Owner::After(self.forms.len().checked_sub(1)),
                    Owner::Inside,
                ),
        };
        self.found.push(Found { control, owner });
        Ok(())
    }

    /// Descendants first, then `form=` references; a form that got nothing by these is one that the
    /// parser took apart (`<table><form>` moves the rows out of the form, while a browser still
    /// submits them with it), so it gets the stray controls up to the next form.
    fn into_forms(self) -> Vec<Form> {
        let Self {
            mut forms, found, ..
        } = self;
        let named: HashMap<String, usize> = forms
            .iter()
            .enumerate()
            .rev()
            .map(|(at, form)| (form.id.clone(), at))
            .collect();
        let owner = |found: &Found| match &found.owner {
            Owner::Inside(at) => Some(*at),
            Owner::Named(id) => named.get(id).copied().filter(|_| !id.is_empty()),
            Owner::After(_) => None,
        };
        let mut has_own = vec![false; forms.len()];
        for at in found.iter().filter_map(owner) {
            has_own[at] = true;
        }
        for found in found {
            let stray = match found.owner {
                Owner::After(at) => at.filter(|at| !has_own[*at]),
                _ => None,
            };
            let Some(at) = owner(&found).or(stray) else {
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
        input_type: kind_text,
        options: options.into_iter().map(option).collect(),
    })
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

/// `content="0; url='…'"`: the number, a separator, `url=`, an address with or without quotes.
fn refresh(meta: ElementRef<'_>) -> Option<Refresh> {
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

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.value().attr(name).unwrap_or_default().to_owned()
}

fn inside(element: ElementRef<'_>, name: &str) -> bool {
    element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|a| a.value().name() == name)
}

/// What a person would read in the element. Stops once it has enough: outer elements hold the page.
fn text_in(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants().take(1_000) {
        let Some(piece) = node.value().as_text() else {
            continue;
        };
        let unread = node
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|p| ["script", "style", "noscript"].contains(&p.value().name()));
        if !unread {
            text.push(' ');
            text.push_str(piece);
        }
        if text.len() > 8 * MAX_TEXT {
            break;
        }
    }
    printable(&text, MAX_TEXT)
}

#[cfg(test)]
mod tests;
