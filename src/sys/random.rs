//! Random numbers of the operating system's.

use std::io;

/// A name that nobody can guess and nothing had before: 128 bits, as digits and letters.
///
/// # Errors
/// Where the system has no random numbers.
pub fn name() -> io::Result<String> {
    let random: [u8; 16] = bytes()?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Random bytes.
///
/// # Errors
/// Where the system has no random numbers.
pub fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut random = [0_u8; N];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut random)
        .map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(random)
}

/// Anything from 0 to 1, for what is spread and not kept secret; a half where the system has no random
/// numbers.
#[must_use]
pub fn fraction() -> f64 {
    bytes().map_or(0.5, |random| {
        f64::from(u16::from_ne_bytes(random)) / f64::from(u16::MAX)
    })
}
