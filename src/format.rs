//! Foreign text to values and back: pure and total. Nothing here reads a file or the clock.

pub mod ini;
pub mod shlex;
