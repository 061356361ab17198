//! Loopback services.
