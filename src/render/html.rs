//! The body of a page as HTML: the events of `parse::markdown`, links from the model, code through
//! [`super::code`], formulas as MathML, raw HTML cleaned.

use crate::model::{PageId, Site};

/// The HTML of a page's body, without the title heading if the template shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyHtml {
    /// HTML.
    pub html: String,
    /// Whether the body's first heading was the page's title and was left out.
    pub title_left_out: bool,
}

/// Renders the body of a page. `from` is the address of the page that will hold it.
pub fn render_body(site: &Site, page: PageId, from: &str) -> BodyHtml {
    let _ = (site, page, from);
    BodyHtml::default()
}
