mod paste;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::credentials::{By, Saving};
use crate::model::{IdpKind, IdpName, Model, SamlWay, Store};
use crate::sys::fs;

use super::candidates;
use super::{Context, named};

/// Log in, and fetch the credentials of every role of the identity provider
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An identity provider, or a role or profile of it; all identity providers where left out
    #[arg(value_name = "NAME", add = candidates::owners())]
    names: Vec<String>,
    /// Ask for the password, and save it in the operating system's keychain once it worked
    #[arg(long)]
    save_password: bool,
    /// Sign in to IAM Identity Center by a code, on any device
    #[arg(long, conflicts_with = "no_browser")]
    device_code: bool,
    /// Print the page to sign in on, and open no browser
    #[arg(long)]
    no_browser: bool,
    /// Take a SAML response that was copied out of a browser: pasted here, or piped in
    #[arg(long, conflicts_with = "save_password")]
    paste: bool,
    /// Save what the sign-in pages are made of in this new file, for a bug report: no value, password,
    /// code, token or query is in it
    #[arg(long, value_name = "FILE", conflicts_with = "paste")]
    capture: Option<PathBuf>,
}

/// Logs in whatever the cache holds, to one identity provider after the other.
///
/// # Errors
/// A name that stands for nothing. What fails on the way is told at once and keeps nothing else from
/// being tried; the first such decides the exit code. Ctrl-C at a question ends them all.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load_or_without_lists()?;
    let notes = |text: &str| context.ui.warn(text);
    // Whoever types this is there, whatever git was told.
    let mut broker = context.broker_here(&loaded.model, &notes)?;
    broker.by = match (args.device_code, args.no_browser) {
        (true, _) => By::DeviceCode,
        (_, true) => By::OwnBrowser,
        _ => By::Best,
    };
    let idps = idps(&loaded.model, &args.names)?;
    if idps.len() > 1 && context.env.os(names::FEDGIT_PASSWORD).is_some() {
        return Err(Failure::new(
            Exit::Usage,
            "FEDGIT_PASSWORD is set, and it would be sent to more than one identity provider",
        )
        .hint("name one: fedgit login NAME"));
    }
    if args.save_password && context.env.os(names::FEDGIT_PASSWORD).is_some() {
        return Err(Failure::new(
            Exit::Usage,
            "FEDGIT_PASSWORD is set, and --save-password saves what is typed",
        )
        .hint("leave out one of the two"));
    }
    if args.paste && idps.len() != 1 {
        return Err(Failure::new(
            Exit::Usage,
            "--paste takes the response of one identity provider",
        )
        .hint("name it: fedgit login NAME --paste"));
    }
    if args.paste
        && let Some(idp) = idps
            .iter()
            .find(|idp| is_identity_center(&loaded.model, idp))
    {
        return Err(Failure::new(
            Exit::Usage,
            format!("{idp} is IAM Identity Center, which gives no SAML response to paste"),
        )
        .hint(format!(
            "sign in by a code, on any device: fedgit login {idp} --device-code"
        )));
    }
    if args.capture.is_some() {
        shows_pages(context, &loaded.model, &idps)?;
    }
    let mut transcript = capture(args)?;
    broker.capture = transcript.is_some().then(RefCell::default);
    let saving = match args.save_password {
        true => Saving::Save,
        false => Saving::Use,
    };
    let (mut failures, mut got_any) = (Vec::new(), false);
    let mut tell = |failure: Failure| {
        context.ui.tell(&failure.render(context.ui.colours_talk()));
        failures.push(failure.exit());
        // Whoever ends one question means all of them.
        match failure.exit() {
            Exit::CtrlC => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    };
    for idp in idps {
        if args.no_browser && is_in_browser(&loaded.model, &idp) {
            if tell(opens_a_browser(&idp)).is_break() {
                break;
            }
            continue;
        }
        let progress = |done, total| context.ui.progress("roles", done, total);
        let done = match args.paste {
            true => paste::login(context, &broker, &idp, &progress),
            false => broker.login(&idp, saving, &progress).map_err(Into::into),
        };
        let go_on = match done {
            Err(failure) => tell(failure),
            Ok(results) if results.is_empty() => {
                context.ui.say(&format!(
                    "signed in to {idp}; no role of it is declared; those that it offers: fedgit \
                     roles {idp}"
                ));
                ControlFlow::Continue(())
            }
            Ok(results) => results
                .into_iter()
                .try_for_each(|(profile, found)| match found {
                    Ok(found) => {
                        got_any = true;
                        context.ui.say(&format!(
                            "{profile}: credentials until {}",
                            found.credentials.expiration
                        ));
                        ControlFlow::Continue(())
                    }
                    Err(error) => tell(error.into()),
                }),
        };
        if go_on.is_break() {
            break;
        }
    }
    if got_any && loaded.model.settings.store == Store::None {
        context.ui.warn(
            "[settings] store = \"none\" keeps nothing, so the next program that wants credentials \
             logs in anew; for one program: fedgit exec NAME -- COMMAND",
        );
    }
    let exit = match failures.last() {
        Some(Exit::CtrlC) => Exit::CtrlC,
        _ => failures.first().copied().unwrap_or(Exit::Done),
    };
    if let (Some((path, file)), Some(capture)) = (&mut transcript, &broker.capture) {
        let text = capture.borrow().text_of_all();
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|e| Failure::file("write", path, &e))?;
        let path = path.display();
        context
            .ui
            .say(&format!("{path} is written; read it before you send it"));
    }
    Ok(exit)
}

/// Refuses a transcript where none of them shows fedgit a page, and says of which there will be none.
fn shows_pages(
    context: &Context<'_>,
    model: &Model,
    idps: &BTreeSet<IdpName>,
) -> Result<(), Failure> {
    let hidden = |idp: &IdpName| match &model.idps.get(idp.as_str())?.kind {
        IdpKind::IdentityCenter(_) => Some("is signed in to in a browser"),
        IdpKind::Saml(saml) => match saml.way {
            SamlWay::Browser { .. } => Some("is signed in to in a browser"),
            SamlWay::Command { .. } => Some("is signed in to by a program of its own"),
            _ => None,
        },
    };
    let without: Vec<String> = idps
        .iter()
        .filter_map(|idp| Some(format!("{idp} {}", hidden(idp)?)))
        .collect();
    let said = |text: &String| format!("{text}, so --capture has no page of it");
    if !idps.is_empty() && without.len() == idps.len() {
        let text = without.first().map(said).unwrap_or_default();
        return Err(Failure::new(Exit::Usage, text)
            .hint("leave it out, or name an identity provider whose pages fedgit reads itself"));
    }
    for text in &without {
        context.ui.warn(&said(text));
    }
    Ok(())
}

/// The new file for a transcript, where one is wanted: before anybody types.
fn capture(args: &Args) -> Result<Option<(&Path, File)>, Failure> {
    let Some(path) = &args.capture else {
        return Ok(None);
    };
    match fs::create_new(path) {
        Ok(file) => Ok(Some((path, file))),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(Failure::new(
            Exit::Usage,
            format!(
                "{} is there already, and is not written over",
                path.display()
            ),
        )
        .hint("name another file, or remove that one")),
        Err(e) => Err(Failure::file("write", path, &e)),
    }
}

fn is_identity_center(model: &Model, idp: &IdpName) -> bool {
    let declared = model.idps.get(idp.as_str());
    declared.is_some_and(|idp| matches!(idp.kind, IdpKind::IdentityCenter(_)))
}

fn is_in_browser(model: &Model, idp: &IdpName) -> bool {
    let kind = model.idps.get(idp.as_str()).map(|idp| &idp.kind);
    matches!(kind, Some(IdpKind::Saml(saml)) if matches!(saml.way, SamlWay::Browser { .. }))
}

fn opens_a_browser(idp: &IdpName) -> Failure {
    Failure::new(
        Exit::PersonNeeded,
        format!("{idp} is signed in to in a browser, and --no-browser opens none"),
    )
    .hint(format!(
        "sign in in a browser anywhere, and give its response to: fedgit login {idp} --paste"
    ))
}

/// The identity providers that names stand for, each once; without a name those of all profiles, and
/// where there are none yet, all.
fn idps(model: &Model, names: &[String]) -> Result<BTreeSet<IdpName>, Failure> {
    if names.is_empty() {
        let profiles = model.profiles.values();
        let used: BTreeSet<IdpName> = profiles
            .filter_map(|profile| model.idp_of(profile))
            .cloned()
            .collect();
        return Ok(match used.is_empty() {
            true => model.idps.values().map(|idp| idp.name.clone()).collect(),
            false => used,
        });
    }
    names.iter().map(|name| idp(model, name)).collect()
}

fn idp(model: &Model, name: &str) -> Result<IdpName, Failure> {
    if let Some(idp) = model.idps.get(name) {
        return Ok(idp.name.clone());
    }
    // All profiles of one role have one identity provider.
    let profiles = named::profiles(model, name);
    if let Some(profile) = profiles.first() {
        return model.idp_of(profile).cloned().ok_or_else(|| {
            Failure::new(
                Exit::Usage,
                format!("{name} starts from a source_profile, so there is nowhere to log in"),
            )
            .hint(format!("to get its credentials: fedgit whoami {name}"))
        });
    }
    let known = model.idps.keys().map(IdpName::as_str);
    Err(Failure::unknown_name(
        "identity provider, role or profile",
        name,
        known,
    ))
}
