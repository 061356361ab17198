//! Filling a form as a browser would: which form takes the password, which field is whose, and where
//! it may go.

use secrecy::SecretString;
use url::Url;

use super::{Body, FlowError, Method, Origins, Request, Value, origin, place};
use crate::format::html::{Control, ControlKind, Form, FormMethod, Page};
use crate::format::printable::printable;

/// The form to sign in with: the first that takes a password. Neither the first nor the last on the
/// page: AD FS has a second form behind it, for other methods.
pub(super) fn sign_in(page: &Page) -> Option<&Form> {
    page.forms
        .iter()
        .find(|form| password_field(form).is_some())
}

/// By type, else by name: AD FS 2.0's themes and some others leave the type to a script.
pub(super) fn password_field(form: &Form) -> Option<&Control> {
    // A passcode is a code, and the password is not for whoever asks for one.
    let is_password = |c: &Control| has(c, "pass") && !has(c, "passcode");
    let named = |control: &&Control| control.kind == ControlKind::Text && is_password(control);
    let typed = form
        .controls
        .iter()
        .find(|c| c.kind == ControlKind::Password && fillable(c));
    typed.or_else(|| form.controls.iter().filter(|c| fillable(c)).find(named))
}

/// By name, not by id: AD FS misspells its own ids. Hidden fields stay as they are.
pub(super) fn user_field(form: &Form) -> Option<&Control> {
    ["user", "email", "login"].into_iter().find_map(|word| {
        form.controls
            .iter()
            .find(|c| c.kind == ControlKind::Text && fillable(c) && has(c, word))
    })
}

fn fillable(control: &Control) -> bool {
    control.sent && !control.name.is_empty()
}

fn has(control: &Control, word: &str) -> bool {
    control.name.to_ascii_lowercase().contains(word)
}

/// The request that signs in, provided that it stays on the identity provider's origins.
pub(super) fn fill(
    form: &Form,
    page: &Url,
    origins: &Origins,
    username: &str,
    password: &SecretString,
) -> Result<Request, FlowError> {
    let mut filling = Filling::default();
    if let Some(field) = user_field(form) {
        filling.put(form, field, Value::Plain(username.to_owned()));
    }
    if let Some(field) = password_field(form) {
        filling.put(form, field, Value::Secret(password.clone()));
    }
    send(form, page, origins, &filling)
}

/// What is added to a form before it is sent.
#[derive(Default)]
pub(super) struct Filling {
    /// Values by their control's place in the form.
    values: Vec<(usize, Value)>,
    /// The radio button chosen instead of the one that the page had chosen.
    chosen: Option<usize>,
    /// The button pressed, where it is not the form's only one.
    pressed: Option<usize>,
}

impl Filling {
    /// Fills in a control of this form.
    pub(super) fn put(&mut self, form: &Form, control: &Control, value: Value) {
        let place = form.controls.iter().position(|c| std::ptr::eq(c, control));
        self.values.extend(place.map(|at| (at, value)));
    }

    /// Fills in the control at this place.
    pub(super) fn put_at(&mut self, place: usize, value: Value) {
        self.values.push((place, value));
    }

    /// Chooses the radio button at this place among the controls.
    pub(super) fn choose(&mut self, place: usize) {
        self.chosen = Some(place);
    }

    /// Presses the button at this place among the buttons.
    pub(super) fn press(&mut self, place: usize) {
        self.pressed = Some(place);
    }

    /// Chooses the option at this place of the select at that place among the controls.
    pub(super) fn select(&mut self, form: &Form, select: usize, option: usize) {
        let options = form.controls.get(select).map(|select| &select.options);
        let value = options.and_then(|options| Some(options.get(option)?.0.clone()));
        self.values
            .extend(value.map(|value| (select, Value::Plain(value))));
    }

    /// The button that is pressed. Of several only one that was chosen: with more than one, the button
    /// carries a meaning.
    fn button<'f>(&self, form: &'f Form) -> Option<&'f Control> {
        match self.pressed {
            Some(at) => form.submits.get(at),
            None => only_button(form),
        }
    }

    fn is_secret(&self) -> bool {
        let secret = |(_, value): &(usize, Value)| matches!(value, Value::Secret(_));
        self.values.iter().any(secret)
    }

    /// Whether the control goes along, and with what.
    fn value(&self, form: &Form, place: usize, control: &Control) -> Option<Value> {
        if let Some((_, value)) = self.values.iter().find(|(at, _)| *at == place) {
            return Some(value.copy());
        }
        let chosen = self.chosen.and_then(|at| form.controls.get(at));
        let is_sent = match chosen {
            Some(chosen) if control.input_type == "radio" && control.name == chosen.name => {
                std::ptr::eq(chosen, control)
            }
            _ => control.sent,
        };
        is_sent.then(|| Value::Plain(control.value.clone()))
    }
}

/// The request that submits a form with this filling. With a password or a code in it, only to where
/// those may go; else anywhere that is not in the clear.
pub(super) fn send(
    form: &Form,
    page: &Url,
    origins: &Origins,
    filling: &Filling,
) -> Result<Request, FlowError> {
    let carries_secret = filling.is_secret();
    let url = if carries_secret {
        secret_target(form, filling, page, origins)?
    } else {
        open_target(form, filling, page)?
    };
    let pressed = filling.button(form);
    let button = pressed.map(|c| (c, Value::Plain(c.value.clone())));
    let fields = form
        .controls
        .iter()
        .enumerate()
        .filter_map(|(at, control)| Some((control, filling.value(form, at, control)?)))
        .chain(button)
        .filter(|(control, _)| !control.name.is_empty())
        .map(|(control, value)| (control.name.clone(), value))
        .collect();
    Ok(Request {
        // Never GET for a secret, whatever the form says: that would put it into the URL, and so into
        // the logs of every server and proxy on the way.
        method: match pressed.and_then(|b| b.form_method).unwrap_or(form.method) {
            FormMethod::Get if !carries_secret => Method::Get,
            _ => Method::Post,
        },
        url,
        body: Body::Form(fields),
        headers: Vec::new(),
        carries_secret,
        slow: false,
    })
}

/// Where the password would go, which is to be known before anybody is asked for it.
pub(super) fn password_target(
    form: &Form,
    page: &Url,
    origins: &Origins,
) -> Result<Url, FlowError> {
    secret_target(form, &Filling::default(), page, origins)
}

/// The same of a form that is filled in like this: the button that is pressed may lead elsewhere.
pub(super) fn secret_target(
    form: &Form,
    filling: &Filling,
    page: &Url,
    origins: &Origins,
) -> Result<Url, FlowError> {
    let url = target_by(form, filling.button(form), page)?;
    origins.admit(page, &url)?;
    Ok(url)
}

/// The request that submits a form as it came.
pub(super) fn submit(form: &Form, page: &Url) -> Result<Request, FlowError> {
    let nobody = Origins::new(page, &[]);
    send(form, page, &nobody, &Filling::default())
}

/// The request that follows a link or a refresh of a page.
pub(super) fn follow(page: &Page, address: &str, at: &Url) -> Result<Request, FlowError> {
    let link = Form {
        action: address.to_owned(),
        base: page.base.clone(),
        ..Form::default()
    };
    submit(&link, at)
}

/// Where a form leads, provided that it is not from https to http.
fn open_target(form: &Form, filling: &Filling, page: &Url) -> Result<Url, FlowError> {
    let url = target_by(form, filling.button(form), page)?;
    if page.scheme() == "https" && url.scheme() == "http" {
        return Err(FlowError::Downgrade {
            page: place(page),
            to: origin(&url),
        });
    }
    Ok(url)
}

/// Hidden fields and at most one button: nothing to fill in and nothing to decide.
pub(super) fn only_hidden(form: &Form) -> bool {
    form.submits.len() <= 1 && form.controls.iter().all(|c| c.kind == ControlKind::Hidden)
}

fn only_button(form: &Form) -> Option<&Control> {
    form.submits
        .first()
        .filter(|c| form.submits.len() == 1 && c.sent)
}

/// A form's action, resolved against where the page came from after all redirects, or against the base
/// that the page names. An empty one is the page itself, query included.
pub(super) fn target(form: &Form, page: &Url) -> Result<Url, FlowError> {
    target_by(form, only_button(form), page)
}

/// The same by this button, which may have an action of its own.
fn target_by(form: &Form, button: Option<&Control>, page: &Url) -> Result<Url, FlowError> {
    let action = button.and_then(|button| button.form_action.as_ref());
    let action = action.unwrap_or(&form.action);
    let resolved = if action.is_empty() {
        Ok(page.clone())
    } else {
        base(form, page).join(action)
    };
    match resolved {
        Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            url.set_fragment(None);
            // Credentials in a page's link would be sent as Basic authentication.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            Ok(url)
        }
        _ => Err(FlowError::BadAction {
            page: place(page),
            action: printable(action, 80),
        }),
    }
}

/// A base that is no web address is none, as in a browser.
fn base(form: &Form, page: &Url) -> Url {
    let named = page.join(&form.base).ok();
    named
        .filter(|base| !form.base.is_empty() && matches!(base.scheme(), "http" | "https"))
        .unwrap_or_else(|| page.clone())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::format::html;

    const PAGE: &str = "https://idp.example.com/adfs/ls/?loginToRp=urn:amazon:webservices";

    fn filled(text: &str) -> Result<Vec<String>, FlowError> {
        let page = html::read(text).unwrap();
        let url: Url = PAGE.parse().unwrap();
        let request = fill(
            sign_in(&page).unwrap(),
            &url,
            &Origins::new(&url, &[]),
            "jane",
            &"hunter2".into(),
        )?;
        assert_eq!(
            (request.method, request.carries_secret),
            (Method::Post, true)
        );
        let shown = |value: &Value| match value {
            Value::Plain(text) => text.clone(),
            Value::Secret(text) => format!("secret {}", text.expose_secret()),
        };
        Ok(request
            .fields()
            .iter()
            .map(|(name, value)| format!("{name}={}", shown(value)))
            .collect())
    }

    #[test]
    fn fields_are_told_by_name() {
        let fields = filled(
            "<form method=post><input name=userNote type=hidden value=n><input name=LoginHint>
             <input name=UserName id=x type=email value=old><input name=Password type=password>
             <input type=checkbox name=Kmsi value=true><input type=hidden name=AuthMethod value=Forms>
             <input type=submit name=go value=Go></form>",
        );
        let expected = [
            "userNote=n",
            "LoginHint=",
            "UserName=jane",
            "Password=secret hunter2",
        ];
        assert_eq!(
            fields.unwrap(),
            [&expected[..], &["AuthMethod=Forms", "go=Go"]].concat()
        );
    }

    #[test]
    fn untyped_password_fields_and_forms_that_would_use_get() {
        let fields = filled("<form><input name=username><input name=password></form>");
        assert_eq!(
            fields.unwrap(),
            ["username=jane", "password=secret hunter2"]
        );
    }

    #[test]
    fn of_several_buttons_none_is_pressed() {
        let fields = filled(
            "<form><input name=p type=password><button name=yes><button name=cancel></form>",
        );
        assert_eq!(fields.unwrap(), ["p=secret hunter2"]);
    }

    #[test]
    fn actions_start_from_the_final_address() {
        for (action, expected) in [
            ("", PAGE),
            ("?", "https://idp.example.com/adfs/ls/?"),
            ("?a=1&b=2#x", "https://idp.example.com/adfs/ls/?a=1&b=2"),
            ("/x", "https://idp.example.com/x"),
            ("x/../y", "https://idp.example.com/adfs/ls/y"),
            ("https://idp.example.com:443/z", "https://idp.example.com/z"),
            ("//other.example/z", "https://other.example/z"),
            ("https://a:b@other.example/z", "https://other.example/z"),
            ("h\tttps://other.example", "https://other.example/"),
        ] {
            let form = Form {
                action: action.into(),
                ..Form::default()
            };
            let url = target(&form, &PAGE.parse().unwrap()).unwrap();
            assert_eq!(url.as_str(), expected, "{action}");
        }
        for action in [
            "javascript:alert(1)",
            "JaVa\nScript:x",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://",
            "blob:https://x",
        ] {
            let form = Form {
                action: action.into(),
                ..Form::default()
            };
            let error = target(&form, &PAGE.parse().unwrap()).unwrap_err();
            assert!(matches!(error, FlowError::BadAction { .. }), "{action}");
        }
    }

    #[test]
    fn a_base_and_a_button_lead_elsewhere() {
        let url: Url = PAGE.parse().unwrap();
        let own = Origins::new(&url, &[]);
        for (text, expected) in [
            (
                "<base href=/app/><form action=in>",
                "https://idp.example.com/app/in",
            ),
            (
                "<base href='x/'><form action=?a>",
                "https://idp.example.com/adfs/ls/x/?a",
            ),
            ("<base href=/app/><form>", PAGE),
            (
                "<base href=javascript:x><form action=in>",
                "https://idp.example.com/adfs/ls/in",
            ),
            (
                "<form action=/a><button formaction=/b>",
                "https://idp.example.com/b",
            ),
            (
                "<form action=/a><button formaction=''>",
                "https://idp.example.com/a",
            ),
            (
                "<form action=/a><button formaction=/b><button>",
                "https://idp.example.com/a",
            ),
        ] {
            let page = html::read(&format!("{text}<input name=x>")).unwrap();
            let request = send(&page.forms[0], &url, &own, &Filling::default()).unwrap();
            assert_eq!(request.url.as_str(), expected, "{text}");
        }
        let page = html::read("<form><button formmethod=post name=a>").unwrap();
        let request = send(&page.forms[0], &url, &own, &Filling::default()).unwrap();
        assert_eq!(request.method, Method::Post);
        // Neither leads a password away.
        for text in [
            "<base href=https://evil.example/><form action=in><input type=password name=p>",
            "<form><input type=password name=p><button formaction=//evil.example/>",
        ] {
            let error = filled(text).unwrap_err();
            assert!(
                matches!(error, FlowError::PasswordElsewhere { .. }),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn the_password_stays_on_the_sign_on_origin() {
        for action in [
            "https://evil.example/",
            "//evil.example",
            "http://idp.example.com/",
            "https://idp.example.com:8443/",
            "https://idp.example.com.evil.example/",
            "https://idp.example.com@evil.example/",
            "https:\\\\evil.example",
        ] {
            let text = format!("<form action='{action}'><input type=password name=p></form>");
            let error = filled(&text).unwrap_err();
            assert!(
                matches!(error, FlowError::PasswordElsewhere { .. }),
                "{action}: {error}"
            );
        }
        let page = html::read("<form action=https://idp.example.com><input type=password name=p>")
            .unwrap();
        let own = Origins::new(&PAGE.parse().unwrap(), &[]);
        let other = "https://evil.example/".parse().unwrap();
        let error = fill(&page.forms[0], &other, &own, "", &"".into())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("https://evil.example") && error.contains("https://idp.example.com")
        );
    }
}
