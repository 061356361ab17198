//! Environment variables as text that a shell, or a reader of files, takes for exactly those
//! variables, whatever their values hold.

use std::fmt::Write as _;

use zeroize::Zeroizing;

/// Whose text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// bash, zsh and every other shell that descends from Bourne's.
    Posix,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// `NAME=value` lines, as the many readers of `.env` files take them alike.
    Dotenv,
    /// One JSON object.
    Json,
}

/// What becomes of a variable. Without Debug on purpose: values are secrets.
#[derive(Clone, Copy)]
pub enum Assignment<'a> {
    /// It is set, and handed on to programs.
    Set(&'a str, &'a str),
    /// It is taken away.
    Unset(&'a str),
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// Readers of `.env` files disagree on quotes, escapes and lines.
    #[error("the value of {0} holds a character that readers of .env files take in different ways")]
    Ambiguous(String),
    /// A `.env` file only sets.
    #[error("a .env file cannot unset {0}")]
    CannotUnset(String),
}

/// The assignments, each on a line; JSON as one object with `null` for what is unset.
///
/// # Errors
/// Only of [`Dialect::Dotenv`].
pub fn render(
    dialect: Dialect,
    assignments: &[Assignment<'_>],
) -> Result<Zeroizing<String>, Unwritable> {
    // In full from the start: what grows leaves copies behind.
    let lengths = assignments.iter().map(|assignment| match assignment {
        Assignment::Set(name, value) => 32 + name.len() + 6 * value.len(),
        Assignment::Unset(name) => 64 + name.len(),
    });
    let mut out = Zeroizing::new(String::with_capacity(8 + lengths.sum::<usize>()));
    if dialect == Dialect::Json {
        json(&mut out, assignments);
        return Ok(out);
    }
    for assignment in assignments {
        line(&mut out, dialect, *assignment)?;
    }
    Ok(out)
}

fn line(out: &mut String, dialect: Dialect, assignment: Assignment<'_>) -> Result<(), Unwritable> {
    // Writing to a String cannot fail.
    let _ = match (dialect, assignment) {
        (Dialect::Posix, Assignment::Set(name, value)) => {
            let _ = write!(out, "export {name}=");
            quoted(out, value, |c| (c == '\'').then_some(r"'\''"));
            writeln!(out)
        }
        (Dialect::Posix, Assignment::Unset(name)) => writeln!(out, "unset {name}"),
        (Dialect::Fish, Assignment::Set(name, value)) => {
            let _ = write!(out, "set -gx {name} ");
            quoted(out, value, |c| match c {
                '\'' => Some(r"\'"),
                '\\' => Some(r"\\"),
                _ => None,
            });
            writeln!(out)
        }
        (Dialect::Fish, Assignment::Unset(name)) => writeln!(out, "set -e {name}"),
        (Dialect::Powershell, Assignment::Set(name, value)) => {
            let _ = write!(out, "$env:{name} = ");
            // Typographic quotes end a string too.
            quoted(out, value, |c| match c {
                '\'' => Some("''"),
                '\u{2018}' => Some("\u{2018}\u{2018}"),
                '\u{2019}' => Some("\u{2019}\u{2019}"),
                '\u{201a}' => Some("\u{201a}\u{201a}"),
                '\u{201b}' => Some("\u{201b}\u{201b}"),
                _ => None,
            });
            writeln!(out)
        }
        (Dialect::Powershell, Assignment::Unset(name)) => {
            writeln!(
                out,
                "Remove-Item -Path Env:{name} -ErrorAction SilentlyContinue"
            )
        }
        (Dialect::Dotenv | Dialect::Json, Assignment::Set(name, value)) => {
            // All that temporary credentials are made of. Docker takes quotes for part of the value.
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-./+=:,@%".contains(c);
            if !value.chars().all(plain) {
                return Err(Unwritable::Ambiguous(name.to_owned()));
            }
            writeln!(out, "{name}={value}")
        }
        (Dialect::Dotenv | Dialect::Json, Assignment::Unset(name)) => {
            return Err(Unwritable::CannotUnset(name.to_owned()));
        }
    };
    Ok(())
}

/// In single quotes, with what those cannot hold as `escape` says.
fn quoted(out: &mut String, value: &str, escape: impl Fn(char) -> Option<&'static str>) {
    out.push('\'');
    for c in value.chars() {
        match escape(c) {
            Some(text) => out.push_str(text),
            None => out.push(c),
        }
    }
    out.push('\'');
}

fn json(out: &mut String, assignments: &[Assignment<'_>]) {
    // Strings: serializing cannot fail.
    let text = |value: &str| Zeroizing::new(serde_json::to_string(value).unwrap_or_default());
    out.push('{');
    for (at, assignment) in assignments.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let (name, value) = match assignment {
            Assignment::Set(name, value) => (name, text(value)),
            Assignment::Unset(name) => (name, Zeroizing::new("null".to_owned())),
        };
        out.push_str(&text(name));
        out.push(':');
        out.push_str(&value);
    }
    out.push_str("}\n");
}

#[cfg(test)]
mod tests;
