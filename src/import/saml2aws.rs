//! saml2aws: the accounts of `~/.saml2aws`, and `saml2aws login --credential-process` lines.
//!
//! The file is go-ini's: flat, with `#` and `;` starting a comment anywhere in a line unless the
//! value is quoted, and `[a.b]` taking from `[a]` what it does not say itself.

use std::collections::BTreeMap;

use super::facts::{self, in_query};
use super::found::{Found, From, Idp, Kind, Notes, Place, Role, Text};
use super::options::{self, Known, flag, short_value, value};
use crate::format::ini::Section;
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

type Sections<'a> = BTreeMap<&'a str, &'a Section>;

/// Reads the file.
pub(super) fn accounts(text: &Text, found: &mut Found) -> Vec<Account> {
    let place = |line| Place {
        file: text.file.clone(),
        line,
    };
    let document = match facts::ini(&text.bytes) {
        Ok(document) => document,
        Err((line, why)) => {
            found.leave(&place(line), "the file", why);
            return Vec::new();
        }
    };
    let by_name: Sections<'_> = document
        .sections()
        .iter()
        .map(|s| (s.name.as_str(), s))
        .collect();
    let mut accounts = Vec::new();
    for section in document.sections() {
        let at = place(Some(section.header + 1));
        let what = format!("the account [{}]", section.name);
        let said = |key: &str| said(&by_name, section, key);
        // A section without these is no account, but what others take from.
        if said("url").is_none() && said("provider").is_none() {
            continue;
        }
        let account = found.keep(&at, &what, |notes| {
            Ok(Account {
                name: section.name.clone(),
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
            name: section.name.clone(),
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

/// A key of a section, or of one that its name begins with.
fn said(by_name: &Sections<'_>, section: &Section, key: &str) -> Option<String> {
    let mut name = section.name.as_str();
    loop {
        if let Some(value) = by_name.get(name).and_then(|s| s.get(key)).map(bare)
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
