//! `awsprocesscreds-saml -e URL -u USER -p adfs|okta -a ROLE-ARN` in a profile's
//! `credential_process`.

use super::facts;
use super::found::{From, Idp, Kind, Notes, Place};
use super::options::{self, Known, flag, short_value};
use crate::model::RoleArn;

pub(super) const TOOL: &str = "awsprocesscreds-saml";

const KNOWN: &[Known] = &[
    short_value("endpoint", 'e'),
    short_value("username", 'u'),
    short_value("provider", 'p'),
    short_value("role-arn", 'a'),
    flag("no-cache"),
    Known {
        short: Some('v'),
        ..flag("verbose")
    },
];

/// Whose login, and which role.
pub(super) fn command(
    words: &[String],
    at: &Place,
    notes: &mut Notes,
) -> Result<(From, RoleArn), String> {
    let options = options::read(words, KNOWN)?;
    let needed = |long: &str| {
        options
            .get(long)
            .ok_or_else(|| format!("its command line has no --{long}"))
    };
    let url = facts::url(needed("endpoint")?, notes)?;
    let kind = match needed("provider")? {
        "adfs" => Kind::Adfs(url),
        "okta" => Kind::Okta(url),
        _ => return Err("its --provider is neither adfs nor okta".to_owned()),
    };
    let idp = Idp {
        kind,
        username: facts::username(options.get("username"), notes),
        ca_bundle: None,
        name: None,
        section: None,
        at: at.clone(),
        tool: TOOL,
    };
    Ok((From::Idp(Box::new(idp)), facts::arn(needed("role-arn")?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<(Idp, RoleArn), String> {
        let at = Place {
            file: "config".to_owned(),
            line: Some(1),
        };
        let words = options::words(line).unwrap();
        match command(&words, &at, &mut Notes::default())? {
            (From::Idp(idp), arn) => Ok((*idp, arn)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_documented_lines() {
        let (idp, arn) = read(
            "awsprocesscreds-saml -e https://example.okta.com/home/amazon_aws/blob/123 \
             -u 'monty@example.com' -p okta -a arn:aws:iam::123456789012:role/okta-dev",
        )
        .unwrap();
        assert_eq!(idp.kind.as_str(), "okta");
        assert_eq!(idp.username.as_deref(), Some("monty@example.com"));
        assert_eq!(arn.as_str(), "arn:aws:iam::123456789012:role/okta-dev");
        let (idp, _) = read(
            "/opt/bin/awsprocesscreds-saml --endpoint \
             'https://corp.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices' \
             --username 'CORP\\monty' --provider adfs --role-arn=arn:aws:iam::123456789012:role/ADFS \
             --no-cache --verbose",
        )
        .unwrap();
        assert_eq!(idp.kind.as_str(), "adfs");
        assert_eq!(idp.username.as_deref(), Some("CORP\\monty"));
    }

    #[test]
    fn lines_that_cannot_be_kept() {
        let arn = "-a arn:aws:iam::123456789012:role/R";
        for (line, why) in [
            (format!("p -u u -p adfs {arn}"), "no --endpoint"),
            (
                format!("p -e https://h/ -u u -p ping {arn}"),
                "neither adfs nor okta",
            ),
            (format!("p -e http://h/ -u u -p adfs {arn}"), "plain http"),
            ("p -e https://h/ -u u -p adfs".to_owned(), "no --role-arn"),
            (
                "p -e https://h/ -p adfs -a arn:x".to_owned(),
                "not named by its ARN",
            ),
        ] {
            let told = read(&line).unwrap_err();
            assert!(told.contains(why), "{line}: {told}");
        }
    }
}
