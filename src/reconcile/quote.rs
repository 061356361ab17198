//! Quoting for `credential_process`: botocore splits the line itself, the AWS SDK for Rust gives it
//! to `sh -c` or `cmd.exe /C`. Only spellings that all of them read alike are written.

/// A word that no spelling carries through every SDK.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} holds {what}, which the AWS SDKs read in different ways on a command line")]
pub struct BadWord {
    /// The word.
    pub word: String,
    /// The offending character, named.
    pub what: String,
}

impl BadWord {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        "move or rename the program or file so that its path has no such character".to_owned()
    }
}

/// One word of a `credential_process` line, quoted where it needs it. `windows` says which readers
/// to write for: pass `cfg!(windows)`.
///
/// # Errors
/// Where the readers disagree on every spelling of the word: `$`, a backslash, quotes, a backtick
/// or `!`, control characters, `]`, and `#` or `;` after a blank; on Windows also what `cmd.exe`
/// acts upon.
pub fn quote_word(word: &str, windows: bool) -> Result<String, BadWord> {
    let bad = |what: String| BadWord {
        word: word.to_owned(),
        what,
    };
    let refused: &[char] = if windows {
        &['"', ']', '&', '|', '<', '>', '^', '!']
    } else {
        &['$', '\\', '"', '`', '!', ']']
    };
    let mut after_blank = false;
    for c in word.chars() {
        if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) {
            return Err(bad("a control character".to_owned()));
        }
        if refused.contains(&c) {
            return Err(bad(format!("{c:?}")));
        }
        if after_blank && (c == '#' || c == ';') {
            return Err(bad(format!("{c:?} after a blank")));
        }
        after_blank = c.is_whitespace();
    }
    // cmd.exe replaces %NAME% even inside quotes; a lone % stays.
    if windows && word.matches('%').count() > 1 {
        return Err(bad("'%' twice".to_owned()));
    }
    let plain =
        |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c) || (windows && c == '\\');
    let bare = !word.is_empty() && word.chars().all(plain);
    if bare && (windows || !is_assignment(word)) {
        return Ok(word.to_owned());
    }
    // On Windows a backslash before the closing quote would escape it; two are one.
    let trailing = if windows {
        word.len() - word.trim_end_matches('\\').len()
    } else {
        0
    };
    Ok(format!("\"{word}{}\"", "\\".repeat(trailing)))
}

/// `NAME=value` as the first word of a line sets a variable for `sh`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
#[path = "quote/tests.rs"]
mod tests;
