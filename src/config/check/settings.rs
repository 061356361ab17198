//! `[settings]`: how fedgit itself behaves.

use super::Checker;
use crate::config::wire;
use crate::model::{Model, Settings, Store};

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
        model.settings = Settings {
            askpass: self.command(&askpass, wire.askpass.as_deref()),
            store,
        };
    }
}
