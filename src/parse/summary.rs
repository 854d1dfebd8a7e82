//! The first paragraph of a page, for its description.
//!
//! In: a parsed page. Out: the text of the first paragraph of prose that stands in no list, quote or
//! table. Not here: how much of it is shown (`model`).

use pulldown_cmark::{Event, Tag, TagEnd};

use super::ParsedPage;
use super::markdown::Body;

/// The text of the first paragraph with a letter or digit in it; images count for nothing.
pub fn first_paragraph(page: &ParsedPage) -> String {
    let body = Body::new(&page.file, page.body);
    let mut depth = 0usize;
    let mut inside = false;
    let mut hidden = 0usize;
    let mut text = String::new();
    for (event, _) in body.events() {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => inside = true,
            Event::End(TagEnd::Paragraph) if inside && hidden == 0 => {
                inside = false;
                if text.chars().any(char::is_alphanumeric) {
                    return text;
                }
                text.clear();
            }
            Event::Start(Tag::Image { .. }) => hidden += 1,
            Event::End(TagEnd::Image) => hidden = hidden.saturating_sub(1),
            Event::Start(tag) if !inside && is_block(&tag) => depth += 1,
            Event::End(tag) if !inside && is_block_end(tag) => depth = depth.saturating_sub(1),
            Event::Text(words) | Event::Code(words) if inside && hidden == 0 => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak if inside => text.push(' '),
            _ => {}
        }
    }
    String::new()
}

fn is_block(tag: &Tag<'_>) -> bool {
    is_block_end(tag.to_end())
}

/// Blocks whose paragraphs are no introduction.
fn is_block_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListDefinition
            | TagEnd::HtmlBlock
    )
}
