use std::cell::Cell;
use std::rc::Rc;

use super::*;
use crate::login::{Adfs, Origins, Refused};
use crate::sys::http::{HttpSettings, WebErrorKind};

const SIGN_ON: &str = "https://idp.example.com/adfs/ls/";
const SIGN_IN: &str = include_str!("../../../tests/cases/pages/adfs/sign-in.html");
const WRONG: &str = include_str!("../../../tests/cases/pages/adfs/wrong-password.html");
const HOP: &str = include_str!("../../../tests/cases/pages/adfs/auto-post.html");
const ASSERTION: &str = include_str!("../../../tests/cases/pages/adfs/assertion.html");

/// Answers with these pages in turn, the last one for ever.
struct Pages(Vec<String>, usize);

impl Web for Pages {
    fn send(&mut self, request: &Request) -> Result<PageEvent, WebError> {
        let body = self.0[self.1.min(self.0.len() - 1)].as_str().into();
        self.1 += 1;
        Ok(PageEvent {
            url: request.url.clone(),
            status: 200,
            www_authenticate: vec![],
            body,
        })
    }

    fn local(&mut self, _: &LocalChallenge, _: &mut dyn FnMut()) -> LocalAnswer {
        LocalAnswer::Nobody
    }

    fn wait(&mut self, _: Duration) {}
}

/// Answers every question so, and counts them.
struct Says(Result<&'static str, NoAnswer>, usize);

impl Person for Says {
    fn answer(&mut self, _: &Question) -> Result<SecretString, NoAnswer> {
        self.1 += 1;
        self.0.clone().map(SecretString::from)
    }

    fn choose(&mut self, choice: &Choice) -> Result<usize, NoAnswer> {
        Ok(choice.options.len() - 1)
    }

    fn prefer(&mut self, _: &Choice) -> Option<usize> {
        None
    }

    fn show(&mut self, _: &str) {}

    fn set_going(&mut self) {}
}

fn adfs(url: &str) -> Adfs {
    let url: url::Url = url.parse().unwrap();
    Adfs::new(url.clone(), Origins::new(&url, &[]), None)
}

fn run(
    pages: &[&str],
    answer: Result<&'static str, NoAnswer>,
) -> (Result<Assertion, LoginError>, usize, usize) {
    let mut flow = adfs(SIGN_ON);
    let mut web = Pages(pages.iter().map(|page| (*page).to_owned()).collect(), 0);
    let mut person = Says(answer, 0);
    let outcome = drive(&mut flow, &mut web, &mut person, Limits::default());
    (outcome, web.1, person.1)
}

#[test]
fn a_login_with_and_without_a_session() {
    let (outcome, requests, questions) = run(&[SIGN_IN, HOP, ASSERTION], Ok("jane"));
    assert_eq!(
        (outcome.unwrap().expose(), requests, questions),
        ("PHNhbWxwOlJlc3BvbnNlLz4=", 3, 2)
    );
    let (outcome, requests, questions) = run(&[ASSERTION], Err(NoAnswer::Nobody("x".into())));
    assert!(outcome.is_ok());
    assert_eq!((requests, questions), (1, 0));
}

#[test]
fn the_password_is_sent_once() {
    let (outcome, requests, questions) = run(&[SIGN_IN, WRONG], Ok("jane@example.com"));
    match outcome.unwrap_err() {
        LoginError::Refused(refusal) => assert_eq!(refusal.what, Refused::Password),
        other => panic!("{other}"),
    }
    assert_eq!((requests, questions), (2, 2));
}

#[test]
fn nobody_to_ask() {
    let (outcome, requests, _) = run(&[SIGN_IN], Err(NoAnswer::Interrupted));
    assert!(matches!(
        outcome.unwrap_err(),
        LoginError::NoAnswer(NoAnswer::Interrupted)
    ));
    assert_eq!(requests, 1);
}

#[test]
fn endless_hops_end() {
    let (outcome, requests, _) = run(&[HOP], Ok("jane"));
    let error = outcome.unwrap_err();
    assert_eq!(requests, Limits::default().steps);
    let expected = "the login came to no end in 30 requests; the last page was \
                    https://idp.example.com/adfs/ls/ (\"Working...\")";
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().is_some());

    let large = format!("{HOP}{}", " ".repeat(html::MAX_BYTES - HOP.len()));
    let (outcome, requests, _) = run(&[&large], Ok("jane"));
    assert!(outcome.unwrap_err().to_string().contains("bytes"));
    assert_eq!(requests, 9);
}

#[test]
fn the_real_web_refuses_plain_http_beyond_this_machine() {
    let mut flow = adfs("http://idp.example.com/adfs/ls/");
    let mut web = Http::new(HttpSettings {
        ca_bundle: None,
        aws_ca_bundle: None,
        user_agent: "fedgit-test".into(),
        timeouts: Default::default(),
    });
    let outcome = drive(&mut flow, &mut web, &mut Says(Ok(""), 0), Limits::default());
    match outcome.unwrap_err() {
        LoginError::Web(error) => assert_eq!(error.kind(), WebErrorKind::Insecure),
        other => panic!("{other}"),
    }
}

/// Waits before each request but the first, for ever.
struct Waits;

impl Flow for Waits {
    fn next(&mut self, event: Event) -> Step {
        match event {
            Event::Page(_) => Step::Wait(Duration::ZERO),
            Event::Start | Event::Continue => Step::Send(Request::get(SIGN_ON.parse().unwrap())),
            _ => Step::Fail(FlowError::OutOfTurn),
        }
    }
}

#[test]
fn waiting_comes_to_an_end_and_is_no_progress() {
    let mut web = Pages(vec![HOP.to_owned()], 0);
    let outcome = drive(
        &mut Waits,
        &mut web,
        &mut Says(Ok(""), 0),
        Limits::default(),
    );
    let expected = "timed out: nobody answered the second factor within 300 seconds";
    assert_eq!(outcome.unwrap_err().to_string(), expected);
    assert_eq!(web.1, 301);
}

/// A push that nothing is said about, and a page that nobody knows.
#[test]
fn what_a_person_answers_elsewhere_counts_as_set_going() {
    struct Pushes;
    impl Flow for Pushes {
        fn next(&mut self, event: Event) -> Step {
            match event {
                Event::Start => Step::Send(Request {
                    slow: true,
                    ..Request::get(SIGN_ON.parse().unwrap())
                }),
                _ => Step::Fail(FlowError::OutOfTurn),
            }
        }
    }
    struct Knows(bool);
    impl Person for Knows {
        fn answer(&mut self, _: &Question) -> Result<SecretString, NoAnswer> {
            Err(NoAnswer::Interrupted)
        }
        fn choose(&mut self, _: &Choice) -> Result<usize, NoAnswer> {
            Err(NoAnswer::Interrupted)
        }
        fn prefer(&mut self, _: &Choice) -> Option<usize> {
            None
        }

        fn show(&mut self, _: &str) {}
        fn set_going(&mut self) {
            self.0 = true;
        }
    }
    let (mut web, mut person) = (Pages(vec![HOP.to_owned()], 0), Knows(false));
    let outcome = drive(&mut Pushes, &mut web, &mut person, Limits::default());
    assert!(outcome.is_err() && person.0);
}

/// A minute for each request.
struct Slow(Pages, Rc<Cell<Instant>>);

impl Web for Slow {
    fn send(&mut self, request: &Request) -> Result<PageEvent, WebError> {
        self.1.set(self.1.get() + Duration::from_secs(60));
        self.0.send(request)
    }

    fn local(&mut self, _: &LocalChallenge, _: &mut dyn FnMut()) -> LocalAnswer {
        LocalAnswer::Nobody
    }

    fn wait(&mut self, _: Duration) {}

    fn now(&self) -> Instant {
        self.1.get()
    }
}

/// An hour for each answer.
struct Ponders(Rc<Cell<Instant>>);

impl Person for Ponders {
    fn answer(&mut self, _: &Question) -> Result<SecretString, NoAnswer> {
        self.0.set(self.0.get() + Duration::from_secs(3600));
        Ok("jane".into())
    }

    fn choose(&mut self, _: &Choice) -> Result<usize, NoAnswer> {
        self.0.set(self.0.get() + Duration::from_secs(3600));
        Ok(0)
    }

    fn prefer(&mut self, _: &Choice) -> Option<usize> {
        None
    }

    fn show(&mut self, _: &str) {}

    fn set_going(&mut self) {}
}

#[test]
fn a_login_has_an_end_however_slow_the_pages_are() {
    let clock = Rc::new(Cell::new(clock::start()));
    let run = |flow: &mut dyn Flow, pages: &[&str]| {
        let pages = Pages(pages.iter().map(|page| (*page).to_owned()).collect(), 0);
        let mut web = Slow(pages, Rc::clone(&clock));
        let mut person = Ponders(Rc::clone(&clock));
        let outcome = drive(flow, &mut web, &mut person, Limits::default());
        (outcome, web.0.1)
    };
    let (outcome, requests) = run(&mut adfs(SIGN_ON), &[HOP]);
    let error = outcome.unwrap_err();
    assert!(
        error.to_string().contains("to no end in 15 minutes"),
        "{error}"
    );
    assert_eq!(requests, 16);
    // Polls count too, which are no progress.
    let (outcome, requests) = run(&mut Waits, &[HOP]);
    assert!(matches!(outcome, Err(LoginError::TooLong { .. })));
    assert_eq!(requests, 16);
    // Two hours at the questions do not.
    let (outcome, _) = run(&mut adfs(SIGN_ON), &[SIGN_IN, HOP, ASSERTION]);
    assert!(outcome.is_ok());
}
