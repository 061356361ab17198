//! What a World does: data, chosen by name and refined by builder methods.

use crate::okta::{Engine, Setup};

/// How a World behaves. Each constructor names the one thing that differs from [`Scenario::adfs`].
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) sign_in: SignIn,
    pub(crate) issues: Issues,
    pub(crate) sts: StsMood,
    /// Role ARN and provider ARN.
    pub(crate) roles: Vec<(String, String)>,
    /// Account and alias.
    pub(crate) aliases: Vec<(String, String)>,
    /// Roles that may not know the alias.
    pub(crate) no_aliases_for: Vec<String>,
    pub(crate) credential_lifetime: Option<i64>,
    pub(crate) assertion_lifetime: Option<i64>,
    /// Serial number and code of the IAM users' device, without which no role is theirs.
    pub(crate) mfa: Option<(String, String)>,
    pub(crate) okta: Setup,
    pub(crate) center: Center,
    /// Any one of these is wanted after the password; none where it is empty.
    pub(crate) factors: Vec<Factor>,
    /// What the person does when their telephone asks.
    pub(crate) at_phone: AtPhone,
}

/// An additional method of the AD FS, called by what answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// Entra MFA: a notification, with a number to choose.
    EntraPush,
    /// Entra MFA: a code of the app.
    EntraCode,
    /// Azure MFA Server: a call; AD FS answers when it has ended.
    MfaServer,
    /// An adapter that nobody has heard of, with one field.
    Totp,
    /// RSA SecurID.
    SecurId,
    /// RSA SecurID, where the server wants the next tokencode as well.
    SecurIdNext,
    /// RSA SecurID's newer adapter, which begins with a page of its own.
    SecurIdV2,
    /// Symantec VIP.
    Vip,
    /// Symantec VIP's older adapter.
    VipOld,
    /// SafeNet.
    SafeNet,
    /// Silverfort.
    Silverfort,
    /// Defender.
    Defender,
    /// Duo in an iframe.
    DuoFrame,
    /// Duo's Universal Prompt.
    DuoPage,
    /// Duo's newest prompt, one page of script.
    DuoScript,
    /// A certificate, which no form asks for.
    Certificate,
}

/// What the person does when their telephone asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtPhone {
    /// Says yes, after a while.
    Approves,
    /// Says no.
    Denies,
    /// Does nothing until the identity provider gives up.
    Ignores,
}

/// An instance of IAM Identity Center.
#[derive(Clone, Debug)]
pub(crate) struct Center {
    pub(crate) accounts: Vec<Account>,
    /// Each of them in each account.
    pub(crate) permission_sets: Vec<String>,
    /// Seconds.
    pub(crate) token_lifetime: i64,
    pub(crate) client_lifetime: i64,
    pub(crate) device_lifetime: i64,
    /// Between two polls; asking sooner is refused.
    pub(crate) interval: u32,
    /// How many polls are told to slow down, whenever they come.
    pub(crate) slow_down: usize,
    /// After so many polls somebody decides: true allows it.
    pub(crate) device_decides: Option<(usize, bool)>,
    /// Of the portal; no limit where left out.
    pub(crate) requests_per_second: Option<u32>,
    /// Each request of such a number is refused as too many.
    pub(crate) throttles_every: Option<usize>,
    /// Each page of a list leads to itself.
    pub(crate) lists_end: bool,
}

/// An account that the portal shows.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Account {
    fn new(id: &str, name: &str) -> Account {
        Account {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }
}

impl Default for Center {
    fn default() -> Center {
        Center {
            accounts: vec![
                Account::new("111122223333", "Production"),
                Account::new("444455556666", "Staging"),
            ],
            permission_sets: vec!["AdministratorAccess".to_owned(), "ReadOnly".to_owned()],
            token_lifetime: 8 * 3600,
            client_lifetime: 90 * 86_400,
            device_lifetime: 600,
            interval: 1,
            slow_down: 0,
            device_decides: None,
            requests_per_second: None,
            throttles_every: None,
            lists_end: true,
        }
    }
}

/// What the identity provider shows before there is a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignIn {
    Forms,
    Forms20,
    Forms2016,
    Forms2019,
    SpOnly,
    HomeRealm,
    HomeRealm20,
    PasswordExpired,
    NoForm,
    FormLoop,
    PasswordToOtherHost,
    WindowsIntegrated,
}

/// What stands in `SAMLResponse` once the password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issues {
    Assertion,
    NotBase64,
    NotXml,
    WithDtd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StsMood {
    Works,
    ExpiredToken,
    AccessDenied,
    Throttles(usize),
    PerSecond(u32),
    MaxDuration(u32),
}

impl Scenario {
    /// AD FS 3.0 and later with forms authentication; everything works.
    pub fn adfs() -> Scenario {
        let role = "arn:aws:iam::111122223333:role/ADFS-Production";
        let provider = "arn:aws:iam::111122223333:saml-provider/ADFS";
        Scenario {
            sign_in: SignIn::Forms,
            issues: Issues::Assertion,
            sts: StsMood::Works,
            roles: vec![(role.to_owned(), provider.to_owned())],
            aliases: Vec::new(),
            no_aliases_for: Vec::new(),
            credential_lifetime: None,
            assertion_lifetime: None,
            mfa: None,
            factors: Vec::new(),
            at_phone: AtPhone::Approves,
            okta: Setup::new(Engine::Classic),
            center: Center::default(),
        }
    }

    /// AD FS 2.0: ASP.NET control names, and a view state that must come back unchanged.
    pub fn adfs_2_0() -> Scenario {
        Scenario {
            sign_in: SignIn::Forms20,
            ..Scenario::adfs()
        }
    }

    /// AD FS 2016: other methods stand below the form for the password.
    pub fn adfs_2016() -> Scenario {
        Scenario {
            sign_in: SignIn::Forms2016,
            ..Scenario::adfs()
        }
    }

    /// AD FS 2019 and 2022: the paginated theme, in German.
    pub fn adfs_2019() -> Scenario {
        Scenario {
            sign_in: SignIn::Forms2019,
            ..Scenario::adfs()
        }
    }

    /// The sign-on page is disabled: a login begins with a SAML request.
    pub fn adfs_sp_only() -> Scenario {
        Scenario {
            sign_in: SignIn::SpOnly,
            ..Scenario::adfs()
        }
    }

    /// The organization is asked for first (home realm discovery).
    pub fn adfs_home_realm() -> Scenario {
        Scenario {
            sign_in: SignIn::HomeRealm,
            ..Scenario::adfs()
        }
    }

    /// The same in AD FS 2.0: a drop-down list.
    pub fn adfs_2_0_home_realm() -> Scenario {
        Scenario {
            sign_in: SignIn::HomeRealm20,
            ..Scenario::adfs()
        }
    }

    /// The password is right and must be changed.
    pub fn adfs_password_expired() -> Scenario {
        Scenario {
            sign_in: SignIn::PasswordExpired,
            ..Scenario::adfs()
        }
    }

    /// A page without any form.
    pub fn no_form() -> Scenario {
        Scenario {
            sign_in: SignIn::NoForm,
            ..Scenario::adfs()
        }
    }

    /// Forms that submit themselves to the next such form, without end.
    pub fn form_loop() -> Scenario {
        Scenario {
            sign_in: SignIn::FormLoop,
            ..Scenario::adfs()
        }
    }

    /// The password is accepted, and the response is not base64.
    pub fn response_not_base64() -> Scenario {
        Scenario {
            issues: Issues::NotBase64,
            ..Scenario::adfs()
        }
    }

    /// The password is accepted, and the response is base64 of something that is not XML.
    pub fn response_not_xml() -> Scenario {
        Scenario {
            issues: Issues::NotXml,
            ..Scenario::adfs()
        }
    }

    /// The password is accepted, and the response declares entities and uses one in a role.
    pub fn response_with_dtd() -> Scenario {
        Scenario {
            issues: Issues::WithDtd,
            ..Scenario::adfs()
        }
    }

    /// STS takes every assertion for an expired one.
    pub fn sts_expired_token() -> Scenario {
        Scenario {
            sts: StsMood::ExpiredToken,
            ..Scenario::adfs()
        }
    }

    /// STS does not let anybody assume a role with SAML.
    pub fn sts_access_denied() -> Scenario {
        Scenario {
            sts: StsMood::AccessDenied,
            ..Scenario::adfs()
        }
    }

    /// STS refuses its first `n` calls as too many.
    pub fn sts_throttles(n: usize) -> Scenario {
        Scenario {
            sts: StsMood::Throttles(n),
            ..Scenario::adfs()
        }
    }

    /// STS refuses what comes faster than this.
    pub fn sts_requests_per_second(requests: u32) -> Scenario {
        Scenario {
            sts: StsMood::PerSecond(requests),
            ..Scenario::adfs()
        }
    }

    /// The roles' MaxSessionDuration is `max` seconds.
    pub fn sts_over_max_duration(max: u32) -> Scenario {
        Scenario {
            sts: StsMood::MaxDuration(max),
            ..Scenario::adfs()
        }
    }

    /// The sign-in form would send the password to another origin.
    pub fn password_to_other_host() -> Scenario {
        Scenario {
            sign_in: SignIn::PasswordToOtherHost,
            ..Scenario::adfs()
        }
    }

    /// Integrated Windows Authentication: 401 and `WWW-Authenticate: Negotiate`.
    pub fn windows_integrated() -> Scenario {
        Scenario {
            sign_in: SignIn::WindowsIntegrated,
            ..Scenario::adfs()
        }
    }

    /// IAM users assume roles only with a code of this device.
    pub fn sts_asks_for_mfa(serial: &str, code: &str) -> Scenario {
        Scenario {
            mfa: Some((serial.to_owned(), code.to_owned())),
            ..Scenario::adfs()
        }
    }

    /// After the password, any one of these is wanted.
    pub fn second_factors(mut self, factors: &[Factor]) -> Scenario {
        self.factors = factors.to_vec();
        self
    }

    /// What the person does when their telephone asks.
    pub fn at_phone(mut self, does: AtPhone) -> Scenario {
        self.at_phone = does;
        self
    }

    /// The pairs of role ARN and provider ARN that the assertion offers.
    pub fn roles(mut self, roles: &[(&str, &str)]) -> Scenario {
        self.roles = roles
            .iter()
            .map(|(role, provider)| ((*role).to_owned(), (*provider).to_owned()))
            .collect();
        self
    }

    /// What IAM calls this account.
    pub fn account_alias(mut self, account: &str, alias: &str) -> Scenario {
        self.aliases.push((account.to_owned(), alias.to_owned()));
        self
    }

    /// A role of this name may not know what IAM calls its account.
    pub fn may_not_know_aliases(mut self, role: &str) -> Scenario {
        self.no_aliases_for.push(role.to_owned());
        self
    }

    /// How long issued credentials are good for, whatever was asked; 0 or less is already over.
    pub fn credential_lifetime(mut self, seconds: i64) -> Scenario {
        self.credential_lifetime = Some(seconds);
        self
    }

    /// How long an assertion is good for; 0 or less is already over. AD FS itself gives the
    /// subject five minutes and the conditions an hour.
    pub fn assertion_lifetime(mut self, seconds: i64) -> Scenario {
        self.assertion_lifetime = Some(seconds);
        self
    }

    /// Identity Center's portal shows so many accounts, and in each of them these permission sets.
    pub fn assignments(mut self, accounts: usize, permission_sets: &[&str]) -> Scenario {
        let account = |n: usize| {
            Account::new(
                &format!("{:012}", 100_000_000_000 + n),
                &format!("Account {n}"),
            )
        };
        self.center.accounts = (0..accounts).map(account).collect();
        self.center.permission_sets = permission_sets
            .iter()
            .map(|set| (*set).to_owned())
            .collect();
        self
    }

    /// Identity Center's portal refuses what comes faster than this.
    pub fn requests_per_second(mut self, requests: u32) -> Scenario {
        self.center.requests_per_second = Some(requests);
        self
    }

    /// Identity Center's portal refuses every `n`th request as too many, however slowly they come.
    pub fn throttles_every(mut self, n: usize) -> Scenario {
        self.center.throttles_every = Some(n);
        self
    }

    /// The lists of Identity Center's portal have no end.
    pub fn endless_lists(mut self) -> Scenario {
        self.center.lists_end = false;
        self
    }

    /// How long an access token of Identity Center is good for.
    pub fn token_lifetime(mut self, seconds: i64) -> Scenario {
        self.center.token_lifetime = seconds;
        self
    }

    /// How long a client of Identity Center stays registered.
    pub fn client_lifetime(mut self, seconds: i64) -> Scenario {
        self.center.client_lifetime = seconds;
        self
    }

    /// How long a device code is good for.
    pub fn device_lifetime(mut self, seconds: i64) -> Scenario {
        self.center.device_lifetime = seconds;
        self
    }

    /// So many polls for a device's token are told to slow down.
    pub fn slow_down(mut self, polls: usize) -> Scenario {
        self.center.slow_down = polls;
        self
    }

    /// After so many polls somebody allows the device, as if by the page; or denies it.
    pub fn device_decides(mut self, after: usize, allow: bool) -> Scenario {
        self.center.device_decides = Some((after, allow));
        self
    }
}
