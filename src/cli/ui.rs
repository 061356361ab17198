//! stdout carries data, stderr carries talk: the one place that writes to either.

use std::io::{self, IsTerminal, Write};

use crate::format::printable::visible;

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two streams.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    quiet: bool,
    verbose: u8,
    colour_out: bool,
    colour_err: bool,
}

impl Ui {
    /// By the global flags; `no_colour` is whether `NO_COLOR` is set.
    #[must_use]
    pub fn new(quiet: bool, verbose: u8, colour: Colour, no_colour: bool) -> Self {
        let decide = |terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !no_colour,
        };
        Self {
            quiet,
            verbose,
            colour_out: decide(io::stdout().is_terminal()),
            colour_err: decide(io::stderr().is_terminal()),
        }
    }

    /// Without colour, and without asking the system whether anybody would see it.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            quiet: false,
            verbose: 0,
            colour_out: false,
            colour_err: false,
        }
    }

    /// Whether data is coloured.
    #[must_use]
    pub fn colours_data(&self) -> bool {
        self.colour_out
    }

    /// Whether talk is coloured.
    #[must_use]
    pub fn colours_talk(&self) -> bool {
        self.colour_err
    }

    /// Whether data goes to a terminal, where anybody may look on.
    #[must_use]
    pub fn data_is_seen(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Data, as it is.
    ///
    /// # Errors
    /// What the stream says; data that did not arrive is a failure.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// What was done. Not with `--quiet`.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            line(&visible(text));
        }
    }

    /// What explains; only with `--verbose`.
    pub fn explain(&self, text: &str) {
        if self.verbose > 0 {
            line(&visible(text));
        }
    }

    /// How far something has come, on one line of a terminal; nothing anywhere else.
    pub fn progress(&self, what: &str, done: usize, total: usize) {
        let mut err = io::stderr().lock();
        if self.quiet || total < 2 || !err.is_terminal() {
            return;
        }
        let text = if done < total {
            format!("\r{done} of {total} {}", visible(what))
        } else {
            "\r\x1b[K".to_owned()
        };
        let _ = err.write_all(text.as_bytes());
        let _ = err.flush();
    }

    /// What the person should know although all went well.
    pub fn warn(&self, text: &str) {
        let label = if self.colour_err {
            "\x1b[1;33mwarning\x1b[0m"
        } else {
            "warning"
        };
        line(&format!("{label}: {}", visible(text)));
    }

    /// A rendered message, as it is.
    pub fn tell(&self, text: &str) {
        line(text);
    }
}

/// One line of what `-v` tells.
pub(super) fn diagnostic(level: &str, text: &str) {
    line(&format!("{level}: {}", visible(text)));
}

/// stderr that is gone is no reason to fail.
fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
