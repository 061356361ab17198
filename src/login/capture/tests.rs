//! What a transcript shows, and that it shows nothing else.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::login::fuzzing::fuzz;

fn page(body: &str) -> String {
    let mut capture = Capture::default();
    capture.hide_user("jane.doe@example.com");
    capture.hide("hunter2");
    capture.page(&PageEvent {
        url: "https://idp.example.com/a/MARKER0123456789abcdef/x?t=MARKER#MARKER"
            .parse()
            .unwrap(),
        status: 200,
        www_authenticate: vec!["Negotiate MARKER".into()],
        body: body.into(),
    });
    capture.text_of_all()
}

#[test]
fn the_structure_stays() {
    let text = page(
        "<title>Sign in</title><form id=loginForm method=post action='/x?y=MARKER#MARKER'>\
         <label for=u>User name</label><input name='ctl00$Content$UsernameTextBox' id=u type=text>\
         <input name=Context type=hidden value=MARKER><p class=error>Wrong password</p>\
         <button name=go>Next</button></form>",
    );
    for part in [
        "HTTP 200 from https://idp.example.com/a/(removed)/x (WWW-Authenticate: Negotiate)",
        "<form id=\"loginForm\" method=\"post\" action=\"/x\">",
        "name=\"ctl00$Content$UsernameTextBox\"",
        "<input name=\"Context\" type=\"hidden\" value=\"(removed)\">",
        "User name",
        "Wrong password",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("MARKER"), "{text}");
}

#[test]
fn what_is_secret_is_not_there() {
    let text = page(
        "<!-- MARKER --><script>var MARKER;</script><style>MARKER</style><noscript>MARKER</noscript>\
         <div data-token=MARKER title=MARKER onclick='f(\"MARKER\")' MARKER=1>\
         <textarea>MARKER</textarea><select><option value=MARKER>One</option></select>\
         <input type=password value=MARKER><input value='MARKER'><img src=MARKER alt=MARKER>\
         <a href='https://u:MARKER@h.example/p?MARKER'>Link</a><a href='javascript:MARKER'>x</a>\
         <iframe srcdoc='MARKER'></iframe><meta content=MARKER>\
         <p>Hello jane.doe, jane.doe@example.com or other@example.org, your code is 123456, \
         token MARKER0123456789abcdef0123456789abcdef</p><p>hunter2 was wrong</p>\
         <input name='x_0123456789abcdef0123' id='jane.doe-1'>",
    );
    for secret in [
        "MARKER",
        "jane.doe",
        "other@",
        "123456",
        "0123456789",
        "hunter2",
        "example.com or",
    ] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    assert!(text.contains("Hello"), "{text}");
}

#[test]
fn what_a_page_gives_to_keep_is_not_there() {
    let seeds = "JBSW Y3DP EHPK 3PXP KRSX G5CT";
    for body in [
        format!("<h1>Set up a second factor</h1><p>Enter {seeds} or kfjs</p>"),
        format!(
            "<title>Welcome</title><p>Type {seeds} there, or ABCD-EFGH-IJKL kfjs-qwer-tyui</p>"
        ),
        "<p id=totpSecret>kfjs</p><div class='recovery-codes'><b>JBSW</b></div>\
         <p class=backupCode>qwer</p><p id=manualKey>tyui</p>"
            .to_owned(),
        "<a href='/reset/AbCdEfGhIjKlMnOpQrStUvWx'>here</a>".to_owned(),
        r#"{"status":"kfjs","name":"kfjs","type":"kfjs"}"#.to_owned(),
    ] {
        let text = page(&body);
        for secret in ["JBSW", "G5CT", "EFGH", "kfjs", "qwer", "tyui", "AbCd"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
    let plain = page("<div class=keyboard id=main><p>Sign in with your own well-known name</p>");
    assert!(
        plain.contains("Sign in with your own well-known name"),
        "{plain}"
    );
}

#[test]
fn every_answer_is_hidden() {
    struct Typist(bool);
    impl Person for Typist {
        fn answer(&mut self, _: &Question) -> Result<SecretString, NoAnswer> {
            Ok("fjord".into())
        }
        fn choose(&mut self, _: &Choice) -> Result<usize, NoAnswer> {
            Ok(0)
        }
        fn prefer(&mut self, _: &Choice) -> Option<usize> {
            None
        }

        fn show(&mut self, _: &str) {}
        fn set_going(&mut self) {
            self.0 = true;
        }
    }
    let capture = RefCell::new(Capture::default());
    let mut typist = Typist(false);
    let mut person = Overheard {
        person: &mut typist,
        capture: &capture,
    };
    assert!(person.answer(&Question::Username).is_ok());
    person.set_going();
    capture.borrow_mut().end("fjord is wrong");
    assert!(!capture.borrow().text_of_all().contains("fjord"));
    assert!(
        typist.0,
        "a push is on its way, and whoever logs in does not know"
    );
}

#[test]
fn json_is_told_by_its_keys() {
    let text = page(
        r#"{"status":"MFA_REQUIRED","other":"MARKER","stateToken":"MARKER","_embedded":{"factors":[{"id":"MARKER","n":1234,
        "profile":{"phoneNumber":"+1 MARKER"}}]}}"#,
    );
    assert!(text.contains("\"status\": \"MFA_REQUIRED\"") && text.contains("phoneNumber"));
    assert!(!text.contains("1234") && !text.contains("\"MARKER\"") && !text.contains("+1"));
}

#[test]
fn only_the_last_pages() {
    let mut capture = Capture::default();
    for number in 0..100 {
        capture.end(&format!("x{number}y"));
    }
    let text = capture.text_of_all();
    assert!(text.contains("x99y") && !text.contains("x50y"));
}

/// As sites, password managers and people write codes and tokens.
fn looks_like_a_secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{16,24}",
        "[A-Z2-7]{16,32}",
        "[0-9a-f]{16,40}",
        "ghp_[A-Za-z0-9]{36}",
        "eyJ[A-Za-z0-9_-]{30,60}",
        "[a-z]{3}_[a-z]{3}[A-Z]{3}[a-z]{3}[A-Z]{3}",
        "[a-z]{3,8}[.][a-z]{3,8}@[a-z]{3,8}[.]org",
        "[0-9]{4,10}",
        "G-[0-9]{6}",
        "[0-9]{3} [0-9]{3}",
        "[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}",
        "[0-9] [0-9] [0-9] [0-9] [0-9] [0-9]",
        "[0-9]{1,4} - [0-9]{3,4}",
        "[A-Z2-7]{4}( [A-Z2-7]{4}){3}",
        "[a-z]{4}( [a-z]{4}){3}",
        "[a-z]{4}(-[a-z]{4}){3}",
        "[A-Z]{5}-[A-Z]{5}",
    ]
}

/// Where a text is shown, as it may be shown.
const TEXTS: [&str; 12] = [
    "<title>for § it</title>",
    "<p>Your code is §</p>",
    "<p>§</p>",
    "<p>a <b>§</b> b</p>",
    "<label for=x>Type §, then go</label>",
    "<div role=alert>\"§\" is wrong.</div>",
    "<option>§</option>",
    "<button>(§)</button>",
    "<h1>Hello &lt;§&gt;!</h1>",
    "<input placeholder='like §'>",
    "<input aria-label='§'>",
    "<table><tr><td>§</table>",
];

/// Where no value is shown, whatever it is.
const VALUES_IN: [&str; 28] = [
    "<input name=a value='§'>",
    "<input type=hidden name=a value='§'>",
    "<input type=password name=a value='§'>",
    "<button value='§'>Go</button>",
    "<option value='§'>x</option>",
    "<textarea>§</textarea>",
    "<textarea name=a><b>§</b></textarea>",
    "<script>var a = '§'</script>",
    "<script type='application/json'>{\"a\":\"§\"}</script>",
    "<style>a { content: '§' }</style>",
    "<template><p>§</p></template>",
    "<noscript><p>§</p></noscript>",
    "<svg><text>§</text></svg>",
    "<!-- § -->",
    "<p title='§' alt='§' data-token='§' style='§' onclick='§' x='§'>x</p>",
    "<img src='/x/§.png' alt='§' srcset='§'>",
    "<iframe src='https://x.example/§' srcdoc='§'></iframe>",
    "<meta name=a content='§'>",
    "<meta http-equiv=refresh content='0; url=/§'>",
    "<form action='/a?b=§' method=post></form>",
    "<form action='/a#§' method=post></form>",
    "<form action='/a;jsessionid=§' method=post></form>",
    "<a href='https://§:§@h.example/a'>x</a>",
    "<a href='javascript:go(\"§\")'>x</a>",
    "<a href='mailto:§'>x</a>",
    "<button formaction='?§'>x</button>",
    "<base href='/?§'><link href='/a?§'>",
    "<object data='§'></object><video poster='§'></video>",
];

/// Where an answer must not stand, beside all of those.
const NAMES_IN: [&str; 9] = [
    "<p id='§'>x</p>",
    "<input name='§' type='§' autocomplete='§'>",
    "<label for='§'>x</label>",
    "<p class='a §'>x</p>",
    "<p role='§'>x</p>",
    "<a href='/a/§/b'>x</a>",
    "<a href='https://§.example/'>x</a>",
    "<form method='§' form='§'></form>",
    "<a href='§'>x</a>",
];

/// The page's own part of a transcript.
fn outline_of(capture: &mut Capture, body: &str) -> String {
    capture.page(&PageEvent {
        url: "https://idp.example.org/".parse().unwrap(),
        status: 200,
        www_authenticate: vec![],
        body: body.into(),
    });
    let text = capture.text_of_all();
    let (_, outline) = text.rsplit_once("idp.example.org/\n").unwrap();
    outline.to_owned()
}

#[test]
fn no_value_is_shown() {
    fuzz(
        (select(VALUES_IN.to_vec()), "[a-z]{6}"),
        |(place, value)| {
            let marker = format!("Marker{value}");
            let shown = outline_of(&mut Capture::default(), &place.replace('§', &marker));
            prop_assert!(
                !shown.to_lowercase().contains(&marker.to_lowercase()),
                "{}",
                shown
            );
            Ok(())
        },
    );
}

#[test]
fn nothing_is_shown_that_looks_like_a_secret() {
    fuzz(
        (select(TEXTS.to_vec()), looks_like_a_secret()),
        |(place, secret)| {
            let shown = outline_of(&mut Capture::default(), &place.replace('§', &secret));
            // What the page is made of is no part of it, nor what stands in its place, were it spelt the same.
            let own = outline_of(&mut Capture::default(), &place.replace('§', "x")) + REMOVED;
            // Every group of it that says something, and every digit.
            for part in secret
                .split([' ', '-', '_', '.', '@'])
                .filter(|part| part.len() >= 4 && !own.contains(part))
            {
                prop_assert!(
                    !shown.contains(part),
                    "{} of {} is in {}",
                    part,
                    secret,
                    shown
                );
            }
            let digits = secret.contains(|c: char| c.is_ascii_digit());
            let left = shown
                .replace("<h1>", "")
                .contains(|c: char| c.is_ascii_digit());
            prop_assert!(!(digits && left), "{} is in {}", secret, shown);
            Ok(())
        },
    );
}

#[test]
fn no_answer_is_shown_wherever_a_page_puts_it() {
    let places = TEXTS.iter().chain(&VALUES_IN).chain(&NAMES_IN);
    let places: Vec<&str> = places.copied().collect();
    let percent =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let forms: Vec<fn(&str) -> String> = vec![
        str::to_owned,
        str::to_uppercase,
        str::to_lowercase,
        |text| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('\'', "&#39;")
        },
        |text| {
            text.chars()
                .map(|c| format!("&#{};", u32::from(c)))
                .collect()
        },
        |text| {
            text.chars()
                .map(|c| format!("&amp;#x{:X};", u32::from(c)))
                .collect()
        },
        |text| url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        |text| {
            text.chars()
                .map(|c| format!("\\u{:04x}", u32::from(c)))
                .collect()
        },
        |text| text.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ];
    let ways = forms.len() + 2;
    let answers = "[a-zA-Z0-9 &%+/!é]{2,10}[a-z]{3}";
    fuzz(
        (select(places), answers, 0..ways),
        |(place, answer, way)| {
            let mut capture = Capture::default();
            capture.hide(&answer);
            let written = match forms.get(way) {
                Some(form) => form(&answer),
                None if way == forms.len() => percent(&answer),
                None => percent(&percent(&answer)),
            };
            let shown = outline_of(&mut capture, &place.replace('§', &written)).to_lowercase();
            let json = serde_json::json!({ &answer: answer, "a": { "status": written, &written: [written] } });
            let json = outline_of(&mut capture, &json.to_string()).to_lowercase();
            let needle = |text: &str| crate::format::printable::printable(text, 500).to_lowercase();
            for text in [&shown, &json] {
                for part in [needle(&answer), needle(&written)] {
                    prop_assert!(!text.contains(&part), "{} is in {}", part, text);
                }
            }
            Ok(())
        },
    );
}

/// As large and as deep as a page may be.
#[test]
fn a_hostile_page_is_taken_down() {
    let pages = [
        "<div id=a class=error>".repeat(4_900),
        "<div id=a class=error>".repeat(4_900) + &"x y ".repeat(200_000),
        "hunter2 ".repeat(120_000),
        "<p class='12 34 '>".repeat(4_900),
    ];
    for page in &pages {
        let mut capture = Capture::default();
        capture.hide("hunter2");
        assert!(!outline_of(&mut capture, page).contains("hunter2"));
    }
}
