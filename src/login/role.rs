//! The wanted role among those on offer.

use std::collections::BTreeSet;
use std::fmt;

use crate::format::printable::printable;
use crate::model::RoleArn;

/// How many roles a refusal lists.
const LISTED: usize = 20;

/// The identity provider does not offer the wanted role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRefusal {
    /// What was wanted.
    pub wanted: RoleArn,
    /// What is on offer.
    pub offered: Vec<RoleArn>,
    /// The one on offer that looks most like it, where one does.
    pub nearest: Option<RoleArn>,
}

/// The role as it is offered, with the provider through which it is assumed.
///
/// # Errors
/// Where it is not on offer.
pub fn choose(
    offered: &[(RoleArn, String)],
    wanted: &RoleArn,
) -> Result<(RoleArn, String), RoleRefusal> {
    if let Some(pair) = offered.iter().find(|(role, _)| role == wanted) {
        return Ok(pair.clone());
    }
    let mut roles: Vec<RoleArn> = offered.iter().map(|(role, _)| role.clone()).collect();
    roles.sort();
    roles.dedup();
    let nearest = nearest(&roles, wanted);
    Err(RoleRefusal {
        wanted: wanted.clone(),
        offered: roles,
        nearest,
    })
}

/// That at least one of the wanted roles is on offer, where any is wanted.
///
/// # Errors
/// Where none is; told of the first one.
pub fn any_of(
    offered: &[(RoleArn, String)],
    wanted: &BTreeSet<RoleArn>,
) -> Result<(), RoleRefusal> {
    let Some(first) = wanted.first() else {
        return Ok(());
    };
    match offered.iter().any(|(role, _)| wanted.contains(role)) {
        true => Ok(()),
        false => choose(offered, first).map(|_| ()),
    }
}

/// A slip of the keyboard or of upper and lower case in the name, or the same name in another account.
fn nearest(roles: &[RoleArn], wanted: &RoleArn) -> Option<RoleArn> {
    let lower = |role: &RoleArn| role.as_str().to_lowercase();
    let name = |role: &RoleArn| role.role_name().to_lowercase();
    let scored = roles.iter().map(|role| {
        let alike = strsim::jaro_winkler(&name(role), &name(wanted));
        (
            alike,
            strsim::jaro_winkler(&lower(role), &lower(wanted)),
            role,
        )
    });
    scored
        .filter(|(alike, ..)| *alike > 0.85)
        .max_by(|a, b| {
            (a.0, a.1)
                .partial_cmp(&(b.0, b.1))
                .unwrap_or(std::cmp::Ordering::Equal)
        })
        .map(|(.., role)| role.clone())
}

impl RoleRefusal {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.nearest {
            Some(role) => format!("did you mean {role}?"),
            None => "declare one of these, or ask for a group that maps to the role".to_owned(),
        }
    }
}

impl fmt::Display for RoleRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the identity provider does not offer {}; it offers ",
            self.wanted
        )?;
        for (at, role) in self.offered.iter().take(LISTED).enumerate() {
            write!(
                f,
                "{}{}",
                if at == 0 { "" } else { ", " },
                printable(role.as_str(), 700)
            )?;
        }
        match self.offered.len() {
            0 => f.write_str("no role at all"),
            count if count > LISTED => write!(f, " and {} more", count - LISTED),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for RoleRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(names: &[&str]) -> Vec<(RoleArn, String)> {
        let provider = "arn:aws:iam::111122223333:saml-provider/ADFS";
        names
            .iter()
            .map(|name| (arn(name), provider.to_owned()))
            .collect()
    }

    fn arn(name: &str) -> RoleArn {
        format!("arn:aws:iam::{name}").parse().unwrap()
    }

    #[test]
    fn the_wanted_one_letter_for_letter() {
        let offered = offer(&["111122223333:role/Dev", "111122223333:role/dev"]);
        assert_eq!(
            choose(&offered, &arn("111122223333:role/dev")).unwrap(),
            offered[1]
        );
    }

    #[test]
    fn one_of_the_wanted_ones_is_enough() {
        let offered = offer(&["111122223333:role/Dev", "111122223333:role/Auditor"]);
        let wanted = |names: &[&str]| names.iter().map(|name| arn(name)).collect();
        for names in [
            &[][..],
            &["111122223333:role/Auditor"],
            &["111122223333:role/Auditor", "111122223333:role/Admin"],
        ] {
            assert_eq!(any_of(&offered, &wanted(names)), Ok(()), "{names:?}");
        }
        let refusal = any_of(&offered, &wanted(&["444455556666:role/Dev"])).unwrap_err();
        assert_eq!(refusal.wanted, arn("444455556666:role/Dev"));
    }

    #[test]
    fn a_refusal_lists_what_there_is_and_the_nearest() {
        let offered = offer(&[
            "111122223333:role/ADFS-Production",
            "444455556666:role/ADFS-Production",
            "111122223333:role/Auditor",
            "111122223333:role/Auditor",
        ]);
        let refusal = choose(&offered, &arn("444455556666:role/adfs-Prodution")).unwrap_err();
        assert_eq!(
            refusal.nearest,
            Some(arn("444455556666:role/ADFS-Production"))
        );
        assert_eq!(refusal.offered.len(), 3);
        assert!(
            refusal.to_string().contains("111122223333:role/Auditor"),
            "{refusal}"
        );
        assert_eq!(
            choose(&offered, &arn("111122223333:role/Zzz"))
                .unwrap_err()
                .nearest,
            None
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let names: Vec<_> = (0..25)
            .map(|i| format!("111122223333:role/R{i:02}"))
            .collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let refusal = choose(&offer(&names), &arn("111122223333:role/Zzz"))
            .unwrap_err()
            .to_string();
        assert!(refusal.ends_with("role/R19 and 5 more"), "{refusal}");
        let none = choose(&[], &arn("111122223333:role/Zzz"))
            .unwrap_err()
            .to_string();
        assert!(none.ends_with("it offers no role at all"), "{none}");
    }
}
