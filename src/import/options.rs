//! The options of a command line in `credential_process`, as argparse, click and kingpin read them.
//! A program's own words are never run.

use crate::format::printable::printable;
use crate::format::shlex;

/// An option that a tool knows.
pub(super) struct Known {
    pub(super) long: &'static str,
    pub(super) short: Option<char>,
    pub(super) takes_value: bool,
}

/// `--long VALUE`.
pub(super) const fn value(long: &'static str) -> Known {
    Known {
        long,
        short: None,
        takes_value: true,
    }
}

/// `--long VALUE` and `-s VALUE`.
pub(super) const fn short_value(long: &'static str, short: char) -> Known {
    Known {
        long,
        short: Some(short),
        takes_value: true,
    }
}

/// `--long`.
pub(super) const fn flag(long: &'static str) -> Known {
    Known {
        long,
        short: None,
        takes_value: false,
    }
}

/// A command line, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    given: Vec<(&'static str, String)>,
    /// What is no option, in order.
    pub(super) rest: Vec<String>,
}

impl Options {
    /// The value of an option; the last one counts.
    pub(super) fn get(&self, long: &str) -> Option<&str> {
        self.given
            .iter()
            .rev()
            .find(|(name, _)| *name == long)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a flag is given.
    pub(super) fn has(&self, long: &str) -> bool {
        self.get(long).is_some()
    }
}

/// The words of a `credential_process` value.
pub(super) fn words(line: &str) -> Result<Vec<String>, String> {
    shlex::split(line)
        .filter(|words| !words.is_empty())
        .ok_or_else(|| "its credential_process has an unclosed quote, or is empty".to_owned())
}

/// What the program is called, without its folder.
pub(super) fn program(words: &[String]) -> String {
    let path = words.first().map(String::as_str).unwrap_or_default();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    printable(name, 60)
}

/// Reads the words after the program.
///
/// An option that the tool's own reader would not know may change what the line means, so it is an
/// error. Its value is not told: it may be a password.
pub(super) fn read(words: &[String], known: &[Known]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        let (option, attached) = if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            (by_long(name, known), value)
        } else if let Some(short) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            let mut letters = short.chars();
            let letter = letters.next();
            let value = letters.as_str();
            let value = value.strip_prefix('=').unwrap_or(value);
            let option = known.iter().find(|option| option.short == letter);
            (option, (!value.is_empty()).then(|| value.to_owned()))
        } else {
            options.rest.push(word.clone());
            continue;
        };
        let name = word.split('=').next().unwrap_or_default();
        // A short option may have its value glued on.
        let shown = if name.starts_with("--") { 60 } else { 2 };
        let name: String = name.chars().take(shown).collect();
        let unknown = || format!("fedgit does not know its option {}", printable(&name, 60));
        let option = option.ok_or_else(unknown)?;
        let value = match (option.takes_value, attached) {
            (true, Some(value)) => value,
            (true, None) => words
                .next()
                .cloned()
                .ok_or_else(|| format!("its option --{} has no value", option.long))?,
            (false, None) => String::new(),
            (false, Some(_)) => return Err(unknown()),
        };
        options.given.push((option.long, value));
    }
    Ok(options)
}

/// argparse takes any beginning of an option that no other option has.
fn by_long<'k>(name: &str, known: &'k [Known]) -> Option<&'k Known> {
    if let Some(exact) = known.iter().find(|option| option.long == name) {
        return Some(exact);
    }
    let mut beginning = known
        .iter()
        .filter(|option| !name.is_empty() && option.long.starts_with(name));
    match (beginning.next(), beginning.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Known] = &[
        short_value("endpoint", 'e'),
        short_value("role-arn", 'a'),
        flag("no-cache"),
    ];

    fn options(line: &str) -> Result<Options, String> {
        read(&words(line).unwrap(), KNOWN)
    }

    #[test]
    fn every_way_to_write_an_option() {
        for line in [
            "p -e x -a y",
            "p --endpoint x --role-arn=y",
            "p -ex -a=y z",
            "p --end x --role 'y' --no-cache",
        ] {
            let options = options(line).unwrap();
            assert_eq!(options.get("endpoint"), Some("x"), "{line}");
            assert_eq!(options.get("role-arn"), Some("y"), "{line}");
        }
    }

    #[test]
    fn an_unknown_option_is_told_without_its_value() {
        for line in ["p --password=hunter2", "p -hunter2", "p --password hunter2"] {
            let why = options(line).unwrap_err();
            assert!(!why.contains("hunter2") && !why.contains("unter2"), "{why}");
        }
        assert!(options("p -e").is_err());
        assert!(options("p --no-cache=1").is_err());
    }

    #[test]
    fn programs() {
        let named = |line: &str| program(&words(line).unwrap());
        assert_eq!(
            named("/usr/local/bin/awsprocesscreds-saml -e x"),
            "awsprocesscreds-saml"
        );
        assert_eq!(named(r"'C:\Program Files\saml2aws.exe' login"), "saml2aws");
    }
}
