//! A `fedgit.toml` found by walking up may have come with a clone, so until the user says
//! `fedgit trust` it may only add: accounts, roles and repositories, on identity providers that the
//! user's or the system's file defines. Trust is kept by path and content: a changed file asks anew.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use sha2::{Digest, Sha256};

use super::diagnostic::{At, Code, Diagnostic, Part};
use super::layer::Layer;
use crate::model::HARMLESS;

/// What to do about a file that may not say what it says.
pub const HINT: &str = "the file was found by its place, so it may have come with a clone; read it, \
                        then run: fedgit trust";

/// Which project files the user trusts: one small file each, named by a hash of the path, holding
/// the hash of the content. Neither holds a secret.
#[derive(Debug, Clone)]
pub struct TrustStore {
    folder: PathBuf,
}

impl TrustStore {
    /// The store under fedgit's state folder.
    #[must_use]
    pub fn new(state: &Path) -> Self {
        Self {
            folder: state.join("trust"),
        }
    }

    /// The folder of the entries.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The entry's file name for a configuration file, by its canonical path.
    #[must_use]
    pub fn entry(path: &Path) -> String {
        hex(path.as_os_str().as_encoded_bytes())
    }

    /// What the entry must hold for this content to be trusted.
    #[must_use]
    pub fn content(text: &str) -> String {
        format!("{}\n", hex(text.as_bytes()))
    }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Takes out of an untrusted layer what it may not say; each is a diagnostic. One that belongs to
/// another account of the machine may say nothing.
pub fn restrict(
    layer: &mut Layer,
    index: usize,
    below: &[Layer],
    foreign: bool,
) -> Vec<Diagnostic> {
    let mut refused: Vec<(Vec<String>, &str)> = Vec::new();
    for (table, value) in &layer.values {
        let entries = value.as_dict().into_iter().flatten();
        if foreign {
            refused.push((
                vec![table.clone()],
                "is in a file that belongs to another user",
            ));
            continue;
        }
        if !["account", "role", "repo"].contains(&table.as_str()) {
            let why = "is more than accounts, roles and repositories";
            refused.push((vec![table.clone()], why));
            continue;
        }
        for (name, entry) in entries {
            let mut path = vec![table.clone(), name.clone()];
            if below.iter().any(|layer| has(layer, table, name)) {
                refused.push((path, "changes what another file declares"));
            } else if let Some((key, why)) = overreach(table, name, entry, below) {
                path.extend(key);
                refused.push((path, why));
            }
        }
    }
    let diagnostics = refused
        .iter()
        .map(|(path, why)| Diagnostic {
            secret: false,
            code: Code::Untrusted,
            message: format!("[{}] {why}, and this file is not trusted", path.join(".")),
            at: Some(At {
                layer: index,
                path: path.clone(),
                part: Part::Key,
                span: None,
            }),
            hint: Some(HINT.to_owned()),
        })
        .collect();
    for (path, _) in &refused {
        remove(&mut layer.values, path);
    }
    diagnostics
}

/// What a new entry of an untrusted file may not do, and by which key it does it.
fn overreach(
    table: &str,
    name: &str,
    entry: &Value,
    below: &[Layer],
) -> Option<(Vec<String>, &'static str)> {
    let text = |key: &str| entry.find_ref(key).and_then(Value::as_str);
    match table {
        // Whoever wrote the file owns a role that anybody may assume, and waits for our pushes.
        "role" if entry.find_ref("source").is_some() => Some((
            vec!["source".to_owned()],
            "leads on from a role to any account",
        )),
        "role" if entry.find_ref("source_profile").is_some() => Some((
            vec!["source_profile".to_owned()],
            "leads on from a profile of yours to any account",
        )),
        // What every tool uses that names no profile.
        "role" if text("profile").unwrap_or(name) == "default" => {
            Some((Vec::new(), "would become everybody's default profile"))
        }
        // A pager is a program, an endpoint sees every request: only what can do no such thing.
        "role" => {
            let key = entry.find_ref("aws").and_then(beyond_harmless)?;
            let why = "sets a key that might lead requests elsewhere or run a program";
            Some(([vec!["aws".to_owned()], key].concat(), why))
        }
        "repo" if entry.find_ref("endpoint").is_some() => {
            Some((vec!["endpoint".to_owned()], "names an endpoint"))
        }
        // Under another alias it would take over who signs for that repository.
        "repo"
            if below
                .iter()
                .any(|l| repo_names(l).any(|n| n == text("name").unwrap_or(name))) =>
        {
            Some((Vec::new(), "is a repository that another file declares"))
        }
        _ => None,
    }
}

/// The first key of an `aws` table that is not known to be harmless.
fn beyond_harmless(aws: &Value) -> Option<Vec<String>> {
    let keys = aws.as_dict()?.iter().flat_map(|(key, value)| {
        let inner = value.as_dict().map(|inner| inner.keys().cloned());
        match inner {
            Some(inner) => inner.map(|inner| vec![key.clone(), inner]).collect(),
            None => vec![vec![key.clone()]],
        }
    });
    let mut beyond = keys.filter(|path| !HARMLESS.contains(&path.join(".").as_str()));
    beyond.next()
}

/// The names in CodeCommit of a layer's repositories.
fn repo_names(layer: &Layer) -> impl Iterator<Item = &str> {
    let repos = layer
        .values
        .get("repo")
        .and_then(Value::as_dict)
        .into_iter()
        .flatten();
    repos.map(|(alias, repo)| {
        repo.find_ref("name")
            .and_then(Value::as_str)
            .unwrap_or(alias)
    })
}

fn has(layer: &Layer, table: &str, name: &str) -> bool {
    layer
        .values
        .get(table)
        .and_then(Value::as_dict)
        .is_some_and(|dict| dict.contains_key(name))
}

fn remove(dict: &mut Dict, path: &[String]) {
    match path {
        [] => {}
        [last] => {
            dict.remove(last);
        }
        [first, rest @ ..] => {
            if let Some(Value::Dict(_, inner)) = dict.get_mut(first) {
                remove(inner, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layer::Origin;

    fn layer(text: &str) -> Layer {
        Layer::parse(Origin::Project("p.toml".into()), text.to_owned()).unwrap()
    }

    #[test]
    fn an_untrusted_file_only_adds() {
        let user =
            layer("[idp.corp]\nkind='adfs'\n[role.mine]\nidp='corp'\n[repo.mine]\nrole='mine'\n");
        let mut project = layer(concat!(
            "[idp.corp]\npassword_command=['steal']\n[defaults]\nregion='x'\n",
            "[role.mine]\narn='arn:evil'\n[role.new]\nidp='corp'\n",
            "[repo.r]\nrole='new'\nendpoint='https://evil.example'\n",
            "[repo.ok]\nrole='new'\n[repo.other]\nrole='new'\nname='mine'\n",
            "[role.chain]\nsource='mine'\n[role.keys]\nsource_profile='mine'\n[role.x]\nprofile='default'\n"
        ));
        let told = restrict(&mut project, 1, &[user], false);
        let paths: Vec<String> = told
            .iter()
            .map(|d| d.at.as_ref().unwrap().path.join("."))
            .collect();
        assert_eq!(
            paths,
            [
                "defaults",
                "idp",
                "repo.other",
                "repo.r.endpoint",
                "role.chain.source",
                "role.keys.source_profile",
                "role.mine",
                "role.x"
            ]
        );
        let mut foreign = layer("[role.new]\nidp='corp'\n");
        assert_eq!(restrict(&mut foreign, 1, &[], true).len(), 1);
        assert!(foreign.values.is_empty());
        assert!(project.values.contains_key("role") && !project.values.contains_key("idp"));
        assert!(has(&project, "role", "new") && !has(&project, "role", "mine"));
    }
}
