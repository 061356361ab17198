//! The real programs, run as a user runs them, against the test-bed over real sockets.
//!
//! One binary, so that everything is linked once. Each run is followed by a search for the planted
//! secrets in everything that it left behind (`world.rs`).
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read and write the file system, and stop where something is not as it should be"
)]

#[cfg(unix)]
mod adfs;
#[cfg(unix)]
mod askpass;
mod aws_keys;
mod bad_input;
mod by_command;
mod capture;
#[cfg(unix)]
mod codecommit;
mod concurrent;
mod config_errors;
mod configuration;
mod durable;
#[cfg(unix)]
mod faults;
mod floors;
mod fuzz;
mod generated;
#[cfg(unix)]
mod hostile_pages;
#[cfg(unix)]
mod identity_center;
mod import;
mod init;
#[cfg(unix)]
mod interop;
mod mission;
mod okta;
mod once;
mod ownership;
#[cfg(unix)]
mod paste;
#[cfg(unix)]
mod prompt;
mod reconcile;
mod roles;
mod saml_forms;
#[cfg(unix)]
mod silence;
mod source_profile;
mod store;
mod trust;
#[cfg(unix)]
mod turns;
#[cfg(unix)]
mod use_credentials;
#[cfg(target_os = "linux")]
mod warm_path;
mod world;
