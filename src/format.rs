//! Foreign text to values. Every reader here is total: any input gives a value or an error, never a
//! panic, and its cost is bounded by a constant that stands beside it.

pub mod assignments;
pub mod assuan;
pub mod git_config;
pub mod git_credential;
pub mod glob;
pub mod html;
pub mod ini;
pub mod printable;
pub mod process;
pub mod qr;
pub mod saml;
pub mod script;
pub mod secret_json;
pub mod shlex;
pub mod sigv4;
pub mod sso_cache;
