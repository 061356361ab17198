//! Answers, each checked as it is given: what stands in an [`Answers`] can be written.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::question::{Question, kinds};
use crate::config::check::usable_url;
use crate::config::merge::nearest;
use crate::config::wire::IdpKind;
use crate::format::shlex;
use crate::model::{AccountId, BadName, IdpName, ProfileName, Region, RepoName, RoleArn};

/// The answers so far. An empty one stands for "leave it out".
#[derive(Debug, Clone, Default)]
pub struct Answers {
    given: BTreeMap<Question, String>,
}

/// Why an answer cannot be taken. Never quotes what may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BadAnswer {
    /// What is wrong with it.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl BadAnswer {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }
}

impl From<BadName> for BadAnswer {
    fn from(bad: BadName) -> Self {
        Self::new(format!("{:?} is not {}", bad.text, bad.what), bad.why)
    }
}

impl Answers {
    /// The kind; AD FS until it is answered.
    #[must_use]
    pub fn kind(&self) -> IdpKind {
        let named = self.get(Question::Kind).and_then(kind_of);
        named.unwrap_or(IdpKind::Adfs)
    }

    /// The first question of this kind that has no answer yet.
    #[must_use]
    pub fn next(&self) -> Option<Question> {
        let kind = self.kind();
        Question::ALL
            .into_iter()
            .find(|question| question.is_for(kind) && !self.given.contains_key(question))
    }

    /// Answers what needs nobody, and tells the questions that remain.
    #[must_use]
    pub fn settle(&mut self) -> Vec<Question> {
        let mut open = Vec::new();
        let kind = self.kind();
        for question in Question::ALL {
            if !question.is_for(kind) || self.given.contains_key(&question) {
                continue;
            }
            match self.usual(question) {
                Some(usual) => {
                    self.given.insert(question, usual);
                }
                None if question.may_be_empty() => {
                    self.given.insert(question, String::new());
                }
                None if follows_from(question)
                    .iter()
                    .any(|from| open.contains(from)) => {}
                None => open.push(question),
            }
        }
        open
    }

    /// What is written where the person just presses Enter, or nobody is asked.
    #[must_use]
    pub fn usual(&self, question: Question) -> Option<String> {
        match question {
            Question::Kind => Some(IdpKind::Adfs.as_str().to_owned()),
            Question::Name => Some("corp".to_owned()),
            Question::Profile => {
                let role = match self.get(Question::RoleArn) {
                    Some(arn) => arn.rsplit('/').next(),
                    None => self.get(Question::PermissionSet),
                };
                // A role's name may hold characters that a profile's may not.
                Some(role?.parse::<ProfileName>().ok()?.to_string())
            }
            Question::Region => match self.role_arn() {
                Some(arn) => Some(arn.partition().default_region().to_string()),
                None => self.get(Question::IdpRegion).map(str::to_owned),
            },
            _ => None,
        }
    }

    /// Takes an answer that can be written.
    ///
    /// # Errors
    /// [`BadAnswer`].
    pub fn answer(&mut self, question: Question, text: &str) -> Result<(), BadAnswer> {
        let text = text.trim();
        if !question.is_for(self.kind()) {
            let (flag, kind) = (question.flag(), self.kind().as_str());
            let fitting: Vec<&str> = IdpKind::ALL
                .into_iter()
                .filter(|kind| question.is_for(*kind))
                .map(IdpKind::as_str)
                .collect();
            return Err(BadAnswer::new(
                format!("{flag} has no place in a file for kind = \"{kind}\""),
                format!("it goes with --kind {}", fitting.join(", ")),
            ));
        }
        if text.chars().any(char::is_control) {
            return Err(BadAnswer {
                message: "there is a control character in it".to_owned(),
                hint: None,
            });
        }
        let text = if text.is_empty() && question.may_be_empty() {
            String::new()
        } else {
            self.checked(question, text)?
        };
        self.given.insert(question, text);
        Ok(())
    }

    fn checked(&self, question: Question, text: &str) -> Result<String, BadAnswer> {
        match question {
            Question::Kind => match kind_of(text) {
                Some(kind) => Ok(kind.as_str().to_owned()),
                None => Err(BadAnswer {
                    message: format!("{text:?} is none of {}", kinds().join(", ")),
                    hint: nearest(text, kinds()),
                }),
            },
            Question::Name => name::<IdpName>(text),
            Question::Url | Question::StartUrl => self.url(text),
            Question::Command => command(text),
            Question::IdpRegion => name::<Region>(text),
            Question::Username => username(text),
            Question::RoleArn => self.arn(text),
            Question::Account => name::<AccountId>(text),
            Question::PermissionSet => permission_set(text),
            Question::Profile => name::<ProfileName>(text),
            Question::Region => self.region(text),
            Question::Repo => name::<RepoName>(text),
        }
    }

    fn url(&self, text: &str) -> Result<String, BadAnswer> {
        let whole = match self.kind() {
            IdpKind::Adfs if is_host(text) => format!(
                "https://{text}/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices"
            ),
            _ => text.to_owned(),
        };
        match usable_url(&whole) {
            Ok(_) => Ok(whole),
            Err((message, _)) => Err(BadAnswer::new(
                message,
                "copy the address from a browser that signs in to AWS",
            )),
        }
    }

    fn arn(&self, text: &str) -> Result<String, BadAnswer> {
        let arn: RoleArn = text.parse()?;
        let region = self
            .get(Question::Region)
            .and_then(|text| text.parse().ok());
        one_partition(Some(&arn), region.as_ref())?;
        Ok(arn.to_string())
    }

    fn region(&self, text: &str) -> Result<String, BadAnswer> {
        let region: Region = text.parse()?;
        one_partition(self.role_arn().as_ref(), Some(&region))?;
        Ok(region.to_string())
    }

    fn role_arn(&self) -> Option<RoleArn> {
        self.get(Question::RoleArn)?.parse().ok()
    }

    /// What was answered; `None` also where it is to be left out.
    #[must_use]
    pub fn get(&self, question: Question) -> Option<&str> {
        let text = self.given.get(&question)?;
        Some(text.as_str()).filter(|text| !text.is_empty())
    }
}

/// The questions whose answers give this one's usual answer.
fn follows_from(question: Question) -> &'static [Question] {
    match question {
        Question::Profile => &[Question::RoleArn, Question::PermissionSet],
        Question::Region => &[Question::RoleArn, Question::IdpRegion],
        _ => &[],
    }
}

/// STS gives no credentials across partitions.
fn one_partition(arn: Option<&RoleArn>, region: Option<&Region>) -> Result<(), BadAnswer> {
    let (Some(arn), Some(region)) = (arn, region) else {
        return Ok(());
    };
    let partition = arn.partition();
    if partition == region.partition() {
        return Ok(());
    }
    Err(BadAnswer::new(
        format!(
            "{arn} is in the partition {partition}, but {region} is in {}",
            region.partition()
        ),
        format!("a region of {partition} is {}", partition.default_region()),
    ))
}

fn kind_of(text: &str) -> Option<IdpKind> {
    IdpKind::ALL.into_iter().find(|kind| kind.as_str() == text)
}

fn name<T: FromStr<Err = BadName> + ToString>(text: &str) -> Result<String, BadAnswer> {
    Ok(text.parse::<T>()?.to_string())
}

/// `jane@example.com` or `EXAMPLE\jane`, and not `jane:password` as other programs take it: neither
/// Active Directory nor an address has a colon in a user's name.
fn username(text: &str) -> Result<String, BadAnswer> {
    if text.contains(':') {
        return Err(BadAnswer::new(
            "a user name holds no colon",
            "a password is never part of the file: it is asked for at the login",
        ));
    }
    Ok(text.to_owned())
}

/// A program and its arguments, in quotes where one has blanks in it; kept as it was said.
fn command(text: &str) -> Result<String, BadAnswer> {
    match shlex::split(text).as_deref() {
        Some([program, ..]) if !program.is_empty() => Ok(text.to_owned()),
        _ => Err(BadAnswer::new(
            "this names no program",
            "write the program and its arguments, as in: my-login --for aws",
        )),
    }
}

/// IAM Identity Center API reference, CreatePermissionSet: `[\w+=,.@-]+`, 1 to 32 characters.
fn permission_set(text: &str) -> Result<String, BadAnswer> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if (1..=32).contains(&text.len()) && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(BadAnswer::new(
        format!("{text:?} is not the name of a permission set"),
        "it is 1 to 32 of A-Z a-z 0-9 _ + = , . @ -",
    ))
}

/// A host's name alone, perhaps with a port: nothing that makes an address of it.
fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "443"));
    let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    is_port && host.contains('.') && host.chars().all(is_name)
}

#[cfg(test)]
mod tests;
