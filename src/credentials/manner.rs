//! How a login is to be made: how patiently, heeding what, and by what means of the person's.

use std::time::Duration;

use super::exchange::LONGEST_CALL;

/// How long to wait for another process's login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Not at all, nor is a person asked: there is something valid in hand.
    None,
    /// Until it is done, within reason.
    UntilDone,
}

/// How long a service may take where valid credentials are in hand: whoever asks for them waits with a
/// `git push` or an SDK's call.
pub(super) const RENEWAL_WAIT: Duration = Duration::from_secs(10);

impl Patience {
    /// How long one question to a service may take, with its repetitions.
    pub(super) fn longest_call(self) -> Duration {
        match self {
            Self::None => RENEWAL_WAIT,
            Self::UntilDone => LONGEST_CALL,
        }
    }
}

/// What earlier failures mean to a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heed {
    /// A password that was refused lately is not sent again unasked.
    Failures,
    /// A person said `fedgit login`.
    Nothing,
}

/// How the person wants to sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// By a browser that is opened where there is one, else by a code.
    #[default]
    Best,
    /// By a code, on any device.
    DeviceCode,
    /// By a page that they open themselves.
    OwnBrowser,
}
