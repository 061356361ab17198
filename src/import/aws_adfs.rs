//! aws-adfs: its `adfs_config.*` keys in a profile, and its command line in `credential_process`.
//! The command line comes before the keys.

use super::facts::{self, said};
use super::found::{From, Idp, Kind, Notes, Place};
use super::options::{self, Known, Options, flag, short_value, value};
use crate::format::ini::Section;
use crate::model::{RoleArn, SessionDuration};

pub(super) const TOOL: &str = "aws-adfs";

/// What its keys begin with.
pub(super) const PREFIX: &str = "adfs_config.";

const KNOWN: &[Known] = &[
    value("profile"),
    value("region"),
    flag("ssl-verification"),
    flag("no-ssl-verification"),
    value("adfs-ca-bundle"),
    value("adfs-host"),
    value("output-format"),
    value("provider-id"),
    value("s3-signature-version"),
    value("username-password-command"),
    flag("env"),
    flag("stdin"),
    value("authfile"),
    flag("stdout"),
    flag("printenv"),
    flag("print-console-signin-url"),
    value("console-role-arn"),
    value("console-external-id"),
    value("role-arn"),
    value("session-duration"),
    flag("no-session-cache"),
    value("assertfile"),
    flag("sspi"),
    flag("no-sspi"),
    flag("u2f-trigger-default"),
    flag("no-u2f-trigger-default"),
    value("duo-factor"),
    value("duo-device"),
    flag("aad-verification-code"),
    flag("enforce-role-arn"),
    Known {
        short: Some('v'),
        ..flag("verbose")
    },
    short_value("config", 'c'),
];

/// What a login by aws-adfs says.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) from: From,
    pub(super) arn: Option<RoleArn>,
    pub(super) duration: Option<SessionDuration>,
    /// `--region`.
    pub(super) region: Option<String>,
}

/// Reads the keys of a profile.
pub(super) fn keys(section: &Section, at: &Place, notes: &mut Notes) -> Result<Login, String> {
    login(&Options::default(), Some(section), at, notes)
}

/// Reads a command line; `profile` finds the section whose keys it starts from.
pub(super) fn command<'s>(
    words: &[String],
    profile: impl FnOnce(&str) -> Option<&'s Section>,
    at: &Place,
    notes: &mut Notes,
) -> Result<Login, String> {
    let options = options::read(words, KNOWN)?;
    if options.rest.first().map(String::as_str) != Some("login") {
        return Err("its command line is not aws-adfs login".to_owned());
    }
    let base = profile(options.get("profile").unwrap_or("default"));
    login(&options, base, at, notes)
}

fn login(
    options: &Options,
    section: Option<&Section>,
    at: &Place,
    notes: &mut Notes,
) -> Result<Login, String> {
    let of_both = |option: &str, key: &str| {
        said(options.get(option))
            .or_else(|| said(section.and_then(|s| s.get(&format!("{PREFIX}{key}")))))
    };
    let host = of_both("adfs-host", "adfs_host").ok_or("it names no AD FS host")?;
    if host.contains(['/', '@', '?', '#', '\\']) {
        return Err("its adfs_host is more than a host".to_owned());
    }
    let relying_party = of_both("provider-id", "provider_id").unwrap_or("urn:amazon:webservices");
    let url = facts::adfs_page(&format!("https://{host}"), relying_party);
    let switch = |on: &str, off: &str, key: &str| match (options.has(on), options.has(off)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => said(section.and_then(|s| s.get(&format!("{PREFIX}{key}")))).map(|v| v == "True"),
    };
    if switch(
        "ssl-verification",
        "no-ssl-verification",
        "ssl_verification",
    ) == Some(false)
    {
        notes.part(
            "ssl_verification = False",
            "fedgit always checks certificates; name your company's CA with ca_bundle",
        );
    }
    if switch("sspi", "no-sspi", "sspi") == Some(true) {
        notes.part(
            "sspi = True",
            "fedgit signs in by AD FS's forms, with a password",
        );
    }
    // Both are shell commands or files that give the password in another shape than fedgit's.
    if of_both("username-password-command", "username_password_command").is_some() {
        notes.part(
            "username_password_command",
            "it is a shell command that prints JSON; set password_command in the [idp] table",
        );
    }
    if options.has("authfile") {
        notes.part(
            "--authfile",
            "it names a file with a password; set password_command in the [idp] table",
        );
    }
    for (option, key) in [("duo-factor", "duo_factor"), ("duo-device", "duo_device")] {
        if of_both(option, key).is_some() {
            notes.part(key, "this version of fedgit does no second factor");
        }
    }
    let idp = Idp {
        kind: Kind::Adfs(facts::url(&url, notes)?),
        username: facts::username(
            said(section.and_then(|s| s.get("adfs_config.adfs_user"))),
            notes,
        ),
        ca_bundle: facts::ca_bundle(of_both("adfs-ca-bundle", "adfs_ca_bundle"), notes),
        name: None,
        section: None,
        at: at.clone(),
        tool: TOOL,
    };
    Ok(Login {
        from: From::Idp(Box::new(idp)),
        arn: of_both("role-arn", "role_arn")
            .map(facts::arn)
            .transpose()?,
        duration: facts::duration(
            of_both("session-duration", "session_duration"),
            facts::LOGIN_MOST,
            notes,
        ),
        region: options.get("region").map(str::to_owned),
    })
}
