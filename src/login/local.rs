//! A challenge for a program on this machine that vouches for it: Okta Verify's FastPass. The program
//! answers to the identity provider itself; here it is only told what to answer.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// What to give to which program.
pub struct LocalChallenge {
    /// Where it may listen: `http` on this machine, a port each, without a path.
    pub places: Vec<Url>,
    /// How long each may take to say that it is there.
    pub probe: Duration,
    /// The origin that asks. The program checks it, which is what makes a look-alike's challenge worthless.
    pub origin: String,
    /// The JSON that it is given.
    pub body: SecretString,
    /// What the person is told once it is found, fit to print.
    pub told: String,
}

/// What the program made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalAnswer {
    /// It took it; the identity provider hears from it.
    Taken,
    /// It did not.
    Refused {
        /// Its HTTP status; `None` where it hung up or never answered.
        status: Option<u16>,
    },
    /// No such program is there.
    Nobody,
}

impl fmt::Debug for LocalChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalChallenge")
            .field("places", &self.places.len())
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
