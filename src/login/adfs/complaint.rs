//! What a page of AD FS complains of, whatever page it is.

use crate::format::html::Page;

/// What the page complains of. The element is there from the start and empty while all is well.
pub(super) fn complaint(page: &Page) -> Option<String> {
    let is_error =
        |id: &str| matches!(id, "errorText" | "errorMessage") || id.ends_with("ErrorTextLabel");
    page.pieces
        .iter()
        .find(|piece| is_error(&piece.id) && !piece.text.is_empty())
        .map(|piece| piece.text.clone())
}
