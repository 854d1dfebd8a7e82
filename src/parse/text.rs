//! The words of a page, by section, for search.

use super::ParsedPage;

/// The text under one heading (or before the first).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSection {
    /// Index into the page's headings; `None` before the first.
    pub heading: Option<usize>,
    /// Prose and code, marks removed, blocks separated by `\n`.
    pub text: String,
}

/// The words of a page by section, headings themselves left out. Raw HTML gives its text only.
pub fn sections(page: &ParsedPage) -> Vec<TextSection> {
    let _ = page;
    Vec::new()
}
