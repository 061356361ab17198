//! The sorts of entries that are kept.

/// A sort of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A role's credentials.
    Credentials,
    /// A session of an identity provider.
    Session,
    /// A password that somebody asked to save: in the keychain, and never in a file.
    Password,
}

impl Kind {
    /// The folder's name, and the sort's name in the keychain.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Session => "sessions",
            Self::Password => "passwords",
        }
    }

    /// More bytes than an entry has.
    pub(super) fn largest(self) -> u64 {
        match self {
            // A session token is about 1 KiB.
            Self::Credentials | Self::Password => 64 << 10,
            // An assertion may have 1 MiB, and base64 and JSON make more of it.
            Self::Session => 4 << 20,
        }
    }
}
