//! Home realm discovery: whose sign-in page it is to be.

use super::{Heard, joined, page, pages};
use crate::bed::Bed;
use crate::scenario::SignIn;
use crate::server::Answer;

const OWN: &str = "http://adfs.example.com/adfs/services/trust";
const REALMS: &[(&str, &str)] = &[
    (OWN, "Active Directory"),
    ("https://partner.example.org/saml", "Example Partner"),
];
const LIST_2_0: &str = "ctl00$ContentPlaceHolder1$PassiveIdentityProvidersDropDownList";
const BUTTON_2_0: &str = "ctl00$ContentPlaceHolder1$PassiveSignInButton";

/// The question, where there is one.
pub(super) fn asked(bed: &Bed, heard: &Heard) -> Option<Answer> {
    let action = format!(
        "{}?{}",
        heard.path,
        heard.query.replace(['"', '<', '>'], "")
    );
    let body = match bed.scenario.sign_in {
        SignIn::HomeRealm => pages::home_realm(&action, REALMS),
        SignIn::HomeRealm20 => {
            let (view_state, validation) = bed.sessions.new_view_state();
            pages::home_realm_2_0(&action, REALMS, &view_state, &validation)
        }
        _ => return None,
    };
    Some(page(200, body).note("asked for the organization"))
}

/// Its answer, if this is one.
pub(super) fn posted(bed: &Bed, heard: &Heard) -> Option<Answer> {
    let names: Vec<&str> = heard.form.iter().map(|(name, _)| name.as_str()).collect();
    let chosen = match bed.scenario.sign_in {
        SignIn::HomeRealm if names.contains(&"HomeRealmSelection") => {
            if names != ["HomeRealmSelection", "Email"] {
                return Some(refused("fields that the page does not have"));
            }
            joined(&heard.form, "HomeRealmSelection")
        }
        SignIn::HomeRealm20 if names.contains(&LIST_2_0) => {
            let value = |name| joined(&heard.form, name).unwrap_or_default();
            if !bed
                .sessions
                .is_view_state(&value("__VIEWSTATE"), &value("__EVENTVALIDATION"))
            {
                return Some(refused("the view state is not the page's"));
            }
            if value(BUTTON_2_0).is_empty() {
                return Some(refused("no button was pressed"));
            }
            joined(&heard.form, LIST_2_0)
        }
        _ => return None,
    };
    let is_own = chosen.as_deref() == Some(OWN);
    Some(match is_own {
        true => super::ask(bed, heard, "", "").note("the organization was chosen"),
        false => refused("an organization that is not there"),
    })
}

fn refused(why: &str) -> Answer {
    page(200, pages::error("An error occurred.")).note(format!("refused: {why}"))
}
