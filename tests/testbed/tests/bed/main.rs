//! The bed judged from outside: over real sockets, TLS and git.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read clocks, files and the environment themselves"
)]

mod adfs;
mod client;
mod codecommit;
mod iam;
mod identity_center;
mod okta;
mod proxy;
mod sign_in;
mod sts;
