//! The one door to the process's ambient state: environment, clock, files, terminal, other programs
//! and the network. Nothing here knows what it is used for; `.clippy.toml` closes every other way.

pub mod browser;
pub mod browsers;
pub mod callback;
pub mod clock;
pub mod devtools;
pub mod env;
pub mod folder;
pub mod fs;
pub mod hand_over;
pub mod http;
pub mod keyring;
pub mod lock;
pub mod memory;
pub mod paths;
pub mod pick;
pub mod private;
pub mod process;
pub mod programs;
pub mod random;
pub mod relatives;
pub mod signals;
pub mod terminal;
pub mod walk;
