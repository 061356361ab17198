use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::credentials::Identity;
use crate::format::printable::Plain;
use crate::model::{Model, Profile};

use super::candidates;
use super::{Context, named};

/// Ask STS who a role's credentials are
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A role or profile; AWS_PROFILE, else every profile, where left out
    #[arg(add = candidates::roles())]
    role: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    profile: String,
    account: Option<String>,
    arn: Option<String>,
    user_id: Option<String>,
    error: Option<String>,
}

/// Asks STS with each profile's credentials.
///
/// # Errors
/// A name that stands for nothing. What fails on the way is told at once and keeps nothing else from
/// being asked; the first such decides the exit code.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let mut rows = Vec::new();
    let mut first_failure = None;
    for profile in asked(context, &loaded.model, args.role.as_deref())? {
        let row = match broker.identity(profile.name.as_str()) {
            Ok(identity) => Row::of(profile, identity),
            Err(error) => {
                let row = Row {
                    profile: profile.name.to_string(),
                    account: None,
                    arn: None,
                    user_id: None,
                    error: Some(error.to_string()),
                };
                let failure = Failure::from(error);
                context.ui.tell(&failure.render(context.ui.colours_talk()));
                // Whoever ends one question means all of them.
                if failure.exit() == Exit::CtrlC {
                    return Ok(Exit::CtrlC);
                }
                first_failure.get_or_insert(failure.exit());
                row
            }
        };
        rows.push(row);
    }
    if args.json {
        let report = serde_json::json!({ "identities": rows });
        context.ui.data(&format!("{report}\n"))?;
    } else {
        context.ui.data(&table(&rows))?;
    }
    Ok(first_failure.unwrap_or(Exit::Done))
}

/// Which profiles are meant.
fn asked<'m>(
    context: &Context<'_>,
    model: &'m Model,
    role: Option<&str>,
) -> Result<Vec<&'m Profile>, Failure> {
    if let Some(role) = role {
        return Ok(vec![named::profile(model, role)?]);
    }
    match context.env.text(names::AWS_PROFILE) {
        Some(profile) => Ok(vec![named::profile(model, &profile).map_err(
            |failure| failure.hint("AWS_PROFILE says so; name a role or profile, or unset it"),
        )?]),
        None => Ok(model.profiles.values().collect()),
    }
}

impl Row {
    fn of(profile: &Profile, identity: Identity) -> Self {
        Self {
            profile: profile.name.to_string(),
            account: Some(identity.account),
            arn: Some(identity.arn),
            user_id: Some(identity.user_id),
            error: None,
        }
    }
}

fn table(rows: &[Row]) -> String {
    let width = |cell: fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or(0);
    let profile = width(|row| row.profile.len());
    let arn = width(|row| row.arn.as_ref().map_or(0, String::len));
    rows.iter()
        .filter_map(|row| {
            let (account, own, user) = (
                row.account.as_ref()?,
                row.arn.as_ref()?,
                row.user_id.as_ref()?,
            );
            Some(format!(
                "{:profile$}  {}  {:arn$}  {}\n",
                row.profile,
                Plain(account),
                Plain(own).to_string(),
                Plain(user)
            ))
        })
        .collect()
}
