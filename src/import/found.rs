//! What the readers of this room give: one value for all the tools that they read.

use std::fmt;

use url::Url;

use crate::model::{
    AccountId, IdpName, ProfileName, Region, RepoName, RoleArn, SessionDuration, Target,
};

/// A file that was read, with the name to show for it.
#[derive(Debug, Clone)]
pub struct Text {
    /// How the file is called in messages and comments.
    pub file: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1; `None` for the whole file.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// What `fedgit.toml` does not get, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it stands.
    pub at: Place,
    /// What it is; never the value of a key that may be a secret.
    pub what: String,
    /// Why fedgit cannot take it.
    pub why: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, what, why } = self;
        write!(f, "{at}: {what} is not carried over: {why}")
    }
}

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idp {
    /// Its sort, with what that sort needs.
    pub kind: Kind,
    /// Who signs in; asked for where absent.
    pub username: Option<String>,
    /// Absolute path of the certificate authorities to trust.
    pub ca_bundle: Option<String>,
    /// The name that it must have: that of an `[sso-session]`.
    pub name: Option<IdpName>,
    /// What stands between the brackets of that section.
    pub section: Option<String>,
    /// Where it was first found.
    pub at: Place,
    /// The tool that it was found in.
    pub tool: &'static str,
}

/// The sorts of identity provider that the tools know and `fedgit.toml` can declare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `adfs`, with its sign-on page.
    Adfs(Url),
    /// `okta`, with the address of the AWS application.
    Okta(Url),
    /// `saml`: another one with sign-in forms.
    Saml(Url),
    /// `browser`.
    Browser(Url),
    /// `identity-center`.
    IdentityCenter {
        /// The access portal.
        start_url: Url,
        /// The region of the instance.
        region: Region,
    },
}

impl Kind {
    /// As `fedgit.toml` spells it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Adfs(_) => "adfs",
            Self::Okta(_) => "okta",
            Self::Saml(_) => "saml",
            Self::Browser(_) => "browser",
            Self::IdentityCenter { .. } => "identity-center",
        }
    }

    /// The page where signing in begins.
    #[must_use]
    pub fn url(&self) -> &Url {
        match self {
            Self::Adfs(url) | Self::Okta(url) | Self::Saml(url) | Self::Browser(url) => url,
            Self::IdentityCenter { start_url, .. } => start_url,
        }
    }
}

/// A role that has one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The profile's name in `~/.aws/config`.
    pub profile: ProfileName,
    /// Where its credentials come from.
    pub from: From,
    /// What is assumed.
    pub target: Target,
    /// What the tool calls the account of a permission set.
    pub account_name: Option<String>,
    /// The profile's region.
    pub region: Option<Region>,
    /// How long its credentials are asked for.
    pub duration: Option<SessionDuration>,
    /// What the role's owner asks of whoever assumes it.
    pub external_id: Option<String>,
    /// The session's name in AWS's logs.
    pub session_name: Option<String>,
    /// Other keys of the profile, for the AWS tools.
    pub extras: Vec<(String, Extra)>,
    /// What stands between the brackets of its section in `~/.aws/config`, where it has one.
    pub section: Option<String>,
    /// Where it was found.
    pub at: Place,
    /// The tool that it was found in.
    pub tool: &'static str,
}

/// Where a role's credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A login.
    Idp(Box<Idp>),
    /// Another profile's credentials.
    Profile(ProfileName),
}

/// A key of a profile that fedgit only passes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extra {
    /// `output = json`
    Value(String),
    /// `s3 =` with lines of its own below it.
    Table(Vec<(String, String)>),
}

/// A profile that has no credentials of its own: another tool puts them into `~/.aws/credentials`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The profile.
    pub profile: ProfileName,
    /// Its region.
    pub region: Option<String>,
    /// Its other keys.
    pub extras: Vec<(String, Extra)>,
    /// What stands between the brackets.
    pub section: String,
    /// Where it stands.
    pub at: Place,
    /// What would be left out of it, if a role turns out to need it.
    pub left_out: Vec<LeftOut>,
}

/// A repository that a clone fetches from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repo {
    /// Its name in CodeCommit.
    pub name: RepoName,
    /// The profile that signs; `default` where the clone names none.
    pub profile: ProfileName,
    /// The region, where the URL names one.
    pub region: Option<Region>,
    /// The endpoint, where it is not the region's own.
    pub endpoint: Option<Url>,
    /// The clone's remote.
    pub at: Place,
}

/// Everything that was found, before names are given and what is the same is put together.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Identity providers that no role needs.
    pub idps: Vec<Idp>,
    /// Roles, with their identity providers.
    pub roles: Vec<Role>,
    /// Roles of other tools' own files, which have a profile only once their tool has run.
    pub tool_roles: Vec<Role>,
    /// Profiles of `~/.aws/config` without credentials of their own.
    pub settings: Vec<Settings>,
    /// Profiles of `~/.aws/config` with credentials of their own, carried over or not: their names
    /// are taken.
    pub taken: Vec<ProfileName>,
    /// Repositories.
    pub repos: Vec<Repo>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

/// What is left out of one thing while it is read: its parts are noted, and the thing itself is an
/// `Err` with the reason.
#[derive(Debug, Default)]
pub(super) struct Notes {
    parts: Vec<(String, String)>,
}

impl Notes {
    pub(super) fn part(&mut self, part: impl Into<String>, why: impl Into<String>) {
        self.parts.push((part.into(), why.into()));
    }
}

impl Found {
    /// What was read of a thing, or `None` with the reason kept.
    pub(super) fn keep<T>(
        &mut self,
        at: &Place,
        what: &str,
        read: impl FnOnce(&mut Notes) -> Result<T, String>,
    ) -> Option<T> {
        let mut notes = Notes::default();
        match read(&mut notes) {
            Ok(thing) => {
                for (part, why) in notes.parts {
                    self.leave(at, format!("{part} of {what}"), why);
                }
                Some(thing)
            }
            // The parts of what is left out as a whole are nobody's concern.
            Err(why) => {
                self.leave(at, what, why);
                None
            }
        }
    }

    pub(super) fn leave(&mut self, at: &Place, what: impl Into<String>, why: impl Into<String>) {
        self.left_out.push(LeftOut {
            at: at.clone(),
            what: what.into(),
            why: why.into(),
        });
    }
}

impl Role {
    /// The account of what is assumed.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        match &self.target {
            Target::Role(arn) => arn.account(),
            Target::PermissionSet { account, .. } => account,
        }
    }

    /// The role's ARN, where it is an IAM role.
    #[must_use]
    pub fn arn(&self) -> Option<&RoleArn> {
        match &self.target {
            Target::Role(arn) => Some(arn),
            Target::PermissionSet { .. } => None,
        }
    }
}
