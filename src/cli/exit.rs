//! The exit codes, as scripts rely on them.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// It failed: network, file system, a service's error.
    Failed,
    /// The command line or `fedgit.toml` is wrong.
    Usage,
    /// `plan`, `apply --check`: changes are pending.
    Pending,
    /// A person is needed: no usable credentials, and no way to ask here.
    PersonNeeded,
    /// Refused: the identity provider or STS said no.
    Refused,
    /// A profile of that name is not ours, or was edited by hand.
    Conflict,
    /// Interrupted, or "no" to a question.
    Interrupted,
    /// Ctrl-C at a question of ours: whoever ends one question means all of them. The number is the same.
    CtrlC,
    /// Another program's own code, passed on.
    Of(u8),
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Pending => 3,
            Self::PersonNeeded => 4,
            Self::Refused => 5,
            Self::Conflict => 6,
            Self::Interrupted | Self::CtrlC => 130,
            Self::Of(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Another program's status as our own: its code, or 128 and the signal as shells count it.
impl From<std::process::ExitStatus> for Exit {
    fn from(status: std::process::ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Of(u8::try_from(128 + signal).unwrap_or(1));
        }
        Self::Of(
            status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .unwrap_or(1),
        )
    }
}
