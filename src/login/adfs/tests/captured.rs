//! Pages that other programs' authors captured.

use super::*;
use crate::login::captured::{Is, files};

#[test]
fn captured_pages_are_what_they_are() {
    for (path, text, is) in files("AD FS") {
        let expected = match is {
            Is::Adfs(kind) | Is::AdfsAndForms(kind, _) => kind,
            // The last page is every identity provider's.
            Is::Response(_) => "Assertion",
            _ => "",
        };
        // Nothing that anybody captured is too much for the reader.
        let page = html::read(&text).unwrap();
        let kind = format!("{:?}", classify(&page, 200, &[]));
        assert!(kind.starts_with(expected), "{path}: {kind}");
    }
}
