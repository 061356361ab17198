//! From other tools to a `fedgit.toml`: each of their files is read to one common value, what is the
//! same is put together and named, and the text that comes out is held to what `fedgit check` wants.
//!
//! All of it is pure: texts in, a text out. Nothing that stands in those files is run, looked up or
//! followed, and a secret in them goes nowhere.
//!
//! | file | reads |
//! |---|---|
//! | `aws` | `~/.aws/config`, and which of the others a profile belongs to |
//! | `awsprocesscreds`, `saml2aws`, `aws_adfs`, `gimme`, `sso`, `chain`, `clones` | one tool each |
//! | `center` | what an Identity Center offers, into a file that is there |
//! | `found`, `facts`, `options`, `extras` | the common value; single values; command lines; other keys |
//! | `merge`, `same`, `naming`, `write` | one declaration; what is one; its names; its text |

mod aws;
mod aws_adfs;
mod awsprocesscreds;
pub mod center;
mod chain;
mod clones;
mod extras;
mod facts;
pub mod found;
mod gimme;
pub mod merge;
mod naming;
mod options;
mod same;
mod saml2aws;
mod sso;
pub mod write;

use std::path::Path;

use crate::config::check;
use crate::config::diagnostic::Diagnostic;
use crate::config::layer::{Layer, Origin};
use crate::config::merge as settings;

use found::{Found, LeftOut, Text};
use merge::{Declared, DeclaredRole};

/// The files that were read.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `~/.aws/config`.
    pub aws_config: Option<Text>,
    /// `~/.saml2aws`.
    pub saml2aws: Option<Text>,
    /// `~/.okta_aws_login_config`.
    pub gimme: Option<Text>,
    /// The user's own git configuration, in the order in which git reads it.
    pub git: Vec<Text>,
    /// The configurations of clones.
    pub clones: Vec<Text>,
}

/// What came of them.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The text of the `fedgit.toml`.
    pub text: String,
    /// What it declares.
    pub declared: Declared,
    /// What it does not.
    pub left_out: Vec<LeftOut>,
}

impl Imported {
    /// Whether there is nothing to declare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.declared.idps.is_empty() && self.declared.roles.is_empty()
    }

    /// The sections of `~/.aws/config` that are carried over, by what stands between their
    /// brackets: the ones that `apply` may take over without being told.
    #[must_use]
    pub fn sections(&self) -> Vec<String> {
        let roles = self.declared.roles.iter();
        let idps = self.declared.idps.iter();
        roles
            .filter_map(|role| role.role.section.clone())
            .chain(idps.filter_map(|(_, idp)| idp.section.clone()))
            .collect()
    }
}

/// Why there is no text: fedgit refuses what it wrote itself.
#[derive(Debug, thiserror::Error)]
#[error("the configuration that came out would not pass fedgit check: {0}")]
pub struct Inconsistent(String);

/// Reads the sources.
///
/// # Errors
/// Where the result has a mistake that belongs to nothing in it.
pub fn import(sources: &Sources) -> Result<Imported, Inconsistent> {
    let mut found = Found::default();
    let saml2aws = sources.saml2aws.as_ref();
    let mut accounts = saml2aws.map_or_else(Vec::new, |text| saml2aws::accounts(text, &mut found));
    if let Some(text) = &sources.aws_config {
        aws::read(text, &mut accounts, &mut found);
    }
    saml2aws::roles(&accounts, &mut found);
    if let Some(text) = &sources.gimme {
        gimme::read(text, &mut found);
    }
    for clone in &sources.clones {
        clones::read(clone, &sources.git, &mut found);
    }
    let (mut declared, mut left_out) = merge::merge(found);
    let text = checked(&mut declared, &mut left_out)?;
    Ok(Imported {
        text,
        declared,
        left_out,
    })
}

/// The text, once nothing in it is refused. Every value was parsed as `check` parses it, so a
/// refusal is a rule that is known there alone; what it is about is left out, and then what needs it.
fn checked(declared: &mut Declared, left_out: &mut Vec<LeftOut>) -> Result<String, Inconsistent> {
    loop {
        let text = write::write(declared);
        let mistakes = mistakes(&text)?;
        if mistakes.is_empty() {
            return Ok(text);
        }
        let mut gone = false;
        for mistake in &mistakes {
            gone |= drop_refused(declared, left_out, mistake);
        }
        if !gone {
            let told: Vec<&str> = mistakes.iter().map(|m| m.message.as_str()).collect();
            return Err(Inconsistent(told.join("; ")));
        }
    }
}

/// What `fedgit check` says of a text.
fn mistakes(text: &str) -> Result<Vec<Diagnostic>, Inconsistent> {
    let origin = Origin::Named(Path::new("fedgit.toml").to_owned());
    let layer = Layer::parse(origin, text.to_owned()).map_err(|mistakes| {
        let told: Vec<String> = mistakes.into_iter().map(|m| m.message).collect();
        Inconsistent(told.join("; "))
    })?;
    let layers = [layer];
    let (settings, mut mistakes) = settings::merge(&layers);
    mistakes.extend(check::check(&settings, &layers).1);
    Ok(mistakes)
}

/// Takes out what a mistake points at; whether it was there.
fn drop_refused(
    declared: &mut Declared,
    left_out: &mut Vec<LeftOut>,
    mistake: &Diagnostic,
) -> bool {
    let path = mistake.at.as_ref().map_or(&[][..], |at| &at.path);
    let [kind, name, rest @ ..] = path else {
        return false;
    };
    let mut leave = |at: &found::Place, what: String| {
        left_out.push(LeftOut {
            at: at.clone(),
            what,
            why: format!("fedgit check refuses it: {}", mistake.message),
        });
        true
    };
    match (kind.as_str(), rest) {
        ("role", [aws, key, ..]) if aws == "aws" => {
            let roles = &mut declared.roles;
            let Some(DeclaredRole { role, .. }) = roles.iter_mut().find(|r| r.name == *name) else {
                return false;
            };
            let before = role.extras.len();
            role.extras.retain(|(known, _)| known != key);
            let what = format!("{} of [profile {}]", extras::shown(key), role.profile);
            before != role.extras.len() && leave(&role.at, what)
        }
        ("role", _) => take(&mut declared.roles, |role| role.name == *name)
            .is_some_and(|role| leave(&role.role.at, format!("[profile {}]", role.role.profile))),
        ("idp", _) => take(&mut declared.idps, |(known, _)| known == name)
            .is_some_and(|(_, idp)| leave(&idp.at, format!("the identity provider {name}"))),
        ("repo", _) => take(&mut declared.repos, |(known, ..)| known == name)
            .is_some_and(|(.., repo)| leave(&repo.at, format!("the repository {}", repo.name))),
        ("account", _) => take(&mut declared.accounts, |(known, _)| known == name).is_some(),
        _ => false,
    }
}

fn take<T>(items: &mut Vec<T>, is: impl FnMut(&T) -> bool) -> Option<T> {
    let at = items.iter().position(is)?;
    Some(items.remove(at))
}

#[cfg(test)]
#[path = "import/tests.rs"]
mod tests;
