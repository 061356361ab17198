use super::*;
use crate::login::{NoAnswer, Refusal};

fn refused(what: Refused) -> LoginError {
    LoginError::Refused(Refusal {
        what,
        text: "no".to_owned(),
        hint: String::new(),
    })
}

fn too_long() -> LoginError {
    LoginError::TooLong {
        limit: "30 requests".to_owned(),
        page: String::new(),
        title: String::new(),
    }
}

#[test]
fn whatever_fails_after_an_answer_is_a_refusal_to_the_next_process() {
    let outcome = |error: LoginError, answer| {
        let sent = Sent {
            answer,
            anything: answer,
        };
        lesson(&error, sent).map(|(outcome, _)| outcome)
    };
    for what in [
        Refused::Password,
        Refused::Code,
        Refused::Factor,
        Refused::Other,
    ] {
        assert_eq!(outcome(refused(what), true), Some(Outcome::Refused));
        // A push within a session: no answer of ours, and yet somebody said no to it.
        let pushed = Sent {
            answer: false,
            anything: true,
        };
        let after_push = lesson(&refused(what), pushed).map(|(outcome, _)| outcome);
        assert_eq!(after_push, Some(Outcome::Refused));
        // Nothing had been sent: no password was refused.
        assert_eq!(outcome(refused(what), false), Some(Outcome::Failed));
    }
    for error in [
        || LoginError::Unanswered { seconds: 300 },
        too_long,
        || FlowError::OutOfTurn.into(),
        || NoAnswer::Failed("exit status 1".to_owned()).into(),
    ] {
        assert_eq!(
            outcome(error(), true),
            Some(Outcome::Refused),
            "{}",
            error()
        );
        let before = outcome(error(), false);
        assert!(
            before.is_some() && before != Some(Outcome::Refused),
            "{}",
            error()
        );
    }
    // A person who was there is asked again.
    let what = "a code".to_owned();
    for error in [
        NoAnswer::Interrupted,
        NoAnswer::NoSuch("factor".to_owned()),
        NoAnswer::TimedOut { seconds: 120, what },
    ] {
        assert_eq!(outcome(error.into(), true), Some(Outcome::Unanswered));
    }
    // The question was not put: another process may get to put it.
    for error in [NoAnswer::Nobody, NoAnswer::Engaged] {
        assert_eq!(outcome(error("a code".to_owned()).into(), true), None);
    }
}

#[test]
fn a_refused_code_or_push_is_not_the_sessions_fault() {
    for (error, expected) in [
        (refused(Refused::Code), false),
        (refused(Refused::Factor), false),
        (refused(Refused::Password), true),
        (refused(Refused::Other), true),
        (too_long(), true),
        (LoginError::Unanswered { seconds: 300 }, false),
        (NoAnswer::Interrupted.into(), false),
    ] {
        assert_eq!(is_sessions_fault(&error), expected, "{error}");
    }
}

#[test]
fn nobody_gives_up_before_the_login_that_they_wait_for() {
    let url = Url::parse("https://idp.example/").unwrap();
    let browser = Duration::from_secs(1800);
    let command = SamlWay::Command {
        program: vec!["login".to_owned()],
        url: None,
    };
    let forms = SamlWay::Adfs { url: url.clone() };
    for (way, limit) in [
        (&SamlWay::Browser { url }, browser),
        (&command, by_command::LIMIT),
        (&forms, Limits::default().total.max(DEVICE_WAIT)),
    ] {
        assert!(longest(way, browser) > limit, "{way:?}");
    }
}
