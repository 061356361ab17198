//! Variables in paths, as botocore expands them (Python's `os.path.expandvars`): `$NAME` and `${NAME}`.
//! What is not set stays as it stands, and what comes of a variable is not looked through again.

use std::ffi::{OsStr, OsString};

use crate::sys::env::Env;

/// A text with its variables expanded; one that is not Unicode stays as it is.
pub(super) fn expanded(env: &Env, text: &OsStr) -> OsString {
    let Some(mut rest) = text.to_str() else {
        return text.to_owned();
    };
    let mut out = OsString::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('$') {
        out.push(before);
        rest = after;
        let Some((name, end)) = name(after) else {
            out.push("$");
            continue;
        };
        let (reference, beyond) = after.split_at(end);
        rest = beyond;
        match env.even_empty(name) {
            Some(value) => out.push(value),
            None => {
                out.push("$");
                out.push(reference);
            }
        }
    }
    out.push(rest);
    out
}

/// The name that follows a dollar sign, and where it ends.
fn name(after: &str) -> Option<(&str, usize)> {
    if let Some(braced) = after.strip_prefix('{') {
        let (name, _) = braced.split_once('}')?;
        return Some((name, name.len() + 2));
    }
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = after.find(|c| !is_of_a_name(c)).unwrap_or(after.len());
    Some((after.get(..end)?, end)).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each by Python: `os.path.expandvars`.
    #[test]
    fn as_python_expands_them() {
        let env = Env::fixed([
            ("HOME", "/home/jane"),
            ("A_1", "a"),
            ("EMPTY", ""),
            ("NESTED", "$HOME"),
            ("with blank", "b"),
        ]);
        for (text, expected) in [
            ("/plain", "/plain"),
            ("$HOME/aws", "/home/jane/aws"),
            ("${HOME}/aws", "/home/jane/aws"),
            ("$HOME$A_1", "/home/janea"),
            ("x${A_1}y$A_1.z", "xaya.z"),
            ("$A_1x", "$A_1x"),
            ("$A_1\u{e9}", "a\u{e9}"),
            ("$UNSET/${UNSET}/$A_1", "$UNSET/${UNSET}/a"),
            ("[$EMPTY]", "[]"),
            ("$NESTED", "$HOME"),
            ("${with blank}", "b"),
            ("${HOME", "${HOME"),
            ("${}$A_1", "${}a"),
            ("${UNSET$A_1}", "${UNSET$A_1}"),
            ("${UNSET$A_1", "${UNSETa"),
            ("$", "$"),
            ("$$A_1", "$a"),
            ("$/$-", "$/$-"),
        ] {
            assert_eq!(expanded(&env, OsStr::new(text)), expected, "{text}");
        }
    }
}
