//! The same with an identity provider that we did not write.

use super::*;
use crate::interop::simplesamlphp::SimpleSaml;

#[test]
#[ignore = "needs Debian's chromium, xvfb, xdotool, simplesamlphp, php-cli and xmlsec1; .ci/run installs them"]
fn a_person_signs_in_at_simplesamlphp_once() {
    let home = Home::empty(Scenario::adfs());
    let idp = SimpleSaml::start(&home, &[]);
    let proxy = home.world.proxy_url();
    let browser = format!(
        "[settings]\nbrowser = [\"chromium\", \"--no-sandbox\", \"--proxy-server={proxy}\"]\n\n"
    );
    let declared = idp.declaration("").replace("\"saml\"", "\"browser\"");
    let declared = declared.replace("username = \"jane\"\n", "");
    home.write(".config/fedgit/fedgit.toml", browser + &declared);
    let screen = Screen::open();
    let mut login = Running::start(fedgit(&home, Some(&screen), &["login", "corp", "-vvv"]));
    screen.shows("Enter your username and password");
    for _ in 0..6 {
        // Not while the page is still coming: the password must not end in the other field.
        std::thread::sleep(Duration::from_secs(3));
        // The page itself puts the cursor where the name belongs; after a refusal, where the password does.
        let refused = idp.posts() > 0;
        if refused {
            screen.does(&["key", "shift+Tab"]);
        }
        screen.does(&["key", "ctrl+a"]);
        screen.types("jane");
        screen.does(&["key", "Tab", "key", "ctrl+a"]);
        screen.types(home.world.password());
        screen.does(&["key", "Return"]);
        if login.ends_within(Duration::from_secs(20)) {
            break;
        }
    }
    let (code, _, err) = login.ends_at(&home);
    assert_eq!(code, Some(0), "{err}");
    for role in ["Developer", "Auditor"] {
        assert!(err.contains(&format!("{role}: credentials until")), "{err}");
    }
    is_gone(&home);
    aws_saw_nothing(&home);

    // Its session serves the second one, without a display.
    let posts = idp.posts();
    std::fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    let again = home.fedgit(&["--no-input", "login", "corp"]);
    again.exits(0).tells(&["Developer: credentials until"]);
    assert_eq!(idp.posts(), posts);
    is_gone(&home);
    aws_saw_nothing(&home);
}
