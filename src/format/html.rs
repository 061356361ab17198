//! The forms of a sign-in page, as a browser would submit them. Pure; html5ever reads the page as
//! browsers do, so broken markup gives what the user would see.
//!
//! <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html>

use std::fmt;

use scraper::{ElementRef, Html};

use super::printable::printable;

mod captcha;
mod clicks;
mod controls;
mod labels;
mod leads;
mod limits;
mod outline;

pub use clicks::Click;
pub use leads::AutoSubmit;
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
/// Characters of the whole page's text that are kept.
pub const MAX_READ: usize = 4_000;

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
    /// Links to a place in the page itself: tabs.
    pub jumps: Vec<Jump>,
    /// What a person would read, as far as it is kept; fit to print.
    pub text: String,
    /// `<base href>`, as written: what relative addresses start from. Empty where absent.
    pub base: String,
    /// What stands in `<noscript>`, for whoever runs no scripts: a page of its own to [`read`].
    pub noscript: String,
    /// Whether it has scripts.
    pub scripts: bool,
    /// How one of them sends a form, or presses its button, without anybody's doing: the latest of them.
    pub sends_itself: Option<AutoSubmit>,
}

/// `<a href="#TARGET">TEXT</a>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// The id that it leads to; never empty.
    pub target: String,
    /// The text in it, fit to print; never empty.
    pub text: String,
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
    /// The page's [`Page::base`], which a relative action starts from.
    pub base: String,
    /// How it is sent.
    pub method: FormMethod,
    /// Its fields in the order of submission; buttons are in `submits`.
    pub controls: Vec<Control>,
    /// Buttons that would send it.
    pub submits: Vec<Control>,
    /// Whether an element stands in it, for the person to see, that a captcha's script fills.
    pub captcha: bool,
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
    /// Its `type`, in lower case; empty where absent; `textarea` where it is one.
    pub input_type: String,
    /// Its `autocomplete`, in lower case: what browsers and password managers know it by.
    pub autocomplete: String,
    /// What it is called to the person, fit to print; empty where the page has no name for it.
    pub label: String,
    /// Whether it cannot be changed or pressed.
    pub disabled: bool,
    /// Of a select: value and text of each option that can be chosen.
    pub options: Vec<(String, String)>,
    /// Of a select: whether the page itself has chosen one.
    pub preselected: bool,
    /// Whether the page's own markup hides it from the person.
    pub concealed: bool,
    /// Whether the person cannot write into it.
    pub read_only: bool,
    /// Of a button: the action that it sends the form to instead, as written.
    pub form_action: Option<String>,
    /// Of a button: how it sends the form instead.
    pub form_method: Option<FormMethod>,
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
    /// The page as whoever runs no scripts has it, as far as it says so.
    ///
    /// # Errors
    /// As for [`read`].
    pub fn without_scripts(&self) -> Result<Page, TooMuch> {
        let mut page = read(&self.noscript)?;
        page.title.clone_from(&self.title);
        page.base.clone_from(&self.base);
        for form in &mut page.forms {
            form.base.clone_from(&self.base);
        }
        Ok(page)
    }

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
    let mut fields = controls::Fields::default();
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
            "meta" if page.meta_refresh.is_none() => page.meta_refresh = leads::refresh(element),
            "label" => labels.add(element),
            "a" if page.jumps.len() < MAX_FORMS => page.jumps.extend(leads::jump(element)),
            "base" if page.base.is_empty() => page.base = leads::base(element),
            "noscript" => page.noscript.extend(element.text()),
            "body" => page.text = text_up_to(element, MAX_READ),
            "script" => page.scripts = true,
            // An element of the page's own, which nothing but its script fills.
            name if name.contains('-') => page.scripts = true,
            _ => {}
        }
        if captcha::is_widget(element) {
            fields.add_captcha(element);
        }
        page.sends_itself = page.sends_itself.max(leads::sends(element));
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
    for form in &mut page.forms {
        form.base.clone_from(&page.base);
    }
    Ok(page)
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

/// What a person would read in the element.
fn text_in(element: ElementRef<'_>) -> String {
    text_up_to(element, MAX_TEXT)
}

/// The same, so many characters of it. Stops once it has enough: outer elements hold the page.
fn text_up_to(element: ElementRef<'_>, limit: usize) -> String {
    let mut text = String::new();
    for node in element.descendants().take(2 * limit) {
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
        if text.len() > 8 * limit {
            break;
        }
    }
    printable(&text, limit)
}

#[cfg(test)]
mod tests;
