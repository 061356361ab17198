//! What the identity provider's page hands to Duo's iframe: a host, and a request that it has signed.

use crate::format::html::Page;

/// Bytes of a value that are looked at.
const LONGEST: usize = 8_192;

/// What stands there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) host: String,
    /// For Duo.
    pub(super) tx: String,
    /// For the answer: it goes back behind Duo's.
    pub(super) app: String,
}

/// From hidden fields, from the iframe's own attributes, or from the script that fills it.
pub(super) fn read(page: &Page, text: &str) -> Option<Asked> {
    let field = |names: [&str; 2]| {
        let mut controls = page.forms.iter().flat_map(|form| &form.controls);
        let found = controls.find(|c| names.contains(&c.name.as_str()) && !c.value.is_empty());
        found.map(|c| c.value.clone())
    };
    let host =
        field(["duo_host", "host"]).or_else(|| quoted(text, &["data-host", "'host'", "\"host\""]));
    let signed = field(["duo_sig_request", "sig_request"]).or_else(|| {
        quoted(
            text,
            &["data-sig-request", "'sig_request'", "\"sig_request\""],
        )
    });
    let (host, signed) = (host?, signed?);
    let (tx, app) = signed.split_once(':')?;
    (tx.starts_with("TX|") && app.starts_with("APP|")).then(|| Asked {
        host,
        tx: tx.to_owned(),
        app: app.to_owned(),
    })
}

/// The quoted text behind one of these names and `:` or `=`.
pub(super) fn quoted(text: &str, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let (_, after) = text.split_once(name)?;
        let after = after.trim_start().strip_prefix([':', '='])?.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let (value, _) = after.get(1..)?.split_once(quote)?;
        (value.len() <= LONGEST).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::html;

    #[test]
    fn fields_attributes_and_scripts() {
        let expected = Asked {
            host: "api-1.duosecurity.com".to_owned(),
            tx: "TX|a|b".to_owned(),
            app: "APP|c|d".to_owned(),
        };
        for text in [
            "<form><input type=hidden name=duo_host value=api-1.duosecurity.com>
             <input type=hidden name=duo_sig_request value='TX|a|b:APP|c|d'></form>",
            "<iframe id=duo_iframe data-host=\"api-1.duosecurity.com\" data-sig-request=\"TX|a|b:APP|c|d\">",
            "<form id=duo_form></form><script>Duo.init({'host': 'api-1.duosecurity.com', 'sig_request' : 'TX|a|b:APP|c|d'})</script>",
        ] {
            assert_eq!(
                read(&html::read(text).unwrap(), text).as_ref(),
                Some(&expected),
                "{text}"
            );
        }
        for text in [
            "",
            "'host': 'h' 'sig_request': 'ERR|no'",
            "'host': 'h', 'sig_request': 'TX|a:APP|",
        ] {
            assert_eq!(read(&html::read(text).unwrap(), text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "(.|'host': '|\"sig_request\"=|TX\\||:APP\\||'){0,80}") {
            let _ = read(&html::read(&text).unwrap_or_default(), &text);
        }
    }
}
