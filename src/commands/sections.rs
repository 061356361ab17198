//! What the model wants in `~/.aws/config`: a section for every profile, and for every identity
//! provider whose profiles are native.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use crate::cli::report::Failure;
use crate::model::{
    AwsKey, AwsText, AwsValue, IdentityCenter, IdpKind, IdpName, Model, Profile, Source, Target,
};
use crate::reconcile::{BadWord, Owner, Wanted, quote_word};

use super::owners::Owners;
use super::{Context, wired};

/// Where sections come from.
pub(super) struct Sections<'a> {
    pub(super) context: &'a Context<'a>,
    /// fedgit's own absolute path.
    pub(super) program: &'a Path,
    /// What is declared here.
    pub(super) here: &'a Model,
    /// What is declared without the project's file, and that file, where one takes part.
    pub(super) elsewhere: Option<(&'a Model, &'a Path)>,
}

impl<'a> Sections<'a> {
    /// All of them.
    pub(super) fn all(&self) -> Result<Vec<Wanted>, Failure> {
        let (mut owners, mut wanted) = (Owners::default(), Vec::new());
        let mut flags = Flags::default();
        for (model, only_of) in self.models() {
            let counts = |file: Option<&Path>| only_of.is_none() || file == only_of;
            for (name, idp) in &model.idps {
                let IdpKind::IdentityCenter(center) = &idp.kind else {
                    continue;
                };
                let file = center.declared_in.as_deref();
                if center.native && counts(file) {
                    wanted.push(sso_session(name, center, owners.of(file))?);
                }
            }
            for profile in model.profiles.values() {
                let file = profile.declared_in.as_deref();
                if counts(file) {
                    let flags = self.flags(profile, &mut flags)?;
                    wanted.push(self.profile(model, profile, flags, owners.of(file))?);
                }
            }
        }
        Ok(wanted)
    }

    /// The models to take sections from, and of which file only.
    ///
    /// A profile of the user's own means the same in every directory, or `apply` in one project
    /// would undo what it did in another. So it is written as it is declared without the project's
    /// file, which is also how its line will be run.
    fn models(&self) -> Vec<(&'a Model, Option<&'a Path>)> {
        match self.elsewhere {
            None => vec![(self.here, None)],
            Some((elsewhere, project)) => vec![(elsewhere, None), (self.here, Some(project))],
        }
    }

    fn profile(
        &self,
        model: &Model,
        profile: &Profile,
        flags: &str,
        owner: Owner,
    ) -> Result<Wanted, Failure> {
        let mut keys = vec![(REGION, text(profile.region.as_str())?)];
        match native(model, profile) {
            Some((idp, account, permission_set)) => keys.extend([
                (SSO_SESSION, text(idp.as_str())?),
                (SSO_ACCOUNT_ID, text(account)?),
                (SSO_ROLE_NAME, text(permission_set)?),
            ]),
            None => keys.push((CREDENTIAL_PROCESS, text(&self.line(profile, flags)?)?)),
        }
        let settings = profile.settings.iter();
        keys.extend(settings.map(|(key, value)| (key.clone(), value.clone())));
        Ok(Wanted::profile(&profile.name, keys, owner)?)
    }

    /// The command line that every SDK runs for the profile's credentials.
    fn line(&self, profile: &Profile, flags: &str) -> Result<String, Failure> {
        let program = word(in_utf8(self.program)?)?;
        let name = word(profile.name.as_str())?;
        Ok(format!(
            "{program} credential-process --profile {name}{flags}"
        ))
    }

    /// The flags that lead a profile's line to the same files again.
    fn flags<'f>(
        &self,
        profile: &'a Profile,
        known: &'f mut Flags<'a>,
    ) -> Result<&'f str, Failure> {
        let new = match known.entry(profile.declared_in.as_deref()) {
            Entry::Occupied(known) => return Ok(known.into_mut()),
            Entry::Vacant(new) => new,
        };
        let Context {
            env,
            paths,
            selection,
            ..
        } = self.context;
        let mut words = String::new();
        for (flag, path) in wired::flags(env, paths, selection, profile)? {
            words.push_str(&format!(" {flag} {}", word(in_utf8(&path)?)?));
        }
        Ok(new.insert(words))
    }
}

/// By the file that declares a profile: they ask the file system, and there may be ten thousand
/// profiles of one file.
type Flags<'a> = BTreeMap<Option<&'a Path>, String>;

const REGION: AwsKey = AwsKey::known("region");
const CREDENTIAL_PROCESS: AwsKey = AwsKey::known("credential_process");
const SSO_SESSION: AwsKey = AwsKey::known("sso_session");
const SSO_ACCOUNT_ID: AwsKey = AwsKey::known("sso_account_id");
const SSO_ROLE_NAME: AwsKey = AwsKey::known("sso_role_name");
const SSO_START_URL: AwsKey = AwsKey::known("sso_start_url");
const SSO_REGION: AwsKey = AwsKey::known("sso_region");
const SSO_REGISTRATION_SCOPES: AwsKey = AwsKey::known("sso_registration_scopes");

/// The session, account and permission set of a profile that is written for the SDKs' own login.
fn native<'m>(model: &'m Model, profile: &'m Profile) -> Option<(&'m IdpName, &'m str, &'m str)> {
    let (Source::Idp(idp), Target::PermissionSet { account, name }) =
        (&profile.source, &profile.target)
    else {
        return None;
    };
    let kind = model.idps.get(idp).map(|idp| &idp.kind);
    let native = matches!(kind, Some(IdpKind::IdentityCenter(center)) if center.native);
    native.then_some((idp, account.as_str(), name.as_str()))
}

fn sso_session(name: &IdpName, center: &IdentityCenter, owner: Owner) -> Result<Wanted, Failure> {
    let keys = vec![
        (SSO_START_URL, text(center.start_url.as_str())?),
        (SSO_REGION, text(center.region.as_str())?),
        // What the AWS CLI asks for: without it a session cannot be refreshed.
        (SSO_REGISTRATION_SCOPES, text("sso:account:access")?),
    ];
    Ok(Wanted::sso_session(name, keys, owner)?)
}

fn text(value: &str) -> Result<AwsValue, Failure> {
    Ok(AwsValue::Text(value.parse::<AwsText>()?))
}

/// A path as it can stand in the file. Another one must not stand in its place.
fn in_utf8(path: &Path) -> Result<&str, Failure> {
    path.to_str().ok_or_else(|| Failure::not_utf8(path))
}

fn word(text: &str) -> Result<String, BadWord> {
    quote_word(text, cfg!(windows))
}
