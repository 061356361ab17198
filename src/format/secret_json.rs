//! A value that holds secrets as JSON.

use std::io::{self, Write};

use serde::Serialize;
use zeroize::Zeroizing;

/// The JSON text of a value, as [`written`].
///
/// # Errors
/// As serde_json: where the value has no form in JSON.
pub fn render(value: &impl Serialize) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    written(|out| serde_json::to_writer(out, value))
}

/// What `write` writes, in a buffer that is wiped on drop and was never moved: one that grows leaves
/// what it held so far in freed memory, so the length is found out first.
///
/// # Errors
/// Those of `write`.
pub fn written<E>(
    write: impl Fn(&mut dyn Write) -> Result<(), E>,
) -> Result<Zeroizing<Vec<u8>>, E> {
    let mut length = Length(0);
    write(&mut length)?;
    // One more for whoever ends the text with a line end.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0.saturating_add(1)));
    write(&mut *bytes)?;
    Ok(bytes)
}

struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_never_grew() {
        let value = serde_json::json!({ "a": "\"\\\n\u{1}é/+=", "b": [1, null] });
        let bytes = render(&value).unwrap();
        assert_eq!(*bytes, serde_json::to_vec(&value).unwrap());
        assert_eq!(bytes.capacity(), bytes.len() + 1);
    }
}
