//! Duo's pages, written for this bed with the names that captured ones have.

use crate::text::escape;

/// What the page about the browser asks, in its order.
pub(super) const BROWSER: [&str; 18] = [
    "tx",
    "parent",
    "_xsrf",
    "java_version",
    "flash_version",
    "screen_resolution_width",
    "screen_resolution_height",
    "color_depth",
    "ch_ua_error",
    "client_hints",
    "is_cef_browser",
    "is_ipad_os",
    "is_ie_compatibility_mode",
    "is_user_verifying_platform_authenticator_available",
    "user_verifying_platform_authenticator_available_error",
    "acting_ie_version",
    "react_support",
    "react_support_error_message",
];

pub(super) fn browser(tx: &str, xsrf: &str) -> String {
    let fields: String = BROWSER
        .iter()
        .map(|name| {
            let value = match *name {
                "tx" => tx,
                "parent" => "None",
                "_xsrf" => xsrf,
                _ => "",
            };
            format!(r#"<input type="hidden" name="{name}" value="{value}" />"#)
        })
        .collect();
    page(&format!(
        r#"<form method="post" id="plugin_form">{fields}</form>"#
    ))
}

/// The iframe's.
pub(super) fn prompt(sid: &str) -> String {
    let ways: String = ["Duo Push", "Phone Call", "Passcode"]
        .iter()
        .map(|factor| {
            let factor = factor.replace(' ', "&#x20;");
            format!(
                r#"<input type="hidden" name="factor" value="{factor}"><button type="submit">OK</button>"#
            )
        })
        .collect();
    page(&format!(
        r#"<form action="/frame/prompt" method="post" id="login-form">
<input type="hidden" name="sid" value="{sid}"><input type="hidden" name="url" value="/frame/prompt">
<input type="hidden" name="preferred_factor" value=""><input type="hidden" name="preferred_device" value="">
<select name="device"><option value="phone1">Phone 1 &#x28;XXX-XXX-1111&#x29;</option><option value="phone2">Phone 2 &#x28;XXX-XXX-2222&#x29;</option></select>
<fieldset data-device-index="phone1">{ways}<input type="text" name="passcode"></fieldset></form>"#
    ))
}

/// The Universal Prompt's.
pub(super) fn prompt_v4(xsrf: &str) -> String {
    page(&format!(
        r#"<form method="post" id="base"><input type="hidden" name="_xsrf" value="{xsrf}">
<input type="hidden" name="preferred_factor" value="Duo Push"><input type="hidden" name="preferred_device" value="phone1"></form>"#
    ))
}

/// What requests of the newest page's script carry along.
pub(super) const TRACE: &str = "tr-1";

/// The newest page: keys, and a script.
pub(super) fn script(akey: &str, authkey: &str) -> String {
    page(&format!(
        r#"<div id="root" data-akey="{akey}" data-authkey="{authkey}" data-req-trace-group="{TRACE}"></div><script src="/static/js/prompt.js"></script>"#
    ))
}

/// The last page, which leads back.
pub(super) fn back(action: &str, code: &str, state: &str, context: &str) -> String {
    let (action, context) = (escape(action), escape(context));
    page(&format!(
        r#"<form class="adfs_form" method="POST" action="{action}"><input type="hidden" name="duo_code" value="{code}">
<input type="hidden" name="state" value="{state}"><input type="hidden" name="context" value="{context}">
<input type="hidden" name="authMethod" value="DuoAdfsAdapter"></form>"#
    ))
}

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Two-Factor Authentication</title></head><body>{body}</body></html>\n"
    )
}
