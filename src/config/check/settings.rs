//! `[settings]`: how fedgit itself behaves.

use super::Checker;
use crate::model::{Model, Settings};

impl Checker<'_> {
    pub(super) fn settings(&mut self, model: &mut Model) {
        let wire = &self.settings.file.settings;
        let askpass = ["settings", "askpass"];
        self.names_a_program(&askpass, wire.askpass.as_deref());
        model.settings = Settings {
            askpass: self.command(&askpass, wire.askpass.as_deref()),
        };
    }
}
