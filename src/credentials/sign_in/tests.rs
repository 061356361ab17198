use super::*;
use crate::login::Refusal;

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
    let outcome = |error: LoginError, gave| lesson(&error, gave).map(|(outcome, _)| outcome);
    for what in [
        Refused::Password,
        Refused::Code,
        Refused::Factor,
        Refused::Other,
    ] {
        for gave in [true, false] {
            assert_eq!(
                outcome(refused(what), gave),
                Some(Outcome::Refused),
                "{what:?}"
            );
        }
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
    for error in [NoAnswer::Interrupted, NoAnswer::NoSuch("factor".to_owned())] {
        assert_eq!(outcome(error.into(), true), Some(Outcome::Unanswered));
    }
    assert_eq!(
        outcome(NoAnswer::Nobody("a code".to_owned()).into(), true),
        None
    );
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
