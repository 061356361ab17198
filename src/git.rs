//! git with CodeCommit: which repository, which host, signed by whom, and how git is told. No
//! secret ever stands in an argument, a URL or an environment variable: git asks for it over its
//! credential-helper pipe.

pub mod helper;
pub mod place;
pub mod remote;
pub mod sign;
pub mod wiring;

pub use place::Place;
pub use remote::RemoteUrl;
