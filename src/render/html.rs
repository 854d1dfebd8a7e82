//! The body of a page as HTML: the events of `parse::markdown`, links from the model, code through
//! [`super::code`], formulas as `MathML`, raw HTML cleaned.
//!
//! In: the site, a page of it, the address of the page that will hold the HTML. Out: HTML without
//! inline script or style. Not here: what stands around the body (`theme`).
//!
//! A page has one `h1`, the template's. The first `h1` of the body is left out when the template
//! shows the same words as title; if the body still has one, all its headings are written one
//! level lower, so that the outline keeps its order ([`heading_shift`]).

pub(crate) mod attributes;
mod contents;
pub(crate) mod escape;
mod fields;
mod footnotes;
mod links;
mod steps;
mod tables;
mod writer;

use crate::model::{Page, PageId, Site};
use crate::parse::markdown::Body;
use writer::Writer;

/// The HTML of a page's body, without the title heading if the template shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyHtml {
    /// HTML.
    pub html: String,
    /// Whether the body's first heading was the page's title and was left out.
    pub title_left_out: bool,
    /// What its commands want filled in.
    pub fields: Vec<crate::render::code::Field>,
    /// Steps to tick off.
    pub steps: usize,
}

/// Renders the body of a page. `from` is the address of the page that will hold it.
pub fn render_body(site: &Site, page: PageId, from: &str) -> BodyHtml {
    let Some(parsed) = site.pages.get(page).map(|page| &page.parsed) else { return BodyHtml::default() };
    let body = Body::new(&parsed.file, parsed.body);
    let events: Vec<_> = body.events().collect();
    Writer::new(site, page, from, &body).write(&events)
}

/// Index of the heading that the template shows as the page's title, so that the body leaves it out.
pub fn title_heading(page: &Page) -> Option<usize> {
    let first = page.parsed.headings.iter().position(|heading| heading.level == 1)?;
    (page.parsed.headings[first].text.trim() == page.title.trim()).then_some(first)
}

/// How many levels lower the body's headings are written than the author wrote them: 1 if a `h1`
/// is left beside the template's, else 0. A table of contents that follows levels can ignore it.
pub fn heading_shift(page: &Page) -> u8 {
    let title = title_heading(page);
    let mut headings = page.parsed.headings.iter().enumerate();
    u8::from(headings.any(|(index, heading)| heading.level == 1 && Some(index) != title))
}
