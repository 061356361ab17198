//! The way to a profile's credentials, as data: which login, which role, which hops.

use crate::model::{
    Assume, Idp, IdpKind, Model, Profile, ProfileName, Region, RoleArn, SamlForms, SessionDuration,
    Source, Target,
};

use url::Url;

use super::key::Key;

/// A profile's whole way, in the order it is walked.
#[derive(Debug, Clone)]
pub struct Route<'m> {
    /// Where the person signs in.
    pub idp: &'m Idp,
    /// How.
    pub forms: &'m SamlForms,
    /// The role that the login gives.
    pub first: Hop<'m>,
    /// Each role that is assumed from the one before.
    pub chain: Vec<Hop<'m>>,
}

impl<'m> Route<'m> {
    /// The profile's own role.
    #[must_use]
    pub fn last(&self) -> &Hop<'m> {
        self.chain.last().unwrap_or(&self.first)
    }

    /// Every hop, in the order it is walked.
    pub fn hops(&self) -> impl Iterator<Item = &Hop<'m>> {
        std::iter::once(&self.first).chain(&self.chain)
    }
}

/// One set of credentials on the way.
#[derive(Debug, Clone)]
pub struct Hop<'m> {
    /// The profile that stands for it.
    pub profile: &'m ProfileName,
    /// The role.
    pub role: &'m RoleArn,
    /// The region whose STS is asked.
    pub region: &'m Region,
    /// How long the credentials are asked for.
    pub duration: SessionDuration,
    /// What goes with the question.
    pub assume: &'m Assume,
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
    /// The identity provider's kind is known but cannot be used yet.
    #[error("this version of fedgit cannot log in to kind = {kind:?} ([idp.{idp}]) yet")]
    NotYet {
        /// The identity provider.
        idp: String,
        /// Its kind.
        kind: &'static str,
    },
}

/// Follows a profile's sources to the login they start from.
///
/// # Errors
/// [`NoRoute`]. Loops and missing names do not reach here: the model has none.
pub fn route<'m>(model: &'m Model, profile: &str, sts: &StsPlace) -> Result<Route<'m>, NoRoute> {
    let mut here = model
        .profiles
        .get(profile)
        .ok_or_else(|| unknown(model, profile))?;
    let mut way = vec![here];
    let idp = loop {
        match &here.source {
            Source::Profile(source) => {
                here = model
                    .profiles
                    .get(source)
                    .ok_or_else(|| unknown(model, source.as_str()))?;
                way.push(here);
            }
            Source::Idp(name) => {
                break model
                    .idps
                    .get(name)
                    .ok_or_else(|| unknown(model, name.as_str()))?;
            }
        }
    };
    let forms = match &idp.kind {
        IdpKind::Adfs(forms) => forms,
        IdpKind::IdentityCenter(_) => return Err(not_yet(idp, "identity-center")),
        IdpKind::NotYet(kind) => return Err(not_yet(idp, kind)),
    };
    let role = |profile: &'m Profile| match &profile.target {
        Target::Role(role) => Ok(role),
        Target::PermissionSet { .. } => Err(not_yet(idp, "identity-center")),
    };
    // The last one found is the one that the login gives.
    let start = way.pop().unwrap_or(here);
    let start_role = role(start)?;
    let first = Hop::new(start, start_role, login_key(forms, start_role, start, sts));
    let mut chain: Vec<Hop<'m>> = Vec::with_capacity(way.len());
    for profile in way.into_iter().rev() {
        let role = role(profile)?;
        let source = chain.last().unwrap_or(&first);
        let duration = profile.duration.seconds().to_le_bytes();
        let mut parts = vec![
            source.key.as_str().as_bytes(),
            role.as_str().as_bytes(),
            &duration,
        ];
        parts.extend(profile.assume.parts());
        let key = Key::of("chained role", &parts);
        chain.push(Hop::new(profile, role, key));
    }
    Ok(Route {
        idp,
        forms,
        first,
        chain,
    })
}

impl<'m> Hop<'m> {
    fn new(profile: &'m Profile, role: &'m RoleArn, key: Key) -> Self {
        Self {
            profile: &profile.name,
            role,
            region: &profile.region,
            duration: profile.duration,
            assume: &profile.assume,
            key,
        }
    }
}

/// Another STS than AWS's own is another world: its credentials are kept apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StsPlace(pub Option<Url>);

/// Two profiles with the same login and role are one entry. The region is no part of it, since
/// credentials hold in every region of the partition; who signed in where is.
fn login_key(forms: &SamlForms, role: &RoleArn, profile: &Profile, sts: &StsPlace) -> Key {
    let duration = profile.duration.seconds().to_le_bytes();
    let mut parts = vec![
        forms.url.as_str().as_bytes(),
        forms.username.as_deref().unwrap_or_default().as_bytes(),
        role.as_str().as_bytes(),
        &duration,
        sts.0.as_ref().map_or("", Url::as_str).as_bytes(),
    ];
    parts.extend(profile.assume.parts());
    Key::of("role by SAML", &parts)
}

fn not_yet(idp: &Idp, kind: &'static str) -> NoRoute {
    NoRoute::NotYet {
        idp: idp.name.to_string(),
        kind,
    }
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
