//! Images and their captions.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Closer, Writer, end_of, plain_text};
use crate::render::html::escape;
use crate::render::html::links::Href;
use crate::source::Span;

/// Pixels across that the text has at most.
const TEXT_WIDTH: u32 = 768;

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
        let image = self.image(*span, &href, &alt, "", &attributes);
        let caption = escape::text(title);
        let _ = writeln!(self.out, "<figure>{image}<figcaption>{caption}</figcaption></figure>");
        Some(end + 2)
    }

    /// The element of an image. One that lies elsewhere is a link: pages load nothing from other hosts.
    pub(super) fn image(&self, span: Span, href: &Href, alt: &str, title: &str, attributes: &str) -> String {
        let alt = escape::text(alt);
        let in_link =
            self.open.iter().any(|open| matches!(open, Closer::Text(text) if text.ends_with("</a>")));
        let source = match href {
            Href::External(source) if source.contains("//") => {
                let words = if alt.trim().is_empty() { "Image" } else { &*alt };
                if in_link {
                    return words.to_owned();
                }
                return format!("<a href=\"{}\" rel=\"noopener\">{words} (image)</a>", escape::text(source));
            }
            Href::Internal(source) | Href::External(source) => escape::text(source),
            Href::Unsafe => return alt.into_owned(),
            Href::Dead(_) => {
                return format!("<a class=\"dead\">{alt}<span class=\"vh\"> (missing image)</span></a>");
            }
        };
        let title =
            if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape::text(title)) };
        let Some((width, height)) = self.links.pixels(span) else {
            return format!("<img src=\"{source}\" alt=\"{alt}\"{title} loading=\"lazy\"{attributes}>");
        };
        // With its size the page keeps room for it.
        let image = format!(
            "<img src=\"{source}\" alt=\"{alt}\"{title} width=\"{width}\" height=\"{height}\" loading=\"lazy\"{attributes}>"
        );
        // One that is wider than the text can be looked at in full.
        if width <= TEXT_WIDTH || in_link || alt.trim().is_empty() {
            return image;
        }
        format!("<a class=\"zoom\" href=\"{source}\">{image}</a>")
    }
}
