//! Captchas that a script of their maker's draws into an element of the page.
//!
//! <https://developers.google.com/recaptcha/docs/display>, <https://docs.hcaptcha.com/>,
//! <https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/>

use scraper::ElementRef;

use super::controls::is_concealed;

/// The class that the script looks for. The script alone says nothing: pages load it for other forms.
const CLASSES: [&str; 3] = ["g-recaptcha", "h-captcha", "cf-turnstile"];

/// Whether it is such an element. One that the page hides is for later, if ever.
pub(super) fn is_widget(element: ElementRef<'_>) -> bool {
    let mut classes = element.value().classes();
    classes.any(|class| CLASSES.contains(&class)) && !is_concealed(element)
}

#[cfg(test)]
mod tests {
    use crate::format::html::read;

    #[test]
    fn a_captcha_is_what_stands_in_the_form() {
        for (inside, outside, expected) in [
            ("<div class='x g-recaptcha' data-sitekey=k></div>", "", true),
            ("<div><div class=h-captcha></div></div>", "", true),
            ("<div class=cf-turnstile></div>", "", true),
            (
                "<button class=g-recaptcha data-sitekey=k>Go</button>",
                "",
                true,
            ),
            (
                "<div style='display: none'><div class=g-recaptcha></div></div>",
                "",
                false,
            ),
            ("<div class=g-recaptcha-policy></div>", "", false),
            (
                "",
                "<div class=g-recaptcha data-size=invisible></div>",
                false,
            ),
            (
                "",
                "<script src=https://www.google.com/recaptcha/api.js></script>",
                false,
            ),
        ] {
            let page = read(&format!(
                "<form method=post><input name=user>{inside}</form>{outside}"
            ));
            assert_eq!(
                page.unwrap().forms[0].captcha,
                expected,
                "{inside}{outside}"
            );
        }
        // The parser takes the form out of the table, and a browser keeps its fields.
        let table = "<table><form><tr><td><input name=user><div class=h-captcha></div></table>";
        assert!(read(table).unwrap().forms[0].captcha);
    }
}
