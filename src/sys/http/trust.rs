//! Whose certificates are trusted, and by which cryptography: the one place that chooses a provider.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::WebError;

/// A bundle of every public CA is 250 KiB.
const MAX_BUNDLE: u64 = 8 * 1024 * 1024;

/// With the certificates of `bundle`, which replace the system's as they do in botocore, else with the
/// system's, where companies install their own.
pub(super) fn config(bundle: Option<&Path>) -> Result<ClientConfig, WebError> {
    let roots = match bundle {
        Some(path) => from_bundle(path)?,
        None => from_system()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| WebError::trust(format!("TLS cannot be set up: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

fn from_bundle(path: &Path) -> Result<RootCertStore, WebError> {
    let shown = path.display();
    let pem = read(path)
        .map_err(|e| WebError::trust(format!("the CA bundle {shown} cannot be read: {e}")))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = certificates
        .map_err(|e| WebError::trust(format!("the CA bundle {shown} is damaged: {e}")))?;
    let mut roots = RootCertStore::empty();
    // Single certificates of an unusual make are passed over, as OpenSSL does.
    match roots.add_parsable_certificates(certificates) {
        (0, _) => Err(WebError::trust(format!(
            "the CA bundle {shown} holds no certificate"
        ))),
        _ => Ok(roots),
    }
}

#[expect(clippy::disallowed_methods, reason = "one of the doors; bounded below")]
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    if file.take(MAX_BUNDLE + 1).read_to_end(&mut bytes)? as u64 > MAX_BUNDLE {
        return Err(io::Error::other(format!(
            "it is larger than {MAX_BUNDLE} bytes"
        )));
    }
    Ok(bytes)
}

fn from_system() -> Result<RootCertStore, WebError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(found.certs) {
        (0, _) => {
            let why = found
                .errors
                .first()
                .map(|e| format!(": {e}"))
                .unwrap_or_default();
            Err(WebError::trust(format!(
                "the system has no trusted certificates{why}"
            )))
        }
        _ => Ok(roots),
    }
}
