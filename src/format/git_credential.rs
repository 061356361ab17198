//! git's credential protocol: lines of `key=value`, ended by an empty line or the end of input.
//! <https://git-scm.com/docs/git-credential#IOFMT>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::model::Timestamp;

/// What git asks about, as far as a helper needs it; other keys are for other helpers.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// `https`.
    pub protocol: Option<String>,
    /// `host[:port]`.
    pub host: Option<String>,
    /// The path without its leading slash; present only with `credential.useHttpPath`.
    pub path: Option<String>,
    /// The user name that the URL holds, or that of the pair or whole value that git tells about.
    pub username: Option<SecretString>,
    /// The password of that pair.
    pub password: Option<SecretString>,
    /// Whether this git (2.46 or newer) takes a whole `Authorization` value.
    pub takes_authtype: bool,
    /// Whether this git asks once more where the server refuses that value, and says then that it
    /// does: both came with the same version.
    pub takes_state: bool,
    /// Whether it asks once more: it says back what [`answer`] told it to.
    pub refused_value: bool,
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
        let (mut is_basic, mut whole) = (false, None);
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() {
                break;
            }
            let (key, value) = line.split_once('=').ok_or(BadLine(number + 1))?;
            match (key, value) {
                ("capability[]", "authtype") => question.takes_authtype = true,
                ("capability[]", "state") => question.takes_state = true,
                ("state[]", REFUSED_VALUE) => question.refused_value = true,
                _ => {}
            }
            match key {
                "username" => question.username = Some(SecretString::from(value)),
                "password" => question.password = Some(SecretString::from(value)),
                "authtype" => is_basic = value.eq_ignore_ascii_case("basic"),
                "credential" => whole = Some(value),
                _ => {}
            }
            let slot = match key {
                "protocol" => &mut question.protocol,
                "host" => &mut question.host,
                "path" => &mut question.path,
                _ => continue,
            };
            *slot = Some(value.to_owned());
        }
        // What a git that takes a whole value tells of it: it knows no user name and no password.
        if question.username.is_none()
            && let Some((username, password)) = whole.filter(|_| is_basic).and_then(pair_in)
        {
            (question.username, question.password) = (Some(username), Some(password));
        }
        Ok(question)
    }
}

/// The two in a whole value of the scheme Basic.
fn pair_in(value: &str) -> Option<(SecretString, SecretString)> {
    let bytes = Zeroizing::new(STANDARD.decode(value).ok()?);
    let (username, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((username.into(), password.into()))
}

/// The access key id of a pair that we made.
#[must_use]
pub fn key_id(question: &Question) -> Option<&str> {
    let username = question.username.as_ref()?.expose_secret();
    Some(username.split_once('%').map_or(username, |(id, _)| id))
}

/// When a pair was made that we made: its password starts with the time.
#[must_use]
pub fn stamp(question: &Question) -> Option<Timestamp> {
    let password = question.password.as_ref()?.expose_secret();
    let part = |from: usize, to: usize| password.get(from..to);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(9, 11)?,
        part(11, 13)?,
        part(13, 15)?
    );
    (part(8, 9)? == "T" && part(15, 16)? == "Z")
        .then(|| Timestamp::parse_rfc3339(&text))
        .flatten()
}

/// What git says back where the server refused a whole value.
const REFUSED_VALUE: &str = "fedgit.value=refused";

/// A user name and a password, good until a time (seconds since the epoch): git 2.40 and newer
/// hands an expired one to no server, older ones pass over the line.
///
/// A git that takes a whole `Authorization` value (2.46 and newer) gets that instead, and neither
/// user name nor password: every helper that the user has is told of those two once they worked,
/// and git's own `store` writes them down whatever `ephemeral` says. Nor does libcurl, which prints
/// the user name in its trace (`GIT_TRACE_CURL`), get to know them; CodeCommit's user name holds the
/// session token.
///
/// On one request git 2.46 and 2.47 forget the value: the empty one ahead of a push of more than
/// `http.postBuffer` (1 MiB). The server then refuses, and `continue` has git ask once more; only
/// that question is answered by the two. git tells the helpers of what worked first, and so of the
/// value, and not again. Where the address holds a user name, libcurl would answer that refusal by
/// itself, with the name and no password, so there the two go along at once.
#[must_use]
pub fn answer(
    question: &Question,
    username: &SecretString,
    password: &SecretString,
    until: i64,
) -> Zeroizing<String> {
    let (username, password) = (username.expose_secret(), password.expose_secret());
    let mut answer = Zeroizing::new(String::new());
    if question.takes_authtype && !question.refused_value {
        let both = Zeroizing::new(format!("{username}:{password}"));
        let value = Zeroizing::new(STANDARD.encode(both.as_bytes()));
        for part in [
            "capability[]=authtype\nauthtype=Basic\ncredential=",
            &value,
            "\nephemeral=1\n",
        ] {
            answer.push_str(part);
        }
        if question.takes_state {
            answer.push_str("capability[]=state\ncontinue=1\nstate[]=");
            answer.push_str(REFUSED_VALUE);
            answer.push('\n');
        }
    }
    if !question.takes_authtype || question.refused_value || question.username.is_some() {
        for part in ["username=", username, "\npassword=", password, "\n"] {
            answer.push_str(part);
        }
    }
    answer.push_str(&format!("password_expiry_utc={until}\n"));
    answer
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
        assert!(question.takes_authtype);
        assert_eq!(question.path.as_deref(), Some("v1/repos/a=b"));
        let bad = Question::parse("protocol=https\nnonsense\n");
        assert_eq!(bad.unwrap_err(), BadLine(2));
        assert!(Question::parse("").unwrap().host.is_none());
    }

    #[test]
    fn a_pair_of_ours_tells_its_key_and_its_time() {
        let text = "protocol=https\nhost=h\nusername=ASIAEXAMPLE%to%ken\n\
                    password=20260102T030405Z0b1a4f4f\nephemeral=1\nunknown[]=x\n";
        let question = Question::parse(text).unwrap();
        assert_eq!(key_id(&question), Some("ASIAEXAMPLE"));
        let made = stamp(&question).unwrap();
        assert_eq!(made.to_string(), "2026-01-02T03:04:05Z");
        let shown = format!("{question:?}");
        assert!(!shown.contains("0b1a4f4f") && !shown.contains("to%ken"));
        for other in [
            "hunter2",
            "20260102T030405",
            "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}",
        ] {
            let text = format!("password={other}\n");
            let question = Question::parse(&text).unwrap();
            assert!(stamp(&question).is_none(), "{other}");
        }
    }

    /// What git 2.46 and newer says of a value that was refused.
    #[test]
    fn a_whole_value_of_ours_tells_the_same() {
        let question = |kind: &str, pair: &str| {
            let text = format!("authtype={kind}\ncredential={}\n", STANDARD.encode(pair));
            Question::parse(&text).unwrap()
        };
        let pair = "ASIAEXAMPLE%to%ken:20260102T030405Z0b1a4f4f";
        let ours = question("Basic", pair);
        assert_eq!(key_id(&ours), Some("ASIAEXAMPLE"));
        assert_eq!(stamp(&ours).unwrap().to_string(), "2026-01-02T03:04:05Z");
        assert!(!format!("{ours:?}").contains("0b1a4f4f"));
        assert!(question("Bearer", pair).username.is_none());
        assert!(question("Basic", "no colon").username.is_none());
        let text = format!(
            "username=a\nauthtype=Basic\ncredential={}\n",
            STANDARD.encode(pair)
        );
        assert_eq!(key_id(&Question::parse(&text).unwrap()), Some("a"));
        assert!(Question::parse("authtype=Basic\ncredential=%%\n").is_ok());
    }

    #[test]
    fn answers_what_this_git_takes() {
        let (user, password) = (SecretString::from("AKID%t"), SecretString::from("p"));
        let old = answer(&Question::default(), &user, &password, 7);
        assert_eq!(
            old.as_str(),
            "username=AKID%t\npassword=p\npassword_expiry_utc=7\n"
        );
        let new = Question {
            takes_authtype: true,
            ..Question::default()
        };
        // base64 of "AKID%t:p".
        let value = "capability[]=authtype\nauthtype=Basic\ncredential=QUtJRCV0OnA=\nephemeral=1\n";
        assert_eq!(
            answer(&new, &user, &password, 7).as_str(),
            format!("{value}password_expiry_utc=7\n")
        );
        let text = "capability[]=authtype\ncapability[]=state\nhost=h\n";
        let first = Question::parse(text).unwrap();
        let first = answer(&first, &user, &password, 7);
        assert!(!first.contains("username=") && !first.contains("password="));
        let named = Question::parse(&format!("{text}username=adfs\n")).unwrap();
        let named = answer(&named, &user, &password, 7);
        assert!(named.contains("\ncredential=QUt") && named.contains("\npassword=p\n"));
        // What git says back of it is the next question.
        let back = first.lines().find(|line| line.starts_with("state[]="));
        let again = Question::parse(&format!("{text}{}\n", back.unwrap())).unwrap();
        assert_eq!(answer(&again, &user, &password, 7), old);
    }
}
