//! Whole logins, as a person or a file would answer them.

use super::*;
use crate::login::{Body, Method, Question, Value};

mod choices;
mod codes;
mod guesses;
mod samples;
mod ways_on;

use samples::sample;

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
