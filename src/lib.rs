//! fedgit: corporate identities to AWS profiles and CodeCommit clones, from one `fedgit.toml`.
//!
//! The folders are rooms, named for what fedgit does; the floors are rules between them, held by
//! `.clippy.toml` and `tests/it/floors.rs`. A file uses its own floor and lower ones, never upward.
//!
//! | floor | rooms | what they hold |
//! |---|---|---|
//! | 0 | [`model`] | the vocabulary: values that can only be built from good text |
//! | 1 | [`mod@format`] | foreign text to values and back: HTML, SAML, `~/.aws/config`, git's protocol |
//! | 2 | [`sys`] | the doors: files, locks, terminal, programs, HTTP, clock, environment |
//! | 3 | [`config`], [`login`], [`reconcile`] | `fedgit.toml` to a model; pages to an assertion; a model to a plan |
//! | 4 | [`credentials`], [`git`], [`init`], [`import`] | cache, STS and chains; signing and wiring git; a first `fedgit.toml`, by questions or from other tools' files |
//! | 5 | [`commands`], [`cli`] | one file a command; arguments to an exit code |
//!
//! Inside a room, decisions are pure files with a plain value between them and the one file that
//! acts: `reconcile/plan` and `reconcile/apply`, `login/adfs` and `login/drive`,
//! `credentials/route` and `credentials`.
//!
//! Three flows go through them:
//!
//! 1. **Reconcile**: layers of `fedgit.toml` → [`config::load`] → [`model::Model`] → wanted sections
//!    → [`reconcile::plan()`] → printed, or [`reconcile::apply()`].
//! 2. **Credentials**: a profile's name → [`credentials::warm`] (two small files, nothing else), or
//!    [`credentials::Broker::get`]: route → cache → one login at a time ([`login::drive`]) → STS, or one
//!    sign-in at a time and the portal of IAM Identity Center → cache → the JSON of
//!    `credential_process`.
//! 3. **Git**: an alias or a `codecommit://` URL → [`git::Place`] → git's own settings
//!    ([`git::wiring`]) → git asks back over its credential-helper pipe → flow 2 → [`git::sign`].
//!
//! The test-bed (`tests/testbed`) plays AD FS, STS, IAM Identity Center, AWS sign-in and CodeCommit, and cannot
//! import any of this.

pub mod cli;
pub mod commands;
pub mod config;
pub mod credentials;
pub mod format;
pub mod git;
pub mod import;
pub mod init;
pub mod login;
pub mod model;
pub mod reconcile;
pub mod sys;
