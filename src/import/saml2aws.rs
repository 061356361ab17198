//! saml2aws: the accounts of `~/.saml2aws`, and `saml2aws login --credential-process` lines.
//!
//! The file is go-ini's: flat, with `#` and `;` starting a comment anywhere in a line unless the
//! value is quoted, and `[a.b]` taking from `[a]` what it does not say itself.

use std::collections::BTreeMap;

use ini::{Ini, ParseOption};

use super::facts::{self, in_query};
use super::found::{Found, From, Idp, Kind, Notes, Place, Role, Text};
use super::options::{self, Known, flag, short_value, value};
use crate::format::printable::printable;
use crate::model::{RoleArn, SessionDuration, Target};

pub(super) const TOOL: &str = "saml2aws";

/// The `[NAME]` of an account, with what it says.
#[derive(Debug)]
pub(super) struct Account {
    name: String,
    at: Place,
    idp: Option<Idp>,
    arn: Option<RoleArn>,
    profile: String,
    region: Option<String>,
    duration: Option<SessionDuration>,
    /// Whether a `credential_process` line logs in with it.
    used: bool,
}

const KNOWN: &[Known] = &[
    short_value("idp-account", 'a'),
    value("idp-provider"),
    short_value("provider", 'i'),
    value("mfa"),
    Known {
        short: Some('s'),
        ..flag("skip-verify")
    },
    value("url"),
    value("username"),
    value("role"),
    value("aws-urn"),
    flag("skip-prompt"),
    value("session-duration"),
    flag("disable-keychain"),
    short_value("region", 'r'),
    short_value("profile", 'p'),
    value("duo-mfa-option"),
    value("client-id"),
    value("mfa-ip-address"),
    flag("force"),
    flag("credential-process"),
    value("credentials-file"),
    flag("cache-saml"),
    value("cache-file"),
    flag("disable-sessions"),
    flag("disable-remember-device"),
    flag("download-browser-driver"),
    value("config"),
    flag("quiet"),
    flag("verbose"),
];

/// Sections by name, each with its line and its keys. One that stands twice is one, as go-ini has it.
type Sections = BTreeMap<String, (Option<usize>, BTreeMap<String, String>)>;

/// Reads the file.
pub(super) fn accounts(text: &Text, found: &mut Found) -> Vec<Account> {
    let place = |line| Place {
        file: text.file.clone(),
        line,
    };
    let sections = match sections(&text.bytes) {
        Ok(sections) => sections,
        Err((line, why)) => {
            found.leave(&place(line), "the file", why);
            return Vec::new();
        }
    };
    let mut in_order: Vec<_> = sections.iter().collect();
    in_order.sort_by_key(|(_, (line, _))| *line);
    let mut accounts = Vec::new();
    for (name, (line, _)) in in_order {
        let at = place(*line);
        let what = format!("the account [{name}]");
        let said = |key: &str| said(&sections, name, key);
        // A section without these is no account, but what others take from.
        if said("url").is_none() && said("provider").is_none() {
            continue;
        }
        let account = found.keep(&at, &what, |notes| {
            Ok(Account {
                name: name.clone(),
                at: at.clone(),
                idp: Some(idp(&said, &at, notes)?),
                arn: role(&said, notes),
                profile: said("aws_profile").unwrap_or_else(|| "saml".to_owned()),
                region: said("region"),
                duration: facts::duration(
                    said("aws_session_duration").as_deref(),
                    facts::LOGIN_MOST,
                    notes,
                ),
                used: false,
            })
        });
        // Kept without its identity provider, a line that names it can say why it is left out.
        accounts.push(account.unwrap_or_else(|| Account {
            name: name.clone(),
            at,
            idp: None,
            arn: None,
            profile: String::new(),
            region: None,
            duration: None,
            used: true,
        }));
    }
    accounts
}

/// The file's sections, or the line and why it has none.
fn sections(bytes: &[u8]) -> Result<Sections, (Option<usize>, String)> {
    let text = facts::utf8(bytes)?;
    // go-ini takes a comment behind a header, the reader here does not.
    let header = |line: &'_ str| match line.trim_start() {
        header if header.starts_with('[') => header.split_inclusive(']').next().map(str::to_owned),
        _ => None,
    };
    let lines = || text.lines().map(|line| (header(line), line));
    let plain: String = lines()
        .map(|(header, line)| format!("{}\n", header.as_deref().unwrap_or(line)))
        .collect();
    // Quotes and comments behind a value are seen to by `bare`, and a backslash is a domain's.
    let options = ParseOption {
        enabled_quote: false,
        enabled_escape: false,
        ..ParseOption::default()
    };
    let read = Ini::load_from_str_opt(&plain, options).map_err(|e| {
        let why = format!("the file cannot be read: {}", printable(&e.msg, 200));
        (Some(e.line + 1), why)
    })?;
    let mut sections = Sections::new();
    for (name, keys) in read.iter() {
        // What stands before the first header is no account's to saml2aws.
        let Some(name) = name else { continue };
        let line = lines().position(|(header, _)| header.as_deref() == Some(&format!("[{name}]")));
        let section = sections
            .entry(name.to_owned())
            .or_insert((line.map(|line| line + 1), BTreeMap::new()));
        let keys = keys
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        section.1.extend(keys);
    }
    Ok(sections)
}

/// A key of a section, or of one that its name begins with.
fn said(sections: &Sections, section: &str, key: &str) -> Option<String> {
    let mut name = section;
    loop {
        let value = sections.get(name).and_then(|(_, keys)| keys.get(key));
        if let Some(value) = value.map(|value| bare(value))
            && !value.is_empty()
        {
            return Some(value);
        }
        name = name.rsplit_once('.')?.0;
    }
}

/// A value without its quotes, or without the comment behind it.
fn bare(value: &str) -> String {
    for quote in ["\"\"\"", "`", "\"", "'"] {
        if let Some(rest) = value.strip_prefix(quote)
            && let Some((inner, _)) = rest.split_once(quote)
        {
            return inner.to_owned();
        }
    }
    let end = value.find(['#', ';']).unwrap_or(value.len());
    value.get(..end).unwrap_or_default().trim().to_owned()
}

fn role(said: &impl Fn(&str) -> Option<String>, notes: &mut Notes) -> Option<RoleArn> {
    match facts::arn(&said("role_arn")?) {
        Ok(arn) => Some(arn),
        Err(why) => {
            notes.part("role_arn", why);
            None
        }
    }
}

fn idp(
    said: &impl Fn(&str) -> Option<String>,
    at: &Place,
    notes: &mut Notes,
) -> Result<Idp, String> {
    let provider = said("provider").ok_or("it has no provider")?;
    let url = said("url").ok_or("it has no url")?;
    let urn = said("aws_urn").unwrap_or_else(|| "urn:amazon:webservices".to_owned());
    let below = |path: &str| format!("{}{path}{}", url.trim_end_matches('/'), in_query(&urn));
    let mut at_url = |text: &str| facts::url(text, notes);
    // The addresses are those that saml2aws itself makes.
    let kind = match provider.to_ascii_lowercase().as_str() {
        "adfs" => Kind::Adfs(at_url(&facts::adfs_page(&url, &urn))?),
        "okta" => Kind::Okta(at_url(&url)?),
        "keycloak" => Kind::Saml(at_url(&url)?),
        "ping" => Kind::Saml(at_url(&below("/idp/startSSO.ping?PartnerSpId="))?),
        "shibboleth" => Kind::Saml(at_url(&below(
            "/idp/profile/SAML2/Unsolicited/SSO?providerId=",
        ))?),
        "browser" => Kind::Browser(at_url(&url)?),
        "adfs2" => {
            return Err("ADFS2 signs in by Windows authentication, and fedgit by forms".to_owned());
        }
        _ => return Err("fedgit has no way to sign in to its provider".to_owned()),
    };
    if said("skip_verify").is_some_and(|value| value == "true") {
        notes.part(
            "skip_verify = true",
            "fedgit always checks certificates; name your company's CA with ca_bundle",
        );
    }
    if said("mfa").is_some_and(|mfa| !mfa.eq_ignore_ascii_case("auto")) {
        notes.part("mfa", "this version of fedgit does no second factor");
    }
    Ok(Idp {
        kind,
        username: facts::username(said("username").as_deref(), notes),
        ca_bundle: None,
        name: None,
        section: None,
        at: at.clone(),
        tool: TOOL,
    })
}

/// What a `credential_process` line of saml2aws says.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) from: From,
    pub(super) arn: RoleArn,
    pub(super) duration: Option<SessionDuration>,
    pub(super) region: Option<String>,
}

/// Reads a command line that starts from one of the accounts.
pub(super) fn command(
    words: &[String],
    accounts: &mut [Account],
    notes: &mut Notes,
) -> Result<Login, String> {
    let options = options::read(words, KNOWN)?;
    if options.rest.first().map(String::as_str) != Some("login") {
        return Err("its command line is not saml2aws login".to_owned());
    }
    for other in ["url", "idp-provider", "aws-urn", "config"] {
        if options.has(other) {
            return Err(format!("its command line changes the account by --{other}"));
        }
    }
    let name = options.get("idp-account").unwrap_or("default");
    let account = accounts
        .iter_mut()
        .find(|account| account.name == name)
        .ok_or_else(|| format!("~/.saml2aws has no account [{name}]"))?;
    let mut idp = account
        .idp
        .clone()
        .ok_or_else(|| format!("its account [{name}] is not carried over"))?;
    let arn = match options.get("role") {
        Some(role) => facts::arn(role)?,
        None => account
            .arn
            .clone()
            .ok_or("neither its command line nor its account names a role")?,
    };
    account.used = true;
    if let Some(username) = options.get("username") {
        idp.username = facts::username(Some(username), notes);
    }
    if options.has("skip-verify") {
        notes.part("--skip-verify", "fedgit always checks certificates");
    }
    let own = facts::duration(options.get("session-duration"), facts::LOGIN_MOST, notes);
    let region = options.get("region").map(str::to_owned);
    Ok(Login {
        from: From::Idp(Box::new(idp)),
        arn,
        duration: own.or(account.duration),
        region: region.or_else(|| account.region.clone()),
    })
}

/// The roles of the accounts. saml2aws asks for the role where an account names none, and writes
/// keys into a profile that another account may use too.
pub(super) fn roles(accounts: &[Account], found: &mut Found) {
    for account in accounts {
        let Some(idp) = &account.idp else { continue };
        let what = format!("the account [{}]", account.name);
        let Some(arn) = &account.arn else {
            found.idps.push(idp.clone());
            if !account.used {
                let role = format!("a role of {what}");
                found.leave(
                    &account.at,
                    role,
                    "it names no role_arn, and saml2aws asks; add a [role] table",
                );
            }
            continue;
        };
        let role = found.keep(&account.at, &what, |notes| {
            Ok(Role {
                profile: facts::profile(&account.profile)?,
                from: From::Idp(Box::new(idp.clone())),
                target: Target::Role(arn.clone()),
                account_name: None,
                region: facts::region(account.region.as_deref(), Some(arn), notes),
                duration: account.duration,
                external_id: None,
                session_name: None,
                extras: Vec::new(),
                section: None,
                at: account.at.clone(),
                tool: TOOL,
            })
        });
        found.tool_roles.extend(role);
    }
}

#[cfg(test)]
#[path = "saml2aws/tests.rs"]
mod tests;
