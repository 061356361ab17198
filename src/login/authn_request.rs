//! A login that AWS is said to have begun (SP-initiated): a SAML request in the address of the
//! identity provider, for those that do not start by themselves.
//!
//! SAML 2.0 core, section 3.4.1, by the HTTP-Redirect binding (bindings, section 3.4). Unsigned: AWS
//! publishes no key for requests, and what comes back goes where the identity provider knows AWS to
//! be, whatever a request says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::model::{Partition, Timestamp};

/// What AWS of a partition would ask for.
#[derive(Debug, Clone)]
pub struct AuthnRequest {
    /// For whom: whose relying party or service provider it is.
    pub partition: Partition,
    /// By what name the identity provider knows it, where that is not the partition's own.
    pub issuer: Option<String>,
    /// Never used before, of letters and digits.
    pub id: String,
    /// The time of the request.
    pub now: Timestamp,
}

impl AuthnRequest {
    /// `to`, the identity provider's single sign-on service, with the request in its query. What is
    /// there already stays.
    #[must_use]
    pub fn address(&self, to: &Url) -> Url {
        let xml = self.xml(to);
        // The binding wants the bare DEFLATE stream, without zlib's frame.
        let packed = miniz_oxide::deflate::compress_to_vec(xml.as_bytes(), 8);
        let mut address = to.clone();
        address
            .query_pairs_mut()
            .append_pair("SAMLRequest", &STANDARD.encode(packed));
        address.set_fragment(None);
        address
    }

    fn xml(&self, to: &Url) -> String {
        let mut destination = to.clone();
        destination.set_query(None);
        destination.set_fragment(None);
        let issuer = self.issuer.as_deref();
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_{id}\" \
             Version=\"2.0\" IssueInstant=\"{now}\" Destination=\"{destination}\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
             AssertionConsumerServiceURL=\"https://{host}/saml\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{issuer}</saml:Issuer>\
             </samlp:AuthnRequest>",
            id = escape(&self.id),
            now = self.now,
            destination = escape(destination.as_str()),
            host = self.partition.signin_host(),
            issuer = escape(issuer.unwrap_or(self.partition.relying_party())),
        )
    }
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(address: &Url) -> String {
        let (_, value) = address
            .query_pairs()
            .find(|(name, _)| name == "SAMLRequest")
            .unwrap();
        let packed = STANDARD.decode(value.as_bytes()).unwrap();
        let xml = miniz_oxide::inflate::decompress_to_vec(&packed).unwrap();
        String::from_utf8(xml).unwrap()
    }

    fn request(partition: Partition, issuer: Option<&str>) -> AuthnRequest {
        AuthnRequest {
            partition,
            issuer: issuer.map(str::to_owned),
            id: "00ff".to_owned(),
            now: Timestamp::from_unix(0),
        }
    }

    #[test]
    fn the_request_is_in_the_query_and_nothing_is_lost() {
        let to: Url = "https://idp.example.com/adfs/ls/?whr=a%26b&x#y"
            .parse()
            .unwrap();
        let address = request(Partition::Aws, None).address(&to);
        assert!(
            address
                .as_str()
                .starts_with("https://idp.example.com/adfs/ls/?whr=a%26b&x&SAMLRequest=")
        );
        assert_eq!(address.fragment(), None);
        assert_eq!(
            unpacked(&address),
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_00ff\" \
             Version=\"2.0\" IssueInstant=\"1970-01-01T00:00:00Z\" \
             Destination=\"https://idp.example.com/adfs/ls/\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
             AssertionConsumerServiceURL=\"https://signin.aws.amazon.com/saml\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
             urn:amazon:webservices</saml:Issuer></samlp:AuthnRequest>"
        );
    }

    #[test]
    fn each_partition_has_its_own_name_and_place() {
        for (partition, issuer, place) in [
            (
                Partition::China,
                ">urn:amazon:webservices:cn-north-1<",
                "\"https://signin.amazonaws.cn/saml\"",
            ),
            (
                Partition::GovCloud,
                ">urn:amazon:webservices:govcloud<",
                "\"https://signin.amazonaws-us-gov.com/saml\"",
            ),
        ] {
            let to = "https://idp.example.com/sso".parse().unwrap();
            let xml = unpacked(&request(partition, None).address(&to));
            assert!(xml.contains(issuer) && xml.contains(place), "{xml}");
        }
    }

    #[test]
    fn a_name_of_the_users_is_escaped() {
        let to = "https://idp.example.com/sso".parse().unwrap();
        let xml = unpacked(&request(Partition::Aws, Some("urn:<a>&\"b\"")).address(&to));
        assert!(xml.contains(">urn:&lt;a&gt;&amp;&quot;b&quot;<"), "{xml}");
    }
}
