//! Which option of a choice somebody had in mind.

use super::Choice;

/// The option that `wish` names: by the identity provider's own name for it, else by a part of what it
/// is called, upper and lower case alike. `None` where none or more than one fits.
#[must_use]
pub fn wished(choice: &Choice, wish: &str) -> Option<usize> {
    let is_called = |id: &str| id.eq_ignore_ascii_case(wish);
    let by_id = choice.options.iter().position(|offer| is_called(&offer.id));
    by_id.or_else(|| {
        let wish = wish.to_lowercase();
        let mut fitting = choice
            .options
            .iter()
            .enumerate()
            .filter(|(_, offer)| offer.label.to_lowercase().contains(&wish))
            .map(|(at, _)| at);
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    })
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
    }
}
