//! Which option of a choice somebody had in mind.

use super::Choice;

/// The option that `wish` names: by the identity provider's own name for it, else by a part of what it
/// is called, upper and lower case alike. Of several it is the one that the person is known to prefer.
/// `None` where none fits, or more than one.
#[must_use]
pub fn wished(choice: &Choice, wish: &str) -> Option<usize> {
    let is_called = |id: &str| id.eq_ignore_ascii_case(wish);
    let by_id = choice.options.iter().position(|offer| is_called(&offer.id));
    by_id.or_else(|| {
        let fitting = fitting(choice, wish);
        let preferred = fitting.iter().filter(|at| choice.preferred.contains(at));
        let preferred: Vec<usize> = preferred.copied().collect();
        match (&fitting[..], &preferred[..]) {
            ([one], _) | (_, [one]) => Some(*one),
            _ => None,
        }
    })
}

/// The places of all options that are called so in part, or whose own names begin with it: Duo's are a
/// way and a device.
#[must_use]
pub fn fitting(choice: &Choice, wish: &str) -> Vec<usize> {
    let wish = wish.to_lowercase();
    let begins = |id: &str| {
        let id = id.to_lowercase();
        id.strip_prefix(&wish)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    (0..)
        .zip(&choice.options)
        .filter(|(_, offer)| offer.label.to_lowercase().contains(&wish) || begins(&offer.id))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Offer;

    #[test]
    fn by_name_first_and_never_by_halves() {
        let offer = |(id, label): (&str, &str)| Offer {
            id: id.to_owned(),
            label: label.to_owned(),
        };
        let choice = Choice {
            what: "second factor".to_owned(),
            options: [
                ("push", "Use the app"),
                ("totp", "Code from the app, or push"),
                ("sms", "Text to +XX 12"),
            ]
            .map(offer)
            .to_vec(),
            preferred: vec![],
        };
        for (wish, expected) in [
            ("push", Some(0)),
            ("TOTP", Some(1)),
            ("text", Some(2)),
            ("app", None),
            ("voice", None),
        ] {
            assert_eq!(wished(&choice, wish), expected, "{wish}");
        }
        // Of the two, the one of the preferred device.
        for (preferred, expected) in [(vec![1, 2], Some(1)), (vec![2], None), (vec![0, 1], None)] {
            let choice = Choice {
                preferred,
                ..choice.clone()
            };
            assert_eq!(wished(&choice, "app"), expected);
            assert_eq!(wished(&choice, "push"), Some(0));
            assert_eq!(fitting(&choice, "app"), [0, 1]);
        }
    }
}
