//! Whether the address that a clone was made from is that of a declared repository.

use url::Url;

use crate::model::Region;

use super::place::{Place, codecommit_region};
use super::remote::RemoteUrl;

/// Whether an address, in whichever of the forms, is this repository's: of its name, at its host or
/// in its region. A `codecommit://` URL without a region names it whatever the region is.
#[must_use]
pub fn is_of(address: &str, place: &Place, region: &Region) -> bool {
    if let Ok(remote) = address.parse::<RemoteUrl>() {
        return remote.repo == place.repo && remote.region.is_none_or(|named| named == *region);
    }
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    if url.path().trim_end_matches('/') != place.path() {
        return false;
    }
    let there = Place::at(&url, place.repo.clone());
    // Another name of the same service: FIPS, a VPC endpoint.
    let served = |place: &Place| {
        place.origin.starts_with("https:")
            && codecommit_region(&place.host).as_ref() == Some(region)
    };
    there.origin == place.origin || (served(&there) && served(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_address_and_no_other_repository() {
        let region: Region = "eu-west-1".parse().unwrap();
        let place = Place::in_region(&region, "R".parse().unwrap());
        let host = "git-codecommit.eu-west-1.amazonaws.com/v1/repos";
        for address in [
            "codecommit://R",
            "codecommit://adfs@R",
            "codecommit::eu-west-1://adfs@R",
            &format!("https://{host}/R"),
            &format!("https://adfs@{host}/R/"),
            &format!("https://{}/R", host.replace("commit.", "commit-fips.")),
            &format!("https://vpce-1-a.{}/R", host.replace("1.am", "1.vpce.am")),
        ] {
            assert!(is_of(address, &place, &region), "{address}");
        }
        for address in [
            "codecommit://Other",
            "codecommit::us-east-1://R",
            &format!("https://{host}/Other"),
            &format!("https://{host}/R/x"),
            &format!("http://{host}/R"),
            &format!("https://{}/R", host.replace("eu-", "us-")),
            "https://evil.example/v1/repos/R",
            "git@example.com:v1/repos/R",
            "/v1/repos/R",
            "",
        ] {
            assert!(!is_of(address, &place, &region), "{address}");
        }
        let endpoint = Url::parse("https://127.0.0.1:8443").unwrap();
        let own = Place::at(&endpoint, "R".parse().unwrap());
        assert!(is_of("https://127.0.0.1:8443/v1/repos/R", &own, &region));
        assert!(!is_of("https://127.0.0.1:8444/v1/repos/R", &own, &region));
        assert!(!is_of(&format!("https://{host}/R"), &own, &region));
    }
}
