//! Random numbers of the operating system's.

use std::io;

/// A name that nobody can guess and nothing had before: 128 bits, as digits and letters.
///
/// # Errors
/// Where the system has no random numbers.
pub fn name() -> io::Result<String> {
    let mut random = [0_u8; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut random)
        .map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
