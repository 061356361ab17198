//! Whether two sign-on pages are one, however they are spelled.

use url::Url;

use super::found::Kind;

/// Whether it is one page. AD FS folds the case of its paths.
pub(super) fn same_page(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (
            Kind::IdentityCenter {
                start_url: a,
                region: x,
            },
            Kind::IdentityCenter {
                start_url: b,
                region: y,
            },
        ) => x == y && portal(a) == portal(b),
        (Kind::Adfs(a), Kind::Adfs(b)) => adfs(a) == adfs(b),
        (Kind::Okta(a), Kind::Okta(b))
        | (Kind::Saml(a), Kind::Saml(b))
        | (Kind::Browser(a), Kind::Browser(b)) => a == b,
        _ => false,
    }
}

/// `/start`, `/start/`, `/start#` and `/start/#/` are one portal.
fn portal(url: &Url) -> String {
    url.as_str().trim_end_matches(['#', '/']).to_owned()
}

fn adfs(url: &Url) -> (String, Vec<(String, String)>) {
    let origin = url.origin().ascii_serialization();
    let path = url.path().to_ascii_lowercase();
    let query = url
        .query_pairs()
        .map(|(key, value)| (key.to_ascii_lowercase(), value.into_owned()));
    (format!("{origin}{path}"), query.collect())
}
