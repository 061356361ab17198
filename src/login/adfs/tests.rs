use secrecy::{ExposeSecret, SecretString};

use super::factor::{How, Prompt};
use super::*;
use crate::login::Method;
use crate::login::Value;
use crate::model::Assertion;

mod captured;
mod factors;
mod soup;

const SIGN_ON: &str =
    "https://idp.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";

/// A sample, its HTTP status and its kind.
macro_rules! samples {
    ($(($name:literal, $status:literal, $kind:pat $(if $guard:expr)? $(,)?)),* $(,)?) => {
        const NAMES: &[&str] = &[$($name),*];

        #[test]
        fn every_sample_is_what_its_name_says() {
            $(
                let page = html::read(sample($name)).unwrap();
                let www = if $status == 401 { vec!["Negotiate".into(), "NTLM x".into()] } else { vec![] };
                let kind = classify(&page, $status, &www);
                assert!(matches!(&kind, $kind $(if $guard)?), "{}: {kind:?}", $name);
            )*
        }

        fn sample(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../../../tests/cases/pages/adfs/", $name, ".html")),)*
                _ => panic!("no sample {name}"),
            }
        }
    };
}

samples![
    ("sign-in", 200, PageKind::SignIn { form } if form.id == "loginForm"),
    ("sign-in-2.0", 200, PageKind::SignIn { form } if form.controls.len() == 5),
    (
        "wrong-password",
        200,
        PageKind::Refused { text, form: Some(_) } if text.starts_with("Incorrect user ID"),
    ),
    (
        "wrong-password-2.0",
        200,
        PageKind::Refused { text, form: Some(_) } if text.ends_with("incorrect."),
    ),
    ("error", 200, PageKind::Refused { text, form: None } if text.starts_with("The resource")),
    ("assertion", 200, PageKind::Assertion { form } if form.name == "hiddenform"),
    ("auto-post", 200, PageKind::AutoPost { form } if form.controls.len() == 3),
    (
        "mfa-entra",
        200,
        PageKind::SecondFactor(f) if f.how == How::Wait { hangs: false, number: Some("44".into()) },
    ),
    ("mfa-passcode", 200, PageKind::SecondFactor(f) if f.how == code("Passcode")),
    ("mfa-duo", 200, PageKind::SecondFactor(f) if f.how == How::Duo(Prompt::Page)),
    (
        "mfa-options",
        200,
        PageKind::Options(methods) if labels(methods) == ["Use the app", "SecurIDAuthentication: RSA SecurID"],
    ),
    (
        "mfa-entra-start",
        200,
        PageKind::SecondFactor(f) if f.how == waits() && f.words.is_empty() && f.complaint.is_none(),
    ),
    ("mfa-entra-code", 200, PageKind::SecondFactor(f) if f.how == code("VerificationCode")),
    (
        "mfa-entra-denied",
        200,
        PageKind::SecondFactor(f) if f.how == waits() && f.complaint.as_deref() == Some("The request was denied."),
    ),
    (
        "mfa-server",
        200,
        PageKind::SecondFactor(f) if f.how == How::Wait { hangs: true, number: None },
    ),
    ("mfa-securid-v2-start", 200, PageKind::SecondFactor(f) if f.how == waits()),
    ("mfa-next-tokencode", 200, PageKind::SecondFactor(f) if f.how == code("NextCode")),
    (
        "mfa-wrong-passcode",
        200,
        PageKind::SecondFactor(f) if f.how == code("Passcode") && f.complaint.is_some(),
    ),
    ("mfa-vip", 200, PageKind::SecondFactor(f) if f.how == code("security_code")),
    ("mfa-vip-old", 200, PageKind::SecondFactor(f) if f.how == code("SecurityCode")),
    ("mfa-safenet", 200, PageKind::SecondFactor(f) if f.how == code("SAFENET_PASSWORD")),
    (
        "mfa-silverfort",
        200,
        PageKind::SecondFactor(f) if f.how == How::Wait { hangs: true, number: None },
    ),
    ("silverfort-refused", 200, PageKind::NoForm),
    ("mfa-defender", 200, PageKind::SecondFactor(f) if f.how == code("OathCode")),
    (
        "mfa-totp",
        200,
        PageKind::SecondFactor(f) if f.how == code("q4z") && f.prompt() == "code (Entrez le code.)",
    ),
    ("mfa-two-fields", 200, PageKind::SecondFactor(f) if f.how == How::Browser),
    ("mfa-webauthn", 200, PageKind::SecondFactor(f) if f.how == How::Browser),
    ("mfa-duo-frame", 200, PageKind::SecondFactor(f) if f.how == How::Duo(Prompt::Frame)),
    ("locked", 200, PageKind::Refused { text, form: Some(_) } if text == "Your account is locked."),
    ("sign-in-2019", 200, PageKind::SignIn { form } if form.id == "loginForm"),
    ("change-password", 200, PageKind::ChangePassword),
    (
        "home-realm",
        200,
        PageKind::HomeRealm(realms) if labels(realms) == ["Active Directory", "Example Partner"],
    ),
    ("home-realm-2.0", 200, PageKind::HomeRealm(realms) if labels(realms) == ["One", "Two"]),
    (
        "windows-integrated",
        401,
        PageKind::WindowsIntegrated { schemes } if schemes == "Negotiate, NTLM",
    ),
    ("refresh", 200, PageKind::Refresh { url } if url == "/adfs/ls/?next=1&x=2"),
    ("no-form", 404, PageKind::NoForm),
    ("unknown", 200, PageKind::Unknown),
];

fn waits() -> How {
    How::Wait {
        hangs: false,
        number: None,
    }
}

fn code(field: &str) -> How {
    How::Code {
        field: field.to_owned(),
    }
}

fn labels(offers: &Offers<'_>) -> Vec<String> {
    let labels = offers.offers.iter().map(|offer| offer.label.clone());
    labels.collect()
}

/// Nobody's choice is made by posting a form on that only looks like a hop.
#[test]
fn hidden_fields_alone_are_no_hop() {
    let hidden = "<input type=hidden name=a value=b>";
    for (page, is_hop) in [
        (format!("<form method=post>{hidden}</form>"), true),
        (
            format!("<form method=post>{hidden}<input type=submit></form>"),
            true,
        ),
        (format!("<form method=get>{hidden}</form>"), false),
        (
            format!("<form method=post id=options>{hidden}</form>"),
            false,
        ),
        (
            format!("<form method=post>{hidden}<button name=yes><button name=no></form>"),
            false,
        ),
        (
            format!("<form method=post>{hidden}</form><form method=post>{hidden}</form>"),
            false,
        ),
        (
            format!("<form method=post>{hidden}<input name=code></form>"),
            false,
        ),
        (
            "<form method=post><input type=submit></form>".to_owned(),
            false,
        ),
    ] {
        let read = html::read(&page).unwrap();
        let kind = classify(&read, 200, &[]);
        assert_eq!(
            matches!(kind, PageKind::AutoPost { .. }),
            is_hop,
            "{page}: {kind:?}"
        );
    }
}

#[test]
fn no_sample_is_left_out() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/pages/adfs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            file.strip_suffix(".html")
                .is_some_and(|name| NAMES.contains(&name)),
            "{file}"
        );
    }
}

fn adfs(username: Option<&str>) -> Adfs {
    let url: Url = SIGN_ON.parse().unwrap();
    let origins = Origins::new(&url, &[]);
    Adfs::new(url, origins, username.map(str::to_owned))
}

fn page_at(url: &str, body: &str) -> Event {
    Event::Page(PageEvent {
        url: url.parse().unwrap(),
        status: 200,
        www_authenticate: vec![],
        body: body.into(),
    })
}

fn page(body: &str) -> Event {
    page_at(SIGN_ON, body)
}

fn answer(text: &str) -> Event {
    Event::Answer(SecretString::from(text))
}

fn sent(step: Step) -> Request {
    match step {
        Step::Send(request) => request,
        other => panic!("{other:?}"),
    }
}

fn asked(step: Step) -> Question {
    match step {
        Step::Ask(question) => question,
        other => panic!("{other:?}"),
    }
}

fn refused(step: Step) -> Refusal {
    match step {
        Step::Refuse(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn failed(step: Step) -> FlowError {
    match step {
        Step::Fail(error) => error,
        other => panic!("{other:?}"),
    }
}

fn done(step: Step) -> Assertion {
    match step {
        Step::Done(assertion) => assertion,
        other => panic!("{other:?}"),
    }
}

fn fields(request: &Request) -> Vec<String> {
    let shown = |value: &Value| match value {
        Value::Plain(text) => text.clone(),
        Value::Secret(text) => format!("secret {}", text.expose_secret()),
    };
    request
        .fields()
        .iter()
        .map(|(name, value)| format!("{name}={}", shown(value)))
        .collect()
}

/// A flow that has just sent the password.
fn after_the_password(user: &str) -> Adfs {
    let mut flow = adfs(Some(user));
    sent(flow.next(Event::Start));
    asked(flow.next(page(sample("sign-in"))));
    sent(flow.next(answer("hunter2")));
    flow
}

#[test]
fn adfs_3_from_the_first_page_to_the_assertion() {
    let mut flow = adfs(None);
    let first = sent(flow.next(Event::Start));
    assert_eq!((first.method, first.url.as_str()), (Method::Get, SIGN_ON));
    assert_eq!(
        asked(flow.next(page(sample("sign-in")))),
        Question::Username
    );
    let question = asked(flow.next(answer(" jane@example.com ")));
    assert_eq!(
        question,
        Question::Password {
            username: "jane@example.com".into()
        }
    );
    let login = sent(flow.next(answer("hunter2 ")));
    assert_eq!((login.method, login.carries_secret), (Method::Post, true));
    assert_eq!(login.url.as_str(), format!("{SIGN_ON}&client-request-id=1"));
    assert_eq!(
        fields(&login),
        [
            "UserName=jane@example.com",
            "Password=secret hunter2 ",
            "AuthMethod=FormsAuthentication"
        ]
    );
    assert_eq!(
        done(flow.next(page(sample("assertion")))).expose(),
        "PHNhbWxwOlJlc3BvbnNlLz4="
    );
    assert_eq!(
        failed(flow.next(page(sample("assertion")))),
        FlowError::OutOfTurn
    );
}

#[test]
fn adfs_2_sends_its_view_state_and_button() {
    let mut flow = adfs(Some("EXAMPLE\\jane"));
    sent(flow.next(Event::Start));
    asked(flow.next(page_at(
        "https://idp.example.com/adfs/ls/auth/basic?x=1",
        sample("sign-in-2.0"),
    )));
    let login = sent(flow.next(answer("hunter2")));
    assert_eq!(
        login.url.as_str(),
        "https://idp.example.com/adfs/ls/auth/basic?loginToRp=urn%3aamazon%3awebservices&RedirectToIdentityProvider=AD+AUTHORITY"
    );
    let expected = [
        "__VIEWSTATE=dmlldw==",
        "__EVENTVALIDATION=ZXZlbnQ=",
        "__db=15",
        "ctl00$ContentPlaceHolder1$UsernameTextBox=EXAMPLE\\jane",
        "ctl00$ContentPlaceHolder1$PasswordTextBox=secret hunter2",
        "ctl00$ContentPlaceHolder1$SubmitButton=Sign In",
    ];
    assert_eq!(fields(&login), expected);
    let refusal = refused(flow.next(page(sample("wrong-password-2.0"))));
    assert_eq!(refusal.text, "The user name or password is incorrect.");
}

#[test]
fn with_a_session_nobody_is_asked() {
    let mut flow = adfs(None);
    sent(flow.next(Event::Start));
    let hop = sent(flow.next(page(sample("auto-post"))));
    assert_eq!(hop.url.as_str(), "https://idp.example.com/adfs/ls/");
    let expected = [
        "wa=wsignin1.0",
        "wresult=<t:RequestSecurityTokenResponse/>",
        "wctx=a&b",
    ];
    assert_eq!(
        (fields(&hop), hop.carries_secret),
        (expected.map(str::to_owned).to_vec(), false)
    );
    let hop = sent(flow.next(page(sample("refresh"))));
    assert_eq!(
        hop.url.as_str(),
        "https://idp.example.com/adfs/ls/?next=1&x=2"
    );
    done(flow.next(page(sample("assertion"))));
}

#[test]
fn a_wrong_password_is_tried_once() {
    let mut flow = after_the_password("jane");
    let refusal = refused(flow.next(page(sample("wrong-password"))));
    assert_eq!(refusal.what, Refused::Password);
    assert!(
        refusal.text.starts_with("Incorrect user ID or password."),
        "{refusal}"
    );
    assert!(
        refusal.hint.contains("user@domain or DOMAIN\\user"),
        "{}",
        refusal.hint
    );
    assert_eq!(
        failed(flow.next(page(sample("sign-in")))),
        FlowError::OutOfTurn
    );

    let mut flow = after_the_password("jane@example.com");
    let refusal = refused(flow.next(page(sample("sign-in"))));
    assert_eq!(
        (refusal.what, refusal.text.as_str()),
        (Refused::Password, "")
    );
    assert!(!refusal.hint.contains("neither"), "{}", refusal.hint);
}

#[test]
fn a_complaint_before_the_password_is_not_a_refusal() {
    let mut flow = adfs(Some("jane"));
    sent(flow.next(Event::Start));
    asked(flow.next(page(sample("wrong-password"))));
}

#[test]
fn pages_that_end_the_login() {
    let after = |name: &str| after_the_password("jane").next(page(sample(name)));
    for name in ["mfa-two-fields", "mfa-webauthn"] {
        let error = failed(after(name));
        assert!(matches!(error, FlowError::Mfa { .. }));
        assert!(error.hint().contains("kind = \"browser\""));
    }
    assert!(matches!(
        failed(after("change-password")),
        FlowError::PasswordExpired { .. }
    ));
    assert!(matches!(
        failed(after("unknown")),
        FlowError::Unknown { .. }
    ));
    assert_eq!(refused(after("error")).what, Refused::Other);
    let mut flow = adfs(None);
    sent(flow.next(Event::Start));
    let error = failed(flow.next(Event::Page(PageEvent {
        url: SIGN_ON.parse().unwrap(),
        status: 401,
        www_authenticate: vec!["Negotiate".into()],
        body: sample("windows-integrated").into(),
    })));
    assert_eq!(
        error.to_string(),
        "idp.example.com wants Windows Integrated Authentication (Negotiate), not a form"
    );
    assert!(error.hint().contains("WIASupportedUserAgents"));
}

/// The question is what must not come: nobody types a password for a page that would leak it.
#[test]
fn hostile_pages_get_no_password() {
    let form = |action: &str| {
        format!(
            "<form method=post action='{action}'><input name=UserName><input type=password name=Password></form>"
        )
    };
    for (action, names) in [
        ("https://evil.example/adfs/ls/", "https://evil.example"),
        ("http://idp.example.com/adfs/ls/", "http://idp.example.com"),
        (
            "https://idp.example.com:8443/",
            "https://idp.example.com:8443",
        ),
        ("javascript:steal()", "javascript:steal()"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("data:text/html,x\u{1b}[2J", "\"data:text/html,x[2J\""),
    ] {
        let mut flow = adfs(None);
        sent(flow.next(Event::Start));
        let error = failed(flow.next(page(&form(action))));
        let text = format!("{error} {}", error.hint());
        assert!(text.contains(names), "{action}: {text}");
        if action.contains("evil") {
            assert!(
                text.contains("https://idp.example.com"),
                "both hosts are named: {text}"
            );
        }
    }
    let mut flow = adfs(None);
    sent(flow.next(Event::Start));
    let error = failed(flow.next(page_at("https://evil.example/adfs/ls/", sample("sign-in"))));
    assert!(
        matches!(error, FlowError::PasswordElsewhere { .. }),
        "{error}"
    );

    let mut flow = after_the_password("jane");
    let to = sample("assertion").replace("signin.aws.amazon.com:443", "evil.example");
    assert!(matches!(
        failed(flow.next(page(&to))),
        FlowError::AssertionElsewhere { .. }
    ));
    let mut flow = after_the_password("jane");
    let to = sample("auto-post").replace("https://", "http://");
    assert!(matches!(
        failed(flow.next(page(&to))),
        FlowError::Downgrade { .. }
    ));
    for body in ["<form></form>".repeat(10_000), "<div>".repeat(100_000)] {
        let mut flow = after_the_password("jane");
        assert!(matches!(
            failed(flow.next(page(&body))),
            FlowError::TooMuch { .. }
        ));
    }
}

#[test]
fn what_a_page_says_is_fit_to_print() {
    let text = format!("\u{1b}]0;x\u{7}{}", "no ".repeat(2_000));
    let body = sample("wrong-password").replace("Incorrect user ID", &text);
    let refusal = refused(after_the_password("jane\u{1b}[1m").next(page(&body)));
    assert!(refusal.text.chars().count() <= html::MAX_TEXT + 1);
    assert!(!format!("{refusal}{}", refusal.hint).contains(char::is_control));
}

#[test]
fn debug_shows_no_secret() {
    let mut flow = adfs(Some("jane"));
    sent(flow.next(Event::Start));
    let body = sample("sign-in").replace("FormsAuthentication", "MARKER");
    asked(flow.next(page(&body)));
    let shown = format!("{flow:?}");
    assert!(!shown.contains("MARKER"), "{shown}");
}
