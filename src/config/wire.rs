//! `fedgit.toml` as it is written: every key optional, every value still text. The doc comments
//! here are the descriptions of the JSON Schema, and so what an editor shows.

mod aws;
mod one_or_more;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use aws::{AwsKeys, AwsText, AwsValue, SOURCES};
pub use one_or_more::{Program, Wishes};

/// The declaration of identity providers, accounts, roles and repositories that `fedgit apply`
/// turns into the profiles of `~/.aws/config`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "fedgit.toml")]
pub struct File {
    /// What every role starts from; any role may override each of these.
    #[serde(default)]
    pub defaults: Defaults,
    /// How fedgit itself behaves, whatever the identity provider.
    #[serde(default)]
    pub settings: Settings,
    /// Identity providers by name: where people sign in.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": NAME }))]
    pub idp: BTreeMap<String, Idp>,
    /// AWS accounts by name, for roles that name them.
    #[serde(default)]
    pub account: BTreeMap<String, Account>,
    /// Roles by name: each becomes one profile, or one for every account and region.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": NAME }))]
    pub role: BTreeMap<String, Role>,
    /// CodeCommit repositories by alias, for `fedgit clone ALIAS`.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": NAME }))]
    pub repo: BTreeMap<String, Repo>,
}

/// What every role starts from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// The region of profiles, of STS and of repositories.
    #[schemars(regex(pattern = REGION), example = "us-east-1")]
    pub region: Option<String>,
    /// How long credentials are asked for: "1h", "90m", "1h30m" or seconds, 15 minutes to 12 hours.
    #[schemars(extend("default" = "1h"))]
    pub session_duration: Option<Duration>,
    /// Further keys for every profile: see the same table of a role.
    pub aws: Option<AwsKeys>,
}

/// How fedgit itself behaves, whatever the identity provider.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Program and arguments that ask the person where there is no terminal: the question is one more
    /// argument, the first line of output the answer. Never run through a shell.
    pub askpass: Option<Program>,
    /// Where credentials and sessions of identity providers are kept between runs.
    #[schemars(extend("default" = "file"))]
    pub store: Option<Store>,
    /// The browser: program and first arguments. It opens the pages that fedgit sends you to, whose
    /// address is its last argument; the system's own choice does where left out. For identity
    /// providers of kind browser it has to be of Chrome's family; the first of Chrome, Edge, Chromium
    /// and Brave that is installed, where left out.
    pub browser: Option<Program>,
    /// How many seconds a person may take to sign in in it.
    #[schemars(range(min = 5, max = 900), extend("default" = 240))]
    pub browser_seconds: Option<u64>,
}

/// Where credentials and sessions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Store {
    /// In private files of fedgit's cache folder. The default, and the fastest.
    File,
    /// In the operating system's keychain: the Secret Service, the macOS Keychain or the Windows
    /// Credential Manager.
    Keyring,
    /// Nowhere: every process logs in anew.
    None,
}

/// The sort of identity provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IdpKind {
    /// Active Directory Federation Services, by its sign-in forms.
    Adfs,
    /// Okta.
    Okta,
    /// AWS IAM Identity Center.
    IdentityCenter,
    /// Any SAML identity provider with sign-in forms.
    Saml,
    /// Any SAML identity provider, in the user's browser.
    Browser,
    /// A program that prints the SAML response.
    Command,
}

impl IdpKind {
    /// Every kind, in the order in which a person is told of them.
    pub const ALL: [Self; 6] = [
        Self::Adfs,
        Self::Okta,
        Self::IdentityCenter,
        Self::Saml,
        Self::Browser,
        Self::Command,
    ];

    /// As the file spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adfs => "adfs",
            Self::Okta => "okta",
            Self::IdentityCenter => "identity-center",
            Self::Saml => "saml",
            Self::Browser => "browser",
            Self::Command => "command",
        }
    }
}

/// An identity provider. A password, a code or a key is never a key of this file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Idp {
    /// The sort of identity provider.
    pub kind: Option<IdpKind>,
    /// The sign-on page (adfs, saml, browser) or the address of the AWS application (okta).
    #[schemars(regex(pattern = URL))]
    pub url: Option<String>,
    /// The user name; asked for where it is left out.
    pub username: Option<String>,
    /// Program and arguments whose first output line is the password; never run through a shell.
    #[schemars(length(min = 1))]
    pub password_command: Option<Vec<String>>,
    /// Program and arguments whose first output line is the one-time code; never run through a
    /// shell.
    #[schemars(length(min = 1))]
    pub mfa_command: Option<Vec<String>>,
    /// PEM file of the certificate authorities to trust for this identity provider instead of the
    /// system's; relative to this file.
    pub ca_bundle: Option<String>,
    /// Hosts beside the address's own that may be given the password or a code, where the identity
    /// provider signs in at another place.
    #[schemars(inner(regex(pattern = HOST)))]
    pub allow_hosts: Option<Vec<String>>,
    /// The second factor to use where several are offered: its name, or a part of what the page calls
    /// it; asked for once where left out. A list where there is more to choose: each chooses where it
    /// fits.
    pub mfa: Option<Wishes>,
    /// adfs, saml, browser: send a SAML request to the address (SP-initiated), for an identity
    /// provider that does not start by itself.
    pub sp_initiated: Option<bool>,
    /// okta: the client id of a native OpenID Connect application, for a login by device code.
    pub client_id: Option<String>,
    /// okta: the id of the AWS application, for the same.
    pub app_id: Option<String>,
    /// saml: the name of the field for the user name, where it cannot be told.
    pub username_field: Option<String>,
    /// saml: the name of the field for the password, where it cannot be told.
    pub password_field: Option<String>,
    /// saml: the name of the field for the one-time code, where it cannot be told.
    pub code_field: Option<String>,
    /// saml: the id or name of the sign-in form, where it cannot be told.
    pub form: Option<String>,
    /// command: program and arguments that print the base64 SAML response; never run through a shell.
    #[schemars(length(min = 1))]
    pub command: Option<Vec<String>>,
    /// identity-center: the start URL of the access portal.
    #[schemars(regex(pattern = URL))]
    pub start_url: Option<String>,
    /// identity-center: the region of the Identity Center instance.
    #[schemars(regex(pattern = REGION))]
    pub region: Option<String>,
    /// identity-center: how one signs in to it.
    pub sign_in: Option<SignInForm>,
    /// identity-center: how its profiles are written.
    pub profiles: Option<ProfileForm>,
}

/// How one signs in to IAM Identity Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignInForm {
    /// In a browser, where one can be opened in front of you; else by a code. The default.
    Browser,
    /// By a code that is typed on any device.
    DeviceCode,
}

/// How the profiles of an identity provider are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileForm {
    /// With a `credential_process` line: any tool gets its credentials from fedgit. The default.
    Process,
    /// With `sso_session`, which the AWS CLI and the SDKs understand by themselves, and which
    /// `aws sso login` logs in to as well.
    Native,
}

/// An AWS account.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The twelve digits, in quotes so that leading zeros stay.
    #[schemars(regex(pattern = r"^[0-9]{12}$"), required)]
    pub id: Option<String>,
}

/// A role. Its credentials come from `idp` (a login), from `source` (another role's credentials) or
/// from `source_profile` (a profile of your own); it is named by `arn`, by `role_name` with `accounts`, or by `permission_set` with an account.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("not" = never_together(&[
    &["idp", "source"],
    &["idp", "source_profile"],
    &["source", "source_profile"],
    &["idp", "mfa_serial"],
    &["source", "mfa_serial"],
    &["arn", "role_name"],
    &["arn", "permission_set"],
    &["policy", "permission_set"],
    &["policy_arns", "permission_set"],
    &["role_name", "permission_set"],
    &["arn", "account"],
    &["arn", "accounts"],
    &["account", "accounts"],
    &["region", "regions"],
])))]
pub struct Role {
    /// The identity provider whose login gives the role.
    pub idp: Option<String>,
    /// The role whose credentials assume this one (role chaining).
    pub source: Option<String>,
    /// A profile of your own in `~/.aws/config` or `~/.aws/credentials` whose credentials assume
    /// this role: an IAM user's keys, a `credential_process`, IAM Identity Center, or a role of such a
    /// profile.
    #[schemars(regex(pattern = NAME))]
    pub source_profile: Option<String>,
    /// source_profile: the MFA device of its IAM user, as arn:aws:iam::111122223333:mfa/jane; fedgit
    /// then asks for the code.
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=/:,.@-]{9,256}$"))]
    pub mfa_serial: Option<String>,
    /// The role's ARN.
    #[schemars(regex(pattern = ROLE_ARN))]
    pub arn: Option<String>,
    /// The role's name, where `account` or `accounts` say where it is.
    pub role_name: Option<String>,
    /// identity-center: the permission set.
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@-]{1,64}$"))]
    pub permission_set: Option<String>,
    /// The account: an `[account.NAME]`, or twelve digits.
    pub account: Option<String>,
    /// Several accounts: a profile for each. With permission_set also "*": every account that offers it,
    /// as fedgit roles last saw it.
    pub accounts: Option<Accounts>,
    /// The region, where it is not the default one.
    #[schemars(regex(pattern = REGION))]
    pub region: Option<String>,
    /// Several regions: a profile for each.
    #[schemars(length(min = 1), inner(regex(pattern = REGION)))]
    pub regions: Option<Vec<String>>,
    /// The profile's name in `~/.aws/config`; may hold {role}, {account} and {region}. The role's
    /// own name where left out; for several accounts or regions, {account}-{role}-{region} without
    /// what does not vary.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_/.%@:+{}-]+$"))]
    pub profile: Option<String>,
    /// How long credentials are asked for: "1h", "90m", "1h30m" or seconds, 15 minutes to 12 hours
    /// (a role with source: 1 hour at most). A permission set has its own.
    pub session_duration: Option<Duration>,
    /// With source or source_profile: what its owner asks of whoever assumes it.
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@:/-]{2,1224}$"))]
    pub external_id: Option<String>,
    /// With source or source_profile: the session's name in AWS's logs; fedgit- and the profile's name where left
    /// out.
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@-]{2,64}$"))]
    pub session_name: Option<String>,
    /// With source or source_profile: who is behind the session, through every further role.
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@-]{2,64}$"))]
    pub source_identity: Option<String>,
    /// With source or source_profile: session tags.
    pub session_tags: Option<BTreeMap<String, String>>,
    /// With source or source_profile: those of its session tags that go on to further roles.
    pub transitive_tags: Option<Vec<String>>,
    /// A session policy, as JSON: the session may do what both it and the role allow. Not with a
    /// permission set, nor are policy_arns: nothing limits its session.
    pub policy: Option<String>,
    /// ARNs of managed policies that limit the session in the same way.
    #[schemars(inner(regex(pattern = "^arn:aws[a-z-]*:iam::[0-9a-z]*:policy/[!-~]+$")))]
    pub policy_arns: Option<Vec<String>>,
    /// Further keys of its profiles, as they shall stand in `~/.aws/config`: output,
    /// sts_regional_endpoints, or a nested table such as s3. Where the credentials come from is not
    /// one of them.
    pub aws: Option<AwsKeys>,
}

/// A CodeCommit repository.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("not" = never_together(&[&["role", "profile"], &["name", "names"]])))]
pub struct Repo {
    /// The role whose credentials sign its requests.
    pub role: Option<String>,
    /// The profile whose credentials sign its requests, where the role has several.
    #[schemars(regex(pattern = NAME))]
    pub profile: Option<String>,
    /// Its name in CodeCommit; the alias where left out.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]{1,100}$"))]
    pub name: Option<String>,
    /// Instead of name: all repositories whose names fit one of these patterns (`*` stands for any
    /// characters, `?` for one). Which there are is asked of CodeCommit where it matters.
    #[schemars(length(min = 1), inner(regex(pattern = "^[A-Za-z0-9._*?-]{1,100}$")))]
    pub names: Option<Vec<String>>,
    /// Its region; the profile's where left out.
    #[schemars(regex(pattern = REGION))]
    pub region: Option<String>,
    /// A VPC endpoint or another host, as https URL.
    #[schemars(regex(pattern = URL))]
    pub endpoint: Option<String>,
}

// Patterns keep to what ECMA 262, Python and Rust understand alike; each admits all that the check
// admits. An editor shows them, so they are no stricter than they can be read.

const REGION: &str = "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$";
const HOST: &str = r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$";
const NAME: &str = "^[A-Za-z0-9_/.%@:+][A-Za-z0-9_/.%@:+-]*$";
const ROLE_ARN: &str =
    "^arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::[0-9]{12}:role/([!-~]*/)?[A-Za-z0-9_+=,.@-]{1,64}$";
/// `https`, or `http` on this machine; no user name or password.
const URL: &str =
    r"^(https://[^/?#@ ]+|http://(127[.][0-9.]+|localhost|\[::1\])(:[0-9]+)?)([/?#]|$)";

/// Keys of one table that exclude each other, for the schema.
fn never_together(pairs: &[&[&str; 2]]) -> serde_json::Value {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|pair| serde_json::json!({ "required": pair }))
        .collect();
    serde_json::json!({ "anyOf": pairs })
}

/// A list of accounts, or every one that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accounts {
    /// `"*"`
    All,
    /// Names or ids.
    These(Vec<String>),
}

impl<'de> Deserialize<'de> for Accounts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrAll;
        impl<'de> serde::de::Visitor<'de> for ListOrAll {
            type Value = Accounts;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of accounts, or \"*\"")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Accounts, E> {
                match text {
                    "*" => Ok(Accounts::All),
                    other => Err(E::invalid_type(serde::de::Unexpected::Str(other), &self)),
                }
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<Accounts, A::Error> {
                let mut list = Vec::new();
                while let Some(account) = seq.next_element()? {
                    list.push(account);
                }
                Ok(Accounts::These(list))
            }
        }
        deserializer.deserialize_any(ListOrAll)
    }
}

impl JsonSchema for Accounts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Accounts".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "oneOf": [
                { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                { "const": "*" }
            ]
        })
    }
}

/// A length of time: text or a number of seconds, kept as text until it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration(pub String);

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrSeconds;
        impl serde::de::Visitor<'_> for TextOrSeconds {
            type Value = Duration;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a duration like \"1h\" or a number of seconds")
            }
            fn visit_str<E>(self, text: &str) -> Result<Duration, E> {
                Ok(Duration(text.to_owned()))
            }
            fn visit_i64<E>(self, seconds: i64) -> Result<Duration, E> {
                Ok(Duration(seconds.to_string()))
            }
            fn visit_u64<E>(self, seconds: u64) -> Result<Duration, E> {
                Ok(Duration(seconds.to_string()))
            }
        }
        deserializer.deserialize_any(TextOrSeconds)
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "oneOf": [
                { "type": "string", "pattern": "^(([0-9]+h)?([0-9]+m)?([0-9]+s)?|[0-9]+)$", "minLength": 1 },
                { "type": "integer", "minimum": 900, "maximum": 43200 }
            ],
            "examples": ["1h", "90m", 3600]
        })
    }
}
