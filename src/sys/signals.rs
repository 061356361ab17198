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
    use signal_hook::low_level::emulate_default_handler;

    use crate::sys::relatives;

    /// The signals that end a process, caught.
    pub(in crate::sys) struct Signals {
        /// Whether the default action may happen at once.
        idle: Arc<AtomicBool>,
        /// The signal that came meanwhile.
        came: Arc<AtomicUsize>,
    }

    impl Signals {
        /// From now on they wait. Registered once and for all: a handler cannot be taken back, only
        /// made to do nothing.
        pub(in crate::sys) fn held() -> io::Result<&'static Self> {
            static SIGNALS: OnceLock<Signals> = OnceLock::new();
            let signals = match SIGNALS.get() {
                Some(signals) => signals,
                None => {
                    let idle = Arc::new(AtomicBool::new(false));
                    let came = Arc::new(AtomicUsize::new(0));
                    let ignored = relatives::ignored_signals();
                    for signal in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] {
                        // Whoever started us (nohup, or a shell in the background) wants it so.
                        if ignored & (1 << (signal - 1)) != 0 {
                            continue;
                        }
                        flag::register_conditional_default(signal, Arc::clone(&idle))?;
                        let number = usize::try_from(signal).unwrap_or_default();
                        flag::register_usize(signal, Arc::clone(&came), number)?;
                    }
                    SIGNALS.get_or_init(|| Self { idle, came })
                }
            };
            signals.idle.store(false, Ordering::SeqCst);
            Ok(signals)
        }

        /// Whether one waits.
        pub(in crate::sys) fn came(&self) -> bool {
            self.came.load(Ordering::SeqCst) != 0
        }

        /// From now on they end this process; one that waits does so at once.
        pub(in crate::sys) fn release(&self) -> io::Result<()> {
            self.idle.store(true, Ordering::SeqCst);
            match i32::try_from(self.came.swap(0, Ordering::SeqCst)) {
                Ok(signal) if signal != 0 => emulate_default_handler(signal),
                _ => Ok(()),
            }
        }
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
