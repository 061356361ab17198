use std::collections::BTreeSet;

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::fresh::{Freshness, freshness};
use crate::model::{Idp, IdpKind, IdpName, Model, Profile};
use crate::sys::clock;

use super::Context;

/// Show every profile: its identity provider, when its credentials expire, what to do next
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    profile: String,
    role: String,
    idp: Option<String>,
    expires: Option<String>,
    state: &'static str,
    /// Why it is unusable.
    why: Option<String>,
    next: Option<String>,
}

/// Shows what the cache holds; asks nobody.
///
/// # Errors
/// Mistakes in the configuration.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    super::profiles::warn_of_stale_keys(context, &loaded.model);
    // Nobody need log in again where a session gives the next credentials by itself.
    let is_signed_in = |idp: &&Idp| match &idp.kind {
        IdpKind::IdentityCenter(center) => broker.is_signed_in(&idp.name, center).unwrap_or(false),
        IdpKind::Saml(_) => false,
    };
    let idps = loaded.model.idps.values().filter(is_signed_in);
    let signed_in: BTreeSet<&IdpName> = idps.map(|idp| &idp.name).collect();
    let rows: Vec<Row> = loaded
        .model
        .profiles
        .values()
        .map(|profile| row(&loaded.model, profile, &broker, &signed_in))
        .collect();
    if args.json {
        let report = serde_json::json!({ "profiles": rows });
        context.ui.data(&format!("{report}\n"))?;
    } else {
        context.ui.data(&table(&rows))?;
    }
    Ok(Exit::Done)
}

fn row(
    model: &Model,
    profile: &Profile,
    broker: &crate::credentials::Broker<'_>,
    signed_in: &BTreeSet<&IdpName>,
) -> Row {
    let now = clock::now();
    let idp = model.idp_of(profile);
    let login = idp.filter(|idp| !signed_in.contains(idp));
    let login = login.map(|idp| format!("fedgit login {idp}"));
    let idp = idp.map(ToString::to_string);
    let mut why = None;
    let (expires, state, next) = match broker.cached(profile.name.as_str()) {
        Err(error) => {
            why = Some(error.to_string());
            let next = Failure::from(error).next().map(str::to_owned);
            (None, "unusable", next)
        }
        Ok(None) => (None, "none", login),
        Ok(Some(entry)) => {
            let expiration = entry.credentials.expiration;
            match freshness(entry.issued, expiration, now) {
                Freshness::Fresh => (Some(expiration.to_string()), "fresh", None),
                Freshness::Renew => (Some(expiration.to_string()), "due", login),
                Freshness::Expired => (Some(expiration.to_string()), "expired", login),
            }
        }
    };
    Row {
        profile: profile.name.to_string(),
        role: profile.role.to_string(),
        idp,
        expires,
        state,
        why,
        next,
    }
}

fn table(rows: &[Row]) -> String {
    let width = |cell: fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or(0);
    let profile = width(|row| row.profile.len());
    let idp = width(|row| row.idp.as_ref().map_or(1, String::len));
    rows.iter()
        .map(|row| {
            format!(
                "{:profile$}  {:idp$}  {:11}  {:20}  {}\n",
                row.profile,
                row.idp.as_deref().unwrap_or("-"),
                row.state,
                row.expires.as_deref().unwrap_or("-"),
                last(row),
            )
            .trim_end()
            .to_owned()
                + "\n"
        })
        .collect()
}

/// What to do next, and why where something is wrong.
fn last(row: &Row) -> String {
    let parts: Vec<&str> = [&row.why, &row.next]
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    parts.join("; ")
}
