//! What goes with a role when it is assumed, beside who assumes it.

use std::collections::{BTreeMap, BTreeSet};

/// Options of AssumeRole. Those of the session's policy also go with AssumeRoleWithSAML, where the
/// rest is the identity provider's to say.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assume {
    /// The MFA device of the IAM user who assumes it: its ARN, or a hardware device's number.
    pub mfa_serial: Option<String>,
    /// What a third party's role asks of whoever assumes it.
    pub external_id: Option<String>,
    /// The session's name in AWS's logs; made from the profile's name where absent.
    pub session_name: Option<String>,
    /// Who is behind the session, through every further role.
    pub source_identity: Option<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Which of them go on to further roles.
    pub transitive_tags: BTreeSet<String>,
    /// A session policy, as JSON: the session may do what both it and the role allow.
    pub policy: Option<String>,
    /// Managed policies that limit the session in the same way.
    pub policy_arns: Vec<String>,
}

impl Assume {
    /// Everything in it, so that two different ones never give the same parts.
    #[must_use]
    pub fn parts(&self) -> Vec<&[u8]> {
        let mut parts: Vec<&[u8]> = Vec::new();
        let single = [
            &self.mfa_serial,
            &self.external_id,
            &self.session_name,
            &self.source_identity,
            &self.policy,
        ];
        for text in single {
            let text = text.as_ref().map(String::as_bytes);
            parts.push(if text.is_some() { b"1" } else { b"0" });
            parts.push(text.unwrap_or_default());
        }
        for (key, value) in &self.tags {
            parts.extend([&b"tag"[..], key.as_bytes(), value.as_bytes()]);
        }
        for key in &self.transitive_tags {
            parts.extend([&b"transitive"[..], key.as_bytes()]);
        }
        for arn in &self.policy_arns {
            parts.extend([&b"policy"[..], arn.as_bytes()]);
        }
        parts
    }
}
