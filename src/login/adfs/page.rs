//! What a page of AD FS is. Every kind that was ever seen has a sample in `tests/cases/pages/adfs`.

use crate::format::html::{Form, FormMethod, Page};
use crate::format::printable::printable;
use crate::login::{acs, form};

use super::complaint::complaint;
use super::factor::{self, Factor};
use super::offers::{self, Offers};

/// The kinds of page, and what of them matters.
#[derive(Debug, Clone)]
pub(super) enum PageKind<'a> {
    /// The SAML response on its way to AWS.
    Assertion { form: &'a Form },
    /// User name and password.
    SignIn { form: &'a Form },
    /// The same with a complaint above it, or an error page.
    Refused {
        text: String,
        form: Option<&'a Form>,
    },
    /// The password must be changed.
    ChangePassword,
    /// A second factor.
    SecondFactor(Factor<'a>),
    /// A choice of methods.
    Options(Offers<'a>),
    /// A choice of organizations.
    HomeRealm(Offers<'a>),
    /// HTTP 401 with these schemes.
    WindowsIntegrated { schemes: String },
    /// Hidden fields that a script would post on.
    AutoPost { form: &'a Form },
    /// `<meta http-equiv=refresh>` to this address, and no form.
    Refresh { url: String },
    /// No form at all.
    NoForm,
    /// Forms, none of them known.
    Unknown,
}

/// Most specific first: pages for a second factor repeat parts of the sign-in page, and every page may
/// end in the form of other methods.
pub(super) fn classify<'a>(
    page: &'a Page,
    status: u16,
    www_authenticate: &[String],
) -> PageKind<'a> {
    if let Some(form) = acs::response_form(page) {
        return PageKind::Assertion { form };
    }
    if page.forms.iter().any(changes_password) {
        return PageKind::ChangePassword;
    }
    if let Some(factor) = factor::read(page) {
        return PageKind::SecondFactor(factor);
    }
    if let Some(form) = form::sign_in(page) {
        return match complaint(page) {
            Some(text) => PageKind::Refused {
                text,
                form: Some(form),
            },
            None => PageKind::SignIn { form },
        };
    }
    if let Some(methods) = offers::methods(page) {
        return PageKind::Options(methods);
    }
    if let Some(realms) = offers::home_realms(page) {
        return PageKind::HomeRealm(realms);
    }
    if status == 401 && !www_authenticate.is_empty() {
        return PageKind::WindowsIntegrated {
            schemes: schemes(www_authenticate),
        };
    }
    if let Some(text) = complaint(page) {
        return PageKind::Refused { text, form: None };
    }
    let mut hops = page.forms.iter().filter(|form| is_hop(form));
    if let (Some(form), None) = (hops.next(), hops.next()) {
        return PageKind::AutoPost { form };
    }
    match &page.meta_refresh {
        // Slower ones are sessions that run out under the reader.
        Some(refresh) if page.forms.is_empty() && refresh.delay <= 5 && !refresh.url.is_empty() => {
            PageKind::Refresh {
                url: refresh.url.clone(),
            }
        }
        _ if page.forms.is_empty() => PageKind::NoForm,
        _ => PageKind::Unknown,
    }
}

/// `/adfs/portal/updatepassword`: OldPassword, NewPassword, ConfirmNewPassword.
fn changes_password(form: &Form) -> bool {
    let named = |word: &str| {
        form.controls
            .iter()
            .any(|c| c.name.to_ascii_lowercase().contains(word))
    };
    named("newpassword") || (named("oldpassword") && named("confirm"))
}

fn schemes(www_authenticate: &[String]) -> String {
    let first_words = www_authenticate
        .iter()
        .filter_map(|h| h.split_whitespace().next());
    printable(&first_words.collect::<Vec<_>>().join(", "), 80)
}

/// Hidden fields and nothing to decide. Not by GET, which is how pages offer a yes and a no, and not
/// the form of other methods that stands at the end of many pages.
fn is_hop(form: &Form) -> bool {
    form.method == FormMethod::Post
        && form.id != "options"
        && form.controls.iter().any(|c| !c.name.is_empty())
        && form::only_hidden(form)
}
