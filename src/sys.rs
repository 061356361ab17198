//! The doors to the operating system. Everything that touches files, locks, programs or the clock
//! goes through here.

pub mod fs;
pub mod lock;
