//! What `fedgit.toml` declares once every layer is read and every mistake is out: no value here
//! still waits to be checked.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

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
    /// What accounts are called here; the first name of each.
    pub accounts: BTreeMap<AccountId, String>,
    /// Profiles by their name in `~/.aws/config`.
    pub profiles: BTreeMap<ProfileName, Profile>,
    /// Repositories by alias.
    pub repos: BTreeMap<RepoAlias, Repo>,
    /// Roles in every account of an identity provider that was not asked yet which these are: the role's
    /// name, and the identity provider's.
    pub undiscovered: Vec<(String, String)>,
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
    /// The browser for `kind = "browser"` and for pages that are opened, and its first arguments.
    pub browser: Option<Vec<String>>,
    /// How long a person may take in it.
    pub browser_limit: Duration,
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
    /// One whose login ends in a SAML response.
    Saml(SamlLogin),
    /// AWS IAM Identity Center.
    IdentityCenter(IdentityCenter),
}

/// A login that ends in a SAML response.
#[derive(Debug, Clone)]
pub struct SamlLogin {
    /// How it is done, and where.
    pub way: SamlWay,
    /// Asked for where absent.
    pub username: Option<String>,
    /// Program and arguments whose first output line is the password.
    pub password_command: Option<Vec<String>>,
    /// Program and arguments whose first output line is the one-time code.
    pub mfa_command: Option<Vec<String>>,
    /// PEM file with the certificate authorities to trust for this identity provider.
    pub ca_bundle: Option<PathBuf>,
    /// Hosts beside the sign-on page's own that may be given a password or a code.
    pub allow_hosts: Vec<String>,
    /// What to choose where the identity provider offers a choice, a second factor above all: its name,
    /// or a part of what the page calls it.
    pub mfa: Vec<String>,
    /// Whether the address takes a SAML request (SP-initiated) instead of starting by itself.
    pub sp_initiated: bool,
}

/// The ways to a SAML response.
#[derive(Debug, Clone)]
pub enum SamlWay {
    /// AD FS by its sign-in forms.
    Adfs {
        /// The sign-on page.
        url: Url,
    },
    /// Okta, of either engine.
    Okta(Okta),
    /// Any identity provider's forms.
    Forms {
        /// The sign-on page.
        url: Url,
        /// What its fields are called, where they cannot be told by themselves.
        fields: FormFields,
    },
    /// The user's own browser.
    Browser {
        /// The page that it opens.
        url: Url,
    },
    /// A program of the user's that prints the response.
    Command {
        /// Program and arguments.
        program: Vec<String>,
        /// The identity provider's address, for the program.
        url: Option<Url>,
    },
}

/// What `kind = "okta"` needs to know.
#[derive(Debug, Clone)]
pub struct Okta {
    /// The address of the AWS application.
    pub url: Url,
    /// Whether it is done by a device code, and with what.
    pub device: Option<OktaDevice>,
}

/// What a login by device code at Okta needs to know.
#[derive(Debug, Clone)]
pub struct OktaDevice {
    /// The native OpenID Connect application.
    pub client_id: String,
    /// The AWS application's own id.
    pub app_id: String,
}

/// Names of fields and forms on sign-in pages that are not to be guessed.
#[derive(Debug, Clone, Default)]
pub struct FormFields {
    /// The user name's field.
    pub username: Option<String>,
    /// The password's.
    pub password: Option<String>,
    /// The one-time code's.
    pub code: Option<String>,
    /// The sign-in form's id or name.
    pub form: Option<String>,
}

impl SamlLogin {
    /// The address that the login starts at; a command may have none.
    #[must_use]
    pub fn url(&self) -> Option<&Url> {
        match &self.way {
            SamlWay::Adfs { url } | SamlWay::Forms { url, .. } | SamlWay::Browser { url } => {
                Some(url)
            }
            SamlWay::Okta(okta) => Some(&okta.url),
            SamlWay::Command { url, .. } => url.as_ref(),
        }
    }

    /// What tells this login's place from any other: its address and the way in, and the program that
    /// knows it. Two programs may be told one address.
    #[must_use]
    pub fn place(&self) -> String {
        let url = self.url().map(ToString::to_string).unwrap_or_default();
        match &self.way {
            SamlWay::Adfs { .. } => url,
            SamlWay::Okta(_) => format!("okta\0{url}"),
            SamlWay::Forms { .. } => format!("saml\0{url}"),
            SamlWay::Browser { .. } => format!("browser\0{url}"),
            SamlWay::Command { program, .. } => format!("command\0{url}\0{}", program.join("\0")),
        }
    }

    /// Whether the file says who signs in. A program or a browser signs in whom it likes, and a user who
    /// is asked for may be another one each time.
    #[must_use]
    pub fn names_user(&self) -> bool {
        let is_told = !matches!(self.way, SamlWay::Command { .. } | SamlWay::Browser { .. });
        is_told && self.username.is_some()
    }

    /// Scheme, host and port of its address: what a password is for. Empty where it has none.
    #[must_use]
    pub fn origin(&self) -> String {
        self.url()
            .map(|url| url.origin().ascii_serialization())
            .unwrap_or_default()
    }
}

/// An instance of AWS IAM Identity Center.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    /// The access portal.
    pub start_url: Url,
    /// Its region, which need not be that of any profile.
    pub region: Region,
    /// Whether to sign in by a code on another device, also where a browser could be opened.
    pub by_device_code: bool,
    /// Whether profiles are written for the SDKs' own login instead of with a `credential_process`.
    pub native: bool,
    /// PEM file with the certificate authorities to trust for its two services.
    pub ca_bundle: Option<PathBuf>,
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

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(arn) => arn.fmt(f),
            Self::PermissionSet { account, name } => write!(f, "{name} in {account}"),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn login(way: SamlWay, username: Option<&str>) -> SamlLogin {
        SamlLogin {
            way,
            username: username.map(str::to_owned),
            password_command: None,
            mfa_command: None,
            ca_bundle: None,
            allow_hosts: Vec::new(),
            mfa: Vec::new(),
            sp_initiated: false,
        }
    }

    #[test]
    fn one_address_is_another_place_for_each_way_and_program() {
        let url: Url = "https://idp.example.com/".parse().unwrap();
        let command = |program: &[&str]| SamlWay::Command {
            program: program.iter().map(ToString::to_string).collect(),
            url: Some(url.clone()),
        };
        let ways = [
            SamlWay::Adfs { url: url.clone() },
            SamlWay::Okta(Okta {
                url: url.clone(),
                device: None,
            }),
            SamlWay::Forms {
                url: url.clone(),
                fields: FormFields::default(),
            },
            SamlWay::Browser { url: url.clone() },
            command(&["a", "b"]),
            command(&["a b"]),
        ];
        let named: Vec<bool> = ways
            .iter()
            .map(|way| login(way.clone(), Some("jane")).names_user())
            .collect();
        assert_eq!(named, [true, true, true, false, false, false]);
        assert!(!login(ways[0].clone(), None).names_user());
        let mut places: Vec<String> = ways.map(|way| login(way, None).place()).to_vec();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 6);
    }
}
