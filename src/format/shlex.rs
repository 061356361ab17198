//! How botocore splits a text into words: Python's `shlex.split` in its POSIX mode. It names
//! profiles (`[profile "a b"]`) and splits the `credential_process` line.

/// Characters that [`split`] does not take as they are.
pub const ACTS: &[char] = &[' ', '\t', '\r', '\n', '\\', '\'', '"'];

/// The words of `text`, or `None` where Python raises `ValueError`: an unclosed quote, or a
/// backslash with nothing after it.
#[must_use]
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    // `None` between words; an empty quoted word is a word too.
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            // Python's own list: NBSP, form feed and the rest of Unicode do not separate.
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        // Inside double quotes only these two can be escaped.
                        '\\' => match chars.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        inner => word.push(inner),
                    }
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from botocore itself.
    #[test]
    fn splits_as_botocore_does() {
        let cases: serde_json::Value = serde_json::from_str(include_str!(
            "../../tests/cases/credential-process-quoting.json"
        ))
        .unwrap();
        for case in cases.as_array().unwrap() {
            let input = case["input"].as_str().unwrap();
            let expected = case["linux"].as_array().map(|words| {
                words
                    .iter()
                    .map(|w| w.as_str().unwrap().to_owned())
                    .collect::<Vec<_>>()
            });
            assert_eq!(split(input), expected, "{input:?}");
        }
    }
}
