use super::*;
use crate::login::Offer;
use crate::login::wished;

const IDP: &str = "https://idp.example.com/adfs/ls/?client-request-id=1";
const DUO: &str = "https://api-1a2b3c4d.duosecurity.com";

fn sample(name: &str) -> &'static str {
    match name {
        "browser" => include_str!("../../../tests/cases/pages/duo/browser.html"),
        "prompt" => include_str!("../../../tests/cases/pages/duo/prompt.html"),
        "prompt-v4" => include_str!("../../../tests/cases/pages/duo/prompt-v4.html"),
        "script" => include_str!("../../../tests/cases/pages/duo/script.html"),
        "back" => include_str!("../../../tests/cases/pages/duo/back.html"),
        "trusted" => include_str!("../../../tests/cases/pages/duo/trusted.html"),
        "frame" => include_str!("../../../tests/cases/pages/adfs/mfa-duo-frame.html"),
        "page" => include_str!("../../../tests/cases/pages/adfs/mfa-duo.html"),
        _ => panic!("no sample {name}"),
    }
}

fn at(url: &str, body: &str) -> PageEvent {
    PageEvent {
        url: url.parse().unwrap(),
        status: 200,
        www_authenticate: vec![],
        body: body.into(),
    }
}

fn page(path: &str, body: &str) -> Event {
    Event::Page(at(&format!("{DUO}{path}"), body))
}

fn origins() -> Origins {
    Origins::new(&IDP.parse().unwrap(), &[])
}

fn frame(body: &str) -> Result<Duo, FlowError> {
    Duo::in_frame(&html::read(body).unwrap(), &at(IDP, body), &origins())
}

fn universal(body: &str) -> Result<Duo, FlowError> {
    let page = html::read(body).unwrap();
    Duo::by_form(&page.forms[0], &IDP.parse().unwrap(), &origins())
}

fn sent(turn: Result<Turn, FlowError>) -> (String, Vec<String>) {
    match turn.unwrap_or_else(|e| panic!("{e}")) {
        Turn::Step(Step::Send(request)) => (request.url.to_string(), fields(&request)),
        Turn::Step(other) => panic!("{other:?}"),
        Turn::Ended(_) => panic!("it has ended"),
    }
}

fn fields(request: &Request) -> Vec<String> {
    let shown = |value: &Value| match value {
        Value::Plain(text) => text.clone(),
        Value::Secret(text) => format!("secret {}", text.expose_secret()),
    };
    let fields = request.fields().iter();
    fields
        .map(|(name, value)| format!("{name}={}", shown(value)))
        .collect()
}

fn step(turn: Result<Turn, FlowError>) -> Step {
    match turn.unwrap_or_else(|e| panic!("{e}")) {
        Turn::Step(step) => step,
        Turn::Ended(_) => panic!("it has ended"),
    }
}

fn chosen(turn: Result<Turn, FlowError>) -> Choice {
    match step(turn) {
        Step::Choose(choice) => choice,
        other => panic!("{other:?}"),
    }
}

fn options(turn: Result<Turn, FlowError>) -> Vec<(String, String)> {
    let options = chosen(turn).options.into_iter();
    options.map(|Offer { id, label }| (id, label)).collect()
}

fn json(response: &str) -> Event {
    page(
        "/frame/x",
        &format!("{{\"stat\":\"OK\",\"response\":{response}}}"),
    )
}

#[test]
fn the_iframe_from_the_first_request_to_the_signed_answer() {
    let mut duo = frame(sample("frame")).unwrap();
    let (url, first) = sent(duo.next(Event::Start));
    let parent = "https%3A%2F%2Fidp.example.com%2Fadfs%2Fls%2F%3Fclient-request-id%3D1";
    assert_eq!(
        url,
        format!("{DUO}/frame/web/v1/auth?tx=TX%7CdHg%3D%7C1&parent={parent}&v=2.3")
    );
    assert_eq!(first[0], format!("parent={IDP}"));
    let choice = chosen(duo.next(page("/frame/prompt?sid=s1", sample("prompt"))));
    // The push to the preferred device is meant, although a call to it is preferred.
    for wish in ["push", "Duo Push"] {
        assert_eq!(wished(&choice, wish), Some(2), "{wish}");
    }
    let offers: Vec<(String, String)> = choice
        .options
        .into_iter()
        .map(|Offer { id, label }| (id, label))
        .collect();
    let named = |id: &str, label: &str| (id.to_owned(), label.to_owned());
    // What the person prefers is first; the security key is for a browser.
    let expected = [
        named("Phone Call phone2", "call Phone 2"),
        named("Duo Push phone1", "push to Phone 1 (XXX-1111)"),
        named("Duo Push phone2", "push to Phone 2"),
        named("Phone Call phone1", "call Phone 1 (XXX-1111)"),
        named("Passcode", "passcode"),
    ];
    assert_eq!(offers, expected);
    let (url, choice) = sent(duo.next(Event::Chosen(1)));
    assert_eq!(url, format!("{DUO}/frame/prompt"));
    assert_eq!(choice, ["sid=s1", "factor=Duo Push", "device=phone1"]);
    let (url, poll) = sent(duo.next(json(r#"{"txid":"t1"}"#)));
    assert_eq!(
        (url, poll),
        (
            format!("{DUO}/frame/status"),
            vec!["sid=s1".to_owned(), "txid=t1".to_owned()]
        )
    );
    let pushed = r#"{"status_code":"pushed","status":"Pushed."}"#;
    assert!(matches!(step(duo.next(json(pushed))), Step::Show(text) if text == "Pushed."));
    assert!(matches!(step(duo.next(Event::Continue)), Step::Wait(_)));
    sent(duo.next(Event::Continue));
    assert!(
        matches!(step(duo.next(json(pushed))), Step::Wait(_)),
        "told once"
    );
    sent(duo.next(Event::Continue));
    let (url, _) = sent(duo.next(json(
        r#"{"status_code":"allow","result_url":"/frame/status/t1"}"#,
    )));
    assert_eq!(url, format!("{DUO}/frame/status/t1"));
    match duo.next(json(r#"{"cookie":"AUTH|c"}"#)).unwrap() {
        Turn::Ended(Ended::Signed(text)) => assert_eq!(text.expose_secret(), "AUTH|c:APP|YXBw|2"),
        _ => panic!("no answer"),
    }
}

#[test]
fn a_device_that_duo_trusts_is_asked_nothing() {
    let mut duo = frame(sample("frame")).unwrap();
    sent(duo.next(Event::Start));
    match duo
        .next(page("/frame/web/v1/auth", sample("trusted")))
        .unwrap()
    {
        Turn::Ended(Ended::Signed(text)) => {
            assert_eq!(text.expose_secret(), "AUTH|trusted:APP|YXBw|2")
        }
        _ => panic!("no answer"),
    }
    let mut duo = universal(&duo_page()).unwrap();
    sent(duo.next(Event::Start));
    assert!(matches!(
        duo.next(page("/frame/x", sample("back"))),
        Ok(Turn::Ended(Ended::Back(_)))
    ));
}

/// The sample names a host that does not exist.
fn duo_page() -> String {
    sample("page").replace("api-0.duosecurity.example", "api-1a2b3c4d.duosecurity.com")
}

#[test]
fn the_page_of_its_own_and_the_way_back() {
    for (prompt, call, target, exit) in [
        ("prompt", false, "/frame/prompt", "/frame/prompt/oidc/exit"),
        ("prompt-v4", true, "/frame/v4/prompt", "/frame/v4/oidc/exit"),
    ] {
        let mut duo = universal(&duo_page()).unwrap();
        let (url, first) = sent(duo.next(Event::Start));
        assert_eq!(url, format!("{DUO}/frame/v4/adfs"));
        assert_eq!(
            first,
            ["adfs_context=b3BhcXVl", "adfs_auth_method=DuoAdfsAdapter"]
        );
        let (url, about) = sent(duo.next(page(
            "/frame/frameless/v4/auth?sid=s1&tx=dHg",
            sample("browser"),
        )));
        assert_eq!(url, format!("{DUO}/frame/frameless/v4/auth?sid=s1&tx=dHg"));
        assert_eq!(
            about,
            ["tx=dHg", "parent=None", "_xsrf=x1", "client_hints="]
        );
        let mut turn = duo.next(page("/frame/prompt?sid=s1&tx=dHg", sample(prompt)));
        if call {
            let (url, _) = sent(turn);
            assert_eq!(url, format!("{DUO}/frame/prompt?sid=s1&tx=dHg"));
            turn = duo.next(page("/frame/prompt", "{\"stat\":\"FAIL\"}"));
        }
        let offers = options(turn);
        let passcode = offers.iter().position(|(id, _)| id == "Passcode").unwrap();
        assert!(matches!(
            step(duo.next(Event::Chosen(passcode))),
            Step::Ask(Question::Code { .. })
        ));
        let (url, code) = sent(duo.next(Event::Answer(" 123456".into())));
        assert_eq!(url, format!("{DUO}{target}"));
        assert_eq!(
            code,
            [
                "sid=s1",
                "factor=Passcode",
                "device=None",
                "passcode=secret 123456"
            ]
        );
        sent(duo.next(json(r#"{"txid":"t1"}"#)));
        let (url, last) = sent(duo.next(json(r#"{"status_code":"allow","result":"SUCCESS"}"#)));
        assert_eq!(url, format!("{DUO}{exit}"));
        assert!(last.contains(&"txid=t1".to_owned()), "{last:?}");
        let Turn::Ended(Ended::Back(request)) = duo.next(page("/frame/x", sample("back"))).unwrap()
        else {
            panic!("it goes on");
        };
        assert_eq!((request.url.as_str(), request.carries_secret), (IDP, true));
        assert_eq!(fields(&request)[0], "duo_code=c1");
    }
}

#[test]
fn a_no_is_told_in_duos_words() {
    for (choice, what) in [(0, Refused::Factor), (4, Refused::Code)] {
        let mut duo = frame(sample("frame")).unwrap();
        sent(duo.next(Event::Start));
        options(duo.next(page("/frame/prompt?sid=s1", sample("prompt"))));
        match step(duo.next(Event::Chosen(choice))) {
            Step::Ask(_) => drop(sent(duo.next(Event::Answer("1".into())))),
            Step::Send(_) => {}
            other => panic!("{other:?}"),
        }
        sent(duo.next(json(r#"{"txid":"t1"}"#)));
        let no = r#"{"status_code":"deny","result":"FAILURE","status":"Login request denied."}"#;
        match step(duo.next(json(no))) {
            Step::Refuse(refusal) => {
                assert_eq!(
                    (refusal.what, refusal.text.as_str()),
                    (what, "Login request denied.")
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nobody_else_plays_duo() {
    for host in [
        "evil.example",
        "api-1.duosecurity.com.evil.example",
        "127.0.0.1",
    ] {
        assert!(frame(&sample("frame").replace("api-1a2b3c4d.duosecurity.com", host)).is_err());
        assert!(universal(&sample("page").replace("api-0.duosecurity.example", host)).is_err());
    }
    // Not from a page of somebody else's.
    let body = sample("frame");
    let elsewhere = at("https://evil.example/adfs/ls/", body);
    assert!(Duo::in_frame(&html::read(body).unwrap(), &elsewhere, &origins()).is_err());
    // Not where its pages lead away, nor back to anybody else.
    let opened = |path: &str, body: &str| {
        let mut duo = universal(&duo_page()).unwrap();
        sent(duo.next(Event::Start));
        duo.next(Event::Page(at(path, body)))
    };
    assert!(opened("https://evil.example/frame/prompt?sid=s1", sample("prompt")).is_err());
    let back = sample("back").replace("idp.example.com", "evil.example");
    assert!(opened(DUO, &back).is_err());
    // A prompt of Duo's keeps the choice with Duo, whatever its form says.
    let prompt = sample("prompt").replace("action=\"/frame", "action=\"https://evil.example/frame");
    let mut duo = frame(sample("frame")).unwrap();
    sent(duo.next(Event::Start));
    options(duo.next(page("/frame/prompt?sid=s1", &prompt)));
    assert!(sent(duo.next(Event::Chosen(1))).0.starts_with(DUO));
    sent(duo.next(json(r#"{"txid":"t1"}"#)));
    let away = duo.next(json(
        r#"{"status_code":"allow","result_url":"https://evil.example/x"}"#,
    ));
    assert!(away.is_err());
}

#[test]
fn the_page_of_script_is_asked_for_everything() {
    let open = || {
        let mut duo = universal(&duo_page()).unwrap();
        sent(duo.next(Event::Start));
        let (url, _) = sent(duo.next(page("/frame/x?authkey=AK1", sample("script"))));
        assert!(url.starts_with(&format!(
            "{DUO}/prompt/DAEXAMPLE/pre_authn/initialization?authkey=AK1"
        )));
        sent(duo.next(json("{}")));
        // What Duo makes of the browser is no matter.
        let (url, _) = sent(duo.next(page("/x", "{\"stat\":\"FAIL\"}")));
        assert!(url.contains("/auth/payload?authkey=AK1&browser_features="));
        let device = r#""device_info":{"pkey":"DP1","name":"Phone","end_of_number":"11"}"#;
        let offers = options(duo.next(json(&format!(
            r#"{{"auth_factors_context":{{"available_unified_auth_factors":{{"factors":[
            {{"factor_type":"push",{device}}},{{"factor_type":"phone_call",{device}}},
            {{"factor_type":"push",{device}}},{{"factor_type":"push"}},{{"factor_type":"passkey"}},
            {{"factor_type":"mobile_otp"}}]}}}}}}"#
        ))));
        let ids: Vec<&str> = offers.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["Duo Push DP1", "Phone Call DP1", "Passcode"]);
        assert_eq!(offers[0].1, "push to Phone 11");
        duo
    };
    let mut duo = open();
    let Ok(Turn::Step(Step::Send(request))) = duo.next(Event::Chosen(0)) else {
        panic!("nothing is sent");
    };
    assert_eq!(
        request.url.as_str(),
        format!("{DUO}/prompt/DAEXAMPLE/auth/factors/push/auth")
    );
    assert!(request.carries_secret && !format!("{request:?}").contains("AK1"));
    let Body::Json(text) = &request.body else {
        panic!("a form is sent");
    };
    assert_eq!(text.expose_secret(), r#"{"authkey":"AK1","pkey":"DP1"}"#);
    let begun = step(duo.next(json(r#"{"push_txid":"t1","step_up_code":"71"}"#)));
    assert!(matches!(begun, Step::Show(text) if text.starts_with("the number to enter is 71")));
    assert!(matches!(step(duo.next(Event::Continue)), Step::Wait(_)));
    assert!(
        sent(duo.next(Event::Continue))
            .0
            .ends_with("authkey=AK1&push_txid=t1&saw_good_news=false")
    );
    assert!(matches!(
        step(duo.next(json(r#"{"result":{"status_code":"pushed"}}"#))),
        Step::Wait(_)
    ));
    assert!(
        sent(duo.next(Event::Continue))
            .0
            .ends_with("saw_good_news=true")
    );
    let (url, _) = sent(duo.next(json(r#"{"result":{"result":"SUCCESS"}}"#)));
    assert!(url.contains("/auth/finalize_auth?"));
    assert!(
        duo.next(json(r#"{"url":"https://evil.example/x"}"#))
            .is_err()
    );

    // A no, and a page that has led back by itself.
    let mut duo = open();
    sent(duo.next(Event::Chosen(1)));
    step(duo.next(json(r#"{"txid":"t2"}"#)));
    step(duo.next(Event::Continue));
    assert!(
        sent(duo.next(Event::Continue))
            .0
            .ends_with("/poll?authkey=AK1&txid=t2")
    );
    let no = step(duo.next(json(r#"{"result":"FAILURE","status":"Nobody answered."}"#)));
    assert!(matches!(no, Step::Refuse(refusal) if refusal.text == "Nobody answered."));
    let mut duo = open();
    step(duo.next(Event::Chosen(2)));
    sent_json(
        duo.next(Event::Answer(" 123456".into())),
        r#"{"authkey":"AK1","mobile_otp":"123456"}"#,
    );
    sent(duo.next(json("{}")));
    assert_eq!(
        sent(duo.next(json(r#"{"url":"/leave"}"#))).0,
        format!("{DUO}/leave")
    );
    let back = Event::Page(at(IDP, "<form>"));
    assert!(matches!(duo.next(back), Ok(Turn::Ended(Ended::Page(_)))));
    // A path is no place for whatever a page says.
    for akey in ["", "../x", "a/b", "a%2fb"] {
        let body = sample("script").replace("DAEXAMPLE", akey);
        let mut duo = universal(&duo_page()).unwrap();
        sent(duo.next(Event::Start));
        assert!(duo.next(page("/frame/x", &body)).is_err(), "{akey}");
    }
}

fn sent_json(turn: Result<Turn, FlowError>, expected: &str) {
    match turn {
        Ok(Turn::Step(Step::Send(request))) => match &request.body {
            Body::Json(text) => assert_eq!(text.expose_secret(), expected),
            Body::Form(_) => panic!("a form is sent"),
        },
        _ => panic!("nothing is sent"),
    }
}

/// Pages of Duo's that another program's author captured.
#[test]
fn captured_pages_are_read() {
    use crate::login::captured::{Is, files};
    for (path, text, is) in files("Duo") {
        match is {
            Is::DuoForm(fields) => {
                let mut duo = universal(&duo_page()).unwrap();
                sent(duo.next(Event::Start));
                let (_, about) = sent(duo.next(page("/frame/x?sid=s1", &text)));
                assert_eq!(about.len(), fields, "{path}");
            }
            // The same prompt within a frame, and after the page that stands in its place.
            Is::DuoPrompt(first) => {
                let mut framed = frame(sample("frame")).unwrap();
                sent(framed.next(Event::Start));
                let mut whole = universal(&duo_page()).unwrap();
                sent(whole.next(Event::Start));
                for mut duo in [framed, whole] {
                    let offers = options(duo.next(page("/frame/prompt", &text)));
                    assert_eq!(offers[0].0, first, "{path}");
                    assert_eq!(offers.len(), 7, "{path}: {offers:?}");
                    let (_, choice) = sent(duo.next(Event::Chosen(0)));
                    assert!(choice[0].starts_with("sid=frameless-"), "{choice:?}");
                }
            }
            _ => {}
        }
    }
}
