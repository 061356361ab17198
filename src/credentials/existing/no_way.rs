//! Why a profile of the user's own leads to no credentials, and what to do about it.

use super::MOST_LINKS;
use crate::model::ProfileName;

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
                "keys, a credential_process, IAM Identity Center, and roles of these are followed; declare \
                 anything else in fedgit.toml, as an [idp] and a role that is the source"
            }
            Self::Nothing(_) => {
                "it needs keys, a credential_process, or role_arn with source_profile"
            }
            Self::Loop(_) => "one of them needs keys or a credential_process of its own",
            Self::TooDeep(_) => "start from a profile that is nearer to its keys",
        }
    }
}
