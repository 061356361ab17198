//! What a person's browser is shown.

use crate::server::Answer;
use crate::text;

fn page(status: u16, title: &str, body: &str) -> Answer {
    let title = text::escape(title);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>\n"
    );
    Answer::new(status, "text/html; charset=utf-8", html)
}

/// A question that is answered with one of two buttons.
pub(super) fn question(title: &str, said: &str, action: &str, hidden: (&str, &str)) -> Answer {
    let (name, value) = (hidden.0, text::escape(hidden.1));
    let said = text::escape(said);
    page(
        200,
        title,
        &format!(
            "<p>{said}</p><form method=\"post\" action=\"{action}\">\
             <input type=\"hidden\" name=\"{name}\" value=\"{value}\">\
             <button type=\"submit\" name=\"action\" value=\"deny\" id=\"deny\">Deny access</button>\
             <button type=\"submit\" name=\"action\" value=\"allow\" id=\"allow\">Allow access</button>\
             </form>"
        ),
    )
}

/// Where a code is typed.
pub(super) fn code_form(action: &str) -> Answer {
    page(
        200,
        "Authorization requested",
        &format!(
            "<form method=\"get\" action=\"{action}\"><label>Code \
             <input name=\"user_code\" id=\"user_code\"></label><button type=\"submit\">Next</button></form>"
        ),
    )
}

pub(super) fn told(status: u16, title: &str, said: &str) -> Answer {
    page(status, title, &format!("<p>{}</p>", text::escape(said)))
}
