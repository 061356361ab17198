//! fedgit: corporate identities to AWS profiles and CodeCommit clones, from one `fedgit.toml`.

pub mod cli;
pub mod commands;
pub mod config;
pub mod credentials;
pub mod format;
pub mod git;
pub mod login;
pub mod model;
pub mod reconcile;
pub mod sys;
