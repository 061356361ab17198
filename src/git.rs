//! git with CodeCommit: which repository, which host, signed by whom, and how git is told. No
//! secret ever stands in an argument, a URL or an environment variable: git asks for it over its
//! credential-helper pipe.

pub mod api;
pub mod behind;
pub mod choice;
pub mod choices;
pub mod helper;
pub mod line;
pub mod origin;
pub mod place;
pub mod remembered;
pub mod remote;
pub mod service;
pub mod setup;
pub mod sign;
pub mod wiring;

pub use choice::Signer;
pub use place::Place;
pub use remote::RemoteUrl;
