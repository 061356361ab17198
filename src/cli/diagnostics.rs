//! What `-v`, `-vv` and `-vvv` tell on stderr. Every floor says what it does through the `log` facade;
//! here it is decided who hears it. Only fedgit's own words pass: libraries would tell requests and
//! headers, and so what nobody may read.

use log::{LevelFilter, Log, Metadata, Record};

use super::ui;

struct Diagnostics;

/// From now on tells as much as was asked for: `-v` what is done, `-vv` also what the cache, the locks
/// and the network say, `-vvv` every step.
pub(super) fn listen(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::Info,
        2 => LevelFilter::Debug,
        _ => LevelFilter::Trace,
    };
    // Nobody else listens in this process.
    if log::set_logger(&Diagnostics).is_ok() {
        log::set_max_level(level);
    }
}

impl Log for Diagnostics {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target();
        target == "fedgit" || target.starts_with("fedgit::")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_ascii_lowercase();
            ui::diagnostic(&level, &record.args().to_string());
        }
    }

    fn flush(&self) {}
}
