//! The way to a profile's credentials, as data: which login or whose keys, which role, which hops.

use crate::model::{
    Assume, IdentityCenter, Idp, IdpKind, IdpName, Model, Partition, Profile, ProfileName, Region,
    RoleArn, SamlLogin, SessionDuration, Source, Target,
};

use url::Url;

use super::existing::{self, Link, NoWay, Way};
use super::key::Key;

/// A profile's whole way, in the order it is walked.
#[derive(Debug, Clone)]
pub struct Route<'m> {
    /// Where it begins.
    pub start: Start<'m>,
    /// The role that the start gives.
    pub first: Hop,
    /// Each role that is assumed from the one before.
    pub chain: Vec<Hop>,
}

/// Where a way begins.
#[derive(Debug, Clone)]
pub enum Start<'m> {
    /// A login that ends in a SAML response.
    Login(Login<'m>),
    /// A session of IAM Identity Center.
    Center(CenterLogin<'m>),
    /// A profile of the user's own.
    Existing(existing::Start),
}

/// A login.
#[derive(Debug, Clone, Copy)]
pub struct Login<'m> {
    /// Where the person signs in.
    pub idp: &'m Idp,
    /// How.
    pub saml: &'m SamlLogin,
    /// For which AWS.
    pub partition: Partition,
}

/// A session of IAM Identity Center.
#[derive(Debug, Clone, Copy)]
pub struct CenterLogin<'m> {
    /// Whose session: it is called as the identity provider is.
    pub idp: &'m IdpName,
    /// Where.
    pub center: &'m IdentityCenter,
}

impl<'m> Route<'m> {
    /// The profile's own role.
    #[must_use]
    pub fn last(&self) -> &Hop {
        self.chain.last().unwrap_or(&self.first)
    }

    /// Every hop, in the order it is walked.
    pub fn hops(&self) -> impl Iterator<Item = &Hop> {
        std::iter::once(&self.first).chain(&self.chain)
    }

    /// The login that it begins with, if it does.
    #[must_use]
    pub fn login(&self) -> Option<Login<'m>> {
        match self.start {
            Start::Login(login) => Some(login),
            Start::Center(_) | Start::Existing(_) => None,
        }
    }

    /// The session of IAM Identity Center that it begins with, if it does.
    #[must_use]
    pub fn center(&self) -> Option<CenterLogin<'m>> {
        match self.start {
            Start::Center(login) => Some(login),
            Start::Login(_) | Start::Existing(_) => None,
        }
    }
}

/// One set of credentials on the way.
#[derive(Debug, Clone)]
pub struct Hop {
    /// The profile that stands for it.
    pub profile: ProfileName,
    /// The role; a permission set only where IAM Identity Center gives it.
    pub role: Target,
    /// The region whose STS is asked.
    pub region: Region,
    /// How long the credentials are asked for.
    pub duration: SessionDuration,
    /// What goes with the question.
    pub assume: Assume,
    /// The entry in the cache.
    pub key: Key,
}

/// Why there is no way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRoute {
    /// The profile is not declared.
    #[error("no role gives a profile named {profile:?}")]
    UnknownProfile {
        /// What was asked for.
        profile: String,
        /// "did you mean", or what there is.
        hint: String,
    },
    /// What is assumed by keys is a role.
    #[error("profile {profile} stands for no role")]
    NoRole {
        /// The profile.
        profile: ProfileName,
    },
    /// The profile of the user's own gives nothing.
    #[error("no credentials for profile {profile}: {source}")]
    Existing {
        /// The profile that starts from it.
        profile: ProfileName,
        /// Why.
        source: NoWay,
    },
}

/// Follows a profile's sources to the login, or the profile of the user's own, that they start from;
/// `own` gives the way to such a one.
///
/// # Errors
/// [`NoRoute`]. Loops and missing names do not reach here: the model has none.
pub fn route<'m>(
    model: &'m Model,
    profile: &str,
    sts: &StsPlace,
    center: &CenterPlace,
    own: &dyn Fn(&ProfileName) -> Result<Way, NoWay>,
) -> Result<Route<'m>, NoRoute> {
    let mut here = model
        .profiles
        .get(profile)
        .ok_or_else(|| unknown(model, profile))?;
    let mut way = vec![here];
    while let Source::Profile(source) = &here.source {
        here = model
            .profiles
            .get(source)
            .ok_or_else(|| unknown(model, source.as_str()))?;
        way.push(here);
    }
    way.reverse();
    match &here.source {
        Source::Existing(profile) => {
            let own = own(profile).map_err(|source| NoRoute::Existing {
                profile: here.name.clone(),
                source,
            })?;
            from_keys(here, own, &way, sts, center)
        }
        Source::Idp(name) => {
            let idp = model.idps.get(name);
            let idp = idp.ok_or_else(|| unknown(model, name.as_str()))?;
            match &idp.kind {
                IdpKind::Saml(saml) => by_login(here, idp, saml, &way, sts),
                IdpKind::IdentityCenter(instance) => {
                    let idp = &idp.name;
                    let login = CenterLogin {
                        idp,
                        center: instance,
                    };
                    by_center(here, login, &way, sts, center)
                }
            }
        }
        // Nowhere: the loop above leaves no such one.
        Source::Profile(source) => Err(unknown(model, source.as_str())),
    }
}

/// `way` begins with `start`.
fn by_login<'m>(
    start: &Profile,
    idp: &'m Idp,
    saml: &'m SamlLogin,
    way: &[&Profile],
    sts: &StsPlace,
) -> Result<Route<'m>, NoRoute> {
    let first = needed(start)?;
    let partition = first.role.partition();
    let login = Login {
        idp,
        saml,
        partition,
    };
    let key = login_key(login, &first.role, start, sts);
    let first = Hop::new(first, &start.region, key);
    let links = way.iter().skip(1).map(|profile| needed(profile));
    let chain = chained(&first.key, links.collect::<Result<_, _>>()?, &start.region);
    Ok(Route {
        start: Start::Login(login),
        first,
        chain,
    })
}

/// The same, where the start is a permission set of IAM Identity Center.
fn by_center<'m>(
    start: &Profile,
    login: CenterLogin<'m>,
    way: &[&Profile],
    sts: &StsPlace,
    place: &CenterPlace,
) -> Result<Route<'m>, NoRoute> {
    let Target::PermissionSet { account, name } = &start.target else {
        return Err(NoRoute::NoRole {
            profile: start.name.clone(),
        });
    };
    // Neither the region nor a duration has a say in it.
    let key = Key::of(
        "permission set",
        &[
            login.idp.as_str().as_bytes(),
            login.center.start_url.as_str().as_bytes(),
            login.center.region.as_str().as_bytes(),
            account.as_str().as_bytes(),
            name.as_bytes(),
            place.bytes(),
        ],
    );
    let links = way.iter().skip(1).map(|profile| needed(profile));
    let before = Key::of("from", &[key.as_str().as_bytes(), sts.bytes()]);
    let chain = chained(&before, links.collect::<Result<_, _>>()?, &start.region);
    Ok(Route {
        start: Start::Center(login),
        first: Hop {
            profile: start.name.clone(),
            role: start.target.clone(),
            region: start.region.clone(),
            duration: start.duration,
            assume: start.assume.clone(),
            key,
        },
        chain,
    })
}

/// The same, where the start's own source has a way behind it.
fn from_keys<'m>(
    start: &Profile,
    own: Way,
    way: &[&Profile],
    sts: &StsPlace,
    center: &CenterPlace,
) -> Result<Route<'m>, NoRoute> {
    let key = start_key(&own.start, sts, center);
    let mut links = own.links;
    for profile in way {
        links.push(needed(profile)?);
    }
    let mut hops = chained(&key, links, &start.region).into_iter();
    Ok(Route {
        start: Start::Existing(own.start),
        first: hops.next().ok_or_else(|| no_role(start))?,
        chain: hops.collect(),
    })
}

/// The way of a profile of the user's own that ends with a role; `None` where it ends with what it
/// starts from. `region` is where STS is asked for a role whose profile says none.
#[must_use]
pub fn of_own(
    own: Way,
    region: &Region,
    sts: &StsPlace,
    center: &CenterPlace,
) -> Option<Route<'static>> {
    let key = start_key(&own.start, sts, center);
    let mut hops = chained(&key, own.links, region).into_iter();
    Some(Route {
        start: Start::Existing(own.start),
        first: hops.next()?,
        chain: hops.collect(),
    })
}

/// What a way of the user's own starts with, for the keys of what comes of it.
fn start_key(start: &existing::Start, sts: &StsPlace, center: &CenterPlace) -> Key {
    let mut parts = start.parts();
    parts.push(sts.bytes());
    if matches!(start, existing::Start::Portal(_)) {
        parts.push(center.bytes());
    }
    Key::of("keys", &parts)
}

/// Hops that are each assumed from the one before.
fn chained(start: &Key, links: Vec<Link>, region: &Region) -> Vec<Hop> {
    let mut source = start.clone();
    let hops = links.into_iter().map(|link| {
        let duration = link.duration.seconds().to_le_bytes();
        let mut parts = vec![
            source.as_str().as_bytes(),
            link.role.as_str().as_bytes(),
            &duration,
        ];
        parts.extend(link.assume.parts());
        source = Key::of("chained role", &parts);
        Hop::new(link, region, source.clone())
    });
    hops.collect()
}

/// What a declared profile adds to a way.
fn needed(profile: &Profile) -> Result<Link, NoRoute> {
    link(profile).ok_or_else(|| no_role(profile))
}

fn no_role(profile: &Profile) -> NoRoute {
    NoRoute::NoRole {
        profile: profile.name.clone(),
    }
}

/// The same; nothing where it stands for no role.
fn link(profile: &Profile) -> Option<Link> {
    let Target::Role(role) = &profile.target else {
        return None;
    };
    Some(Link {
        profile: profile.name.clone(),
        role: role.clone(),
        region: Some(profile.region.clone()),
        duration: profile.duration,
        assume: profile.assume.clone(),
    })
}

impl Hop {
    /// The role that is assumed.
    ///
    /// # Errors
    /// A permission set is none that could be.
    pub fn arn(&self) -> Result<&RoleArn, NoRoute> {
        match &self.role {
            Target::Role(arn) => Ok(arn),
            Target::PermissionSet { .. } => Err(NoRoute::NoRole {
                profile: self.profile.clone(),
            }),
        }
    }

    fn new(link: Link, region: &Region, key: Key) -> Self {
        Self {
            profile: link.profile,
            role: Target::Role(link.role),
            region: link.region.unwrap_or_else(|| region.clone()),
            duration: link.duration,
            assume: link.assume,
            key,
        }
    }
}

/// Another STS than AWS's own is another world: its credentials are kept apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StsPlace(pub Option<Url>);

impl StsPlace {
    fn bytes(&self) -> &[u8] {
        self.0.as_ref().map_or("", Url::as_str).as_bytes()
    }
}

/// The same of IAM Identity Center's two services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CenterPlace {
    /// Where one signs in.
    pub oidc: Option<Url>,
    /// Where credentials come from.
    pub portal: Option<Url>,
}

impl CenterPlace {
    fn bytes(&self) -> &[u8] {
        self.portal.as_ref().map_or("", Url::as_str).as_bytes()
    }
}

/// Two profiles with the same login and role are one entry. The region is no part of it, since
/// credentials hold in every region of the partition; who signed in where is.
fn login_key(login: Login<'_>, role: &RoleArn, profile: &Profile, sts: &StsPlace) -> Key {
    let saml = login.saml;
    let (place, duration) = (saml.place(), profile.duration.seconds().to_le_bytes());
    let mut parts = vec![
        place.as_bytes(),
        saml.username.as_deref().unwrap_or_default().as_bytes(),
        role.as_str().as_bytes(),
        &duration,
        sts.bytes(),
    ];
    if !saml.names_user() {
        // Another identity provider's user, for all that is known.
        parts.push(login.idp.name.as_str().as_bytes());
    }
    parts.extend(profile.assume.parts());
    Key::of("role by SAML", &parts)
}

fn unknown(model: &Model, profile: &str) -> NoRoute {
    let names = || model.profiles.keys().map(ProfileName::as_str);
    let hint = crate::config::merge::nearest(profile, names()).unwrap_or_else(|| {
        let some: Vec<&str> = names().take(20).collect();
        format!("declared profiles: {}", some.join(", "))
    });
    NoRoute::UnknownProfile {
        profile: profile.to_owned(),
        hint,
    }
}
