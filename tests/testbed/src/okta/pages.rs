//! The org's pages, written for this bed. What matters to a client is as real pages have it: where the
//! state token stands and how it is escaped, and the form of the response.

use crate::text::escape;

/// The sign-in page is a program; without a login on its way the token is empty.
pub(super) fn sign_in(token: &str) -> String {
    let token = token.replace('-', "\\x2D");
    format!(
        r#"<!DOCTYPE html><html lang="en"><head><title>example - Sign In</title></head>
<body class="auth okta-container"><div id="signin-container"></div>
<script type="text/javascript">(function(){{
  var baseUrl = 'https\x3A\x2F\x2Fexample.okta.com';
  var stateToken = '{token}';
  var fromUri = '\x2Fhome';
}})();</script><noscript>JavaScript is needed.</noscript></body></html>"#
    )
}

/// The response, with its characters escaped as Okta escapes them.
pub(super) fn app_form(response: &str) -> String {
    let response = escape(response)
        .replace('+', "&#x2b;")
        .replace('=', "&#x3d;");
    format!(
        r#"<html lang="en"><body><form id="appForm" action="https&#x3a;&#x2f;&#x2f;signin.aws.amazon.com&#x2f;saml" method="POST">
<input name="SAMLResponse" type="hidden" value="{response}"/><input name="RelayState" type="hidden" value=""/></form>
<script>document.getElementById('appForm').submit();</script></body></html>"#
    )
}

pub(super) fn error(text: &str) -> String {
    format!("<html><head><title>example - Error</title></head><body><h1>{text}</h1></body></html>")
}
