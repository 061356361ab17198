//! Where a page sends a response decides what becomes of it. The pages come from a server of the test's
//! own, which stands for every host that is no AWS.

use std::io::Read;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::*;

/// Answers every GET with its page, and remembers what was posted.
pub(super) struct Site {
    pub(super) port: u16,
    posts: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(super) fn serve(page: String) -> Self {
        Self::serve_by(move |_| page.clone())
    }

    /// Each path with a page of its own.
    pub(super) fn serve_by(page: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let page = Arc::new(page);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let posts: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&posts);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, page) = (Arc::clone(&heard), Arc::clone(&page));
                std::thread::spawn(move || answer(stream, &heard, &*page));
            }
        });
        Self { port, posts }
    }

    pub(super) fn posts(&self) -> Vec<String> {
        self.posts.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: std::net::TcpStream,
    heard: &Mutex<Vec<String>>,
    page: &dyn Fn(&str) -> String,
) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let (mut text, mut part) = (String::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut part).unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&part[..length]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if length == 0 {
                return;
            }
            continue;
        };
        let wanted = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().ok())?
        });
        if length == 0 || body.len() >= wanted.unwrap_or(0) {
            break;
        }
    }
    let body = if text.starts_with("POST") {
        heard.lock().unwrap().push(text);
        "<title>Collected</title>".to_owned()
    } else {
        page(text.split(' ').nth(1).unwrap_or_default())
    };
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// A page that sends a response at once.
pub(super) fn sends(action: &str, response: &str) -> String {
    format!(
        "<title>Working</title><body onload='document.forms[0].submit()'><form method=post \
         action='{action}'><input type=hidden name=SAMLResponse value='{response}'></form>"
    )
}

/// What fedgit comes to where this page is the identity provider's, and what the site collected. Every
/// other host leads to the site too.
fn comes_to(page: String, settings: &str, refused: bool) -> (Option<i32>, String, Vec<String>) {
    let (home, site) = home_of(page, settings);
    let screen = Screen::open();
    let mut run = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    if refused {
        // The login goes on until the person has done with it.
        screen.shows("Not taken - fedgit");
        screen.closes_window(&mut run);
    }
    let (code, _, err) = run.ends_at(&home);
    is_gone(&home);
    (code, err, site.posts())
}

/// A home with this page as its identity provider's.
fn home_of(page: String, settings: &str) -> (Home, Site) {
    let home = Home::empty(Scenario::adfs());
    let site = Site::serve(page);
    let port = site.port;
    // What the browser asks its maker for, sooner or later, is none of the page's doing.
    let makers = ["google.com", "googleapis.com", "gstatic.com", "gvt1.com"];
    let makers = makers.map(|host| format!("MAP *.{host} ~NOTFOUND, "));
    let rules = format!(
        "{}MAP * 127.0.0.1:{port}, EXCLUDE 127.0.0.1",
        makers.concat()
    );
    let browser = format!(
        r#""chromium", "--no-sandbox", "--ignore-certificate-errors", "--no-proxy-server", "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable", "--host-resolver-rules={rules}""#
    );
    declare_with(
        &home,
        &format!("http://127.0.0.1:{port}/"),
        &browser,
        settings,
    );
    (home, site)
}

/// A response of one role, for this audience and to be delivered there; unsigned.
fn response(audience: &str, recipient: &str) -> String {
    let xml = format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion" Destination="{recipient}"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><Assertion><Conditions><AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions><AttributeStatement><Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><AttributeValue>arn:aws:iam::111122223333:role/R,arn:aws:iam::111122223333:saml-provider/P</AttributeValue></Attribute></AttributeStatement></Assertion></samlp:Response>"#
    );
    base64(xml.as_bytes())
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() {
                char::from(sign)
            } else {
                '='
            });
        }
    }
    text
}

const AWS: &str = "https://signin.aws.amazon.com/saml";

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_look_alike_gets_nothing_from_fedgit_and_fedgit_takes_nothing_from_it() {
    // The page would do that in any browser; fedgit does not take it for a login.
    let page = sends("http://signin.aws.amazon.com.evil.example/saml", "QUJD");
    let (code, err, posts) = comes_to(page, "browser_seconds = 30", false);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("nobody signed in in the browser within 30 seconds"),
        "{err}"
    );
    // It got what its own page sent there, and nothing more.
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert!(posts[0].ends_with("SAMLResponse=QUJD"), "{posts:?}");
}

#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn what_is_not_for_these_roles_is_refused_with_what_it_is_for() {
    let wiki = response("https://wiki.example.com", AWS);
    let delivered = response("urn:amazon:webservices", "https://wiki.example.com/acs");
    let china = response(
        "urn:amazon:webservices:cn-north-1",
        "https://signin.amazonaws.cn/saml",
    );
    for (action, response, told) in [
        (
            "http://signin.aws.amazon.com/saml",
            "QUJD",
            "would be posted to http://signin.aws.amazon.com/saml, which is not an AWS sign-in address",
        ),
        (
            "https://signin.aws.amazon.com:8443/saml",
            "QUJD",
            "would be posted to https://signin.aws.amazon.com:8443/saml, which is not an AWS",
        ),
        (AWS, "", "has a SAMLResponse field with nothing in it"),
        (AWS, &wiki, "is for https://wiki.example.com, not for AWS"),
        (
            AWS,
            &delivered,
            "is for https://wiki.example.com/acs, not for AWS",
        ),
        (
            "https://signin.amazonaws.cn/saml",
            &china,
            "is for the partition aws-cn, but the roles are in aws",
        ),
        (AWS, "QUJD", "is not well-formed XML"),
        (
            "https://x:y@signin.aws.amazon.com/saml",
            "QUJD",
            "is not well-formed XML",
        ),
        // As the application of IAM Identity Center has it.
        (
            "https://us-east-1.signin.aws.amazon.com/platform/saml/acs/0a1b",
            "QUJD",
            "/platform/saml/acs/0a1b, where AWS takes none for roles",
        ),
        (
            "https://signin.aws.amazon.com./saml",
            "QUJD",
            "is not well-formed XML",
        ),
        (
            AWS,
            &response("urn:amazon:webservices", AWS),
            "does not offer arn:aws:iam::111122223333:role/ADFS-Production; it offers \
             arn:aws:iam::111122223333:role/R",
        ),
    ] {
        let (code, err, posts) = comes_to(sends(action, response), "", true);
        let expected = if told.contains("offer") { 5 } else { 1 };
        assert_eq!(code, Some(expected), "{action}: {err}");
        assert!(err.contains(told), "{action}: {err}");
        assert_eq!(posts, Vec::<String>::new(), "{action}");
    }
}

/// Whatever somebody else's frame sends, or however much, is none of the login's business.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn a_strangers_frame_ends_no_login() {
    let home = Home::empty(Scenario::adfs());
    let foreign = response("urn:amazon:webservices", AWS);
    let idp =
        "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";
    let site = Site::serve_by(move |path| match path {
        "/nonsense" => sends(AWS, "QUJD"),
        "/foreign" => sends(AWS, &foreign),
        "/much" => format!(
            "<script>fetch('{AWS}', {{ method: 'POST', mode: 'no-cors', \
             body: 'A'.repeat(20 << 20) }})</script>"
        ),
        "/large" => format!(
            "<form method=post action='{AWS}'><input type=hidden name=SAMLResponse></form>\
             <script>document.forms[0].SAMLResponse.value = 'A'.repeat(9 << 20);\
             document.forms[0].submit()</script>"
        ),
        _ => format!(
            "<title>Working</title><iframe src=/nonsense></iframe><iframe src=/foreign></iframe>\
             <iframe src=/much></iframe><iframe src=/large></iframe>\
             <script>setTimeout(() => location = '{idp}', 4000)</script>"
        ),
    });
    declare(&home, &format!("http://127.0.0.1:{}/", site.port), "");
    let screen = Screen::open();
    let login = Running::start(fedgit(&home, Some(&screen), &["login", "corp"]));
    screen.signs_in(&home);
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    is_gone(&home);
    aws_saw_nothing(&home);
    // What is kept of it serves the next process.
    home.fedgit(&["credential-process", "--profile", "adfs"])
        .exits(0);
}

/// A session that answers for somebody else is no lack of a person.
#[test]
#[ignore = "needs Debian's chromium, xvfb and xdotool; .ci/run installs them"]
fn without_a_window_the_reason_of_a_refusal_is_told_too() {
    let wiki = response("https://wiki.example.com", AWS);
    let (home, _site) = home_of(sends(AWS, &wiki), "browser_seconds = 5");
    signed_in(&home);
    let said = home.fedgit(&["login", "corp"]);
    said.exits(1)
        .tells(&["is for https://wiki.example.com, not for AWS"]);
    is_gone(&home);
}
