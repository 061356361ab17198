//! Answers to a commented `fedgit.toml`: what was answered stands, and everything else that could
//! stand there is a comment, right as it is once its `#` is gone.

use toml_edit::{Array, Key, Value};

use super::{Answers, Question};
use crate::config::wire::IdpKind;
use crate::format::shlex;

/// The file. Every question of the answers' kind has been answered.
#[must_use]
pub fn text(answers: &Answers) -> String {
    [
        HEAD.to_owned(),
        defaults(answers),
        SETTINGS.to_owned(),
        idp(answers),
        role(answers),
        more_roles(answers),
        repo(answers),
    ]
    .join("\n")
}

const HEAD: &str = r#"#:schema ./fedgit.schema.json
#
# How you sign in, which AWS roles you use, which CodeCommit repositories you work on.
#
# After a change: fedgit check, fedgit plan, fedgit apply.
# An editor with a TOML language server completes and checks this file by the schema that its first
# line names; what puts it there: fedgit schema > fedgit.schema.json
#
# A password, a code or a key is never part of this file.
"#;

const SETTINGS: &str = r#"# How fedgit itself behaves.
#[settings]
# Where credentials and sessions are kept between runs: "file" (private files), "keyring" (the
# operating system's keychain) or "none" (nowhere).
#store = "file"
# Program and arguments that ask you where there is no terminal: the question is one more argument,
# the first line of output the answer. Where left out: SSH_ASKPASS, or a pinentry with a window.
#askpass = ["ssh-askpass"]
"#;

fn defaults(answers: &Answers) -> String {
    let region = value(answers, Question::Region);
    format!(
        r#"# What every role starts from; any role may override each of these.
[defaults]
# The region of profiles, of STS and of repositories.
region = {region}
# How long credentials are asked for: "1h", "90m" or seconds; 15 minutes to 12 hours, and no longer
# than the role's "maximum session duration" in IAM.
#session_duration = "1h"
"#
    )
}

fn idp(answers: &Answers) -> String {
    let (name, kind) = (key(answers, Question::Name), answers.kind());
    let kinds: Vec<&str> = IdpKind::ALL.into_iter().map(IdpKind::as_str).collect();
    let mut text = format!(
        r#"# Where you sign in.
[idp.{name}]
# {kinds}
kind = "{kind}"
"#,
        kinds = kinds.join(" | "),
        kind = kind.as_str(),
    );
    if Question::Url.is_for(kind) {
        let what = match kind {
            IdpKind::Okta => "The address of the AWS application in Okta.",
            _ => "The address that a browser opens to sign in to AWS.",
        };
        let url = value(answers, Question::Url);
        text += &format!("# {what}\nurl = {url}\n");
    }
    if Question::Command.is_for(kind) {
        let words = answers.get(Question::Command).unwrap_or_default();
        let words = shlex::split(words).unwrap_or_default();
        let words: Array = words.iter().map(String::as_str).collect();
        text += &format!(
            r#"# The program that signs in and prints the base64 SAMLResponse. Started directly, not by a
# shell; FEDGIT_IDP_NAME, FEDGIT_IDP_URL and FEDGIT_IDP_USERNAME tell it what this table says.
command = {words}
#url = "https://signin.example.com/"
"#,
            words = Value::from(words),
        );
    }
    if Question::StartUrl.is_for(kind) {
        text += &format!(
            r#"# The start URL of the access portal.
start_url = {start_url}
# The region of the Identity Center instance.
region = {region}
"#,
            start_url = value(answers, Question::StartUrl),
            region = value(answers, Question::IdpRegion),
        );
    }
    if Question::Username.is_for(kind) {
        let username = match answers.get(Question::Username) {
            Some(username) => format!("username = {}", Value::from(username)),
            None => "#username = \"jane@example.com\"".to_owned(),
        };
        text += &format!(
            r#"# Asked for at each login where left out.
{username}
# A program whose first output line is the password, and one for a one-time code. Started directly,
# not by a shell. Asked for on the terminal where left out.
#password_command = ["pass", "show", "corp"]
#mfa_command = ["ykman", "oath", "code", "-s", "corp"]
"#
        );
    }
    if !matches!(kind, IdpKind::Command | IdpKind::Browser) {
        text += r#"# A PEM file, where a company's own certificate authority is not known to the system. Relative to
# this file.
#ca_bundle = "corp-ca.pem"
"#;
    }
    text
}

fn role(answers: &Answers) -> String {
    let target = if Question::RoleArn.is_for(answers.kind()) {
        format!(
            r#"# The role, as IAM shows it.
arn = {arn}
"#,
            arn = value(answers, Question::RoleArn)
        )
    } else {
        format!(
            r#"# Its account: twelve digits, or the NAME of an [account.NAME].
account = {account}
permission_set = {permission_set}
"#,
            account = value(answers, Question::Account),
            permission_set = value(answers, Question::PermissionSet),
        )
    };
    format!(
        r#"# A role: it becomes a profile of ~/.aws/config.
[role.{role}]
# Whose login gives it.
idp = {idp}
{target}# The profile's name; the role's own name where left out.
#profile = {profile}
# Where they are other ones than those of [defaults].
#region = {region}
{duration}"#,
        // A permission set has one of its own.
        duration = match Question::RoleArn.is_for(answers.kind()) {
            true => "#session_duration = \"1h\"\n",
            false => "",
        },
        role = key(answers, Question::Profile),
        idp = value(answers, Question::Name),
        profile = value(answers, Question::Profile),
        region = value(answers, Question::Region),
    )
}

fn more_roles(answers: &Answers) -> String {
    let idp = value(answers, Question::Name);
    let Some(arn) = answers.get(Question::RoleArn) else {
        return format!(
            r#"# A profile for every account: prod-auditor, 444455556666-auditor.
#[account.prod]
#id = "111122223333"
#[role.auditor]
#idp = {idp}
#permission_set = "Auditor"
#accounts = ["prod", "444455556666"]
"#
        );
    };
    // Of the role's own partition.
    let (prefix, _) = arn.split_once(":iam:").unwrap_or((arn, ""));
    format!(
        r#"# A role that another one's credentials assume (role chaining). STS gives it one hour at most.
#[role.deployer]
#source = {profile}
#arn = "{prefix}:iam::444455556666:role/Deploy"

# A profile for every account and region: prod-auditor, 444455556666-auditor.
#[account.prod]
#id = "111122223333"
#[role.auditor]
#idp = {idp}
#role_name = "Auditor"
#accounts = ["prod", "444455556666"]
#regions = [{region}]
"#,
        profile = value(answers, Question::Profile),
        region = value(answers, Question::Region),
    )
}

fn repo(answers: &Answers) -> String {
    // Without an answer the whole table is an example.
    let (mark, alias, name) = match answers.get(Question::Repo) {
        Some(name) => ("", key(answers, Question::Repo), name),
        None => ("#", "example".to_owned(), "example"),
    };
    format!(
        r#"# A repository in CodeCommit: fedgit clone {name}
{mark}[repo.{alias}]
# Whose credentials sign; "profile" instead of "role" where a role has several.
{mark}role = {role}
# Its name in CodeCommit; the alias where left out.
#name = {quoted}
# The profile's region where left out.
#region = {region}
# A VPC endpoint or another host.
#endpoint = "https://vpce-0a1b2c3d-git.us-east-1.example"
"#,
        role = value(answers, Question::Profile),
        quoted = Value::from(name),
        region = value(answers, Question::Region),
    )
}

/// An answer as a TOML value.
fn value(answers: &Answers, question: Question) -> String {
    Value::from(answers.get(question).unwrap_or_default()).to_string()
}

/// An answer as a TOML key.
fn key(answers: &Answers, question: Question) -> String {
    Key::new(answers.get(question).unwrap_or_default()).to_string()
}

#[cfg(test)]
mod tests;
