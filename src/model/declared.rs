//! What `fedgit.toml` declares once every layer is read and every mistake is out: no value here
//! still waits to be checked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use url::Url;

use super::{
    AccountId, Assume, AwsKey, AwsValue, IdpName, ProfileName, Region, RepoAlias, RepoName,
    RepoPattern, RoleArn, RoleName, SessionDuration,
};

/// The whole declaration, expanded to profiles.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// How fedgit itself behaves.
    pub settings: Settings,
    /// Identity providers by name.
    pub idps: BTreeMap<IdpName, Idp>,
    /// Profiles by their name in `~/.aws/config`.
    pub profiles: BTreeMap<ProfileName, Profile>,
    /// Repositories by alias.
    pub repos: BTreeMap<RepoAlias, Repo>,
    /// Repositories by the patterns of their names, by alias.
    pub repo_groups: BTreeMap<RepoAlias, RepoGroup>,
}

impl Model {
    /// Every declaration of a repository of this name, its own before those by pattern.
    #[must_use]
    pub fn repos_named(&self, name: &RepoName) -> Vec<Repo> {
        let own = self.repos.values().filter(|repo| repo.name == *name);
        let own: Vec<Repo> = own.cloned().collect();
        if !own.is_empty() {
            return own;
        }
        let groups = self.repo_groups.values();
        groups
            .filter(|group| group.has(name))
            .map(|group| group.repo(name.clone()))
            .collect()
    }

    /// The identity provider that the way to a profile's credentials starts at, where it starts at
    /// one.
    #[must_use]
    pub fn idp_of<'m>(&'m self, profile: &'m Profile) -> Option<&'m IdpName> {
        let mut here = profile;
        loop {
            match &here.source {
                Source::Idp(idp) => return Some(idp),
                Source::Profile(source) => here = self.profiles.get(source)?,
                Source::Existing(_) => return None,
            }
        }
    }
}

/// `[settings]`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Program and arguments that ask the person where there is no terminal.
    pub askpass: Option<Vec<String>>,
    /// Where credentials and sessions are kept.
    pub store: Store,
}

/// Where credentials and sessions of identity providers are kept between runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Store {
    /// In private files of the cache folder.
    #[default]
    File,
    /// In the operating system's keychain.
    Keyring,
    /// Nowhere.
    None,
}

/// `[idp.NAME]`.
#[derive(Debug, Clone)]
pub struct Idp {
    /// The NAME.
    pub name: IdpName,
    /// What sort of identity provider it is, with that sort's facts.
    pub kind: IdpKind,
}

/// The sorts of identity provider.
#[derive(Debug, Clone)]
pub enum IdpKind {
    /// AD FS by its sign-in forms.
    Adfs(SamlForms),
    /// AWS IAM Identity Center.
    IdentityCenter(IdentityCenter),
    /// A kind that the file may declare but this version cannot log in to yet; its `kind` as text.
    NotYet(&'static str),
}

/// An identity provider whose sign-in is a chain of HTML forms that ends in a SAML response.
#[derive(Debug, Clone)]
pub struct SamlForms {
    /// The sign-on page.
    pub url: Url,
    /// Asked for where absent.
    pub username: Option<String>,
    /// Program and arguments whose first output line is the password.
    pub password_command: Option<Vec<String>>,
    /// Program and arguments whose first output line is the one-time code.
    pub mfa_command: Option<Vec<String>>,
    /// PEM file with the certificate authorities to trust for this identity provider.
    pub ca_bundle: Option<PathBuf>,
}

/// An instance of AWS IAM Identity Center.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    /// The access portal.
    pub start_url: Url,
    /// Its region, which need not be that of any profile.
    pub region: Region,
    /// Whether profiles are written for the SDKs' own login instead of with a `credential_process`.
    pub native: bool,
    /// The fedgit.toml that declares it; `None` where only the environment or flags do.
    pub declared_in: Option<PathBuf>,
}

/// One profile of `~/.aws/config`.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name there.
    pub name: ProfileName,
    /// The `[role.NAME]` it was expanded from.
    pub role: RoleName,
    /// Where its credentials come from.
    pub source: Source,
    /// What is assumed.
    pub target: Target,
    /// The profile's region, and STS's.
    pub region: Region,
    /// How long its credentials are asked for.
    pub duration: SessionDuration,
    /// What goes with the role when it is assumed.
    pub assume: Assume,
    /// Further keys for the SDKs.
    pub settings: BTreeMap<AwsKey, AwsValue>,
    /// The fedgit.toml that declares the role; `None` where only the environment or flags do.
    pub declared_in: Option<PathBuf>,
}

/// What a profile stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An IAM role.
    Role(RoleArn),
    /// A permission set of IAM Identity Center in an account.
    PermissionSet {
        /// The account.
        account: AccountId,
        /// The permission set's name.
        name: String,
    },
}

/// Where a profile's credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A login: AssumeRoleWithSAML.
    Idp(IdpName),
    /// Another profile's credentials: AssumeRole (role chaining).
    Profile(ProfileName),
    /// A profile of the user's own, which fedgit did not write: AssumeRole.
    Existing(ProfileName),
}

/// `[repo.ALIAS]`.
#[derive(Debug, Clone)]
pub struct Repo {
    /// The alias.
    pub alias: RepoAlias,
    /// The profile whose credentials sign its requests.
    pub profile: ProfileName,
    /// Its name in CodeCommit.
    pub name: RepoName,
    /// Its region.
    pub region: Region,
    /// Another place than `https://git-codecommit.REGION.amazonaws.com`.
    pub endpoint: Option<Url>,
    /// Whether it may decide who signs where nobody named a profile: not so where only an untrusted
    /// project file declares it.
    pub trusted: bool,
}

/// `[repo.ALIAS]` with patterns: all repositories of those names.
#[derive(Debug, Clone)]
pub struct RepoGroup {
    /// The alias.
    pub alias: RepoAlias,
    /// What their names look like.
    pub names: Vec<RepoPattern>,
    /// The profile whose credentials sign.
    pub profile: ProfileName,
    /// Their region.
    pub region: Region,
    /// Another place than `https://git-codecommit.REGION.amazonaws.com`.
    pub endpoint: Option<Url>,
    /// As of a [`Repo`].
    pub trusted: bool,
}

impl RepoGroup {
    /// Whether a repository of that name is one of them.
    #[must_use]
    pub fn has(&self, name: &RepoName) -> bool {
        self.names.iter().any(|pattern| pattern.fits(name))
    }

    /// One of them.
    #[must_use]
    pub fn repo(&self, name: RepoName) -> Repo {
        Repo {
            alias: self.alias.clone(),
            profile: self.profile.clone(),
            name,
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            trusted: self.trusted,
        }
    }
}
