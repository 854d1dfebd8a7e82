//! Images and their captions.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Writer, end_of, plain_text};
use crate::render::html::escape;
use crate::render::html::links::Href;
use crate::source::Span;

impl Writer<'_> {
    /// A titled image alone in its paragraph is a figure.
    pub(super) fn figure(&mut self, events: &[(Event<'_>, Span)], at: usize) -> Option<usize> {
        let (Event::Start(Tag::Image { link_type, dest_url, title, .. }), span) = events.get(at + 1)? else {
            return None;
        };
        let end = end_of(events, at + 1);
        if title.is_empty() || !matches!(events.get(end + 1), Some((Event::End(TagEnd::Paragraph), _))) {
            return None;
        }
        let href = self.links.resolve(*span, true, *link_type, dest_url);
        let alt = plain_text(&events[at + 1..=end]);
        let attributes = self.attributes_at(at) + &self.attributes_at(at + 1);
        let image = image(&href, &alt, "", &attributes);
        let caption = escape::text(title);
        let _ = writeln!(self.out, "<figure>{image}<figcaption>{caption}</figcaption></figure>");
        Some(end + 2)
    }
}

/// The element of an image.
pub(super) fn image(href: &Href, alt: &str, title: &str, attributes: &str) -> String {
    let alt = escape::text(alt);
    let source = match href {
        Href::Internal(source) | Href::External(source) => escape::text(source),
        Href::Unsafe => return alt.into_owned(),
        Href::Dead(_) => {
            return format!("<a class=\"dead\">{alt}<span class=\"vh\"> (missing image)</span></a>");
        }
    };
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape::text(title)) };
    format!("<img src=\"{source}\" alt=\"{alt}\"{title} loading=\"lazy\"{attributes}>")
}
