use super::*;
use crate::format::html::FormMethod;
use crate::login::{Body, Method};

mod meaning;

/// A sample, its HTTP status, whether the password was given before, and its kind.
macro_rules! samples {
    ($(($name:literal, $status:literal, $signed_in:literal, $kind:pat $(if $guard:expr)? $(,)?)),* $(,)?) => {
        const NAMES: &[&str] = &[$($name),*];

        #[test]
        fn every_sample_is_what_its_name_says() {
            $(
                let page = html::read(sample($name)).unwrap();
                let www = if $status == 401 { vec!["Negotiate".into()] } else { vec![] };
                let seen = Seen { status: $status, www_authenticate: &www, signed_in: $signed_in };
                let kind = classify(&page, &FormFields::default(), &seen);
                assert!(matches!(&kind, $kind $(if $guard)?), "{}: {kind:?}", $name);
            )*
        }

        fn sample(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../../../tests/cases/pages/saml/", $name, ".html")),)*
                _ => panic!("no sample {name}"),
            }
        }
    };
}

use PageKind::{Choice as Ways, Continue, Fill};

fn is(sheet: &Sheet, username: bool, password: bool, code: bool) -> bool {
    (
        sheet.username.is_some(),
        sheet.password.is_some(),
        sheet.code.is_some(),
    ) == (username, password, code)
}

/// Whether user name and password are these controls, and there is no code.
fn at(sheet: &Sheet, username: usize, password: usize) -> bool {
    (sheet.username, sheet.password, sheet.code) == (Some(username), Some(password), None)
}

fn named(ways: &[Way<'_>], expected: &[(&str, &str)]) -> bool {
    let found: Vec<_> = ways
        .iter()
        .map(|w| (w.id.as_str(), w.label.as_str()))
        .collect();
    found == expected
}

samples![
    (
        "simplesamlphp-sign-in",
        200,
        false,
        Fill { form, sheet } if form.id == "f" && is(sheet, true, true, false),
    ),
    ("simplesamlphp-wrong-password", 200, true, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "simplesamlphp-consent",
        200,
        true,
        Ways { what, ways } if what.starts_with("consent (Consent about")
        && named(ways, &[("yes", "Yes, continue"), ("no", "No, cancel")]),
    ),
    (
        "simplesamlphp-choice",
        200,
        false,
        Ways { what, ways } if what.starts_with("way to sign in (")
        && named(ways, &[("source_c3RhZmY=", "Staff"), ("source_Z3Vlc3Q=", "Guests")]),
    ),
    (
        "keycloak-sign-in",
        200,
        false,
        Fill { form, sheet } if form.id == "kc-form-login" && is(sheet, true, true, false),
    ),
    ("keycloak-wrong-password", 200, true, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "keycloak-code",
        200,
        true,
        Fill { form, sheet } if form.id == "kc-otp-login-form" && is(sheet, false, false, true),
    ),
    (
        "keycloak-code-devices",
        200,
        true,
        Fill { sheet, .. } if sheet.devices.len() == 2 && is(sheet, false, false, true),
    ),
    ("keycloak-wrong-code", 200, true, Fill { sheet, .. } if is(sheet, false, false, true)),
    (
        "keycloak-choice",
        200,
        true,
        Ways { ways, .. } if named(ways, &[
        ("e-1", "Authenticator Application Enter a code from the app."), ("e-2", "Recovery Codes")]),
    ),
    (
        "keycloak-change-password",
        200,
        true,
        PageKind::ChangePassword
    ),
    ("keycloak-set-up", 200, true, PageKind::SetUp),
    ("keycloak-security-key", 200, true, PageKind::SecurityKey),
    ("shibboleth-sign-in", 200, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    ("shibboleth-wrong-password", 200, true, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "shibboleth-consent",
        200,
        true,
        Ways { what, ways } if what.starts_with("consent (")
        && named(ways, &[("_eventId_AttributeReleaseRejected", "Reject"), ("_eventId_proceed", "Accept")]),
    ),
    ("shibboleth-storage", 200, false, Continue { form } if form.name == "form1"),
    ("lemonldap-sign-in", 200, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "lemonldap-choice",
        200,
        true,
        Ways { ways, .. } if named(ways, &[("totp", "Authenticator app"), ("mail", "E-mail")]),
    ),
    ("lemonldap-code", 200, true, Fill { sheet, .. } if is(sheet, false, false, true)),
    (
        "authelia-user-name",
        200,
        false,
        Fill { form, sheet } if form.id == "first" && is(sheet, true, false, false),
    ),
    ("authelia-password", 200, false, Fill { sheet, .. } if is(sheet, false, true, false)),
    ("authelia-code", 200, true, Fill { sheet, .. } if is(sheet, false, false, true)),
    ("password-and-code", 200, false, Fill { sheet, .. } if is(sheet, true, true, true)),
    (
        "choice-radio",
        200,
        true,
        Ways { ways, .. } if named(ways, &[("app", "The app"), ("sms", "A text message")]),
    ),
    ("continue", 200, true, Continue { form } if form.action == "/next"),
    ("auto-post", 200, false, Continue { form } if form.control("SAMLRequest").is_some()),
    ("refresh", 200, false, PageKind::Refresh { url } if url == "/next?a=1&b=2"),
    ("unauthorized-sign-in", 401, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    (
        "windows-integrated",
        401,
        false,
        PageKind::WindowsIntegrated { schemes } if schemes == "Negotiate",
    ),
    ("assertion", 200, true, PageKind::Assertion { .. }),
    ("error", 403, true, PageKind::Refused { text } if text == "Your account is locked."),
    ("no-form", 404, false, PageKind::NoForm),
    ("unknown", 200, false, PageKind::Unknown),
    ("openam-sign-in", 200, false, Fill { sheet, .. } if at(sheet, 0, 1)),
    ("wso2-sign-in", 200, false, Fill { sheet, .. } if at(sheet, 0, 2)),
    ("trap", 200, false, Fill { sheet, .. } if at(sheet, 2, 3)),
    (
        "simplesamlphp-organization",
        200,
        false,
        Fill { sheet, .. } if sheet.selects == [2] && is(sheet, true, true, false),
    ),
    (
        "discovery",
        200,
        false,
        Ways { what, ways } if what.starts_with("way to sign in (")
        && named(ways, &[
            ("https://a.example.org/idp", "Example A"), ("https://b.example.org/idp", "Example B")]),
    ),
    ("button-with-action", 200, false, Fill { sheet, .. } if is(sheet, true, true, false)),
    ("keycloak-update-profile", 200, true, Fill { sheet, .. } if is(sheet, true, false, false)),
    ("code-typed-unseen", 200, true, Fill { sheet, .. } if is(sheet, false, true, false)),
    ("telephone", 200, true, PageKind::Unknown),
    ("terms-german", 200, true, Ways { what, .. } if what == "consent (Nutzungsbedingungen)"),
    ("terms-french", 200, true, Ways { what, .. } if what == "consent (Conditions d'utilisation)"),
    ("terms-in-text", 200, true, Ways { what, .. } if what == "consent (Information)"),
    ("partner-response", 200, true, PageKind::Assertion { .. }),
    ("captcha", 200, false, Fill { sheet, .. } if sheet.captcha && is(sheet, true, true, false)),
    ("authelia-portal", 200, false, PageKind::NeedsScripts),
    ("authentik-portal", 200, false, PageKind::NeedsScripts),
    ("response-in-script", 200, true, PageKind::NeedsScripts),
    ("no-scripts", 200, false, PageKind::NeedsScripts),
    ("refresh-beside-search", 200, false, PageKind::Refresh { url } if url == "/next"),
    ("auto-get", 200, false, Continue { form } if form.method == FormMethod::Get),
];

#[test]
fn no_sample_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/pages/saml");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".html");
        assert!(NAMES.contains(&name), "{name} is not in the list");
    }
}

/// What a person, or a file, knows about a login, and what came of it.
struct Talk {
    flow: Forms,
    url: Url,
    /// Everything that was asked, chosen from, and sent.
    said: Vec<String>,
    codes: usize,
    /// How many codes its device shows in turn.
    shows: usize,
}

const PAGE: &str = "https://idp.example.org/start?x=1";

impl Talk {
    fn new(username: Option<&str>, fields: FormFields) -> Self {
        let url: Url = PAGE.parse().unwrap();
        let origins = Origins::new(&url, &[]);
        let mut flow = Forms::new(url.clone(), origins, username.map(str::to_owned), fields);
        assert!(matches!(flow.next(Event::Start), Step::Send(r) if r.url.as_str() == PAGE));
        Self {
            flow,
            url,
            said: Vec::new(),
            codes: 0,
            shows: 3,
        }
    }

    /// Shows a page and answers questions until something is sent or said.
    fn shows(&mut self, body: &str) -> Option<Step> {
        let mut step = self.flow.next(Event::Page(PageEvent {
            url: self.url.clone(),
            status: 200,
            www_authenticate: vec![],
            body: body.to_owned().into(),
        }));
        loop {
            step = match step {
                Step::Ask(question) => {
                    let answer = match &question {
                        Question::Username => "jane",
                        Question::Password { .. } => "hunter2",
                        // The next one, as a device shows it.
                        _ => {
                            self.codes += 1;
                            ["123 456", "234 567", "345 678"][(self.codes - 1) % self.shows]
                        }
                    };
                    self.said.push(format!("? {question}"));
                    self.flow.next(Event::Answer(answer.into()))
                }
                Step::Choose(choice) => {
                    self.said.push(format!("? {}", choice.what));
                    self.flow.next(Event::Chosen(choice.options.len() - 1))
                }
                Step::Send(request) => {
                    self.said.push(shown(&request));
                    return None;
                }
                other => return Some(other),
            }
        }
    }

    fn sample(&mut self, name: &str) -> Option<Step> {
        self.shows(sample(name))
    }

    #[track_caller]
    fn refuses(&mut self, name: &str, what: Refused, text: &str) {
        match self.sample(name) {
            Some(Step::Refuse(refusal)) => {
                assert_eq!((refusal.what, refusal.text.as_str()), (what, text));
            }
            other => panic!("{name}: {other:?} after {:?}", self.said),
        }
    }
}

fn shown(request: &Request) -> String {
    let Body::Form(fields) = &request.body else {
        panic!("no form")
    };
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| match value {
            Value::Plain(text) => format!("{name}={text}"),
            Value::Secret(text) => format!("{name}=*{}", text.expose_secret()),
        })
        .collect();
    let verb = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    format!("{verb} {} {}", request.url.path(), fields.join(" "))
}

#[test]
fn simplesamlphp_with_a_choice_and_consent() {
    let mut talk = Talk::new(None, FormFields::default());
    for name in [
        "simplesamlphp-choice",
        "simplesamlphp-sign-in",
        "simplesamlphp-consent",
    ] {
        assert!(talk.sample(name).is_none(), "{name}");
    }
    assert!(matches!(talk.sample("assertion"), Some(Step::Done(_))));
    let expected = [
        "? way to sign in (Select an authentication source)",
        "GET /module.php/multiauth/selectsource.php AuthState=_3 source_Z3Vlc3Q==Guests",
        "? the user name",
        "? the password of jane",
        "POST /start username=jane password=*hunter2 AuthState=_1:https://idp.example.org/x?a=1&b=2",
        "? consent (Consent about releasing personal information)",
        "GET /module.php/consent/noconsent.php StateId=_2 no=",
    ];
    assert_eq!(talk.said, expected);
}

#[test]
fn keycloak_with_several_devices() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    for name in [
        "keycloak-sign-in",
        "keycloak-choice",
        "keycloak-code-devices",
    ] {
        assert!(talk.sample(name).is_none(), "{name}");
    }
    let expected = [
        "? the password of jane",
        "POST /realms/corp/login-actions/authenticate username=jane password=*hunter2 credentialId= login=Sign In",
        "? way to sign in (Sign in to corp)",
        "POST /realms/corp/login-actions/authenticate authenticationExecution=e-2",
        "? device of the one-time code",
        "? the one-time code (One-time code)",
        "POST /realms/corp/login-actions/authenticate selectedCredentialId=22222222-bbbb otp=*123456 login=Sign In",
    ];
    assert_eq!(talk.said, expected);
    talk.refuses(
        "keycloak-wrong-code",
        Refused::Code,
        "Invalid authenticator code.",
    );
}

#[test]
fn shibboleth_presses_the_first_button_and_shows_the_consent() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    for name in [
        "shibboleth-storage",
        "shibboleth-sign-in",
        "shibboleth-consent",
    ] {
        assert!(talk.sample(name).is_none(), "{name}");
    }
    assert_eq!(
        talk.said[2],
        "POST /idp/profile/SAML2/Unsolicited/SSO csrf_token=_csrf j_username=jane j_password=*hunter2 _eventId_proceed="
    );
    assert_eq!(
        talk.said[4],
        "POST /idp/profile/SAML2/Unsolicited/SSO csrf_token=_csrf _shib_idp_consentIds=mail \
         _shib_idp_consentOptions=_shib_idp_rememberConsent _eventId_proceed=Accept"
    );
}

#[test]
fn lemonldap_with_its_token() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    for name in ["lemonldap-sign-in", "lemonldap-choice", "lemonldap-code"] {
        assert!(talk.sample(name).is_none(), "{name}");
    }
    assert!(
        talk.said[1].contains("token=1700_1 user=jane password=*hunter2"),
        "{:?}",
        talk.said
    );
    assert_eq!(
        talk.said[3],
        "POST /2fchoice token=1700_2 checkLogins= sf=mail"
    );
    assert_eq!(
        talk.said[5],
        "POST /totp2fcheck token=1700_3 url=aHR0 code=*123456"
    );
}

#[test]
fn user_name_first_and_a_code_of_any_name() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    for name in ["authelia-user-name", "authelia-password", "authelia-code"] {
        assert!(talk.sample(name).is_none(), "{name}");
    }
    let expected = [
        "POST /firstfactor identifier=jane",
        "? the password of jane",
        "POST /firstfactor identifier=jane secret=*hunter2 go=1",
        "? the one-time code (One-Time Password)",
        "POST /secondfactor/totp answer=*123456",
    ];
    assert_eq!(talk.said, expected);
}

#[test]
fn the_password_is_sent_once() {
    let wrong = [
        ("simplesamlphp", "Error Incorrect username or password"),
        ("keycloak", "Invalid username or password."),
        ("shibboleth", "The password you entered was incorrect."),
    ];
    for (idp, text) in wrong {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.sample(&format!("{idp}-sign-in")).is_none());
        talk.refuses(&format!("{idp}-wrong-password"), Refused::Password, text);
    }
    let mut talk = Talk::new(Some("nobody"), FormFields::default());
    assert!(talk.sample("authelia-user-name").is_none());
    talk.refuses("authelia-user-name", Refused::Password, "");
    // From the start again after a code.
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("lemonldap-sign-in").is_none());
    assert!(talk.sample("lemonldap-code").is_none());
    talk.refuses(
        "keycloak-wrong-password",
        Refused::Code,
        "Invalid username or password.",
    );
}

/// Two codes are two questions, where nothing is wrong with the first.
#[test]
fn a_second_code_is_asked_for() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    for name in ["lemonldap-sign-in", "lemonldap-code", "keycloak-code"] {
        assert!(talk.sample(name).is_none(), "{name}");
    }
    talk.refuses("keycloak-code", Refused::Code, "");
}

/// Neither is the same code sent to a page that only calls its field otherwise, nor is a person asked
/// for ever by two that take turns.
#[test]
fn no_code_goes_out_twice() {
    let page = |field: &str| format!("<form method=post><input name={field}></form>");
    let refuses = |step: Option<Step>| {
        let is_code = |r: &Refusal| r.what == Refused::Code;
        matches!(step, Some(Step::Refuse(refusal)) if is_code(&refusal))
    };
    let begun = |shows| {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        talk.shows = shows;
        assert!(talk.sample("lemonldap-sign-in").is_none());
        assert!(talk.shows(&page("otp0")).is_none());
        talk
    };
    let mut talk = begun(1);
    assert!(refuses(talk.shows(&page("otp1"))), "{:?}", talk.said);
    let sent = talk.said.iter().filter(|said| said.contains("=*123456"));
    assert_eq!(sent.count(), 1);
    let mut talk = begun(3);
    assert!(talk.shows(&page("otp1")).is_none());
    assert!(refuses(talk.shows(&page("otp0"))), "{:?}", talk.said);
}

/// Nobody agrees for the person, were it the only button.
#[test]
fn a_consent_is_asked_for() {
    let sign_in = "<form method=post><input name=user><input type=password name=p></form>";
    for (title, button, asks) in [
        (
            "Terms of use",
            "<button name=_eventId_proceed>Accept</button>",
            true,
        ),
        (
            "Terms of use",
            "<button name=go>Yes, continue</button>",
            true,
        ),
        (
            "Terms of use",
            "<input type=submit name=agree value=Weiter>",
            true,
        ),
        ("Consent", "<button name=go>Continue</button>", true),
        ("Signed in", "<button name=go>Continue</button>", false),
        ("", "<button name=go>Know more</button>", false),
        ("Signed in", "<button name=go>Know more</button>", true),
        ("Podmínky", "<button name=go>Ano</button>", true),
        ("Consent", "", false),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.shows(sign_in).is_none());
        let page = format!(
            "<title>{title}</title><form method=post><input type=hidden name=h value=1>{button}</form>"
        );
        assert!(talk.shows(&page).is_none());
        let asked = talk.said.iter().any(|said| {
            said.starts_with("? consent") || said.starts_with("? page with one button")
        });
        assert_eq!(asked, asks, "{title} {button}: {:?}", talk.said);
    }
}

#[test]
fn one_page_for_everything() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("password-and-code").is_none());
    assert_eq!(
        talk.said[2],
        "POST /start login=jane pw=*hunter2 passcode=*123456"
    );
}

#[test]
fn the_file_says_what_is_odd() {
    let odd = "<form id=news method=post><input name=email><input type=password name=p1></form>
        <form id=real method=post action=/in><input name=a><input name=b><input name=c></form>";
    let said = |text: &str| Some(text.to_owned());
    let fields = FormFields {
        username: said("b"),
        password: said("a"),
        code: said("c"),
        form: said("real"),
    };
    let mut talk = Talk::new(Some("jane"), fields);
    assert!(talk.shows(odd).is_none());
    assert_eq!(talk.said[2], "POST /in a=*hunter2 b=jane c=*123456");
}

#[test]
fn nothing_is_asked_for_another_host() {
    for action in [
        "https://evil.example/",
        "http://idp.example.org/",
        "//evil.example/x",
    ] {
        for field in ["type=password name=p", "name=otp", "name=user"] {
            let mut talk = Talk::new(Some("jane"), FormFields::default());
            let step = talk.shows(&format!(
                "<form method=post action='{action}'><input {field}></form>"
            ));
            assert!(
                matches!(step, Some(Step::Fail(FlowError::PasswordElsewhere { .. }))),
                "{action} {field}: {step:?}"
            );
            assert_eq!(talk.said, [""; 0]);
        }
    }
    for action in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
    ] {
        for form in ["<input type=password name=p>", "<input type=hidden name=x>"] {
            let mut talk = Talk::new(Some("jane"), FormFields::default());
            let step = talk.shows(&format!(
                "<form method=post action='{action}'>{form}</form>"
            ));
            assert!(
                matches!(step, Some(Step::Fail(FlowError::BadAction { .. }))),
                "{action}"
            );
        }
    }
    let mut talk = Talk::new(None, FormFields::default());
    let hop = "<form method=post action=http://idp.example.org/><input type=hidden name=x></form>";
    assert!(matches!(
        talk.shows(hop),
        Some(Step::Fail(FlowError::Downgrade { .. }))
    ));
}

#[test]
fn what_ends_a_login_is_told() {
    for (name, expected) in [
        ("keycloak-change-password", "wants the password changed"),
        ("keycloak-set-up", "wants a second factor set up"),
        ("keycloak-security-key", "asks for a security key"),
        ("no-form", "holds no form"),
        ("authelia-portal", "works with scripts alone"),
        ("authentik-portal", "works with scripts alone"),
        ("captcha", "asks for a captcha"),
        ("unknown", "is not one that fedgit knows"),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        match talk.sample(name) {
            Some(Step::Fail(error)) => assert!(error.to_string().contains(expected), "{error}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    talk.refuses("error", Refused::Other, "Your account is locked.");
}

/// Pages that other programs' authors captured.
#[test]
fn captured_pages_are_what_they_are() {
    use crate::login::captured::{Is, files};
    for (path, text, file) in files("any site") {
        let expected = match file {
            Is::AdfsAndForms(_, kind) => kind,
            Is::Response(_) => "Assertion",
            _ => continue,
        };
        let page = html::read(&text).unwrap();
        let seen = Seen {
            status: 200,
            www_authenticate: &[],
            signed_in: false,
        };
        let kind = format!("{:?}", classify(&page, &FormFields::default(), &seen));
        assert!(kind.starts_with(expected), "{path}: {kind}");
        if let ("Fill", Some(form)) = (expected, page.forms.first()) {
            let sheet = fields::sheet(form, &FormFields::default(), false).unwrap();
            assert!(is(&sheet, true, true, false), "{path}: {sheet:?}");
        }
        if path.contains("failure") {
            assert!(complaint(&page).is_some(), "{path}");
        }
    }
}
