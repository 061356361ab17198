//! What a page of AD FS is. Every kind that was ever seen has a sample in `tests/cases/pages/adfs`.

use crate::format::html::{Form, FormMethod, Page};
use crate::format::printable::printable;
use crate::login::{acs, form};

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
    /// A second factor of this kind.
    Mfa { method: String },
    /// A choice of second factors.
    MfaOptions { methods: Vec<String> },
    /// A choice of organizations.
    HomeRealm,
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
    if let Some(method) = page.forms.iter().find_map(second_factor) {
        return PageKind::Mfa { method };
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
    let methods = offered_methods(page);
    if !methods.is_empty() {
        return PageKind::MfaOptions { methods };
    }
    if page.forms.iter().any(chooses_home_realm) {
        return PageKind::HomeRealm;
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

/// Every page of an additional method echoes `Context`, and names its adapter in `AuthMethod`. Duo's
/// newer adapter has names of its own. Neither is on a sign-in page.
fn second_factor(form: &Form) -> Option<String> {
    let value = |name: &str| {
        form.control(name)
            .map(|c| c.value.trim())
            .filter(|value| !value.is_empty())
    };
    let context = value("Context").or_else(|| value("adfs_context"));
    let adapter = value("AuthMethod").or_else(|| value("adfs_auth_method"))?;
    let is_primary = ["FormsAuthentication", "WindowsAuthentication"].contains(&adapter);
    (context.is_some() && !is_primary).then(|| method_name(adapter))
}

/// The adapter's name as AD FS has it, with the product where that is not plain.
fn method_name(adapter: &str) -> String {
    let product = match adapter {
        "AzureMfaAuthentication" => "Microsoft Entra multifactor authentication",
        "AzureMfaServerAuthentication" => "Azure MFA Server",
        "AzurePrimaryAuthentication" => "Microsoft Entra verification code instead of the password",
        "CertificateAuthentication" => "client certificate",
        "DuoAdfsAdapter" => "Duo",
        "SafeNet-MFA" => "SafeNet",
        "SecurIDAuthentication" | "SecurIDv2Authentication" => "RSA SecurID",
        "SilverfortAdfs" => "Silverfort",
        "SymantecVipAdapter"
        | "VIPAuthenticationProviderWindowsAccountName"
        | "VIPAuthenticationProviderUPN" => "Symantec VIP",
        _ => "",
    };
    let adapter = printable(adapter, 80);
    if product.is_empty() {
        adapter
    } else {
        format!("{adapter}: {product}")
    }
}

/// "Authentication Options": a form with an empty `AuthMethod` that links fill in and send.
fn offered_methods(page: &Page) -> Vec<String> {
    let chooses = |form: &Form| {
        form.control("AuthMethod")
            .is_some_and(|c| c.value.is_empty())
    };
    if !page.forms.iter().any(chooses) {
        return Vec::new();
    }
    page.pieces
        .iter()
        .filter(|p| p.element == "a" && p.classes.iter().any(|class| class == "actionLink"))
        .take(20)
        .map(|p| {
            if p.text.is_empty() {
                method_name(&p.id)
            } else {
                p.text.clone()
            }
        })
        .collect()
}

/// The field has an id and no name until a script runs; AD FS 2.0 has a drop-down list.
fn chooses_home_realm(form: &Form) -> bool {
    form.controls.iter().any(|c| {
        c.id == "hrdSelection"
            || c.name == "HomeRealmSelection"
            || c.name.ends_with("PassiveIdentityProvidersDropDownList")
    })
}

fn schemes(www_authenticate: &[String]) -> String {
    let first_words = www_authenticate
        .iter()
        .filter_map(|h| h.split_whitespace().next());
    printable(&first_words.collect::<Vec<_>>().join(", "), 80)
}

/// What the page complains of. The element is there from the start and empty while all is well.
fn complaint(page: &Page) -> Option<String> {
    let is_error =
        |id: &str| matches!(id, "errorText" | "errorMessage") || id.ends_with("ErrorTextLabel");
    page.pieces
        .iter()
        .find(|piece| is_error(&piece.id) && !piece.text.is_empty())
        .map(|piece| piece.text.clone())
}

/// Hidden fields and nothing to decide. Not by GET, which is how pages offer a yes and a no, and not
/// the form of other methods that stands at the end of many pages.
fn is_hop(form: &Form) -> bool {
    form.method == FormMethod::Post
        && form.id != "options"
        && form.controls.iter().any(|c| !c.name.is_empty())
        && form::only_hidden(form)
}
