//! Pages that nobody has seen: whatever stands on them, the password goes out once, each code goes out
//! once, and neither leaves the identity provider.

use proptest::prelude::*;

use super::*;

fn fragment() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "<form method=post>",
        "<form method=post action=/adfs/ls/?x>",
        "<form method=post action=https://evil.example/>",
        "<form method=post action=//api-1.duosecurity.com/frame>",
        "<form method=post id=options action=javascript:x>",
        "</form>",
        "<input type=hidden name=AuthMethod value=AzureMfaAuthentication>",
        "<input type=hidden name=AuthMethod value=SecurIDAuthentication>",
        "<input type=hidden name=AuthMethod value=SilverfortAdfs>",
        "<input type=hidden name=AuthMethod value=DuoAdfsAdapter>",
        "<input type=hidden name=AuthMethod value=FormsAuthentication>",
        "<input type=hidden name=AuthMethod>",
        "<input type=hidden name=Context value=c1>",
        "<input type=hidden name=Context value=c2>",
        "<input type=hidden name=adfs_context value=c3>",
        "<input type=hidden name=adfs_auth_method value=DuoAdfsAdapter>",
        "<input type=hidden name=duo_host value=api-1.duosecurity.com>",
        "<input type=hidden name=duo_host value=evil.example>",
        "<input type=hidden name=duo_sig_request value='TX|a:APP|b'>",
        "<input type=hidden name=duo_code value=d>",
        "<input type=hidden name=preferred_factor value='Duo Push'>",
        "<input type=hidden name=sid value=s>",
        "<input type=hidden name=factor value=Passcode>",
        "<input name=UserName>",
        "<input name=Password type=password>",
        "<input name=Passcode type=password>",
        "<input name=NextCode>",
        "<input name=other>",
        "<input type=submit name=a value=b>",
        "<input type=submit name=c value=d>",
        "<p id=errorText>no</p>",
        "<p id=instructions>look</p>",
        "<p id=validEntropyNumber>12</p>",
        "<a class=actionLink id=SecurIDAuthentication onclick=\"SelectOption('SecurIDAuthentication')\">x</a>",
        "<a class=actionLink id=FormsAuthentication>y</a>",
        "<input id=hrdSelection type=hidden>",
        "<div onclick=\"HRD.selection('o')\">o</div>",
        "<meta http-equiv=refresh content='0;url=/x'>",
        "Not authorized",
    ])
}

fn body() -> impl Strategy<Value = String> {
    proptest::collection::vec(fragment(), 0..14).prop_map(|parts| parts.concat())
}

fn secrets(request: &Request) -> Vec<String> {
    let values = request.fields().iter();
    values
        .filter_map(|(_, value)| match value {
            Value::Secret(text) => Some(text.expose_secret().to_owned()),
            Value::Plain(_) => None,
        })
        .collect()
}

proptest! {
    #[test]
    fn whatever_the_pages_are(
        pages in proptest::collection::vec((body(), 0..4_usize), 1..12),
    ) {
        let places = [
            SIGN_ON,
            "https://idp.example.com/adfs/ls/?x",
            "https://evil.example/adfs/ls/",
            "https://api-1.duosecurity.com/frame/prompt?sid=s",
        ];
        let mut flow = adfs(Some("jane"));
        let mut pages = pages.into_iter();
        let (mut event, mut codes, mut gone) = (Event::Start, 0, Vec::new());
        for _ in 0..100 {
            event = match flow.next(event) {
                Step::Send(request) => {
                    let host = request.url.host_str().unwrap_or_default().to_owned();
                    for secret in secrets(&request) {
                        prop_assert!(request.carries_secret);
                        prop_assert_eq!(request.method, Method::Post);
                        prop_assert!(!request.url.as_str().contains(&secret));
                        let is_code = secret.starts_with("code");
                        let at_duo = is_code && host == "api-1.duosecurity.com";
                        prop_assert!(host == "idp.example.com" || at_duo, "{secret} to {host}");
                        prop_assert!(!gone.contains(&secret), "{secret} twice");
                        gone.push(secret);
                    }
                    let Some((body, at)) = pages.next() else { break };
                    page_at(places[at], &body)
                }
                Step::Ask(Question::Password { .. }) => answer("password"),
                Step::Ask(_) => {
                    codes += 1;
                    answer(&format!("code{codes}"))
                }
                Step::Choose(choice) | Step::Prefer(choice) => {
                    Event::Chosen(choice.options.len() - 1)
                }
                Step::Show(_) | Step::Open { .. } | Step::Wait(_) => Event::Continue,
                // AD FS has no program on this machine.
                Step::Local(_) => return Err(TestCaseError::fail("a local program is asked")),
                Step::Done(_) | Step::Refuse(_) | Step::Fail(_) => break,
            };
        }
    }
}
