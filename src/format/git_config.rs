//! A git configuration file, read as text: which keys stand in which section, and on which line.
//!
//! For files that nobody has vouched for. Nothing is included, run or looked up; what git would
//! refuse is passed over.

/// One `key = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// `remote`, in lower case.
    pub section: String,
    /// `origin` in `[remote "origin"]`; empty where there is none.
    pub subsection: String,
    /// `url`, in lower case.
    pub key: String,
    /// Without quotes and comments.
    pub value: String,
    /// The line of the key, from 1.
    pub line: usize,
}

/// The variables of a file in order.
#[must_use]
pub fn variables(text: &str) -> Vec<Variable> {
    let mut found = Vec::new();
    let (mut section, mut subsection) = (String::new(), String::new());
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let mut rest = line.trim();
        if let Some(inside) = rest.strip_prefix('[') {
            let Some((name, sub, after)) = header(inside) else {
                // Its keys would be counted to the section before.
                (section, subsection) = (String::new(), String::new());
                continue;
            };
            (section, subsection) = (name, sub);
            rest = after.trim();
        }
        if rest.is_empty() || rest.starts_with(['#', ';']) || section.is_empty() {
            continue;
        }
        let (key, raw) = match rest.split_once('=') {
            Some((key, raw)) => (key.trim(), raw.trim_start()),
            // A key alone says yes, and no key here is a switch.
            None => continue,
        };
        let mut value = Value::default();
        let mut open = value.line(raw);
        while open {
            let Some((_, next)) = lines.next() else { break };
            open = value.line(next);
        }
        found.push(Variable {
            section: section.clone(),
            subsection: subsection.clone(),
            key: key.to_ascii_lowercase(),
            value: value.finish(),
            line: number + 1,
        });
    }
    found
}

/// `remote "origin"]` and what stands behind it.
fn header(inside: &str) -> Option<(String, String, &str)> {
    let end = inside.find(['"', ']'])?;
    let (name, rest) = inside.split_at_checked(end)?;
    let name = name.trim().to_ascii_lowercase();
    if let Some(after) = rest.strip_prefix(']') {
        // The old spelling `[remote.origin]`.
        let (name, sub) = match name.split_once('.') {
            Some((name, sub)) => (name.to_owned(), sub.to_owned()),
            None => (name, String::new()),
        };
        return Some((name, sub, after));
    }
    let mut sub = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                let after = rest.get(at + 1..)?.trim_start().strip_prefix(']')?;
                return Some((name, sub, after));
            }
            '\\' => sub.push(chars.next()?.1),
            other => sub.push(other),
        }
    }
    None
}

/// A value as it grows over its lines.
#[derive(Default)]
struct Value {
    text: String,
    /// How much of the text must stay: blanks behind it are dropped at the end.
    kept: usize,
    quoted: bool,
}

impl Value {
    /// Takes a line; whether the next one goes on with it.
    fn line(&mut self, line: &str) -> bool {
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => self.quoted = !self.quoted,
                '#' | ';' if !self.quoted => return false,
                '\\' => match chars.next() {
                    None => return true,
                    Some('n') => self.push('\n', true),
                    Some('t') => self.push('\t', true),
                    Some('b') => {}
                    Some(other) => self.push(other, true),
                },
                other => self.push(other, self.quoted || !other.is_whitespace()),
            }
        }
        false
    }

    fn push(&mut self, c: char, keep: bool) {
        self.text.push(c);
        if keep {
            self.kept = self.text.len();
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.kept);
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keys_and_values() {
        let text = "\
# a comment
[core]
\tbare = false ; another
[Remote \"ori\\\"gin\"] url = codecommit://a@b # and one more
[credential]
\thelper = !aws codecommit \\
credential-helper $@
\thelper =
\tuseHttpPath
[credential \"https://x/]\"]
\tHelper = \"!f() { echo \\\"a;b\\\"; }  \"
[broken
\turl = lost
[remote.old]
url=https://old
";
        let found: Vec<(String, usize)> = variables(text)
            .into_iter()
            .map(|v| {
                let (s, sub, k) = (v.section, v.subsection, v.key);
                (format!("{s}|{sub}|{k}={}", v.value), v.line)
            })
            .collect();
        let expected = [
            ("core||bare=false", 3),
            ("remote|ori\"gin|url=codecommit://a@b", 4),
            ("credential||helper=!aws codecommit credential-helper $@", 6),
            ("credential||helper=", 8),
            ("credential|https://x/]|helper=!f() { echo \"a;b\"; }  ", 11),
            ("remote|old|url=https://old", 15),
        ];
        let expected: Vec<(String, usize)> = expected
            .map(|(text, line)| (text.to_owned(), line))
            .to_vec();
        assert_eq!(found, expected);
    }

    #[test]
    fn text_that_is_no_configuration() {
        for text in [
            "",
            "[",
            "[\"",
            "[a \"b",
            "=",
            "[a]\n=\n",
            "[a]\nx = \\",
            "[a]\nx = \"",
            "[é\"\\",
        ] {
            let _ = variables(text);
        }
    }
}
