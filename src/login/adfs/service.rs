//! Where AD FS takes a SAML request.

use url::Url;

/// The page of its own start, which takes no request.
const SIGN_ON_PAGE: &str = "idpinitiatedsignon";

/// The single sign-on service beside a sign-on page, and the name by which that page knows AWS: so the
/// address with which a login starts where the sign-on page is enabled serves where it is not. Any other
/// address stands for itself.
#[must_use]
pub fn adfs_service(url: &Url) -> (Url, Option<String>) {
    let (mut service, mut issuer) = (url.clone(), None);
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| {
            let is_ours = name.eq_ignore_ascii_case("loginToRp");
            if is_ours && !value.is_empty() {
                issuer = Some(value.to_string());
            }
            !is_ours
        })
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    service.set_query(None);
    if !others.is_empty() {
        service.query_pairs_mut().extend_pairs(others);
    }
    let last = url.path_segments().and_then(Iterator::last);
    if last.is_some_and(|last| last.to_ascii_lowercase().starts_with(SIGN_ON_PAGE))
        && let Ok(mut segments) = service.path_segments_mut()
    {
        segments.pop().push("");
    }
    (service, issuer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_on_page_names_both() {
        let urn = Some("urn:amazon:webservices:govcloud".to_owned());
        for (url, service, issuer) in [
            (
                "https://idp.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices:govcloud&whr=a%26b",
                "https://idp.example.com/adfs/ls/?whr=a%26b",
                &urn,
            ),
            (
                "https://idp.example.com/adfs/ls/idpinitiatedsignon?LoginToRP=urn:amazon:webservices:govcloud",
                "https://idp.example.com/adfs/ls/",
                &urn,
            ),
            (
                "https://idp.example.com/adfs/ls/",
                "https://idp.example.com/adfs/ls/",
                &None,
            ),
            (
                "https://idp.example.com/sso?a=b",
                "https://idp.example.com/sso?a=b",
                &None,
            ),
        ] {
            let (found, named) = adfs_service(&url.parse().unwrap());
            assert_eq!((found.as_str(), &named), (service, issuer), "{url}");
        }
    }
}
