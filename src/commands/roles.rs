use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::Broker;
use crate::format::printable::printable;
use crate::model::{AccountId, Idp, IdpKind, IdpName, Model, Source, Target};

use super::{Context, candidates};

/// Show the roles that an identity provider offers, and which of them fedgit.toml declares
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The identity provider; may be left out where there is one
    #[arg(add = candidates::idps())]
    idp: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A role that is offered.
struct Offered {
    /// What the identity provider calls its account, or `[account.NAME]` does.
    account_name: Option<String>,
    /// What its owner calls it at AWS.
    account_alias: Option<String>,
    /// Its owner's address, where the identity provider tells it.
    account_email: Option<String>,
    target: Target,
}

#[derive(Serialize)]
struct Report {
    idp: String,
    roles: Vec<Row>,
}

/// One shape for every kind: what a kind does not know is null.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    account: String,
    account_name: Option<String>,
    /// What its owner calls it at AWS, where that may be known.
    account_alias: Option<String>,
    account_email: Option<String>,
    /// The name of the role or of the permission set.
    name: String,
    /// The role's, where the identity provider tells it.
    arn: Option<String>,
    permission_set: Option<String>,
    /// The profiles of fedgit.toml that stand for it.
    declared: Vec<String>,
}

/// Asks the identity provider, after a login where there is none.
///
/// # Errors
/// A name that stands for nothing, a kind that tells no roles, and whatever stands in the way of a
/// login.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load_or_without_lists()?;
    let model = &loaded.model;
    let idp = named(model, args.idp.as_deref())?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let offered = offered(context, &broker, idp)?;
    let declared = declared(model, idp);
    let mut roles: Vec<Row> = offered.iter().map(|role| row(role, &declared)).collect();
    roles.sort();
    let report = Report {
        idp: idp.name.to_string(),
        roles,
    };
    if args.json {
        let json = serde_json::to_string(&report).map_err(std::io::Error::from)?;
        context.ui.data(&format!("{json}\n"))?;
    } else {
        context.ui.data(&table(&report.roles))?;
    }
    Ok(Exit::Done)
}

/// Each kind has its own way to the list, and one shape for it.
fn offered(context: &Context<'_>, broker: &Broker<'_>, idp: &Idp) -> Result<Vec<Offered>, Failure> {
    match &idp.kind {
        IdpKind::IdentityCenter(center) => {
            let progress = |done, total| context.ui.progress("accounts", done, total);
            let listing = broker.assignments(&idp.name, center, &|_| true, &progress)?;
            super::discovered::keep(context, &idp.name, center, &listing);
            let offered = listing.found.into_iter().map(|found| Offered {
                account_name: Some(found.account.name).filter(|name| !name.is_empty()),
                account_alias: None,
                account_email: found.account.email,
                target: Target::PermissionSet {
                    account: found.account.id,
                    name: found.permission_set,
                },
            });
            Ok(offered.collect())
        }
        IdpKind::Saml(saml) => {
            let progress = |done, total| context.ui.progress("accounts", done, total);
            let (found, aliases) = broker.offered(idp, saml, &progress)?;
            let offered = found.into_iter().map(|role| Offered {
                account_name: broker
                    .model
                    .accounts
                    .get(role.account())
                    .map(|name| printable(name, 100)),
                account_alias: aliases.get(role.account()).cloned(),
                account_email: None,
                target: Target::Role(role),
            });
            Ok(offered.collect())
        }
    }
}

/// The identity provider that is meant.
fn named<'m>(model: &'m Model, name: Option<&str>) -> Result<&'m Idp, Failure> {
    let known = || model.idps.keys().map(IdpName::as_str);
    match name {
        Some(name) => model
            .idps
            .get(name)
            .ok_or_else(|| Failure::unknown_name("identity provider", name, known())),
        None => {
            let mut all = model.idps.values();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(only),
                (None, _) => Err(Failure::new(
                    Exit::Usage,
                    "fedgit.toml declares no identity provider",
                )),
                _ => {
                    let known: Vec<&str> = known().take(20).collect();
                    Err(
                        Failure::new(Exit::Usage, "there are several identity providers")
                            .hint(format!("name one of: {}", known.join(", "))),
                    )
                }
            }
        }
    }
}

/// The profiles of an identity provider by what they stand for.
fn declared(model: &Model, idp: &Idp) -> BTreeMap<String, Vec<String>> {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for profile in model.profiles.values() {
        if matches!(&profile.source, Source::Idp(name) if *name == idp.name) {
            let profiles = declared.entry(profile.target.to_string()).or_default();
            profiles.push(profile.name.to_string());
        }
    }
    declared
}

fn row(role: &Offered, declared: &BTreeMap<String, Vec<String>>) -> Row {
    let (account, name, arn, permission_set): (&AccountId, _, _, _) = match &role.target {
        Target::Role(arn) => (arn.account(), arn.role_name(), Some(arn.to_string()), None),
        Target::PermissionSet { account, name } => (account, name.as_str(), None, Some(name)),
    };
    Row {
        account: account.to_string(),
        account_name: role.account_name.clone(),
        account_alias: role.account_alias.clone(),
        account_email: role.account_email.clone(),
        name: name.to_owned(),
        arn,
        permission_set: permission_set.cloned(),
        declared: declared
            .get(&role.target.to_string())
            .cloned()
            .unwrap_or_default(),
    }
}

fn table(rows: &[Row]) -> String {
    let account_name = |row: &Row| match (&row.account_name, &row.account_alias) {
        (Some(name), Some(alias)) if name != alias => format!("{name} ({alias})"),
        (Some(name), _) | (None, Some(name)) => name.clone(),
        (None, None) => String::new(),
    };
    let width = |cell: &dyn Fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or(0);
    let names = width(&|row| account_name(row).chars().count());
    let email = |row: &Row| row.account_email.clone().unwrap_or_default();
    let emails = width(&|row| email(row).chars().count());
    // Where nobody tells one there is no column of them.
    let email_cell = |row: &Row| match emails {
        0 => String::new(),
        _ => format!("{:emails$}  ", email(row)),
    };
    let roles = width(&|row| row.name.chars().count());
    let line = |row: &Row| {
        let line = format!(
            "{}  {:names$}  {}{:roles$}  {}",
            row.account,
            account_name(row),
            email_cell(row),
            row.name,
            row.declared.join(" ")
        );
        format!("{}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}
