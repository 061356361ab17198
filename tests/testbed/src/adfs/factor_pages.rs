//! The pages of the additional methods. What AD FS itself puts around an adapter's form is as real
//! pages have it, the misspelt id included; the fields are each adapter's own.

use super::factors::{adapter, code_field};
use super::pages::document;
use super::sessions::Session;
use crate::bed::Bed;
use crate::regions;
use crate::scenario::Factor;
use crate::text::escape;

/// "Authentication Options".
pub(super) fn options(action: &str, factors: &[Factor]) -> String {
    let links: String = factors
        .iter()
        .map(|factor| {
            let (id, name) = (adapter(*factor), label(*factor));
            format!(
                r##"<a class="actionLink" href="#" id="{id}" onclick="SelectOption('{id}'); return false;">{name}</a>"##
            )
        })
        .collect();
    document(
        "Authentication Options",
        &format!(
            r##"<div id="authArea"><div id="mfaGreeting" class="hidden">Welcome.</div>
<div id="authOptions"><form id="options" method="post" action="{action}">
<input id="optionSelection" type="hidden" name="AuthMethod"/>
<div id="authOptionLinks" class="groupMargin">{links}</div></form></div></div>"##
        ),
    )
}

/// What the link says.
fn label(factor: Factor) -> &'static str {
    match factor {
        Factor::EntraPush | Factor::EntraCode => "Azure Multi-Factor Authentication",
        Factor::MfaServer => "Multi-Factor Authentication",
        Factor::Totp => "Code of an app",
        Factor::SecurId | Factor::SecurIdNext | Factor::SecurIdV2 => "RSA SecurID",
        Factor::Vip | Factor::VipOld => "Symantec VIP",
        Factor::SafeNet => "SafeNet",
        Factor::Silverfort => "Silverfort",
        Factor::Defender => "Defender",
        Factor::DuoFrame | Factor::DuoPage | Factor::DuoScript => "Duo Authentication for AD FS",
        Factor::Certificate => "Sign in using an X.509 certificate",
    }
}

/// The page that the session is at.
pub(super) fn of(bed: &Bed, session: &Session, action: &str, error: &str) -> String {
    let Some(factor) = session.factor else {
        return document("Error", "");
    };
    let (method, context) = (adapter(factor), escape(&session.context));
    let error = escape(error);
    if matches!(factor, Factor::DuoPage | Factor::DuoScript) {
        bed.duo.remember(&session.context, action);
        let host = regions::DUO_HOST;
        return document(
            "Sign In",
            &format!(
                r#"<form id="adfs_form" method="post" action="https://{host}/frame/v4/adfs">
<input type="hidden" name="adfs_context" value="{context}"/>
<input type="hidden" name="adfs_auth_method" value="{method}"/></form>"#
            ),
        );
    }
    let inner = match (code_field(factor, session), factor) {
        (Some((field, button)), _) => code(factor, session, field, button),
        (None, Factor::EntraPush) if session.round > 0 => format!(
            r#"<p id="instructions">Open your app and choose the number to sign in.</p>
<p id="validEntropyNumber">{}</p><input type="hidden" name="__EVENTTARGET" value=""/>"#,
            bed.codes.number
        ),
        (None, Factor::EntraPush | Factor::EntraCode) => {
            r#"<p id="instructions"></p><input type="hidden" name="__EVENTTARGET" value=""/>"#
                .to_owned()
        }
        (None, Factor::MfaServer) => {
            r#"<p id="instructions">We are calling your phone. Answer it to continue.</p>"#
                .to_owned()
        }
        (None, Factor::Silverfort) => "<p>Confirm the request on your phone.</p>".to_owned(),
        (None, _) => String::new(),
    };
    let (form_id, script) = match factor {
        Factor::DuoFrame => ("duo_form", duo_script(bed)),
        Factor::SecurId | Factor::SecurIdNext => ("passcodeForm", String::new()),
        _ => ("loginForm", String::new()),
    };
    document(
        "Sign In",
        &format!(
            r#"<div id="authArea"><div id="loginArea">
<form method="post" id="{form_id}" autocomplete="off">
<input id="autheMethod" type="hidden" name="AuthMethod" value="{method}"/>
<input id="context" type="hidden" name="Context" value="{context}"/>
<div class="fieldMargin error smallText"><label id="errorText" for="">{error}</label></div>
{inner}
</form>{script}</div>
<div id="authOptions"><form id="options" method="post" action="{action}">
<input id="optionSelection" type="hidden" name="AuthMethod"/></form></div></div>"#
        ),
    )
}

fn code(factor: Factor, session: &Session, field: &str, button: Option<&str>) -> String {
    let kind = match factor {
        Factor::SafeNet | Factor::SecurId | Factor::SecurIdNext | Factor::SecurIdV2 => "password",
        _ => "text",
    };
    let words = match (factor, session.wants_next) {
        (Factor::EntraCode, _) => r#"<p id="instructions">Enter the code of your app.</p>"#,
        (_, true) => {
            "<div>Wait for the tokencode to change, then enter the next one.</div>\
             <input type=\"hidden\" name=\"Passcode\" value=\"\"/>"
        }
        (_, false) => "<div>Enter your passcode.</div>",
    };
    let button = match button {
        Some(name) => format!(r#"<input type="submit" name="{name}" value="Sign in"/>"#),
        None => r#"<input type="submit" value="Sign in"/>"#.to_owned(),
    };
    format!(
        r#"{words}<input id="codeInput" name="{field}" type="{kind}" value="" placeholder="Code"/>{button}"#
    )
}

fn duo_script(bed: &Bed) -> String {
    let signed = bed.duo.sign();
    let host = regions::DUO_HOST;
    format!("<script>Duo.init({{'host': '{host}', 'sig_request': '{signed}'}});</script>")
}

/// Silverfort's last page where it says no.
pub(super) fn silverfort_end(words: &str) -> String {
    document(
        "Silverfort",
        &format!(r#"<div id="workArea"><p>{words}</p></div>"#),
    )
}
