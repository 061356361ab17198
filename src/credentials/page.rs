//! Opens a page of an identity provider in the browser that is in front of the person. Its address holds
//! a code by which whoever reads it could make this login one of their own, so the browser is started with
//! one of ours.

use std::thread;

use url::Url;

use crate::sys::browsers::has_display;
use crate::sys::env::Env;
use crate::sys::hand_over::{HandOver, HandOverError};
use crate::sys::{browser, process};

use crate::config::env as names;

/// Whether a browser on this machine would be in front of the person.
pub(super) fn is_seen(env: &Env) -> bool {
    has_display(env) && env.os(names::SSH_CONNECTION).is_none()
}

/// Starts the browser, and goes on: whoever waits for the person would not wait for that too. Nothing
/// depends on it, as the address is told besides. `wanted` is the browser of the user's choice.
pub(super) fn open(env: &Env, wanted: Option<&[String]>, page: &Url) -> Result<(), HandOverError> {
    let place = HandOver::new()?;
    let Some(opener) = browser::opener(env, wanted, &place.url()) else {
        return Ok(());
    };
    let mut opened = process::start(&opener)?;
    let address = page.as_str().to_owned();
    thread::spawn(move || {
        if let Err(error) = place.give(&address, || opened.check()) {
            log::info!("the page was not opened: {error}");
        }
    });
    Ok(())
}
