//! The last page of every SAML login: a form that posts the response to AWS's assertion consumer
//! service. fedgit takes the response from it and posts it to STS instead.

use url::Url;

use super::{FlowError, form, place};
use crate::format::html::{Form, Page};
use crate::model::{Assertion, Partition, Region};

pub(super) const FIELD: &str = "SAMLResponse";

/// The form that carries a response.
pub(super) fn response_form(page: &Page) -> Option<&Form> {
    page.forms.iter().find(|form| form.control(FIELD).is_some())
}

/// The response, provided that it is meant for AWS: one for another service is nothing that STS takes,
/// and nothing that should be sent there.
pub(super) fn assertion(form: &Form, page: &Url) -> Result<Assertion, FlowError> {
    let to = form::target(form, page)?;
    if !is_aws_sign_in(&to) {
        return Err(FlowError::AssertionElsewhere { to: place(&to) });
    }
    match form.control(FIELD).map(|control| control.value.trim()) {
        Some(value) if !value.is_empty() => Ok(Assertion::new(value.to_owned())),
        _ => Err(FlowError::EmptyAssertion { page: place(page) }),
    }
}

fn is_aws_sign_in(url: &Url) -> bool {
    partition(url).is_some()
}

/// The partition whose sign-in this is: `https://signin.aws.amazon.com`, another partition's host, or a
/// region's before either. Hosts are compared parsed and whole; AD FS writes the port 443 out, which
/// parsing takes away.
pub(super) fn partition(url: &Url) -> Option<Partition> {
    let (scheme, port) = (url.scheme(), url.port());
    let host = url
        .host_str()
        .filter(|_| scheme == "https" && port.is_none())?;
    let host = host.strip_suffix('.').unwrap_or(host);
    Partition::ALL.into_iter().find(
        |partition| match host.strip_suffix(partition.signin_host()) {
            Some("") => true,
            Some(before) => before
                .strip_suffix('.')
                .and_then(|region| region.parse::<Region>().ok())
                .is_some_and(|region| region.partition() == *partition),
            None => false,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::html;

    fn read(action: &str, value: &str) -> Result<Assertion, FlowError> {
        let text = format!(
            r#"<form id=options><input name=x></form><form name=hiddenform method=POST action="{action}">
            <input type=hidden name=SAMLResponse value="{value}"></form>"#
        );
        let page = html::read(&text).unwrap();
        let url = "https://idp.example.com/adfs/ls/".parse().unwrap();
        assertion(response_form(&page).unwrap(), &url)
    }

    #[test]
    fn aws_in_every_partition_and_region() {
        for action in [
            "https://signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com:443/saml",
            "https://signin.aws.amazon.com./saml",
            "https://us-west-2.signin.aws.amazon.com/saml",
            "https://signin.amazonaws.cn/saml",
            "https://cn-north-1.signin.amazonaws.cn/saml",
            "https://us-gov-west-1.signin.amazonaws-us-gov.com/saml",
            "https://signin.amazonaws-eusc.eu/saml/acs/abc",
        ] {
            assert_eq!(
                read(action, "\n PHNhbWw+ ").unwrap().expose(),
                "PHNhbWw+",
                "{action}"
            );
        }
    }

    #[test]
    fn nobody_else() {
        for action in [
            "",
            "/saml",
            "http://signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com:8443/saml",
            "https://signin.aws.amazon.com.evil.example/saml",
            "https://evilsignin.aws.amazon.com/saml",
            "https://evil.signin.aws.amazon.com/saml",
            "https://us-east-1.signin.amazonaws.cn/saml",
            "https://signin.aws.amazon.com@evil.example/saml",
            "https://sp.example.org/saml?x=MARKER",
        ] {
            let error = read(action, "MARKER").unwrap_err();
            assert!(
                matches!(error, FlowError::AssertionElsewhere { .. }),
                "{action}: {error}"
            );
            assert!(!error.to_string().contains("MARKER"));
        }
        assert!(matches!(
            read("javascript:x", "x").unwrap_err(),
            FlowError::BadAction { .. }
        ));
    }

    #[test]
    fn an_empty_response_is_none() {
        let error = read("https://signin.aws.amazon.com/saml", " ").unwrap_err();
        assert!(matches!(error, FlowError::EmptyAssertion { .. }));
    }
}
