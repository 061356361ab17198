//! `fedgit import --from identity-center`: roles for what an Identity Center offers, into a `fedgit.toml`
//! that declares it.

use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::layer::{Layer, Origin};
use crate::config::{self, ConfigError, check, kept_beside, merge};
use crate::credentials::Assignment;
use crate::format::glob;
use crate::import::center::{Offered, PERMISSION_SET, add};
use crate::model::{Idp, IdpKind, Model, Source, Target};
use crate::sys::fs;

use super::Context;

/// What is wanted of what is offered.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    /// Declare what an Identity Center offers instead of what other tools are configured with
    #[arg(long, value_name = "SOURCE")]
    from: Option<From>,
    /// --from: the Identity Center, where fedgit.toml declares several
    #[arg(long, value_name = "NAME", requires = "from")]
    idp: Option<String>,
    /// --from: only accounts whose name or id fits this pattern
    #[arg(long, value_name = "GLOB", requires = "from", default_value = "*")]
    accounts: String,
    /// --from: only permission sets whose name fits this pattern
    #[arg(long, value_name = "GLOB", requires = "from", default_value = "*")]
    permission_sets: String,
    /// --from: names of the profiles; may hold {account}, {permission_set} and {region}
    #[arg(
        long,
        value_name = "TEMPLATE",
        requires = "from",
        default_value = "{account}-{permission_set}"
    )]
    name_template: String,
}

/// Where roles come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum From {
    /// AWS IAM Identity Center
    IdentityCenter,
}

impl Args {
    /// Whether an Identity Center is asked.
    pub(super) fn is_asked(&self) -> bool {
        self.from == Some(From::IdentityCenter)
    }
}

/// Asks, and adds what is not declared yet.
///
/// # Errors
/// Where no Identity Center is declared, nobody can sign in, or the result would be a mistake.
pub(super) fn run(
    context: &Context<'_>,
    args: &Args,
    output: Option<&PathBuf>,
    print: bool,
) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let idp = center(model, args.idp.as_deref())?;
    let IdpKind::IdentityCenter(instance) = &idp.kind else {
        return Err(no_center());
    };
    let beside = || kept_beside(context.env, &context.paths, &context.selection);
    let path = output.cloned().or_else(beside);
    let path = path.ok_or_else(|| Failure::no_home("a fedgit.toml", "XDG_CONFIG_HOME"))?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let progress = |done, total| context.ui.progress("accounts", done, total);
    let found = broker.assignments(&idp.name, instance, &progress)?;
    super::discovered::keep(context, &idp.name, instance, &found);
    let offered: Vec<Offered> = found
        .iter()
        .filter(|one| wanted(args, one) && !is_declared(model, idp, one))
        .map(|one| Offered {
            account: one.account.id.to_string(),
            account_name: one.account.name.clone(),
            permission_set: one.permission_set.clone(),
        })
        .collect();
    if offered.is_empty() {
        context
            .ui
            .say("nothing is offered that is not declared already");
        return Ok(Exit::Done);
    }
    let before = config::read(&path)?;
    let text = before.clone().unwrap_or_default();
    let after = add(&text, idp.name.as_str(), &offered, &args.name_template)
        .map_err(|e| Failure::new(Exit::Usage, e.to_string()).in_file(&path))?;
    if print {
        context.ui.data(&after)?;
        return Ok(Exit::Done);
    }
    must_be_right(context, &path, &after)?;
    let written = match before {
        Some(_) => fs::replace(&path, after.as_bytes()),
        None => fs::create(&path, after.as_bytes()),
    };
    written.map_err(|e| Failure::file("write", &path, &e))?;
    let count = offered.len();
    context.ui.say(&format!(
        "{} declares {count} more {}; read it, then run: fedgit plan, fedgit apply",
        path.display(),
        if count == 1 { "profile" } else { "profiles" }
    ));
    Ok(Exit::Done)
}

/// Nothing is written that the next command would refuse.
fn must_be_right(context: &Context<'_>, path: &Path, text: &str) -> Result<(), Failure> {
    let gathered = config::gather(context.env, &context.paths, &context.selection)?;
    let mut layers = gathered.layers;
    let own = path.canonicalize().ok();
    let is_it = |layer: &Layer| {
        let known = layer
            .origin
            .path()
            .and_then(|path| path.canonicalize().ok());
        known.is_some() && known == own
    };
    let at = layers.iter().position(is_it);
    let origin = match at.and_then(|at| layers.get(at)) {
        Some(layer) => layer.origin.clone(),
        None => Origin::Named(path.to_owned()),
    };
    let layer = Layer::parse(origin, text.to_owned())
        .map_err(|_| Failure::message("what would be written is not TOML"))?;
    match at.and_then(|at| layers.get_mut(at)) {
        Some(place) => *place = layer,
        None => layers.push(layer),
    }
    let (settings, mut diagnostics) = merge::merge(&layers);
    diagnostics.extend(check::check(&settings, &layers).1);
    if diagnostics.is_empty() {
        return Ok(());
    }
    let mistakes = ConfigError::Mistakes {
        diagnostics,
        layers,
    };
    Err(Failure::from(mistakes).hint(format!(
        "nothing is written; --name-template names the profiles, with {{account}} and {PERMISSION_SET}"
    )))
}

fn wanted(args: &Args, one: &Assignment) -> bool {
    let account = &one.account;
    let by_account = glob::fits(&args.accounts, &account.name)
        || glob::fits(&args.accounts, account.id.as_str());
    by_account && glob::fits(&args.permission_sets, &one.permission_set)
}

fn is_declared(model: &Model, idp: &Idp, one: &Assignment) -> bool {
    model.profiles.values().any(|profile| {
        let Target::PermissionSet { account, name } = &profile.target else {
            return false;
        };
        matches!(&profile.source, Source::Idp(of) if *of == idp.name)
            && *account == one.account.id
            && *name == one.permission_set
    })
}

/// The Identity Center that is meant.
fn center<'m>(model: &'m Model, name: Option<&str>) -> Result<&'m Idp, Failure> {
    let is_center = |idp: &&Idp| matches!(idp.kind, IdpKind::IdentityCenter(_));
    let all: Vec<&Idp> = model.idps.values().filter(is_center).collect();
    let names = || all.iter().map(|idp| idp.name.as_str()).collect::<Vec<_>>();
    match (name, all.as_slice()) {
        (_, []) => Err(no_center()),
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::new(
            Exit::Usage,
            "fedgit.toml declares several Identity Centers",
        )
        .hint(format!("name one with --idp: {}", names().join(", ")))),
        (Some(name), all) => all
            .iter()
            .find(|idp| idp.name.as_str() == name)
            .copied()
            .ok_or_else(|| Failure::unknown_name("Identity Center", name, names())),
    }
}

fn no_center() -> Failure {
    Failure::new(Exit::Usage, "fedgit.toml declares no Identity Center").hint(
        "add [idp.cloud] with kind = \"identity-center\", start_url and region, or: fedgit init \
         --kind identity-center",
    )
}
