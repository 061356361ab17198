//! A profile of the user's own, read as the SDKs read it when another profile names it as its
//! `source_profile`: an IAM user's keys before a role before a program.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

mod portal;

use crate::format::ini::{Document, Section};
use crate::format::shlex;
use crate::model::{
    Assume, Keys, MARKER, ProfileName, Region, RoleArn, SecretString, SessionDuration,
};

pub use portal::{AtPortal, at_portal};

/// How many roles may assume one another before the profile that was named; as for declared ones.
const MOST_LINKS: usize = 8;

/// Keys that say who gives a profile's credentials, where fedgit has a way of its own for it.
const OTHERS: &[(&str, &str)] = &[
    ("web_identity_token_file", "a web identity token"),
    ("sso_session", "IAM Identity Center"),
    ("sso_start_url", "IAM Identity Center"),
    ("login_session", "aws login"),
];

/// The user's AWS files.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `~/.aws/config`.
    pub config: &'a Document,
    /// `~/.aws/credentials`.
    pub credentials: &'a Document,
}

/// The way to a profile's credentials.
#[derive(Debug, Clone)]
pub struct Way {
    /// What it starts with.
    pub start: Start,
    /// Each role that is assumed from there.
    pub links: Vec<Link>,
}

/// What a way starts with.
#[derive(Debug, Clone)]
pub enum Start {
    /// Keys that stand in a file.
    Keys {
        /// Whose.
        profile: ProfileName,
        /// The keys.
        keys: Keys,
    },
    /// Keys that stand in the environment.
    Environment(Keys),
    /// A program that prints keys.
    Process {
        /// Whose.
        profile: ProfileName,
        /// The program and its arguments.
        command: Vec<String>,
    },
}

/// A role on the way.
#[derive(Debug, Clone)]
pub struct Link {
    /// The profile that says so.
    pub profile: ProfileName,
    /// The role.
    pub role: RoleArn,
    /// The profile's region.
    pub region: Option<Region>,
    /// How long its credentials are asked for.
    pub duration: SessionDuration,
    /// What goes with the question.
    pub assume: Assume,
}

/// Why a profile of the user's own gives no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// A file could not be read.
    #[error("{0}")]
    File(String),
    /// No file has it.
    #[error("neither ~/.aws/config nor ~/.aws/credentials has a profile {0}")]
    NotThere(ProfileName),
    /// fedgit wrote it, for a role that is not declared here.
    #[error("fedgit wrote the profile {0}")]
    Ours(ProfileName),
    /// An access key without its other half.
    #[error("the profile {profile} has no {key} to its other key")]
    Half {
        /// The profile.
        profile: ProfileName,
        /// What is missing.
        key: &'static str,
    },
    /// A value that cannot be used.
    #[error("the profile {profile} has a {key} that cannot be used: {why}")]
    Value {
        /// The profile.
        profile: ProfileName,
        /// The key.
        key: &'static str,
        /// What is wrong; never the value where that may be a secret.
        why: String,
    },
    /// Its credentials come from where this does not lead.
    #[error("the credentials of the profile {profile} come from {what}")]
    Other {
        /// The profile.
        profile: ProfileName,
        /// Where they come from.
        what: String,
    },
    /// It says nothing.
    #[error("the profile {0} does not say where its credentials come from")]
    Nothing(ProfileName),
    /// Profiles that lead back to themselves.
    #[error("the profiles lead back to their start: {}", .0.join(" -> "))]
    Loop(Vec<String>),
    /// A way that is too long.
    #[error("there are more than {MOST_LINKS} roles behind the profile {0}")]
    TooDeep(ProfileName),
}

impl NoWay {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(_) => {
                "mend the file, or name another one with AWS_CONFIG_FILE or \
                 AWS_SHARED_CREDENTIALS_FILE"
            }
            Self::NotThere(_) => {
                "mend source_profile, or add the profile: aws configure --profile NAME"
            }
            Self::Ours(_) => {
                "declare its role here, and write source = \"ROLE\" instead of source_profile"
            }
            Self::Half { .. } => {
                "a profile holds aws_access_key_id and aws_secret_access_key, or neither"
            }
            Self::Value { .. } => "mend it in ~/.aws/config or ~/.aws/credentials",
            Self::Other { .. } => {
                "source_profile takes keys, a credential_process, and roles of these; declare anything \
                 else in fedgit.toml, as an [idp] and a role that is the source"
            }
            Self::Nothing(_) => {
                "it needs keys, a credential_process, or role_arn with source_profile"
            }
            Self::Loop(_) => "one of them needs keys or a credential_process of its own",
            Self::TooDeep(_) => "start from a profile that is nearer to its keys",
        }
    }
}

impl Start {
    /// What tells it from another one: not its secrets, but the name of its keys, so that new keys
    /// never meet what the old ones got.
    #[must_use]
    pub fn parts(&self) -> Vec<&[u8]> {
        match self {
            Self::Keys { profile, keys } => {
                let id = keys.access_key_id.as_bytes();
                vec![b"keys", profile.as_str().as_bytes(), id]
            }
            Self::Environment(keys) => vec![b"environment", keys.access_key_id.as_bytes()],
            Self::Process { profile, command } => {
                let words = command.iter().map(String::as_bytes);
                let head = [&b"process"[..], profile.as_str().as_bytes()];
                head.into_iter().chain(words).collect()
            }
        }
    }
}

/// Follows a profile of the user's own to the keys or the program that it starts from.
///
/// # Errors
/// [`NoWay`].
pub fn way(
    files: Files<'_>,
    profile: &ProfileName,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Way, NoWay> {
    follow(files, profile, variable, false)
}

/// The same as an SDK would go it: through the line of a profile that fedgit wrote too.
///
/// # Errors
/// [`NoWay`], but not [`NoWay::Ours`].
pub fn sdk_way(
    files: Files<'_>,
    profile: &ProfileName,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Way, NoWay> {
    follow(files, profile, variable, true)
}

/// A profile as an SDK finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Whether fedgit wrote it.
    pub ours: bool,
    /// Its region, as it stands there.
    pub region: Option<String>,
}

/// What the files say about a profile; `None` where no file has it.
#[must_use]
pub fn known(files: Files<'_>, profile: &ProfileName) -> Option<Known> {
    let found = Found::of(files, profile).ok()?;
    Some(Known {
        ours: found.get(MARKER).is_some(),
        region: found.get("region").map(str::to_owned),
    })
}

/// The names of all profiles, each once, in the order of the files.
#[must_use]
pub fn names(files: Files<'_>) -> Vec<&str> {
    let of_config = files.config.sections().iter().filter_map(|section| {
        let name = section.name.trim();
        let rest = name.strip_prefix("profile").map(str::trim_start);
        match rest {
            Some(rest) if rest.len() + "profile".len() < name.len() => Some(rest),
            _ => (name == "default").then_some(name),
        }
    });
    let of_credentials = files.credentials.sections().iter();
    let mut names: Vec<&str> = Vec::new();
    for name in of_config.chain(of_credentials.map(|section| section.name.trim())) {
        let name = name.trim_matches(['"', '\'']);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn follow(
    files: Files<'_>,
    profile: &ProfileName,
    variable: &dyn Fn(&str) -> Option<String>,
    through_ours: bool,
) -> Result<Way, NoWay> {
    let mut links: Vec<Link> = Vec::new();
    let mut trail: Vec<String> = Vec::new();
    let mut here = profile.clone();
    let start = loop {
        let again = trail.iter().position(|name| name == here.as_str());
        trail.push(here.to_string());
        if let Some(at) = again {
            return Err(NoWay::Loop(trail.split_off(at)));
        }
        if links.len() > MOST_LINKS {
            return Err(NoWay::TooDeep(profile.clone()));
        }
        let found = Found::of(files, &here)?;
        if found.get(MARKER).is_some() && !through_ours {
            return Err(NoWay::Ours(here));
        }
        if let Some(keys) = found.keys()? {
            let profile = here;
            break Start::Keys { profile, keys };
        }
        let Some(link) = found.link()? else {
            break found.process()?;
        };
        links.push(link);
        match (found.get("source_profile"), found.get("credential_source")) {
            (Some(source), None) => {
                here = source
                    .parse()
                    .map_err(|e| found.value("source_profile", &e))?;
            }
            (None, Some("Environment")) => break environment(&here, variable)?,
            (None, Some(other)) => return Err(found.other(other)),
            (Some(_), Some(_)) => {
                let why = "it stands beside source_profile, and they exclude each other";
                return Err(found.value("credential_source", &why));
            }
            (None, None) => return Err(NoWay::Nothing(here)),
        }
    };
    links.reverse();
    Ok(Way { start, links })
}

fn environment(
    profile: &ProfileName,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Start, NoWay> {
    let need = |name: &'static str| {
        variable(name).ok_or_else(|| NoWay::Value {
            profile: profile.clone(),
            key: "credential_source",
            why: format!("it says Environment, and {name} is not set"),
        })
    };
    Ok(Start::Environment(Keys {
        access_key_id: need("AWS_ACCESS_KEY_ID")?,
        secret_access_key: need("AWS_SECRET_ACCESS_KEY")?.into(),
        session_token: variable("AWS_SESSION_TOKEN").map(SecretString::from),
    }))
}

/// What the files say about one profile.
struct Found<'a> {
    name: &'a ProfileName,
    credentials: Option<&'a Section>,
    config: Option<&'a Section>,
}

impl<'a> Found<'a> {
    fn of(files: Files<'a>, name: &'a ProfileName) -> Result<Self, NoWay> {
        // There a section is a profile without saying so.
        let mut sections = files.credentials.sections().iter();
        let credentials = sections.find(|section| section.name.trim() == name.as_str());
        let mut sections = files.config.sections().iter();
        let config = sections.find(|section| section.is_profile(name.as_str()));
        let found = Self {
            name,
            credentials,
            config,
        };
        if credentials.is_none() && config.is_none() {
            return Err(NoWay::NotThere(name.clone()));
        }
        Ok(found)
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let sections = [self.credentials, self.config];
        sections
            .into_iter()
            .flatten()
            .find_map(|s| s.get(key))
            .filter(|value| !value.is_empty())
    }

    /// All of them from one file, the credentials file first.
    fn keys(&self) -> Result<Option<Keys>, NoWay> {
        for section in [self.credentials, self.config].into_iter().flatten() {
            let get = |key: &str| section.get(key).filter(|value| !value.is_empty());
            let half = |key| NoWay::Half {
                profile: self.name.clone(),
                key,
            };
            let (id, secret) = match (get("aws_access_key_id"), get("aws_secret_access_key")) {
                (None, None) => continue,
                (Some(_), None) => return Err(half("aws_secret_access_key")),
                (None, Some(_)) => return Err(half("aws_access_key_id")),
                (Some(id), Some(secret)) => (id, secret),
            };
            let token = get("aws_session_token").or_else(|| get("aws_security_token"));
            return Ok(Some(Keys {
                access_key_id: id.to_owned(),
                secret_access_key: secret.into(),
                session_token: token.map(SecretString::from),
            }));
        }
        Ok(None)
    }

    fn link(&self) -> Result<Option<Link>, NoWay> {
        if self.get("web_identity_token_file").is_some() {
            return Ok(None);
        }
        let Some(arn) = self.get("role_arn") else {
            return Ok(None);
        };
        let text = |key| self.get(key).map(str::to_owned);
        let seconds = self.get("duration_seconds");
        let duration = seconds.map(|text| text.parse::<SessionDuration>());
        let duration = duration
            .transpose()
            .map_err(|e| self.value("duration_seconds", &e))?;
        Ok(Some(Link {
            profile: self.name.clone(),
            role: arn.parse().map_err(|e| self.value("role_arn", &e))?,
            region: self.get("region").and_then(|region| region.parse().ok()),
            duration: duration.unwrap_or(SessionDuration::DEFAULT),
            assume: Assume {
                mfa_serial: text("mfa_serial"),
                external_id: text("external_id"),
                session_name: text("role_session_name"),
                ..Assume::default()
            },
        }))
    }

    /// The last that an SDK looks for.
    fn process(&self) -> Result<Start, NoWay> {
        if let Some((_, what)) = OTHERS.iter().find(|(key, _)| self.get(key).is_some()) {
            return Err(self.other(what));
        }
        let Some(line) = self.get("credential_process") else {
            return Err(NoWay::Nothing(self.name.clone()));
        };
        // Never the line itself: an argument may be a secret.
        let command = shlex::split(line).filter(|words| !words.is_empty());
        Ok(Start::Process {
            profile: self.name.clone(),
            command: command
                .ok_or_else(|| self.value("credential_process", &"its quotes do not match"))?,
        })
    }

    fn value(&self, key: &'static str, why: &dyn std::fmt::Display) -> NoWay {
        NoWay::Value {
            profile: self.name.clone(),
            key,
            why: why.to_string(),
        }
    }

    fn other(&self, what: &str) -> NoWay {
        NoWay::Other {
            profile: self.name.clone(),
            what: what.to_owned(),
        }
    }
}

#[cfg(test)]
#[path = "existing/tests.rs"]
mod tests;
