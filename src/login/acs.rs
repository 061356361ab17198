//! The last page of every SAML login: a form that posts the response to AWS's assertion consumer
//! service. fedgit takes the response from it and posts it to STS instead. On the way there may be
//! responses of other identity providers, which sign in for the one that signs in to AWS.

use url::Url;

use super::form::Filling;
use super::{FlowError, Origins, Request, Value, form, place};
use crate::format::html::{Form, Page};
use crate::format::{saml, script};
use crate::model::{Assertion, Partition, Region};

pub(super) const FIELD: &str = "SAMLResponse";

/// The form that carries a response.
pub(super) fn response_form(page: &Page) -> Option<&Form> {
    page.forms.iter().find(|form| form.control(FIELD).is_some())
}

/// Where a response goes.
#[derive(Debug)]
pub(super) enum Delivery {
    /// To AWS: the login is done.
    Aws(Assertion),
    /// To the identity provider that asked another one who this is.
    Partner(Request),
}

/// The response in a form, provided that it is meant for AWS: one for another service is nothing that
/// STS takes, and nothing that should be sent there. One identity provider's to another stays among
/// those that may be told a secret; and none that is for AWS is posted to anybody.
pub(super) fn delivery(form: &Form, page: &Url, origins: &Origins) -> Result<Delivery, FlowError> {
    let to = form::target(form, page)?;
    let is_partner = origins.may_know(page) && origins.may_know(&to);
    if !is_aws_sign_in(&to) && !is_partner {
        return Err(FlowError::AssertionElsewhere { to: place(&to) });
    }
    let response = match form.control(FIELD).map(|control| control.value.trim()) {
        Some(value) if !value.is_empty() => Assertion::new(value.to_owned()),
        _ => return Err(FlowError::EmptyAssertion { page: place(page) }),
    };
    if is_aws_sign_in(&to) {
        return Ok(Delivery::Aws(response));
    }
    if is_for_aws(&response) {
        return Err(FlowError::AssertionElsewhere { to: place(&to) });
    }
    let mut filling = Filling::default();
    if let Some(field) = form.control(FIELD) {
        filling.put(form, field, Value::Secret(response.expose().into()));
    }
    form::send(form, page, origins, &filling).map(Delivery::Partner)
}

/// A response for AWS that a script of the page, or JSON instead of a page, would post there. Nothing
/// says where to but the response itself.
pub(super) fn in_script(body: &str) -> Option<Assertion> {
    script::values_of(body, FIELD)
        .map(Assertion::new)
        .find(is_for_aws)
}

/// Whether a response says itself that AWS is to have it.
fn is_for_aws(response: &Assertion) -> bool {
    saml::read(response).is_ok_and(|said| {
        let mut places = [said.destination, said.recipient].into_iter().flatten();
        places.any(|place| Url::parse(place.trim()).is_ok_and(|url| is_aws_sign_in(&url)))
    })
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
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::format::html;
    use crate::login::Body;

    fn read(action: &str, value: &str) -> Result<Assertion, FlowError> {
        match deliver(action, value, "https://other.example.com/", &[])? {
            Delivery::Aws(assertion) => Ok(assertion),
            Delivery::Partner(request) => panic!("{request:?}"),
        }
    }

    /// What comes of a page of idp.example.com, in a login that starts at `url`.
    fn deliver(
        action: &str,
        value: &str,
        url: &str,
        allow_hosts: &[&str],
    ) -> Result<Delivery, FlowError> {
        let text = format!(
            r#"<form id=options><input name=x></form><form name=hiddenform method=POST action="{action}">
            <input type=hidden name=SAMLResponse value="{value}"></form>"#
        );
        let page = html::read(&text).unwrap();
        let hosts: Vec<String> = allow_hosts.iter().map(|host| (*host).to_owned()).collect();
        let origins = Origins::new(&url.parse().unwrap(), &hosts);
        let at = "https://idp.example.com/adfs/ls/".parse().unwrap();
        delivery(response_form(&page).unwrap(), &at, &origins)
    }

    /// As little as is read of a response that is posted to `to`.
    fn response(to: &str) -> String {
        let role = "arn:aws:iam::111122223333:role/R,arn:aws:iam::111122223333:saml-provider/P";
        STANDARD.encode(format!(
            "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' Destination='{to}'><p:Status>\
             <p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>\
             <a:Assertion xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'><a:AttributeStatement>\
             <a:Attribute Name='https://aws.amazon.com/SAML/Attributes/Role'><a:AttributeValue>{role}\
             </a:AttributeValue></a:Attribute></a:AttributeStatement></a:Assertion></p:Response>"
        ))
    }

    #[test]
    fn one_identity_provider_to_another() {
        let own = "https://idp.example.com/start";
        let hub = "https://hub.example.com/start";
        for (action, url, allowed) in [
            ("/acs", own, &[][..]),
            ("https://hub.example.com/acs", hub, &["idp.example.com"]),
            ("https://hub.example.com/acs", own, &["hub.example.com"]),
        ] {
            match deliver(action, "QUJD", url, allowed).unwrap() {
                Delivery::Partner(request) => {
                    assert!(request.carries_secret);
                    let Body::Form(fields) = &request.body else {
                        panic!("no form")
                    };
                    let is_secret = |value: &Value| matches!(value, Value::Secret(_));
                    assert!(fields[0].0 == FIELD && is_secret(&fields[0].1));
                }
                Delivery::Aws(_) => panic!("{action}"),
            }
        }
        let refused = |action, value: &str, url, allowed: &[&str]| {
            let error = deliver(action, value, url, allowed).unwrap_err();
            assert!(
                matches!(error, FlowError::AssertionElsewhere { .. }),
                "{error}"
            );
        };
        // Neither from nor to a stranger.
        refused("https://hub.example.com/acs", "QUJD", own, &[]);
        refused("https://hub.example.com/acs", "QUJD", hub, &[]);
        refused("http://idp.example.com/acs", "QUJD", own, &[]);
        // What is for AWS goes to STS and nowhere else, allowed or not.
        let for_aws = response("https://signin.aws.amazon.com/saml");
        refused("/acs", &for_aws, own, &[]);
        refused(
            "https://hub.example.com/acs",
            &for_aws,
            own,
            &["hub.example.com"],
        );
        // Roles may pass through a hub.
        assert!(deliver("/acs", &response("https://idp.example.com/acs"), own, &[]).is_ok());
    }

    #[test]
    fn a_response_in_a_script() {
        let aws = response("https://signin.aws.amazon.com/saml");
        let escaped = aws
            .replace('+', r"\u002B")
            .replace('/', r"\/")
            .replace('=', r"\x3D");
        for body in [
            format!("<script>var r = {{\"SAMLResponse\":\"{aws}\"}}</script>"),
            format!("<script>SAMLResponse = '{escaped}'</script>"),
            format!("{{\"attrs\": {{\"SAMLResponse\": \"{aws}\"}}}}"),
        ] {
            assert_eq!(in_script(&body).unwrap().expose(), aws, "{body}");
        }
        let other = response("https://sp.example.org/acs");
        assert!(in_script(&format!("SAMLResponse = '{other}'")).is_none());
        assert!(in_script("SAMLResponse = 'QUJD'; SAMLResponse = f('x')").is_none());
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
            "https://other.example.com/saml",
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
