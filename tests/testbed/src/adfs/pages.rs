//! The pages of the AD FS, written for this bed. What matters to a client is as real pages
//! have it: ids, names, the order of forms, what is relative and what is not escaped.

use crate::text::escape;

/// The value of the button of the AD FS 2.0 page.
pub(super) const SUBMIT_LABEL_2_0: &str = "Sign In";

/// AD FS 3.0 and later. There is no submit element: a script submits. The second form is for
/// the other ways to sign in, and a client that fills in the wrong one gets nowhere.
pub(super) fn sign_in(action: &str, options_action: &str, user: &str, error: &str) -> String {
    let (user, error) = (escape(user), escape(error));
    document(
        "Sign In",
        &format!(
            r#"<div id="fullPage"><div id="contentWrapper"><div id="content">
<div id="header">Example Corp</div>
<div id="workArea"><div id="authArea"><div id="loginArea">
<div id="loginMessage">Sign in with your organizational account</div>
<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" onKeyPress="if (event && event.keyCode == 13) Login.submitLoginRequest();" action="{action}">
<div id="error" class="fieldMargin error smallText"><span id="errorText" for="" aria-live="assertive" role="alert">{error}</span></div>
<div id="formsAuthenticationArea">
<div id="userNameArea"><label id="userNameInputLabel" for="userNameInput" class="hidden">User Account</label>
<input id="userNameInput" name="UserName" type="email" value="{user}" tabindex="1" spellcheck="false" placeholder="someone@example.com" autocomplete="off"/></div>
<div id="passwordArea"><input id="passwordInput" name="Password" type="password" tabindex="2" placeholder="Password" autocomplete="off"/></div>
<div id="kmsiArea" style="display:none"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true" tabindex="3" />
<label for="kmsiInput">Keep me signed in</label></div>
<div id="submissionArea"><span id="submitButton" class="submit" tabindex="4" onclick="return Login.submitLoginRequest();">Sign in</span></div>
</div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/>
</form>
<div id="authOptions"><form id="options" method="post" action="{options_action}">
<script type="text/javascript">
function SelectOption(option) {{ var i = document.getElementById('optionSelection'); i.value = option; document.forms['options'].submit(); return false; }}
</script>
<input id="optionSelection" type="hidden" name="AuthMethod" />
<input id="userNameInputOptionsHolder" name="UserName" value="" type="hidden"/>
</form></div>
<script type="text/javascript">
var Login = {{ submitLoginRequest: function () {{
  var name = document.getElementById('userNameInput').value;
  if (!name || !name.match('[@\\\\]')) {{ return false; }}
  document.forms['loginForm'].submit(); return false; }} }};
</script>
{SHOWS_FOCUS}
</div></div></div></div></div></div>"#
        ),
    )
}

/// Where the keyboard goes, for whoever sees no more of the page than the window's title. Not AD FS's.
const SHOWS_FOCUS: &str = "<script>
addEventListener('focusin', function (event) { document.title = 'Sign In: ' + event.target.name; });
addEventListener('blur', function () { document.title = 'Sign In'; });
</script>";

/// What AD FS 2016 has at the end of the page, where more than the password is enabled.
pub(super) const OTHER_METHODS: &str = r##"<div id="authOptionLinks" class="groupMargin">
<a class="actionLink" href="#" id="CertificateAuthentication" onclick="SelectOption('CertificateAuthentication'); return false;">Sign in using an X.509 certificate</a>
</div></form></div>"##;

/// AD FS 2019 and 2022: one page of which a script shows a half at a time.
pub(super) fn sign_in_2019(action: &str, user: &str, error: &str) -> String {
    let (user, error) = (escape(user), escape(error));
    document(
        "Anmelden",
        &format!(
            r##"<div id="authArea"><div id="loginArea">
<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" action="{action}">
<div id="error" class="fieldMargin error smallText"><span id="errorText" aria-live="assertive" role="alert">{error}</span></div>
<div id="usernamePage"><input id="userNameInput" name="UserName" type="email" value="{user}" placeholder="jemand@example.com"/>
<span id="nextButton" class="submit" role="button" onclick="return LoginPage.showPasswordPage();">Weiter</span></div>
<div id="passwordPage" style="display:none"><span id="backButton" role="button" onclick="LoginPage.backToUsernamePage()"></span>
<input id="passwordInput" name="Password" type="password" placeholder="Kennwort"/>
<div id="kmsiArea"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true"/><label for="kmsiInput">Angemeldet bleiben</label></div>
<span id="submitButton" class="submit" role="button" onclick="return Login.submitLoginRequest();">Anmelden</span></div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/>
</form></div></div>"##
        ),
    )
}

/// The organizations, as links that a script fills a field from.
pub(super) fn home_realm(action: &str, realms: &[(&str, &str)]) -> String {
    let links: String = realms
        .iter()
        .map(|(id, name)| {
            format!(
                r##"<div class="idp" tabindex="1" role="button" onclick="HRD.selection('{id}'); return false;"><img class="largeIcon" src="/adfs/portal/images/idp/idp.png" alt=""/><div class="idpDescription"><span class="largeTextNoWrap">{name}</span></div></div>"##
            )
        })
        .collect();
    document(
        "Home Realm Discovery",
        &format!(
            r##"<div id="hrdArea"><form id="hrd" method="post" autocomplete="off" novalidate="novalidate" action="{action}">
<div id="bySelection">{links}</div>
<input id="hrdSelection" type="hidden"/>
<div id="byEmail"><input id="emailInput" name="Email" type="email"/></div></form></div>"##
        ),
    )
}

/// The same in AD FS 2.0.
pub(super) fn home_realm_2_0(
    action: &str,
    realms: &[(&str, &str)],
    view_state: &str,
    validation: &str,
) -> String {
    let options: String = realms
        .iter()
        .map(|(id, name)| format!(r#"<option value="{id}">{name}</option>"#))
        .collect();
    document(
        "Sign In",
        &format!(
            r#"<form name="aspnetForm" method="post" action="{action}" id="aspnetForm">
<div><input type="hidden" name="__VIEWSTATE" value="{view_state}" /></div>
<div><input type="hidden" name="__EVENTVALIDATION" value="{validation}" /></div>
<select name="ctl00$ContentPlaceHolder1$PassiveIdentityProvidersDropDownList">{options}</select>
<input type="submit" name="ctl00$ContentPlaceHolder1$PassiveSignInButton" value="Continue to Sign In" /></form>"#
        ),
    )
}

/// The right password that is good no longer.
pub(super) fn update_password(user: &str) -> String {
    let user = escape(user);
    document(
        "Update Password",
        &format!(
            r#"<form method="post" id="updatePasswordForm" action="/adfs/portal/updatepassword">
<span id="errorText">You must update your password because your password has expired.</span>
<input name="UserName" type="email" value="{user}"/><input name="OldPassword" type="password"/>
<input name="NewPassword" type="password"/><input name="ConfirmNewPassword" type="password"/>
<input type="submit" name="Submit" value="Submit"/></form>"#
        ),
    )
}

/// AD FS 2.0, an ASP.NET page: its own state is in the form and its button has a name.
pub(super) fn sign_in_2_0(
    action: &str,
    user: &str,
    error: &str,
    view_state: &str,
    validation: &str,
) -> String {
    let (user, error) = (escape(user), escape(error));
    document(
        "Sign In",
        &format!(
            r#"<form name="aspnetForm" method="post" action="{action}" id="aspnetForm">
<div><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{view_state}" /></div>
<div><input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="{validation}" /></div>
<div class="GroupXLargeMargin">Type your user name and password.</div>
<table class="UsernamePasswordTable">
<tr><td><span class="Label">User name:</span></td>
<td><input name="ctl00$ContentPlaceHolder1$UsernameTextBox" type="text" id="ctl00_ContentPlaceHolder1_UsernameTextBox" value="{user}" /></td></tr>
<tr><td><span class="Label">Password:</span></td>
<td><input name="ctl00$ContentPlaceHolder1$PasswordTextBox" type="password" id="ctl00_ContentPlaceHolder1_PasswordTextBox" /></td></tr>
<tr><td></td><td class="TextColorError"><span id="errorText">{error}</span></td></tr>
<tr><td></td><td><input type="submit" name="ctl00$ContentPlaceHolder1$SubmitButton" value="{SUBMIT_LABEL_2_0}" id="ctl00_ContentPlaceHolder1_SubmitButton" /></td></tr>
</table></form>"#
        ),
    )
}

/// The page after the sign-in. The port in the action is AD FS's own habit; a response for
/// sign-in that the identity provider started has no RelayState.
pub(super) fn hidden_form(response: &str) -> String {
    let response = escape(response);
    format!(
        r#"<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="https://signin.aws.amazon.com:443/saml"><input type="hidden" name="SAMLResponse" value="{response}" /><noscript><p>Scripts are off. Press the button to go on.</p><input type="submit" value="Submit" /></noscript></form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>"#
    )
}

/// A form that submits itself to a page with a form that submits itself.
pub(super) fn next_in_loop(action: &str, round: u64) -> String {
    format!(
        r#"<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="{action}"><input type="hidden" name="wctx" value="estsredirect" /><input type="hidden" name="round" value="{round}" /><noscript><input type="submit" value="Submit" /></noscript></form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>"#
    )
}

pub(super) fn without_form() -> String {
    document(
        "Service Unavailable",
        "<h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p>",
    )
}

pub(super) fn unauthorized() -> String {
    document(
        "Not Authorized",
        "<h2>Not Authorized</h2><hr><p>HTTP Error 401.</p>",
    )
}

pub(super) fn error(text: &str) -> String {
    let text = escape(text);
    document(
        "Error",
        &format!(
            r#"<div id="errorArea"><div id="openingMessage">An error occurred</div>
<div id="errorMessage">{text}</div></div>"#
        ),
    )
}

pub(super) fn moved() -> String {
    document("Object moved", "<h2>Object moved</h2>")
}

pub(super) fn document(title: &str, body: &str) -> String {
    format!(
        r#"<!DOCTYPE html>
<html lang="en-US">
<head>
<meta http-equiv="X-UA-Compatible" content="IE=10.000"/>
<meta http-equiv="content-type" content="text/html;charset=UTF-8" />
<meta http-equiv="cache-control" content="no-cache,no-store"/>
<title>{title}</title>
</head>
<body dir="ltr" class="body">
<div id="noScript" style="position:static; width:100%; height:100%; z-index:100"><h1>JavaScript required</h1></div>
{body}
</body>
</html>
"#
    )
}
