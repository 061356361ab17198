use std::io;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::import::found::{LeftOut, Place, Text};
use crate::import::{self, Imported, Sources};
use crate::reconcile::{self, Consent, Found, consent_for};
use crate::sys::{fs, walk};

use super::owners::Owners;
use super::{Context, import_center};

/// A file of a tool beyond this is no configuration: 10,000 profiles are 3 MB.
const LARGEST_FILE: u64 = 32 << 20;
/// A clone's configuration beyond this is none that git wrote.
const LARGEST_CLONE: u64 = 1 << 20;

/// Write a fedgit.toml from what other tools are configured with
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to write, where nothing is yet; --config's, else the user's own where left out
    #[arg(long, value_name = "FILE", conflicts_with = "print")]
    output: Option<PathBuf>,
    /// Print the file instead of writing it
    #[arg(long)]
    print: bool,
    /// Look for clones of CodeCommit repositories in this folder; may be given several times
    #[arg(long, value_name = "FOLDER")]
    under: Vec<PathBuf>,
    /// saml2aws's file, where it is not ~/.saml2aws
    #[arg(long, value_name = "FILE")]
    saml2aws: Option<PathBuf>,
    /// gimme-aws-creds's file, where it is not ~/.okta_aws_login_config
    #[arg(long, value_name = "FILE")]
    gimme_aws_creds: Option<PathBuf>,
    #[command(flatten)]
    center: import_center::Args,
}

/// Reads what is there, tells what it cannot take, and writes the rest.
///
/// # Errors
/// Where the file to write is there already, a named file is not, or there is nothing to import.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    if args.center.is_asked() {
        return import_center::run(context, &args.center, args.output.as_ref(), args.print);
    }
    let output = match args.print {
        true => None,
        false => Some(free_output(context, args)?),
    };
    let mut reading = Reading::default();
    let sources = reading.sources(context, args)?;
    for place in &reading.looked_at {
        context.ui.explain(&format!("looked at {place}"));
    }
    let imported = import::import(&sources).map_err(|e| Failure::message(&e.to_string()))?;
    for left_out in reading.left_out.iter().chain(&imported.left_out) {
        context.ui.warn(&left_out.to_string());
    }
    if imported.is_empty() {
        return Err(nothing(&reading.looked_at));
    }
    let Some(output) = output else {
        context.ui.data(&imported.text)?;
        return Ok(Exit::Done);
    };
    fs::create(&output, imported.text.as_bytes()).map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => taken(&output),
        _ => Failure::file("write", &output, &e),
    })?;
    consent(context, &output, &imported);
    context.ui.say(&done(context, &output, &imported));
    Ok(Exit::Done)
}

/// Remembers the sections that were carried over as they are now, so that `apply` takes them over
/// without being told. Where that cannot be kept, `--adopt` says the same.
fn consent(context: &Context<'_>, output: &Path, imported: &Imported) {
    let (Ok(path), Ok(state)) = (context.aws_config(), context.state()) else {
        return;
    };
    let Ok(bytes) = reconcile::read(&path) else {
        return;
    };
    let Ok(found) = Found::read(bytes.as_deref()) else {
        return;
    };
    let names = imported.sections().into_iter().collect();
    let owner = Owners::default().of(Some(output));
    let prints = found.fingerprints(&names);
    let given = prints.iter().map(|print| consent_for(print, &owner));
    let given = Consent::of(&state, &path).and_then(|consent| consent.give(given));
    if let Err(e) = given {
        context.ui.warn(&format!(
            "cannot remember what was imported, so run fedgit apply with --adopt: {e}"
        ));
    }
}

/// Where to write. Looked at before anything is read; looked at again when it is made.
fn free_output(context: &Context<'_>, args: &Args) -> Result<PathBuf, Failure> {
    let selection = context.selection.clone().with_environment(context.env);
    let path = args
        .output
        .clone()
        .or(selection.config)
        .or(selection.user)
        .or_else(|| context.paths.user_config())
        .ok_or_else(|| Failure::no_home("a fedgit.toml", "XDG_CONFIG_HOME"))?;
    match path.symlink_metadata() {
        Ok(_) => Err(taken(&path)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(path),
        Err(e) => Err(Failure::file("write", &path, &e)),
    }
}

fn taken(path: &Path) -> Failure {
    let message = format!(
        "{} is there already, and import replaces nothing",
        path.display()
    );
    Failure::new(Exit::Usage, message)
        .hint("fedgit import --print shows what it would write; --output FILE writes elsewhere")
}

fn nothing(looked_at: &[String]) -> Failure {
    let message = format!(
        "nothing was found to import; looked at {}",
        looked_at.join(", ")
    );
    Failure::message(&message).hint(
        "name other places with AWS_CONFIG_FILE, --saml2aws FILE, --gimme-aws-creds FILE or \
         --under FOLDER",
    )
}

/// What was written, and what to run next.
fn done(context: &Context<'_>, output: &Path, imported: &Imported) -> String {
    let declared = &imported.declared;
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    // With flags or a variable of fedgit's own, the same ones select the file again.
    let found_again = context.paths.user_config().as_deref() == Some(output);
    let fedgit = match found_again {
        true => "fedgit".to_owned(),
        false => format!("fedgit --config {}", output.display()),
    };
    format!(
        "{} is written: {}, {}, {}; read it, then run: {fedgit} check, {fedgit} plan",
        output.display(),
        count(
            declared.idps.len(),
            "identity provider",
            "identity providers"
        ),
        count(declared.roles.len(), "role", "roles"),
        count(declared.repos.len(), "repository", "repositories"),
    )
}

/// The files, as they are read.
#[derive(Default)]
struct Reading {
    looked_at: Vec<String>,
    left_out: Vec<LeftOut>,
}

impl Reading {
    fn sources(&mut self, context: &Context<'_>, args: &Args) -> Result<Sources, Failure> {
        let (env, paths) = (context.env, &context.paths);
        let saml2aws = env.path("SAML2AWS_CONFIGFILE");
        let gimme = env.path("OKTA_CONFIG");
        let xdg = env.path("XDG_CONFIG_HOME").map(|at| at.join("git/config"));
        let mut sources = Sources {
            aws_config: self.usual(paths.aws_config()),
            saml2aws: match &args.saml2aws {
                Some(path) => Some(self.named(path)?),
                None => self.usual(saml2aws.or_else(|| paths.under_home(".saml2aws"))),
            },
            gimme: match &args.gimme_aws_creds {
                Some(path) => Some(self.named(path)?),
                None => self.usual(gimme.or_else(|| paths.under_home(".okta_aws_login_config"))),
            },
            ..Sources::default()
        };
        if args.under.is_empty() {
            return Ok(sources);
        }
        // git's own order. Not told as looked at: only credential helpers are read there.
        for path in [
            xdg.or_else(|| paths.under_home(".config/git/config")),
            paths.under_home(".gitconfig"),
        ] {
            let bytes = path
                .as_deref()
                .map(|path| fs::read_bounded(path, LARGEST_CLONE));
            if let (Some(path), Some(Ok(Some(bytes)))) = (path, bytes) {
                sources.git.push(text(&path, bytes));
            }
        }
        for folder in &args.under {
            sources.clones.extend(self.clones(folder)?);
        }
        Ok(sources)
    }

    /// A file where its tool keeps it: not there is nothing to tell, and one that cannot be read
    /// does not keep the others from being read.
    fn usual(&mut self, path: Option<PathBuf>) -> Option<Text> {
        let path = path?;
        self.looked_at.push(shown(&path));
        match fs::read_bounded_or_null(&path, LARGEST_FILE) {
            Ok(bytes) => Some(text(&path, bytes?)),
            Err(e) => {
                self.unreadable(&path, &e);
                None
            }
        }
    }

    /// A file that the command line names.
    fn named(&mut self, path: &Path) -> Result<Text, Failure> {
        self.looked_at.push(shown(path));
        match fs::read_bounded(path, LARGEST_FILE) {
            Ok(Some(bytes)) => Ok(text(path, bytes)),
            Ok(None) => Err(Failure::new(
                Exit::Usage,
                format!("there is no file {}", path.display()),
            )),
            Err(e) => Err(Failure::message(&e.to_string())),
        }
    }

    fn clones(&mut self, folder: &Path) -> Result<Vec<Text>, Failure> {
        self.looked_at.push(format!("clones in {}", shown(folder)));
        if !folder.is_dir() {
            let message = format!("there is no folder {}", folder.display());
            return Err(Failure::new(Exit::Usage, message));
        }
        let found = walk::clones(folder);
        if found.cut_short {
            self.left_out.push(LeftOut {
                at: place(folder),
                what: "a part of the folder".to_owned(),
                why: "it is deeper or larger than is looked through; name a folder inside"
                    .to_owned(),
            });
        }
        let mut texts = Vec::new();
        for path in found.configs {
            match fs::read_bounded(&path, LARGEST_CLONE) {
                Ok(bytes) => texts.extend(bytes.map(|bytes| text(&path, bytes))),
                Err(e) => self.unreadable(&path, &e),
            }
        }
        Ok(texts)
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.left_out.push(LeftOut {
            at: place(path),
            what: "the file".to_owned(),
            why: error.to_string(),
        });
    }
}

fn text(path: &Path, bytes: Vec<u8>) -> Text {
    Text {
        file: shown(path),
        bytes,
    }
}

fn place(path: &Path) -> Place {
    Place {
        file: shown(path),
        line: None,
    }
}

/// A path on one line: below a folder of clones, files may be called anything.
fn shown(path: &Path) -> String {
    let plain = path.display().to_string();
    match plain.chars().any(char::is_control) {
        true => format!("{path:?}"),
        false => plain,
    }
}
