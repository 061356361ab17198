//! Signals that would end this process wait for a moment: a terminal without echo, or a program that
//! still asks for a password, is what they would leave behind.

#[cfg(unix)]
pub(super) use unix::Signals;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, OnceLock};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::low_level::{emulate_default_handler, exit};

    use crate::sys::relatives;

    /// What Ctrl-C ends us with. Shells count a process that died of the signal the same, but it is a
    /// number: who starts fedgit from a program reads it as scripts do, and would see a signal as
    /// something else.
    const INTERRUPTED: i32 = 130;

    /// The signals that end a process, caught.
    pub(in crate::sys) struct Signals {
        /// Whether the default action may happen at once.
        idle: Arc<AtomicBool>,
        /// The signal that came meanwhile.
        came: Arc<AtomicUsize>,
    }

    impl Signals {
        /// From now on they wait.
        pub(in crate::sys) fn held() -> io::Result<&'static Self> {
            let signals = Self::caught()?;
            signals.idle.store(false, Ordering::SeqCst);
            Ok(signals)
        }

        /// Registered once and for all: a handler cannot be taken back, only made to do nothing. Until
        /// they are held they end this process.
        pub(in crate::sys) fn caught() -> io::Result<&'static Self> {
            static SIGNALS: OnceLock<Signals> = OnceLock::new();
            if let Some(signals) = SIGNALS.get() {
                return Ok(signals);
            }
            let idle = Arc::new(AtomicBool::new(true));
            let came = Arc::new(AtomicUsize::new(0));
            let ignored = relatives::ignored_signals();
            for signal in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] {
                // Whoever started us (nohup, or a shell in the background) wants it so.
                if ignored & (1 << (signal - 1)) != 0 {
                    continue;
                }
                let idle = Arc::clone(&idle);
                if signal == SIGINT {
                    flag::register_conditional_shutdown(signal, INTERRUPTED, idle)?;
                } else {
                    flag::register_conditional_default(signal, idle)?;
                }
                let number = usize::try_from(signal).unwrap_or_default();
                flag::register_usize(signal, Arc::clone(&came), number)?;
            }
            Ok(SIGNALS.get_or_init(|| Self { idle, came }))
        }

        /// From now on they end this process again; one that came while they were held had its say.
        pub(in crate::sys) fn pass_over(&self) {
            self.came.store(0, Ordering::SeqCst);
            self.idle.store(true, Ordering::SeqCst);
        }

        /// Whether one waits.
        pub(in crate::sys) fn came(&self) -> bool {
            self.came.load(Ordering::SeqCst) != 0
        }

        /// From now on they end this process; one that waits does so at once.
        pub(in crate::sys) fn release(&self) -> io::Result<()> {
            self.idle.store(true, Ordering::SeqCst);
            match i32::try_from(self.came.swap(0, Ordering::SeqCst)) {
                Ok(SIGINT) => exit(INTERRUPTED),
                Ok(signal) if signal != 0 => emulate_default_handler(signal),
                _ => Ok(()),
            }
        }
    }
}

/// From now on Ctrl-C ends this process with a number. Where that cannot be, a signal does.
pub fn end_by_number() {
    #[cfg(unix)]
    if let Err(error) = Signals::caught() {
        log::debug!("Ctrl-C ends this process by its signal: {error}");
    }
}

/// Elsewhere than on Unix a console's Ctrl-C ends all of its programs by itself.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn held() -> std::io::Result<&'static Self> {
        Ok(&Self)
    }

    pub(super) fn came(&self) -> bool {
        false
    }

    pub(super) fn release(&self) -> std::io::Result<()> {
        Ok(())
    }
}
