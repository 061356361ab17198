//! The doors to the world outside the process. Nothing here knows what it is used for.

pub mod fs;
pub mod http;
pub mod lock;
