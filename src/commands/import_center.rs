//! `fedgit import --from identity-center`: roles for what an Identity Center offers, into a `fedgit.toml`
//! that declares it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::layer::{Layer, Origin};
use crate::config::{self, ConfigError, kept_beside};
use crate::credentials::{Account, Assignment};
use crate::format::glob;
use crate::import::center::{Offered, PERMISSION_SET, add};
use crate::model::{
    AccountId, IdentityCenter, Idp, IdpKind, IdpName, Model, Profile, Source, Target,
};
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
    let loaded = context.load_or_without_lists()?;
    let model = &loaded.model;
    let idp = center(model, args.idp.as_deref())?;
    let IdpKind::IdentityCenter(instance) = &idp.kind else {
        return Err(no_center());
    };
    let path = output
        .cloned()
        .or_else(|| place(context, &idp.name, instance));
    let path = path.ok_or_else(|| Failure::no_home("a fedgit.toml", "XDG_CONFIG_HOME"))?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let progress = |done, total| context.ui.progress("accounts", done, total);
    // What stands for every account is to be known of every account.
    let is_known = !model
        .undiscovered
        .iter()
        .any(|(_, of)| of == idp.name.as_str());
    let asked = |account: &Account| !is_known || is_wanted(args, account);
    let listing = broker.assignments(&idp.name, instance, &asked, &progress)?;
    super::discovered::keep(context, &idp.name, instance, &listing);
    // Roles in every account have become more by what is kept now.
    let loaded = context.load_or_without_lists()?;
    let declared = declared(&loaded.model, &idp.name);
    let is_new = |one: &Assignment| {
        let key = (&one.account.id, one.permission_set.as_str());
        !declared.contains(&key)
    };
    let wanted = |one: &Assignment| {
        is_wanted(args, &one.account) && glob::fits(&args.permission_sets, &one.permission_set)
    };
    let offered: Vec<Offered> = listing
        .found
        .iter()
        .filter(|one| wanted(one) && is_new(one))
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
    let is_project = must_be_right(context, &path, &after)?;
    let written = match before {
        Some(_) => fs::replace(&path, after.as_bytes()),
        None => fs::create(&path, after.as_bytes()),
    };
    written.map_err(|e| Failure::file("write", &path, &e))?;
    let count = offered.len();
    context.ui.say(&format!(
        "{} declares {count} more {}; read it, then run: {}fedgit plan, fedgit apply",
        path.display(),
        if count == 1 { "profile" } else { "profiles" },
        // What has changed is not trusted any more.
        if is_project { "fedgit trust, " } else { "" }
    ));
    Ok(Exit::Done)
}

/// The file that declares the Identity Center, where that is a project's: in another directory nothing
/// else would know of it. Else what else is the user's own.
fn place(context: &Context<'_>, idp: &IdpName, instance: &IdentityCenter) -> Option<PathBuf> {
    let elsewhere = context.load_elsewhere();
    let is_everywhere = elsewhere.is_some_and(|loaded| loaded.model.idps.contains_key(idp));
    let own = || kept_beside(context.env, &context.paths, &context.selection);
    match is_everywhere {
        true => own(),
        false => instance.declared_in.clone().or_else(own),
    }
}

/// Nothing is written that the next command would refuse, here or in another directory. Whether it is
/// a project's file.
fn must_be_right(context: &Context<'_>, path: &Path, text: &str) -> Result<bool, Failure> {
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
    let is_project = matches!(origin, Origin::Project(_));
    let layer = Layer::parse(origin, text.to_owned())
        .map_err(|_| Failure::message("what would be written is not TOML"))?;
    match at.and_then(|at| layers.get_mut(at)) {
        Some(place) => *place = layer,
        None => layers.push(layer),
    }
    let judged = |layers: Vec<Layer>| {
        let (_, diagnostics) =
            config::judge(context.env, &context.paths, &context.selection, &layers);
        if diagnostics.is_empty() {
            return Ok(layers);
        }
        Err(Failure::from(ConfigError::Mistakes {
            diagnostics,
            layers,
        }))
    };
    let mut layers = judged(layers).map_err(|failure| {
        failure.hint(format!(
            "nothing is written; --name-template names the profiles, with {{account}} and \
             {PERMISSION_SET}"
        ))
    })?;
    if !is_project {
        layers.retain(|layer| !matches!(layer.origin, Origin::Project(_)));
        judged(layers).map_err(|failure| {
            failure.hint(
                "nothing is written: that file would be a mistake wherever the project's is not; \
                 name the project's with --output",
            )
        })?;
    }
    Ok(is_project)
}

fn is_wanted(args: &Args, account: &Account) -> bool {
    glob::fits(&args.accounts, &account.name) || glob::fits(&args.accounts, account.id.as_str())
}

/// What is declared of an Identity Center.
fn declared<'m>(model: &'m Model, idp: &IdpName) -> HashSet<(&'m AccountId, &'m str)> {
    let of_idp = |profile: &&Profile| matches!(&profile.source, Source::Idp(of) if of == idp);
    let target = |profile: &'m Profile| match &profile.target {
        Target::PermissionSet { account, name } => Some((account, name.as_str())),
        Target::Role(_) => None,
    };
    let profiles = model.profiles.values().filter(of_idp);
    profiles.filter_map(target).collect()
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
