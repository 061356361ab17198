//! Patterns as shells have them, of `*` and `?` alone.

/// Whether a text fits a pattern, whatever the case of its letters. Takes no longer than the product of
/// their lengths.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let lower = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<Vec<_>>()
    };
    let text = lower(text);
    // Which beginnings of the text fit the pattern so far.
    let mut fit = vec![false; text.len() + 1];
    if let Some(first) = fit.first_mut() {
        *first = true;
    }
    for c in lower(pattern) {
        let mut next = vec![false; text.len() + 1];
        if c == '*' {
            let mut any = false;
            for (to, from) in next.iter_mut().zip(&fit) {
                any |= *from;
                *to = any;
            }
        } else {
            let steps = next.iter_mut().skip(1).zip(fit.iter().zip(&text));
            for (to, (from, t)) in steps {
                *to = *from && (c == '?' || c == *t);
            }
        }
        fit = next;
    }
    fit.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "x", true),
            ("", "", true),
            ("", "x", false),
            ("prod*", "Production", true),
            ("*-dev", "team-a-dev", true),
            ("*-dev", "team-a-dev2", false),
            ("1111????3333", "111122223333", true),
            ("a*b*c", "aXbXbc", true),
            ("a*b*c", "aXcXb", false),
            ("[ab]", "a", false),
            ("ä*", "Äpfel", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
        assert!(!fits(&"*a".repeat(200), &"a".repeat(199)));
    }
}
