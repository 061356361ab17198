//! Keys in `~/.aws/credentials` that win over a profile of ours: botocore asks that file before it
//! runs a `credential_process`, in silence, and so goes on using keys that were meant to be gone.

use std::fmt;

use crate::format::ini::Document;
use crate::model::ProfileName;

/// A section of the credentials file that stands in front of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The profile.
    pub profile: ProfileName,
    /// The section's header in the credentials file, counted from 1.
    pub line: usize,
}

/// The sections with keys whose names are those of wanted profiles. Names are taken literally in
/// that file, without `profile `.
pub fn stale<'a>(
    credentials: &Document,
    profiles: impl Fn(&str) -> Option<&'a ProfileName>,
) -> Vec<Stale> {
    credentials
        .sections()
        .iter()
        .filter(|section| section.get("aws_access_key_id").is_some())
        .filter_map(|section| {
            let profile = profiles(&section.name)?.clone();
            Some(Stale {
                profile,
                line: section.header + 1,
            })
        })
        .collect()
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}: keys for {} stand here, and botocore prefers them to the profile's \
             credential_process; remove that section",
            self.line, self.profile
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_wanted_profile_are_told() {
        let text =
            "[other]\naws_access_key_id = A\n\n[adfs]\naws_access_key_id = A\n[none]\nx = y\n";
        let document = Document::parse(text.as_bytes()).unwrap();
        let adfs: ProfileName = "adfs".parse().unwrap();
        let none: ProfileName = "none".parse().unwrap();
        let found = stale(&document, |name| {
            [&adfs, &none].into_iter().find(|p| p.as_str() == name)
        });
        assert_eq!(
            found,
            [Stale {
                profile: adfs.clone(),
                line: 4
            }]
        );
    }
}
