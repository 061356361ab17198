//! What goes with a role when it is assumed: `external_id`, `session_tags` and the like.

use super::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::wire;
use crate::model::Assume;

/// STS takes so many tags with a session.
const MOST_TAGS: usize = 50;
/// Characters of a session policy.
const LONGEST_POLICY: usize = 2048;
/// Managed policies for one session.
const MOST_POLICIES: usize = 10;

impl Checker<'_> {
    pub(super) fn assume(&mut self, name: &str, wire: &wire::Role) -> Assume {
        self.not_with_saml(name, wire);
        self.mfa_of_a_user(name, wire);
        self.not_with_a_permission_set(name, wire);
        let identifier = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        let external = |c: char| identifier(c) || c == ':' || c == '/';
        let between = |text: &str, least: usize, most: usize| (least..=most).contains(&text.len());
        let mut text = |key: &str, value: &Option<String>, good: &dyn Fn(&str) -> bool, why| {
            let value = value.as_ref()?;
            if good(value) {
                return Some(value.clone());
            }
            let message = format!("STS takes no such {key}");
            let path = ["role", name, key];
            self.report(Code::BadValue, &path, Part::Value, message, Some(why));
            None
        };
        let external_id = text(
            "external_id",
            &wire.external_id,
            &|v| between(v, 2, 1224) && v.chars().all(external),
            "2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -".to_owned(),
        );
        let named = "2 to 64 of A-Z a-z 0-9 _ + = , . @ -";
        let is_name = |v: &str| between(v, 2, 64) && v.chars().all(identifier);
        let mfa_serial = text(
            "mfa_serial",
            &wire.mfa_serial,
            &|v| between(v, 9, 256) && v.chars().all(external),
            "as in arn:aws:iam::111122223333:mfa/jane".to_owned(),
        );
        let session_name = text(
            "session_name",
            &wire.session_name,
            &is_name,
            named.to_owned(),
        );
        let source_identity = text(
            "source_identity",
            &wire.source_identity,
            &|v| is_name(v) && !v.starts_with("aws:"),
            named.to_owned(),
        );
        let policy = text(
            "policy",
            &wire.policy,
            &|v| {
                v.chars().count() <= LONGEST_POLICY
                    && serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(v).is_ok()
            },
            format!("a policy is a JSON object of at most {LONGEST_POLICY} characters"),
        );
        self.tags(name, wire);
        self.policy_arns(name, wire);
        Assume {
            mfa_serial,
            external_id,
            session_name,
            source_identity,
            policy,
            tags: wire.session_tags.clone().unwrap_or_default(),
            transitive_tags: wire.transitive_tags.iter().flatten().cloned().collect(),
            policy_arns: wire.policy_arns.clone().unwrap_or_default(),
        }
    }

    /// With a login the identity provider says these, in the assertion.
    fn not_with_saml(&mut self, name: &str, wire: &wire::Role) {
        if wire.source.is_some() || wire.source_profile.is_some() || wire.idp.is_none() {
            return;
        }
        let given = [
            ("external_id", wire.external_id.is_some()),
            ("session_name", wire.session_name.is_some()),
            ("source_identity", wire.source_identity.is_some()),
            ("session_tags", wire.session_tags.is_some()),
            ("transitive_tags", wire.transitive_tags.is_some()),
        ];
        for (key, _) in given.iter().filter(|(_, given)| *given) {
            self.report(
                Code::Exclusive,
                &["role", name, key],
                Part::Key,
                format!("{key} goes with a role that another role assumes, not with a login"),
                Some("the identity provider says it, in the assertion; leave it out".to_owned()),
            );
        }
    }

    /// Identity Center takes no wish beside the name: what was meant to limit the session would not. A
    /// duration is passed over, as the default one is; the permission set has its own.
    fn not_with_a_permission_set(&mut self, name: &str, wire: &wire::Role) {
        if wire.permission_set.is_none() {
            return;
        }
        let given = [
            (
                "policy",
                wire.policy.is_some(),
                "limits nothing of a permission set: AWS gives its credentials whole",
            ),
            (
                "policy_arns",
                wire.policy_arns.is_some(),
                "limit nothing of a permission set: AWS gives its credentials whole",
            ),
        ];
        for (key, _, why) in given.iter().filter(|(_, given, _)| *given) {
            self.report(
                Code::Exclusive,
                &["role", name, key],
                Part::Key,
                format!("{key} {why}"),
                Some(
                    "leave it out, and have it set for the permission set itself; or give it to a \
                     role whose source is this one"
                        .to_owned(),
                ),
            );
        }
    }

    /// A role has no device of its own.
    fn mfa_of_a_user(&mut self, name: &str, wire: &wire::Role) {
        if wire.mfa_serial.is_none() || wire.source_profile.is_some() {
            return;
        }
        self.report(
            Code::BadValue,
            &["role", name, "mfa_serial"],
            Part::Key,
            "mfa_serial goes with source_profile: the device is an IAM user's".to_owned(),
            Some("a login asks for its own code; leave it out".to_owned()),
        );
    }

    fn tags(&mut self, name: &str, wire: &wire::Role) {
        let none = std::collections::BTreeMap::new();
        let tags = wire.session_tags.as_ref().unwrap_or(&none);
        let allowed = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
        if tags.len() > MOST_TAGS {
            let path = ["role", name, "session_tags"];
            let message = format!("a session has at most {MOST_TAGS} tags");
            self.report(Code::BadValue, &path, Part::Key, message, None);
        }
        for (key, value) in tags {
            let good_key = (1..=128).contains(&key.chars().count())
                && key.chars().all(allowed)
                && !key.to_ascii_lowercase().starts_with("aws:");
            if !good_key || value.chars().count() > 256 || !value.chars().all(allowed) {
                let path = ["role", name, "session_tags", key];
                let message = "STS takes no such tag";
                let hint = "a key of 1 to 128 and a value of at most 256 letters, digits, blanks and \
                            _ . : / = + - @; not aws:";
                let part = if good_key { Part::Value } else { Part::Key };
                self.report(Code::BadValue, &path, part, message, Some(hint.to_owned()));
            }
        }
        for (at, key) in wire.transitive_tags.iter().flatten().enumerate() {
            if !tags.contains_key(key) {
                let index = at.to_string();
                let path = ["role", name, "transitive_tags", &index];
                let message = format!("no session tag is named {key:?}");
                let hint = crate::config::merge::nearest(key, tags.keys().map(String::as_str));
                self.report(Code::UnknownName, &path, Part::Value, message, hint);
            }
        }
    }

    fn policy_arns(&mut self, name: &str, wire: &wire::Role) {
        let arns = wire.policy_arns.as_deref().unwrap_or_default();
        if arns.len() > MOST_POLICIES {
            let path = ["role", name, "policy_arns"];
            let message = format!("a session is limited by at most {MOST_POLICIES} policies");
            self.report(Code::BadValue, &path, Part::Key, message, None);
        }
        for (at, arn) in arns.iter().enumerate() {
            let is_policy = arn.starts_with("arn:aws")
                && arn.contains(":iam::")
                && arn.contains(":policy/")
                && arn.chars().all(|c| c.is_ascii_graphic());
            if !is_policy {
                let index = at.to_string();
                let path = ["role", name, "policy_arns", &index];
                let message = format!("{arn:?} is not the ARN of a policy");
                let hint = "as in arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned();
                self.report(Code::BadValue, &path, Part::Value, message, Some(hint));
            }
        }
    }
}
