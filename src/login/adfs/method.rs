//! What is known of an additional method by the name of its adapter alone.

use crate::format::printable::printable;

/// The adapter's name as AD FS has it, with the product where that is not plain.
pub(super) fn method_name(adapter: &str) -> String {
    let product = match adapter {
        "AzureMfaAuthentication" => "Microsoft Entra multifactor authentication",
        "AzureMfaServerAuthentication" => "Azure MFA Server",
        "AzurePrimaryAuthentication" => "Microsoft Entra verification code instead of the password",
        "CertificateAuthentication" => "client certificate",
        "DuoAdfsAdapter" => "Duo",
        "SafeNet-MFA" => "SafeNet",
        "SecurIDAuthentication" | "SecurIDv2Authentication" => "RSA SecurID",
        "SilverfortAdfs" => "Silverfort",
        "SymantecVipAdapter"
        | "VIPAuthenticationProviderWindowsAccountName"
        | "VIPAuthenticationProviderUPN" => "Symantec VIP",
        _ => "",
    };
    let adapter = printable(adapter, 80);
    if product.is_empty() {
        adapter
    } else {
        format!("{adapter}: {product}")
    }
}

/// Methods that no form can answer.
pub(super) fn needs_browser(adapter: &str) -> bool {
    let adapter = adapter.to_ascii_lowercase();
    [
        "certificate",
        "webauthn",
        "fido",
        "passkey",
        "windowshello",
        "microsoftpassport",
    ]
    .iter()
    .any(|word| adapter.contains(word))
}
