//! `~/.aws/config`: which tool each profile gets its credentials from, and what else it says.

use std::collections::HashMap;

use super::found::{Found, From, Notes, Place, Role, Settings, Text};
use super::saml2aws::Account;
use super::{aws_adfs, awsprocesscreds, chain, extras, facts, options, saml2aws, sso};
use crate::format::ini::{Document, Section, Subject};
use crate::model::{MARKER, ProfileName, RoleArn, SessionDuration, Target};

/// Reads the file.
pub(super) fn read(text: &Text, accounts: &mut [Account], found: &mut Found) {
    let place = |line| Place {
        file: text.file.clone(),
        line,
    };
    let document = match facts::ini(&text.bytes) {
        Ok(document) => document,
        Err((line, why)) => return found.leave(&place(line), "the file", why),
    };
    let of = |section: &Section| place(Some(section.header + 1));
    let sessions = sso::sessions(&document, of, found);
    found.idps.extend(sso::idps(&sessions));
    let mut times: HashMap<&Subject, usize> = HashMap::new();
    for subject in document.sections().iter().flat_map(Section::subjects) {
        *times.entry(subject).or_default() += 1;
    }
    for section in document.sections() {
        let (at, what) = (of(section), format!("[{}]", section.name));
        if section.is_python_default() && !section.entries.is_empty() {
            let why = "Python tools add its keys to every profile; fedgit writes a profile's own";
            found.leave(&at, &what, why);
            continue;
        }
        let subject = match section.subjects() {
            [] => {
                if section.name.trim().starts_with("profile") {
                    found.leave(&at, &what, "no AWS tool reads this header as a profile");
                }
                continue;
            }
            [subject @ Subject::Profile(_)] => subject,
            [Subject::SsoSession(_)] => continue,
            _ => {
                let why = "the AWS tools do not agree on the name of this profile";
                found.leave(&at, &what, why);
                continue;
            }
        };
        let name = found.keep(&at, &what, |_| facts::profile(subject.name()));
        let Some(name) = name else { continue };
        // Looked for only where it is needed: there may be a hundred thousand profiles.
        if times.get(subject).is_some_and(|times| *times > 1)
            && let Some(read) = document.profile(subject.name())
            && read.header != section.header
        {
            let why = format!(
                "the AWS tools read the profile {name} in line {}, and nothing of this one",
                read.header + 1
            );
            found.leave(&at, &what, why);
            continue;
        }
        let source = source(section);
        if source.is_none() {
            found.settings.push(settings(&name, section, &at));
            continue;
        }
        found.taken.push(name.clone());
        let role = found.keep(&at, &what, |notes| {
            let mut reader = Reader {
                document: &document,
                sessions: &sessions,
                accounts: &mut *accounts,
                section,
                at: &at,
            };
            reader.role(&name, source, notes)
        });
        found.roles.extend(role);
    }
}

/// Where a profile's credentials come from, in the order in which botocore looks. aws-adfs's keys
/// come before a `credential_process`, since what it writes into `~/.aws/credentials` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Ours,
    Role,
    WebIdentity,
    IdentityCenter,
    Console,
    AwsAdfs,
    Process,
    Keys,
}

fn source(section: &Section) -> Option<Source> {
    let has = |key: &str| section.get(key).is_some();
    Some(if has(MARKER) {
        Source::Ours
    } else if has("web_identity_token_file") {
        Source::WebIdentity
    } else if has("role_arn") {
        Source::Role
    } else if sso::is_profile(section) {
        Source::IdentityCenter
    } else if has("login_session") {
        Source::Console
    } else if section
        .entries
        .iter()
        .any(|e| e.key.starts_with(aws_adfs::PREFIX))
        && section
            .get("credential_process")
            .is_none_or(|line| !line.contains(aws_adfs::TOOL))
    {
        Source::AwsAdfs
    } else if has("credential_process") {
        Source::Process
    } else if has("aws_access_key_id") {
        Source::Keys
    } else {
        return None;
    })
}

/// What one profile says: where from, what, how long, and a region of the tool's own.
struct Said {
    from: From,
    target: Target,
    duration: Option<SessionDuration>,
    region: Option<String>,
    tool: &'static str,
}

struct Reader<'a> {
    document: &'a Document,
    sessions: &'a [sso::Session],
    accounts: &'a mut [Account],
    section: &'a Section,
    at: &'a Place,
}

impl Reader<'_> {
    fn role(
        &mut self,
        name: &ProfileName,
        source: Option<Source>,
        notes: &mut Notes,
    ) -> Result<Role, String> {
        let said = self.said(name, source, notes)?;
        let arn = match &said.target {
            Target::Role(arn) => Some(arn.clone()),
            Target::PermissionSet { .. } => None,
        };
        let region = self.section.get("region").or(said.region.as_deref());
        let account_name = self.section.get("sso_account_name").map(str::to_owned);
        let chained = |key: &str| {
            let value = self.section.get(key).map(str::to_owned);
            value.filter(|_| matches!(said.from, From::Profile(_)))
        };
        let (external_id, session_name) = (chained("external_id"), chained("role_session_name"));
        Ok(Role {
            profile: name.clone(),
            from: said.from,
            region: facts::region(region, arn.as_ref(), notes),
            target: said.target,
            account_name,
            duration: said.duration,
            external_id,
            session_name,
            extras: extras::of(self.section, notes),
            section: Some(self.section.name.clone()),
            at: self.at.clone(),
            tool: said.tool,
        })
    }

    fn said(
        &mut self,
        name: &ProfileName,
        source: Option<Source>,
        notes: &mut Notes,
    ) -> Result<Said, String> {
        let (section, at) = (self.section, self.at);
        match source {
            Some(Source::Role) => {
                let (from, arn, duration) = chain::profile(name, section, notes)?;
                Ok(of_role(from, arn, duration, None, chain::TOOL))
            }
            Some(Source::IdentityCenter) => {
                let (from, target) = sso::profile(section, self.sessions, at, notes)?;
                Ok(Said {
                    from,
                    target,
                    duration: None,
                    region: None,
                    tool: sso::TOOL,
                })
            }
            Some(Source::AwsAdfs) => adfs(aws_adfs::keys(section, at, notes)?),
            Some(Source::Process) => self.process(notes),
            Some(Source::Ours) => Err("fedgit wrote it".to_owned()),
            Some(Source::WebIdentity) => {
                Err("its credentials come from a web identity token, not from a person".to_owned())
            }
            Some(Source::Console) => {
                Err("its credentials come from aws login, which fedgit does not do".to_owned())
            }
            Some(Source::Keys) => Err("it holds keys, and fedgit.toml holds no secret".to_owned()),
            None => Err("it has no credentials of its own".to_owned()),
        }
    }

    fn process(&mut self, notes: &mut Notes) -> Result<Said, String> {
        let line = self.section.get("credential_process").unwrap_or_default();
        let words = options::words(line)?;
        match options::program(&words).as_str() {
            awsprocesscreds::TOOL => {
                let (from, arn) = awsprocesscreds::command(&words, self.at, notes)?;
                Ok(of_role(from, arn, None, None, awsprocesscreds::TOOL))
            }
            saml2aws::TOOL => {
                let login = saml2aws::command(&words, self.accounts, notes)?;
                let (region, tool) = (login.region, saml2aws::TOOL);
                Ok(of_role(login.from, login.arn, login.duration, region, tool))
            }
            aws_adfs::TOOL => {
                let profile = |name: &str| self.document.profile(name);
                adfs(aws_adfs::command(&words, profile, self.at, notes)?)
            }
            // Its arguments may hold a secret.
            other => Err(format!(
                "its credential_process runs {other}, which fedgit does not know"
            )),
        }
    }
}

fn adfs(login: aws_adfs::Login) -> Result<Said, String> {
    let arn = login
        .arn
        .ok_or("it names no role_arn, and aws-adfs asks; add a [role] table")?;
    let (region, tool) = (login.region, aws_adfs::TOOL);
    Ok(of_role(login.from, arn, login.duration, region, tool))
}

fn of_role(
    from: From,
    arn: RoleArn,
    duration: Option<SessionDuration>,
    region: Option<String>,
    tool: &'static str,
) -> Said {
    Said {
        from,
        target: Target::Role(arn),
        duration,
        region,
        tool,
    }
}

fn settings(name: &ProfileName, section: &Section, at: &Place) -> Settings {
    let mut found = Found::default();
    let what = format!("[{}]", section.name);
    let extras = found.keep(at, &what, |notes| Ok(extras::of(section, notes)));
    Settings {
        profile: name.clone(),
        region: section.get("region").map(str::to_owned),
        extras: extras.unwrap_or_default(),
        section: section.name.clone(),
        at: at.clone(),
        left_out: found.left_out,
    }
}

#[cfg(test)]
#[path = "aws/tests.rs"]
mod tests;
