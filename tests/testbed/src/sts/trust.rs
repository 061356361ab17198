//! Identity providers that are none of the bed's own: their signatures are really checked.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use roxmltree::{Document, Node};

use crate::saml::{ASSERTION, PROTOCOL};

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The issuers that STS trusts besides the bed's own, each with its certificate in PEM: what an IAM SAML
/// provider's metadata document says.
#[derive(Debug, Default)]
pub(crate) struct Trust {
    issuers: Mutex<Vec<(String, PathBuf)>>,
}

impl Trust {
    pub(crate) fn add(&self, issuer: &str, certificate: &Path) {
        self.issuers
            .lock()
            .expect("no thread panicked with the issuers")
            .push((issuer.to_owned(), certificate.to_owned()));
    }

    /// Whether the whole response is signed by the issuer that it names. The signature must be the
    /// response's own and refer to all of it, so that nothing in it is unsigned.
    pub(super) fn vouches_for(&self, xml: &str, document: &Document<'_>) -> bool {
        let root = document.root_element();
        let Some(issuer) = child(root, ASSERTION, "Issuer").and_then(|node| node.text()) else {
            return false;
        };
        let issuers = self
            .issuers
            .lock()
            .expect("no thread panicked with the issuers");
        let Some((_, certificate)) = issuers.iter().find(|(name, _)| name == issuer.trim()) else {
            return false;
        };
        let refers = child(root, SIGNATURE, "Signature")
            .and_then(|signature| child(signature, SIGNATURE, "SignedInfo"))
            .and_then(|info| child(info, SIGNATURE, "Reference"))
            .and_then(|reference| reference.attribute("URI"));
        let whole = root.attribute("ID").map(|id| format!("#{id}"));
        refers.is_some() && refers == whole.as_deref() && verify(xml, certificate)
    }
}

/// xmlsec1, by people who know XML signatures, checks the first signature of the document. Its answer is
/// its exit code.
fn verify(xml: &str, certificate: &Path) -> bool {
    let mut file = match tempfile::NamedTempFile::new() {
        Ok(file) => file,
        Err(error) => panic!("no temporary file: {error}"),
    };
    file.write_all(xml.as_bytes()).expect("a temporary file");
    let status = Command::new("xmlsec1")
        .args(["--verify", "--pubkey-cert-pem"])
        .arg(certificate)
        .args(["--id-attr:ID", &format!("{PROTOCOL}:Response")])
        .args(["--id-attr:ID", &format!("{ASSERTION}:Assertion")])
        .arg(file.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match status {
        Ok(status) => status.success(),
        Err(error) => panic!("xmlsec1, which checks signatures here: {error}"),
    }
}

fn child<'a, 'd>(node: Node<'a, 'd>, namespace: &str, name: &str) -> Option<Node<'a, 'd>> {
    node.children()
        .find(|child| child.has_tag_name((namespace, name)))
}
