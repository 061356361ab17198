//! The model as sections of `~/.aws/config`, and the plan to get there: what `plan` and `apply`
//! share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::report::Failure;
use crate::cli::ui::Ui;
use crate::config::layer::Origin;
use crate::config::{Loaded, env as names};
use crate::format::ini::Document;
use crate::model::Model;
use crate::reconcile::{self, Action, Adopt, Consent, Found, Plan, PlanError, Wanted};
use crate::sys::programs::program;

use super::owners::Owners;
use super::sections::Sections;
use super::{Context, discovered};

/// How a plan is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// Take over what is in the way.
    pub(super) adopt: bool,
    /// Remove what belongs to declarations that are gone.
    pub(super) prune_missing: bool,
    /// Conflicts are data too.
    pub(super) json: bool,
}

/// A plan with the file that it is for.
pub(super) struct Proposal {
    pub(super) path: PathBuf,
    pub(super) plan: Plan,
    pub(super) intent: Intent,
}

/// What the configuration asks for, whatever the file holds: another plan can be made from it when
/// the file turns out to be another one.
pub(super) struct Intent {
    wanted: Vec<Wanted>,
    /// The configuration files that take part.
    files: Vec<PathBuf>,
    /// The project's file, where it is not trusted.
    untrusted: Option<PathBuf>,
    /// The sections that `fedgit import` was told to take over.
    imported: BTreeSet<String>,
    asked: Asked,
}

impl Intent {
    pub(super) fn plan(&self, found: Option<&[u8]>) -> Result<Plan, PlanError> {
        let found = Found::read(found)?;
        let mut owners = Owners::default();
        let mut terms = owners.terms(&self.files, &found.owners());
        let untrusted = self.untrusted.iter().map(|path| owners.of(Some(path)));
        terms.untrusted.extend(untrusted);
        if self.asked.prune_missing {
            terms.here.append(&mut terms.gone);
        }
        terms.adopt = if self.asked.adopt {
            Adopt::Everything
        } else {
            Adopt::These(self.imported.clone())
        };
        reconcile::plan(&self.wanted, &found, &terms)
    }
}

impl Proposal {
    /// Reads the configuration and the file, and plans.
    pub(super) fn make(context: &Context<'_>, asked: Asked) -> Result<Self, Failure> {
        let Loaded {
            model,
            files,
            layers,
            variables,
            ..
        } = context.load()?;
        warn_of_variables(context.ui, &variables);
        let untrusted = layers.iter().any(|layer| !layer.trusted);
        let project = layers.into_iter().find_map(|layer| match layer.origin {
            Origin::Project(path) => Some(path),
            _ => None,
        });
        let path = context.aws_config()?;
        let program = program().map_err(|e| Failure::own_path(&e))?;
        discovered::must_be_known(&model)?;
        let elsewhere = project.as_ref().and_then(|_| context.load_elsewhere());
        let sections = Sections {
            context,
            program: &program,
            here: &model,
            elsewhere: elsewhere
                .as_ref()
                .map(|loaded| &loaded.model)
                .zip(project.as_deref()),
        };
        let intent = Intent {
            wanted: sections.all()?,
            imported: imported(context, &path),
            untrusted: project.clone().filter(|_| untrusted),
            files,
            asked,
        };
        let found = reconcile::read(&path)?;
        let plan = match intent.plan(found.as_deref()) {
            Ok(plan) => plan,
            Err(error) => return Err(no_plan(context.ui, error, &path, asked.json)?),
        };
        warn_of_stale_keys(context, &model);
        Ok(Self { path, plan, intent })
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

/// What `fedgit import` was told to take over.
fn imported(context: &Context<'_>, path: &Path) -> BTreeSet<String> {
    let state = context.state().ok();
    let consent = state.and_then(|state| Consent::of(&state, path).ok());
    consent.map(|consent| consent.given()).unwrap_or_default()
}

/// Why there is no plan; with `json`, conflicts are printed as data too.
pub(super) fn no_plan(
    ui: &Ui,
    error: PlanError,
    path: &Path,
    json: bool,
) -> Result<Failure, Failure> {
    if let (true, PlanError::Conflicts(conflicts)) = (json, &error) {
        let report = serde_json::json!({ "conflicts": conflicts });
        ui.data(&format!("{report}\n"))?;
    }
    Ok(Failure::from(error).in_file(path))
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

/// Says which variables decide what profiles there are and how one logs in for them: the lines are used
/// where those are not set.
fn warn_of_variables(ui: &Ui, variables: &[(String, String)]) {
    const DECIDING: [&str; 3] = ["ROLE__", "IDP__", "ACCOUNT__"];
    let decides = |name: &&str| {
        let rest = name.strip_prefix(names::KEY_PREFIX);
        rest.is_some_and(|rest| DECIDING.iter().any(|table| rest.starts_with(table)))
    };
    let names = variables.iter().map(|(name, _)| name.as_str());
    let deciding: Vec<&str> = names.filter(decides).collect();
    if !deciding.is_empty() {
        ui.warn(&format!(
            "the profiles rely on {}: where that is not set they are others, or do not work; to keep \
             what it says, write it into fedgit.toml",
            deciding.join(", ")
        ));
    }
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
