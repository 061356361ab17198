//! An identity provider, or whoever answers in its place, that means harm: refused with a message, in
//! bounded time and memory, and without a password gone out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fedgit_testbed::{Page, Service};

use crate::saml_forms::{AWS, declaration, home};
use crate::world::{Home, Said};

/// A login with half a GiB of memory and 60 seconds of the processor. Past either it is killed, and no
/// exit code of ours comes back.
fn login(home: &Home) -> Said {
    let mut command = home.command("sh");
    command
        .args([
            "-c",
            "ulimit -v 524288 && ulimit -t 60 && exec \"$@\"",
            "sh",
        ])
        .args([env!("CARGO_BIN_EXE_fedgit"), "login", "corp"])
        .env("FEDGIT_PASSWORD", home.world.password())
        .env("FEDGIT_MFA_CODE", home.world.site_code())
        // The shell has the script's password in its environment until it is fedgit.
        .env_remove("FEDGIT_IT_HOME");
    home.run(&mut command)
}

/// What a first page comes to; nobody has typed anything then.
fn first_page(body: impl Into<String>) -> Said {
    let home = home("", [Page::get("/start", body)]);
    let said = login(&home);
    assert_eq!(home.world.ledger().login_attempts(), 0, "{}", said.err);
    said
}

#[test]
fn pages_of_absurd_size() {
    first_page("<div>".repeat(2_000_000))
        .exits(1)
        .tells(&["more than", "bytes"]);
    first_page("<div>".repeat(200_000))
        .exits(1)
        .tells(&["more than 5000 tags"]);
    first_page("<form><input type=password name=p></form>".repeat(10_000))
        .exits(1)
        .tells(&["more than 5000 tags"]);
    first_page("<form></form>".repeat(100))
        .exits(1)
        .tells(&["more than 64 forms"]);
    let attributes: String = (0..10_000).map(|i| format!("a{i}=b ")).collect();
    first_page(format!("<form {attributes}>"))
        .exits(1)
        .tells(&["attributes in one tag"]);
    first_page("<form><select name=s>".to_owned() + &"<option>x".repeat(4_900))
        .exits(4)
        .tells(&["way to sign in", "and 4850 more"]);
}

#[test]
fn pages_that_lead_on_for_ever() {
    let hop = "<form method=post action=/again><input type=hidden name=n value=1></form>";
    let home = home("", [Page::get("/start", hop), Page::post("/again", hop)]);
    login(&home)
        .exits(1)
        .tells(&["came to no end in 30 requests"]);
    assert_eq!(home.world.ledger().count(Service::Site), 30);

    // Each page a good part of what one login may read.
    let filler = format!("{hop}<!--{}-->", "x".repeat(900_000));
    let home = self::home(
        "",
        [
            Page::get("/start", &*filler),
            Page::post("/again", &*filler),
        ],
    );
    login(&home).exits(1).tells(&["came to no end in", "bytes"]);
    assert!(home.world.ledger().count(Service::Site) < 12);

    let round = Page::get("/start", "").redirects(302, "/start");
    let home = self::home("", [round]);
    login(&home).exits(1).tells(&["redirect"]);
    assert!(home.world.ledger().count(Service::Site) < 30);

    let refresh = "<meta http-equiv=refresh content='0;url=/start'>";
    first_page(refresh).exits(1).tells(&["came to no end"]);
}

#[test]
fn forms_that_lead_elsewhere() {
    for action in [
        "https://login.example.net/in",
        "//login.example.net/in",
        "http://127.0.0.1/in",
        "https://127.0.0.1/in",
    ] {
        first_page(format!(
            "<form method=post action='{action}'><input name=u><input type=password name=p></form>"
        ))
        .exits(1)
        .tells(&["would send the password", "allow_hosts"]);
    }
    for action in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://x/",
    ] {
        for field in ["<input type=password name=p>", "<input type=hidden name=h>"] {
            first_page(format!(
                "<form method=post action='{action}'>{field}</form>"
            ))
            .exits(1)
            .tells(&["which is not a web address"]);
        }
    }
    first_page("<form method=post action='http://127.0.0.1:1/x'><input type=hidden name=h></form>")
        .exits(1)
        .tells(&["which is not encrypted"]);
    first_page("<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/x'>")
        .exits(1)
        .tells(&["which is not encrypted"]);
    first_page("<meta http-equiv=refresh content='0;url=javascript:alert(1)'>")
        .exits(1)
        .tells(&["which is not a web address"]);
}

/// A host that the file names may be told the password; one that a redirect leads to may not.
#[test]
fn only_hosts_that_the_file_names() {
    let start = "https://idp.example.com/start";
    let form = "<form method=post action='https://login.example.net/in'>\
         <input name=u><input type=password name=p></form>";
    let fields = [("u", "{username}"), ("p", "{password}")];
    let login = |home: &Home| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(["login", "corp"])
            .env("FEDGIT_PASSWORD", home.world.password())
            .env("HTTPS_PROXY", home.world.proxy_url())
            .env("NO_PROXY", "127.0.0.1");
        home.run(&mut command)
    };
    let told = |pages: Vec<Page>, more: &str| {
        let home = home("", pages);
        home.write(
            ".config/fedgit/fedgit.toml",
            declaration(&home, start, more),
        );
        let said = login(&home);
        (home.world.ledger().login_attempts(), said)
    };
    let direct = || {
        vec![
            Page::get("/start", form),
            Page::post("/in", AWS).wants(&fields),
        ]
    };
    let (posted, said) = told(direct(), "");
    said.exits(1).tells(&[
        "would send the password",
        "https://login.example.net",
        "allow_hosts",
    ]);
    assert_eq!(posted, 0);
    let (posted, said) = told(direct(), "allow_hosts = [\"login.example.net\"]\n");
    said.exits(0);
    assert_eq!(posted, 1);

    // The page itself came from elsewhere, by a redirect.
    let own = "<form method=post action=/in><input name=u><input type=password name=p></form>";
    let led = || {
        vec![
            Page::get("/start", "").redirects(302, "https://login.example.net/page"),
            Page::get("/page", own),
            Page::post("/in", AWS).wants(&fields),
        ]
    };
    let (posted, said) = told(led(), "");
    said.exits(1).tells(&["would send the password"]);
    assert_eq!(posted, 0);
    let (posted, said) = told(led(), "allow_hosts = [\"login.example.net\"]\n");
    said.exits(0);
    assert_eq!(posted, 1);

    // The form stays, and its answer sends the password on, 307.
    let sends_on = vec![
        Page::get("/start", own),
        Page::post("/in", "").redirects(307, "https://login.example.net/steal"),
        Page::post("/steal", AWS),
    ];
    let (posted, said) = told(sends_on, "");
    said.exits(1).tells(&["would send the password there"]);
    assert_eq!(posted, 1, "to the identity provider alone");

    // From https to http on the way.
    let down = vec![Page::get("/start", "").redirects(302, "http://idp.example.com/start")];
    let (posted, said) = told(down, "");
    said.exits(1)
        .tells(&["refused to go on with idp.example.com: plain http"]);
    assert_eq!(posted, 0);
}

#[test]
fn an_assertion_goes_to_sts_alone() {
    for action in [
        "https://evil.example/saml",
        "https://signin.aws.amazon.com.evil.example/saml",
        "http://signin.aws.amazon.com/saml",
        "/saml",
    ] {
        let page = AWS.replace("https://signin.aws.amazon.com/saml", action);
        let home = home("", [Page::get("/start", page)]);
        login(&home).exits(1).tells(&["not an AWS sign-in address"]);
        assert_eq!(home.world.ledger().count(Service::Sts), 0);
        assert_eq!(home.world.ledger().count(Service::Site), 1);
    }
}

const ROLE: &str = "arn:aws:iam::111122223333:role/ADFS-Production";
const PAIR: &str = "arn:aws:iam::111122223333:role/ADFS-Production,\
     arn:aws:iam::111122223333:saml-provider/ADFS";

/// A response by anybody at all, with this role value.
fn response(head: &str, value: &str, after: &str) -> String {
    let assertion = format!(
        "<a:Assertion xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' ID='_1' Version='2.0'>\
         <a:AttributeStatement><a:Attribute Name='https://aws.amazon.com/SAML/Attributes/Role'>\
         <a:AttributeValue>{value}</a:AttributeValue></a:Attribute></a:AttributeStatement></a:Assertion>"
    );
    format!(
        "{head}<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' ID='_0' Version='2.0'>\
         <p:Status><p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>\
         {assertion}{after}</p:Response>"
    )
}

#[test]
fn responses_that_mean_harm() {
    let bomb: String = (1..20)
        .map(|i| format!("<!ENTITY e{i} '{}'>", format!("&e{};", i - 1).repeat(10)))
        .collect();
    let second = response("", PAIR, "");
    let second =
        &second[second.find("<a:Assertion").unwrap()..second.find("</p:Response").unwrap()];
    let commented = ROLE.replace("Production", "Prod<!-- -->uction-Admin");
    let good = response("", PAIR, "");
    let attribute =
        &good[good.find("<a:Attribute ").unwrap()..good.find("</a:AttributeStatement").unwrap()];
    let double = response("", PAIR, "").replace(" ID='_1'", " ID='_1' ID='_2'");
    for (xml, expected) in [
        (
            response(
                "<!DOCTYPE p:Response [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
                "&x;",
                "",
            ),
            "document type definition",
        ),
        (
            response(
                &format!("<!DOCTYPE p:Response [<!ENTITY e0 'lol'>{bomb}]>"),
                "&e19;",
                "",
            ),
            "document type definition",
        ),
        (response("", "&e19;", ""), "entity"),
        (response("", PAIR, second), "more than one assertion"),
        (
            response("", PAIR, &format!("<p:Extensions>{second}</p:Extensions>")),
            "assertion",
        ),
        (double, "not well-formed"),
        (
            response("", PAIR, &"<p:x>".repeat(5_000)),
            "more than 64 deep",
        ),
        // Read to its end, it is another role than it seems.
        (
            response(
                "",
                &format!("{commented},arn:aws:iam::111122223333:saml-provider/ADFS"),
                "",
            ),
            "a comment or a processing instruction inside a value",
        ),
        (
            response("", PAIR, "").replace(attribute, &attribute.repeat(2)),
            "the attribute Role more than once",
        ),
        // Everything is in order, but nobody signed it.
        (response("", PAIR, ""), "InvalidIdentityToken"),
    ] {
        let page = AWS.replace("{assertion}", &STANDARD.encode(&xml));
        let home = home("", [Page::get("/start", page)]);
        let said = login(&home).tells(&[expected]);
        assert!([1, 5].contains(&said.code), "{expected}: {}", said.err);
        let count = home.world.ledger().count(Service::Sts);
        assert_eq!(
            count,
            usize::from(expected == "InvalidIdentityToken"),
            "{expected}"
        );
    }
}

/// Escape sequences of a terminal are no words.
#[test]
fn words_of_a_page_are_fit_to_print() {
    let page = "<div role=alert>Wrong\u{1b}[2J\u{1b}]0;owned\u{7} password</div>";
    let said = first_page(page).exits(5);
    assert!(!said.err.contains(['\u{1b}', '\u{7}']), "{:?}", said.err);
}
