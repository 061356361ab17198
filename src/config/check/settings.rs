//! `[settings]`: how fedgit itself behaves.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::wire;
use crate::model::{Model, Settings, Store};

/// As long as a person takes to find a telephone; under the five minutes that others wait for it.
const BROWSER_SECONDS: u64 = 240;

/// Some login pages themselves end after a quarter of an hour.
const BROWSER_LIMITS: RangeInclusive<u64> = 5..=900;

impl Checker<'_> {
    pub(super) fn settings(&mut self, model: &mut Model) {
        let wire = &self.settings.file.settings;
        let store = match wire.store {
            None | Some(wire::Store::File) => Store::File,
            Some(wire::Store::Keyring) => Store::Keyring,
            Some(wire::Store::None) => Store::None,
        };
        let askpass = ["settings", "askpass"];
        self.names_a_program(&askpass, wire.askpass.as_deref());
        let browser = ["settings", "browser"];
        self.names_a_program(&browser, wire.browser.as_deref());
        let seconds = wire.browser_seconds.unwrap_or(BROWSER_SECONDS);
        if !BROWSER_LIMITS.contains(&seconds) {
            let (least, most) = (BROWSER_LIMITS.start(), BROWSER_LIMITS.end());
            self.report(
                Code::BadValue,
                &["settings", "browser_seconds"],
                Part::Value,
                format!("{seconds} is not between {least} and {most} seconds"),
                Some(format!("leave it out for {BROWSER_SECONDS}")),
            );
        }
        model.settings = Settings {
            browser: self.command(&browser, wire.browser.as_deref()),
            browser_limit: Duration::from_secs(seconds),
            askpass: self.command(&askpass, wire.askpass.as_deref()),
            store,
        };
    }
}
