//! git's credential protocol: lines of `key=value`, ended by an empty line or the end of input.
//! <https://git-scm.com/docs/git-credential#IOFMT>

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// What git asks about, as far as a helper needs it; other keys are for other helpers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// `https`.
    pub protocol: Option<String>,
    /// `host[:port]`.
    pub host: Option<String>,
    /// The path without its leading slash; present only with `credential.useHttpPath`.
    pub path: Option<String>,
    /// The user name in the URL, if it has one.
    pub username: Option<String>,
}

/// A line that is not `key=value`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {0} of git's question is not key=value")]
pub struct BadLine(pub usize);

impl Question {
    /// Reads a question; unknown keys are passed over, as the protocol demands.
    ///
    /// # Errors
    /// Where a line has no `=`.
    pub fn parse(text: &str) -> Result<Self, BadLine> {
        let mut question = Self::default();
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() {
                break;
            }
            let (key, value) = line.split_once('=').ok_or(BadLine(number + 1))?;
            let slot = match key {
                "protocol" => &mut question.protocol,
                "host" => &mut question.host,
                "path" => &mut question.path,
                "username" => &mut question.username,
                _ => continue,
            };
            *slot = Some(value.to_owned());
        }
        Ok(question)
    }
}

/// A user name and a password, good until a time (seconds since the epoch): git 2.40 and newer
/// hands an expired one to no server, older ones pass over the line.
#[must_use]
pub fn answer(username: &SecretString, password: &SecretString, until: i64) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "username={}\npassword={}\npassword_expiry_utc={until}\n",
        username.expose_secret(),
        password.expose_secret()
    ))
}

/// Tells git to stop: without it git goes on to ask for a user name, which nobody has.
pub const QUIT: &str = "quit=1\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_git_sends() {
        let question = Question::parse(
            "capability[]=authtype\nprotocol=https\nhost=h:1\npath=v1/repos/a=b\nwwwauth[]=Basic realm=\"x\"\n\nhost=after\n",
        )
        .unwrap();
        assert_eq!(question.host.as_deref(), Some("h:1"));
        assert_eq!(question.path.as_deref(), Some("v1/repos/a=b"));
        assert_eq!(
            Question::parse("protocol=https\nnonsense\n"),
            Err(BadLine(2))
        );
        assert_eq!(Question::parse(""), Ok(Question::default()));
    }
}
