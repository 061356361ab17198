use std::path::{Path, PathBuf};
use std::{io, iter};

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::layer::{Layer, Origin};
use crate::config::{ConfigError, check, merge};
use crate::init::{self, Answers, BadAnswer, Question};
use crate::model::{ExposeSecret, Model};
use crate::sys::fs;
use crate::sys::terminal::{self, Echo, Reply};

use super::Context;

/// Ask a few questions, or take them as flags, and write a commented fedgit.toml
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Kind of identity provider: adfs, okta, identity-center, saml, browser or command
    #[arg(long)]
    kind: Option<String>,
    /// What to call the identity provider in the file
    #[arg(long)]
    name: Option<String>,
    /// Its sign-on page, or AWS application (okta); for adfs the host alone is enough
    #[arg(long)]
    url: Option<String>,
    /// command: the program that prints the base64 SAMLResponse, with its arguments
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
    /// identity-center: the start URL of the access portal
    #[arg(long, value_name = "URL")]
    start_url: Option<String>,
    /// identity-center: the region of the instance
    #[arg(long, value_name = "REGION")]
    idp_region: Option<String>,
    /// Who signs in; "" to be asked at each login
    #[arg(long, value_name = "USER")]
    username: Option<String>,
    /// The role that the login gives
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// identity-center: the account, twelve digits
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// identity-center: the permission set
    #[arg(long, value_name = "NAME")]
    permission_set: Option<String>,
    /// The profile's name in ~/.aws/config; the role's where left out
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The region; the main one of the role's partition where left out
    #[arg(long)]
    region: Option<String>,
    /// A repository in CodeCommit; "" for none
    #[arg(long, value_name = "NAME")]
    repo: Option<String>,
    /// Write this file; --config's, else the user's own where left out
    #[arg(short, long, value_name = "FILE", conflicts_with = "here")]
    output: Option<PathBuf>,
    /// Write ./fedgit.toml, for this project
    #[arg(long)]
    here: bool,
}

impl Args {
    fn flag(&self, question: Question) -> Option<&str> {
        let flag = match question {
            Question::Kind => &self.kind,
            Question::Name => &self.name,
            Question::Url => &self.url,
            Question::Command => &self.command,
            Question::StartUrl => &self.start_url,
            Question::IdpRegion => &self.idp_region,
            Question::Username => &self.username,
            Question::RoleArn => &self.role_arn,
            Question::Account => &self.account,
            Question::PermissionSet => &self.permission_set,
            Question::Profile => &self.profile,
            Question::Region => &self.region,
            Question::Repo => &self.repo,
        };
        flag.as_deref()
    }
}

/// How long a question waits for the person, in seconds: long enough to look for a role's ARN.
const LIMIT_SECONDS: u32 = 1800;

/// Asks, checks what comes of it as `fedgit check` would, and only then writes.
///
/// # Errors
/// A flag that is wrong; a file that is there; nobody to ask. In every case nothing was written.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let path = target(context, args)?;
    // Before anybody is asked for what could not be written.
    if fs::exists(&path).map_err(|e| Failure::file("use", &path, &e))? {
        return Err(there_already(&path));
    }
    let answers = answers(context, args)?;
    let text = init::text(&answers);
    let model = verified(&path, &text)?;
    fs::create(&path, text.as_bytes()).map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => there_already(&path),
        _ => Failure::file("write", &path, &e),
    })?;
    tell(context, args, &path, &model);
    Ok(Exit::Done)
}

fn target(context: &Context<'_>, args: &Args) -> Result<PathBuf, Failure> {
    if args.here {
        return Ok(PathBuf::from("fedgit.toml"));
    }
    let selection = context.selection.clone().with_environment(context.env);
    args.output
        .clone()
        .or(selection.config)
        .or(selection.user)
        .or_else(|| context.paths.user_config())
        .ok_or_else(|| Failure::no_home("a fedgit.toml", "XDG_CONFIG_HOME"))
}

fn there_already(path: &Path) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("{} is there already; it was not touched", path.display()),
    )
    .hint("edit it, or: fedgit config set KEY VALUE")
    .hint("for a second file: fedgit init --output FILE")
}

/// The kind decides what else is asked, so it comes first; then every flag, so that a wrong one is
/// told before the person has typed anything.
fn answers(context: &Context<'_>, args: &Args) -> Result<Answers, Failure> {
    let person = context.may_ask_here && terminal::is_interactive();
    let mut answers = Answers::default();
    if args.kind.is_none() && person {
        ask(context, &mut answers, Question::Kind)?;
    }
    for question in Question::ALL {
        if let Some(text) = args.flag(question) {
            answers
                .answer(question, text)
                .map_err(|bad| refused(&bad, question))?;
        }
    }
    if person {
        while let Some(question) = answers.next() {
            ask(context, &mut answers, question)?;
        }
        return Ok(answers);
    }
    let missing = answers.settle();
    if missing.is_empty() {
        return Ok(answers);
    }
    let flags: Vec<&str> = missing.into_iter().map(Question::flag).collect();
    Err(Failure::new(
        Exit::PersonNeeded,
        format!(
            "nobody can be asked here, and there is no {}",
            flags.join(", no ")
        ),
    )
    .hint(format!("add: {}", flags.join(", ")))
    .hint("or run fedgit init in a terminal"))
}

fn refused(bad: &BadAnswer, question: Question) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("{}: {bad}", question.flag()));
    match &bad.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Asks until the answer can be taken.
fn ask(context: &Context<'_>, answers: &mut Answers, question: Question) -> Result<(), Failure> {
    let usual = answers.usual(question);
    let mut prompt = format!("fedgit: {}", question.prompt(answers.kind()));
    if let Some(usual) = &usual {
        prompt += &format!(" [{usual}]");
    }
    prompt += ": ";
    loop {
        let line = match terminal::ask(&prompt, Echo::On, LIMIT_SECONDS, None) {
            Ok(Reply::Line(line)) => line,
            Ok(Reply::Interrupted) => {
                return Err(Failure::new(
                    Exit::CtrlC,
                    "interrupted; nothing was written",
                ));
            }
            Ok(Reply::TimedOut) => {
                let what = format!("nobody answered within {LIMIT_SECONDS} seconds");
                return Err(Failure::new(Exit::PersonNeeded, what).hint(format!(
                    "nothing was written; {} says it too",
                    question.flag()
                )));
            }
            Err(e) => {
                let what = format!("cannot ask on the terminal: {e}");
                return Err(Failure::new(Exit::PersonNeeded, what)
                    .hint(format!("say it with {}", question.flag())));
            }
        };
        let given = line.expose_secret().trim();
        let text = match &usual {
            Some(usual) if given.is_empty() => usual.as_str(),
            _ => given,
        };
        match answers.answer(question, text) {
            Ok(()) => return Ok(()),
            Err(bad) => {
                context.ui.warn(&bad.to_string());
                if let Some(hint) = &bad.hint {
                    context.ui.say(&format!("  {hint}"));
                }
            }
        }
    }
}

/// What `fedgit check` would say of the file alone.
fn verified(path: &Path, text: &str) -> Result<Model, Failure> {
    let origin = Origin::Named(path.to_owned());
    let layer = Layer::parse(origin, text.to_owned()).map_err(|mistakes| {
        let first = mistakes.first().map(|m| m.message.as_str());
        Failure::message(&format!(
            "the file would not be TOML: {}",
            first.unwrap_or_default()
        ))
    })?;
    let layers = vec![layer];
    let (settings, mut diagnostics) = merge::merge(&layers);
    let (model, meaning) = check::check(&settings, &layers);
    diagnostics.extend(meaning);
    if diagnostics.is_empty() {
        return Ok(model);
    }
    Err(ConfigError::Mistakes {
        diagnostics,
        layers,
    }
    .into())
}

fn tell(context: &Context<'_>, args: &Args, path: &Path, model: &Model) {
    let ui = context.ui;
    ui.say(&format!("{} is written; next:", path.display()));
    let selected = match (&args.output, &context.selection.config) {
        (Some(file), _) | (None, Some(file)) => format!(" --config {}", file.display()),
        _ => String::new(),
    };
    let trust = args.here.then_some("trust");
    let login: Vec<String> = model
        .idps
        .keys()
        .map(|name| format!("login {name}"))
        .collect();
    let steps = ["check", "plan", "apply"].into_iter();
    let steps = iter::empty()
        .chain(trust)
        .chain(steps)
        .chain(login.iter().map(String::as_str));
    for step in steps {
        ui.say(&format!("  fedgit{selected} {step}"));
    }
}
