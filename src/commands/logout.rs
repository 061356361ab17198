use std::collections::BTreeSet;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::{
    Broker, Entries, forget_all, forget_passwords, saved_passwords, shared_sessions,
};
use crate::model::{Idp, IdpKind, Model, Profile, ProfileName, Source};

use super::Context;
use super::candidates;

/// Forget cached credentials
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An identity provider, or a role or profile of it; everything where left out
    #[arg(value_name = "NAME", add = candidates::owners())]
    names: Vec<String>,
    /// Forget saved passwords too
    #[arg(long)]
    password: bool,
}

/// Forgets credentials of the named profiles, and of those that came from them.
///
/// # Errors
/// A name that stands for nothing; what the file system says.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    // Needs no configuration: that may be somebody else's by now, or broken.
    let notes = |text: &str| context.ui.warn(text);
    if args.names.is_empty() {
        // Whatever the keychain is known to hold is forgotten; where it is the declared place, also
        // what it holds unknown to us.
        let loaded = match context.load_or_without_lists() {
            Ok(loaded) => Some(loaded),
            // That there is none says nothing of anybody's.
            Err(failure) if failure.exit() == Exit::Usage && !failure.has_mistakes() => None,
            Err(_) => {
                context.ui.warn(
                    "the configuration cannot be read, so nobody is signed out of an Identity Center that \
                     it declares; see fedgit check",
                );
                None
            }
        };
        let mut failed = None;
        if let Some(loaded) = &loaded {
            let broker = context.broker_here(&loaded.model, &notes)?;
            broker.entries.begin_logout();
            // What cannot be forgotten keeps nothing else from it.
            for idp in loaded.model.idps.values() {
                failed = failed.or(sign_out(context, &broker, idp).err());
            }
        }
        let store = loaded.map(|loaded| loaded.model.settings.store);
        let store = store.unwrap_or_default();
        let entries = Entries::new(store, &context.cache()?, context.may_ask_here, &notes);
        let done = everything(context, args, &entries)?;
        return failed.map_or(Ok(done), Err);
    }
    let loaded = context.load_or_without_lists()?;
    let model = &loaded.model;
    let broker = context.broker_here(model, &notes)?;
    for name in &args.names {
        let known = model.idps.contains_key(name.as_str())
            || model
                .profiles
                .values()
                .any(|profile| is_called(profile, name));
        if !known {
            let names = model.profiles.keys().map(ProfileName::as_str);
            return Err(Failure::unknown_name(
                "identity provider, role or profile",
                name,
                names,
            ));
        }
    }
    broker.entries.begin_logout();
    // What cannot be forgotten keeps nothing else from it.
    let mut failed: Option<Failure> = None;
    for idp in model.idps.values() {
        let meant = |profile: &&Profile| {
            let by_name = args.names.iter().any(|name| leads(model, profile, name));
            by_name && model.idp_of(profile) == Some(&idp.name)
        };
        let named = args.names.iter().any(|name| name == idp.name.as_str());
        if named || model.profiles.values().any(|profile| meant(&profile)) {
            failed = failed.or(sign_out(context, &broker, idp).err());
        }
        if named {
            match broker.forget_sessions(idp) {
                Ok(true) => context.ui.say(&format!("{}: session forgotten", idp.name)),
                Ok(false) => {}
                Err(error) => failed = Some(error.into()),
            }
        }
    }
    let mut saved = BTreeSet::new();
    for profile in model.profiles.values() {
        let meant =
            args.names.is_empty() || args.names.iter().any(|name| leads(model, profile, name));
        if !meant {
            continue;
        }
        // A way that leads nowhere has nothing to forget.
        if broker.cached(profile.name.as_str()).is_err() {
            continue;
        }
        match broker.forget(profile.name.as_str()) {
            Ok(true) => context.ui.say(&format!("{}: forgotten", profile.name)),
            Ok(false) => {}
            Err(error) => failed = Some(error.into()),
        }
        if args.password {
            for what in broker.forget_passwords(profile.name.as_str())? {
                context.ui.say(&format!("{what}: forgotten"));
            }
        } else {
            saved.extend(broker.saved_passwords(profile.name.as_str())?);
        }
    }
    tell_of_saved(context, &saved);
    match failed {
        Some(failure) => Err(failure),
        None => Ok(Exit::Done),
    }
}

/// Ends a session that the AWS CLI and the SDKs share; the others are forgotten with their credentials.
fn sign_out(context: &Context<'_>, broker: &Broker<'_>, idp: &Idp) -> Result<(), Failure> {
    if let IdpKind::IdentityCenter(center) = &idp.kind
        && broker.sign_out(&idp.name, center)?
    {
        let name = &idp.name;
        context.ui.say(&format!("{name}: signed out"));
    }
    Ok(())
}

fn everything(context: &Context<'_>, args: &Args, entries: &Entries<'_>) -> Result<Exit, Failure> {
    let forgotten = forget_all(entries)?;
    let count = forgotten.credentials;
    context.ui.say(&format!(
        "forgot {count} cached {}",
        if count == 1 { "login" } else { "logins" }
    ));
    match forgotten.browsers {
        0 => {}
        1 => context.ui.say("forgot the browser profile of 1 login"),
        count => context
            .ui
            .say(&format!("forgot the browser profiles of {count} logins")),
    }
    // Those of an identity provider that is declared are gone already.
    let left = shared_sessions(context.env);
    if left > 0 {
        let stay = if left == 1 {
            "session stays"
        } else {
            "sessions stay"
        };
        context.ui.say(&format!(
            "{left} {stay} in ~/.aws/sso/cache, of no [idp] that fedgit.toml declares; to end every \
             one there: aws sso logout"
        ));
    }
    if args.password {
        let count = forget_passwords(entries)?;
        context.ui.say(&format!(
            "forgot {count} saved {}",
            if count == 1 { "password" } else { "passwords" }
        ));
    } else {
        tell_of_saved(context, &saved_passwords(entries).into_iter().collect());
    }
    Ok(Exit::Done)
}

/// The next login would use them without a question, which whoever logs out should know.
fn tell_of_saved(context: &Context<'_>, saved: &BTreeSet<String>) {
    for what in saved {
        context.ui.say(&format!(
            "the {what} stays in the keyring; to forget it too: fedgit logout --password"
        ));
    }
}

fn is_called(profile: &Profile, name: &str) -> bool {
    profile.name.as_str() == name || profile.role.as_str() == name
}

/// Whether a profile, or one that its credentials come from, or their identity provider, has this
/// name.
fn leads(model: &Model, profile: &Profile, name: &str) -> bool {
    let mut here = Some(profile);
    while let Some(profile) = here {
        if is_called(profile, name) {
            return true;
        }
        match &profile.source {
            Source::Idp(idp) => return idp.as_str() == name,
            Source::Profile(source) => here = model.profiles.get(source),
            Source::Existing(_) => return false,
        }
    }
    false
}
