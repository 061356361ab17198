//! A profile of the user's own, read as botocore reads it. The one that is asked for by its name is
//! its role before anything else; where another profile names it as its `source_profile`, its own keys
//! come before its role, so that a profile may be its own source.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

mod found;
mod no_way;
mod portal;
mod start;

use crate::format::ini::Document;
use crate::model::{
    Assume, Keys, MARKER, ProfileName, Region, RoleArn, SecretString, SessionDuration,
};

use found::Found;
pub use no_way::NoWay;
pub use portal::AtPortal;

/// How many roles may assume one another before the profile that was named; as for declared ones.
const MOST_LINKS: usize = 8;

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
    /// IAM Identity Center.
    Portal(AtPortal),
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
            // Who is signed in there is not known; whose session it is is.
            Self::Portal(at) => vec![
                b"portal",
                at.session.as_str().as_bytes(),
                at.start_url.as_str().as_bytes(),
                at.region.as_str().as_bytes(),
                at.account.as_str().as_bytes(),
                at.permission_set.as_bytes(),
            ],
        }
    }
}

/// How a profile is come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Its name was given.
    Name,
    /// Another profile, or a role of `fedgit.toml`, has it as its `source_profile`.
    Source,
}

/// Follows what a role of `fedgit.toml` has as its `source_profile` to what that starts from.
///
/// # Errors
/// [`NoWay`].
pub fn way(
    files: Files<'_>,
    profile: &ProfileName,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Way, NoWay> {
    follow(files, profile, variable, By::Source)
}

/// Follows a profile that is asked for by its name, as an SDK would: through the line of a profile
/// that fedgit wrote too.
///
/// # Errors
/// [`NoWay`], but not [`NoWay::Ours`].
pub fn sdk_way(
    files: Files<'_>,
    profile: &ProfileName,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Way, NoWay> {
    follow(files, profile, variable, By::Name)
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
    asked: By,
) -> Result<Way, NoWay> {
    let mut links: Vec<Link> = Vec::new();
    let mut trail: Vec<String> = Vec::new();
    let (mut here, mut by) = (profile.clone(), asked);
    let start = loop {
        let found = Found::of(files, &here)?;
        let keys_first = by == By::Source && found.has_keys();
        if let Some(at) = trail.iter().position(|name| name == here.as_str()) {
            // Its role by its own keys is no loop.
            let is_own_source = at + 1 == trail.len() && keys_first;
            trail.push(here.to_string());
            if !is_own_source {
                return Err(NoWay::Loop(trail.split_off(at)));
            }
        } else {
            trail.push(here.to_string());
        }
        if links.len() > MOST_LINKS {
            return Err(NoWay::TooDeep(profile.clone()));
        }
        if found.get(MARKER).is_some() && asked == By::Source {
            return Err(NoWay::Ours(here));
        }
        let link = match keys_first {
            true => None,
            false => found.link()?,
        };
        let Some(link) = link else {
            break start::start(files, &found)?;
        };
        links.push(link);
        match (found.get("source_profile"), found.get("credential_source")) {
            (Some(source), None) => {
                here = source
                    .parse()
                    .map_err(|e| found.value("source_profile", &e))?;
                by = By::Source;
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
        session_token: ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"]
            .into_iter()
            .find_map(variable)
            .map(SecretString::from),
    }))
}

#[cfg(test)]
#[path = "existing/tests.rs"]
mod tests;
