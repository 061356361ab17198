//! What a first `fedgit.toml` needs to know, in the order in which it is asked.

use crate::config::wire::IdpKind;

/// One question; each has a flag of `fedgit init` that answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// The sort of identity provider.
    Kind,
    /// What to call it in the file.
    Name,
    /// Its sign-on page, or the AWS application's address.
    Url,
    /// The program that signs in.
    Command,
    /// The access portal of IAM Identity Center.
    StartUrl,
    /// The region of the Identity Center instance.
    IdpRegion,
    /// Who signs in.
    Username,
    /// The role that the login gives.
    RoleArn,
    /// The account of a permission set.
    Account,
    /// The permission set.
    PermissionSet,
    /// The profile's name in `~/.aws/config`.
    Profile,
    /// The region of profiles, STS and repositories.
    Region,
    /// A repository in CodeCommit.
    Repo,
}

impl Question {
    /// Every question, in order: what a later one depends on comes before it.
    pub const ALL: [Self; 13] = [
        Self::Kind,
        Self::Name,
        Self::Url,
        Self::Command,
        Self::StartUrl,
        Self::IdpRegion,
        Self::Username,
        Self::RoleArn,
        Self::Account,
        Self::PermissionSet,
        Self::Profile,
        Self::Region,
        Self::Repo,
    ];

    /// The flag that answers it.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Self::Kind => "--kind",
            Self::Name => "--name",
            Self::Url => "--url",
            Self::Command => "--command",
            Self::StartUrl => "--start-url",
            Self::IdpRegion => "--idp-region",
            Self::Username => "--username",
            Self::RoleArn => "--role-arn",
            Self::Account => "--account",
            Self::PermissionSet => "--permission-set",
            Self::Profile => "--profile",
            Self::Region => "--region",
            Self::Repo => "--repo",
        }
    }

    /// Whether the file has a place for it where people sign in by this kind.
    #[must_use]
    pub fn is_for(self, kind: IdpKind) -> bool {
        let cloud = kind == IdpKind::IdentityCenter;
        match self {
            Self::Kind | Self::Name | Self::Profile | Self::Region | Self::Repo => true,
            Self::StartUrl | Self::IdpRegion | Self::Account | Self::PermissionSet => cloud,
            Self::RoleArn => !cloud,
            Self::Url => !cloud && kind != IdpKind::Command,
            Self::Command => kind == IdpKind::Command,
            // A browser asks for it on its own page.
            Self::Username => matches!(kind, IdpKind::Adfs | IdpKind::Okta | IdpKind::Saml),
        }
    }

    /// Whether an empty answer leaves it out of the file.
    #[must_use]
    pub fn may_be_empty(self) -> bool {
        matches!(self, Self::Username | Self::Repo)
    }

    /// What the person is asked for.
    #[must_use]
    pub fn prompt(self, kind: IdpKind) -> String {
        match self {
            Self::Kind => format!("kind of identity provider ({})", kinds().join(", ")),
            Self::Name => "a name for it in the file".to_owned(),
            Self::Url => match kind {
                IdpKind::Adfs => "address of the sign-on page, or the AD FS's host alone",
                IdpKind::Okta => "address of the AWS application in Okta",
                _ => "address of the sign-on page",
            }
            .to_owned(),
            Self::Command => "program that prints the base64 SAMLResponse".to_owned(),
            Self::StartUrl => "start URL of the access portal".to_owned(),
            Self::IdpRegion => "region of the Identity Center instance".to_owned(),
            Self::Username => "user name (empty: asked for at each login)".to_owned(),
            Self::RoleArn => "ARN of the role".to_owned(),
            Self::Account => "account, twelve digits".to_owned(),
            Self::PermissionSet => "permission set".to_owned(),
            Self::Profile => "name of its profile in ~/.aws/config".to_owned(),
            Self::Region => "region".to_owned(),
            Self::Repo => "a CodeCommit repository (empty: none)".to_owned(),
        }
    }
}

/// The kinds as the file spells them.
pub(super) fn kinds() -> Vec<&'static str> {
    IdpKind::ALL.into_iter().map(IdpKind::as_str).collect()
}
