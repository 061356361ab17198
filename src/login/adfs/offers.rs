//! Choices that AD FS leaves to the person: a second factor, an organization.

use crate::format::html::{Control, Form, Page};
use crate::format::printable::printable;
use crate::login::Offer;

use super::method::{method_name, needs_browser};

/// Offers that are shown; nobody reads more.
const MOST: usize = 50;

/// A form, the field in it that a choice goes into, and what there is to choose.
#[derive(Debug, Clone)]
pub(super) struct Offers<'a> {
    /// What goes back.
    pub(super) form: &'a Form,
    /// The name under which the choice is sent.
    pub(super) field: String,
    /// What the field has for an id; empty where it has a name.
    pub(super) field_id: String,
    /// What there is.
    pub(super) offers: Vec<Offer>,
}

/// "Authentication Options": a form with an empty `AuthMethod` that links fill in and send.
pub(super) fn methods(page: &Page) -> Option<Offers<'_>> {
    let chooses = |form: &&Form| {
        form.control("AuthMethod")
            .is_some_and(|c| c.value.is_empty())
    };
    let form = page.forms.iter().find(chooses)?;
    let is_link = |classes: &[String]| classes.iter().any(|class| class == "actionLink");
    let by_id = page
        .pieces
        .iter()
        .filter(|p| p.element == "a" && is_link(&p.classes))
        .map(|p| (p.id.clone(), p.text.clone()));
    let by_script = page
        .clicks
        .iter()
        .filter(|click| click.call.ends_with("SelectOption"))
        .map(|click| (click.argument.clone(), click.text.clone()));
    let mut offers = Vec::new();
    for (id, text) in by_script.chain(by_id) {
        let label = match text.is_empty() {
            true => method_name(&id),
            false => printable(&text, 100),
        };
        add(&mut offers, id, label);
    }
    (!offers.is_empty()).then(|| Offers {
        form,
        field: "AuthMethod".to_owned(),
        field_id: String::new(),
        offers,
    })
}

/// The page that asks for the organization (home realm discovery): a field that a script fills in and
/// gives its name, or AD FS 2.0's drop-down list.
pub(super) fn home_realms(page: &Page) -> Option<Offers<'_>> {
    page.forms.iter().find_map(|form| {
        let field = form.controls.iter().find(|c| is_realm(c))?;
        let mut offers = Vec::new();
        for (value, text) in &field.options {
            add(&mut offers, value.clone(), text.clone());
        }
        if field.options.is_empty() {
            let chosen = page
                .clicks
                .iter()
                .filter(|click| click.call.to_ascii_lowercase().ends_with("selection"));
            for click in chosen {
                add(
                    &mut offers,
                    click.argument.clone(),
                    printable(&click.text, 100),
                );
            }
        }
        let field_id = match field.name.is_empty() {
            true => field.id.clone(),
            false => String::new(),
        };
        let field = match field.name.is_empty() {
            true => "HomeRealmSelection".to_owned(),
            false => field.name.clone(),
        };
        Some(Offers {
            form,
            field,
            field_id,
            offers,
        })
    })
}

fn is_realm(control: &Control) -> bool {
    control.id == "hrdSelection"
        || control.name == "HomeRealmSelection"
        || control
            .name
            .ends_with("PassiveIdentityProvidersDropDownList")
}

fn add(offers: &mut Vec<Offer>, id: String, label: String) {
    let is_new = offers.iter().all(|offer: &Offer| offer.id != id);
    if is_new && !id.is_empty() && offers.len() < MOST {
        let label = match label.is_empty() {
            true => printable(&id, 100),
            false => label,
        };
        offers.push(Offer { id, label });
    }
}

impl Offers<'_> {
    /// Those that can be answered here after the password.
    pub(super) fn of_factors(&self) -> Self {
        let mut possible = self.clone();
        possible
            .offers
            .retain(|offer| !needs_browser(&offer.id) && offer.id != "FormsAuthentication");
        possible
    }

    /// The form with this choice in it.
    pub(super) fn chosen(&self, id: &str) -> Form {
        let mut form = self.form.clone();
        let by_name = |c: &Control| self.field_id.is_empty() && c.name == self.field;
        let by_id = |c: &Control| !self.field_id.is_empty() && c.id == self.field_id;
        for control in form.controls.iter_mut() {
            if by_name(control) || by_id(control) {
                control.name.clone_from(&self.field);
                id.clone_into(&mut control.value);
                control.sent = true;
            }
        }
        form
    }
}
