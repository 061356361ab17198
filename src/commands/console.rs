use secrecy::ExposeSecret;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::model::{Model, Profile, SecretString};
use crate::sys::hand_over::{HandOver, HandOverError};
use crate::sys::{browser, process};

use super::candidates;
use super::{Context, choose};

/// Open the AWS console in the browser, signed in as a role
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A role or profile; picked from a list on a terminal where left out
    #[arg(add = candidates::roles())]
    role: Option<String>,
    /// The console of this service, such as s3 or codecommit
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// Print the address instead; whoever has it is signed in
    #[arg(long)]
    print: bool,
}

/// Gets a sign-in token, and takes the browser there by way of an address that is no secret.
///
/// # Errors
/// Whatever stands between the role and its credentials; AWS sign-in's refusal; no browser.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let profile = choose::profile(context, &loaded.model, args.role.as_deref())?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let sign_in = || Ok(broker.console(profile, args.service.as_deref())?);
    open(context, &loaded.model, profile, args.print, &sign_in)
}

/// Takes the browser to an address that signs in as a profile, or prints it.
pub(super) fn open(
    context: &Context<'_>,
    model: &Model,
    profile: &Profile,
    print: bool,
    sign_in: &dyn Fn() -> Result<SecretString, Failure>,
) -> Result<Exit, Failure> {
    if print {
        let address = sign_in()?;
        if context.ui.data_is_seen() {
            context.ui.say(&format!(
                "for 15 minutes, whoever opens this is signed in as {}:",
                profile.name
            ));
        }
        let line = zeroize::Zeroizing::new(format!("{}\n", address.expose_secret()));
        context.ui.data(&line)?;
        return Ok(Exit::Done);
    }
    let place = HandOver::new()?;
    // Before anybody is asked for a password.
    let wanted = model.settings.browser.as_deref();
    let opener = browser::opener(context.env, wanted, &place.url()).ok_or_else(|| {
        Failure::message("nothing on this machine opens a browser")
            .hint("install xdg-utils, or print the address with --print")
    })?;
    let address = sign_in()?;
    let mut opened = process::start(&opener).map_err(HandOverError::from)?;
    place.give(address.expose_secret(), || opened.check())?;
    context
        .ui
        .say(&format!("{}: the browser is signing in", profile.name));
    Ok(Exit::Done)
}
