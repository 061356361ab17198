//! The model as sections of `~/.aws/config`, and the plan to get there: what `plan` and `apply`
//! share.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use crate::cli::report::Failure;
use crate::cli::ui::Ui;
use crate::config::Loaded;
use crate::format::ini::Document;
use crate::model::{IdpKind, Model, Profile};
use crate::reconcile::{self, Action, BadWord, Owner, Plan, PlanError, Wanted, quote_word};
use crate::sys::programs::program;

use super::{Context, wired};

/// A plan with the file that it is for.
pub(super) struct Proposal {
    pub(super) path: PathBuf,
    pub(super) plan: Plan,
}

impl Proposal {
    /// Reads the configuration and the file, and plans. `adopt` takes over what is in the way; with
    /// `json`, conflicts are data too.
    pub(super) fn make(context: &Context<'_>, adopt: bool, json: bool) -> Result<Self, Failure> {
        // Text and values of the files, which may be large, are dropped here.
        let Loaded { model, files, .. } = context.load()?;
        let path = context.aws_config()?;
        let program = program().map_err(|e| Failure::own_path(&e))?;
        warn_of_not_yet(context.ui, &model);
        let mut sections = Sections::new(context, &program)?;
        let wanted = model
            .profiles
            .values()
            .map(|profile| sections.wanted(profile))
            .collect::<Result<Vec<_>, _>>()?;
        // The files that took part own their profiles: what they no longer declare goes.
        let mut owners: Vec<Owner> = files.iter().map(|path| Owner::of(path)).collect();
        owners.push(environment());
        let found = reconcile::read(&path).map_err(|e| Failure::file("read", &path, &e))?;
        let plan = match reconcile::plan(&wanted, &owners, found.as_deref(), adopt) {
            Ok(plan) => plan,
            Err(error) => {
                if let (true, PlanError::Conflicts(conflicts)) = (json, &error) {
                    let report = serde_json::json!({ "conflicts": conflicts });
                    context.ui.data(&format!("{report}\n"))?;
                }
                return Err(Failure::from(error).in_file(&path));
            }
        };
        warn_of_stale_keys(context, &model);
        Ok(Self { path, plan })
    }

    /// Prints the plan: data, since it is what was asked for.
    pub(super) fn show(&self, ui: &Ui, json: bool) -> Result<(), Failure> {
        if json {
            let text = serde_json::to_string(&self.plan).unwrap_or_default();
            ui.data(&format!("{text}\n"))?;
        } else {
            let plan = format!("{}\n", self.plan);
            ui.data(&if ui.colours_data() {
                coloured(&plan)
            } else {
                plan
            })?;
        }
        Ok(())
    }

    /// Says what is odd about the file.
    pub(super) fn warn(&self, ui: &Ui) {
        for warning in &self.plan.warnings {
            ui.warn(&format!("{}: {warning}", self.path.display()));
        }
    }

    /// What was done, once it is done.
    pub(super) fn done(&self) -> String {
        let count = |action| self.plan.count(action);
        let adopted = match count(Action::Adopt) {
            0 => String::new(),
            adopted => format!("{adopted} taken over, "),
        };
        format!(
            "{} added, {} changed, {} removed, {adopted}{} kept",
            count(Action::Add),
            count(Action::Change),
            count(Action::Remove),
            self.plan.kept
        )
    }
}

/// A diff in the colours that people know; readable without them.
fn coloured(plan: &str) -> String {
    plan.lines()
        .map(|line| match line.as_bytes().first() {
            Some(b'+') => format!("\x1b[32m{line}\x1b[0m\n"),
            Some(b'-') => format!("\x1b[31m{line}\x1b[0m\n"),
            Some(b'~') => format!("\x1b[33m{line}\x1b[0m\n"),
            Some(b'0'..=b'9') => format!("\x1b[1m{line}\x1b[0m\n"),
            _ => format!("{line}\n"),
        })
        .collect()
}

/// Makes the profiles' sections. What all the profiles of one file have in common is found once:
/// it asks the file system, and there may be thousands of them.
struct Sections<'a> {
    context: &'a Context<'a>,
    program: String,
    /// The owner, and the last words of each line, by the file that declares the profile.
    by_file: BTreeMap<Option<&'a Path>, (Owner, String)>,
}

impl<'a> Sections<'a> {
    fn new(context: &'a Context<'a>, program: &Path) -> Result<Self, Failure> {
        Ok(Self {
            context,
            program: word(&program.to_string_lossy())?,
            by_file: BTreeMap::new(),
        })
    }

    /// One profile's section.
    fn wanted(&mut self, profile: &'a Profile) -> Result<Wanted, Failure> {
        let (owner, flags) = match self.by_file.entry(profile.declared_in.as_deref()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(common(self.context, profile)?),
        };
        let name = word(profile.name.as_str())?;
        let line = format!(
            "{} credential-process --profile {name}{flags}",
            self.program
        );
        let keys = vec![
            ("region".to_owned(), profile.region.to_string()),
            ("credential_process".to_owned(), line),
        ];
        Ok(Wanted::new(profile.name.clone(), keys, owner.clone())?)
    }
}

/// The owner of a profile's section, and the flags that lead its line to the same files again.
fn common(context: &Context<'_>, profile: &Profile) -> Result<(Owner, String), Failure> {
    let file = profile.declared_in.as_deref();
    let owner = file.map_or_else(environment, Owner::of);
    let mut words = String::new();
    for (flag, path) in wired::flags(context.env, &context.paths, &context.selection, profile)? {
        words.push_str(&format!(" {flag} {}", word(&path.to_string_lossy())?));
    }
    Ok((owner, words))
}

/// The owner of roles that only `FEDGIT_ROLE__…` variables declare.
fn environment() -> Owner {
    Owner::named("environment")
}

fn word(text: &str) -> Result<String, BadWord> {
    quote_word(text, cfg!(windows))
}

/// Says where keys in `~/.aws/credentials` stand in front of our profiles. A credentials file that
/// cannot be read is other programs' business.
pub(super) fn warn_of_stale_keys(context: &Context<'_>, model: &Model) {
    let Some(path) = context.paths.aws_credentials() else {
        return;
    };
    let Ok(Some(bytes)) = reconcile::read(&path) else {
        return;
    };
    let Ok(document) = Document::parse(&bytes) else {
        return;
    };
    let wanted = |name: &str| model.profiles.get_key_value(name).map(|(name, _)| name);
    for stale in reconcile::stale(&document, wanted) {
        context.ui.warn(&format!("{}: {stale}", path.display()));
    }
}

/// Profiles that are written so that they are in place, but that this version cannot serve.
fn warn_of_not_yet(ui: &Ui, model: &Model) {
    for idp in model.idps.values() {
        if let IdpKind::NotYet(kind) = &idp.kind {
            let name = &idp.name;
            ui.warn(&format!(
                "[idp.{name}] is of kind {kind:?}, which this version cannot log in to yet"
            ));
        }
    }
}
