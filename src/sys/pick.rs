//! One of a list, found by typing a part of it.

use std::io;

use dialoguer::FuzzySelect;
use dialoguer::console::Term;

use super::signals::Signals;

/// Lines of the list that are shown at once.
const SHOWN: usize = 12;

/// The place of the one chosen; `None` where the person pressed Escape. On stderr, which must be a
/// terminal as stdin must be.
///
/// # Errors
/// What the terminal says.
pub fn pick(prompt: &str, items: &[String]) -> io::Result<Option<usize>> {
    // The list hides the cursor, and Ctrl-C would leave it hidden.
    let signals = Signals::held()?;
    let picked = FuzzySelect::new()
        .with_prompt(prompt)
        .items(items)
        .default(0)
        .max_length(SHOWN)
        .report(false)
        .interact_on_opt(&Term::stderr());
    let shown = Term::stderr().show_cursor();
    signals.release()?;
    let picked = picked.map_err(|dialoguer::Error::IO(e)| e);
    shown?;
    match picked {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        picked => picked,
    }
}
