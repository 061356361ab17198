//! What the instance remembers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use super::between::Failing;
use super::{Authorization, Client, Decision, Device, Token};
use crate::throttle::Bucket;

#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// By client id.
    pub(crate) clients: HashMap<String, Client>,
    /// By device code.
    pub(crate) devices: HashMap<String, Device>,
    /// By the ticket of the page that asks.
    pub(crate) asked: HashMap<String, Authorization>,
    /// By authorization code.
    pub(crate) codes: HashMap<String, Authorization>,
    /// By access token.
    pub(crate) tokens: HashMap<String, Token>,
    /// Refresh token to the client that it was given to.
    pub(crate) refresh: HashMap<String, String>,
    pub(crate) bucket: Bucket,
    /// Requests to the portal so far.
    pub(crate) asked_portal: usize,
    /// How every so manieth request to the portal fails that was not seen before; the next is served.
    pub(crate) fails: Option<Failing>,
    /// So many requests for a token fail, one after the other.
    pub(crate) down: usize,
    /// Accounts that were closed, and permission sets that were taken away, since.
    pub(crate) gone: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct State(Mutex<Memory>);

impl State {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().expect("no thread panicked with the instance")
    }

    /// User codes that nobody has decided on.
    pub(crate) fn open_user_codes(&self) -> Vec<String> {
        let memory = self.lock();
        let open = memory
            .devices
            .values()
            .filter(|device| device.decision == Decision::Open);
        open.map(|device| device.user_code.clone()).collect()
    }

    /// What a person decides on a device; whether there is one with this code.
    pub(crate) fn decide(&self, user_code: &str, decision: Decision) -> bool {
        let mut memory = self.lock();
        let found = memory
            .devices
            .values_mut()
            .find(|device| device.user_code == user_code);
        match found {
            Some(device) => {
                device.decision = decision;
                true
            }
            None => false,
        }
    }

    /// Ends every token.
    pub(crate) fn revoke_tokens(&self) {
        let mut memory = self.lock();
        memory.tokens.clear();
        memory.refresh.clear();
    }

    /// Ends every registration.
    pub(crate) fn forget_clients(&self) {
        self.lock().clients.clear();
    }

    /// Closes an account or takes a permission set away.
    pub(crate) fn remove(&self, name: &str) {
        self.lock().gone.push(name.to_owned());
    }
}
